// The operator's desk (www/desk): what it shows is what the gateway says, what a person decides there is decided, and
// neither a key nor anything personal is left anywhere.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { AxeBuilder } from "@axe-core/playwright";
import { eventually, get, post, send } from "../edge/harness.mjs";
import { as, lostMoney, reviewed } from "../edge/review.mjs";
import { idOf, placeOf } from "../edge/state.mjs";
import {
  ASHA, CAREFUL, DEV, MIRA, NOBODY, OPS, UMA, context, enter, focused, gateway, line, listed, noise, openDesk, page, received, sandbox, sent, serve, texts, urls, visit, waiting,
} from "./desk.mjs";

const soon = { timeout: 30_000 };
const reviewsOf = () => page.locator(".review");
const remark = (id) => page.locator(`#${id} > .remark`);
const announcer = () => page.locator("#announcer");
const dialog = (name) => page.getByRole("dialog", { name });
const says = (locator, pattern) => locator.filter({ hasText: pattern }).first().waitFor(soon);
const press = async (...keys) => {
  for (const key of keys) await page.keyboard.press(key);
};

/** Presses Tab until what has the focus is called so. */
async function tabTo(name) {
  for (let turn = 0; turn < 60; turn += 1) {
    if ((await focused()) === name) return;
    await press("Tab");
  }
  assert.fail(`Tab does not reach ${name}`);
}

const PROBLEM = { type: "/v1/keys/error_not_found", title: "There is no such route.", status: 404, key: "error_not_found" };
const TOTALS = {
  tenant: "dev", date: "2026-12-01", complete: true, checks: 1284, paise: 31_200, cost: 412_655, kins: 17, waiting: 3, lines: [],
  operations: [{ operation: "bank.verify", checks: 312, paise: 31_200, cost: 124_800 }, { operation: "pan.verify", checks: 972, paise: 0, cost: 287_855 }],
};
const DIFFERENCE = {
  status: "mismatched", operation: "bank.verify", vendor: "decentro", account: null, check: `chk_${"5f".repeat(16)}`, reference_id: null, wire_reference: "5f".repeat(33), here: "moved",
  there: "not_credited", paise_here: 100, paise_there: 0, at: "2026-11-30T09:00:00Z", age_s: 3600, cause: "vendor_says_not_credited", next: "Ask the vendor, then decide the check.", closed: false,
};
const BOOKS = {
  tenant: "dev", date: "2026-11-30", state: "done", began_at: "2026-11-30T19:00:00Z", ended_at: "2026-11-30T19:01:00Z", operations: [], next: null,
  totals: { checks: 298, matched: 297, mismatched: 1, missing_here: 0, missing_there: 0, unchecked: 0, paise_here: 29_800, paise_there: 29_700, cost: 1600, kins: 1 },
  onboarding: { items: [], average: 1320, estimate: { from: 1000, to: 1900 } }, lines: [DIFFERENCE],
};

