// One exchange with a vendor, as far as the platform goes: a fetch under a deadline, its body read up to a limit. Answers `{ status, retry_after, reset, body }`, `reset` where no call remains in the vendor's window, or the
// word for why there is no answer. Redirects are not followed.
export async function exchange(url, method, headers, body, deadline, limit) {
  let request;
  try {
    request = new Request(url, { method, headers: JSON.parse(headers), body, redirect: "manual" });
  } catch {
    return "not_sent";
  }
  const signal = AbortSignal.timeout(deadline);
  try {
    const response = await fetch(request, { signal });
    const bytes = await read(response, limit);
    if (!bytes) return "too_large";
    const header = (name) => response.headers.get(name) ?? undefined;
    const isUsedUp = header("x-ratelimit-remaining")?.trim() === "0";
    return { status: response.status, retry_after: header("retry-after"), reset: isUsedUp ? header("x-ratelimit-reset") : undefined, body: bytes };
  } catch {
    return signal.aborted ? "timed_out" : "broken";
  }
}

// A body that says how long it is comes in one piece; what is compressed has another length once it is read. Nothing is read beyond the limit.
async function read(response, limit) {
  const declared = response.headers.get("content-length");
  const isWhole = declared !== null && Number(declared) <= limit && !response.headers.has("content-encoding");
  if (isWhole) return response.bytes();
  const chunks = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.byteLength;
    if (length > limit) return undefined;
    chunks.push(chunk);
  }
  return new Blob(chunks).bytes();
}

// Delivers an event: a POST of which only the status and `Retry-After` count. Answers them, or the word for why there is no answer. Redirects are not followed.
export async function deliver(url, headers, body, deadline) {
  const signal = AbortSignal.timeout(deadline);
  try {
    const response = await fetch(url, { method: "POST", headers: JSON.parse(headers), body, redirect: "manual", signal });
    await response.body?.cancel();
    return { status: response.status, retry_after: response.headers.get("retry-after") ?? undefined };
  } catch {
    return signal.aborted ? "timed_out" : "unreachable";
  }
}
