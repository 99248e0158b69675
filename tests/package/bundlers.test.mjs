// The packed package in the bundlers' own default configurations: nothing is set that a fresh application does not have.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { build as esbuild } from "esbuild";
import { application, browser, dependency, run, serve } from "./consumer.mjs";

// What every application shows, and what that must be.
const SCRIPT = `
import { loadIfsc, lookupIfsc, mask, schema, validate, validateMany, validateRequest } from "toran";
import { matchNames } from "toran/names";

const shown = () => ({
  value: validate("mobile", "+91 98765 43210").value,
  many: validateMany([{ kind: "pan", input: "abcpe1234f" }, { kind: "pan", input: "ABCDE1234F" }]).map(({ ok }) => ok),
  request: validateRequest("pan.verify", {}).ok,
  masked: mask("pan", "ABCPE1234F"),
  schema: schema("ifsc")["~standard"].validate("sbin0001234").value,
  names: matchNames("Rahul Sharma", "SHARMA RAHUL").decision,
  before: lookupIfsc("SBIN0000001").status,
});
const registry = () => loadIfsc().then(() => lookupIfsc("SBIN0000001").status);
`;
const SHOWN = { value: "9876543210", many: [true, false], request: false, masked: "XXXXXX234F", schema: "SBIN0001234", names: "match", before: "unverified", ifsc: "listed" };
const ALL = "const all = shown(); registry().then((ifsc) => ({ ...all, ifsc }))";
const SHOW = `${SCRIPT}${ALL}.then((told) => (document.getElementById("shown").textContent = JSON.stringify(told)));\n`;
const html = (script) => `<!doctype html><meta charset="utf-8"><title>App</title><link rel="icon" href="data:,"><p id="shown"></p>${script}`;
const MODULE = html('<script type="module" src="/src/main.js"></script>');

let chromium;

before(async () => {
  chromium = await browser();
});

after(() => chromium?.stop());

async function shows(url) {
  const { page, noise } = await chromium.visit(url);
  const shown = page.locator("#shown");
  await shown.filter({ hasText: "{" }).waitFor();
  assert.deepEqual(JSON.parse(await shown.textContent()), SHOWN);
  assert.deepEqual(noise, []);
}

async function served(folder, headers) {
  const site = await serve(folder, headers);
  try {
    await shows(site.url);
  } finally {
    site.stop();
  }
}

const ENTRIES = { toran: SHOW, "toran/url": SHOW.replace('"toran"', '"toran/url"') };

for (const [entry, script] of Object.entries(ENTRIES)) {
  test(`Vite's development server with ${entry}`, async () => {
    const { createServer } = await dependency("vite");
    const root = application({ "index.html": MODULE, "src/main.js": script });
    const server = await createServer({ root, configFile: false, logLevel: "error", server: { host: "127.0.0.1", port: 0 } });
    try {
      await server.listen();
      await shows(`http://127.0.0.1:${server.httpServer.address().port}/`);
    } finally {
      await server.close();
    }
  });

  test(`Vite's build of ${entry}`, async () => {
    const { build } = await dependency("vite");
    const root = application({ "index.html": MODULE, "src/main.js": script });
    await build({ root, configFile: false, logLevel: "error" });
    await served(join(root, "dist"));
  });
}

// In a process of its own, for webpack's output goes below its working directory. It warns of no mode and of its own size limits.
const WEBPACK = `
import webpack from "webpack";
webpack({}).run((error, stats) => console.log(JSON.stringify(error ? [error.message] : stats.toJson({ all: false, errors: true, warnings: true }))));
`;

for (const [entry, script] of Object.entries(ENTRIES)) {
  test(`webpack of ${entry}`, async () => {
    const root = application({ "build.js": WEBPACK, "dist/index.html": html('<script src="main.js"></script>'), "src/index.js": script });
    const { errors, warnings } = JSON.parse(await run(process.execPath, ["build.js"], root));
    assert.deepEqual(errors, []);
    assert.deepEqual(warnings.map(({ message }) => message.split("\n")[0]).filter((line) => !/^configuration$|size limit|performance/i.test(line)), []);
    await served(join(root, "dist"));
  });
}

test("esbuild, into a classic script", async () => {
  const root = application({ "index.html": html('<script src="out.js"></script>'), "main.js": SHOW });
  const { warnings } = await esbuild({ absWorkingDir: root, entryPoints: ["main.js"], bundle: true, outfile: "out.js", logLevel: "silent" });
  assert.deepEqual(warnings, []);
  await served(root);
});

test("esbuild, minified, in a page of another encoding", async () => {
  const root = application({ "index.html": html('<script src="out.js"></script>').replace("utf-8", "windows-1252"), "main.js": SHOW });
  await esbuild({ absWorkingDir: root, entryPoints: ["main.js"], bundle: true, minify: true, charset: "utf8", outfile: "out.js", logLevel: "silent" });
  await served(root);
});

test("esbuild, for Node, as CommonJS", async () => {
  const root = application({ "main.js": `${SCRIPT}${ALL}.then((told) => console.log(JSON.stringify(told)));` });
  await esbuild({ absWorkingDir: root, entryPoints: ["main.js"], bundle: true, platform: "node", outfile: "out.cjs", logLevel: "silent" });
  assert.deepEqual(JSON.parse(await run(process.execPath, ["out.cjs"], root)), SHOWN);
});

test("a bundle of an application that calls nothing holds nothing", async () => {
  const root = application({ "main.js": 'import { validate } from "toran"; import "toran"; console.log(1);' });
  await esbuild({ absWorkingDir: root, entryPoints: ["main.js"], bundle: true, outfile: "out.js", logLevel: "silent" });
  assert.ok(readFileSync(join(root, "out.js")).length < 200);
  const { build } = await dependency("vite");
  const app = application({ "index.html": MODULE, "src/main.js": 'import { validate } from "toran"; console.log(1);' });
  await build({ root: app, configFile: false, logLevel: "error" });
  const assets = join(app, "dist", "assets");
  for (const name of readdirSync(assets)) assert.ok(readFileSync(join(assets, name)).length < 2000, name);
});
