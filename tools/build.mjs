// Builds what has changed: the Worker (build/worker), the npm package (www/pkg), the sandbox (target/debug), side by side where they can be.
// cargo decides what is stale; the steps after it are skipped while cargo's output is the same.
import { createHash } from "node:crypto";
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { entries, entry, MODULES } from "./entries.mjs";
import { called, Failure, main, once, step } from "./process.mjs";
import { at, BINDGEN, FAILPOINTS, NODE, RUNTIME, START, TARGET, WASM_TARGET, WORKER } from "./project.mjs";
import { packages, standardLibrary, toolchain } from "./setup.mjs";

const RELEASE_WASM = join(TARGET, WASM_TARGET, "release");
// The header of src/failpoints.rs, by which a wasm that has them is told from one that serves people.
const FAILPOINT = "toran-failpoint";
const LETTERS = at("crates", "web", "js", "letters.wat");
// What every step depends on: this module, the bundler's, and the tools of npm.
const RECIPES = [import.meta.filename, at("tools", "entries.mjs"), at("package-lock.json")];
const read = (path) => (existsSync(path) ? readFileSync(path) : "");

// Runs `make` unless all `outputs` were already made from the same inputs; their digest is kept in build/NAME.stamp.
async function whenChanged(name, outputs, inputs, make) {
  const hash = createHash("sha256");
  for (const input of [...inputs, ...RECIPES]) {
    const bytes = read(input);
    hash.update(`${input} ${bytes.length}\n`).update(bytes);
  }
  const digest = hash.digest("hex");
  const stamp = at("build", `${name}.stamp`);
  if (outputs.every(existsSync) && String(read(stamp)) === digest) return;
  rmSync(stamp, { force: true });
  await make();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, digest);
}

// Inlines slightly larger functions than "z" does, because the inlined code then shrinks by more than it adds. A stack of 256 KiB puts strings at lower
// addresses, which encode in one byte less.
const COMPACT = "-Cllvm-args=-inline-threshold=6 -Clink-arg=-zstack-size=262144";
// No messages or locations of panics, since nobody could read them. No table of JavaScript values, since none crosses. The first two need unstable switches.
const SMALLEST = "-Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none -Ctarget-feature=-reference-types";
// The stack grows down from 256 KiB and never reaches the first kilobyte. Functions of similar names are similar: they compress better as neighbours than inlined
// into their callers.
const SMALLER = ["--low-memory-unused", "-Oz", "--converge", "--one-caller-inline-max-function-size=25", "--reorder-functions-by-name", "--strip-debug", "--strip-producers", "--strip-target-features"];

// What workerd takes, named one by one so that no newer encoding is written than it reads. The names of functions stay, for its stack traces.
const EDGE = ["mutable-globals", "sign-ext", "nontrapping-float-to-int", "bulk-memory", "multivalue", "reference-types", "exception-handling"];
const FASTER = ["-O", ...EDGE.map((feature) => `--enable-${feature}`), "--debuginfo"];
const wasmOpt = (title, ...args) => step(title, at("node_modules", ".bin", "wasm-opt"), args);

async function cargo(title, args, options) {
  await toolchain();
  await step(title, "cargo", args, options);
}

// As a `cdylib` only: for an `rlib` beside it, which the package's tests link, every dependency would be compiled for both.
const release = (title, ...args) => cargo(title, ["rustc", "--release", "--lib", "--target", WASM_TARGET, "--crate-type", "cdylib", ...args]);

// These run at a lower priority. The Worker's link is one thread's work for half a minute, and leaves them the second core.
const native = (title, ...args) => cargo(title, ["build", ...args], { nice: 10 });

/** What writes the JavaScript bindings of a wasm module (crates/bindgen). */
const bindgen = once(() => native("bindings: compile", "-p", "toran-bindgen"));

/** What runs the tests of a wasm module in a browser: it shares most of its packages with the bindings, which go first. */
export const testRunner = once(async () => {
  await bindgen();
  await native("test runner: compile", "-p", "toran-bindgen", "--features", "test-runner", "--bin", "wasm-bindgen-test-runner");
});

