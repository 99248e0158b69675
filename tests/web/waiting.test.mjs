// A check that is not over when the request is: it is followed, resumed after a reload, and goes on after a loss of the connection.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { eventually } from "../edge/harness.mjs";
import { NUMBER, context, fill, intercept, kept, mobile, page, posts, sandbox, says, settled, urls } from "./page.mjs";

describe("a check that takes longer", () => {
  test("is followed until it ends", async () => {
    await fill(mobile(), "9811000001");
    await says(mobile().section.locator(".progress"), /longer than usual.*Next look in/s, settled);
    await says(mobile().heading, "Confirmed", settled);
    assert.equal((await posts()).length, 1);
    assert.equal(await kept("mobile"), null);
  });

  test("is resumed after a reload, under the same reference", async () => {
    await fill(mobile(), "9811000004");
    await says(mobile().section.locator(".progress"), /Next look in/, settled);
    const before = await kept("mobile");
    await page.reload();
    await says(mobile().section.locator(".progress"), /Next look in|earlier check/, settled);
    assert.deepEqual(await kept("mobile"), before);
    await says(mobile().heading, "Confirmed", settled);
    assert.ok(urls.some((url) => url.endsWith(`/v1/checks/${before.id}`)));
    assert.equal((await posts()).length, 1);
    assert.equal(await kept("mobile"), null);
  });

  test("is resumed after a reload that did not wait for any answer", async () => {
    await sandbox.fault({ operation: "mobile.account", times: 1, fault: "delay", ms: 2500 });
    await fill(mobile(), "9876500007");
    await eventually("the POST at the vendor", async () => (await posts()).length > 0);
    const { id } = await kept("mobile");
    await page.reload();
    await says(mobile().heading, "Confirmed", settled);
    assert.ok(urls.some((url) => url.endsWith(`/v1/checks/${id}`)));
    assert.equal((await posts()).length, 1);
    assert.equal((await sandbox.money()).length, 1);
  });

  test("is explained when a person must look, and can be looked at sooner", async () => {
    const body = { reference_id: "mobile_0001", operation: "mobile.account", outcome: "pending", key: "pending_review", message: "", action: "review", data: {}, next_check_at: null };
    const headers = { location: "/v1/checks/mobile_0001", "retry-after": "3600" };
    await intercept("/v1/mobile/account", (route) => route.fulfill({ status: 202, headers, json: body }));
    await fill(mobile(), NUMBER);
    await says(mobile().section.locator(".progress"), /A person at our side looks at it now.*Reference: mobile_0001.*Next look in (1 h 0 min|59 min)/s);
    const answer = { ...body, outcome: "verified", key: "success_account_details_retrieved", message: "Account details retrieved successfully", action: "proceed" };
    await intercept("/v1/checks/mobile_0001", (route) => route.fulfill({ status: 200, json: answer }));
    await mobile().look.click();
    await says(mobile().heading, "Confirmed", settled);
  });

  test("goes on when the connection comes back", async () => {
    await fill(mobile(), "9811000006");
    await says(mobile().section.locator(".progress"), /Next look in/, settled);
    await context.setOffline(true);
    await says(mobile().section.locator(".progress"), /no connection at the moment/, settled);
    await context.setOffline(false);
    await says(mobile().heading, "Confirmed", settled);
    assert.equal((await posts()).length, 1);
  });
});
