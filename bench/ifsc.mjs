// IFSC look-ups per second, after the registry is loaded: codes from all over Razorpay's dataset and as many beside it, one call each and all in one
// call, and Razorpay's own `ifsc`, which says only whether a code exists. Ours says the bank and a merged bank's successor, too.
import { readFileSync } from "node:fs";
import { at } from "../tools/project.mjs";
import { peers } from "./peers.mjs";
import { rateRows } from "./rate.mjs";
import { toran } from "./toran.mjs";

export const title = "IFSC look-ups per second, and the ratio to npm's ifsc";

const DATASET = at("bench", "peers", "node_modules", "ifsc", "src", "IFSC.json");
const STEP = 17;

// Every STEPth code of the dataset, each followed by one that has its last digit or letter changed to another.
function sample() {
  const banks = Object.entries(JSON.parse(readFileSync(DATASET, "utf8")));
  const codes = banks.flatMap(([bank, branches]) => branches.map((branch) => `${bank}0${String(branch).padStart(6, "0")}`));
  const other = (code) => code.slice(0, -1) + (code.endsWith("7") ? "X" : "7");
  return codes.filter((_, index) => index % STEP === 0).flatMap((code) => [code, other(code)]);
}

export async function measure() {
  const peer = (await peers()).find(({ name }) => name === "ifsc");
  if (!peer) return [];
  const codes = sample();
  await toran.loadIfsc();
  const units = codes.length;
  return rateRows([
    { by: "ifsc", units, work: () => codes.forEach((code) => peer.checks.ifsc(code)) },
    { by: "toran", units, work: () => codes.forEach((code) => toran.lookupIfsc(code)) },
    { by: "toran, all in one call", units, work: () => toran.lookupIfscMany(codes) },
  ]);
}
