// The gateway as this page sees it: sends a request, asks about a check, and says in one shape what came of it. A session
// that is over is renewed once, silently; that repeats nothing, for a request without a session was not begun.
import { session } from "./session.js";

/** Longer than the gateway lets a caller wait (35 s). */
const PATIENCE_MS = 45_000;

/**
 * Each call answers `{ kind, body, status, location, retryAfter }`, `kind` being `final`, `pending`, `problem` or, when
 * nothing readable came back, `unreachable`. `retryAfter` is in seconds. It never throws.
 */
export function gateway({ gateway: base, session: opener, storage }) {
  const root = new URL(base || "/", location.href);
  const opened = session(new URL(opener, location.href), new URL("/v1/sessions/renew", root), PATIENCE_MS, storage);

  const send = async (path, init) => {
    const headers = { authorization: `Bearer ${await opened.token()}`, ...(init.body && { "content-type": "application/json" }) };
    return fetch(new URL(path, root), { ...init, headers, cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS) });
  };

  const call = async (path, init = {}) => {
    try {
      let answer = await send(path, init);
      if (answer.status === 401) {
        opened.refused();
        answer = await send(path, init);
      }
      return await read(answer);
    } catch (error) {
      return error.answer ? read(error.answer.clone()).catch(unreachable) : unreachable();
    }
  };

  return {
    post: (path, body) => call(path, { method: "POST", body: JSON.stringify(body) }),
    look: (path) => call(path),
    /** Goes on with the session of a response that has one. */
    take: (answer) => opened.take(answer),
    /** Where a check is, when no answer said so. The token goes to the gateway only. */
    address: (referenceId, given) => {
      const address = new URL(given ?? `/v1/checks/${encodeURIComponent(referenceId)}`, root);
      return address.origin === root.origin ? address.href : new URL(`/v1/checks/${encodeURIComponent(referenceId)}`, root).href;
    },
  };
}

const unreachable = () => ({ kind: "unreachable", status: 0, body: { key: "unreachable" } });

async function read(answer) {
  const body = await answer.json();
  const kind = [200, 201].includes(answer.status) ? "final" : answer.status === 202 ? "pending" : "problem";
  return { kind, status: answer.status, body, location: answer.headers.get("location"), retryAfter: seconds(answer.headers.get("retry-after")) };
}

// RFC 9110 allows a number of seconds or a date.
function seconds(text) {
  if (!text) return undefined;
  const count = /^\d+$/.test(text) ? Number(text) : (Date.parse(text) - Date.now()) / 1000;
  return Number.isFinite(count) ? Math.max(0, Math.ceil(count)) : undefined;
}
