// `npm run provision -- URL`: makes every register of a gateway, near the place where its Worker runs, and says where that was. TORAN_OPERATOR_KEY is a server key with
// the scope `operator`; without it and without a URL, the gateway of `npm start` is asked. Safe to run again: what is made stays where it is.
import { Failure, main } from "./process.mjs";

const LOCAL = { url: "http://127.0.0.1:8787", key: "toran_dev_key" };
const BATCH = 64;

async function make(url, key, from) {
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  const response = await fetch(new URL("/v1/ops/registers", url), { method: "POST", headers, body: JSON.stringify({ from, count: BATCH }) });
  const text = await response.text();
  if (!response.ok) throw new Failure(`${response.status} for the registers from ${from}: ${text}`);
  return JSON.parse(text);
}

await main(async () => {
  const url = process.argv[2] ?? LOCAL.url;
  const key = process.env.TORAN_OPERATOR_KEY ?? (process.argv[2] ? undefined : LOCAL.key);
  if (!key) throw new Failure("TORAN_OPERATOR_KEY is missing: a server key with the scope operator.");
  const colos = new Map();
  for (let done = { to: 0, registers: 1 }; done.to < done.registers; ) {
    const from = done.to;
    done = await make(url, key, from);
    colos.set(done.colo, (colos.get(done.colo) ?? 0) + done.to - from);
    process.stdout.write(`  ${done.to} of ${done.registers} registers of each kind\n`);
  }
  process.stdout.write(`Made near: ${[...colos].map(([colo, count]) => `${colo} (${count})`).join(", ")}\n`);
});
