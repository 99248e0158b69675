// `npm test`: installs and builds what is missing, runs every suite and ends with one table and one line of totals.
// `npm test -- edge web` runs only these. A suite that ran no test has failed.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import * as build from "./build.mjs";
import { consumers } from "./consumers.mjs";
import { Failure, main, step } from "./process.mjs";
import { at, NODE, TEST_RUNNER, WASM_TARGET } from "./project.mjs";
import { browser, packages, toolchain } from "./setup.mjs";

const RESULTS = at(".wrangler", "test-results");

// The property tests draw the same cases here every time; plain `cargo test` draws new ones.
const SEED = "20261121";

// What the suites need. All of it is prepared side by side from the beginning; a suite waits for its own needs only.
const { runtime, tested, testRunner, workers, www } = build;
const PARTS = { browser, consumers, packages, runtime, tested, testRunner, toolchain, workers, www };

// What counts calls by the clock runs when nothing else does: a machine that is busy with other tests delivers late what was sent in time.
const ALONE = ["plan.test.mjs"];

// One row per suite: what it runs on, what it needs, and how it is run.
const SUITES = {
  tidy: { runtime: "Node (the tree itself)", needs: [], run: () => nodeTests("tidy", process.execPath) },
  native: { runtime: "native", needs: ["toolchain"], run: () => cargoTests(["-p", "toran-core", "-p", "toran-sandbox"], { PROPTEST_RNG_SEED: SEED }) },
  wasm: { runtime: "wasm in Chromium", needs: ["browser", "testRunner"], run: wasmTests },
  package: { runtime: "Node and Chromium", needs: ["browser", "consumers", "packages", "tested"], run: () => nodeTests("package", NODE) },
  edge: { runtime: "workerd", needs: ["packages", "runtime", "tested", "workers", "www"], run: () => nodeTests("edge", NODE) },
  web: { runtime: "workerd and Chromium", needs: ["browser", "packages", "runtime", "tested", "workers", "www"], run: () => nodeTests("web", NODE) },
};

const sum = (text, pattern) => [...text.matchAll(pattern)].reduce((total, [, count]) => total + Number(count), 0);

// How long a suite of cargo's may run, in seconds: one that hangs ends as a failure, with what it printed.
const CARGO_LIMIT = 900;

// cargo and wasm-bindgen-test both end each binary with "test result: ok. 3 passed; 0 failed; 1 ignored; ...".
async function cargoTests(args, env = {}) {
  await step("cargo test: compile", "cargo", ["test", "--no-run", ...args], { env });
  const { code, output } = await step("cargo test", "cargo", ["test", "--no-fail-fast", ...args], { env, show: true, check: false, limit: CARGO_LIMIT });
  return { code, passed: sum(output, /^test result: .*?(\d+) passed/gm), failed: sum(output, /^test result: .*?(\d+) failed/gm) };
}

async function wasmTests() {
  const { chromium, chromedriver } = await browser();
  const env = {
    CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER: TEST_RUNNER,
    CHROMEDRIVER: chromedriver,
    CHROMIUM: chromium,
    WASM_BINDGEN_TEST_TIMEOUT: "120",
  };
  return cargoTests(["-p", "toran-web", "--target", WASM_TARGET], env);
}

// The report on standard output is for people; the counts come from a TAP file.
async function nodeTests(suite, node) {
  const folder = at("tests", suite);
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".test.mjs")) : [];
  if (files.length === 0) return { code: 0, passed: 0, failed: 0 };
  mkdirSync(RESULTS, { recursive: true });
  const alone = files.filter((name) => ALONE.includes(name));
  const together = files.filter((name) => !ALONE.includes(name));
  const runs = [];
  for (const [name, those] of [[suite, together], ...alone.map((file) => [`${suite}.${file}`, [file]])]) runs.push(await nodeRun(suite, node, name, those));
  const total = (field) => runs.reduce((count, run) => count + run[field], 0);
  return { code: runs.find(({ code }) => code !== 0)?.code ?? 0, passed: total("passed"), failed: total("failed") };
}

async function nodeRun(suite, node, name, files) {
  const tap = join(RESULTS, `${name}.tap`);
  rmSync(tap, { force: true });
  const reporters = ["--test-reporter=spec", "--test-reporter-destination=stdout", "--test-reporter=tap", `--test-reporter-destination=${tap}`];
  const limits = ["--test-concurrency=4", ...(node === NODE ? ["--test-timeout=900000", "--test-force-exit"] : [])];
  const env = { NODE_NO_WARNINGS: "1", ...(SUITES[suite].needs.includes("browser") && { CHROMIUM: (await browser()).chromium }) };
  const paths = files.map((file) => join("tests", suite, file));
  const { code } = await step(`tests/${name}`, node, ["--test", ...limits, ...reporters, ...paths], { env, nested: true, show: true, check: false });
  const text = existsSync(tap) ? readFileSync(tap, "utf8") : "";
  return { code, passed: sum(text, /^# pass (\d+)/gm), failed: sum(text, /^# (?:fail|cancelled) (\d+)/gm) };
}

function titled(text) {
  process.stdout.write(`\n== ${text}\n`);
}

async function runSuite(name, ready) {
  titled(`${name} (${SUITES[name].runtime})`);
  await ready;
  const begun = Date.now();
  const { code, passed, failed } = await SUITES[name].run();
  // A runner that failed without a failed test (it did not compile, it crashed), and one without a test, count as one.
  const broken = failed === 0 && (code !== 0 || passed === 0) ? 1 : 0;
  return { name, passed, failed: failed + broken, seconds: (Date.now() - begun) / 1000, empty: passed + failed === 0 };
}

function table(results) {
  titled("summary");
  const row = (...cells) => process.stdout.write(`${cells[0].padEnd(8)}${cells[1].padEnd(26)}${cells.slice(2).map((cell) => String(cell).padStart(9)).join("")}\n`);
  row("suite", "runs on", "passed", "failed", "seconds");
  for (const { name, passed, failed, seconds, empty } of results) {
    row(name, SUITES[name].runtime + (empty ? " (no test)" : ""), passed, failed, seconds.toFixed(1));
  }
}

// When each suite may begin. A part that cannot be made ends the run.
function prepared(names) {
  const ready = names.map((name) => [name, Promise.all(SUITES[name].needs.map((need) => PARTS[need]()))]);
  const failure = new Promise((_, reject) => ready.forEach(([, parts]) => parts.catch(reject)));
  return { ready: Object.fromEntries(ready), failure };
}

await main(async () => {
  const names = process.argv.slice(2).length ? process.argv.slice(2) : Object.keys(SUITES);
  const unknown = names.find((name) => !SUITES[name]);
  if (unknown) throw new Failure(`Unknown suite ${unknown}; there are ${Object.keys(SUITES).join(", ")}`);
  const { ready, failure } = prepared(names);
  const results = [];
  for (const name of names) results.push(await Promise.race([runSuite(name, ready[name]), failure]));
  table(results);
  const total = (field) => results.reduce((count, result) => count + result[field], 0);
  process.stdout.write(`\n${total("passed")} passed, ${total("failed")} failed\n`);
  return total("failed") ? 1 : 0;
});
