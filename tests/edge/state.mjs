// What rests in a gateway's local state directory, byte by byte; and what of it the development keys open. KV values and
// the registers' SQLite files are read from a copy, so that the runtime is not disturbed.
import { createDecipheriv, createHmac } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { at } from "../../tools/project.mjs";

/** Every file under a folder, as `[path, bytes]`; one that goes away meanwhile is left out. */
export function files(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .flatMap((path) => {
      try {
        return [[path, readFileSync(path)]];
      } catch {
        return [];
      }
    });
}

const SETTINGS = readFileSync(at("wrangler.toml"), "utf8");
const KEYS = JSON.parse(SETTINGS.match(/^SEAL_KEYS = '(.*)'$/m)[1]).keys;
const INDEX_KEY = Buffer.from(SETTINGS.match(/^INDEX_KEY = "(.*)"$/m)[1], "hex");

const hmac = (key, ...parts) => parts.reduce((mac, part) => mac.update(part), createHmac("sha256", key)).digest();

/** HMAC-SHA-256 over length-prefixed parts: how the gateway signs and names (docs/STORAGE.md). */
export function keyed(key, ...parts) {
  const prefixed = (part) => [Buffer.from([0, 0, 0, 0, 0, 0, part.length >> 8, part.length & 255]), part];
  return hmac(key, ...parts.map((part) => Buffer.from(part)).flatMap(prefixed));
}

/** The place of a check, 32 hex digits: what its wire references begin with, and its public id ends with. */
export const placeOf = (reference, tenant = "dev") => keyed(INDEX_KEY, "check", tenant, reference).toString("hex").slice(0, 32);

/** The place of a bank account's velocity permits: the first four letters of its bank's codes, and its number. */
export const accountPlaceOf = (bank, number) => keyed(INDEX_KEY, "velocity_account", bank, number).toString("hex").slice(0, 32);

/** The place of what a tenant paid today, by India's clock. */
export const dayPlaceOf = (tenant, now = Date.now()) => keyed(INDEX_KEY, "day", tenant, String(Math.floor((now + 19_800_000) / 86_400_000))).toString("hex").slice(0, 32);

/** The public id of a check. */
export const idOf = (reference, tenant) => `chk_${placeOf(reference, tenant)}`;

// `s1.KEY.base64url(nonce, ciphertext, tag)`, AES-256-GCM, bound to its place (docs/STORAGE.md).
function open(place, sealed) {
  const [, id, text] = sealed.split(".");
  const bytes = Buffer.from(text, "base64url");
  const decipher = createDecipheriv("aes-256-gcm", Buffer.from(KEYS[id], "hex"), bytes.subarray(0, 12));
  decipher.setAAD(Buffer.from(place)).setAuthTag(bytes.subarray(-16));
  return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]).toString();
}

// The runtime writes while the files are read: what goes away meanwhile is left out, and a database that was read in the middle of a change is read again.
const TRIES = 20;

/** The rows of a query over every register of a kind, read from a copy. */
export function stored(state, query, kind = "CheckRegister", tries = TRIES) {
  const copy = mkdtempSync(join(tmpdir(), "toran-state-"));
  try {
    for (const [path, bytes] of files(join(state, "v3", "do", `toran-${kind}`))) writeFileSync(join(copy, basename(path)), bytes);
    return readdirSync(copy).filter((name) => /^[0-9a-f]{64}\.sqlite$/.test(name)).flatMap((name) => rows(join(copy, name), query));
  } catch (error) {
    if (tries <= 1) throw error;
    return stored(state, query, kind, tries - 1);
  } finally {
    rmSync(copy, { recursive: true });
  }
}

/** Changes every register of a stopped gateway. */
export function change(state, query) {
  for (const [path] of files(join(state, "v3", "do", "toran-CheckRegister")).filter(([path]) => /[0-9a-f]{64}\.sqlite$/.test(path))) {
    const database = new DatabaseSync(path);
    try {
      if (database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'register'").get()) database.exec(query);
    } finally {
      database.close();
    }
  }
}

function rows(path, query) {
  const database = new DatabaseSync(path);
  try {
    const exists = database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'register'").get();
    return exists ? database.prepare(query).all() : [];
  } finally {
    database.close();
  }
}

/** The plain text of every check and request that the registers hold, as long as somebody has the keys. */
export function opened(state) {
  const states = stored(state, "SELECT place, state FROM machines WHERE state_parts = 0");
  const parts = stored(state, "SELECT place, name, part, sealed, COUNT(*) OVER (PARTITION BY place, name) AS count FROM parts");
  return [
    ...states.map(({ place, state }) => (state.startsWith("{") ? state : open(`check/${place}/state/0/1`, state))),
    ...parts.map(({ place, name, part, count, sealed }) => open(`check/${place}/${name}/${part}/${count}`, sealed)),
  ];
}
