// What is shipped, in bytes: each file of the npm package, what a page loads of it, the Worker, and what the same checks cost with the peers.
import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { WORKER } from "../tools/project.mjs";
import { bundles, weight } from "./bundles.mjs";
import { FOLDER } from "./toran.mjs";

export const title = "Size, in bytes";
export const needs = ["worker"];

const LOADED = /\.(js|wasm|bin)$/;

export async function measure() {
  const files = readdirSync(FOLDER).filter((name) => LOADED.test(name));
  const entry = (...names) => weight(...names.map((name) => join(FOLDER, name)));
  return [
    ...files.map((name) => ({ what: `toran: ${name}`, ...weight(join(FOLDER, name)) })),
    { what: 'toran: wasm and glue, as "toran/url" loads them', ...entry("url.js", "toran_web_bg.wasm") },
    { what: 'toran: wasm and glue of "toran/names" in a Worker', ...entry("names_worker.js", "toran_names_bg.wasm") },
    { what: "Worker: wasm", ...weight(join(WORKER, "toran_bg.wasm")) },
    ...(await bundles()).map(({ bundle, checks }) => {
      const name = basename(bundle, ".js");
      return { what: `${name}: ${Object.keys(checks).join(", ")}`, ...weight(bundle) };
    }),
  ];
}
