// The package's README as its reader meets it: every example is run from a fresh application, and does what is written beside it.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { at } from "../../tools/project.mjs";
import { application, browser, copied, dependency, PACKAGE, run, serve, vectors } from "./consumer.mjs";

const README = readFileSync(join(PACKAGE, "README.md"), "utf8");
const section = (title) => README.split(/^## /m).find((part) => part.startsWith(`${title}\n`));
const gzipped = (bytes) => gzipSync(bytes, { level: 9 }).length;
// A kilobyte. Where the standard library's source is not to be had, the wasm is larger; it is not published so.
const SYSROOT = execFileSync("rustc", ["--print", "sysroot"], { encoding: "utf8" }).trim();
const UNIT = existsSync(join(SYSROOT, "lib", "rustlib", "src", "rust", "library", "Cargo.lock")) ? 1000 : 1100;
const code = (title, language) => section(title).match(new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``))[1];

let chromium, toran;

before(async () => {
  chromium = await browser();
  toran = await import(pathToFileURL(join(PACKAGE, "index.js")).href);
});

after(() => chromium?.stop());

test("the first example answers as it says", () => {
  const [mobile, pan] = [toran.validate("mobile", "+91 98765 43210"), toran.validate("pan", "ABCDE1234F")];
  const written = README.match(/```js\n([^]*?)```/)[1];
  for (const [key, value] of [["value", mobile.value], ["masked", mobile.masked], ["e164", mobile.info.e164]]) assert.ok(written.includes(`${key}: "${value}"`), key);
  for (const { key } of [...mobile.warnings, ...pan.issues]) assert.ok(written.includes(`key: "${key}"`), key);
  assert.ok(written.includes(pan.issues[0].hint) && written.includes("span: [3, 4]"));
  assert.deepEqual(pan.issues[0].span, [3, 4]);
});

for (const title of ["Node", "Is there such a branch?", "Hindi"]) {
  test(`the example of "${title}" prints what stands below each line`, async () => {
    const source = code(title, "js");
    const printed = await run(process.execPath, ["main.mjs"], application({ "main.mjs": source }));
    assert.deepEqual(printed.trim().split("\n"), [...source.matchAll(/^\/\/ (.*)/gm)].map(([, line]) => line));
  });
}

test("the example of a plain page blames, forgives and sends", async () => {
  const folder = application({ "index.html": `<!doctype html><meta charset="utf-8"><title>Page</title><link rel="icon" href="data:,">${code("A plain page", "html")}` });
  copied(folder);
  const site = await serve(folder);
  try {
    const { page, noise } = await chromium.visit(site.url);
    const sent = page.waitForRequest((request) => request.method() === "POST");
    await page.getByLabel("PAN").fill("ABCDE1234F");
    await page.getByLabel("Mobile number").fill("+91 98765 43210");
    await page.getByRole("button").click();
    await page.locator("[data-toran-for=pan][data-state=error]").filter({ hasText: "fourth letter" }).waitFor();
    await page.getByLabel("PAN").fill("abcpe1234f");
    assert.deepEqual(noise, []);
    await page.getByRole("button").click();
    assert.equal((await sent).postData(), "mobile=9876543210&pan=ABCPE1234F");
  } finally {
    site.stop();
  }
});

const MAIN = `
import { createElement } from "react";
import { createRoot } from "react-dom/client";
import { Customer } from "./customer.jsx";

createRoot(document.getElementById("root")).render(createElement(Customer, { onDone: (values) => (globalThis.done = values) }));
`;

test("the example for React Hook Form shows the message, and hands over canonical values", async () => {
  const { build } = await dependency("vite");
  const html = '<!doctype html><meta charset="utf-8"><title>App</title><link rel="icon" href="data:,"><div id="root"></div><script type="module" src="/main.js"></script>';
  const root = application({ "index.html": html, "main.js": MAIN, "customer.jsx": code("React Hook Form", "jsx") });
  await build({ root, configFile: false, logLevel: "error" });
  const site = await serve(join(root, "dist"));
  try {
    const { page, noise } = await chromium.visit(site.url);
    const alert = page.getByRole("alert");
    await page.getByRole("button").click();
    await alert.filter({ hasText: toran.schema("mobile")["~standard"].validate("").issues[0].message }).waitFor();
    await page.getByLabel("Mobile number").fill("+91 98765 43210");
    await page.getByLabel("PAN").fill("ABCDE1234F");
    await page.getByRole("button").click();
    await alert.filter({ hasText: toran.validate("pan", "ABCDE1234F").issues[0].hint }).waitFor();
    assert.equal(await alert.count(), 1);
    await page.getByLabel("PAN").fill("abcpe1234f");
    await alert.waitFor({ state: "detached" });
    await page.getByRole("button").click();
    await page.waitForFunction(() => globalThis.done);
    assert.deepEqual(await page.evaluate(() => globalThis.done), { mobile: "9876543210", pan: "ABCPE1234F" });
    assert.deepEqual(noise, []);
  } finally {
    site.stop();
  }
});

test("the table of kinds has every kind once, with a value that is its own canonical form", () => {
  const types = readFileSync(join(PACKAGE, "toran.d.ts"), "utf8").match(/export type Kind =([^;]*);/)[1];
  const declared = [...types.matchAll(/"(\w+)"/g)].map(([, kind]) => kind);
  const rows = [...section("Kinds").matchAll(/^\| `(\w+)` \|.*\| `(.*)` \|$/gm)].map(([, kind, value]) => [kind, value]);
  assert.deepEqual(rows.map(([kind]) => kind), declared);
  const known = new Set(vectors().map(({ kind }) => kind));
  for (const [kind, value] of rows.filter(([name]) => known.has(name))) assert.deepEqual([kind, toran.validate(kind, value).value], [kind, value]);
});

test("the registry's version and day are the packed one's", () => {
  const { version, date } = JSON.parse(readFileSync(at("crates", "core", "src", "ifsc", "registry.json"), "utf8")).dataset;
  assert.ok(section("Is there such a branch?").includes(`npm's \`ifsc\` ${version}, with the Reserve Bank's list of ${date}`));
});

test("the entries are no larger than they say", () => {
  const said = [...section("Bundlers, policies, sizes").matchAll(/`([\w.]+)` is at most (\d+) KB/g)];
  assert.equal(said.length, 4);
  for (const [, name, most] of said) {
    const size = gzipped(readFileSync(join(PACKAGE, name)));
    assert.ok(size <= most * UNIT, `${name}: ${size}`);
  }
});

test("an application downloads no more of it than is said, for kinds and requests and for names", async () => {
  const [kinds, names] = section("Bundlers, policies, sizes").match(/downloads (\d+) KB at most, who calls `matchNames` (\d+) KB/).slice(1).map(Number);
  const callers = { kinds: 'export { mask, validate, validateMany, validateRequest } from "toran";', names: 'export { matchNames } from "toran/names";' };
  for (const [most, contents] of [[kinds, callers.kinds], [names, callers.names]]) {
    const stdin = { contents, resolveDir: join(PACKAGE, "..", "..") };
    const { outputFiles } = await build({ stdin, bundle: true, write: false, minify: true, format: "esm", logLevel: "silent" });
    const size = gzipped(outputFiles[0].contents);
    assert.ok(size <= most * UNIT, `${most} KB: ${size}`);
  }
});
