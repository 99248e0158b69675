// One Rust implementation, two machines: the package's wasm in Node and the native core give the same answer to every input, to the byte.
// TORAN_PARITY_ROUNDS asks that many (a million takes some minutes), TORAN_PARITY_SEED others.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { PACKAGE } from "./consumer.mjs";
import { draws, names as drawNames, oddity, OPERATIONS, request, value } from "./inputs.mjs";
import { crossed, startNative } from "./native.mjs";

const ROUNDS = Number(process.env.TORAN_PARITY_ROUNDS ?? 20_000);
const SEED = Number(process.env.TORAN_PARITY_SEED ?? 20_261_121);
/** So many inputs are asked at a time. */
const BATCH = 1_000;
/** More differences than these say nothing new. */
const SHOWN = 5;

let names;
let toran;
let native;

before(async () => {
  [toran, names] = await Promise.all(["index.js", "names.js"].map((name) => import(pathToFileURL(`${PACKAGE}/${name}`).href)));
  await toran.loadIfsc();
  native = startNative();
});
after(() => native?.stop());

/** Asks both about `rounds` inputs that `make(draw)` makes: `{ question, answer }`, what is asked natively and what the package said. */
async function compare(rounds, make, seen = () => {}) {
  const draw = draws(SEED);
  const differing = [];
  for (let round = 0; round < rounds && differing.length < SHOWN; round += BATCH) {
    const asked = Array.from({ length: Math.min(BATCH, rounds - round) }, () => make(draw));
    const answers = await native.ask(asked.map(({ question }) => question));
    for (const [index, { question, answer }] of asked.entries()) {
      const own = JSON.stringify(answer);
      if (own !== answers[index]) differing.push({ round: round + index, question, native: answers[index], package: own });
      seen(question, answer);
    }
  }
  assert.deepEqual(differing.slice(0, SHOWN), [], `seed ${SEED}`);
}

/** Counts the answers by subject, yes and no; `demand` wants so many of both for each, or nothing was compared. */
function tally() {
  const counts = new Map();
  const met = (subject, ok) => counts.get(`${subject} ${ok}`) ?? 0;
  const count = (subject, ok) => counts.set(`${subject} ${ok}`, met(subject, ok) + 1);
  const demand = (subjects, least) => {
    for (const subject of subjects) assert.ok(Math.min(met(subject, true), met(subject, false)) >= least, `${subject}: ${met(subject, true)}, ${met(subject, false)}`);
  };
  return { count, demand };
}

test("values of every kind have the same verdict natively and in wasm", async () => {
  const { count, demand } = tally();
  const kinds = new Set();
  const ask = (draw) => {
    const { kind, input } = value(draw);
    return { question: ["validate", crossed(kind), crossed(input)], answer: toran.validate(kind, input) };
  };
  await compare(ROUNDS * 0.55, ask, ([, kind], { ok, kind: known }) => {
    if (known === kind) count(kind, ok);
    if (ok) kinds.add(kind);
  });
  assert.equal(kinds.size, 17);
  demand([...kinds], ROUNDS / 500);
});

test("what may be shown of a value is the same natively and in wasm", async () => {
  await compare(ROUNDS * 0.05, (draw) => {
    const { kind, input } = value(draw);
    return { question: ["mask", crossed(kind), crossed(input)], answer: toran.mask(kind, input) };
  });
});

test("bodies of every operation have the same verdict natively and in wasm", async () => {
  const { count, demand } = tally();
  const ask = (draw) => {
    const { operation, body } = draw.odds(0.02) ? oddity(draw) : request(draw);
    return { question: ["validateRequest", crossed(operation), JSON.stringify(body) ?? ""], answer: toran.validateRequest(operation, body) };
  };
  await compare(ROUNDS * 0.25, ask, ([, operation], { ok }) => count(operation, ok));
  demand(OPERATIONS.map(({ operation }) => operation), ROUNDS / 1_000);
});

test("names match alike natively and in wasm", async () => {
  const { count, demand } = tally();
  const ask = (draw) => {
    const [a, b, policy] = drawNames(draw);
    return { question: ["matchNames", crossed(a), crossed(b), crossed(policy)], answer: names.matchNames(a, b, policy) };
  };
  await compare(ROUNDS * 0.1, ask, (_, { decision }) => count("alike", decision === "match"));
  demand(["alike"], ROUNDS / 200);
});

test("an IFSC is looked up alike natively and in wasm", async () => {
  const { count, demand } = tally();
  const ask = (draw) => {
    const { input } = value(draw);
    const code = draw.odds(0.5) ? input : draw.pick(["SBIN", "HDFC", "ANDB", "ICIC", "PYTM", "ZZZZ"]) + String(draw.below(20_000)).padStart(7, "0");
    return { question: ["lookupIfsc", crossed(code)], answer: toran.lookupIfsc(code) };
  };
  await compare(ROUNDS * 0.05, ask, (_, { status }) => count("listed", status === "listed"));
  demand(["listed"], ROUNDS / 1_000);
});

test("a list is judged as its items are, in one call", () => {
  const draw = draws(SEED);
  const items = Array.from({ length: BATCH }, () => value(draw));
  assert.deepEqual(toran.validateMany(items), items.map(({ kind, input }) => toran.validate(kind, input)));
  const pairs = Array.from({ length: BATCH }, () => drawNames(draw)).map(([a, b, policy]) => ({ a, b, policy }));
  assert.deepEqual(names.matchMany(pairs), pairs.map(({ a, b, policy }) => names.matchNames(a, b, policy)));
});
