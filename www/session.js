// The page's session: a token of the gateway, opened when it is first needed and renewed before it ends, so that what this tab has sent stays its own. It is kept for the tab
// alone (`sessionStorage`): a reload still finds its checks. No key is ever here: in development the gateway gives its own page a session, elsewhere the tenant's server
// passes one on.

const EARLY_MS = 5 * 60_000;
const HELD = "toran.session";

/** A session opened at `address` and renewed at `renewal`: `token()` opens, renews or reuses it; after `refused()` it is taken for over. */
export function session(address, renewal, patience, storage) {
  let current;

  const ask = async (at, headers = {}) => {
    const answer = await fetch(at, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: "{}",
      signal: AbortSignal.timeout(patience),
    });
    if (!answer.ok) throw Object.assign(new Error("no session"), { answer });
    return held(await answer.json());
  };

  const held = ({ token, expires_at }) => {
    const session = { token, until: Date.parse(expires_at) };
    keep(session);
    return session;
  };

  // The one of before, also after a reload. It is renewed in good time, or when it is over: what it opened stays this tab's. One that cannot be renewed is used to its end.
  const next = async (held) => {
    if (!held) return ask(address);
    const left = held.until - Date.now();
    if (left > EARLY_MS) return held;
    return ask(renewal, { authorization: `Bearer ${held.token}` }).catch(() => (left > 0 ? held : ask(address)));
  };

  const keep = (held) => {
    try {
      storage?.setItem(HELD, JSON.stringify(held));
    } catch {}
  };

  const kept = () => {
    try {
      const held = JSON.parse(storage?.getItem(HELD) ?? "null");
      return typeof held?.token === "string" && Number.isFinite(held.until) ? held : undefined;
    } catch {
      return undefined;
    }
  };

  return {
    async token() {
      // One after the other, so that two requests at once open or renew one session.
      current = (current ?? Promise.resolve(kept())).then(next);
      try {
        return (await current).token;
      } catch (error) {
        current = undefined;
        throw error;
      }
    },
    /** The token of a response takes the place of the one before. */
    take(answer) {
      current = Promise.resolve(held(answer));
    },
    refused() {
      current = (current ?? Promise.resolve(kept())).then((held) => held && { ...held, until: 0 }).catch(() => undefined);
    },
  };
}
