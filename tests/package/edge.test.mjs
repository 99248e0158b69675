// The packed package in a Worker, as wrangler bundles and serves it with nothing set, and what the bundle for an edge runtime asks for.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { unstable_startWorker as startWorker } from "wrangler";
import { WRANGLER_ENV } from "../../tools/project.mjs";
import { application, PACKAGE, vectors } from "./consumer.mjs";

const script = (entry) => `
import { loadIfsc, lookupIfsc, validateMany } from "${entry}";
import { matchNames } from "toran/names";

// What a runtime forbids outside of a request, as a Worker's first line may ask.
const early = validateMany([{ kind: "pan", input: "abcpe1234f" }])[0].value;

export default {
  async fetch(request) {
    await loadIfsc();
    return Response.json({ early, branch: lookupIfsc("SBIN0000001").status, names: matchNames("Rahul Sharma", "SHARMA RAHUL").decision, verdicts: validateMany(await request.json()) });
  },
};
`;

let toran;

before(async () => {
  Object.assign(process.env, WRANGLER_ENV);
  toran = await import(pathToFileURL(join(PACKAGE, "index.js")).href);
});

for (const entry of ["toran", "toran/url"]) {
  test(`a Worker imports ${entry}, and judges the vectors as Node does`, async () => {
    const config = JSON.stringify({ name: "app", main: "worker.js", compatibility_date: "2025-01-01" });
    const folder = application({ "worker.js": script(entry), "wrangler.json": config });
    const worker = await startWorker({ config: join(folder, "wrangler.json"), dev: { server: { hostname: "127.0.0.1", port: 0 }, inspector: false, logLevel: "error", watch: false } });
    after(() => worker.dispose());
    const items = vectors().flatMap(({ kind, valid }) => valid.map(({ input }) => ({ kind, input })));
    const answer = await worker.fetch("http://localhost/", { method: "POST", body: JSON.stringify(items) });
    assert.deepEqual(await answer.json(), { early: "ABCPE1234F", branch: "listed", names: "match", verdicts: JSON.parse(JSON.stringify(toran.validateMany(items))) });
  });
}

test("a bundler for an edge runtime finds the compiled modules, and no text of them", async () => {
  const root = application({ "main.js": 'import { validate } from "toran"; import { matchNames } from "toran/names"; console.log(validate("pan", ""), matchNames("", ""));' });
  const modules = [];
  const wasm = { name: "wasm", setup: (bundler) => bundler.onResolve({ filter: /\.wasm\?module$/ }, ({ path }) => (modules.push(path), { path, external: true })) };
  await build({ absWorkingDir: root, entryPoints: ["main.js"], bundle: true, format: "esm", conditions: ["edge-light"], outfile: "out.js", logLevel: "silent", plugins: [wasm] });
  assert.deepEqual(modules.sort(), ["./toran_names_bg.wasm?module", "./toran_web_bg.wasm?module"]);
  assert.ok(readFileSync(join(root, "out.js")).length < 60_000);
});