// The Worker from its wasm: bindings, and one module with the entry in front.
async function bundle(compiled, folder, { optimised = folder === WORKER } = {}) {
  await Promise.all([compiled, bindgen(), packages()]);
  const source = join(RELEASE_WASM, "toran.wasm");
  const inputs = [source, BINDGEN, at("src", "entry.js")];
  if (read(source).includes(FAILPOINT) !== (folder === FAILPOINTS)) throw new Failure("Another build of the Worker ran at the same time. Run the command again.");
  const outputs = ["index.js", "toran_bg.wasm"].map((name) => join(folder, name));
  await whenChanged(relative(at("build"), folder).replace(sep, "-"), outputs, inputs, async () => {
    const bindings = `${folder}.bindings`;
    await step("Worker: bindings", BINDGEN, ["worker", source, bindings]);
    const wasm = join(bindings, "toran_bg.wasm");
    if (optimised) await wasmOpt("Worker: optimise", ...FASTER, wasm, "-o", wasm);
    // The module last: wrangler watches it, and then reloads both files.
    mkdirSync(folder, { recursive: true });
    renameSync(wasm, join(folder, "toran_bg.wasm"));
    writeFileSync(join(folder, "index.js"), await entry(bindings));
    rmSync(bindings, { recursive: true });
  });
}

/** The Worker, as wrangler's `main` names it. */
export const worker = once(() => bundle(release("Worker: compile", "-p", "toran"), WORKER));

// Every file of which the Worker is made.
const SOURCES = ["src", "crates/core/src", "crates/bindgen", "crates/core/Cargo.toml", "Cargo.toml", "Cargo.lock", "rust-toolchain.toml"];
const filesOf = (path) => (statSync(path).isFile() ? [path] : readdirSync(path).sort().flatMap((name) => filesOf(join(path, name))));

/**
 * What the tests of the edge need: the Worker, and in FAILPOINTS the same with the places where a test makes it trap (src/failpoints.rs). cargo keeps one
 * wasm per crate, whatever the features. So the build with failpoints runs first, is moved away, and is repeated only when a source changes.
 */
export const workers = once(async () => {
  const sources = SOURCES.flatMap((path) => filesOf(at(path)));
  await whenChanged("sources", [join(FAILPOINTS, "index.js")], sources, () =>
    bundle(release("Worker with failpoints: compile", "-p", "toran", "--features", "failpoints"), FAILPOINTS),
  );
  await worker();
});

/** What wrangler.toml means to the local runtime: the tests start that by themselves. */
export const runtime = once(async () => {
  const [source, program] = [at("wrangler.toml"), at("tools", "runtime.mjs")];
  await packages();
  await whenChanged("runtime", [RUNTIME], [source, program], () => step("local runtime: options", NODE, [program, source, RUNTIME]));
});

// As small as the compiler makes it: the standard library is built along, for the same switches (docs/decisions/0008-package-size.md).
async function smallest() {
  const along = ["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"];
  const env = { RUSTC_BOOTSTRAP: "1", CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS: `${COMPACT} ${SMALLEST}` };
  const args = ["build", "--profile", "web", "--lib", "-p", "toran-web", "-p", "toran-names", "--target", WASM_TARGET];
  if (await standardLibrary()) await cargo("npm package: compile", [...args, ...along], { env });
  else await cargo("npm package: compile (larger: the standard library's source is not to be had)", args, { env: { CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS: COMPACT } });
  return Object.values(MODULES).map((name) => join(TARGET, WASM_TARGET, "web", `${name}.wasm`));
}

const types = (name) => readFileSync(at("crates", "web", "js", name));
// The form's.
const PACKAGE_WASM = "toran_web_bg.wasm";
const bindings = (source, folder) => step("npm package: bindings", BINDGEN, ["package", source, folder]);

