// GET /v1/ops/reconciliation/{date}: each check of a day that may have moved money beside what its vendor says; what was lost is found and closed, and the totals are the books'.
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { freePort } from "../../tools/process.mjs";
import { eventually, get, post, send, startGateway, startSandbox } from "./harness.mjs";
import { differ, drop, reconciled, stated, today } from "./reconciliation.mjs";
import { ASHA, DEV, fresh, OPERATOR, reviewed, SOON } from "./review.mjs";
import { idOf } from "./state.mjs";

// A look-up of the check's own is far away: what is found, reconciliation finds.
const FAR = { ...SOON, LOOKUPS_MS: "3600000", LOOKUP_EVERY_MS: "3600000", HORIZON_MS: "86400000", VELOCITY_WINDOWS_MS: "1,1,1" };
let sandbox, gateway;
let account = 0;
const number = () => `41300${String((account += 1)).padStart(5, "0")}`;

beforeEach(async () => {
  const port = await freePort();
  sandbox = await startSandbox({ gatewayPort: port });
  gateway = await startGateway({ sandbox, port, vars: FAR });
});

afterEach(async () => {
  await gateway?.stop();
  await sandbox?.stop();
});

const flushed = (count) => eventually(`${count} entries`, async () => (await get(gateway.url, "/v1/events")).json.events.length >= count);
const line = ({ json }, reference) => json.lines.find(({ check }) => check === idOf(reference));
const books = async () => (await sandbox.money()).length * 100;

test("a day without a difference agrees to the paisa with the vendor's books", async () => {
  for (let turn = 0; turn < 3; turn += 1) assert.equal((await drop(gateway, fresh("DAY"), number())).json.outcome, "verified");
  await drop(gateway, fresh("DAY"), "9610000001");
  assert.equal((await post(gateway.url, "/v1/mobile/account", { reference_id: fresh("DAY"), mobile_number: "9823012345" })).json.outcome, "verified");
  await flushed(5);
  const told = await reconciled(gateway);
  assert.equal(told.status, 200, told.text);
  const { totals, operations, lines, state, tenant, date } = told.json;
  assert.deepEqual([tenant, date, state, lines], ["dev", today(), "done", []]);
  const cost = operations.reduce((sum, { cost }) => sum + cost, 0);
  assert.deepEqual(totals, { checks: 5, matched: 5, mismatched: 0, missing_here: 0, missing_there: 0, unchecked: 0, paise_here: 400, paise_there: 400, cost, kins: 0 });
  assert.equal(totals.paise_here, await books());
  assert.deepEqual(operations.find(({ operation }) => operation === "bank.verify"), { operation: "bank.verify", checks: 4, paise_here: 300, paise_there: 300, cost: 1600 });
  const { items, estimate } = told.json.onboarding;
  assert.deepEqual([items.find(({ operation }) => operation === "bank.verify"), estimate], [{ operation: "bank.verify", checks: 4, cost: 1600, average: 400, estimate: 400 }, { from: 1000, to: 1900 }]);
  assert.equal((await reconciled(gateway, { query: "?status=matched" })).json.lines.length, 5);
});

test("a lost answer and a lost callback are found and closed", async () => {
  const [answer, callback] = [fresh("LOST"), fresh("LOST")];
  await sandbox.fault({ operation: "bank.verify", kind: "post", fault: "drop_response" });
  assert.equal((await drop(gateway, answer, number())).json.key, "pending_unknown");
  // At work at first, and the callback of its end never comes.
  assert.equal((await drop(gateway, callback, "9611000001")).json.outcome, "pending");
  await flushed(2);
  const first = await reconciled(gateway);
  assert.deepEqual([line(first, callback).status, line(first, callback).cause], ["mismatched", "still_pending"], first.text);
  const told = await reconciled(gateway, { again: true });
  for (const reference of [answer, callback]) {
    const { status, here, there, cause, closed } = line(told, reference) ?? {};
    assert.deepEqual([status, here, there, cause, closed], ["matched", "moved", "credited", "closed", true], told.text);
    assert.equal((await get(gateway.url, `/v1/checks/${reference}`)).json.outcome, "verified");
  }
  assert.deepEqual([told.json.totals.paise_here, told.json.totals.paise_there], [await books(), await books()]);
  assert.equal((await sandbox.calls()).filter(({ kind }) => kind === "post").length, 2, "nothing was sent again");
});

