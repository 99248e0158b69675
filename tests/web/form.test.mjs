// What a person types and sends, and how failures are told.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { NUMBER, PAN, code, context, fill, gateway, intercept, kept, mobile, noise, page, pan, posts, prove, sandbox, says, settled, storage, subject, urls } from "./page.mjs";

describe("a request", () => {
  test("is answered for both steps, masked", async () => {
    await fill(mobile(), NUMBER);
    await fill(pan(), PAN);
    await says(mobile().heading, "Confirmed", settled);
    await says(pan().heading, "Confirmed", settled);
    const [account, card] = [await mobile().outcome.innerText(), await pan().outcome.innerText()];
    assert.match(account, /Account number\s+XXXXXX\d{4}/);
    assert.match(account, /UPI address\s+\w\*\*\*@/);
    assert.match(card, /PAN\s+XXXXXX234F/);
    assert.doesNotMatch(card, new RegExp(PAN));
    assert.equal((await posts()).length, 2);
    assert.deepEqual(Object.keys(await storage()), ["toran.session"]);
    assert.deepEqual(noise, []);
  });

  test("carries the consent and its version, and the normalised value", async () => {
    const sent = page.waitForRequest((request) => request.url().endsWith("/v1/mobile/account"));
    await fill(mobile(), " +91 98765-43210 ");
    const body = (await sent).postDataJSON();
    assert.equal(body.mobile_number, NUMBER);
    assert.equal(body.is_consent_granted, true);
    assert.equal(body.consent_record.channel, "web");
    assert.ok(body.consent_record.text_version.length > 0);
    assert.ok(Math.abs(Date.parse(body.consent_record.granted_at) - Date.now()) < 60_000);
    const version = await mobile().section.locator(".version").textContent();
    assert.ok(version.includes(body.consent_record.text_version));
    await says(mobile().heading, "Confirmed", settled);
  });

  test("is sent once when the button is clicked twice", async () => {
    await mobile().input.fill("9876500001");
    await mobile().consent.check();
    await mobile().submit.dblclick();
    await prove(mobile().section);
    await says(mobile().heading, "Confirmed", settled);
    assert.equal((await posts()).length, 1);
  });

  test("can be made with the keyboard alone, and the focus is not lost", async () => {
    await mobile().input.focus();
    await page.keyboard.type("9876500002");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Space");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await mobile().section.locator(".proof").waitFor();
    await page.keyboard.type(await code());
    await page.keyboard.press("Enter");
    await says(mobile().heading, "Confirmed", settled);
    assert.equal(await page.evaluate(() => document.activeElement.tagName), "H3");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await mobile().input.waitFor();
    assert.equal(await mobile().input.evaluate((input) => input === document.activeElement), true);
    assert.equal(await mobile().consent.isChecked(), false);
  });

  test("leaves no personal data in addresses, storage or cookies", async () => {
    await fill(mobile(), "9811000001");
    await fill(pan(), PAN);
    await says(pan().heading, "Confirmed", settled);
    const traces = JSON.stringify([urls, await storage(), page.url(), await context.cookies(), await page.evaluate(() => [history.state, document.title])]);
    assert.doesNotMatch(traces, /9811000001|ABCPE1234F/i);
    assert.match(traces, /"toran\.reference\.mobile"/);
  });
});

describe("what is typed", () => {
  test("is blamed once the box is left, and no sooner; nothing is sent", async () => {
    const { input, fault, consent, submit } = mobile();
    await input.pressSequentially("12345");
    assert.equal(await fault("input").isVisible(), false);
    await input.blur();
    await says(fault("input"), /ten digits/);
    assert.equal(await input.getAttribute("aria-invalid"), "true");
    assert.ok((await input.getAttribute("aria-describedby")).includes(await fault("input").getAttribute("id")));
    await consent.check();
    await submit.click();
    assert.equal(await input.evaluate((box) => box === document.activeElement), true);
    await fill(pan(), "ABCDE1234F");
    await says(pan().fault("input"), /fourth letter/);
    assert.deepEqual(await posts(), []);
    assert.ok(!urls.some((url) => url.includes("/v1/")));
    await input.fill(NUMBER);
    assert.equal(await fault("input").isVisible(), false);
    assert.equal(await input.getAttribute("aria-invalid"), null);
  });

  test("is put right with a remark", async () => {
    await mobile().input.fill("+91 98765 43210");
    await says(mobile().section.locator(".remark"), /country code \+91 was removed/);
  });

  test("is not sent without consent", async () => {
    await mobile().input.fill(NUMBER);
    await mobile().submit.click();
    await says(mobile().fault("consent"), /Without your consent nothing is sent/);
    assert.equal(await mobile().consent.evaluate((box) => box === document.activeElement), true);
    assert.equal(await mobile().consent.getAttribute("aria-invalid"), "true");
    assert.deepEqual(await posts(), []);
    await mobile().consent.check();
    assert.equal(await mobile().fault("consent").isVisible(), false);
  });

  test("is blamed at its box when only the gateway finds the fault", async () => {
    await intercept("/v1/pan/verify", (route) => route.continue({ postData: JSON.stringify({ ...route.request().postDataJSON(), id_number: "ABCDE1234F", consent: false }) }));
    await fill(pan(), PAN);
    await says(pan().fault("input"), /fourth letter/, settled);
    await says(pan().fault("consent"), /Consent/);
    assert.equal(await pan().input.inputValue(), PAN);
    assert.deepEqual(await posts(), []);
  });
});

