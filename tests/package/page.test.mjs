// The packed package in a plain page: its files beside the page, no build step; under a content security policy; and the vectors in Chromium.
import assert from "node:assert/strict";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { application, browser, copied, PACKAGE, serve, vectors } from "./consumer.mjs";

const page = (entry) => `<!doctype html><meta charset="utf-8"><title>Page</title><link rel="icon" href="data:,"><p id="shown"></p>
<script type="module">
  import * as toran from "./toran/${entry}";
  globalThis.toran = toran;
  document.getElementById("shown").textContent = toran.validate("mobile", "+91 98765 43210").value;
</script>`;
const STRICT = "default-src 'none'; img-src data:; script-src 'self' 'unsafe-inline'; connect-src 'self'";
const POLICY = { "content-security-policy": STRICT.replace("script-src", "script-src 'wasm-unsafe-eval'") };

let chromium, folder;

before(async () => {
  chromium = await browser();
  folder = application({ "index.html": page("index.js"), "url.html": page("url.js") });
  copied(folder);
});

after(() => chromium?.stop());

// Serves the folder while `look` looks at one of its pages.
async function visited({ path = "", headers } = {}, look) {
  const site = await serve(folder, headers);
  try {
    await look({ ...(await chromium.visit(site.url + path)), asked: site.asked });
  } finally {
    site.stop();
  }
}

const shows = (page) => page.getByText("9876543210").waitFor();

test("a plain page imports one file", () =>
  visited({ headers: POLICY }, async ({ page, noise, asked }) => {
    await shows(page);
    assert.deepEqual(asked, ["/", "/toran/index.js"]);
    assert.deepEqual(noise, []);
  }));

test("the URL entry streams the wasm from beside it", () =>
  visited({ path: "url.html", headers: POLICY }, async ({ page, noise, asked }) => {
    await shows(page);
    assert.deepEqual(asked, ["/url.html", "/toran/url.js", "/toran/toran_web_bg.wasm"]);
    assert.deepEqual(noise, []);
  }));

for (const [entry, registry] of [["index.js", "ifsc.js"], ["url.js", "ifsc.bin"]]) {
  test(`the IFSC registry of ${entry} is loaded when it is asked for, once`, () =>
    visited({ path: entry === "url.js" ? "url.html" : "", headers: POLICY }, async ({ page, noise, asked }) => {
      await shows(page);
      assert.ok(!asked.includes(`/toran/${registry}`));
      const told = await page.evaluate(async () => {
        await Promise.all([toran.loadIfsc(), toran.loadIfsc()]);
        await toran.loadIfsc();
        return toran.lookupIfscMany(["SBIN0000001", "sbin0000001 ", "SBIN0ZZZZZZ", "ZZZZ0000001", "", null]).map(({ status }) => status);
      });
      assert.deepEqual(told, ["listed", "listed", "unlisted", "unknown_bank", "unknown_bank", "unknown_bank"]);
      assert.equal(asked.filter((path) => path === `/toran/${registry}`).length, 1);
      assert.deepEqual(noise, []);
    }));
}

test("a policy that forbids WebAssembly is named by the error, at the call and not at the import", () =>
  visited({ headers: { "content-security-policy": STRICT } }, async ({ page }) => {
    const told = await page.evaluate(async () => {
      const { validate } = await import("./toran/index.js");
      try {
        return validate("pan", "");
      } catch (error) {
        return error.message;
      }
    });
    assert.match(told, /^toran could not start its WebAssembly; .*'wasm-unsafe-eval'/);
    const url = await page.evaluate(() => import("./toran/url.js").catch((error) => error.message));
    const form = await page.evaluate(async () => {
      const { attach } = await import("./toran/index.js");
      document.body.innerHTML = '<form><input name="pan"><input name="city" required></form>';
      const [form] = document.forms;
      const before = form.outerHTML;
      try {
        attach(form, { pan: "pan" });
      } catch (error) {
        return [error.message, form.outerHTML === before, form.noValidate];
      }
    });
    assert.deepEqual(form, [told, true, false]);
    assert.match(url, /^toran could not start its WebAssembly; .*'wasm-unsafe-eval'/);
  }));

test("a wasm that is not there, or that a policy keeps away, is named by the error of the URL entry", async () => {
  const without = application({ "index.html": "<!doctype html><meta charset=utf-8><link rel=icon href=data:,>" });
  copied(without);
  rmSync(join(without, "toran", "toran_web_bg.wasm"));
  for (const [root, headers, reason] of [[without, {}, /404/], [folder, { "content-security-policy": POLICY["content-security-policy"].replace(/connect-src.*/, "") }, /fetch/]]) {
    const site = await serve(root, headers);
    try {
      const { page } = await chromium.visit(site.url);
      const told = await page.evaluate(() => import("./toran/url.js").then(() => "started", (error) => error.message));
      assert.match(told, /^toran could not start its WebAssembly; toran_web_bg\.wasm has to be beside its script, .*connect-src/);
      assert.match(told, reason);
    } finally {
      site.stop();
    }
  }
});

test("the vectors, in one call, are judged as in Node", () =>
  visited({}, async ({ page }) => {
    await shows(page);
    const { validateMany } = await import(join(PACKAGE, "index.js"));
    const items = vectors().flatMap(({ kind, valid, invalid }) => [...valid, ...invalid].map(({ input }) => ({ kind, input })));
    // As the source of a string, so that lone surrogates reach the page.
    const verdicts = await page.evaluate((source) => JSON.stringify(toran.validateMany(JSON.parse(source))), JSON.stringify(items));
    assert.deepEqual(JSON.parse(verdicts), validateMany(items));
  }));

test("both entries offer the same, and what the types say", () =>
  visited({}, async ({ page }) => {
    const [index, url] = await page.evaluate(async () => [await import("./toran/index.js"), await import("./toran/url.js")].map((entry) => Object.keys(entry)));
    assert.deepEqual(index, url);
    const types = readFileSync(join(PACKAGE, "toran.d.ts"), "utf8");
    const declared = new Set([...types.matchAll(/^export function (\w+)/gm)].map(([, name]) => name));
    assert.deepEqual([...declared].sort(), index.sort());
  }));
