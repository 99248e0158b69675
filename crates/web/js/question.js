// What crosses into the wasm: one text per call, however many values it asks about, in a notation that needs no parser to speak of.
//
// `n` nothing, `t` and `f`, `#7;` a number that counts something, `~` any other number, `"3:abc` a text with its length in UTF-16 units,
// `[2:` and `{2:` a list and an object with so many items or fields. Whatever JavaScript hands over becomes that: every read that the
// caller's own code can intercept is caught, and nothing here throws.

/** Longer texts are cut here, just beyond the length that the core refuses. */
const LONGEST = 4097;
/** How many items one call takes, and how many of them cross at once: a proxy may claim any length. */
const MOST = 1_000_000;
const AT_ONCE = 100_000;
/** What the edge takes of an operation in UTF-8, at least and at most: the core knows which takes how much. */
const LEAST_BODY = 64 * 1024;
const LARGEST_BODY = 8 * 1024 * 1024;
/** The levels of nesting that the edge reads. */
const DEEPEST = 127;

/** Half a character, which no edge takes in a body. */
const HALVED = /\p{Surrogate}/u;

const text = (value) => `"${value.length}:${value}`;

/** A value of which only a text is looked at. */
export function leaf(value, longest = LONGEST) {
  if (typeof value === "string") return text(value.length > longest ? value.slice(0, longest) : value);
  return value == null ? "n" : "f";
}

/** A name, of which fewer characters than this has units are read. */
export const name = (value) => leaf(value, 300);

/** A property, of whatever; nothing if it cannot be read. */
export function read(object, name) {
  try {
    return object[name];
  } catch {}
}

/**
 * The properties of each item in order, each as its own function writes it, in lists of at most 100,000 items;
 * of something that is no list, or has over 1,000,000 items, none.
 */
export function* lists(items, properties) {
  const length = count(items);
  for (let index = 0; index < length; ) {
    const end = Math.min(index + AT_ONCE, length);
    let written = `[${(end - index) * properties.length}:`;
    for (; index < end; index += 1) {
      const item = read(items, index);
      for (const [property, write] of properties) written += write(read(item, property));
    }
    yield written;
  }
}

function count(items) {
  try {
    const length = Array.isArray(items) ? items.length : 0;
    return Number.isInteger(length) && length <= MOST ? length : 0;
  } catch {
    return 0;
  }
}

function whole(value) {
  // Half a character.
  if (HALVED.test(value)) throw new Error();
  return text(value);
}

function tree(value, levels) {
  switch (typeof value) {
    case "string":
      return whole(value);
    case "number":
      return Number.isInteger(value) && value >= 0 && value < 2 ** 32 ? `#${value};` : "~";
    case "boolean":
      return value ? "t" : "f";
  }
  if (value === null) return "n";
  // Nested too deeply.
  if (levels === 0) throw new Error();
  if (Array.isArray(value)) return `[${value.length}:${value.map((item) => tree(item, levels - 1)).join("")}`;
  const fields = Object.entries(value);
  return `{${fields.length}:${fields.map(([name, field]) => whole(name) + tree(field, levels - 1)).join("")}`;
}

/** The bytes of a request's body as `JSON.stringify` would send it, and the body; nothing where it has no JSON, or what the edge does not read. */
export function body(value) {
  try {
    const json = JSON.stringify(value);
    const bytes = json.length < LEAST_BODY / 3 ? json.length : new TextEncoder().encode(json).length;
    return `#${bytes};${bytes > LARGEST_BODY ? "n" : sound(json)}`;
  } catch {
    return "#0;n";
  }
}

function sound(json) {
  try {
    return tree(JSON.parse(json), DEEPEST);
  } catch {
    return "n";
  }
}