describe("a failure", () => {
  test("of the connection is tried again under the same reference", async () => {
    const references = [];
    page.on("request", (request) => request.url().endsWith("/v1/mobile/account") && references.push(request.postDataJSON().reference_id));
    let lost = 0;
    await intercept("/v1/mobile/account", async (route) => {
      if ((lost += 1) > 1) return route.continue();
      await route.fetch();
      return route.abort("connectionreset");
    });
    await fill(mobile(), "9876500003");
    await says(mobile().outcome, /no connection/, settled);
    await mobile().again.click();
    await says(mobile().heading, "Confirmed", settled);
    assert.equal(references.length, 2);
    assert.equal(references[0], references[1]);
    assert.equal((await posts()).length, 1);
  });

  test("of the connection before the request arrived leaves an open form after a reload, with the same reference", async () => {
    await intercept("/v1/pan/verify", (route) => route.abort("connectionreset"));
    await fill(pan(), PAN);
    await says(pan().outcome, /no connection/, settled);
    const { id } = await kept("pan");
    await page.reload();
    await pan().input.waitFor(settled);
    assert.deepEqual(await kept("pan"), { id, sent: false });
    assert.deepEqual(await posts(), []);
  });

  test("of the source says so, and the next attempt reuses the reference", async () => {
    await sandbox.fault({ operation: "pan.verify", times: 9, fault: "status", status: 503 });
    await fill(pan(), "ABCPE1235F");
    await says(pan().outcome, /not available at the moment.*Nothing is wrong with what you entered/s, settled);
    const { id } = await kept("pan");
    await sandbox.reset();
    const sent = page.waitForRequest((request) => request.url().endsWith("/v1/pan/verify"));
    await pan().submit.waitFor();
    if (await pan().submit.getAttribute("aria-disabled")) await pan().input.fill("ABCPE1235F");
    await pan().submit.click();
    assert.equal((await sent).postDataJSON().reference_id, id);
    await says(pan().heading, "Confirmed", settled);
  });

  test("that the bank reports is told in words, with what to do; the next attempt has a new reference", async () => {
    const ids = [];
    page.on("request", (request) => request.url().endsWith("/v1/mobile/account") && ids.push(request.postDataJSON().reference_id));
    await fill(mobile(), subject("mobile.account", "failure_no_account_mapped", "mobile_number"));
    await says(mobile().outcome, /Not confirmed.*No UPI account is linked.*Use the number that is registered/s, settled);
    await says(mobile().announcer, /Not confirmed/);
    await mobile().again.click();
    await fill(mobile(), "9876500004");
    await says(mobile().heading, "Confirmed", settled);
    assert.equal(new Set(ids).size, 2);
  });

  test("that the Income Tax Department reports is told in words, with what to do", async () => {
    await fill(pan(), subject("pan.verify", "failure_pan_deactivated", "id_number"));
    await says(pan().outcome, /Not confirmed.*not linked with Aadhaar.*Income Tax portal/s, settled);
  });

  test("of too many checks counts down, and another number need not wait", async () => {
    for (let count = 0; count < 3; count += 1) {
      await fill(mobile(), "9876500005");
      await says(mobile().heading, "Confirmed", settled);
      await mobile().again.click();
    }
    await fill(mobile(), "9876500005");
    await says(mobile().outcome, /checked too often.*You can try again in \d+ s/s, settled);
    assert.equal(await mobile().submit.getAttribute("aria-disabled"), "true");
    assert.equal((await posts()).length, 3);
    const { id } = await kept("mobile");
    await mobile().submit.click({ force: true });
    assert.equal((await posts()).length, 3);
    await mobile().input.fill("9876500006");
    const sent = page.waitForRequest((request) => request.url().endsWith("/v1/mobile/account"));
    await mobile().submit.click();
    await prove(mobile().section);
    assert.equal((await sent).postDataJSON().reference_id, id);
    await says(mobile().heading, "Confirmed", settled);
  });

  test("of the session is cured once, silently", async () => {
    await fill(pan(), PAN);
    await says(pan().heading, "Confirmed", settled);
    let refused = 0;
    await intercept("/v1/pan/verify", (route) => {
      if ((refused += 1) > 1) return route.continue();
      return route.continue({ headers: { ...route.request().headers(), authorization: "Bearer over" } });
    });
    await pan().again.click();
    await fill(pan(), "ABCPE1236F");
    await says(pan().heading, "Confirmed", settled);
    assert.equal(refused, 2);
    // It is renewed, so that what it opened stays this tab's.
    const asked = (path) => urls.filter((url) => url.endsWith(path)).length;
    assert.deepEqual([asked("/v1/sessions"), asked("/v1/sessions/renew")], [1, 1]);
  });

  test("of a reference that is taken starts a new check", async () => {
    await intercept("/v1/pan/verify", (route) => route.fulfill({ status: 409, json: { key: "error_duplicate_reference_id", title: "Duplicate Request Reference ID", status: 409, errors: [] } }));
    await fill(pan(), PAN);
    await says(pan().outcome, /already used.*starts as a new check/s);
    assert.equal(await kept("pan"), null);
  });
});
