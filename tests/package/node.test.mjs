// The packed package in Node: by name, from a fresh application, without a build step; and the identifiers' vectors through it.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { application, PACKAGE, ran, run, vectors } from "./consumer.mjs";

// The Node that runs the tests, and the one that npm runs on where that is another.
const NODES = [...new Set([process.execPath, process.env.npm_node_execpath].filter(Boolean))];
const SCRIPT = 'import { validate } from "toran"; console.log(validate("pan", "abcpe1234f").value);';

let toran;

before(async () => {
  toran = await import(pathToFileURL(`${PACKAGE}/index.js`).href);
});

const keys = (issues) => issues.map(({ key }) => key);

test("a script imports it by name", async () => {
  const folder = application({ "main.mjs": SCRIPT, "url.mjs": SCRIPT.replace('"toran"', '"toran/url"') });
  for (const node of NODES) {
    for (const name of ["main.mjs", "url.mjs"]) assert.equal(await run(node, [name], folder), "ABCPE1234F\n");
  }
});

test("CommonJS requires it, and its registry, without a warning", async () => {
  const source = 'const { loadIfsc, lookupIfsc, validate } = require("toran"); console.log(validate("pan", "abcpe1234f").value); loadIfsc().then(() => console.log(lookupIfsc("SBIN0000001").status));';
  const folder = application({ "main.cjs": source, "url.cjs": source.replace('"toran"', '"toran/url"') });
  for (const node of NODES) {
    for (const name of ["main.cjs", "url.cjs"]) {
      const { stdout, stderr } = await ran(node, [name], folder);
      assert.deepEqual([stdout, stderr], ["ABCPE1234F\nlisted\n", ""]);
    }
  }
});

test("requiring it does no work", async () => {
  const source = `
    const made = [];
    for (const name of ["Module", "Instance"]) WebAssembly[name] = new Proxy(WebAssembly[name], { construct: (...all) => (made.push(name), Reflect.construct(...all)) });
    const { validate } = require("toran");
    const imported = made.length;
    console.log(imported, validate("pan", "abcpe1234f").ok, made.length > 0);`;
  assert.equal(await run(process.execPath, ["main.cjs"], application({ "main.cjs": source })), "0 true true\n");
});

test("it is a few files without a dependency", async () => {
  const { default: manifest } = await import(pathToFileURL(`${PACKAGE}/package.json`).href, { with: { type: "json" } });
  assert.deepEqual(readdirSync(PACKAGE).sort(), ["LICENSE", "README.md", "package.json", ...manifest.files].sort());
  assert.deepEqual(Object.keys(manifest).filter((name) => /dependencies|scripts/i.test(name)), []);
});

test("an import does no work, and the first call starts it", async () => {
  const source = `
    const before = WebAssembly.Module;
    let made = 0;
    WebAssembly.Module = class extends before { constructor(...all) { super(...all); made += 1; } };
    const { validate } = await import("toran");
    const imported = made;
    validate("pan", "");
    const started = made;
    validate("pan", "");
    console.log(imported, started > 0, made - started);`;
  const folder = application({ "main.mjs": source });
  assert.equal(await run(process.execPath, ["main.mjs"], folder), "0 true 0\n");
});

test("where WebAssembly cannot be started, the error says what is missing, and a later call may succeed", async () => {
  const source = `
    const { validate } = await import("toran");
    const { Module } = WebAssembly;
    const faults = [new WebAssembly.CompileError("blocked by policy"), new RangeError("larger than 4KB"), new WebAssembly.CompileError("Wasm code generation disallowed by embedder"),
      new RangeError("Out of memory: wasm memory"), new WebAssembly.CompileError("invalid opcode")];
    for (const fault of faults) {
      WebAssembly.Module = class { constructor() { throw fault; } };
      try { validate("pan", ""); } catch (error) { console.log(error.message, error.cause === fault); }
    }
    WebAssembly.Module = Module;
    const { WebAssembly: whole } = globalThis;
    delete globalThis.WebAssembly;
    try { validate("pan", ""); } catch (error) { console.log(error.message); }
    globalThis.WebAssembly = whole;
    console.log(validate("pan", "").ok);`;
  const [policy, old, edge, memory, invalid, none, later] = (await run(process.execPath, ["main.mjs"], application({ "main.mjs": source }))).split("\n");
  assert.match(policy, /'wasm-unsafe-eval'.*blocked by policy.* true$/);
  assert.match(old, /toran\/url.*4KB.* true$/);
  assert.match(edge, /"workerd" or "edge-light".* true$/);
  assert.match(memory, /not enough memory.* true$/);
  assert.match(invalid, /too old.* true$/);
  assert.match(none, /there is none here.*Lockdown/);
  for (const other of [edge, memory, invalid, none]) assert.doesNotMatch(other, /Content-Security-Policy/);
  assert.equal(later, "false");
});

