// What the load bench serves: the gateway as it is built, and its peers in bench/peers/gateway. All get the same settings, the same KV in memory, and the
// sandbox of the vendors behind the same https name.
import { createHash, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { freePort, launch, untilAnswers } from "../tools/process.mjs";
import { at, RUNTIME, SANDBOX, vendorAddresses, WORKER } from "../tools/project.mjs";
import { FOLDER } from "./bundles.mjs";
import { serve } from "./workerd.mjs";

const PEERS = at("bench", "peers", "gateway");
// Vendors proper have https addresses. A loopback address would be probed before each call (docs/decisions/0004-loopback-probe.md).
const VENDORS = "https://vendors.example";

// As many as the objects that the peers share.
const REGISTERS = "256";

const configured = () => JSON.parse(readFileSync(RUNTIME, "utf8"));

// The Durable Objects of each peer that has any.
const OBJECTS = { full: { CHECK: { className: "Check" } }, full_object_each: { CHECK: { className: "Check" } } };

/** Settings of the Worker: `text` by name, and the server `key` that they let in. wrangler.toml's, with the vendors moved. */
export function development() {
  return { key: "toran_dev_key", outbound: "sandbox", text: { ...configured().bindings, ...vendorAddresses(VENDORS), REGISTERS } };
}

/** The same of production: nothing in it is a value of development, with which production refuses to work. */
export function production() {
  const key = "bench_key";
  const tenant = { id: "bench", keys: [createHash("sha256").update(key).digest("hex")], scopes: ["*"], origins: [], consent: "recorded" };
  const text = Object.fromEntries(Object.entries(development().text).map(([name, value]) => [name, real(value)]));
  return { key, outbound: "vendors", text: { ...text, ENVIRONMENT: "production", TENANTS: JSON.stringify([tenant]) } };
}

// Fake too, but of no value that development publishes: other credentials, and keys drawn anew.
function real(value) {
  const random = (digits) => randomBytes(digits.length / 2).toString("hex");
  return value.replace("development_", "bench_").replace("DEVELOPMENT_", "BENCH_").replace(/\b[0-9a-f]{48,64}\b/g, random);
}

// Bundles a peer, or what stands beside every target, to one module; answers its path.
async function bundled(name) {
  const { build } = await import("esbuild");
  const outfile = join(FOLDER, "gateway", `${name}.js`);
  const options = { bundle: true, format: "esm", target: "es2022", external: ["cloudflare:workers"], logLevel: "error" };
  await build({ ...options, entryPoints: [join(PEERS, `${name}.js`)], outfile });
  return outfile;
}

/** Starts a target by name with the settings; `sandbox` is its address. Answers what `serve` does. */
export async function start(name, { text, outbound }, sandbox) {
  const { compatibilityDate, compatibilityFlags, durableObjects } = configured();
  const compatibility = { compatibilityDate, compatibilityFlags };
  // Raw workerd has no rate limiter. What stands under their names here limits nobody, as the peers do not; but something must, or no money moves.
  const limiters = Object.keys(configured().ratelimits ?? {}).map((name) => ({ name, service: "kv" }));
  const bindings = [...Object.entries(text).map(([setting, value]) => ({ name: setting, text: value })), { name: "CHECKS", kvNamespace: "kv" }, ...limiters];
  const own = name === "toran"
    ? { modules: ["index.js", "toran_bg.wasm"].map((file) => join(WORKER, file)), objects: durableObjects }
    : { modules: [await bundled(name)], objects: OBJECTS[name] };
  const workers = {
    main: { ...own, compatibility, bindings, outbound },
    kv: { modules: [await bundled("kv")], compatibility },
    vendors: { modules: [await bundled("vendors")], compatibility, bindings: [{ name: "SANDBOX", service: "sandbox" }] },
  };
  return serve(workers, { sandbox });
}

/** Starts the sandbox of the vendors: `{ address, reset(), delay(operation, ms), posts(), stop() }`. */
export async function startSandbox() {
  const port = await freePort();
  const program = launch(SANDBOX, [], { env: { TORAN_SANDBOX_PORT: String(port) } });
  const url = `http://127.0.0.1:${port}/_sandbox`;
  await untilAnswers(`${url}/calls`, program);
  const order = async (route, body) => {
    const answer = await fetch(`${url}/${route}`, { method: "POST", body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`The sandbox refused ${route}: ${await answer.text()}`);
  };
  return {
    address: `127.0.0.1:${port}`,
    reset: () => order("reset", {}),
    delay: (operation, ms) => order("faults", { operation, fault: "delay", ms }),
    posts: async () => (await (await fetch(`${url}/calls`)).json()).filter(({ kind }) => kind === "post").length,
    stop: () => program.stop(),
  };
}
