// `npm run bench`: sizes of what is shipped, and requests per second of the gateway's own paths on this machine, each as
// a ratio to `GET /healthz` measured in the same run. Prints a table and writes bench/results.json.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { worker, www } from "./build.mjs";
import { main } from "./process.mjs";
import { at, WORKER } from "./project.mjs";
import { setup } from "./setup.mjs";

const CONNECTIONS = 16;
const SECONDS = 3;

// One row per path: a name and how one request is sent.
const PATHS = [
  ["GET /healthz", (harness, url) => harness.get(url, "/healthz")],
  ["POST /v1/pan/verify, refused", (harness, url) => harness.post(url, "/v1/pan/verify", { reference_id: "bench" })],
  ["POST /v1/mobile/account, malformed", (harness, url) => harness.post(url, "/v1/mobile/account", "{")],
];

function size(path) {
  const bytes = readFileSync(path);
  return { raw: bytes.length, gz: gzipSync(bytes, { level: 9 }).length };
}

async function rate(request) {
  const until = Date.now() + SECONDS * 1000;
  let count = 0;
  const loop = async () => {
    for (; Date.now() < until; count += 1) await request();
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, loop));
  return Math.round(count / SECONDS);
}

async function rates() {
  const harness = await import("../tests/edge/harness.mjs");
  const gateway = await harness.startGateway();
  const measured = {};
  for (const [name, request] of PATHS) measured[name] = await rate(() => request(harness, gateway.url));
  await gateway.stop();
  return measured;
}

await main(async () => {
  await setup();
  await worker();
  await www();
  const sizes = { worker: size(join(WORKER, "index_bg.wasm")), "npm package": size(at("www", "pkg", "toran_web_bg.wasm")) };
  const perSecond = await rates();
  const base = perSecond["GET /healthz"];
  const ratios = Object.fromEntries(Object.entries(perSecond).map(([name, value]) => [name, Number((value / base).toFixed(2))]));
  writeFileSync(at("bench", "results.json"), `${JSON.stringify({ sizes, requests_per_second: perSecond, ratios }, undefined, 2)}\n`);
  const row = (...cells) => process.stdout.write(`${cells[0].padEnd(38)}${cells.slice(1).map((cell) => String(cell).padStart(12)).join("")}\n`);
  row("size in bytes", "raw", "gz");
  for (const [name, { raw, gz }] of Object.entries(sizes)) row(name, raw, gz);
  row("requests per second", "rate", "ratio");
  for (const [name, value] of Object.entries(perSecond)) row(name, value, ratios[name]);
});
