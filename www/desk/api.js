// The gateway as the desk sees it: requests under the operator's key, which this module alone holds, in memory. It goes
// to the gateway that served the page and nowhere else, and never into an address. The desk asks only routes whose
// responses hold nothing personal, so never for a check itself; of the answer to a decision it reads the outcome and
// the notes.

/** A refresh that takes longer has failed. */
const REFRESH_MS = 15_000;
/** A decision is waited for longer: it may end a check at its vendor. */
const DECISION_MS = 45_000;

// CSV is handed on as it came; everything else is JSON.
const read = (response) => (response.headers.get("content-type")?.startsWith("text/csv") ? response.blob() : response.json());

/** Whether a text can be a key at all: what a header takes. */
export const isKey = (text) => /^[\x21-\x7e]{1,512}$/.test(text);

/**
 * Requests under a key. Each call answers `{ status, body, retryAfter }` and never throws: `status` is 0 where nothing
 * readable came back, `retryAfter` is in seconds. After `close()` the key is gone, and everything under way ends as
 * unreachable.
 */
export function api(key) {
  const closing = new AbortController();
  let authorization = `Bearer ${key}`;

  async function call(path, init, patience) {
    try {
      const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(patience)]);
      const headers = { authorization, ...(init.body && { "content-type": "application/json" }) };
      const response = await fetch(new URL(path, location.origin), { ...init, headers, signal, cache: "no-store", credentials: "omit", redirect: "error" });
      return { status: response.status, body: await read(response), retryAfter: Number(response.headers.get("retry-after")) || 0 };
    } catch {
      return { status: 0, body: {}, retryAfter: 0 };
    }
  }

  return {
    get: (path) => call(path, {}, REFRESH_MS),
    post: (path, body) => call(path, { method: "POST", body: JSON.stringify(body) }, DECISION_MS),
    isOpen: () => !closing.signal.aborted,
    close() {
      authorization = "";
      closing.abort();
    },
  };
}
