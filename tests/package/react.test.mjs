// `attach` on forms whose values React keeps: controlled inputs, and React Hook Form's Controller. What stands in a box and what React has is the
// same canonical value, after the box was left and when the form is sent by Enter.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { application, browser, dependency, serve } from "./consumer.mjs";

const HTML = '<!doctype html><meta charset="utf-8"><title>App</title><link rel="icon" href="data:,"><div id="root"></div><script type="module" src="/main.jsx"></script>';
const MAIN = `
import { StrictMode, useEffect, useRef, useState } from "react";
import { createRoot } from "react-dom/client";
import { Controller, useForm } from "react-hook-form";
import { attach } from "toran";

function useAttached(fields) {
  const form = useRef(null);
  useEffect(() => attach(form.current, fields), []);
  return form;
}

function Controlled() {
  const [mobile, setMobile] = useState("");
  const sent = (event) => (event.preventDefault(), (window.controlled = mobile));
  return (
    <form ref={useAttached({ mobile: "mobile" })} onSubmit={sent}>
      <label>Mobile <input name="mobile" value={mobile} onChange={(event) => setMobile(event.target.value)} /></label>
      <output>{mobile}</output>
    </form>
  );
}

function Hooked() {
  const { control, handleSubmit, watch } = useForm({ defaultValues: { pan: "" } });
  return (
    <form ref={useAttached({ pan: "pan" })} onSubmit={handleSubmit((values) => (window.hooked = values.pan))}>
      <label>PAN <Controller name="pan" control={control} render={({ field }) => <input {...field} />} /></label>
      <output>{watch("pan")}</output>
    </form>
  );
}

createRoot(document.getElementById("root")).render(<StrictMode><Controlled /><Hooked /></StrictMode>);
`;

let chromium, site, page, noise;

before(async () => {
  const { build } = await dependency("vite");
  const root = application({ "index.html": HTML, "main.jsx": MAIN });
  await build({ root, configFile: false, logLevel: "error" });
  [chromium, site] = [await browser(), await serve(join(root, "dist"))];
});

after(async () => {
  await chromium?.stop();
  site?.stop();
});

beforeEach(async () => {
  ({ page, noise } = await chromium.visit(site.url));
});

for (const [name, label, typed, canonical] of [["controlled", "Mobile", "+91 98765 43210", "9876543210"], ["hooked", "PAN", "abcpe 1234f", "ABCPE1234F"]]) {
  test(`a ${name} value is canonical once its box is left`, async () => {
    const box = page.getByLabel(label);
    await box.pressSequentially(typed);
    await box.blur();
    await page.locator("output").filter({ hasText: canonical }).waitFor();
    assert.equal(await box.inputValue(), canonical);
    // React puts back what it does not know as soon as it renders again.
    await box.press("End");
    await box.press("Backspace");
    assert.equal(await box.inputValue(), canonical.slice(0, -1));
    assert.deepEqual(noise, []);
  });

  test(`a ${name} value is canonical where Enter sends the form`, async () => {
    const box = page.getByLabel(label);
    await box.pressSequentially(typed);
    await box.press("Enter");
    await page.waitForFunction((name) => window[name], name);
    assert.equal(await page.evaluate((name) => window[name], name), canonical);
    assert.equal(await box.inputValue(), canonical);
    assert.deepEqual(noise, []);
  });
}
