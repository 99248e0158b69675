// The JavaScript of the npm package, from the hand-written half (crates/web/js) and wasm-bindgen's: one file per entry, so that a plain
// page loads one file and a bundler finds nothing to resolve. `toran:start` is the entry's way to its wasm, `toran:wasm` the wasm as text.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "../crates/web/js/letters.js";
import { at } from "./project.mjs";

/** Entry file of the package: the module that starts it. */
const ENTRIES = { "index.js": "inline.js", "url.js": "streamed.js" };

const hand = (name) => at("crates", "web", "js", name);

// Where the three names that are no files lead: the entry's start, the folder of wasm-bindgen's output, the wasm itself.
const resolver = (start, bindings) => ({
  name: "toran",
  setup(build) {
    build.onResolve({ filter: /^toran:start$/ }, () => ({ path: hand(start) }));
    build.onResolve({ filter: /toran_web\.js$/ }, () => ({ path: join(bindings, "toran_web.js") }));
    build.onResolve({ filter: /^toran:wasm$/ }, ({ path }) => ({ path, namespace: "toran" }));
    build.onLoad({ filter: /.*/, namespace: "toran" }, () => ({
      contents: `export default ${JSON.stringify(text(readFileSync(join(bindings, "toran_web_bg.wasm"))))}`,
    }));
  },
});

/** The entries: file name to content. `bindings` is the folder of wasm-bindgen's output. */
export async function entries(bindings) {
  const { build } = await import("esbuild");
  const made = Object.entries(ENTRIES).map(async ([name, start]) => {
    const { outputFiles } = await build({
      entryPoints: [hand("toran.js")],
      plugins: [resolver(start, bindings)],
      bundle: true,
      write: false,
      minify: true,
      format: "esm",
      target: "es2022",
      charset: "utf8",
      legalComments: "none",
      logLevel: "warning",
    });
    return [name, outputFiles[0].contents];
  });
  return Object.fromEntries(await Promise.all(made));
}
