// `npm run listen -- URL`: forwards a gateway's events to a program on this machine, signed as an endpoint's are, and prints what the program answered. Events that are sent again to an endpoint are
// forwarded again too. It reads `GET /v1/events` and remembers how far it has come; one that was not answered at all is tried until it is.
//
// TORAN_GATEWAY (http://127.0.0.1:8787) is the gateway and TORAN_KEY (development's) a server key of it; TORAN_LISTEN_SECRET the secret to sign under, otherwise one is made and kept. `--all`: from the
// beginning of the log, otherwise the first run begins with what is new. `--once`: ends at the end of the log.
import { createHash, createHmac, randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Failure, main } from "./process.mjs";
import { at } from "./project.mjs";

const POLL_MS = 1000;
// How often it looks whether something was sent again.
const AGAIN_MS = 2000;
const DEADLINE_MS = 15_000;
const SECRET = /^whsec_([A-Za-z0-9+/]+=*)$/;
const USAGE = "npm run listen -- URL [--all] [--once]: URL is where your program listens, such as http://127.0.0.1:3000/hook.";

const say = (line) => process.stdout.write(`${line}\n`);

function read() {
  const [url, ...more] = process.argv.slice(2).filter((word) => !word.startsWith("--"));
  const flags = process.argv.slice(2).filter((word) => word.startsWith("--"));
  if (!url || more.length || !URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) throw new Failure(USAGE);
  if (flags.some((flag) => !["--all", "--once"].includes(flag))) throw new Failure(USAGE);
  const gateway = process.env.TORAN_GATEWAY || "http://127.0.0.1:8787";
  const key = process.env.TORAN_KEY || (process.env.TORAN_GATEWAY ? undefined : "toran_dev_key");
  if (!key) throw new Failure("TORAN_KEY is missing: a server key of the gateway.");
  const secret = process.env.TORAN_LISTEN_SECRET;
  if (secret && !SECRET.test(secret)) throw new Failure("TORAN_LISTEN_SECRET should be whsec_ and Base64, as an endpoint's secret is.");
  return { url, gateway, key, secret, isFromStart: flags.includes("--all"), isOnce: flags.includes("--once") };
}

// One gateway, key and program have one place in the log.
function kept({ gateway, key, url, secret }) {
  const name = createHash("sha256").update(JSON.stringify([gateway, key, url])).digest("hex").slice(0, 16);
  const path = join(process.env.TORAN_STATE || at(".wrangler", "state"), "listen", `${name}.json`);
  let state = {};
  try {
    state = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    if (error.code !== "ENOENT") throw new Failure(`${path} cannot be read (${error.message}). Delete it to begin anew.`);
  }
  state.secret = secret ?? state.secret ?? `whsec_${randomBytes(32).toString("base64")}`;
  state.again ??= {};
  const save = () => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(`${path}.new`, JSON.stringify(state), { mode: 0o600 });
    renameSync(`${path}.new`, path);
  };
  return { state, save, path };
}

/** The JSON of a route; waits while the gateway cannot be reached. */
async function ask({ gateway, key }, path) {
  for (let isSilent = false; ; isSilent = true) {
    let response;
    try {
      response = await fetch(new URL(path, gateway), { headers: { authorization: `Bearer ${key}` }, redirect: "error", signal: AbortSignal.timeout(DEADLINE_MS) });
    } catch (error) {
      if (!isSilent) say(`The gateway at ${gateway} cannot be reached (${error.cause?.code ?? error.name}). Trying until it can.`);
      await sleep(POLL_MS);
      continue;
    }
    const text = await response.text();
    if (response.ok) return JSON.parse(text);
    if (response.status < 500 && response.status !== 429) throw new Failure(explained(response.status, text, path));
    say(`The gateway answers ${response.status}. Trying again.`);
    await sleep(POLL_MS * (Number(response.headers.get("retry-after")) || 1));
  }
}

function explained(status, text, path) {
  if (status === 401) return "The gateway does not know this key. TORAN_KEY should be a server key of it.";
  if (status === 403) return "This key may not read events: it is no server key, or its scopes include no operation, nor review, nor ops.";
  if (status === 400 && path.includes("after=")) return "The gateway refuses the place up to which events were read: its keys changed, or the state is of another gateway.";
  return `The gateway answers ${status} to ${path.split("?")[0]}: ${text}`;
}

