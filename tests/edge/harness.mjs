// Black-box tests against the real Worker in the real runtime, as `wrangler dev` would serve it: the built Worker, wrangler.toml, and the
// vendor sandbox as a process of its own. Without wrangler in between a start costs a tenth, and nothing reloads in the middle of a test;
// wrangler_dev.test.mjs asks the same of wrangler itself. Each call gets free ports and a state directory of its own, so that test files run
// side by side. Everything is stopped and removed at the end, also when a test fails or the run is interrupted.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Failure, freePort, guard, launch, untilAnswers } from "../../tools/process.mjs";
import { at, RUNTIME, SANDBOX, vendorAddresses, WORKER, WRANGLER } from "../../tools/project.mjs";

// The very one that wrangler brings.
const { convertV4MiniflareOptions, Log, Miniflare } = createRequire(WRANGLER)("miniflare");

/** The server key of development, as wrangler.toml's TENANTS knows it. */
export const KEY = "toran_dev_key";

const HOME = at(".wrangler", "test");
const FOLDER = join(HOME, String(process.pid));
// A vendor of which nothing is set is not in use.
const NO_SECOND_VENDOR = { CASHFREE_URL: "", CASHFREE_CLIENT_ID: "", CASHFREE_CLIENT_SECRET: "" };
const JSON_HEADERS = { "content-type": "application/json", authorization: `Bearer ${KEY}` };
let count = 0;

guard();
process.on("exit", () => discard(FOLDER));
if (existsSync(HOME)) readdirSync(HOME).filter((pid) => !alive(Number(pid))).forEach((pid) => discard(join(HOME, pid)));

// What is still being written to by a runtime that is being killed is left to the next run.
function discard(folder) {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3, retryDelay: 50 });
  } catch {}
}

function alive(pid) {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function demand(path) {
  if (!existsSync(path)) throw new Failure(`${path} is missing; build first: npm test -- edge`);
}

/**
 * Starts the vendor sandbox.
 * `gatewayPort`: where its callbacks go. Answers `{ url, calls(), money(), otps(number), fault(body), reset(), logs(), stop() }`; `otps`: the one-time passwords that a number was sent.
 */
export async function startSandbox({ gatewayPort = 8787 } = {}) {
  demand(SANDBOX);
  const port = await freePort();
  const lines = [];
  const env = { TORAN_PORT: String(gatewayPort), TORAN_SANDBOX_PORT: String(port) };
  const program = launch(SANDBOX, [], { env, onLine: (line) => lines.push(line) });
  const url = `http://127.0.0.1:${port}`;
  await ready(`${url}/_sandbox/calls`, program, lines);
  return {
    url,
    calls: async () => (await get(url, "/_sandbox/calls")).json,
    money: async () => (await get(url, "/_sandbox/money")).json,
    otps: async (number) => (await get(url, "/_sandbox/otp")).json.filter(({ to }) => to === number).map(({ code }) => code),
    fault: (body) => post(url, "/_sandbox/faults", body),
    reset: () => post(url, "/_sandbox/reset", {}),
    logs: () => [...lines],
    stop: () => program.stop(),
  };
}

/**
 * Starts the gateway.
 * `vars`: overrides of wrangler.toml's [vars]. `sandbox`: what startSandbox answered; without it vendor calls fail.
 * `state`: a state directory to go on with (another gateway's `state`, stopped with `keep`). `port`: default a free one.
 * `secondVendor`: whether an operation's second vendor is in use, as in development; without it what a vendor's trouble comes to is about that vendor alone.
 * `limits`: how many requests a minute a limiter allows, by its binding; null takes the binding away, "broken" makes it fail.
 * `worker`: the folder of the built Worker. `toolsLimit`: how many requests a minute the public tools take from an address.
 * Answers `{ url, port, state, logs(), killRuntime(), deploy(worker), stop({ keep }) }`: `deploy` serves another built Worker on the same state, as a deploy does.
 */
export async function startGateway({ vars: own = {}, sandbox, state, port, worker = WORKER, toolsLimit, limits = {}, secondVendor = false } = {}) {
  demand(join(worker, "index.js"));
  demand(RUNTIME);
  const folder = join(FOLDER, String((count += 1)));
  const place = { folder, worker, toolsLimit, limits, state: state ?? join(folder, "state"), port: port ?? (await freePort()) };
  mkdirSync(folder, { recursive: true });
  const lines = [];
  let restarted = () => {};
  const vars = { ...(secondVendor ? {} : NO_SECOND_VENDOR), ...(toolsLimit && { TOOLS_PER_MINUTE: String(toolsLimit) }), ...own };
  const vendors = vendorAddresses(sandbox?.url ?? "http://127.0.0.1:9");
  const options = runtimeOptions(place, { ...vendors, ...vars }, lines, () => restarted());
  const runtime = new Miniflare(convertV4MiniflareOptions(options));
  const url = `http://127.0.0.1:${place.port}`;
  try {
    await runtime.ready;
  } catch (error) {
    await runtime.dispose().catch(() => {});
    throw new Failure(`${error.message}\n${lines.slice(-40).join("\n")}`);
  }
  return {
    url,
    port: place.port,
    state: place.state,
    logs: () => [...lines],
    killRuntime: async () => {
      const back = new Promise((resolve) => (restarted = resolve));
      process.kill(runtimeOn(place.port), "SIGKILL");
      await Promise.race([back, sleep(30_000, undefined, { ref: false }).then(() => Promise.reject(new Failure("The runtime did not come back within 30 s")))]);
    },
    deploy: (built) => runtime.setOptions(convertV4MiniflareOptions(runtimeOptions({ ...place, worker: built }, { ...vendors, ...vars }, lines, () => restarted()))),
    stop: async ({ keep = false } = {}) => {
      await runtime.dispose();
      if (!keep) discard(folder);
    },
  };
}

// What wrangler.toml says (tools/runtime.mjs), with the places and the settings of one gateway. The runtime restarts by itself after a crash.
function runtimeOptions({ folder, worker, state, port, toolsLimit, limits }, vars, lines, unsafeHandleRuntimeRestart) {
  const configured = JSON.parse(readFileSync(RUNTIME, "utf8"));
  if (toolsLimit) configured.ratelimits.TOOLS_LIMIT.simple.limit = toolsLimit;
  const serviceBindings = {};
  for (const [name, limit] of Object.entries(limits)) {
    if (limit === null || limit === "broken") delete configured.ratelimits[name];
    // What is bound there knows no limits.
    if (limit === "broken") serviceBindings[name] = () => new Response();
    if (typeof limit !== "number") continue;
    configured.ratelimits[name].simple.limit = limit;
  }
  const [index, ...wasm] = readdirSync(worker).sort();
  return {
    ...configured,
    serviceBindings,
    name: "toran",
    rootPath: worker,
    modulesRoot: worker,
    modules: [{ type: "ESModule", path: join(worker, index) }, ...wasm.map((name) => ({ type: "CompiledWasm", path: join(worker, name) }))],
    bindings: { ...configured.bindings, ...vars },
    assets: { ...configured.assets, directory: at("www") },
    host: "127.0.0.1",
    port,
    // Cron triggers are called by tests.
    unsafeTriggerHandlers: true,
    // Nothing is looked up outside.
    cf: false,
    resourcePersistencePath: join(state, "v3"),
    resourceTmpPath: join(folder, "tmp"),
    telemetry: { enabled: false },
    log: new Lines(lines),
    handleStructuredLogs: ({ message }) => lines.push(...message.split("\n")),
    unsafeHandleRuntimeRestart,
  };
}

class Lines extends Log {
  constructor(lines) {
    super();
    this.lines = lines;
  }

  log(message) {
    this.lines.push(...message.split("\n"));
  }
}

// The runtime of this process that listens on the port.
function runtimeOn(port) {
  const found = readdirSync("/proc").filter((name) => /^\d+$/.test(name)).find((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(`entry=127.0.0.1:${port}\0`);
    } catch {
      return false;
    }
  });
  if (!found) throw new Failure("No runtime of this gateway is running");
  return Number(found);
}

