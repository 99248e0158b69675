// Bytes as text that any bundler, minifier and page carries unchanged: printable ASCII, without a quote, backslash, dollar or "<".
//
// The 88 most frequent bytes are one letter each, all others two. A byte is always written the same, so that gzip and brotli find in
// the text what they find in the bytes: 0.5 % and 5 % more than for the file itself, where Base64 costs 31 % and 33 %.
// tools/entries.mjs writes it, when the package is built.
const LETTERS = " !#%&'()*+,-./0123456789:;=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_abcdefghijklmnopqrstuvwxyz{|}~";
const SINGLES = LETTERS.length - 2;

// The bytes in the order of their letters: `frequent` as they come, then, in pairs, the others by size.
const order = (frequent) => [...frequent, ...Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => !frequent.includes(byte))];

// The codes of the letters, and of the two that begin a pair.
const CODES = Array.from(LETTERS, (letter) => letter.charCodeAt());
const [FIRST, SECOND] = CODES;

/** The bytes behind a text. Most of a start's time goes here, before the browser has compiled it: the loop does as little as it can. */
export function bytes(text) {
  const all = order(Array.from({ length: SINGLES }, (_, index) => parseInt(text.slice(2 * index, 2 * index + 2), 16)));
  const [single, first, second] = Array.from({ length: 3 }, () => new Uint8Array(128));
  CODES.forEach((code, index) => {
    single[code] = all[index - 2];
    first[code] = all[index + SINGLES];
    second[code] = all[index + SINGLES + CODES.length];
  });
  const read = new TextEncoder().encode(text.slice(2 * SINGLES));
  const length = read.length;
  let size = 0;
  for (let at = 0; at < length; at += 1) {
    const code = read[at];
    read[size++] = code === FIRST ? first[read[++at]] : code === SECOND ? second[read[++at]] : single[code];
  }
  return read.slice(0, size);
}

/** The text of bytes. */
export function text(bytes) {
  const count = new Uint32Array(256);
  for (const byte of bytes) count[byte] += 1;
  const frequent = [...count.keys()].sort((a, b) => count[b] - count[a] || a - b).slice(0, SINGLES);
  const letters = [...LETTERS.slice(2), ...[...LETTERS.slice(0, 2)].flatMap((lead) => Array.from(LETTERS, (letter) => lead + letter))];
  const written = [];
  order(frequent).forEach((byte, index) => (written[byte] = letters[index]));
  const table = frequent.map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return table + Array.from(bytes, (byte) => written[byte]).join("");
}
