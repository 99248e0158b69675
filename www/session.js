// The page's session: a token of the gateway, kept in memory only and opened when it is first needed. No key is ever here:
// in development the gateway gives its own page a session, elsewhere the tenant's server passes one on.

const EARLY_MS = 30_000;

/** A session opened at `address`: `token()` opens or reuses it, `drop()` makes the next one new. */
export function session(address, patience) {
  let current;
  const open = async () => {
    const answer = await fetch(address, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{}",
      signal: AbortSignal.timeout(patience),
    });
    if (!answer.ok) throw Object.assign(new Error("no session"), { answer });
    const { token, expires_at } = await answer.json();
    return { token, until: Date.parse(expires_at) - EARLY_MS };
  };
  return {
    async token() {
      if (current && (await current).until <= Date.now()) current = undefined;
      current ??= open();
      try {
        return (await current).token;
      } catch (error) {
        current = undefined;
        throw error;
      }
    },
    drop() {
      current = undefined;
    },
  };
}
