// GET /v1/ifsc/{code}: what an IFSC says about its bank.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { send, startGateway } from "./harness.mjs";

// Document 003 section 8.5: the old bank's prefix, the new one's.
const MERGED = {
  ANDB: "UBIN", CORP: "UBIN", ORBC: "PUNB", UTBI: "PUNB", SYNB: "CNRB", ALLA: "IDIB", BKDN: "BARB", VIJB: "BARB", LAVB: "DBSS",
};

let gateway;

before(async () => {
  gateway = await startGateway();
});

after(() => gateway?.stop());

const lookup = (code) => send(gateway.url, `/v1/ifsc/${encodeURIComponent(code)}`);

test("a well-formed code is answered without credentials, in capitals", async () => {
  for (const code of ["SBIN0001077", "sbin0001077", " SBIN0001077 "]) {
    const { status, json } = await lookup(code);
    assert.deepEqual([status, json.code, json.bank_code, json.status, json.dataset_date], [200, "SBIN0001077", "SBIN", "unverified", null]);
    assert.equal(json.successor, undefined);
  }
});

for (const [old, successor] of Object.entries(MERGED)) {
  test(`a code of ${old} names the bank that took it over, and is not rewritten`, async () => {
    const { status, json } = await lookup(`${old}0001234`);
    assert.deepEqual([status, json.code, json.successor.prefix], [200, `${old}0001234`, successor]);
    assert.ok(json.bank.length > 5 && json.successor.bank.length > 5);
    assert.match(json.note, /passbook/);
  });
}

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
  assert.deepEqual([status, headers.allow], [405, "GET"]);
});
