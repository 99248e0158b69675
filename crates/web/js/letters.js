// Bytes as text that any bundler, minifier and page carries unchanged: printable ASCII, without a quote, backslash, dollar or "<".
//
// The 88 most frequent bytes are one letter each, all others two. A byte is always written the same, so that gzip and brotli find in
// the text what they find in the bytes: 0.5 % and 5 % more than for the file itself, where Base64 costs 31 % and 33 %.
// tools/entries.mjs writes it, when the package is built; the package reads it by a wasm of 130 bytes (letters.wat).
const LETTERS = " !#%&'()*+,-./0123456789:;=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_abcdefghijklmnopqrstuvwxyz{|}~";
const SINGLES = LETTERS.length - 2;

// Where letters.wat has the letters; in front of them are its three tables.
const START = 3 * 128;
const PAGE = 65536;

// The bytes in the order of their letters: `frequent` as they come, then, in pairs, the others by size.
const order = (frequent) => [...frequent, ...Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => !frequent.includes(byte))];

/** The bytes behind a text. `reader` is letters.wat's wasm, in Base64. */
export function bytes(text, reader) {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(atob(reader), (letter) => letter.charCodeAt())));
  exports.memory.grow(Math.ceil(text.length / PAGE));
  const space = new Uint8Array(exports.memory.buffer);
  const all = order(Array.from({ length: SINGLES }, (_, index) => parseInt(text.slice(2 * index, 2 * index + 2), 16)));
  [...LETTERS].forEach((letter, index) => {
    const code = letter.charCodeAt();
    [space[code], space[code + 128], space[code + 256]] = [-2, SINGLES, SINGLES + LETTERS.length].map((from) => all[from + index]);
  });
  const { written } = new TextEncoder().encodeInto(text.slice(2 * SINGLES), space.subarray(START));
  return space.subarray(START, exports.read(START, START + written));
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
