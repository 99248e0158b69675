// The JavaScript of the npm package, from the hand-written half (crates/web/js) and wasm-bindgen's: one file per entry, so that a plain page loads
// one file and a bundler finds nothing to resolve. `toran:start` is the entry's way to its wasm, `toran:wasm` the wasm as text; `toran:pack` its
// way to the IFSC registry, which is a file beside it either way: ifsc.bin, and the module ifsc.js with its bytes as text.
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "../crates/web/js/letters.js";
import { at } from "./project.mjs";

/** Entry file of the package: the module that starts it, and the one that gets the registry. */
const ENTRIES = { "index.js": ["inline.js", "pack_inline.js"], "url.js": ["streamed.js", "pack_fetched.js"] };

const REGISTRY = at("crates", "core", "src", "ifsc", "registry.bin");

const hand = (name) => at("crates", "web", "js", name);

const module = (bytes) => `export default ${JSON.stringify(text(bytes))}`;

// Where the names that are no files lead: the entry's start, its way to the registry, the folder of wasm-bindgen's output, the wasm itself.
const resolver = ([start, pack], bindings) => ({
  name: "toran",
  setup(build) {
    build.onResolve({ filter: /^toran:start$/ }, () => ({ path: hand(start) }));
    build.onResolve({ filter: /^toran:pack$/ }, () => ({ path: hand(pack) }));
    build.onResolve({ filter: /^toran:ifsc$/ }, () => ({ path: "./ifsc.js", external: true }));
    build.onResolve({ filter: /toran_web\.js$/ }, () => ({ path: join(bindings, "toran_web.js") }));
    build.onResolve({ filter: /^toran:wasm$/ }, ({ path }) => ({ path, namespace: "toran" }));
    build.onLoad({ filter: /.*/, namespace: "toran" }, () => ({
      contents: module(readFileSync(join(bindings, "toran_web_bg.wasm"))),
    }));
  },
});

/** Writes the entries into `folder`; `bindings` is the folder of wasm-bindgen's output. */
export async function entries(bindings, folder) {
  const { build } = await import("esbuild");
  copyFileSync(REGISTRY, join(folder, "ifsc.bin"));
  writeFileSync(join(folder, "ifsc.js"), module(readFileSync(REGISTRY)));
  for (const [name, modules] of Object.entries(ENTRIES)) {
    await build({
      entryPoints: [hand("toran.js")],
      outfile: join(folder, name),
      plugins: [resolver(modules, bindings)],
      bundle: true,
      minify: true,
      format: "esm",
      target: "es2022",
      charset: "utf8",
      legalComments: "none",
      logLevel: "warning",
    });
  }
}
