// The peers as a form would load them: what their checks use, bundled and minified by esbuild, into build/bench.
import { readFileSync } from "node:fs";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { at } from "../tools/project.mjs";
import { peers } from "./peers.mjs";

export const FOLDER = at("build", "bench");

/** The peers that can be bundled for a browser, each with the path of its `bundle`. */
export async function bundles() {
  const { build } = await import("esbuild");
  const common = { bundle: true, minify: true, format: "esm", target: "es2022", legalComments: "none", logLevel: "error" };
  const fit = (await peers()).filter(({ browser }) => browser);
  return Promise.all(fit.map(async (peer) => {
    const bundle = `${FOLDER}/${peer.name}.js`;
    await build({ ...common, entryPoints: [peer.file], outfile: bundle });
    return { ...peer, bundle };
  }));
}

/** Bytes as they are and as they travel. */
export function weight(...paths) {
  const each = paths.map((path) => readFileSync(path));
  const sum = (measure) => each.reduce((total, bytes) => total + measure(bytes), 0);
  return {
    raw: sum((bytes) => bytes.length),
    gz: sum((bytes) => gzipSync(bytes, { level: 9 }).length),
    brotli: sum((bytes) => brotliCompressSync(bytes).length),
  };
}
