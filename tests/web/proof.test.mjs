// The step that asks about a mobile number: first its code, which is sent, typed, mistyped, sent again, and asked for another number.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { AxeBuilder } from "@axe-core/playwright";
import { post } from "../edge/harness.mjs";
import { code, context, fill, gateway, intercept, mobile, noise, page, posts, prove, sandbox, says, settled, storage, urls, visit } from "./page.mjs";

const form = () => mobile().section.locator(".proof");
const box = () => form().getByRole("textbox", { name: /^Code sent to XXXXXX\d{4}$/ });
const confirm = () => form().getByRole("button", { name: "Confirm the number" }).click();
const wrong = (right) => String((Number(right) + 1) % 1_000_000).padStart(6, "0");

async function asked(number) {
  await mobile().input.fill(number);
  await mobile().consent.check();
  await mobile().submit.click();
  await box().waitFor(settled);
}

describe("a mobile number", () => {
  test("is proved by its code, once for the page, and neither is kept anywhere", async () => {
    await asked("9876510001");
    assert.deepEqual(await posts(), [], "nothing is asked about it yet");
    await says(mobile().announcer, /A code was sent to XXXXXX0001/);
    assert.deepEqual([await box().getAttribute("autocomplete"), await box().getAttribute("inputmode")], ["one-time-code", "numeric"]);
    const right = await code();
    await box().fill(` ${right.slice(0, 3)} - ${right.slice(3)} `);
    await confirm();
    await says(mobile().heading, "Confirmed", settled);
    await mobile().again.click();
    await mobile().input.fill("9876510001");
    await mobile().consent.check();
    await mobile().submit.click();
    await says(mobile().heading, "Confirmed", settled);
    assert.equal((await (await fetch(`${sandbox.url}/_sandbox/otp`)).json()).length, 1);
    const traces = JSON.stringify([urls, await storage(), page.url(), await context.cookies()]);
    assert.ok(!traces.includes("9876510001") && !traces.includes(right));
    assert.deepEqual(noise, []);
  });

  test("whose code is mistyped is told how many tries are left, at the box, and an earlier code is as good as a later one", async () => {
    await asked("9876510002");
    const first = await code();
    await box().fill("123");
    await confirm();
    await says(form().locator(".fault"), "Enter the six digits of the code.");
    await box().fill(wrong(first));
    await confirm();
    await says(form().locator(".fault"), /not the one that was sent.*9 tries are left\./, settled);
    assert.deepEqual([await box().getAttribute("aria-invalid"), await box().evaluate((input) => input === document.activeElement)], ["true", true]);
    await form().getByRole("button", { name: "Send another code" }).click();
    await says(mobile().announcer, /Another code was sent/, settled);
    await box().fill(first);
    await confirm();
    await says(mobile().heading, "Confirmed", settled);
    assert.equal((await posts()).length, 1);
  });

  test("can be corrected", async () => {
    await asked("9876510003");
    await form().getByRole("button", { name: "Correct the number" }).click();
    assert.equal(await mobile().input.evaluate((input) => input === document.activeElement), true);
    assert.deepEqual([await form().count(), await mobile().input.inputValue()], [0, "9876510003"]);
    await fill(mobile(), "9876510004");
    await says(mobile().heading, "Confirmed", settled);
  });

  test("whose code cannot be sent is told so, and is asked about again later", async () => {
    await post(sandbox.url, "/_sandbox/receiver", { name: "otp", status: 503, retry_after: 1, times: 1 });
    await mobile().input.fill("9876510005");
    await mobile().consent.check();
    await mobile().submit.click();
    await says(mobile().outcome, /not available at the moment.*Nothing is wrong with what you entered/s, settled);
    await says(mobile().announcer, "You can try again now.", settled);
    await mobile().submit.click();
    await prove(mobile().section);
    await says(mobile().heading, "Confirmed", settled);
  });

  test("whose proof the gateway does not know any more is proved again", async () => {
    await fill(mobile(), "9876510006");
    await says(mobile().heading, "Confirmed", settled);
    await mobile().again.click();
    await intercept("/v1/mobile/account", (route) => route.fulfill({ status: 403, json: { key: "error_mobile_not_proved", title: "", status: 403, errors: [] } }));
    await mobile().input.fill("9876510006");
    await mobile().consent.check();
    await mobile().submit.click();
    await says(mobile().outcome, /Confirm first that this number is yours/, settled);
    await page.unrouteAll();
    await mobile().submit.click();
    await prove(mobile().section);
    await says(mobile().heading, "Confirmed", settled);
  });

  for (const [name, options] of Object.entries({ light: {}, dark: { colorScheme: "dark" }, "a phone": { viewport: { width: 320, height: 640 }, hasTouch: true } })) {
    test(`can be proved by every eye and hand: ${name}`, async () => {
      await visit(options);
      await post(gateway.url, "/v1/development/forget", "");
      await asked("9876510007");
      await confirm();
      const { violations } = await new AxeBuilder({ page }).analyze();
      assert.deepEqual(violations.filter(({ impact }) => ["serious", "critical"].includes(impact)).map(({ id }) => id), []);
      const small = await page.evaluate(() => [...document.querySelectorAll(".proof button, .proof input")].filter((one) => one.getBoundingClientRect().height < 44).length);
      assert.deepEqual([small, await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)], [0, false]);
      if (process.env.TORAN_SCREENSHOTS) await page.screenshot({ path: `${process.env.TORAN_SCREENSHOTS}/proof-${name.replace(" ", "-")}.png`, fullPage: true });
    });
  }
});
