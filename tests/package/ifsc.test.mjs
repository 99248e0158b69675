// The IFSC registry through the packed package: in Node, in a plain page with either entry, damaged, and out of reach.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ageWarning, reduced } from "../../tools/ifsc.mjs";
import { at } from "../../tools/project.mjs";
import { application, browser, copied, PACKAGE, run, serve } from "./consumer.mjs";

const { listed, banks } = JSON.parse(readFileSync(at("tests", "vectors", "ifsc_registry.json"), "utf8"));
const MERGED = { status: "unlisted", bank: "Andhra Bank", withdrawn: true, successor: { bank: "Union Bank of India", prefix: "UBIN", since: "2020-04-01" } };
const RURAL = { status: "unlisted", bank: "Andhra Pragathi Grameena Bank", withdrawn: true, successor: { bank: "Andhra Pradesh Grameena Bank", since: "2025-05-01" } };
const NO_CODES = [undefined, null, 1234, {}, [], ["SBIN0001234"], Symbol("x"), "", "SBIN", "SBIN0001234\0", "SBIN0001234\0SBIN0001234", "\u0153BIN0001234", "\u0130SBIN000123", "SBIN0001234\u00a0", "\ud800", "x".repeat(1e6)];

let toran, chromium;

before(async () => {
  toran = await import(pathToFileURL(`${PACKAGE}/index.js`).href);
  await toran.loadIfsc();
  chromium = await browser();
});

after(() => chromium?.stop());

test("the published assertions hold, singly and in one call", () => {
  const all = toran.lookupIfscMany(Object.keys(listed));
  for (const [index, [code, expected]] of Object.entries(listed).entries()) {
    assert.equal(all[index].status === "listed", expected, code);
    assert.deepEqual(toran.lookupIfsc(code), all[index]);
  }
  for (const [code, bank] of Object.entries(banks)) {
    const known = toran.lookupIfsc(code);
    if (!known.successor) assert.equal(known.bank ?? null, bank, code);
  }
});

test("what each status says", () => {
  assert.deepEqual(toran.lookupIfsc(" sbin0001234 "), { status: "listed", bank: "State Bank of India" });
  assert.deepEqual(toran.lookupIfsc("SBIN0999999"), { status: "unlisted", bank: "State Bank of India" });
  assert.deepEqual(toran.lookupIfsc("ANDB0000123"), MERGED);
  assert.deepEqual(toran.lookupIfsc("APGB0001001"), RURAL);
  assert.deepEqual(toran.lookupIfsc("KDCB0000001"), { status: "unlisted", bank: "Kozhikode District Co-operative Bank", withdrawn: true });
  assert.deepEqual(toran.lookupIfsc("ZZZZ0000001"), { status: "unknown_bank" });
});

test("what is no IFSC is of no bank, and disturbs no neighbour", () => {
  for (const input of NO_CODES) assert.deepEqual(toran.lookupIfsc(input), { status: "unknown_bank" }, String(input).slice(0, 20));
  const among = toran.lookupIfscMany(NO_CODES.flatMap((input) => [input, "SBIN0001234"]));
  assert.deepEqual(among.map(({ status }) => status), NO_CODES.flatMap(() => ["unknown_bank", "listed"]));
  for (const input of [undefined, null, "SBIN0001234", {}, []]) assert.deepEqual(toran.lookupIfscMany(input), []);
});

test("an answer cannot be changed for the next caller", () => {
  const known = toran.lookupIfsc("ANDB0000123");
  assert.ok(Object.isFrozen(known) && Object.isFrozen(known.successor));
});

