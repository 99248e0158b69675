// `wrangler dev` by itself, as README has it for people who know wrangler: it builds, and serves the form, the package and the operations. All
// other tests start the same runtime without wrangler (harness.mjs).
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { freePort, launch, untilAnswers } from "../../tools/process.mjs";
import { NODE, vendorAddresses, WRANGLER, WRANGLER_ENV } from "../../tools/project.mjs";
import { browser, get, post, send, startSandbox } from "./harness.mjs";

const state = mkdtempSync(join(tmpdir(), "toran-wrangler-"));
let sandbox, wrangler;

after(async () => {
  await wrangler?.stop();
  await sandbox?.stop();
  rmSync(state, { recursive: true, force: true });
});

test("wrangler dev by itself builds, serves the form and the package, and runs a check once", async () => {
  sandbox = await startSandbox();
  const port = await freePort();
  const vars = Object.entries(vendorAddresses(sandbox.url)).flatMap(([name, value]) => ["--var", `${name}:${value}`]);
  // Nobody's .dev.vars.
  const settings = join(state, "empty.env");
  writeFileSync(settings, "");
  const args = [WRANGLER, "dev", "--env-file", settings, "--port", String(port), "--inspector-port", "0", "--persist-to", state, "--show-interactive-dev-session=false", ...vars];
  const lines = [];
  wrangler = launch(NODE, args, { env: WRANGLER_ENV, onLine: (line) => lines.push(line) });
  const url = `http://127.0.0.1:${port}`;
  await untilAnswers(`${url}/healthz`, wrangler, 300).catch((error) => assert.fail(`${error.message}\n${lines.join("\n")}`));

  const form = await send(url, "/");
  assert.deepEqual([form.status, form.headers["content-type"]], [200, "text/html; charset=utf-8"]);
  const wasm = await fetch(`${url}/pkg/toran_web_bg.wasm`);
  assert.deepEqual([wasm.status, (await wasm.bytes()).subarray(0, 4).join()], [200, "0,97,115,109"]);

  const body = { reference_id: "WRANGLER_1", mobile_number: "9826000001" };
  const answers = [await post(url, "/v1/mobile/account", body), await post(url, "/v1/mobile/account", body)];
  assert.deepEqual(answers.map(({ status, json }) => [status, json.key]), Array(2).fill([200, "success_account_details_retrieved"]));
  assert.equal((await get(url, "/v1/checks/WRANGLER_1")).status, 200);
  assert.equal((await sandbox.calls()).filter(({ kind }) => kind === "post").length, 1);
  assert.match((await browser(url)).authorization, /^Bearer /);
});
