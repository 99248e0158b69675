// GET /v1/ifsc/{code}: what an IFSC says about its bank.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { at } from "../../tools/project.mjs";
import { send, startGateway } from "./harness.mjs";

// Document 003 section 8.5: the old bank's prefix, the new one's.
const MERGED = {
  ANDB: "UBIN", CORP: "UBIN", ORBC: "PUNB", UTBI: "PUNB", SYNB: "CNRB", ALLA: "IDIB", BKDN: "BARB", VIJB: "BARB", LAVB: "DBSS",
};
// State Bank's associates and the women's bank, of 1 April 2017.
const ASSOCIATES = ["SBBJ", "SBHY", "SBMY", "SBTR", "STBP", "BMBL"];

const read = (...path) => JSON.parse(readFileSync(at(...path), "utf8"));
const { dataset } = read("crates", "core", "src", "ifsc", "registry.json");
const vectors = read("tests", "vectors", "ifsc_registry.json");

let gateway;

before(async () => {
  gateway = await startGateway();
});

after(() => gateway?.stop());

const lookup = (code) => send(gateway.url, `/v1/ifsc/${encodeURIComponent(code)}`);

test("a listed branch is answered without credentials, in capitals, with its bank and the dataset", async () => {
  for (const code of ["SBIN0001077", "sbin0001077", " SBIN0001077 "]) {
    const { status, json } = await lookup(code);
    assert.equal(status, 200);
    assert.deepEqual(json, {
      code: "SBIN0001077", bank_code: "SBIN", status: "listed", bank: "State Bank of India", listed: true,
      dataset: { version: dataset.version, date: dataset.date }, dataset_date: dataset.date,
      note: `The branch is listed. The dataset is the Reserve Bank's list of ${dataset.date}.`,
    });
  }
});

test("a branch of a known bank that is not listed is no error", async () => {
  const { status, json } = await lookup("SBIN0999999");
  assert.deepEqual([status, json.status, json.listed, json.bank], [200, "unlisted", false, "State Bank of India"]);
  assert.match(json.note, /no reason to refuse/);
});

test("letters of no bank are said to be unknown", async () => {
  const { status, json } = await lookup("ZZZZ0000001");
  assert.deepEqual([status, json.status, json.listed, json.bank], [200, "unknown_bank", false, undefined]);
});

test("a branch that is leased to a smaller bank has the smaller bank's name", async () => {
  const named = Object.entries(vectors.banks).filter(([code]) => !MERGED[code.slice(0, 4)]);
  for (const [code, bank] of named) assert.equal((await lookup(code)).json.bank ?? null, bank, code);
});

test("the published assertions hold at the edge", async () => {
  const sample = Object.entries(vectors.listed).filter((_, index) => index % 9 === 0);
  for (const [code, listed] of sample) assert.equal((await lookup(code)).json.listed, listed, code);
});

for (const old of ASSOCIATES) {
  test(`a code of ${old} leads to State Bank of India`, async () => {
    const { status, json } = await lookup(`${old}0010004`);
    assert.deepEqual([status, json.status, json.successor], [200, "unlisted", { bank: "State Bank of India", prefix: "SBIN", since: "2017-04-01" }]);
  });
}

for (const [old, successor] of Object.entries(MERGED)) {
  test(`a code of ${old} names the bank that took it over, and is not rewritten`, async () => {
    const { status, json } = await lookup(`${old}0001234`);
    assert.deepEqual([status, json.code, json.successor.prefix], [200, `${old}0001234`, successor]);
    assert.ok(json.bank.length > 5 && json.successor.bank.length > 5);
    assert.match(json.note, /passbook/);
  });
}

// What was amalgamated since: a code, its successor's name and letters (where they are known), the day, and whether the code was withdrawn.
const SINCE = [
  ["KVGB0001001", "Karnataka Grameena Bank", "PKGB", "2025-05-01", true],
  ["APGB0001001", "Andhra Pradesh Grameena Bank", undefined, "2025-05-01", true],
  ["APGV0008131", "Andhra Pradesh Grameena Bank", undefined, "2025-05-01", true],
  ["SGBA0000001", "Gujarat Gramin Bank", undefined, "2025-05-01", true],
  ["FSFB0000001", "AU Small Finance Bank", "AUBL", "2024-04-01", undefined],
  ["PMCB0000001", "Unity Small Finance Bank", "UNBA", "2022-01-25", true],
  ["VYSA0001000", "Kotak Mahindra Bank", "KKBK", "2015-04-01", true],
];

for (const [code, bank, prefix, since, withdrawn] of SINCE) {
  test(`a code of ${code.slice(0, 4)} says who took the bank over, when, and where that is published`, async () => {
    const { json } = await lookup(code);
    assert.deepEqual(json.successor, { bank, ...(prefix && { prefix }), since });
    assert.equal(json.withdrawn, withdrawn, json.note);
    assert.match(json.source, /\d{4}/);
    for (const part of [bank, since, "passbook", dataset.date]) assert.ok(json.note.includes(part), json.note);
    assert.equal(json.note.includes("withdrawn"), withdrawn === true);
  });
}

test("a code of a bank that has lost its codes is said to be withdrawn, as an inference", async () => {
  const { json } = await lookup("KDCB0000001");
  assert.deepEqual([json.status, json.withdrawn, json.successor], ["unlisted", true, undefined]);
  assert.match(json.note, /withdrawn \(inferred/);
});

test("anything else is a 400 that says why", async () => {
  const faults = {
    SBIN: "error_ifsc_length", SBIN00010770: "error_ifsc_length", SBIN1001077: "error_ifsc_format", "1BIN0001077": "error_ifsc_format",
    "SBIN000107!": "error_ifsc_format", "ſBIN0001077": "error_ifsc_format", "ＳBIN0001077": "error_ifsc_format", " ": "error_ifsc_empty",
    "SBIN000107\u0000": "error_ifsc_format", [`SBIN${"0".repeat(5000)}`]: "error_ifsc_length",
  };
  for (const [code, key] of Object.entries(faults)) {
    const { status, json, headers } = await lookup(code);
    assert.deepEqual([status, json.key, json.errors.map(({ field, key }) => [field, key])], [400, key, [["code", key]]], code.slice(0, 20));
    assert.equal(headers["content-type"], "application/problem+json");
  }
});

test("no code at all, and more than a code, is no route", async () => {
  for (const path of ["/v1/ifsc", "/v1/ifsc/", "/v1/ifsc/SBIN0001077/", "/v1/ifsc/SBIN/0001077"]) {
    assert.deepEqual((await send(gateway.url, path)).json.key, "error_not_found", path);
  }
  const { status, headers } = await send(gateway.url, "/v1/ifsc/SBIN0001077", { method: "DELETE" });
  assert.deepEqual([status, headers.allow], [405, "GET, HEAD"]);
});