describe("the key", () => {
  test("that the gateway does not know opens nothing, and one that it knows is kept nowhere", async () => {
    await enter("wrong_key");
    await says(page.locator("#key-fault"), "does not know this key");
    assert.deepEqual([await focused(), await page.locator("#desk").isVisible()], ["", false]);
    assert.equal(await page.locator("#key").getAttribute("aria-invalid"), "true");
    await page.locator("#key").fill("");
    await openDesk();
    await press("Tab");
    const kept = await page.evaluate(async () => ({
      storage: { ...localStorage, ...sessionStorage }, cookies: document.cookie, databases: await indexedDB.databases(), caches: await caches.keys(), state: history.state, name: window.name,
      boxes: [...document.querySelectorAll("input, textarea")].map(({ value }) => value).join(""), html: document.documentElement.outerHTML,
    }));
    assert.ok(!JSON.stringify(kept).includes(UMA), "nothing of the page has it");
    assert.deepEqual([kept.storage, kept.cookies, kept.databases, kept.caches, kept.state], [{}, "", [], [], null]);
    assert.ok(urls.every((url) => url.startsWith(gateway.url) || url.startsWith("data:")), urls.join());
    assert.ok([...urls, ...sent, ...received.flat(), ...noise].every((text) => !text.includes(UMA)));
  });

  test("of a caller who neither operates nor reviews opens nothing, and a text that is no key is not sent", async () => {
    await serve("/v1/ops/totals", { key: "error_forbidden", title: "Forbidden", status: 403 }, 403);
    await enter(CAREFUL);
    await says(page.locator("#key-fault"), "This key has none of these scopes.");
    const before = urls.length;
    await page.locator("#key").fill("two words");
    await press("Enter");
    await says(page.locator("#key-fault"), "A key has no blanks");
    assert.deepEqual([urls.length, await page.locator("#desk").isVisible()], [before, false]);
  });

  test("is gone once the desk is locked, left or loaded anew, and so is what was shown", async () => {
    const reference = await waiting("LOCKED");
    await openDesk();
    await line(reference).waitFor();
    await page.getByRole("button", { name: "Lock the desk" }).click();
    await page.getByLabel("Server key").waitFor();
    assert.ok(!(await page.content()).includes(idOf(reference)));
    await openDesk();
    await page.goto(gateway.url);
    await page.goBack();
    await page.getByLabel("Server key").waitFor();
    assert.deepEqual([await reviewsOf().count(), await page.locator("#key").inputValue()], [0, ""]);
    await reviewed(gateway, reference).decide("failed", as(ASHA));
  });

  test("that the gateway knows no longer locks the desk, and it says so", async () => {
    await openDesk();
    await page.route(/\/v1\/reviews/, (route) => route.fulfill({ status: 401, json: { key: "error_unauthorized", title: "Unauthorized", status: 401 } }));
    await says(page.locator("#key-fault"), "does not know the key any more");
    assert.equal(await page.locator("#desk").isVisible(), false);
  });

  test("decides what is seen: a reviewer sees no vendors, an operator no reviews", async () => {
    await openDesk(ASHA);
    await page.locator("#vendors[data-state=denied]").waitFor({ state: "attached" });
    assert.equal(await page.locator("#vendors").isVisible(), false);
    await says(page.locator("#denied"), "Vendors (scope operator)");
    await visit();
    await openDesk(OPS);
    await says(remark("reviews"), "It takes the scope review");
    assert.equal(await reviewsOf().count(), 0);
  });
});