test("a difference that somebody made is found, waits for a person, and is closed by the decision", async () => {
  const reference = fresh("MADE");
  await drop(gateway, reference, number());
  await flushed(1);
  assert.equal((await reconciled(gateway)).json.totals.matched, 1);
  assert.equal((await differ(sandbox, { reference_id: reference, change: "reversed" })).status, 200);
  const found = await reconciled(gateway, { again: true });
  const { status, cause, next, age_s, ...rest } = line(found, reference);
  assert.deepEqual([status, cause, rest.there], ["mismatched", "in_review", "not_credited"], found.text);
  assert.match(next, /^Decide/);
  assert.ok(age_s >= 0 && age_s < 120);
  assert.equal((await get(gateway.url, `/v1/checks/${reference}`)).json.key, "pending_review");
  assert.ok(gateway.logs().some((entry) => entry.includes('"reconciliation_difference"') && entry.includes(idOf(reference))), "an alert with the check");
  assert.equal((await reviewed(gateway, reference).decide("failed", ASHA)).status, 200);
  await flushed(3);
  const closed = await reconciled(gateway);
  assert.deepEqual([closed.json.totals.matched, closed.json.totals.mismatched, closed.json.totals.paise_here], [1, 0, 0], closed.text);
  assert.equal(await books(), 0);
});

test("what the vendor does not find is missing there, and matched once it is found again or a statement shows it", async () => {
  const [lost, shown] = [fresh("GONE"), fresh("GONE")];
  await drop(gateway, lost, number());
  await drop(gateway, shown, number());
  await flushed(2);
  const text = (await send(sandbox.url, "/_sandbox/statement")).text.split("\r\n").filter((row) => !row.startsWith(idOf(lost).slice(4))).join("\r\n");
  for (const reference_id of [lost, shown]) await differ(sandbox, { reference_id, change: "forgotten" });
  const found = await reconciled(gateway);
  assert.deepEqual([found.json.totals.missing_there, line(found, lost).cause, line(found, lost).here], [2, "not_found_there", "moved"], found.text);
  assert.equal((await get(gateway.url, `/v1/checks/${lost}`)).json.outcome, "verified", "not found proves nothing");
  assert.equal((await stated(sandbox, gateway, { text })).json.rows, 1);
  await differ(sandbox, { reference_id: lost, change: "restored" });
  const { json } = await reconciled(gateway, { again: true });
  assert.deepEqual([json.totals.matched, json.totals.paise_here, json.totals.paise_there], [2, 200, 200], JSON.stringify(json));
});

test("a rupee of the second vendor is looked up there, by its own reference", async () => {
  const second = await startGateway({ sandbox, vars: FAR, secondVendor: true });
  try {
    const reference = fresh("SECOND");
    await sandbox.fault({ operation: "bank.verify", fault: "status", status: 401 });
    assert.equal((await drop(second, reference, number())).json.vendor.name, "cashfree");
    await eventually("the entry", async () => (await get(second.url, "/v1/events")).json.events.length === 1);
    // It verifies by itself, so the first look-up ends the check; by the second the check has forgotten whom it paid.
    for (const again of [false, true]) {
      const told = await reconciled(second, { again, query: "?status=matched" });
      const { vendor, here, there, closed } = line(told, reference) ?? {};
      assert.deepEqual([vendor, here, there, closed], ["cashfree", "moved", "credited", true], told.text);
      assert.deepEqual([told.json.totals.paise_here, told.json.totals.paise_there], [100, await books()]);
    }
    assert.equal((await get(second.url, `/v1/checks/${reference}`)).json.outcome, "verified");
    assert.ok((await sandbox.calls()).filter(({ kind, vendor }) => kind === "status" && vendor === "cashfree").length >= 2);
  } finally {
    await second.stop();
  }
});