for (const { kind, valid, invalid } of vectors()) {
  test(`the ${valid.length} valid and ${invalid.length} invalid ${kind} vectors, singly and in one call`, () => {
    const inputs = [...valid, ...invalid];
    const verdicts = toran.validateMany(inputs.map(({ input }) => ({ kind, input })));
    for (const [index, { input, value, masked, info = {}, warnings = [], key, span }] of inputs.entries()) {
      const verdict = verdicts[index];
      assert.deepEqual(toran.validate(kind, input), verdict, JSON.stringify(input));
      if (key === undefined) {
        const { ok, warnings: told } = verdict;
        assert.deepEqual([ok, verdict.value, verdict.masked, verdict.info, keys(told)], [true, value, masked, info, warnings], JSON.stringify(input));
        assert.equal(toran.mask(kind, value), masked);
      } else assert.deepEqual([verdict.ok, verdict.issues[0].key, verdict.issues[0].span], [false, key, span], JSON.stringify(input));
    }
  });
}

test("a kind's schema gives the canonical value, or each issue's message with what to do about it", () => {
  for (const { kind, valid, invalid } of vectors()) {
    const { version, vendor, validate } = toran.schema(kind)["~standard"];
    assert.deepEqual([version, vendor], [1, "toran"]);
    for (const { input, value } of valid) assert.deepEqual(validate(input), { value });
    for (const { input } of invalid) {
      const issues = toran.validate(kind, input).issues.map(({ key, message, hint }) => ({ message: hint ? `${message} ${hint}` : message, key }));
      assert.deepEqual(validate(input), { issues });
    }
  }
});

test("the schema of fields names the field of each issue, and passes on what is none", () => {
  const { validate } = toran.schema({ pan: "pan", mobile: { kind: "mobile", required: false } })["~standard"];
  const note = { any: 1 };
  assert.deepEqual(validate({ pan: " abcpe1234f", mobile: "+919876543210", note }), { value: { pan: "ABCPE1234F", mobile: "9876543210", note } });
  for (const nothing of ["", " ", "\u200b", null]) assert.deepEqual(validate({ pan: "ABCPE1234F", mobile: nothing }), { value: { pan: "ABCPE1234F", mobile: nothing && "" } });
  assert.deepEqual(validate({ pan: "ABCPE1234F" }), { value: { pan: "ABCPE1234F" } });
  const paths = (input) => validate(input).issues.map(({ path }) => path);
  assert.deepEqual(paths({ mobile: "1" }), [["pan"], ["mobile"]]);
  for (const wrong of [null, undefined, "pan", 7]) assert.deepEqual(paths(wrong), [undefined]);
});

