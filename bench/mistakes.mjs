// How often a peer is wrong about our vectors, for the kinds that it claims to know. Counted fairly: only plain values, no Unicode and no separators;
// a sound value must be canonical and nothing unusual about it. What is no string is never counted as wrong, only whether it makes the peer throw.
import { peers } from "./peers.mjs";
import { isPlain, toran, VECTORS_BY_KIND } from "./toran.mjs";

export const title = "Mistakes on the vectors (plain values), and inputs of any type that throw";

// A peer that looks values up in a list of its own, of another date than ours: what it does not find is no mistake.
const LISTS = new Set(["ifsc"]);

// A quoted local part is an address by RFC 5321, which we refuse on purpose.
const isMatterOfTaste = (kind, input) => kind === "email" && input.includes('"');

function answer(check, input) {
  try {
    return check(input) === true;
  } catch {
    return undefined;
  }
}

function judged({ name, check }, { kind, valid, invalid }) {
  const canonical = LISTS.has(name) ? [] : valid.filter(({ input, value, warnings }) => isPlain(input) && input === value && warnings.length === 0);
  const wrong = invalid.filter(({ input }) => isPlain(input) && !isMatterOfTaste(kind, input));
  const every = [...valid, ...invalid];
  return {
    kind,
    by: name,
    sound: canonical.length,
    refused: canonical.filter(({ input }) => answer(check, input) !== true).length,
    unsound: wrong.length,
    accepted: wrong.filter(({ input }) => answer(check, input) === true).length,
    all: every.length,
    throws: every.filter(({ input }) => answer(check, input) === undefined).length,
  };
}

export async function measure() {
  const others = await peers();
  return VECTORS_BY_KIND.flatMap((vectors) => {
    const theirs = others.filter(({ checks }) => checks[vectors.kind]).map(({ name, checks }) => ({ name, check: checks[vectors.kind] }));
    if (theirs.length === 0) return [];
    const ours = { name: "toran", check: (input) => toran.validate(vectors.kind, input).ok };
    return [ours, ...theirs].map((subject) => judged(subject, vectors));
  });
}