test("a rupee that only the statement knows is missing here", async () => {
  await drop(gateway, fresh("KNOWN"), number());
  await flushed(1);
  await differ(sandbox, { wire_reference: "UTR-17-X", change: "unknown" });
  assert.equal((await stated(sandbox, gateway)).status, 200);
  const { json } = await reconciled(gateway);
  assert.deepEqual([json.totals.matched, json.totals.missing_here, json.totals.paise_here, json.totals.paise_there], [1, 1, 100, 200], JSON.stringify(json));
  const [{ check, status, there, paise_there, wire_reference, cause }] = json.lines;
  assert.deepEqual([check, status, there, paise_there, wire_reference, cause], [null, "missing_here", "stated", 100, "utr-17-x", "not_ours"]);
});

test("the CSV opens in a spreadsheet: a header, quoted fields, no formula", async () => {
  const reference = fresh("CSV");
  await drop(gateway, reference, number());
  await flushed(1);
  await differ(sandbox, { reference_id: reference, change: "forgotten" });
  await reconciled(gateway);
  const { status, text, headers } = await get(gateway.url, `/v1/ops/reconciliation/${today()}.csv`, OPERATOR);
  assert.deepEqual([status, headers["content-type"], headers["content-disposition"]], [200, "text/csv; charset=utf-8", `attachment; filename="reconciliation-${today()}.csv"`]);
  const [header, row, end] = text.split("\r\n");
  const cells = (row) => row.slice(1, -1).split('","');
  const named = Object.fromEntries(cells(header).map((name, index) => [name, cells(row)[index]]));
  assert.deepEqual([named.status, named.check, named.paise_here, named.paise_there, end], ["missing_there", idOf(reference), "100", "0", ""]);
});

test("a large day goes on by alarm, page by page, also over a crash, and look-ups that fail are repeated", async () => {
  const references = Array.from({ length: 30 }, () => fresh("MANY"));
  for (const reference of references) await drop(gateway, reference, number());
  await flushed(30);
  await sandbox.fault({ operation: "bank.verify", kind: "status", times: 4, fault: "status", status: 503 });
  await get(gateway.url, `/v1/ops/reconciliation/${today()}`, OPERATOR);
  await gateway.killRuntime();
  const { json } = await reconciled(gateway);
  assert.deepEqual([json.totals.matched, json.totals.unchecked], [30, 0], JSON.stringify(json.totals));
  const first = await reconciled(gateway, { query: "?status=matched&limit=20" });
  const second = await reconciled(gateway, { query: `?status=matched&limit=20&after=${encodeURIComponent(first.json.next)}` });
  assert.deepEqual([first.json.lines.length, second.json.lines.length, second.json.next], [20, 10, null]);
});

test("yesterday is reconciled by cron", async () => {
  await drop(gateway, fresh("CRON"), number());
  await flushed(1);
  const hour = 3_600_000;
  const tomorrow = (Math.floor((Date.now() + 19_800_000) / (24 * hour)) + 1) * 24 * hour - 19_800_000;
  // At twenty past an hour of the next day in India, by the trigger's own time.
  const time = Math.ceil(tomorrow / hour) * hour + 20 * 60_000;
  assert.equal((await sandbox.calls()).filter(({ kind }) => kind === "status").length, 0);
  await send(gateway.url, `/cdn-cgi/local/scheduled?time=${time}`);
  await eventually("the look-up", async () => (await sandbox.calls()).some(({ kind }) => kind === "status"));
});

test("only an operator of the tenant sees it, and a day that is none or has not begun is refused", async () => {
  const path = (date) => `/v1/ops/reconciliation/${date}`;
  assert.equal((await get(gateway.url, path(today()), DEV)).status, 403);
  for (const date of ["yesterday", "2999-01-01", "2026-13-01", `${today()}.pdf`]) assert.equal((await get(gateway.url, path(date), OPERATOR)).status, 400, date);
  const { status, json } = await get(gateway.url, path("2020-01-01"), OPERATOR);
  assert.deepEqual([status, json.state, json.totals.checks], [200, "done", 0]);
});
