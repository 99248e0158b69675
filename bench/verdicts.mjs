// Verdicts per second on the plain inputs of each kind's vectors, sound and unsound ones: one call each, all in one call, and the peers. What each says
// differs: a peer's is yes or no, ours has the canonical form, the mask, what the value tells, the reasons and their places.
import { readFileSync } from "node:fs";
import { at } from "../tools/project.mjs";
import { peers } from "./peers.mjs";
import { rateRows } from "./rate.mjs";
import { isPlain, toran, VECTORS_BY_KIND } from "./toran.mjs";

export const title = "Verdicts per second, and the ratio to toran's of one call each";

const BATCH = 1000;
const OPERATIONS = ["mobile.account"];

const throwing = (check) => (input) => {
  try {
    return check(input);
  } catch {
    return false;
  }
};

function ofKind({ kind, valid, invalid }, others) {
  const inputs = [...valid, ...invalid].map(({ input }) => input).filter(isPlain);
  const items = Array.from({ length: BATCH }, (_, index) => ({ kind, input: inputs[index % inputs.length] }));
  const each = (by, check) => ({ by, units: inputs.length, work: () => inputs.forEach((input) => check(input)) });
  const subjects = [
    each("toran", (input) => toran.validate(kind, input)),
    { by: "toran, all in one call", units: BATCH, work: () => toran.validateMany(items) },
    ...others.filter(({ checks }) => checks[kind]).map(({ name, checks }) => each(name, throwing(checks[kind]))),
  ];
  return rateRows(subjects, { what: kind });
}

function ofRequest(operation, others) {
  const { cases } = JSON.parse(readFileSync(at("tests", "vectors", "operations", `${operation.replace(".", "_")}.json`), "utf8"));
  const bodies = cases.map(({ body }) => body).filter((body) => body !== undefined);
  const each = (by, check) => ({ by, units: bodies.length, work: () => bodies.forEach((body) => check(body)) });
  const subjects = [
    each("toran", (body) => toran.validateRequest(operation, body)),
    ...others.filter(({ requests }) => requests?.[operation]).map(({ name, requests }) => each(name, requests[operation])),
  ];
  return rateRows(subjects, { what: `request ${operation}` });
}

export async function measure() {
  const others = await peers();
  return [...VECTORS_BY_KIND.flatMap((vectors) => ofKind(vectors, others)), ...OPERATIONS.flatMap((operation) => ofRequest(operation, others))];
}
