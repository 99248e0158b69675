// `attach` on a plain form, in Chromium, as people use it: with the keyboard.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { AxeBuilder } from "@axe-core/playwright";
import { application, browser, copied, serve } from "./consumer.mjs";

const PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Form</title><link rel="icon" href="data:,">
<form id="form" action="/done" method="get">
  <p><label for="mobile">Mobile number</label> <input id="mobile" name="mobile" required aria-describedby="help"> <span id="help">Ten digits</span></p>
  <p><label>PAN <input name="pan"></label></p>
  <p><label for="name">Name</label> <input id="name" name="name" required><output data-toran-for="name"></output></p>
  <p><label>Branch <select name="branch"><option value="">None<option value="sbin0001234">Main<option value="sbin1">Wrong</select></label></p>
  <p><label><input type="checkbox" name="agreed" required> I agree</label></p>
  <button>Send</button> <button formnovalidate name="draft" value="1">Keep</button> <button type="reset">Clear</button>
</form>
<script type="module">
  import { attach } from "./toran/index.js";
  const form = document.getElementById("form");
  window.sent = [];
  window.heard = [];
  form.addEventListener("submit", (event) => (event.preventDefault(), sent.push(Object.fromEntries(new FormData(form)))));
  form.addEventListener("input", ({ target }) => heard.push(target.value));
  window.before = form.outerHTML;
  form.noValidate = location.hash === "#novalidate";
  window.detach = attach(form, { mobile: "mobile", pan: { kind: "pan" }, name: "person_name", branch: "ifsc" }, location.search ? undefined : { when: "leave" });
  window.ready = true;
