// A table at the terminal: rows are objects with the same keys, which are the columns. Texts stand left, numbers right.
const text = (value) => (typeof value === "number" ? value.toLocaleString("en") : String(value ?? ""));

export function print(title, rows) {
  const keys = Object.keys(rows[0] ?? {});
  const wide = (key) => Math.max(key.length, ...rows.map((row) => text(row[key]).length));
  const right = (key) => rows.some((row) => typeof row[key] === "number");
  const cell = (key, value) => (right(key) ? value.padStart(wide(key)) : value.padEnd(wide(key)));
  const line = (value) => process.stdout.write(`  ${keys.map((key) => cell(key, value(key))).join("  ").trimEnd()}\n`);
  process.stdout.write(`\n${title}\n\n`);
  line((key) => key.replaceAll("_", " "));
  for (const row of rows) line((key) => text(row[key]));
}
