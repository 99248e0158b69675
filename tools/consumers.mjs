// What the tests of the npm package use it with: build/consumers has the bundlers and frameworks of tests/package/package-lock.json,
// and the packed tarball, installed by npm as anyone installs it.
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packed } from "./package.mjs";
import { step } from "./process.mjs";
import { at } from "./project.mjs";

export const CONSUMERS = at("build", "consumers");
const FILES = ["package.json", "package-lock.json", ".npmrc"];

/** Installs both; the first only when its lock file has changed. */
export async function consumers() {
  const lock = createHash("sha256").update(readFileSync(at("tests", "package", "package-lock.json"))).digest("hex");
  const stamp = join(CONSUMERS, "node_modules", ".toran-lock");
  if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== lock) {
    mkdirSync(CONSUMERS, { recursive: true });
    for (const name of FILES) copyFileSync(at("tests", "package", name), join(CONSUMERS, name));
    await step("npm package: its consumers", "npm", ["ci", "--loglevel=error"], { cwd: CONSUMERS });
    writeFileSync(stamp, lock);
  }
  const tarball = await packed();
  // npm takes another tarball of the same version for the one it has.
  rmSync(join(CONSUMERS, "node_modules", "toran"), { recursive: true, force: true });
  await step("npm package: install", "npm", ["install", "--no-save", "--no-package-lock", "--offline", "--loglevel=error", tarball], { cwd: CONSUMERS });
}