</script></html>`;

let chromium, site, page, noise, mobile, pan, name;

before(async () => {
  const folder = application({ "index.html": PAGE });
  copied(folder);
  [chromium, site] = [await browser(), await serve(folder)];
});

after(async () => {
  await chromium?.stop();
  site?.stop();
});

async function visit(hash = "") {
  ({ page, noise } = await chromium.visit(site.url + hash));
  await page.waitForFunction(() => window.ready);
  [mobile, pan, name] = ["Mobile number", "PAN", "Name"].map((label) => page.getByLabel(label, { exact: true }));
}

beforeEach(() => visit());

afterEach(async () => {
  assert.deepEqual(noise, []);
  await page.context().close();
});

const send = () => page.getByRole("button", { name: "Send" }).click();
const sent = () => page.evaluate(() => window.sent);
const custom = (box) => box.evaluate(({ validity, validationMessage }) => (validity.customError ? validationMessage : ""));
const invalid = (box) => box.getAttribute("aria-invalid");

/** The text of the elements that describe the box. */
const described = (box) => box.evaluate((input) => (input.getAttribute("aria-describedby") ?? "").split(" ").map((id) => document.getElementById(id)?.textContent ?? "?").join("|"));

async function fill() {
  await mobile.fill("9876543210");
  await name.fill("Rahul Sharma");
  await page.getByLabel("I agree").check();
}

describe("what is typed", () => {
  test("is not blamed before its box is left, but is known to be invalid", async () => {
    await pan.pressSequentially("ABCPE12");
    assert.equal(await invalid(pan), null);
    assert.equal(await described(pan), "");
    assert.notEqual(await custom(pan), "");
    await page.keyboard.press("Tab");
    assert.equal(await invalid(pan), "true");
    assert.match(await described(pan), /^A PAN has exactly 10 characters\./);
    assert.equal(await pan.evaluate((input) => input.validity.customError), true);
  });

  test("is forgiven at once when it is cured, and not blamed again before it is left", async () => {
    await pan.fill("ABCPE1234");
    await pan.blur();
    await pan.focus();
    await page.keyboard.press("End");
    await page.keyboard.type("F");
    assert.deepEqual([await invalid(pan), await described(pan), await custom(pan)], [null, "", ""]);
    await page.keyboard.type("F");
    assert.equal(await invalid(pan), null);
    await pan.blur();
    assert.equal(await invalid(pan), "true");
  });

  test("takes its canonical form when its box is left, and other listeners hear of it", async () => {
    await mobile.pressSequentially("+91 98765 43210");
    assert.equal(await mobile.inputValue(), "+91 98765 43210");
    await page.keyboard.press("Tab");
    assert.equal(await mobile.inputValue(), "9876543210");
    assert.equal(await page.evaluate(() => window.heard.at(-1)), "9876543210");
    assert.deepEqual([await invalid(mobile), await described(mobile)], [null, "Ten digits|"]);
  });

  test("keeps the caret where it was when Enter puts it into its canonical form", async () => {
    await mobile.fill("+91 98765 43210");
    await mobile.evaluate((input) => input.setSelectionRange(12, 12));
    await page.keyboard.press("Enter");
    assert.equal(await mobile.inputValue(), "9876543210");
    assert.equal(await mobile.evaluate((input) => input.selectionStart), 7);
  });

  test("stays as it is where it is chosen and not typed", async () => {
    const branch = page.getByLabel("Branch");
    await branch.selectOption("Main");
    assert.deepEqual([await invalid(branch), await branch.inputValue()], [null, "sbin0001234"]);
    await branch.selectOption("Wrong");
    assert.equal(await invalid(branch), "true");
  });

  test("may be nothing where nothing is required, and passing by is not blamed", async () => {
    await mobile.focus();
    for (let presses = 0; presses < 5; presses += 1) await page.keyboard.press("Tab");
    for (const box of [mobile, pan, name]) assert.equal(await invalid(box), null);
    assert.equal(await custom(pan), "");
    assert.notEqual(await custom(mobile), "");
  });
});

describe("what is typed, where nothing else is said", () => {
  beforeEach(() => visit("?submit"));

  test("is not blamed when its box is left, but when the form is sent, and is forgiven at once", async () => {
    await fill();
    await pan.fill("ABCPE12");
    await pan.blur();
    await mobile.focus();
    assert.deepEqual([await invalid(pan), await described(pan)], [null, ""]);
    assert.notEqual(await custom(pan), "");
    await send();
    assert.deepEqual([await sent(), await invalid(pan)], [[], "true"]);
    await pan.fill("ABCPE1234F");
    assert.deepEqual([await invalid(pan), await described(pan)], [null, ""]);
    await pan.fill("ABCPE");
    await pan.blur();
    assert.equal(await invalid(pan), null);
  });

  test("takes its canonical form when its box is left all the same, and what is unusual is remarked", async () => {
    await mobile.pressSequentially("+91 98765 43210");
    await page.keyboard.press("Tab");
    assert.equal(await mobile.inputValue(), "9876543210");
    await name.fill("Rahul 2");
    await name.blur();
    assert.match(await described(name), /digits/);
  });

  test("is blamed by a word that attach knows", async () => {
    const told = await page.evaluate(async () => {
      const { attach } = await import("./toran/index.js");
      try {
        attach(document.getElementById("form"), { pan: "pan" }, { when: "blur" });
      } catch (error) {
        return String(error);
      }
    });
    assert.equal(told, 'TypeError: toran: attach shows faults when "submit" or "leave"');
  });
});

test("fields within fields are bound by their whole names", async () => {
  const told = await page.evaluate(async () => {
    const { attach } = await import("./toran/index.js");
    document.body.innerHTML = '<form><input name="beneficiary_details.ifsc" value="SBIN"></form>';
    const detach = attach(document.forms[0], { beneficiary_details: { ifsc: "ifsc" } });
    const { customError } = document.forms[0].elements[0].validity;
    detach();
    return customError;
  });
  assert.equal(told, true);
});

for (const hash of ["", "#novalidate"]) {
  describe(`submission ${hash ? "of a form with novalidate" : "of a plain form"}`, () => {
    beforeEach(() => visit(hash));

    test("is held back by a fault, which is shown and focused; nobody hears of it", async () => {
      await send();
      assert.deepEqual(await sent(), []);
      for (const box of [mobile, name]) assert.equal(await invalid(box), "true");
      assert.equal(await invalid(pan), null);
      assert.equal(await mobile.evaluate((input) => input === document.activeElement), true);
      assert.match(await described(mobile), /^Ten digits\|\S/);
    });

    test("sends canonical values, also by Enter", async () => {
      await fill();
      await mobile.fill("+91-98765-43210");
      await pan.fill("abcpe1234f");
      await page.keyboard.press("Enter");
      assert.deepEqual(await sent(), [{ mobile: "9876543210", pan: "ABCPE1234F", name: "Rahul Sharma", branch: "", agreed: "on" }]);
    });

    test("looks at what was put into the box by a script", async () => {
      await send();
      await fill();
      await mobile.evaluate((input) => (input.value = "0"));
      await send();
      assert.deepEqual(await sent(), []);
      await mobile.evaluate((input) => (input.value = "9876543210"));
      await send();
      assert.equal((await sent()).length, 1);
    });

    test("leaves the other elements to the browser, if it looked after them before", async () => {
      await fill();
      await page.getByLabel("I agree").uncheck();
      await send();
      assert.equal((await sent()).length, hash ? 1 : 0);
      if (!hash) assert.equal(await page.getByLabel("I agree").evaluate((box) => box === document.activeElement), true);
    });
  });
}

describe("what the page demands itself", () => {
  test("counts beside the kind: a pattern, a length", async () => {
    await fill();
    await pan.evaluate((input) => (input.pattern = "Z.*"));
    await pan.fill("ABCPE1234F");
    await send();
    assert.deepEqual([await sent(), await invalid(pan)], [[], "true"]);
    assert.match(await described(pan), /\S/);
    await pan.evaluate((input) => input.removeAttribute("pattern"));
    await send();
    assert.equal((await sent()).length, 1);
  });

  test("counts not where the form is novalidate", async () => {
    await page.context().close();
    await visit("#novalidate");
    await fill();
    await pan.evaluate((input) => (input.pattern = "Z.*"));
    await pan.fill("ABCPE1234F");
    await send();
    assert.equal((await sent()).length, 1);
  });

  test("is shown where the page says it of a value, until the value changes", async () => {
    await fill();
    await pan.fill("ABCPE1234F");
    await pan.evaluate((input) => input.setCustomValidity("This PAN is not on record."));
    await send();
    assert.deepEqual([await sent(), await described(pan), await invalid(pan)], [[], "This PAN is not on record.", "true"]);
    await page.keyboard.press("End");
    await page.keyboard.press("Backspace");
    await page.keyboard.type("G");
    assert.equal(await custom(pan), "");
    await send();
    assert.equal((await sent())[0].pan, "ABCPE1234G");
  });
});

describe("what listeners do meanwhile", () => {
  test("the page's word stands when its value takes its canonical form", async () => {
    await fill();
    await pan.fill("abcpe 1234f");
    await pan.evaluate((input) => input.setCustomValidity("Not on record."));
    await send();
    assert.deepEqual([await sent(), await pan.inputValue(), await described(pan)], [[], "ABCPE1234F", "Not on record."]);
    await page.getByRole("button", { name: "Clear" }).click();
    await page.waitForFunction(() => document.getElementsByName("pan")[0].validationMessage === "");
  });

  test("a box that one writes into when another becomes canonical is judged as it is then", async () => {
    await fill();
    await name.fill("Rahul  Sharma");
    await page.evaluate(() => document.getElementById("name").addEventListener("input", () => (document.getElementsByName("pan")[0].value = "BAD")));
    await page.evaluate(() => document.getElementById("form").requestSubmit());
    assert.deepEqual([await sent(), await invalid(pan)], [[], "true"]);
  });

  test("one that formats and says so ends", async () => {
    await fill();
    await mobile.evaluate((input) =>
      input.addEventListener("input", () => {
        const spaced = input.value.replace(/ /g, "").replace(/^(.{5})(?=.)/, "$1 ");
        if (spaced === input.value) return;
        input.value = spaced;
        input.dispatchEvent(new Event("change", { bubbles: true }));
      }),
    );
    await mobile.fill("9876543210");
    await send();
    assert.equal((await sent()).length, 1);
  });
});

describe("boxes that come and go", () => {
  const replace = () => pan.evaluate((input) => input.replaceWith(Object.assign(document.createElement("input"), { name: "pan" })));

  test("are looked after when somebody gets to them", async () => {
    await pan.fill("zz");
    await pan.blur();
    await replace();
    await pan.pressSequentially("abcpe1234");
    await page.keyboard.press("Tab");
    assert.deepEqual([await invalid(pan), await page.locator(".toran-message[data-state=error]").count()], ["true", 1]);
  });

  test("are judged by the kind of the name that they have", async () => {
    await page.evaluate(() => {
      const [mobile, pan] = ["mobile", "pan"].map((name) => document.getElementsByName(name)[0]);
      [mobile.name, pan.name] = ["pan", "mobile"];
    });
    await fill();
    await mobile.fill("ABCPE1234F");
    await pan.fill("9876543210");
    await send();
    assert.deepEqual((await sent()).map(({ mobile, pan }) => [mobile, pan]), [["9876543210", "ABCPE1234F"]]);
  });

  test("leave nothing behind where they are disabled", async () => {
    await pan.fill("zz");
    await pan.evaluate((input) => ((input.disabled = true), window.detach(), (input.disabled = false)));
    assert.equal(await custom(pan), "");
  });

  test("are looked after when nobody did", async () => {
    await fill();
    await replace();
    await pan.evaluate((input) => (input.value = "zz"));
    await send();
    assert.deepEqual([await sent(), await invalid(pan)], [[], "true"]);
    await pan.evaluate((input) => input.closest("p").remove());
    await send();
    assert.equal((await sent()).length, 1);
    assert.equal(await page.locator(".toran-message").count(), 2);
  });
});

describe("binding twice", () => {
  const twice = () =>
    page.evaluate(async () => {
      const { attach } = await import("./toran/index.js");
      const form = document.getElementById("form");
      window.again = attach(form, { pan: "pan" }, { when: "leave" });
    });

  test("shows one message, and everything is taken back in any order", async () => {
    await twice();
    await pan.fill("zz");
    await pan.blur();
    assert.equal(await page.locator("[data-state=error]").count(), 1);
    await page.evaluate(() => window.detach());
    assert.equal(await page.evaluate(() => document.getElementById("form").noValidate), true);
    await send();
    assert.deepEqual([await sent(), await invalid(pan)], [[], "true"]);
    await page.evaluate(() => window.again());
    assert.equal(await page.evaluate(() => document.getElementById("form").outerHTML === window.before), true);
  });

  test("and letting go of the second, leaves the first in charge", async () => {
    await fill();
    await twice();
    await page.evaluate(() => window.again());
    await pan.fill("zz");
    await send();
    assert.deepEqual([await sent(), await invalid(pan)], [[], "true"]);
  });

  test("gives each message an id that nothing else has", async () => {
    const ids = await page.evaluate(async () => {
      const taken = document.body.appendChild(document.createElement("b"));
      taken.id = `toran-message-${Math.max(...[...document.querySelectorAll("[id^=toran-message-]")].map(({ id }) => Number(id.slice(14)))) + 1}`;
      const { attach } = await import("./toran/index.js");
      attach(document.getElementById("form"), { pan: "pan" });
      return [...document.querySelectorAll("[id^=toran-message-]")].map(({ id }) => id);
    });
    assert.equal(new Set(ids).size, ids.length);
  });
});

describe("a press", () => {
  test("on a button is not moved away by a message, which shows once the button is let go", async () => {
    await pan.fill("zz");
    await page.getByRole("button", { name: "Clear" }).hover();
    await page.mouse.down();
    assert.equal(await invalid(pan), null);
    await page.mouse.move(0, 0);
    await page.mouse.up();
    await page.waitForFunction(() => document.getElementsByName("pan")[0].getAttribute("aria-invalid") === "true");
  });

  test("that nobody saw the end of, as of a menu's, holds nothing back", async () => {
    for (const button of [2, 0]) {
      await pan.evaluate((input, button) => input.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true, button })), button);
      await pan.fill("abcpe1234f");
      await (button === 2 ? pan.blur() : pan.press("Tab"));
      await page.waitForFunction(() => document.getElementsByName("pan")[0].value === "ABCPE1234F");
    }
  });
});

describe("the form", () => {
  test("is left alone where a kind or a box is unknown, or cannot be written into", async () => {
    const told = await page.evaluate(async () => {
      const { attach } = await import("./toran/index.js");
      const form = document.createElement("form");
      form.innerHTML = '<input name="pan"><input type="radio" name="choice"><input type="hidden" name="token">';
      const before = form.outerHTML;
      const refused = [{ pan: "panx" }, { pan: null }, { pan: "pan", choice: "pan" }, { token: "pan" }].map((fields) => {
        try {
          return attach(form, fields);
        } catch (error) {
          return String(error);
        }
      });
      return [...refused, form.outerHTML === before];
    });
    const none = (name) => `TypeError: toran: the form has no box of text or choice named ${name}`;
    assert.deepEqual(told, ['TypeError: toran: attach knows no kind "panx" (field pan)', "TypeError: toran: attach knows no kind undefined (field pan)", none("choice"), none("token"), true]);
  });

  test("sends nothing in place of blanks that nobody asked for", async () => {
    await fill();
    await pan.fill(" \u200b ");
    await send();
    assert.equal((await sent())[0].pan, "");
  });

  test("may be sent unread by a button that asks for it", async () => {
    await mobile.fill("987");
    await page.getByRole("button", { name: "Keep" }).click();
    assert.equal((await sent())[0].mobile, "987");
  });

  test("has no fault of accessibility, with its messages and without", async () => {
    const found = async () => (await new AxeBuilder({ page }).analyze()).violations.filter(({ id }) => id !== "landmark-one-main" && id !== "page-has-heading-one" && id !== "region");
    assert.deepEqual(await found(), []);
    await send();
    assert.deepEqual(await found(), []);
  });

  test("forgets its faults when it is reset", async () => {
    await mobile.fill("1");
    await send();
    await page.getByRole("button", { name: "Clear" }).click();
    await page.waitForFunction(() => document.querySelector("[aria-invalid]") === null);
    assert.equal(await described(mobile), "Ten digits|");
  });

  test("uses its own place for a message, and names what is not there", async () => {
    await send();
    assert.match(await page.locator("output").textContent(), /\S/);
    assert.equal(await page.locator(".toran-message").count(), 3);
    const told = await page.evaluate(async () => {
      const { attach } = await import("./toran/index.js");
      try {
        attach(document.getElementById("form"), { pan: "pan", pin: "pincode" });
      } catch (error) {
        return `${error} ${document.querySelectorAll(".toran-message").length}`;
      }
    });
    assert.equal(told, "TypeError: toran: the form has no box of text or choice named pin 3");
  });

  test("changes its language at once", async () => {
    await send();
    await page.evaluate(async () => (await import("./toran/index.js")).setLocale("hi"));
    assert.match(await described(mobile), /[\u0900-\u097f]/);
    assert.match(await custom(mobile), /[\u0900-\u097f]/);
    assert.deepEqual(await page.evaluate(() => [...document.querySelectorAll("[data-state]")].map(({ lang }) => lang)), ["hi", "hi"]);
  });

  test("is as it was after detaching", async () => {
    await mobile.fill("1");
    await send();
    await page.evaluate(() => (window.detach(), window.detach()));
    assert.equal(await page.evaluate(() => document.getElementById("form").outerHTML === window.before), true);
    assert.equal(await custom(mobile), "");
    await fill();
    await mobile.fill("+91 98765 43210");
    await send();
    assert.equal((await sent())[0].mobile, "+91 98765 43210");
    assert.equal(await page.evaluate(() => document.getElementById("form").noValidate), false);
  });
});
