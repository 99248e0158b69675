// `npm run check`: formatting, clippy with warnings denied (natively and for wasm32), the tidy rules, the core's purity.
// It builds no Worker and installs no browser. Every rule is tried, so that one run tells everything.
import { readdirSync } from "node:fs";
import { Failure, main, step } from "./process.mjs";
import { at, WASM_TARGET } from "./project.mjs";
import { toolchain } from "./setup.mjs";

const DENY = ["--", "-D", "warnings"];
const tidy = readdirSync(at("tests", "tidy")).filter((name) => name.endsWith(".test.mjs")).map((name) => `tests/tidy/${name}`);

const RULES = [
  ["formatting", "cargo", ["fmt", "--all", "--", "--check"]],
  ["clippy, native", "cargo", ["clippy", "--workspace", "--exclude", "toran", "--exclude", "toran-web", "--all-targets", ...DENY]],
  ["clippy, Worker and npm package", "cargo", ["clippy", "-p", "toran", "-p", "toran-web", "--all-targets", "--target", WASM_TARGET, ...DENY]],
  ["clippy, Worker with failpoints", "cargo", ["clippy", "-p", "toran", "--features", "failpoints", "--target", WASM_TARGET, ...DENY]],
  ["tidy rules", process.execPath, ["--test", "--test-reporter=spec", ...tidy]],
];

await main(async () => {
  await toolchain();
  const broken = [];
  for (const [title, command, args] of RULES) {
    const { code, output } = await step(title, command, args, { check: false });
    process.stdout.write(`${code === 0 ? "ok    " : "FAILED"} ${title}\n`);
    if (code !== 0) process.stdout.write(`${output}\n`);
    if (code !== 0) broken.push(title);
  }
  if (broken.length) throw new Failure(`Not clean: ${broken.join(", ")}`);
  process.stdout.write("Clean.\n");
});
