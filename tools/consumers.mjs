// Installs what the tests of the npm package need: the bundlers and frameworks of tests/package/package-lock.json in build/consumers, and the packed
// tarball in build/installed, by npm, as anyone installs it.
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packed } from "./package.mjs";
import { once, step } from "./process.mjs";
import { at } from "./project.mjs";

export const CONSUMERS = at("build", "consumers");
const INSTALLED = at("build", "installed");
const FILES = ["package.json", "package-lock.json", ".npmrc"];

/** The package as npm installed it. */
export const PACKAGE = join(INSTALLED, "node_modules", "toran");

/** Installs both. */
export const consumers = once(() => Promise.all([dependencies(), installed()]));

// Only when their lock file has changed.
async function dependencies() {
  const lock = createHash("sha256").update(readFileSync(at("tests", "package", "package-lock.json"))).digest("hex");
  const stamp = join(CONSUMERS, "node_modules", ".toran-lock");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lock) return;
  mkdirSync(CONSUMERS, { recursive: true });
  for (const name of FILES) copyFileSync(at("tests", "package", name), join(CONSUMERS, name));
  await step("npm package: its consumers", "npm", ["ci", "--loglevel=error"], { cwd: CONSUMERS });
  writeFileSync(stamp, lock);
}

// The package has no dependencies, so npm installs it into an empty folder without a registry, whatever its cache has. It takes a new tarball of the same
// version for the installed one, so the folder is removed first.
async function installed() {
  const tarball = await packed();
  rmSync(INSTALLED, { recursive: true, force: true });
  mkdirSync(INSTALLED, { recursive: true });
  writeFileSync(join(INSTALLED, "package.json"), JSON.stringify({ name: "toran-installed", private: true }));
  await step("npm package: install", "npm", ["install", "--no-save", "--no-package-lock", "--offline", "--loglevel=error", tarball], { cwd: INSTALLED });
}
