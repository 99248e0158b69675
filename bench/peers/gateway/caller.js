// What every peer does with a request before its own work: who calls, and an id for the log.
const encoder = new TextEncoder();

let tenants;

// Read once in an isolate: settings do not change under it.
function tenantsOf({ TENANTS }) {
  tenants ??= JSON.parse(TENANTS).flatMap(({ id, keys }) => keys.map((key) => ({ id, digest: Uint8Array.fromHex(key.digest ?? key) })));
  return tenants;
}

/** The tenant whose server key this is, if it is one's. */
export async function tenantOf(token, env) {
  const digest = await crypto.subtle.digest("SHA-256", encoder.encode(token));
  return tenantsOf(env).find((tenant) => crypto.subtle.timingSafeEqual(tenant.digest, digest))?.id;
}

/** The tenant that a request's bearer token belongs to. */
export async function callerOf(request, env) {
  const authorization = request.headers.get("authorization");
  return authorization?.startsWith("Bearer ") ? tenantOf(authorization.slice(7), env) : undefined;
}

export const requestId = () => crypto.getRandomValues(new Uint8Array(16)).toHex();

/** The one log line of a request. */
export function log(id, method, route, status, began) {
  console.log(JSON.stringify({ level: "info", event: "request", request_id: id, method, route, status, ms: Date.now() - began }));
}