for (const fields of [{ beneficiary_details: { ifsc: "ifsc", name: { kind: "person_name", required: false } } }, { "beneficiary_details.ifsc": "ifsc", "beneficiary_details.name": { kind: "person_name", required: false } }]) {
  test(`the schema of ${Object.keys(fields)[0]} finds its fields within an object`, () => {
    const { validate } = toran.schema({ mobile: "mobile", ...fields })["~standard"];
    const [mobile, given] = ["+919876543210", { ifsc: "sbin0001234", other: 1 }];
    const input = { mobile, beneficiary_details: given };
    assert.deepEqual(validate(input), { value: { mobile: "9876543210", beneficiary_details: { ifsc: "SBIN0001234", other: 1 } } });
    assert.deepEqual(given, { ifsc: "sbin0001234", other: 1 });
    const paths = (value) => validate(value).issues.map(({ path, key }) => [path.join("/"), key]);
    assert.deepEqual(paths({ mobile, beneficiary_details: { ifsc: "SBIN", name: "7" } }), [["beneficiary_details/ifsc", "error_ifsc_length"], ["beneficiary_details/name", "error_person_name_value"]]);
    for (const nothing of [undefined, null, 7, "ifsc", []]) assert.deepEqual(paths({ mobile, beneficiary_details: nothing }), [["beneficiary_details/ifsc", "error_ifsc_missing"]]);
    const form = new FormData();
    for (const [name, value] of [["mobile", mobile], ["beneficiary_details.ifsc", " sbin0001234"], ["note", "x"]]) form.append(name, value);
    assert.deepEqual(validate(form), { value: { mobile: "9876543210", note: "x", beneficiary_details: { ifsc: "SBIN0001234" } } });
    assert.deepEqual(paths(new FormData()), [["mobile", "error_mobile_number_type_not_string"], ["beneficiary_details/ifsc", "error_ifsc_missing"]]);
  });
}

test("a field of a list is named by its number", () => {
  const { validate } = toran.schema({ "nominees.0.pan": "pan" })["~standard"];
  assert.deepEqual(validate({ nominees: [{ pan: "abcpe1234f" }, 7] }), { value: { nominees: [{ pan: "ABCPE1234F" }, 7] } });
});

test("what a value tells is what the types say", () => {
  const types = readFileSync(join(PACKAGE, "toran.d.ts"), "utf8").match(/export interface Info {([^]*?)^}/m)[1];
  const declared = Object.fromEntries([...types.matchAll(/^  (\w+): {(.*)};$/gm)].map(([, kind, fields]) => [kind, Object.fromEntries([...fields.matchAll(/(\w+)(\??): ([^;{]+|{[^}]*})(?:;|\s*$)/g)].map(([, name, optional, type]) => [name, { optional, type: type.trim() }]))]));
  const is = (value, type) => (value === null ? type.includes("null") : type.split(" | ").includes(typeof value) || (typeof value === "object" && type.startsWith("{")));
  for (const { kind, valid } of vectors()) {
    const fields = declared[kind];
    const seen = new Set();
    for (const { input } of valid) {
      const { info } = toran.validate(kind, input);
      for (const [name, value] of Object.entries(info)) assert.ok(seen.add(name) && is(value, fields[name].type), `${kind} ${name}`);
      for (const [name, { optional }] of Object.entries(fields)) assert.ok(optional || name in info, `${kind} ${name}`);
    }
    assert.deepEqual([...seen].sort(), Object.keys(fields).sort(), kind);
  }
});

test("blank is to a schema what it is to a kind, character by character", () => {
  const { validate } = toran.schema("email", { required: false })["~standard"];
  const [differ, blank] = [[], []];
  for (let unit = 0; unit < 0xd800; unit += 1) {
    const input = String.fromCharCode(unit);
    const isBlank = toran.validate("email", input).issues[0].key === "error_email_empty";
    if (isBlank) blank.push(unit);
    if (isBlank !== !validate(input).issues) differ.push(unit.toString(16));
  }
  assert.deepEqual(differ, []);
  assert.ok(blank.length > 30);
  assert.deepEqual(toran.schema("email")["~standard"].validate(" ").issues[0].key, "error_email_empty");
});

test("a field that an object only inherits is not there", () => {
  const names = ["constructor", "toString", "hasOwnProperty", "valueOf"];
  const { validate } = toran.schema(Object.fromEntries(names.map((name) => [name, { kind: "pan", required: false }])))["~standard"];
  assert.deepEqual(validate({}), { value: {} });
  assert.equal(validate({ constructor: "abcpe1234f" }).value.constructor, "ABCPE1234F");
});
