// Builds what has changed: the Worker (build/worker), the npm package (www/pkg), the sandbox (target/debug).
// cargo decides what is stale; the steps after it are skipped while cargo's output is the same.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { entries } from "./entries.mjs";
import { called, Failure, main, step } from "./process.mjs";
import { at, TARGET, TOOLS, WASM_TARGET, WORKER } from "./project.mjs";
import { setup, standardLibrary } from "./setup.mjs";

const RELEASE_WASM = join(TARGET, WASM_TARGET, "release");
const LETTERS = at("crates", "web", "js", "letters.wat");
const read = (path) => (existsSync(path) ? readFileSync(path) : "");

// Runs `make` unless `output` was already made from the same bytes; the digest of these is kept in build/NAME.stamp.
async function whenChanged(name, output, inputs, make) {
  const hash = createHash("sha256");
  for (const input of inputs) hash.update(read(input));
  const digest = hash.digest("hex");
  const stamp = at("build", `${name}.stamp`);
  if (existsSync(output) && String(read(stamp)) === digest) return;
  rmSync(stamp, { force: true });
  await make();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, digest);
}

// Somewhat larger functions are inlined than for "z", for what they then lose is more; and behind a smaller stack, of a quarter of a megabyte, the addresses
// of texts are a byte shorter.
const COMPACT = "-Cllvm-args=-inline-threshold=12 -Clink-arg=-zstack-size=262144";
// No texts and places of panics, which nobody could read; no table for JavaScript's own values, of which none crosses. The first two are no stable switches yet.
const SMALLEST = "-Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none -Ctarget-feature=-reference-types";
// The stack is at the bottom of the memory and ends far from it, so nothing is in the first kilobyte. What is called alike is alike, and packed better side by side
// than inside of what calls it.
const SMALLER = ["--low-memory-unused", "-Oz", "--converge", "--one-caller-inline-max-function-size=25", "--reorder-functions-by-name", "--strip-debug", "--strip-producers", "--strip-target-features"];

const cargoWasm = (title, crate) => step(title, "cargo", ["build", "--release", "--lib", "-p", crate, "--target", WASM_TARGET]);

/** The Worker, as wrangler's `main` names it. */
export async function worker() {
  await cargoWasm("Worker: compile", "toran");
  const env = {
    WASM_BINDGEN_BIN: join(TOOLS, "bin", "wasm-bindgen"),
    WASM_OPT_BIN: at("node_modules", ".bin", "wasm-opt"),
    ESBUILD_BIN: at("node_modules", ".bin", "esbuild"),
  };
  const inputs = [join(RELEASE_WASM, "toran.wasm"), at("Cargo.lock"), at("package-lock.json"), import.meta.filename];
  await whenChanged("worker", join(WORKER, "index.js"), inputs, () =>
    step("Worker: bundle", join(TOOLS, "bin", "worker-build"), ["--release", "--out-dir", "build/worker"], { env }),
  );
}

// As small as the compiler makes it: the standard library is built along, for the same switches (docs/decisions/0008-package-size.md).
async function smallest() {
  const along = ["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"];
  const env = { RUSTC_BOOTSTRAP: "1", CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS: `${COMPACT} ${SMALLEST}` };
  const args = ["build", "--profile", "web", "--lib", "-p", "toran-web", "--target", WASM_TARGET];
  if (await standardLibrary()) await step("npm package: compile", "cargo", [...args, ...along], { env });
  else await step("npm package: compile (larger: the standard library's source is not to be had)", "cargo", args, { env: { CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS: COMPACT } });
  return join(TARGET, WASM_TARGET, "web", "toran_web.wasm");
}

/** The npm package that the form loads too, and that `npm run package` publishes: the very same files. */
export async function www() {
  const source = await smallest();
  const bindings = at("build", "web");
  const wasm = join(bindings, "toran_web_bg.wasm");
  await whenChanged("www", wasm, [source, LETTERS, at("Cargo.lock"), at("package-lock.json"), import.meta.filename], async () => {
    mkdirSync(bindings, { recursive: true });
    await step("npm package: bindings", join(TOOLS, "bin", "wasm-bindgen"), ["--target", "web", "--no-typescript", "--out-dir", bindings, source]);
    // No --all-features: it may write encodings that Node 20 and last year's browsers refuse. The module names its own.
    await step("npm package: optimise", at("node_modules", ".bin", "wasm-opt"), [...SMALLER, wasm, "-o", wasm]);
    await step("npm package: reader", at("node_modules", ".bin", "wasm-opt"), ["-Oz", LETTERS, "-o", join(bindings, "letters.wasm")]);
  });
  const types = at("crates", "web", "js", "toran.d.ts");
  place(at("www", "pkg"), { ...(await entries(bindings)), [basename(wasm)]: readFileSync(wasm), [basename(types)]: readFileSync(types) });
}

// Makes a folder hold exactly these files. What is there already is not touched: a server may be reading it.
function place(folder, files) {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder).filter((other) => !(other in files))) rmSync(join(folder, name), { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    if (!existsSync(path) || Buffer.compare(readFileSync(path), content) !== 0) writeFileSync(path, content);
  }
}

/** The vendors, on this machine. Unoptimised: it waits more than it works, and the tests share its build. */
export async function sandbox() {
  await step("sandbox: compile", "cargo", ["build", "-p", "toran-sandbox"]);
}

/** The core's verdicts, natively: what the npm package's are compared with. */
export async function verdicts() {
  await step("native verdicts: compile", "cargo", ["build", "-p", "toran-core", "--features", "sim", "--example", "verdicts"]);
}

/** The matcher of names, natively and optimised: how fast it is, which only the bench asks. */
export async function names() {
  await step("native matcher: compile", "cargo", ["build", "--release", "-p", "toran-core", "--example", "names_rate"]);
}

const PARTS = { worker, www, sandbox, verdicts };

if (called(import.meta)) {
  await main(async () => {
    const names = process.argv.slice(2);
    const unknown = names.find((name) => !PARTS[name]);
    if (unknown) throw new Failure(`Unknown part ${unknown}; there are ${Object.keys(PARTS).join(", ")}`);
    await setup();
    for (const name of names.length ? names : Object.keys(PARTS)) await PARTS[name]();
  });
}
