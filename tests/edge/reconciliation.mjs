// What tests of reconciliation share.
import { get, post, send } from "./harness.mjs";
import { OPERATOR } from "./review.mjs";
import { bank } from "./subject.mjs";

/** Today in India. */
export const today = () => new Date(Date.now() + 19_800_000).toISOString().slice(0, 10);

/** Reconciles today until that is done. `again`: looks everything up again. */
export async function reconciled(gateway, { again = false, headers = OPERATOR, query = "" } = {}) {
  const path = `/v1/ops/reconciliation/${today()}`;
  if (again) await send(gateway.url, path, { method: "POST", headers });
  for (;;) {
    const told = await get(gateway.url, `${path}${query}`, headers);
    if (told.status !== 202) return told;
  }
}

/** Changes a vendor's books behind the gateway's back. */
export const differ = (sandbox, order) => post(sandbox.url, "/_sandbox/books", order);

/** A penny drop. */
export const drop = (gateway, reference_id, number) => post(gateway.url, "/v1/bank-accounts/verify", { ...bank(number), reference_id });

/** The vendor's statement, uploaded. */
export async function stated(sandbox, gateway, { text, headers = OPERATOR, query = `date=${today()}&vendor=decentro` } = {}) {
  const statement = text ?? (await send(sandbox.url, "/_sandbox/statement?vendor=decentro")).text;
  return send(gateway.url, `/v1/ops/statements?${query}`, { method: "POST", body: statement, headers: { ...headers, "content-type": "text/csv" } });
}
