// The JavaScript of the npm package, from the hand-written half (crates/web/js) and wasm-bindgen's: one file per entry, so that a plain
// page loads one file and a bundler finds nothing to resolve. `toran:start` is the entry's way to its wasm, `toran:wasm` the wasm as text,
// `toran:reader` what reads it; `toran:pack` the entry's way to the IFSC registry, which is a file beside it either way: ifsc.bin, and the
// module ifsc.js with its bytes as text: compressed, for in Base64 a server's compression finds nothing any more.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import { text } from "../crates/web/js/letters.js";
import { at } from "./project.mjs";

/** Entry file of the package: the module that starts it, and the one that gets the registry. */
const ENTRIES = { "index.js": ["inline.js", "pack_inline.js"], "url.js": ["streamed.js", "pack_fetched.js"] };

const REGISTRY = at("crates", "core", "src", "ifsc", "registry.bin");

const hand = (name) => at("crates", "web", "js", name);

const module = (text) => `export default ${JSON.stringify(text)};\n`;

// Where the names that are no files lead: the entry's start, its way to the registry, the folder of wasm-bindgen's output, the wasm itself.
const resolver = ([start, pack], bindings) => ({
  name: "toran",
  setup(build) {
    build.onResolve({ filter: /^toran:start$/ }, () => ({ path: hand(start) }));
    build.onResolve({ filter: /^toran:pack$/ }, () => ({ path: hand(pack) }));
    build.onResolve({ filter: /^toran:ifsc$/ }, () => ({ path: "./ifsc.js", external: true }));
    build.onResolve({ filter: /toran_web\.js$/ }, () => ({ path: join(bindings, "toran_web.js") }));
    build.onResolve({ filter: /^toran:wasm$/ }, ({ path }) => ({ path, namespace: "toran" }));
    build.onResolve({ filter: /^toran:reader$/ }, () => ({ path: join(bindings, "letters.wasm") }));
    build.onLoad({ filter: /.*/, namespace: "toran" }, () => ({ contents: module(text(readFileSync(join(bindings, "toran_web_bg.wasm")))) }));
  },
});

// One module of everything that `file` imports.
async function bundled(file, options) {
  const { build } = await import("esbuild");
  const shape = { bundle: true, write: false, minify: true, format: "esm", target: "es2022", charset: "utf8", legalComments: "none", logLevel: "warning" };
  const { outputFiles } = await build({ entryPoints: [file], ...shape, ...options });
  return outputFiles[0].contents;
}

/** The Worker's module. It imports its wasm, a file beside it, as workerd gives it: compiled. */
export const entry = (bindings) =>
  bundled(at("src", "entry.js"), {
    external: ["cloudflare:*"],
    plugins: [
      {
        name: "toran",
        setup(build) {
          build.onResolve({ filter: /^toran:bindings$/ }, () => ({ path: join(bindings, "toran.js") }));
          build.onResolve({ filter: /\.wasm$/ }, ({ path }) => ({ path, external: true }));
          // workerd gives the compiled module for a plain `import`; it does not know `import source`.
          build.onLoad({ filter: /\btoran\.js$/ }, ({ path }) => ({ contents: readFileSync(path, "utf8").replace("import source ", "import ") }));
        },
      },
    ],
  });

/** The entries `names` and the registry: file name to content. `bindings` is the folder of wasm-bindgen's output. */
export async function entries(bindings, names = Object.keys(ENTRIES)) {
  const made = names.map(async (name) => {
    return [name, await bundled(hand("toran.js"), { plugins: [resolver(ENTRIES[name], bindings)], loader: { ".wasm": "base64" } })];
  });
  return { ...Object.fromEntries(await Promise.all(made)), "ifsc.bin": readFileSync(REGISTRY), "ifsc.js": Buffer.from(module(deflateRawSync(readFileSync(REGISTRY), { level: 9 }).toString("base64"))) };
}
