// The JavaScript of the npm package, from the hand-written half (crates/web/js) and wasm-bindgen's: one file per entry, so that a plain
// page loads one file and a bundler finds nothing to resolve. `toran:core` is what wasm-bindgen wrote for the entry's wasm, whose file name is `WASM_FILE`;
// `toran:start` the entry's way to it, `toran:wasm` the wasm as text, `toran:reader` what reads it; `toran:pack` the entry's way to the IFSC registry, which is a file beside it either way: ifsc.bin, and the
// module ifsc.js with its bytes as text: compressed, for in Base64 a server's compression finds nothing any more. CommonJS has an entry and an ifsc.cjs
// of its own, Workers and edge runtimes an entry that imports the wasm beside it (`toran:module`).
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import { text } from "../crates/web/js/letters.js";
import { at } from "./project.mjs";

// wasm-bindgen's own way to the wasm's file needs `import.meta`, and no entry for CommonJS has a use for it.
const COMMON = { format: "cjs", inject: [at("crates", "web", "js", "utf8.js")], define: { "import.meta.url": "undefined" } };

/** Entry file of the package: what it exports, the module that starts its wasm, the one that gets the registry, and how else it is bundled. */
const ENTRIES = {
  "index.js": { exports: "toran.js", start: "inline.js", pack: "pack_inline.js" },
  "url.js": { exports: "toran.js", start: "streamed.js", pack: "pack_fetched.js" },
  "worker.js": { exports: "toran.js", start: "compiled.js", pack: "pack_inline.js" },
  "index.cjs": { exports: "toran.js", start: "inline.js", pack: "pack_required.js", shape: COMMON },
  "names.js": { exports: "names.js", start: "inline.js" },
  "names_worker.js": { exports: "names.js", start: "compiled.js" },
  "names.cjs": { exports: "names.js", start: "inline.js", shape: COMMON },
};

/** The wasm modules of the package, by what has their functions: crates/web and crates/names. */
export const MODULES = { "toran.js": "toran_web", "names.js": "toran_names" };

const REGISTRY = at("crates", "core", "src", "ifsc", "registry.bin");

const hand = (name) => at("crates", "web", "js", name);

const module = (text) => `export default ${JSON.stringify(text)};\n`;
const common = (text) => `module.exports = ${JSON.stringify(text)};\n`;

// Where the names that are no files lead, for one entry. `bindings` is the folder of wasm-bindgen's output.
const resolver = ({ exports, start, pack }, bindings) => ({
  name: "toran",
  setup(build) {
    build.onResolve({ filter: /^toran:start$/ }, () => ({ path: hand(start) }));
    build.onResolve({ filter: /^toran:pack$/ }, () => ({ path: hand(pack) }));
    build.onResolve({ filter: /^toran:core$/ }, () => ({ path: join(bindings, `${MODULES[exports]}.js`) }));
    build.onResolve({ filter: /^toran:ifsc$/ }, ({ kind }) => ({ path: kind === "require-call" ? "./ifsc.cjs" : "./ifsc.js", external: true }));
    // With `?module`, as bundlers for the edge ask for it: Cloudflare's takes it with and without, Vercel's only with.
    build.onResolve({ filter: /^toran:module$/ }, () => ({ path: `./${MODULES[exports]}_bg.wasm?module`, external: true }));
    build.onResolve({ filter: /^toran:wasm$/ }, ({ path }) => ({ path, namespace: "toran" }));
    build.onResolve({ filter: /^toran:reader$/ }, () => ({ path: join(bindings, "letters.wasm") }));
    build.onLoad({ filter: /.*/, namespace: "toran" }, () => ({ contents: module(text(readFileSync(join(bindings, `${MODULES[exports]}_bg.wasm`)))) }));
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
    const entry = ENTRIES[name];
    const define = { WASM_FILE: JSON.stringify(`${MODULES[entry.exports]}_bg.wasm`), ...entry.shape?.define };
    return [name, await bundled(hand(entry.exports), { plugins: [resolver(entry, bindings)], loader: { ".wasm": "base64" }, ...entry.shape, define })];
  });
  const registry = readFileSync(REGISTRY);
  const texts = { "ifsc.js": module(deflateRawSync(registry, { level: 9 }).toString("base64")), "ifsc.cjs": common(registry.toString("base64")) };
  const files = Object.entries(texts).map(([name, text]) => [name, Buffer.from(text)]);
  return { ...Object.fromEntries([...(await Promise.all(made)), ...files]), "ifsc.bin": registry };
}
