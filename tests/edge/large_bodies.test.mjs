// Large bodies, of uploads and of downloads: one isolate serves them beside everything else, and has 128 MB of memory for all of it.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { FAILPOINTS } from "../../tools/project.mjs";
import { get, post, send, settled, startGateway, startSandbox } from "./harness.mjs";

// Nobody is in a hurry: what is asserted is how much memory it takes, also on a slow machine.
const VARS = { ATTEMPT_MS: "60000", PAN_VERIFY_WAIT_MS: "60000", CKYC_DOWNLOAD_WAIT_MS: "60000", LOOKUPS_MS: "150,300,600,900", LOOKUP_EVERY_MS: "500" };
const MIB = 1024 * 1024;
const MOST_MEMORY = 48 * 1000 * 1000;
const UPLOADS = 4;
const DOWNLOADS = 4;
const CHECKS = 100;
const BIG = Buffer.alloc(2_850_000, "a").toString("base64");

let sandbox, vendor, gateway, samples;

// The sandbox, but with a photo of 3.8 MB in every record.
async function startVendor(url) {
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const { host, connection, "content-length": length, ...headers } = request.headers;
    const answer = await fetch(url + request.url, { method: request.method, headers, body: request.method === "GET" ? undefined : Buffer.concat(chunks) });
    const text = await answer.text();
    const larger = request.url.includes("download") ? text.replace(/"photo":"[^"]*"/, `"photo":"${BIG}"`) : text;
    response.writeHead(answer.status, { "content-type": "application/json" });
    response.end(larger);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${server.address().port}`, stop: () => (server.closeAllConnections(), new Promise((resolve) => server.close(resolve))) };
}

before(async () => {
  sandbox = await startSandbox();
  vendor = await startVendor(sandbox.url);
  const scenarios = (await send(sandbox.url, "/_sandbox/scenarios")).json;
  samples = Object.fromEntries(["ckyc.upload", "ckyc.download", "pan.verify"].map((operation) => {
    return [operation, scenarios.find((scenario) => scenario.operation === operation && scenario.expect.outcome === "verified" && !scenario.setup && !scenario.repeat)];
  }));
  gateway = await startGateway({ sandbox: vendor, worker: FAILPOINTS, vars: VARS });
});

after(async () => {
  await gateway?.stop();
  await vendor?.stop();
  await sandbox?.stop();
});

const memory = () => Math.max(...gateway.logs().filter((line) => line.includes('"wasm_memory"')).map((line) => JSON.parse(line).bytes));

// Sends it until it finds room; counts how often it found none.
async function patient(route, body, found) {
  for (;;) {
    const answer = await post(gateway.url, route, body);
    if (answer.status !== 503) return answer;
    assert.match(answer.headers["retry-after"], /^[1-9]\d*$/);
    assert.match(answer.json.detail, /^Too many large requests are under way/);
    found.none += 1;
    await sleep(Number(answer.headers["retry-after"]) * 1000);
  }
}

test("uploads of 7 MB and downloads of 3.8 MB beside a hundred checks: all end well, and the memory stays small", async (context) => {
  const documents = Array.from({ length: 5 }, () => ({ type: "POA", format: "PDF", data: Buffer.alloc(MIB, "a").toString("base64") }));
  const record = { ...samples["ckyc.upload"].request, documents };
  assert.ok(JSON.stringify(record).length > 6.9e6);
  const numbers = (count) => Array.from({ length: count }, (_, index) => index);
  const found = { none: 0 };
  const uploads = numbers(UPLOADS).map((index) => {
    return patient("/v1/ckyc/upload", { ...record, reference_id: `LARGE_${index}`, ids: [{ id_type: "PAN", id_number: `AAAPT000${index + 1}A` }] }, found);
  });
  const downloads = numbers(DOWNLOADS).map((index) => post(gateway.url, "/v1/ckyc/download", { ...samples["ckyc.download"].request, reference_id: `DOWN_${index}` }));
  const checks = numbers(CHECKS).map((index) => post(gateway.url, "/v1/pan/verify", { ...samples["pan.verify"].request, reference_id: `SMALL_${index}` }));

  await Promise.all([...uploads, ...downloads, ...checks]);
  for (const { status, text } of await Promise.all(uploads)) assert.equal(status, 202, text.slice(0, 300));
  for (const { status, text } of await Promise.all(downloads)) assert.ok(status === 200 && text.length > 3.8e6, `${status} ${text.slice(0, 300)}`);
  for (const { status, text } of await Promise.all(checks)) assert.equal(status, 200, text);
  for (const index of numbers(UPLOADS)) assert.equal((await settled(gateway.url, `LARGE_${index}`)).json.key, "success_ckyc_upload");
  for (const index of numbers(DOWNLOADS)) assert.ok((await get(gateway.url, `/v1/checks/DOWN_${index}`)).text.length > 3.8e6);

  assert.ok(found.none > 0, "more than may be under way were sent at once");
  context.diagnostic(`${memory()} bytes of memory; ${found.none} times there was no room`);
  assert.ok(memory() < MOST_MEMORY, `${memory()} bytes`);
});
