// `npm run journal -- rebuild TENANT [URL]`: writes what the journals of a tenant lack of what the registers know. TORAN_OPERATOR_KEY is a server key with the scope
// `operator`; without it and without a URL, the gateway of `npm start` is asked. Safe to run again: what is there stays as it is.
import { Failure, main } from "./process.mjs";

const LOCAL = { url: "http://127.0.0.1:8787", key: "toran_dev_key" };

async function rebuild(url, key, body) {
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  const response = await fetch(new URL("/v1/ops/journal/rebuild", url), { method: "POST", headers, body: JSON.stringify(body) });
  const text = await response.text();
  if (!response.ok) throw new Failure(`${response.status} for register ${body.register}: ${text}`);
  return JSON.parse(text);
}

await main(async () => {
  const [command, tenant, address] = process.argv.slice(2);
  if (command !== "rebuild" || !tenant) throw new Failure("npm run journal -- rebuild TENANT [URL]");
  const url = address ?? LOCAL.url;
  const key = process.env.TORAN_OPERATOR_KEY ?? (address ? undefined : LOCAL.key);
  if (!key) throw new Failure("TORAN_OPERATOR_KEY is missing: a server key with the scope operator.");
  let [checks, restored] = [0, 0];
  for (let [register, registers] = [0, 1]; register < registers; register += 1) {
    for (let after = ""; after !== null; ) {
      const told = await rebuild(url, key, { tenant, register, after });
      [after, registers, checks, restored] = [told.next, told.registers, checks + told.checks, restored + told.restored];
    }
  }
  process.stdout.write(`${checks} checks have an entry; ${restored} entries were missing, and are written.\n`);
});