describe("what needs a person", () => {
  test("is what the gateway lists, oldest first, with the reason and what to ask for", async () => {
    const references = [await waiting("FIRST"), await waiting("SECOND")];
    await openDesk();
    await line("SECOND").waitFor();
    const api = await listed(UMA);
    assert.deepEqual(await reviewsOf().evaluateAll((all) => all.map((one) => one.dataset.check)), api.map(({ id }) => id));
    assert.deepEqual(api.map(({ id }) => id), references.map((reference) => idOf(reference)));
    const text = await line("FIRST").innerText();
    const parts = ["FIRST", api[0].id, api[0].wire_reference, "bank.verify", "Decentro", /Nobody has said how it ended/, /Ask for: .*bank statement/, /document 003, 3\.3 and 8\.4/];
    for (const part of parts) assert.match(text, new RegExp(part));
    assert.equal(await line("FIRST").locator("time").getAttribute("datetime"), api[0].since);
    assert.match(await page.locator("#figures").innerText(), /Waiting for a person\s+2\s+oldest/);
    assert.equal(await page.title(), "(2) Desk · Toran");
    for (const reference of references) await reviewed(gateway, reference).decide("failed", as(ASHA));
  });

  test("is there within five seconds, said once, and takes neither the focus nor the place on the page", async () => {
    const earlier = [await waiting("STAYS_1"), await waiting("STAYS_2"), await waiting("STAYS_3")];
    await visit({ viewport: { width: 360, height: 640 } });
    await openDesk();
    await line("STAYS_3").waitFor();
    const button = line("STAYS_2").getByRole("button", { name: /^Timeline/ });
    await button.focus();
    const place = () => button.evaluate((node) => [node.getBoundingClientRect().top, scrollY, document.activeElement === node]);
    const before = await place();
    await post(gateway.url, "/v1/bank-accounts/verify", lostMoney("ARRIVES"));
    await eventually("the gateway lists it", async () => (await listed()).length === 4);
    const since = Date.now();
    await line("ARRIVES").waitFor({ timeout: 5000 });
    assert.ok(Date.now() - since < 5000);
    await says(announcer(), "One more check waits for a person: 4 in all.");
    assert.deepEqual(await place(), before);
    for (const reference of [...earlier, "ARRIVES"]) await reviewed(gateway, reference).decide("failed", as(ASHA));
    await page.locator("#reviews .empty").waitFor(soon);
  });

  test("is decided from the desk by keyboard alone, after a second look, and the focus goes on to the next", async () => {
    await waiting("DECIDED");
    await waiting("NEXT");
    await openDesk();
    await line("NEXT").waitFor();
    await tabTo("Decide: Bank account, DECIDED");
    await press("Enter");
    await dialog("Decide: Bank account").waitFor();
    await tabTo("Continue");
    await press("Enter");
    assert.deepEqual(await texts(dialog("Decide: Bank account").locator(".enter .fault:not(:empty)")), ["Choose what you found.", "Say why you decide so."]);
    await press("ArrowDown", "ArrowDown");
    await press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.id), "reason");
    await page.keyboard.insertText("The statement of the day does not show it.");
    await press("Tab");
    await page.keyboard.insertText("Ticket 4711");
    await press("Tab", "Enter");
    const heading = dialog("Decide: Bank account").getByRole("heading", { name: "Decide failed?" });
    await heading.waitFor();
    assert.deepEqual(await texts(page.locator("#decision .quoted")), ["Reason: The statement of the day does not show it.", "Evidence: Ticket 4711"]);
    assert.equal((await listed()).length, 2, "nothing is decided yet");
    await press("Escape");
    assert.equal(await page.locator("#reason").inputValue(), "The statement of the day does not show it.", "Escape leaves the second look only");
    await tabTo("Continue");
    await press("Enter");
    await tabTo("Yes, decide failed");
    await press("Enter");
    await says(dialog("Decide: Bank account").locator(".done"), "The check has ended: failed, retry.");
    await press("Escape");
    await eventually("it is in the list no longer", async () => (await listed()).every(({ reference_id }) => reference_id !== "DECIDED"));
    await line("DECIDED").waitFor({ state: "detached" });
    assert.equal(await focused(), "Decide: Bank account, NEXT");
    const { json } = await get(gateway.url, "/v1/checks/DECIDED");
    assert.deepEqual([json.outcome, json.key], ["failed", "failure_decided"]);
    assert.ok(sent.some((body) => body.includes('"evidence":"Ticket 4711"')));
    await reviewed(gateway, "NEXT").decide("failed", as(ASHA));
  });

  test("of an upload says what to do about it, and is sent again as it is once that is settled", async () => {
    const { request } = (await send(sandbox.url, "/_sandbox/scenarios")).json.find(({ id }) => id === "ckyc.upload.http.200");
    await sandbox.fault({ operation: "ckyc.upload", fault: "status", status: 401 });
    await post(gateway.url, "/v1/ckyc/upload", { ...request, ids: [{ id_type: "PAN", id_number: "AAAPV0001A" }], reference_id: "UPLOAD" });
    await eventually("the line", async () => (await listed()).some(({ reference_id }) => reference_id === "UPLOAD"));
    await openDesk();
    await says(line("UPLOAD"), "The vendor will not take this upload.");
    await says(line("UPLOAD"), /Vendor's key http_401/);
    await says(line("UPLOAD"), "document 003, 11.3");
    await line("UPLOAD").getByRole("button", { name: /^Decide/ }).click();
    await page.getByRole("radio", { name: /^retry/ }).check();
    await page.getByLabel("Reason").fill("The credentials are right again.");
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByRole("button", { name: "Yes, decide retry" }).click();
    await says(page.locator("#decision .done"), "The vendor is sent it again.");
    const posts = async () => (await sandbox.calls()).filter(({ kind, wire_reference }) => kind === "post" && wire_reference?.startsWith(placeOf("UPLOAD"))).length;
    await eventually("the second sending", async () => (await posts()) === 2);
  });

  test("takes two persons where the tenant wants four eyes", async () => {
    await waiting("FOUR_EYES", { by: CAREFUL, reviewer: MIRA });
    const decide = async (key) => {
      await visit();
      await openDesk(key);
      await line("FOUR_EYES", "careful").getByRole("button", { name: /^Decide/ }).click();
      await page.getByRole("radio", { name: /^verified/ }).check();
      await page.getByLabel("Reason").fill("The statement shows the rupee.");
      await page.getByRole("button", { name: "Continue" }).click();
      await page.getByRole("button", { name: "Yes, decide verified" }).click();
    };
    await decide(MIRA);
    await says(page.locator("#decision .done"), "A second person, with a key of their own, must decide the same.");
    await page.getByRole("button", { name: "Back to the desk" }).click();
    await says(line("FOUR_EYES", "careful"), "First decision: verified.");
    await line("FOUR_EYES", "careful").getByRole("button", { name: /^Timeline/ }).click();
    await says(page.locator("#timeline .facts"), "One person decided verified. A second person must decide the same.");
    await decide(DEV);
    await says(page.locator("#decision .done"), "The check has ended: verified, proceed.");
  });

  test("is decided by persons only, and who cannot is told what it takes", async () => {
    await waiting("NOBODYS");
    await openDesk(NOBODY);
    await line("NOBODYS").getByRole("button", { name: /^Decide/ }).click();
    await page.getByRole("radio", { name: /^negative/ }).check();
    await page.getByLabel("Reason").fill("The account is closed.");
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByRole("button", { name: "Yes, decide negative" }).click();
    await says(page.locator("#decision .confirm .fault"), "the key must name one person");
    await reviewed(gateway, "NOBODYS").decide("failed", as(ASHA));
    await page.getByRole("button", { name: "Yes, decide negative" }).click();
    await says(page.locator("#decision"), /Decisions are a person's|Nothing was decided/);
  });

  test("is not decided twice where an answer is lost: the same decision sent again counts once", async () => {
    await waiting("LOST_ANSWER");
    await openDesk();
    await line("LOST_ANSWER").getByRole("button", { name: /^Decide/ }).click();
    await page.getByRole("radio", { name: /^negative/ }).check();
    await page.getByLabel("Reason").fill("The account is closed.");
    await page.getByRole("button", { name: "Continue" }).click();
    let isLost = false;
    await page.route(/\/decision$/, async (route) => {
      if (isLost) return route.continue();
      isLost = true;
      await route.fetch();
      return route.abort();
    });
    await page.getByRole("button", { name: "Yes, decide negative" }).click();
    await says(page.locator("#decision .confirm .fault"), "it is not known whether your decision arrived");
    await page.getByRole("button", { name: "Yes, decide negative" }).click();
    await says(page.locator("#decision .done"), "The check has ended: negative, reject.");
  });
});

