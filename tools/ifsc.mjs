// `npm run ifsc`: writes the IFSC registry anew: crates/core/src/ifsc/registry.bin, which the Worker and the npm package ship, and
// registry.json beside it, which says what is inside. The source is npm's `ifsc` (Razorpay's collection of RBI's and NPCI's lists; the data
// is in the public domain), of the exact version below, in an ignored folder; nothing else of the project needs it.
// To take a newer one: VERSION and DATE below, and run it. The same source gives the same bytes. It says so when the dataset has grown old.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { called, Failure, main, step } from "./process.mjs";
import { at } from "./project.mjs";
import { toolchain } from "./setup.mjs";

export const VERSION = "2.0.50";
// The newest RBI list that is known to be in it: the release before it names this one, itself it names none.
const DATE = "2025-10-15";
// Older versions of the same: a bank that has lost most of the codes that it had in one of them was amalgamated, or has left.
const EARLIER = ["1.1.8", "1.5.13", "2.0.10", "2.0.48"];
const FEWEST = 10;
// The Reserve Bank publishes twice a month. A dataset older than this has missed thousands of branches.
const OLDEST_DAYS = 90;

const FORMAT = 2;
const HEADER = 20;
const FOLDER = at("build", "ifsc");
const CORE = at("crates", "core", "src", "ifsc");

