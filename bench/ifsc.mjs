// Look-ups of IFSCs per second in Razorpay's own dataset, drawn evenly from all codes, and the same with their last two digits swapped, which are
// mostly no codes: one call each, all in one call, and Razorpay's package, which says yes or no where ours names the bank too.
import { createRequire } from "node:module";
import { at } from "../tools/project.mjs";
import { peers } from "./peers.mjs";
import { rate, ratio } from "./rate.mjs";
import { toran } from "./toran.mjs";

export const title = "IFSC look-ups per second, and the ratio to toran's all in one call";

const BATCH = 10_000;
// Prime to the number of codes, so that the steps go through all banks.
const STEP = 7919;

function dataset() {
  const banks = createRequire(at("bench", "peers", "ifsc.mjs"))("ifsc/src/IFSC.json");
  return Object.entries(banks).flatMap(([bank, branches]) => branches.map((branch) => `${bank}0${String(branch).padStart(6, "0")}`));
}

const swapped = (code) => code.slice(0, 9) + code[10] + code[9];

function rows(what, codes, check) {
  const subjects = [
    ["toran, all in one call", () => toran.lookupIfscMany(codes)],
    ["toran", () => codes.forEach(toran.lookupIfsc)],
    ["ifsc", () => codes.forEach(check)],
  ];
  const rates = subjects.map(([, work]) => rate(work, codes.length));
  return subjects.map(([by], index) => ({ what, by, per_second: rates[index], ratio: ratio(rates[index], rates[0]) }));
}

export async function measure() {
  const peer = (await peers()).find(({ name }) => name === "ifsc");
  if (!peer) return [];
  await toran.loadIfsc();
  const all = dataset();
  const codes = Array.from({ length: BATCH }, (_, index) => all[(index * STEP) % all.length]);
  return [...rows("IFSCs that are listed", codes, peer.checks.ifsc), ...rows("IFSCs that mostly are not", codes.map(swapped), peer.checks.ifsc)];
}
