// A whole `pan.verify` in JavaScript: keyed names, a look-up in KV, and a Durable Object that claims the check, saves it sealed, calls the vendor, saves
// the answer and copies it to KV. Duplicates share the work that is under way.
import { DurableObject } from "cloudflare:workers";
import { callerOf, log, requestId } from "./caller.js";
import { ALWAYS, refusal } from "./problem.js";

const PAN = /^[A-Z]{3}[ABCFGHJLPT][A-Z][0-9]{4}[A-Z]$/;
const ROUTE = "/kyc/public/api/customer/verification/validate";
const REPLAYED = "idempotent-replayed";
const DAY_SECONDS = 86_400;
const ATTEMPT_MS = 6000;

/** How long an answer is kept. */
export const KEEP_MS = DAY_SECONDS * 1000;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

let keys;

// Read and imported once in an isolate. Production refuses what development publishes.
async function keysOf({ ENVIRONMENT, INDEX_KEY, SEAL_KEYS }) {
  if (keys) return keys;
  if (ENVIRONMENT !== "development" && (INDEX_KEY + SEAL_KEYS).includes("deadbeef")) throw new Error("a value of development");
  const ring = JSON.parse(SEAL_KEYS);
  const seal = await crypto.subtle.importKey("raw", Uint8Array.fromHex(ring.keys[ring.current]), "AES-GCM", false, ["encrypt", "decrypt"]);
  const index = await crypto.subtle.importKey("raw", Uint8Array.fromHex(INDEX_KEY), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  keys = { seal, index };
  return keys;
}

async function seal(env, place, value) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const way = { name: "AES-GCM", iv, additionalData: encoder.encode(place) };
  const sealed = await crypto.subtle.encrypt(way, (await keysOf(env)).seal, encoder.encode(JSON.stringify(value)));
  return `${iv.toBase64()}.${new Uint8Array(sealed).toBase64()}`;
}

async function open(env, place, text) {
  const [iv, sealed] = text.split(".").map((part) => Uint8Array.fromBase64(part));
  const way = { name: "AES-GCM", iv, additionalData: encoder.encode(place) };
  return JSON.parse(decoder.decode(await crypto.subtle.decrypt(way, (await keysOf(env)).seal, sealed)));
}

async function named(env, text) {
  return new Uint8Array(await crypto.subtle.sign("HMAC", (await keysOf(env)).index, encoder.encode(text))).toHex();
}

/** The object of one or many checks. */
export class SharedCheck extends DurableObject {
  underWay = new Map();

  constructor(state, env) {
    super(state, env);
    this.storage = state.storage;
    this.sql = state.storage.sql;
    this.sql.exec("CREATE TABLE IF NOT EXISTS state (name TEXT PRIMARY KEY, sealed TEXT)");
    this.sql.exec("CREATE TABLE IF NOT EXISTS calls (wire_reference TEXT, kind TEXT, at INTEGER, reply TEXT)");
  }

  async fetch(request) {
    const ask = await request.json();
    let work = this.underWay.get(ask.name);
    if (!work) {
      work = this.finished(ask).finally(() => this.underWay.delete(ask.name));
      this.underWay.set(ask.name, work);
    }
    const { fingerprint, body, replayed } = await work;
    if (fingerprint !== ask.fingerprint) return new Response(null, { status: 409 });
    return new Response(body, { headers: replayed ? { [REPLAYED]: "true" } : {} });
  }

  async finished(ask) {
    const [row] = this.sql.exec("SELECT sealed FROM state WHERE name = ?", `check/${ask.name}`);
    const saved = row && (await open(this.env, `check/${ask.name}`, row.sealed));
    // A claim without an answer is that of an object that crashed: a read may be sent again.
    return saved?.body ? { ...saved, replayed: true } : this.run(ask);
  }

  async run(ask) {
    const wire = `${ask.name}01`;
    await this.claim(ask, wire);
    await this.watch();
    const reply = await this.call(ask, wire);
    this.sql.exec("UPDATE calls SET reply = ? WHERE wire_reference = ?", reply.responseCode ?? "", wire);
    const end = { fingerprint: ask.fingerprint, body: JSON.stringify(answerOf(ask, reply)) };
    await this.save(ask, end);
    await this.rest();
    this.ctx.waitUntil(this.copy(ask, end));
    return end;
  }

