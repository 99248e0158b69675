// The page for every eye and hand, and what it may load.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { AxeBuilder } from "@axe-core/playwright";
import { PAN, fill, gateway, mobile, noise, page, pan, says, settled, subject, urls, visit } from "./page.mjs";

describe("the page", () => {
  const looks = [
    { name: "light", options: {} },
    { name: "dark", options: { colorScheme: "dark" } },
    { name: "a phone of 320 px", options: { viewport: { width: 320, height: 640 }, hasTouch: true } },
  ];
  for (const { name, options } of looks) {
    test(`has nothing that axe finds serious: ${name}`, async () => {
      await visit(options);
      const serious = async () => {
        const { violations } = await new AxeBuilder({ page }).analyze();
        return violations.filter(({ impact }) => ["serious", "critical"].includes(impact)).map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
      };
      assert.deepEqual(await serious(), []);
      await mobile().submit.click();
      await fill(pan(), PAN);
      await says(pan().heading, "Confirmed", settled);
      assert.deepEqual(await serious(), []);
      await fill(mobile(), "9811000003");
      await says(mobile().section.locator(".progress"), /Next look in/, settled);
      await pan().again.click();
      await fill(pan(), subject("pan.verify", "failure_pan_not_found", "id_number"));
      await says(pan().outcome, /Not confirmed/, settled);
      assert.deepEqual(await serious(), []);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
      assert.equal(wide, false);
    });
  }

  test("is strict about what it loads, and loads nothing from elsewhere", async () => {
    const answer = await visit();
    const policy = answer.headers()["content-security-policy"];
    assert.match(policy, /default-src 'none'/);
    assert.match(policy, /script-src 'self' 'wasm-unsafe-eval';/);
    assert.ok(urls.every((url) => url.startsWith(gateway.url) || url.startsWith("data:")), urls.join());
    assert.deepEqual(noise, []);
  });

  test("has targets of 44 px and more", async () => {
    const small = await page.evaluate(() =>
      [...document.querySelectorAll("button, input[type=text], .consent")].filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 44).length,
    );
    assert.equal(small, 0);
  });
});
