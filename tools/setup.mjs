// Installs what is missing, and nothing twice: npm packages, the Rust toolchain, (for tests only) Chromium, and (for the bench only) wrk.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { called, Failure, main, once, step } from "./process.mjs";
import { at, NODE, ROOT, WASM_TARGET } from "./project.mjs";

const read = (path) => (existsSync(path) ? readFileSync(path, "utf8") : "");
const outputOf = (command, ...args) => {
  const { status, stdout } = spawnSync(command, args, { cwd: ROOT, encoding: "utf8" });
  return status === 0 ? stdout.trim() : undefined;
};

/** node_modules as package-lock.json has it. */
export const packages = once(async () => {
  const stamp = at("node_modules", ".toran-lock");
  const lock = createHash("sha256").update(read(at("package-lock.json"))).digest("hex");
  if (read(stamp) === lock && existsSync(NODE)) return;
  // npm removes node_modules first, so it must not run on the Node that lives in there.
  const path = process.env.PATH.split(delimiter).filter((folder) => !folder.includes("node_modules")).join(delimiter);
  await step("npm packages", "npm", ["ci", "--loglevel=error"], { env: { PATH: path } });
  if (!existsSync(NODE)) throw new Failure(`There is no Node for ${process.platform} on ${process.arch} among the packages (tools/project.mjs)`);
  writeFileSync(stamp, lock);
});

/** The toolchain and the wasm target that rust-toolchain.toml names. */
export const toolchain = once(async () => {
  if (!outputOf("rustup", "--version")) {
    throw new Failure("rustup is missing. Install it (Debian: apt-get install rustup), then run the command again.");
  }
  if (!outputOf("cargo", "--version")) await step("Rust toolchain", "rustup", ["toolchain", "install"]);
  const sysroot = outputOf("rustc", "--print", "sysroot");
  if (!existsSync(join(sysroot, "lib", "rustlib", WASM_TARGET))) {
    await step(`Rust target ${WASM_TARGET}`, "rustup", ["target", "add", WASM_TARGET]);
  }
});

/** Whether the standard library's source is there, with which the npm package's wasm is a seventh smaller; it is fetched where it can be. */
export async function standardLibrary() {
  await toolchain();
  const source = () => existsSync(join(outputOf("rustc", "--print", "sysroot"), "lib", "rustlib", "src", "rust", "library", "Cargo.lock"));
  if (!source()) await step("Rust standard library source", "rustup", ["component", "add", "rust-src"], { check: false });
  return source();
}

// Installs packages of Debian where that is possible; fails with the advice elsewhere.
async function debian(title, names, advice) {
  if (process.getuid?.() !== 0 || !outputOf("apt-get", "--version")) throw new Failure(advice);
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  await step("Debian's package list", "apt-get", ["update", "-q"], { env, check: false });
  await step(title, "apt-get", ["install", "-y", "-q", "--no-install-recommends", ...names], { env });
}

const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const DRIVERS = ["/usr/bin/chromedriver", "/usr/lib/chromium/chromedriver"];

/** The browser and its driver, for tests only: `{ chromium, chromedriver }`. */
export const browser = once(async () => {
  const find = () => ({
    chromium: process.env.CHROMIUM || CHROMIUM.find(existsSync),
    chromedriver: process.env.CHROMEDRIVER || DRIVERS.find(existsSync),
  });
  const found = find();
  if (found.chromium && found.chromedriver) return found;
  const advice = "The tests need Chromium: apt-get install chromium chromium-driver (or set CHROMIUM and CHROMEDRIVER)";
  await debian("Chromium", ["chromium", "chromium-driver"], advice);
  const installed = find();
  if (!installed.chromium || !installed.chromedriver) throw new Failure(advice);
  return installed;
});

/** wrk, which makes the load of `npm run bench -- gateway`: its path. */
export const loadGenerator = once(async () => {
  const find = () => process.env.PATH.split(delimiter).map((folder) => join(folder, "wrk")).find(existsSync);
  const found = find();
  if (found) return found;
  const advice = "The load bench needs wrk: apt-get install wrk (or put it into PATH)";
  await debian("wrk", ["wrk"], advice);
  const path = find();
  if (!path) throw new Failure(advice);
  return path;
});

/** What every build needs. */
export async function setup() {
  await Promise.all([packages(), toolchain()]);
}

if (called(import.meta)) await main(setup);