async function ready(url, program, lines) {
  try {
    await untilAnswers(url, program);
  } catch (error) {
    await program.stop();
    throw new Failure(`${error.message}\n${lines.slice(-40).join("\n")}`);
  }
}

/** `{ status, headers, text, json }`; `json` is undefined when the body is none. Redirects are not followed. */
export async function send(url, path, { method = "GET", body, headers = {} } = {}) {
  const answer = await fetch(url + path, { method, body, headers, redirect: "manual", signal: AbortSignal.timeout(60_000) });
  const text = await answer.text();
  return { status: answer.status, headers: Object.fromEntries(answer.headers), text, json: parsed(text) };
}

/** GET with the development key; a header of null is left out. */
export const get = (url, path, headers = {}) => send(url, path, { headers: present({ authorization: JSON_HEADERS.authorization, ...headers }) });

/** POST with the development key. An object is sent as JSON, a string or bytes as they are; a header of null is left out. */
export function post(url, path, body, headers = {}) {
  const raw = typeof body === "string" || body instanceof Uint8Array;
  return send(url, path, { method: "POST", body: raw ? body : JSON.stringify(body), headers: present({ ...JSON_HEADERS, ...headers }) });
}

/** Waits until `check` answers something; answers it. Fails in words when the time is over. */
export async function eventually(what, check, seconds = 60) {
  for (const until = Date.now() + seconds * 1000; Date.now() < until; await sleep(40)) {
    const found = await check();
    if (found) return found;
  }
  throw new Failure(`Not within ${seconds} s: ${what}`);
}

/** What `GET /v1/checks/...` answers when it is no longer 202, or waits for a person. A runtime that was killed may not answer at first. */
export const settled = (url, reference, headers) =>
  eventually(`the end of ${reference}`, async () => {
    const answer = await get(url, `/v1/checks/${reference}`, headers).catch(() => undefined);
    return answer && (answer.status !== 202 || answer.json.action === "review") && answer;
  });

/** The headers of a browser session on the gateway's own page; `wanted`: what it is to be good for. `verified`: a mobile number for which the tenant's server vouches. */
export async function browser(url, { verified, ...wanted } = {}) {
  const vouched = verified && { origin: url, verified: { mobile: verified, mobile_at: new Date().toISOString(), method: "otp" } };
  const headers = { "content-type": "application/json", ...(vouched ? { authorization: JSON_HEADERS.authorization } : { origin: url }) };
  const { json } = await send(url, "/v1/sessions", { method: "POST", headers, body: JSON.stringify({ ...wanted, ...vouched }) });
  return { authorization: `Bearer ${json.token}`, origin: url };
}

/** The headers of a session of the same family in which a mobile number is proved by a one-time password. */
export async function proved(url, sandbox, session, mobile_number) {
  await post(url, "/v1/otp", { mobile_number }, session);
  const code = (await sandbox.otps(mobile_number)).at(-1);
  const { json } = await post(url, "/v1/otp/verify", { mobile_number, code }, session);
  return { ...session, authorization: `Bearer ${json.token}` };
}

const present = (headers) => Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== null));

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
