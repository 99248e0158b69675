// The JavaScript of the npm package, from the hand-written half (crates/web/js) and wasm-bindgen's: one file per entry, so that a plain
// page loads one file and a bundler finds nothing to resolve. `toran:start` is the entry's way to its wasm, `toran:wasm` the wasm as text,
// `toran:reader` what reads it; `toran:pack` the entry's way to the IFSC registry, which is a file beside it either way: ifsc.bin, and the
// module ifsc.js with its bytes as text: compressed, for in Base64 a server's compression finds nothing any more. CommonJS has an entry and an ifsc.cjs
// of its own, Workers and edge runtimes an entry that imports the wasm beside it (`toran:module`).
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import { text } from "../crates/web/js/letters.js";
import { at } from "./project.mjs";

/** Entry file of the package: the module that starts it, the one that gets the registry, and how else it is bundled. */
const ENTRIES = {
  "index.js": ["inline.js", "pack_inline.js"],
  "url.js": ["streamed.js", "pack_fetched.js"],
  "worker.js": ["compiled.js", "pack_inline.js"],
  "index.cjs": ["inline.js", "pack_required.js", { format: "cjs", inject: [at("crates", "web", "js", "utf8.js")] }],
};

const REGISTRY = at("crates", "core", "src", "ifsc", "registry.bin");

const hand = (name) => at("crates", "web", "js", name);

const module = (text) => `export default ${JSON.stringify(text)};\n`;
const common = (text) => `module.exports = ${JSON.stringify(text)};\n`;

// Where the names that are no files lead: the entry's start, its way to the registry, the folder of wasm-bindgen's output, the wasm itself.
const resolver = ([start, pack], bindings) => ({
  name: "toran",
  setup(build) {
    build.onResolve({ filter: /^toran:start$/ }, () => ({ path: hand(start) }));
    build.onResolve({ filter: /^toran:pack$/ }, () => ({ path: hand(pack) }));
    build.onResolve({ filter: /^toran:ifsc$/ }, ({ kind }) => ({ path: kind === "require-call" ? "./ifsc.cjs" : "./ifsc.js", external: true }));
    // With `?module`, as bundlers for the edge ask for it: Cloudflare's takes it with and without, Vercel's only with.
    build.onResolve({ filter: /^toran:module$/ }, () => ({ path: "./toran_web_bg.wasm?module", external: true }));
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
    const [start, pack, shape] = ENTRIES[name];
    return [name, await bundled(hand("toran.js"), { plugins: [resolver([start, pack], bindings)], loader: { ".wasm": "base64" }, ...shape })];
  });
  const registry = readFileSync(REGISTRY);
  const texts = { "ifsc.js": module(deflateRawSync(registry, { level: 9 }).toString("base64")), "ifsc.cjs": common(registry.toString("base64")) };
  const files = Object.entries(texts).map(([name, text]) => [name, Buffer.from(text)]);
  return { ...Object.fromEntries([...(await Promise.all(made)), ...files]), "ifsc.bin": registry };
}
