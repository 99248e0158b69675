// The tarball as two checkers of npm packages see it: publint (what the manifest promises and the files keep) and Are The Types Wrong (what TypeScript
// finds in each of its module resolutions, node10 and node16's CommonJS among them).
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { CONSUMERS } from "../../tools/consumers.mjs";
import { at, projectVersion } from "../../tools/project.mjs";
import { dependency, PACKAGE, run } from "./consumer.mjs";

test("publint has nothing to say", async () => {
  const { publint } = await dependency("publint");
  assert.deepEqual((await publint({ pkgDir: PACKAGE, strict: true })).messages, []);
});

test("no resolution of TypeScript finds wrong types or none", async () => {
  const program = join(CONSUMERS, "node_modules", "@arethetypeswrong", "cli", "dist", "index.js");
  // What is wasm is no script, and has no types.
  const args = [program, at("dist", `toran-${projectVersion()}.tgz`), "--format", "json", "--exclude-entrypoints", "toran_web_bg.wasm", "toran_names_bg.wasm"];
  const { analysis, problems } = JSON.parse(await run(process.execPath, args, at()).catch(({ stdout }) => stdout));
  assert.deepEqual(problems, {});
  assert.deepEqual(Object.keys(analysis.entrypoints), [".", "./url", "./names", "./package.json"]);
});