function headers(secret, event, body) {
  const timestamp = Math.floor(Date.now() / 1000);
  const signature = createHmac("sha256", Buffer.from(secret.match(SECRET)[1], "base64")).update(`${event.id}.${timestamp}.${body}`).digest("base64");
  return { "content-type": "application/json", "user-agent": "Toran", "webhook-id": event.id, "webhook-timestamp": String(timestamp), "webhook-signature": `v1,${signature}` };
}

/** Hands an event to the program, until it answers. */
async function forward({ url }, secret, event, isAgain) {
  const body = JSON.stringify(event);
  const what = `${event.timestamp} ${event.type} ${event.data.check ?? event.data.endpoint} ${event.data.outcome ?? event.data.key ?? ""}${isAgain ? " (sent again)" : ""}`;
  for (let isSilent = false; ; isSilent = true) {
    const began = Date.now();
    try {
      const response = await fetch(url, { method: "POST", body, headers: headers(secret, event, body), redirect: "manual", signal: AbortSignal.timeout(DEADLINE_MS) });
      await response.body?.cancel();
      say(`${what} -> ${response.status}${response.ok ? "" : ", which an endpoint is tried again for"} (${Date.now() - began} ms)`);
      return;
    } catch (error) {
      if (!isSilent) say(`${what} -> no answer from ${url} (${error.cause?.code ?? error.name}). Trying until there is one.`);
      await sleep(POLL_MS);
    }
  }
}

/** Forwards what is new. Answers whether there may be more at once. */
async function forwardNew(listening, { state, save }) {
  const { events, next } = await ask(listening, `/v1/events${state.cursor ? `?after=${encodeURIComponent(state.cursor)}` : ""}`);
  // A page is gone through again after a crash: whoever receives it knows an event by its id.
  for (const event of events) await forward(listening, state.secret, event, false);
  state.cursor = next;
  save();
  return events.length > 0;
}

/** Forwards what endpoints were sent again since it was last looked at, oldest first. */
async function forwardAgain(listening, { state, save }) {
  for (const { id } of (await ask(listening, "/v1/endpoints")).endpoints) {
    const last = state.again[id];
    const news = [];
    let newest = last ?? 0;
    for (let after = ""; after !== null; ) {
      const { deliveries, next } = await ask(listening, `/v1/endpoints/${id}/deliveries${after && `?after=${encodeURIComponent(after)}`}`);
      newest = Math.max(newest, deliveries[0]?.number ?? 0);
      news.push(...deliveries.filter(({ number }) => number > (last ?? 0)));
      after = (deliveries.at(-1)?.number ?? 0) > (last ?? 0) ? next : null;
    }
    // Of an endpoint that it sees for the first time, what was tried before it began is old.
    const isNew = ({ at }) => last !== undefined || Date.parse(at) >= state.began;
    for (const { event, replay, attempt, ...delivery } of news.reverse()) {
      if (replay && attempt === 1 && isNew(delivery)) await forward(listening, state.secret, await ask(listening, `/v1/events/${event}`), true);
    }
    state.again[id] = newest;
    save();
  }
}

/** Goes to the end of the log without forwarding anything. */
async function skip(listening, { state, save }) {
  let skipped = 0;
  for (let isMore = true; isMore; ) {
    const { events, next } = await ask(listening, `/v1/events${state.cursor ? `?after=${encodeURIComponent(state.cursor)}` : ""}`);
    skipped += events.length;
    state.cursor = next;
    isMore = events.length > 0;
  }
  save();
  return skipped;
}

await main(async () => {
  const listening = read();
  const own = kept(listening);
  const { state, save, path } = own;
  state.began ??= Math.floor(Date.now() / 1000) * 1000;
  const skipped = state.cursor || listening.isFromStart ? 0 : await skip(listening, own);
  save();
  if (skipped) say(`${skipped} earlier events are not forwarded; --all begins with them (after deleting ${path}).`);
  say(`Forwarding events of ${listening.gateway} to ${listening.url}, signed under ${state.secret}`);
  for (let looked = 0; ; ) {
    const isMore = await forwardNew(listening, own);
    if (!isMore && Date.now() - looked >= AGAIN_MS) {
      await forwardAgain(listening, own);
      looked = Date.now();
    }
    if (!isMore && listening.isOnce) return;
    if (!isMore) await sleep(POLL_MS);
  }
});
