// Verdicts per second on the plain inputs of each kind's vectors, sound and unsound ones: one call each, all in one call, and the peers. What each says
// differs: a peer's is yes or no, ours has the canonical form, the mask, what the value tells, the reasons and their places.
import { readFileSync } from "node:fs";
import { at } from "../tools/project.mjs";
import { peers } from "./peers.mjs";
import { rate, ratio } from "./rate.mjs";
import { isPlain, toran, VECTORS_BY_KIND } from "./toran.mjs";

export const title = "Verdicts per second, and the ratio to toran's of one call each";

const BATCH = 1000;
const OPERATIONS = ["mobile.account"];

function rows(what, subjects) {
  const rates = subjects.map(([, work, units]) => rate(work, units));
  return subjects.map(([by], index) => ({ what, by, per_second: rates[index], ratio: ratio(rates[index], rates[0]) }));
}

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
  const all = (check) => () => inputs.forEach((input) => check(input));
  return rows(kind, [
    ["toran", all((input) => toran.validate(kind, input)), inputs.length],
    ["toran, all in one call", () => toran.validateMany(items), BATCH],
    ...others.filter(({ checks }) => checks[kind]).map(({ name, checks }) => [name, all(throwing(checks[kind])), inputs.length]),
  ]);
}

function ofRequest(operation, others) {
  const { cases } = JSON.parse(readFileSync(at("tests", "vectors", "operations", `${operation.replace(".", "_")}.json`), "utf8"));
  const bodies = cases.map(({ body }) => body).filter((body) => body !== undefined);
  const all = (check) => () => bodies.forEach((body) => check(body));
  return rows(`request ${operation}`, [
    ["toran", all((body) => toran.validateRequest(operation, body)), bodies.length],
    ...others.filter(({ requests }) => requests?.[operation]).map(({ name, requests }) => [name, all(requests[operation]), bodies.length]),
  ]);
}

export async function measure() {
  const others = await peers();
  return [...VECTORS_BY_KIND.flatMap((vectors) => ofKind(vectors, others)), ...OPERATIONS.flatMap((operation) => ofRequest(operation, others))];
}