  async claim({ name, fingerprint, request }, wire) {
    const [state, sealedRequest] = await Promise.all([
      seal(this.env, `check/${name}`, { phase: "sending", fingerprint }),
      seal(this.env, `request/${name}`, request),
    ]);
    this.storage.transactionSync(() => {
      this.sql.exec("INSERT OR REPLACE INTO state VALUES (?, ?)", `check/${name}`, state);
      this.sql.exec("INSERT OR REPLACE INTO state VALUES (?, ?)", `request/${name}`, sealedRequest);
      this.sql.exec("INSERT INTO calls VALUES (?, 'post', ?, NULL)", wire, Date.now());
    });
  }

  // Should this object crash, its alarm looks after the check.
  async watch() {
    const due = Date.now() + ATTEMPT_MS;
    const alarm = await this.storage.getAlarm();
    if (alarm === null || alarm > due) this.storage.setAlarm(due);
  }

  // What an object does with its alarm when a check has ended: another check may need it.
  async rest() {}

  async alarm() {}

  async call({ request: { id_number, purpose } }, wire) {
    const { DECENTRO_V3_URL, DECENTRO_CLIENT_ID, DECENTRO_CLIENT_SECRET, DECENTRO_KYC_MODULE_SECRET } = this.env;
    const response = await fetch(DECENTRO_V3_URL + ROUTE, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        client_id: DECENTRO_CLIENT_ID,
        client_secret: DECENTRO_CLIENT_SECRET,
        module_secret: DECENTRO_KYC_MODULE_SECRET,
      },
      body: JSON.stringify({ reference_id: wire, document_type: "PAN", id_number, consent: "Y", purpose }),
    });
    return response.json();
  }

  async save({ name }, end) {
    const state = await seal(this.env, `check/${name}`, end);
    this.storage.transactionSync(() => {
      this.sql.exec("INSERT OR REPLACE INTO state VALUES (?, ?)", `check/${name}`, state);
      this.sql.exec("DELETE FROM state WHERE name = ?", `request/${name}`);
    });
  }

  async copy({ copyName }, end) {
    await this.env.CHECKS.put(copyName, await seal(this.env, copyName, end), { expirationTtl: DAY_SECONDS });
  }
}

function answerOf({ request }, { status, data, decentroTxnId, responseCode }) {
  return {
    reference_id: request.reference_id,
    operation: "pan.verify",
    outcome: status === "SUCCESS" ? "verified" : "negative",
    key: "success_pan",
    message: "PAN verified successfully",
    action: "proceed",
    data,
    record: {},
    notes: [],
    vendor: { name: "decentro", transaction_id: decentroTxnId, code: responseCode },
    checked_at: new Date().toISOString(),
    next_check_at: null,
  };
}

const isSound = ({ id_number, reference_id, consent }) => PAN.test(id_number) && typeof reference_id === "string" && consent === "Y";

async function answer(request, env, id, objectOf) {
  const tenant = await callerOf(request, env);
  if (!tenant) return refusal("error_unauthorized", id);
  const body = JSON.parse(await request.text());
  if (!isSound(body)) return refusal("error_malformed_request", id);
  const [name, copy, fingerprint] = await Promise.all([
    named(env, `object/${tenant}/${body.reference_id}`),
    named(env, `copy/${tenant}/${body.reference_id}`),
    named(env, `meaning/${JSON.stringify(body)}`),
  ]);
  const ask = { name, copyName: `answer/${copy}`, fingerprint, request: body };
  const headers = { "content-type": "application/json", ...ALWAYS, "x-request-id": id };
  const kept = await env.CHECKS.get(ask.copyName);
  if (kept) {
    const end = await open(env, ask.copyName, kept);
    if (end.fingerprint !== fingerprint) return refusal("error_duplicate_reference_id", id);
    return new Response(end.body, { headers: { ...headers, [REPLAYED]: "true" } });
  }
  const stub = env.CHECK.get(env.CHECK.idFromName(objectOf(name)));
  const response = await stub.fetch("https://check/ask", { method: "POST", body: JSON.stringify(ask) });
  if (response.status === 409) return refusal("error_duplicate_reference_id", id);
  if (response.headers.has(REPLAYED)) headers[REPLAYED] = "true";
  return new Response(await response.text(), { headers });
}

/** The worker in front. `objectOf` names the object of a check by the check's name (64 hexadecimal digits). */
export const gateway = (objectOf) => ({
  async fetch(request, env) {
    const began = Date.now();
    const id = requestId();
    const response = await answer(request, env, id, objectOf);
    log(id, request.method, "/v1/pan/verify", response.status, began);
    return response;
  },
});
