// The sandbox's own page in a real browser, beside the gateway that it speaks of: its scenarios are found and copied, and what was counted is forgotten.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { freePort } from "../../tools/process.mjs";
import { post, settled, startGateway, startSandbox } from "../edge/harness.mjs";
import { launch } from "./browser.mjs";

const NUMBER = "9876543210";

let sandbox, gateway, browser, context, page;
const noise = [];
let references = 0;

before(async () => {
  const port = await freePort();
  sandbox = await startSandbox({ gatewayPort: port });
  gateway = await startGateway({ sandbox, port });
  browser = await launch();
  context = await browser.newContext({ permissions: ["clipboard-read", "clipboard-write"] });
  page = await context.newPage();
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && noise.push(message.text()));
  page.on("pageerror", (error) => noise.push(String(error)));
  await page.goto(sandbox.url);
  await says(/\d+ of \d+ scenarios/);
});

after(async () => {
  await browser?.close();
  await gateway?.stop();
  await sandbox?.stop();
});

const says = (pattern) => page.getByRole("status").filter({ hasText: pattern }).waitFor();
const copied = () => page.evaluate(() => navigator.clipboard.readText());
const check = (number) => post(gateway.url, "/v1/mobile/account", { reference_id: `PAGE_${(references += 1)}`, mobile_number: number, is_consent_granted: true });
const click = (name) => page.getByRole("button", { name, exact: true }).click();

test("README's number can be tried again once everything is forgotten, at the sandbox and at the gateway", async () => {
  for (let count = 0; count < 3; count += 1) assert.equal((await check(NUMBER)).json.outcome, "verified");
  assert.equal((await check(NUMBER)).status, 429);
  await click("Forget everything");
  await says("Everything is forgotten, also how often each mobile number was checked.");
  assert.deepEqual(await sandbox.calls(), []);
  assert.equal((await check(NUMBER)).json.outcome, "verified");
});

test("the customer of a payment link does what is chosen", async () => {
  const early = await post(sandbox.url, "/_sandbox/pay", {});
  assert.deepEqual([early.status, early.json.error], [400, "There is no payment link yet."]);
  const reference_id = `PAGE_${(references += 1)}`;
  assert.equal((await post(gateway.url, "/v1/bank-accounts/collect", { reference_id, name: "Rahul Sharma" })).json.key, "pending_payment");
  await page.getByLabel("The customer of the latest payment link:").selectOption("paid");
  await page.getByRole("button", { name: "Do it" }).click();
  await says(/The customer of \w+'s link did this: paid\./);
  assert.equal((await settled(gateway.url, reference_id)).json.outcome, "verified");
});

test("a fresh number is verified, and is another each time", async () => {
  const numbers = new Set();
  for (let count = 0; count < 3; count += 1) {
    await click("Copy a fresh mobile number");
    await says(/^Copied 9[0-5]\d{8}\.$/);
    numbers.add(await copied());
  }
  assert.equal(numbers.size, 3);
  for (const number of numbers) assert.equal((await check(number)).json.outcome, "verified", number);
});

test("a scenario is found by its words, and its copied request is answered as the page says", async () => {
  await page.getByRole("combobox", { name: "Operation" }).selectOption("pan.verify");
  await page.getByRole("searchbox", { name: "Search" }).fill("letter.EA");
  await says(/^1 of \d+ scenarios$/);
  const row = page.getByRole("listitem");
  await row.getByRole("button", { name: /^Copy JSON/ }).click();
  await says(/^Copied .* with a fresh reference_id\.$/);
  const answer = await post(gateway.url, "/v1/pan/verify", JSON.parse(await copied()));
  assert.match(await row.textContent(), new RegExp(`${answer.status} ${answer.json.outcome ?? "problem"}`));
});

test("what goes well stands first, and a scenario that takes more than a request says so", async () => {
  await page.getByRole("searchbox", { name: "Search" }).fill("");
  for (const operation of await page.getByRole("combobox", { name: "Operation" }).getByRole("option").allTextContents()) {
    await page.getByRole("combobox", { name: "Operation" }).selectOption(operation);
    assert.match(await page.getByRole("listitem").first().textContent(), /(200 verified|202 pending) /, operation);
  }
  const scenarios = await (await fetch(`${sandbox.url}/_sandbox/scenarios`)).json();
  const longer = scenarios.filter(({ setup, repeat, poll }) => setup || repeat > 1 || poll);
  await page.getByRole("combobox", { name: "Operation" }).selectOption("All");
  assert.equal(await page.getByText(/^Copy curl (sets|sends|asks) /).count(), longer.length);
});

test("without the gateway the page says what is still counted", async () => {
  await gateway.stop();
  gateway = undefined;
  await click("Forget everything");
  await says(/The sandbox has forgotten everything\. The gateway at http:\/\/127\.0\.0\.1:\d+ does not answer/);
  assert.deepEqual(noise.filter((line) => !/ERR_CONNECTION_REFUSED/.test(line)), []);
});
