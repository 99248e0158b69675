// `npm run package`: the publishable npm package, as a folder ready to import (dist/npm) and as a tarball.
import { copyFileSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { www } from "./build.mjs";
import { called, Failure, main, once, step } from "./process.mjs";
import { at, projectVersion } from "./project.mjs";

const FOLDER = at("dist", "npm");

// The version is the workspace's; the rest is crates/web/package.json as written.
function manifest() {
  const written = JSON.parse(readFileSync(at("crates", "web", "package.json"), "utf8"));
  return { ...written, version: projectVersion() };
}

async function demandImport() {
  const { validate } = await import(pathToFileURL(`${FOLDER}/${manifest().exports["."].default.default}`).href);
  if (validate("pan", "ABCPE1234F").ok !== true) throw new Failure("The package does not validate a PAN");
}

/** Builds both, and answers the tarball's path. */
export const packed = once(async () => {
  await www();
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  const content = manifest();
  for (const name of content.files) copyFileSync(at("www", "pkg", name), `${FOLDER}/${name}`);
  copyFileSync(at("crates", "web", "README.md"), `${FOLDER}/README.md`);
  copyFileSync(at("LICENSE"), `${FOLDER}/LICENSE`);
  writeFileSync(`${FOLDER}/package.json`, `${JSON.stringify(content, undefined, 2)}\n`);
  await demandImport();
  await step("npm pack", "npm", ["pack", "--loglevel=error", "--pack-destination", at("dist")], { cwd: FOLDER });
  return at("dist", `toran-${content.version}.tgz`);
});

if (called(import.meta)) {
  await main(async () => {
    const tarball = await packed();
    process.stdout.write(`dist/npm and dist/toran-${projectVersion()}.tgz (${statSync(tarball).size} bytes)\n`);
  });
}