describe("the numbers", () => {
  test("of the vendors are the gateway's", async () => {
    await post(gateway.url, "/v1/pan/verify", { reference_id: "NUMBERS", document_type: "PAN", id_number: "ABCPE1234F", consent: "Y", purpose: "KYC" });
    const overview = async () => (await get(gateway.url, "/v1/ops/overview", as(UMA))).json.vendors;
    const lines = await overview();
    const shown = {
      ...lines[3], calls: 12_345, failed: 7, success_rate: 0.9994, p95_ms: 3000, p50_ms: 200,
      plan: { calls_a_second: 50 }, maintenance: { from: "23:30", to: "04:30" }, circuit: "open", since: "2026-12-01T06:00:00Z", paused_until: "2026-12-01T06:30:05Z",
    };
    await serve("/v1/ops/overview", { vendors: [...lines.slice(0, 3), shown, ...lines.slice(4)] });
    await openDesk();
    const rows = page.locator("#vendors tbody tr");
    await rows.first().waitFor();
    assert.equal(await rows.count(), lines.length);
    const cells = (await texts(rows.first().locator("th, td"))).map((text) => text.replaceAll(" (below target)", "").replaceAll(" (above target)", ""));
    assert.deepEqual(cells, ["Decentro kyc", "Open until 12:00:05", "12,345 7 failed", "99.94% target 99.9%", "200 ms", "3 s target 2 s", "50 a second", "23:30 to 04:30"]);
    assert.match(await page.locator("#figures").innerText(), /Vendor modules held back\s+1/);
    await page.unrouteAll();
    const names = lines.map(({ vendor, module }) => `${vendor} ${module}`);
    await eventually("the gateway's own lines", async () => {
      const heads = (await texts(rows.locator("th"))).map((text) => text.toLowerCase());
      return JSON.stringify(heads) === JSON.stringify(names);
    });
    const real = await overview();
    const calls = (await texts(rows.locator("[data-title=Calls] .value"))).map((text) => Number(text.replaceAll(",", "")));
    assert.deepEqual(calls, real.map(({ calls }) => calls));
  });

  test("of the day and of the books are those of the running gateway", async () => {
    for (let turn = 1; turn <= 3; turn += 1) {
      const beneficiary_details = { account_number: `44000001234${turn}`, ifsc: "SBIN0001077", name: "Rahul Sharma" };
      assert.equal((await post(gateway.url, "/v1/bank-accounts/verify", { ...lostMoney(`MONEY_${turn}`), beneficiary_details })).status, 200);
    }
    const totals = () => get(gateway.url, "/v1/ops/totals", as(UMA)).then(({ json }) => json);
    await eventually("the day is added up", async () => (await totals()).operations.some(({ operation, paise }) => operation === "bank.verify" && paise >= 300));
    await openDesk();
    const rupees = (paise) => new Intl.NumberFormat("en-IN", { style: "currency", currency: "INR" }).format(paise / 100);
    const sums = async (id) => Object.fromEntries(await page.locator(`#${id} .sums > div`).evaluateAll((all) => all.map((one) => [...one.children].map(({ textContent }) => textContent))));
    await eventually("the same on the desk", async () => {
      const [shown, { paise, cost, checks, waiting, kins }] = [await sums("money"), await totals()];
      return JSON.stringify(Object.values(shown)) === JSON.stringify([rupees(paise), rupees(cost), String(checks), String(waiting), String(kins)]);
    });
    const date = new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Kolkata" }).format(new Date());
    await page.locator("#reconciled").fill(date);
    await eventually("the books of today", async () => {
      const [shown, { json }] = [await sums("reconciliation"), await get(gateway.url, `/v1/ops/reconciliation/${date}`, as(UMA))];
      return json.state === "done" && shown["Moved, by our books"] === rupees(json.totals.paise_here) && shown["Moved, by the vendors"] === rupees(json.totals.paise_there) && shown["Checks with money"] === String(json.totals.checks) && json.totals.checks > 0;
    });
    await page.getByRole("searchbox").fill("MONEY_1");
    await press("Enter");
    await says(page.locator("#timeline .facts"), "Answered: success_bank_account");
    assert.ok(urls.every((url) => !url.includes("MONEY_1")));
  });

  test("of the day's money and of the books are the gateway's, to the paisa", async () => {
    await serve("/v1/ops/totals", TOTALS);
    await page.route(/\/v1\/ops\/reconciliation\//, (route) => route.fulfill({ json: BOOKS }));
    await openDesk();
    await says(page.locator("#money .body"), "₹4,126.55");
    const pairs = (id) => page.locator(`#${id} .sums > div`).evaluateAll((all) => all.map((one) => [...one.children].map(({ textContent }) => textContent)));
    assert.deepEqual(await pairs("money"), [["Moved to customers", "₹312.00"], ["Vendors charge", "₹4,126.55"], ["Checks ended", "1,284"], ["Came to a person", "3"], ["CKYC numbers received", "17"]]);
    assert.deepEqual(await texts(page.locator("#money tbody tr")), ["Bank account 312 ₹312.00 ₹1,248.00", "PAN 972 ₹0.00 ₹2,878.55"]);
    await says(page.locator("#reconciliation .badge"), "1 open, 297 agree");
    const books = Object.fromEntries(await pairs("reconciliation"));
    assert.deepEqual([books.Differ, books["Moved, by our books"], books["Moved, by the vendors"], books["Cost of an onboarding"]], ["1", "₹298.00", "₹297.00", "₹13.20"]);
    const difference = await page.locator(".difference").innerText();
    for (const part of ["Here moved, ₹1.00; there not credited, ₹0.00", DIFFERENCE.cause, DIFFERENCE.next, DIFFERENCE.check]) assert.ok(difference.includes(part), difference);
    const asked = (part) => urls.filter((url) => url.includes(part)).length;
    await eventually("a second refresh of the money", () => asked("/v1/ops/totals") > 2);
    assert.equal(asked("/reconciliation/"), 1, "a day that is done is not asked for with every refresh");
    const csv = "operation,paise_here\r\nbank.verify,100\r\n";
    await page.route(/\/v1\/ops\/reconciliation\/.*\.csv$/, (route) => route.fulfill({ contentType: "text/csv; charset=utf-8", body: csv }));
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Save as CSV" }).click()]);
    assert.match(download.suggestedFilename(), /^reconciliation-\d{4}-\d\d-\d\d\.csv$/);
    assert.equal(readFileSync(await download.path(), "utf8"), csv);
    await page.locator("#reconciled").fill("2026-11-28");
    await eventually("the other day is asked for", () => urls.some((url) => url.endsWith("/reconciliation/2026-11-28")));
  });

  test("of endpoints say which is disabled, by its host alone", async () => {
    const endpoints = [
      { id: "ep_1", url: "https://hooks.example.com/s3cret", status: "enabled" },
      { id: "ep_2", url: "https://events.example.org/t0ken", status: "disabled", disabled_at: "2026-11-29T10:00:00Z", disabled_reason: "failed_for_five_days" },
      { id: "ep_3", url: "https://slow.example.org/", status: "enabled", failing_since: "2026-11-30T10:00:00Z", waiting: 1200 },
    ];
    await serve("/v1/endpoints", { endpoints });
    await openDesk();
    await says(page.locator("#endpoints .body"), "events.example.org");
    const text = await page.locator("#endpoints .body").innerText();
    assert.match(text, /Disabled events\.example\.org ep_2 for \d+ d \d+ h, failed_for_five_days/);
    assert.match(text, /Failing slow\.example\.org ep_3 for .*, 1,200 wait/);
    assert.match(text, /2 of 3 enabled\./);
    assert.match(await page.locator("#figures").innerText(), /Endpoints disabled\s+1/);
    assert.doesNotMatch(await page.content(), /s3cret|t0ken/);
  });

  test("that the gateway does not serve are not missed: a sentence says so, and nobody is asked again", async () => {
    for (const path of ["/v1/ops/totals", "/v1/endpoints"]) await serve(path, PROBLEM, 404);
    await page.route(/\/v1\/ops\/reconciliation\//, (route) => route.fulfill({ status: 404, json: PROBLEM }));
    await openDesk();
    for (const part of ["money", "reconciliation", "endpoints"]) await says(remark(part), "This gateway does not serve it.");
    const reviewsAsked = () => urls.filter((url) => url.includes("/v1/reviews")).length;
    const before = reviewsAsked();
    await eventually("three more refreshes", () => reviewsAsked() > before + 3);
    assert.equal(urls.filter((url) => url.endsWith("/v1/ops/totals")).length, 1);
  });

  test("stay where they are while the gateway cannot be reached, with the time they are of, and are refreshed again afterwards", async () => {
    const reference = await waiting("STALE");
    await openDesk();
    await line(reference).waitFor();
    await page.evaluate(() => {
      window.said = [];
      const announcer = document.getElementById("announcer");
      const listen = new MutationObserver(() => window.said.push(announcer.textContent));
      listen.observe(announcer, { childList: true, characterData: true, subtree: true });
    });
    await page.route(/\/v1\//, (route) => route.abort());
    await says(remark("reviews"), /Not refreshed since \d\d:\d\d:\d\d\. What you see is of then\. There was no connection/);
    await says(page.locator("#freshness"), "Could not refresh");
    assert.equal(await line(reference).isVisible(), true);
    const failed = () => urls.filter((url) => url.includes("/v1/reviews")).length;
    const before = failed();
    await eventually("two more tries", () => failed() > before + 2);
    await page.unrouteAll();
    await says(page.locator("#freshness"), "Refreshed");
    await remark("reviews").waitFor({ state: "hidden" });
    assert.deepEqual(await page.evaluate(() => window.said), ["The desk could not be refreshed. It is tried again every few seconds.", "The desk is refreshed again."], "said once each");
    await reviewed(gateway, reference).decide("failed", as(ASHA));
  });
});

describe("the search", () => {
  const find = async (wanted) => {
    await page.getByRole("searchbox").fill(wanted);
    await press("Enter");
  };

  test("leads from a check's id and from a wire reference to its timeline, and back", async () => {
    const reference = await waiting("SEARCHED");
    const [{ wire_reference }] = await listed();
    const { json } = await reviewed(gateway, reference).timeline(as(ASHA));
    await openDesk(ASHA);
    for (const wanted of [idOf(reference), wire_reference]) {
      await find(wanted);
      await dialog("Timeline").locator(".moments li").first().waitFor();
      assert.equal(await page.locator(".moments li").count(), json.length);
      assert.deepEqual(await page.locator(".moments time").evaluateAll((all) => all.map((one) => one.getAttribute("datetime"))), json.map(({ at }) => at));
      await says(page.locator("#timeline .facts"), "Waits for a person");
      await press("Escape");
      assert.equal(await page.evaluate(() => document.activeElement.id), "wanted");
    }
    // From there it can be decided, too.
    await find(idOf(reference));
    await dialog("Timeline").getByRole("button", { name: "Decide this check" }).click();
    await dialog("Decide: Bank account").waitFor();
    assert.match(await page.locator("#decision .facts").innerText(), new RegExp(idOf(reference)));
    await press("Escape");
    await find(idOf("NEVER_MADE"));
    await says(page.locator("#timeline .fault"), "The gateway knows no such check");
    await press("Escape");
    await reviewed(gateway, reference).decide("failed", as(ASHA));
  });

  test("sends a reference in a body, never in an address, and does not keep it", async () => {
    const personal = "BANK_20261201_ABCPE1234F";
    await waiting("FOUND");
    await page.route(/\/v1\/ops\/search$/, (route) => {
      const { reference_id } = JSON.parse(route.request().postData());
      const check = {
        id: idOf("FOUND"), operation: "bank.verify", phase: "review", outcome: null, key: null, vendor: "decentro", account: null,
        attempts: 1, wire_reference: null, began: "2026-12-01T06:00:00Z", cost: 400, paise: 100,
      };
      if (reference_id === personal) return route.fulfill({ json: { check, timeline: `/v1/checks/${check.id}/timeline` } });
      return route.fulfill({ status: 404, json: { key: "error_reference_id_not_found", title: "Not found", status: 404 } });
    });
    await openDesk();
    await find(personal);
    await dialog("Timeline: Bank account").locator(".moments li").first().waitFor();
    assert.match(await page.locator("#timeline .facts").innerText(), /Moved to the customer\s+₹1\.00\s+The vendor charges\s+₹4\.00/);
    await press("Escape");
    assert.equal(await page.getByRole("searchbox").inputValue(), "");
    assert.ok(urls.every((url) => !url.includes("ABCPE1234F")) && !(await page.content()).includes("ABCPE1234F"));
    await find("ANOTHER");
    await says(page.locator("#search-fault"), "The gateway knows no such check");
    await page.unrouteAll();
    await page.route(/\/v1\/ops\/search$/, (route) => route.fulfill({ status: 404, json: PROBLEM }));
    await find("ANOTHER");
    await says(page.locator("#search-fault"), "does not search by reference");
    await reviewed(gateway, "FOUND").decide("failed", as(ASHA));
  });
});

test("nothing personal is on the desk, nor in anything that it receives", async () => {
  const canaries = ["Quillon Zebrawood", "Zebrawood", "96900000", "SBIN0001077", "Zymurgy 4418", "ABCPE1234F", "9876543210", "Canary of the reason", "Canary of the evidence"];
  const personal = "BANK_20261201_ABCPE1234F";
  const request = lostMoney(personal);
  await waiting(personal, { purpose_message: "Narration Zymurgy 4418", beneficiary_details: { ...request.beneficiary_details, name: "Quillon Zebrawood" } });
  await post(gateway.url, "/v1/mobile/account", { reference_id: "M2A_9876543210", mobile_number: "9876543210", fetch_branch_details: true, is_consent_granted: true });
  await openDesk();
  await line(personal).waitFor();
  await line(personal).getByRole("button", { name: /^Timeline/ }).click();
  await page.locator(".moments li").first().waitFor();
  await press("Escape");
  await page.getByRole("searchbox").fill(idOf("M2A_9876543210"));
  await press("Enter");
  await says(page.locator("#timeline .facts"), "Answered: success_account_details_retrieved");
  await press("Escape");
  await line(personal).getByRole("button", { name: /^Decide/ }).click();
  await page.getByRole("radio", { name: /^negative/ }).check();
  await page.getByLabel("Reason").fill("Canary of the reason");
  await page.getByLabel("Evidence").fill("Canary of the evidence");
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("button", { name: "Yes, decide negative" }).click();
  await says(page.locator("#decision .done"), "The check has ended");
  const html = await page.content();
  const answers = received.filter(([url]) => url.includes("/v1/"));
  // Only the answer to the decision names the reference, as its caller sent it; the page does not show it.
  const beside = answers.filter(([url]) => !url.endsWith("/decision")).map(([, text]) => text);
  assert.deepEqual([answers.length - beside.length, beside.length > 5], [1, true]);
  for (const canary of canaries) {
    assert.ok(!html.includes(canary), `the page: ${canary}`);
    assert.ok(urls.every((url) => !url.includes(canary)), `addresses: ${canary}`);
    assert.ok(beside.every((text) => !text.includes(canary)), `responses: ${canary}`);
  }
  assert.equal(await page.evaluate(() => Object.keys({ ...localStorage, ...sessionStorage }).length), 0);
});

describe("the page", () => {
  const looks = [
    { name: "1,280 px, light", options: {} },
    { name: "1,280 px, dark", options: { colorScheme: "dark" } },
    { name: "360 px, light", options: { viewport: { width: 360, height: 740 }, hasTouch: true } },
    { name: "360 px, dark", options: { viewport: { width: 360, height: 740 }, colorScheme: "dark", reducedMotion: "reduce" } },
  ];
  for (const { name, options } of looks) {
    test(`has nothing that axe finds serious, and no second scroll bar: ${name}`, async () => {
      const reference = await waiting(`LOOKS_${name.replaceAll(/\W/g, "_")}`);
      await visit(options);
      const judge = async (state) => {
        const { violations } = await new AxeBuilder({ page }).analyze();
        assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]), [], state);
        const wide = await page.evaluate(() => [document.documentElement, ...document.querySelectorAll("dialog[open], .panel")].filter((one) => one.scrollWidth > one.clientWidth).length);
        assert.equal(wide, 0, state);
      };
      await judge("locked");
      await serve("/v1/ops/totals", TOTALS);
      await serve("/v1/endpoints", { endpoints: [{ id: "ep_2", url: "https://events.example.org/", status: "disabled" }] });
      await page.route(/\/v1\/ops\/reconciliation\//, (route) => route.fulfill({ json: BOOKS }));
      await openDesk();
      await page.locator("#vendors tbody tr").first().waitFor();
      await page.locator("#reconciliation .difference").waitFor();
      await judge("open");
      await line(reference).getByRole("button", { name: /^Timeline/ }).click();
      await page.locator(".moments li").first().waitFor();
      await judge("timeline");
      await press("Escape");
      await line(reference).getByRole("button", { name: /^Decide/ }).click();
      await page.getByRole("button", { name: "Continue" }).click();
      await judge("decision");
      await page.getByRole("radio", { name: /^failed/ }).check();
      await page.getByLabel("Reason").fill("Nothing moved.");
      await page.getByRole("button", { name: "Continue" }).click();
      await judge("second look");
      await page.getByRole("button", { name: "Yes, decide failed" }).click();
      await says(page.locator("#decision .done"), "The check has ended");
      assert.deepEqual(noise, []);
    });
  }

  test("is used by keyboard alone: the way past the head, the dialogs and back", async () => {
    const reference = await waiting("KEYBOARD");
    await press("Tab");
    assert.equal(await focused(), "Skip to the content");
    await press("Enter");
    assert.equal(await page.evaluate(() => document.activeElement.id), "content");
    await openDesk();
    await line(reference).waitFor();
    assert.equal(await focused(), "Needs a person");
    const name = "Timeline: Bank account, KEYBOARD";
    await tabTo(name);
    await press("Enter");
    await page.locator(".moments li").first().waitFor();
    for (let turn = 0; turn < 12; turn += 1) {
      await press("Tab");
      assert.ok(await page.evaluate(() => document.activeElement === document.body || document.querySelector("#timeline").contains(document.activeElement)), "the dialog keeps the focus");
    }
    await press("Escape");
    assert.equal(await focused(), name);
    await reviewed(gateway, reference).decide("failed", as(ASHA));
  });

  test("is strict about what it loads, and asks nothing of a check's own answer", async () => {
    const answer = await visit();
    const policy = answer.headers()["content-security-policy"];
    for (const part of [/default-src 'none'/, /script-src 'self'/, /connect-src 'self'/, /frame-ancestors 'none'/]) assert.match(policy, part);
    await openDesk();
    await page.locator("#vendors tbody tr").first().waitFor();
    assert.ok(urls.every((url) => !/\/v1\/checks\/[^/]+$/.test(url)), urls.join());
    assert.equal(context.pages().length, 1);
  });
});