test("before it is loaded a branch is unverified, and a merged bank known all the same", async () => {
  const source = `
    import { lookupIfsc, loadIfsc, validate } from "toran";
    const both = () => [lookupIfsc("SBIN0001234").status, lookupIfsc("ANDB0000123"), JSON.stringify(validate("ifsc", "ANDB0000123"))];
    const before = both();
    await Promise.all([loadIfsc(), loadIfsc()]);
    console.log(JSON.stringify([before, both()]));`;
  const [first, then] = JSON.parse(await run(process.execPath, ["main.mjs"], application({ "main.mjs": source })));
  assert.deepEqual([first[0], then[0]], ["unverified", "listed"]);
  assert.deepEqual([first[1], then[1]], [{ status: "unverified", bank: MERGED.bank, successor: MERGED.successor }, MERGED]);
  assert.equal(first[2], then[2], "the verdict does not depend on the registry");
});

const PAGE = (entry) => `<!doctype html><meta charset="utf-8"><title>App</title><link rel="icon" href="data:,"><p id="shown"></p>
<script type="module">
  import { loadIfsc, lookupIfsc, lookupIfscMany } from "./toran/${entry}";
  window.again = () => loadIfsc().then(() => lookupIfsc("SBIN0001234").status, (error) => error.message);
  document.getElementById("shown").textContent = await again();
</script>`;

const site = (entry) => {
  const folder = application({ "index.html": PAGE(entry) });
  copied(folder);
  return folder;
};

async function opened(folder, act) {
  const served = await serve(folder);
  try {
    const { page } = await chromium.visit(served.url);
    await page.locator("#shown").filter({ hasText: /./ }).waitFor();
    await act(page, served.asked);
  } finally {
    served.stop();
  }
}

const shown = (page) => page.locator("#shown").textContent();

for (const [entry, pack] of [["index.js", "/toran/ifsc.js"], ["url.js", "/toran/ifsc.bin"]]) {
  test(`a plain page loads it with ${entry}, from ${pack}`, async () => {
    await opened(site(entry), async (page, asked) => {
      assert.equal(await shown(page), "listed");
      assert.equal(asked.filter((path) => path === pack).length, 1);
    });
  });
}

test("a damaged registry is refused, and a later call finds the right one", async () => {
  const folder = site("url.js");
  const file = join(folder, "toran", "ifsc.bin");
  const good = readFileSync(file);
  for (const bad of [good.subarray(0, 99_999), good.with(77_777, good[77_777] ^ 1), Buffer.from("<!doctype html>")]) {
    writeFileSync(file, bad);
    await opened(folder, async (page) => {
      assert.match(await shown(page), /^toran could not load its IFSC registry.*damaged/);
      writeFileSync(file, good);
      assert.equal(await page.evaluate("again()"), "listed");
    });
  }
});

for (const entry of ["index.js", "url.js"]) {
  test(`a registry that is out of reach of ${entry} is said to be, and a later call gets it`, async () => {
    const folder = site(entry);
    const served = await serve(folder);
    try {
      const { page } = await chromium.visit("about:blank");
      await page.route("**/toran/ifsc.*", (route) => route.abort(), { times: 1 });
      await page.goto(served.url);
      await page.locator("#shown").filter({ hasText: /^toran could not load its IFSC registry/ }).waitFor();
      assert.equal(await page.evaluate("again()"), "listed");
    } finally {
      served.stop();
    }
  });
}

test("the package has the core's own registry", () => {
  assert.ok(readFileSync(join(PACKAGE, "ifsc.bin")).equals(readFileSync(at("crates", "core", "src", "ifsc", "registry.bin"))));
});

test("who writes the registry anew is told that the dataset is older than 90 days", () => {
  assert.equal(ageWarning("2026-03-31", "2025-12-31"), undefined);
  assert.match(ageWarning("2026-04-01", "2025-12-31"), /91 days old.*2025-12-31/);
});

test("a bank is reduced that has less than half of the codes it once had, and had ten", () => {
  const data = { codes: { GONE: [], HALF: [1, 2, 3, 4, 5], LESS: [1, 2, 3, 4], FEWS: [], GREW: Array(20).fill(1) } };
  assert.deepEqual(reduced(data, { GONE: 10, HALF: 10, LESS: 10, FEWS: 9, GREW: 10, NONE: 50 }), ["GONE", "LESS", "NONE"]);
});
