// From `import` to the first verdict: in a new process of Node each time, and in a new page of Chromium without a cache each time, from this
// machine's own server. The peers are loaded as their installed modules in Node, and as bundles in Chromium.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { basename, extname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { browser } from "../tools/setup.mjs";
import { bundles, FOLDER as BUNDLES } from "./bundles.mjs";
import { peers } from "./peers.mjs";
import { median, ratio } from "./rate.mjs";
import { ENTRY, FOLDER } from "./toran.mjs";

export const title = "From import to the first verdict, in milliseconds";

const ROUNDS = 15;
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const TYPES = { ".js": "text/javascript", ".wasm": "application/wasm", ".html": "text/html" };

const OURS = 'module.validate("pan", "ABCPE1234F").ok';
const THEIRS = "module.first()";
const timed = (url, verdict) =>
  `const begun = performance.now(); const module = await import(${JSON.stringify(url)}); const sound = ${verdict}; const spent = performance.now() - begun;`;

function inNode(path, verdict) {
  const script = `${timed(pathToFileURL(path).href, verdict)} if (sound !== true) throw new Error("no verdict"); console.log(spent);`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return Number(stdout);
}

// Serves the package under /toran/, the peers under /peers/, and an empty page.
async function serve() {
  const folders = { toran: FOLDER, peers: BUNDLES };
  const server = createServer(({ url }, response) => {
    const [, folder, name] = url.split("/");
    response.writeHead(200, { "content-type": TYPES[extname(name ?? "")] ?? "text/html", "cache-control": "no-store" });
    response.end(folders[folder] ? readFileSync(join(folders[folder], basename(name))) : "<!doctype html><title>bench</title>");
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { origin: `http://127.0.0.1:${server.address().port}`, stop: () => server.close() };
}

async function inChromium(chromium, origin, path, verdict) {
  const context = await chromium.newContext();
  const page = await context.newPage();
  await page.goto(origin);
  const spent = await page.evaluate(`(async () => { ${timed(`${origin}${path}`, verdict)} return sound === true ? spent : NaN; })()`);
  await context.close();
  if (Number.isNaN(spent)) throw new Error(`${path}: no verdict`);
  return spent;
}

// Round by round instead of one after the other: whatever else the machine does meets all of them.
async function rounds(subjects) {
  const spent = subjects.map(() => []);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [index, { run }] of subjects.entries()) spent[index].push(await run());
  }
  const medians = spent.map(median);
  return subjects.map(({ where, what }, index) => ({
    where, what, median: Number(medians[index].toFixed(1)), fastest: Number(Math.min(...spent[index]).toFixed(1)), ratio: ratio(medians[index], medians[0]),
  }));
}

async function node() {
  const ours = { where: "Node", what: "toran", run: () => inNode(ENTRY, OURS) };
  const theirs = (await peers()).map(({ name, file }) => ({ where: "Node", what: name, run: () => inNode(file, THEIRS) }));
  return rounds([ours, ...theirs]);
}

async function page() {
  const { chromium: engine } = await import("playwright-core");
  const { chromium: executablePath } = await browser();
  const subjects = [["toran", "/toran/index.js", OURS], ["toran/url", "/toran/url.js", OURS]];
  for (const { name, bundle } of await bundles()) subjects.push([name, `/peers/${basename(bundle)}`, THEIRS]);
  const server = await serve();
  const chromium = await engine.launch({ executablePath, args: FLAGS });
  try {
    return await rounds(subjects.map(([what, path, verdict]) => ({ where: "Chromium", what, run: () => inChromium(chromium, server.origin, path, verdict) })));
  } finally {
    await chromium.close();
    server.stop();
  }
}

export const measure = async () => [...(await node()), ...(await page())];
