// The step that confirms a bank account by a payment of one rupee: the link, what becomes of it, and what is done without UPI.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { AxeBuilder } from "@axe-core/playwright";
import { post } from "../edge/harness.mjs";
import { bankAccount, fill, intercept, kept, noise, page, posts, sandbox, says, settled, storage, urls, visit } from "./page.mjs";

const NAME = "Rahul Sharma";
const link = () => bankAccount().section.getByRole("link", { name: "Pay ₹1 by UPI" });
/** The customer of the link that is shown does this. */
async function customer(act) {
  const { status, text } = await post(sandbox.url, "/_sandbox/pay", { reference_id: (await kept("bank")).id, act });
  assert.equal(status, 200, text);
}

async function asked() {
  await fill(bankAccount(), NAME);
  await link().waitFor(settled);
}

describe("a payment", () => {
  test("confirms the account from which it came, and tells it masked", async () => {
    await asked();
    assert.match(await link().getAttribute("href"), /^upi:\/\/pay\?/);
    const progress = await bankAccount().section.locator(".progress").innerText();
    assert.match(progress, /Pay the rupee now[^]*You can pay for another (9|10) min[^]*on another device, to \S+@\S+/);
    await says(bankAccount().announcer, /Pay the rupee now/);
    await customer("paid");
    await bankAccount().section.getByRole("button", { name: "I have paid" }).click().catch(() => {});
    await says(bankAccount().heading, "Confirmed", settled);
    const told = await bankAccount().outcome.innerText();
    assert.match(told, /Account number\s+X+\d{4}/);
    assert.equal(await link().isVisible(), false);
    assert.equal((await posts()).length, 1);
    assert.deepEqual([Object.keys(await storage()), noise], [["toran.session"], []]);
    assert.ok(urls.every((url) => !/rahul/i.test(url)));
  });

  test("has the same link after a reload, and none is asked for twice", async () => {
    await asked();
    const before = await link().getAttribute("href");
    await page.reload();
    await link().waitFor(settled);
    assert.equal(await link().getAttribute("href"), before);
    assert.equal((await posts()).length, 1);
    await customer("paid");
    await says(bankAccount().heading, "Confirmed", settled);
  });

  test("that does not come leads to a new link, or to the account number", async () => {
    await asked();
    await customer("expired");
    await says(bankAccount().outcome, /expired before anybody paid.*another link/s, settled);
    const first = (await posts()).length;
    await bankAccount().again.click();
    await fill(bankAccount(), NAME);
    await link().waitFor(settled);
    assert.equal((await posts()).length, first + 1);
  });

  test("from somebody else's account is told so", async () => {
    await asked();
    await customer("paid_by_another");
    await says(bankAccount().outcome, /belongs to another name/, settled);
  });

  test("is asked for with a name", async () => {
    await fill(bankAccount(), "  ");
    await says(bankAccount().fault("input"), "Enter your name as your bank knows it.");
    assert.equal((await posts()).length, 0);
  });

  test("is asked for by no other link than one of UPI", async () => {
    const payment = { vpa: "payee@bank", upi_uri: "javascript:alert(1)", amount: 100, expires_at: new Date(Date.now() + 600_000).toISOString() };
    const body = { reference_id: "bank_0001", operation: "bank.collect", outcome: "pending", key: "pending_payment", message: "", action: "wait", data: { payment } };
    await intercept("/v1/bank-accounts/collect", (route) => route.fulfill({ status: 202, headers: { location: "/v1/checks/bank_0001", "retry-after": "600" }, json: body }));
    await fill(bankAccount(), NAME);
    await says(bankAccount().section.locator(".progress"), /Next look in/, settled);
    assert.equal(await link().count(), 0);
  });

  for (const [name, options] of Object.entries({ light: {}, dark: { colorScheme: "dark" }, "a phone": { viewport: { width: 320, height: 640 }, hasTouch: true } })) {
    test(`can be made by every eye and hand: ${name}`, async () => {
      await visit(options);
      await asked();
      const { violations } = await new AxeBuilder({ page }).analyze();
      assert.deepEqual(violations.filter(({ impact }) => ["serious", "critical"].includes(impact)).map(({ id }) => id), []);
      assert.ok((await link().boundingBox()).height >= 44);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false);
      if (process.env.TORAN_SCREENSHOTS) await page.screenshot({ path: `${process.env.TORAN_SCREENSHOTS}/payment-${name.replace(" ", "-")}.png`, fullPage: true });
    });
  }
});
