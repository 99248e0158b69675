// The reverse penny drop in the form: a link to pay, a countdown, and the account that paid or the way to the penny drop.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { post } from "../edge/harness.mjs";
import { fill, gateway, kept, noise, page, posts, sandbox, says, settled, step } from "./page.mjs";

const bank = () => step("Bank account");
const link = () => bank().section.getByRole("link", { name: "Pay ₹1 with a UPI app" });

/** What the customer does; the next look-up tells the end. */
async function pay(act) {
  const { wire_reference } = (await posts()).at(-1);
  const { status, text } = await post(sandbox.url, "/_sandbox/pay", { wire_reference, act, callback: false });
  assert.equal(status, 200, text);
}

describe("a payment by UPI", () => {
  test("shows a link and how long it can be paid, and ends with the account that paid", async () => {
    await fill(bank(), "Rahul Sharma");
    await link().waitFor(settled);
    assert.match(await link().getAttribute("href"), /^upi:\/\/pay\?pa=success@upi&/);
    await says(bank().section.locator(".clock"), /(10 min 0 s|9 min \d+ s) left to pay ₹1 to success@upi\./);
    await says(bank().announcer, /Pay ₹1 from the account that you want to use/);
    await pay("paid");
    await says(bank().heading, "Confirmed", settled);
    await says(bank().outcome, /Name at the bank\s*R\*\*\* S\*\*\*[^]*Account number\s*XXXXXX7890/);
    assert.equal(await link().isVisible(), false);
    assert.deepEqual([await kept("collect"), (await posts()).length, noise], [null, 1, []]);
  });

  test("goes on after a reload with the same link", async () => {
    await fill(bank(), "Rahul Sharma");
    await link().waitFor(settled);
    const href = await link().getAttribute("href");
    await page.reload();
    await link().waitFor(settled);
    assert.deepEqual([await link().getAttribute("href"), (await posts()).length], [href, 1]);
    await pay("paid");
    await says(bank().heading, "Confirmed", settled);
  });

  test("that did not arrive leads to another link or to the penny drop", async () => {
    await fill(bank(), "Rahul Sharma");
    await link().waitFor(settled);
    await pay("expired");
    await says(bank().heading, "Not confirmed", settled);
    await says(bank().outcome, /Nobody paid before the link expired.*Get another link; or, without UPI, give us account number and IFSC/s);
    await bank().again.click();
    assert.equal(await bank().input.isVisible(), true);
  });

  test("is asked for with a name", async () => {
    await fill(bank(), "  ");
    await says(bank().fault("input"), "Enter your name.");
    assert.ok(gateway && (await posts()).length === 0);
  });
});