/** The npm package that the form loads too, and that `npm run package` publishes: the very same files. */
export const www = once(async () => {
  const [sources] = await Promise.all([smallest(), bindgen(), packages()]);
  const folder = at("build", "web");
  const compiled = Object.values(MODULES).map((name) => `${name}_bg.wasm`);
  await whenChanged("www", [...compiled, "letters.wasm"].map((name) => join(folder, name)), [...sources, BINDGEN, LETTERS], async () => {
    for (const source of sources) await bindings(source, folder);
    // No --all-features: it may write encodings that Node 20 and last year's browsers refuse. The module names its own.
    await Promise.all(compiled.map((name) => wasmOpt("npm package: optimise", ...SMALLER, join(folder, name), "-o", join(folder, name))));
    await wasmOpt("npm package: reader", "-Oz", LETTERS, "-o", join(folder, "letters.wasm"));
  });
  const wasm = Object.fromEntries(compiled.map((name) => [name, readFileSync(join(folder, name))]));
  // For CommonJS the same types under another name: TypeScript takes a declaration for what the name of its file says.
  const declared = { "toran.d.ts": types("toran.d.ts"), "toran.d.cts": types("toran.d.ts"), "url.d.ts": types("url.d.ts"), "names.d.ts": types("names.d.ts"), "names.d.cts": types("names.d.ts") };
  place(at("www", "pkg"), { ...(await entries(folder)), ...wasm, ...declared });
});

/**
 * What `npm start` serves: the Worker and the form, compiled as one release and not optimised after that. They behave the same, are larger and ready in
 * half the time. Only START has them: what is tested, published or deployed is made by `worker` and `www`.
 */
export const start = once(async () => {
  const compiled = release("Worker: compile", "-p", "toran");
  await Promise.all([bundle(compiled, join(START, "worker")), compiled.then(form)]);
});

async function form() {
  await Promise.all([release("form: compile", "-p", "toran-web"), bindgen(), packages()]);
  const [source, folder] = [join(RELEASE_WASM, "toran_web.wasm"), join(START, "bindings")];
  await whenChanged("start", [join(folder, PACKAGE_WASM)], [source, BINDGEN], () => bindings(source, folder));
  place(join(START, "www", "pkg"), { ...(await entries(folder, ["url.js"])), [PACKAGE_WASM]: readFileSync(join(folder, PACKAGE_WASM)) });
  link(at("www"), join(START, "www"));
}

// Makes a folder show another's files, also those that change later. What the folder has of its own stays.
function link(from, to) {
  for (const name of readdirSync(to).filter((other) => lstatSync(join(to, other)).isSymbolicLink() && !existsSync(join(to, other)))) rmSync(join(to, name));
  for (const name of readdirSync(from).filter((other) => !existsSync(join(to, other)))) symlinkSync(join(from, name), join(to, name));
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

/** The vendors, on this machine. Unoptimised: with one user it is mostly idle. */
export const sandbox = once(() => native("sandbox: compile", "-p", "toran-sandbox"));

/**
 * The sandbox at the same place, and the core's verdicts that the npm package's are compared with: as `cargo test` compiles them, so optimised. In one
 * command, because two would each choose their own features of the packages that they share, and compile the core twice.
 */
export const tested = once(() =>
  native("sandbox and native verdicts: compile", "--profile", "test", "-p", "toran-core", "-p", "toran-sandbox", "--features", "toran-core/sim", "--bin", "toran-sandbox", "--example", "verdicts"),
);

/** The matcher of names, natively and optimised: how fast it is, which only the bench asks. */
export const names = once(() => native("native matcher: compile", "--profile", "native", "-p", "toran-core", "--example", "names_rate"));

const PARTS = { worker, www, sandbox, tested, workers, runtime, start };

// wrangler runs this before it serves, and whenever a source changes. `npm start` asks it for another part by TORAN_BUILD.
if (called(import.meta)) {
  await main(async () => {
    const names = process.env.TORAN_BUILD?.split(" ") ?? process.argv.slice(2);
    const unknown = names.find((name) => !PARTS[name]);
    if (unknown) throw new Failure(`Unknown part ${unknown}; there are ${Object.keys(PARTS).join(", ")}`);
    await Promise.all((names.length ? names : ["worker", "www", "sandbox"]).map((name) => PARTS[name]()));
  });
}
