// Requests per second of paths that the gateway answers by itself, through `wrangler dev` on this machine, each as a ratio to `GET /healthz`. `wrangler
// dev` forwards through a second runtime, so the absolute numbers say little.
import { ratio } from "./rate.mjs";

export const title = "Requests per second of the gateway, and the ratio to GET /healthz";
export const needs = ["worker"];

const CONNECTIONS = 16;
const SECONDS = 3;

// One row per path: a name and how one request is sent.
const PATHS = [
  ["GET /healthz", (harness, url) => harness.get(url, "/healthz")],
  ["POST /v1/pan/verify, refused", (harness, url) => harness.post(url, "/v1/pan/verify", { reference_id: "bench" })],
  ["POST /v1/mobile/account, malformed", (harness, url) => harness.post(url, "/v1/mobile/account", "{")],
];

async function perSecond(request) {
  const until = Date.now() + SECONDS * 1000;
  let count = 0;
  const loop = async () => {
    for (; Date.now() < until; count += 1) await request();
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, loop));
  return Math.round(count / SECONDS);
}

export async function measure() {
  const harness = await import("../tests/edge/harness.mjs");
  const gateway = await harness.startGateway();
  const rates = [];
  for (const [, request] of PATHS) rates.push(await perSecond(() => request(harness, gateway.url)));
  await gateway.stop();
  return PATHS.map(([path], index) => ({ path, per_second: rates[index], ratio: ratio(rates[index], rates[0]) }));
}