// One version as npm has it: what reads its files.
async function published(version) {
  const folder = join(FOLDER, version);
  mkdirSync(folder, { recursive: true });
  const install = ["install", "--prefix", folder, "--no-save", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  await step(`npm's ifsc ${version}`, "npm", [...install, `ifsc@${version}`]);
  const home = join(folder, "node_modules", "ifsc");
  const read = (...path) => JSON.parse(readFileSync(join(home, ...path), "utf8"));
  if (read("package.json").version !== version) throw new Failure(`${home} is not of version ${version}`);
  return read;
}

/** How many codes each bank had at most in an earlier version. */
async function before() {
  const most = {};
  for (const version of EARLIER) {
    const read = await published(version);
    for (const [bank, codes] of Object.entries(read("src", "IFSC.json"))) most[bank] = Math.max(most[bank] ?? 0, codes.length);
  }
  return most;
}

/** The banks that have lost most of their codes, sorted. */
export const reduced = ({ codes }, most) => sorted(Object.keys(most).filter((bank) => most[bank] >= FEWEST && (codes[bank]?.length ?? 0) * 2 < most[bank]));

/** What to say of the dataset's age on a day; nothing while it is young. */
export function ageWarning(day, date = DATE) {
  const days = Math.floor((Date.parse(day) - Date.parse(date)) / 86_400_000);
  return days > OLDEST_DAYS ? `The dataset is ${days} days old (the Reserve Bank's list of ${date}). Look for a newer version: npm view ifsc version` : undefined;
}

/** The dataset as published: `{codes, names, sublets, prefixes}`. */
export async function dataset() {
  const read = await published(VERSION);
  const [codes, names, sublets, prefixes] = ["IFSC", "banknames", "sublet", "custom-sublets"].map((name) => read("src", `${name}.json`));
  return { codes, names, sublets, prefixes };
}

// Sorted as bytes, whatever the machine's language.
const sorted = (list) => [...list].sort((a, b) => (a < b ? -1 : Number(a > b)));
const ascending = (list) => [...list].sort((a, b) => a - b);
const digest = (lines) => createHash("sha256").update(lines.map((line) => `${line}\n`).join("")).digest("hex");
const suffix = (branch) => String(branch).padStart(6, "0");

/** Every code of the dataset, sorted. */
export const listed = ({ codes }) => sorted(Object.entries(codes).flatMap(([bank, branches]) => branches.map((branch) => `${bank}0${suffix(branch)}`)));

// Razorpay's order: a prefix of its own list, then the sublet, then the bank of the first four letters. A value is a bank's code or its name.
function bankName({ names, sublets, prefixes }, code) {
  const prefix = Object.keys(prefixes).find((start) => code.startsWith(start));
  const owner = prefixes[prefix] ?? sublets[code] ?? code.slice(0, 4);
  return names[owner] ?? (owner.length === 4 ? "" : owner);
}

/** Bytes in the making: LEB128 numbers, and texts behind their length. */
class Bytes {
  list = [];

  number(value) {
    if (!Number.isInteger(value) || value < 0 || value > 0xffffffff) throw new Failure(`No 32-bit number: ${value}`);
    for (; value > 127; value = Math.floor(value / 128)) this.list.push((value % 128) + 128);
    this.list.push(value);
    return this;
  }

  text(value) {
    const bytes = Buffer.from(value);
    this.number(bytes.length).list.push(...bytes);
    return this;
  }
}

const base36 = (text) => parseInt(text, 36);

function demandShape({ codes, names, sublets, prefixes }) {
  const faults = [
    ...[...Object.keys(codes), ...Object.keys(names)].filter((bank) => !/^[A-Z]{4}$/.test(bank)),
    ...listed({ codes }).filter((code, index, all) => !/^[A-Z]{4}0[A-Z0-9]{6}$/.test(code) || code === all[index + 1]),
    ...Object.keys(sublets).filter((code) => !/^[A-Z]{4}0[A-Z0-9]{6}$/.test(code) || !names[sublets[code]]),
    ...Object.keys(prefixes).filter((start) => !/^[A-Z]{4}(0[A-Z0-9]{0,6})?$/.test(start)),
    ...Object.keys(prefixes).filter((start) => Object.keys(prefixes).some((other) => other !== start && other.startsWith(start))),
    ...Object.values(names).filter((name) => name.includes("\n")),
  ];
  if (faults.length) throw new Failure(`The dataset is not as the format wants it: ${faults.slice(0, 5).join(", ")}`);
}

// The numbers as gaps from the number after the one before; with `runs`, neighbours as one token whose lowest bit says that its length follows.
function tokens(numbers, runs) {
  const bytes = new Bytes();
  let count = 0;
  let next = 0;
  for (let index = 0; index < numbers.length; index += 1, count += 1) {
    const first = numbers[index];
    const start = index;
    while (runs && numbers[index + 1] === numbers[index] + 1) index += 1;
    const more = index - start;
    bytes.number(runs ? (first - next) * 2 + Number(more > 0) : first - next);
    if (more) bytes.number(more - 1);
    next = numbers[index] + 1;
  }
  return { bytes: bytes.list, count };
}

// The branches: per bank the number of tokens of its numeric suffixes and of the others, then all tokens of the first, then of the second.
function branches(codes, banks) {
  const numeric = banks.map((bank) => tokens(ascending((codes[bank] ?? []).map(suffix).filter((text) => /^\d+$/.test(text)).map(Number)), true));
  const other = banks.map((bank) => tokens(ascending((codes[bank] ?? []).map(suffix).filter((text) => !/^\d+$/.test(text)).map(base36)), false));
  const counts = new Bytes();
  for (const series of [numeric, other]) series.forEach(({ count }) => counts.number(count));
  return [...counts.list, ...[...numeric, ...other].flatMap(({ bytes }) => bytes)];
}

// The sublets and the prefixes as disjoint ranges of suffixes: bank, start, how many last characters are free, and the name.
function leased({ names, sublets, prefixes }, banks, texts) {
  const own = Object.keys(prefixes);
  const kept = Object.keys(sublets).filter((code) => !own.some((start) => code.startsWith(start)));
  const owner = (value) => texts.indexOf(names[value] ?? value);
  const rows = sorted([...own, ...kept]).map((key) => {
    const free = 6 - key.slice(5).length;
    return { bank: banks.indexOf(key.slice(0, 4)), start: base36(key.slice(5).padEnd(6, "0")), free, name: owner(prefixes[key] ?? sublets[key]) };
  });
  const bytes = new Bytes().number(rows.length);
  rows.sort((a, b) => a.bank - b.bank || a.start - b.start);
  let [bank, next] = [0, 0];
  for (const row of rows) {
    if (row.bank < 0 || row.name < 0) throw new Failure("A sublet without its bank or name");
    if (row.bank !== bank) next = 0;
    bytes.number(row.bank - bank).number(row.start - next).number(row.free).number(row.name);
    bank = row.bank;
    next = row.start + 36 ** row.free;
  }
  return { bytes: bytes.list, count: rows.length };
}

function fnv1a64(bytes) {
  let hash = 0xcbf29ce484222325n;
  for (const byte of bytes) hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & 0xffffffffffffffffn;
  return hash;
}

function framed(body) {
  const header = Buffer.alloc(HEADER);
  header.write("IFSC");
  header.writeUInt32LE(FORMAT, 4);
  header.writeUInt32LE(HEADER + body.length, 8);
  header.writeBigUInt64LE(fnv1a64(body), 12);
  return Buffer.concat([header, Buffer.from(body)]);
}

// The format, in the order in which crates/core/src/ifsc/registry.rs reads it.
function packed(data, most) {
  const { codes, names, prefixes } = data;
  const lost = reduced(data, most);
  const banks = sorted(new Set([...Object.keys(codes), ...Object.keys(names), ...lost, ...[...Object.keys(data.sublets), ...Object.keys(prefixes)].map((key) => key.slice(0, 4))]));
  const plain = sorted(new Set(Object.values(prefixes).filter((value) => !names[value])));
  const texts = [...banks.map((bank) => names[bank] ?? ""), ...plain];
  const count = listed(data).length;
  const head = new Bytes().text(VERSION).text(DATE).number(count).number(banks.length);
  banks.map(base36).forEach((value, index, all) => head.number(value - (all[index - 1] ?? 0)));
  const list = [...head.list, ...branches(codes, banks)];
  const named = new Bytes().text(texts.join("\n"));
  const lease = leased(data, banks, texts);
  const tail = new Bytes().number(lost.length);
  lost.map((bank) => banks.indexOf(bank)).forEach((index, place, all) => tail.number(index - (all[place - 1] ?? 0)));
  return { pack: framed([...list, ...named.list, ...lease.bytes, ...tail.list]), list: Buffer.from(list), banks: banks.length, count, sublets: lease.count, lost };
}

const sizes = (bytes) => ({ raw: bytes.length, gz: gzipSync(bytes, { level: 9 }).length, br: brotliCompressSync(bytes).length });

function notes(data, { pack, list, banks, count, sublets, lost }) {
  const codes = listed(data);
  return {
    format: FORMAT,
    dataset: { package: "ifsc", version: VERSION, date: DATE, license: "public domain" },
    banks,
    codes: { count, sha256: digest(codes) },
    answers: { lines: "code, tab, bank name", sha256: digest(codes.map((code) => `${code}\t${bankName(data, code)}`)) },
    sublets,
    earlier: EARLIER,
    reduced: lost,
    bytes: { codes: sizes(list), pack: sizes(pack) },
  };
}

if (called(import.meta)) {
  await main(async () => {
    const data = await dataset();
    demandShape(data);
    const made = packed(data, await before());
    const said = notes(data, made);
    writeFileSync(join(CORE, "registry.bin"), made.pack);
    writeFileSync(join(CORE, "registry.json"), `${JSON.stringify(said, undefined, 2)}\n`);
    await toolchain();
    // The core reads it back: every code and every bank name, by the two digests, and a quarter of a million codes beside them.
    await step("read back", "cargo", ["test", "-q", "-p", "toran-core", "--lib", "ifsc::"]);
    const { codes, pack } = said.bytes;
    process.stdout.write(`ifsc ${VERSION}: ${made.count} codes, ${made.banks} banks, ${made.sublets} sublets. Codes ${codes.gz} bytes gz, all ${pack.gz} (raw ${pack.raw}).\n`);
    const warning = ageWarning(new Date().toISOString());
    if (warning) process.stderr.write(`${warning}\n`);
  });
}
