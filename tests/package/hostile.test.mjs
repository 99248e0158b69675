// No function of the package throws or traps, whatever JavaScript hands over, in whichever place: it answers, and the next call finds it
// as it was.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { PACKAGE } from "./consumer.mjs";

const fail = () => {
  throw new Error("touched");
};
const trapped = new Proxy({}, { get: () => fail });
const nested = (levels) => Array(levels).fill().reduce((inner) => [inner], 1);
const claiming = (length, target = []) => new Proxy(target, { get: (_, name) => (name === "length" ? length : fail()) });

/** Each made anew, so that none is what an earlier call left of it. */
const HOSTILE = {
  "undefined": () => undefined,
  "null": () => null,
  "a number that is none": () => NaN,
  "infinity": () => -Infinity,
  "a BigInt": () => 10n ** 400n,
  "a symbol": () => Symbol("pan"),
  "a well-known symbol": () => Symbol.iterator,
  "a function": () => fail,
  "a class": () => class {},
  "a date that is none": () => new Date(NaN),
  "an expression": () => /a/g,
  "a boxed string": () => new String("ABCPE1234F"),
  "a boxed BigInt": () => Object(1n),
  "an object without a prototype": () => Object.create(null),
  "a map": () => new Map([[{}, 1]]),
  "bytes": () => new Uint8Array(64),
  "detached bytes": () => {
    const bytes = new Uint8Array(8);
    structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
    return bytes;
  },
  "shared memory": () => new SharedArrayBuffer(8),
  "a promise": () => Promise.resolve(1),
  "a weak reference": () => new WeakRef({}),
  "an error": () => new Error("pan", { cause: fail }),
  "the global object": () => globalThis,
  "a cycle": () => Object.assign({}, { get self() { return this; } }),
  "a cycle of lists": () => {
    const list = [];
    list.push([list]);
    return list;
  },
  "getters that throw": () => ({ get length() { return fail(); }, get kind() { return fail(); }, get input() { return fail(); }, get a() { return fail(); }, get reference_id() { return fail(); } }),
  "conversions that throw": () => ({ toString: fail, valueOf: fail, toJSON: fail, [Symbol.toPrimitive]: fail }),
  "toJSON that answers a BigInt": () => ({ toJSON: () => 1n }),
  "toJSON that answers nothing": () => ({ toJSON: () => undefined }),
  "toJSON that answers itself": () => ({ toJSON() { return { self: this }; } }),
  "toJSON for ever": () => {
    const deeper = () => ({ toJSON: () => [deeper()] });
    return deeper();
  },
  "a proxy that throws at everything": () => new Proxy({}, trapped),
  "a callable proxy that throws": () => new Proxy(function () {}, trapped),
  "a list that throws at everything": () => new Proxy([], trapped),
  "a proxy that lies about its names": () => new Proxy({}, { ownKeys: () => ["a", "b"], getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true, value: 1 }), get: () => undefined }),
  "a revoked proxy": () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    return proxy;
  },
  "a revoked list": () => {
    const { proxy, revoke } = Proxy.revocable([], {});
    revoke();
    return proxy;
  },
  "a list that claims 2^32 items": () => claiming(2 ** 32),
  "a list that claims -1 items": () => claiming(-1),
  "a list whose length is no number": () => claiming("3"),
  "a list whose length is a BigInt": () => claiming(3n),
  "a list of holes": () => Array(1000),
  "a list with holes and getters": () => Object.defineProperty([, 1, ,], 1, { get: fail }),
  "a list that shrinks while it is read": () => {
    const list = Array.from({ length: 100 }, () => ({ get kind() { list.length = 0; return "pan"; }, input: "" }));
    return list;
  },
  "a list of a subclass": () => new (class extends Array {})(3),
  "a list of hostile items": () => [new Proxy({}, trapped), Symbol("x"), 1n, fail, null, { kind: Symbol("x"), input: 1n }, { a: fail, b: Symbol("x") }],
  "a huge list": () => Array(100_001).fill(0),
  "a huge text": () => "9".repeat(2 ** 24),
  "a huge text of halves": () => "\ud800".repeat(2 ** 20),
  "a rope": () => Array(200).fill().reduce((text) => text + String.fromCharCode(0xdc00), "a"),
  "deep lists": () => nested(5_000),
  "very deep lists": () => nested(200_000),
  "a wide object": () => Object.fromEntries(Array.from({ length: 50_000 }, (_, index) => [`field_${index}`, index])),
  "own __proto__": () => JSON.parse('{"__proto__":{"reference_id":"x"},"constructor":1,"toString":2}'),
  "NUL": () => "\0".repeat(100),
  "names of the prototype": () => "__proto__",
};

const REQUEST = { reference_id: "HOSTILE_0001", document_type: "PAN", id_number: "ABCPE1234F", consent: "Y", purpose: "KYC" };

/** A function, sound arguments, and what it answers to these. */
const FUNCTIONS = [
  ["validate", ["pan", "ABCPE1234F"], ({ ok }) => ok],
  ["validateMany", [[{ kind: "pan", input: "ABCPE1234F" }]], ([{ ok }]) => ok],
  ["validateRequest", ["pan.verify", REQUEST], ({ ok }) => ok],
  ["mask", ["pan", "ABCPE1234F"], (masked) => masked === "XXXXXX234F"],
  ["matchNames", ["Rahul Sharma", "RAHUL SHARMA", "pan_bank"], ({ decision }) => decision === "match"],
  ["matchMany", [[{ a: "Rahul Sharma", b: "RAHUL SHARMA" }]], ([{ decision }]) => decision === "match"],
  ["lookupIfsc", ["SBIN0000001"], ({ bank }) => bank === "State Bank of India"],
  ["lookupIfscMany", [["SBIN0000001"]], ([{ bank }]) => bank === "State Bank of India"],
];

const entry = (name) => import(pathToFileURL(`${PACKAGE}/${name}`).href);

let toran;

before(async () => {
  toran = { ...(await entry("index.js")), ...(await entry("names.js")) };
  await toran.loadIfsc();
});

/** Each place of a list of arguments, and each property of an object among them, filled with something else. */
function* filled(sound, make) {
  for (const [place, argument] of sound.entries()) {
    yield sound.with(place, make());
    const object = Array.isArray(argument) ? argument[0] : argument;
    if (typeof object !== "object") {
      if (Array.isArray(argument)) yield sound.with(place, [make()]);
      continue;
    }
    for (const name of Object.keys(object)) {
      const changed = { ...object, [name]: make() };
      yield sound.with(place, Array.isArray(argument) ? [changed] : changed);
    }
  }
}

for (const [name, sound, isRight] of FUNCTIONS) {
  test(`${name} answers whatever it is given, and goes on as before`, () => {
    for (const [what, make] of Object.entries(HOSTILE)) {
      for (const asked of filled(sound, make)) {
        let answer;
        assert.doesNotThrow(() => (answer = toran[name](...asked)), `${what} in ${name}`);
        assert.ok(["string", "object"].includes(typeof answer) && answer !== null, what);
        assert.ok(isRight(toran[name](...sound)), `after ${what}`);
      }
    }
    assert.doesNotThrow(() => toran[name]());
  });
}

test("getters of a request are read once at most, and its methods not at all", () => {
  let reads = 0;
  const body = Object.defineProperty({ ...REQUEST, purpose: fail }, "id_number", { enumerable: true, get: () => `ABCPE123${(reads += 1)}F` });
  assert.equal(toran.validateRequest("pan.verify", body).key, "error_purpose_missing");
  assert.equal(reads, 1);
});

test("a body is as deep and as long as the edge takes, to the level and to the byte", () => {
  const deep = (levels) => toran.validateRequest("pan.verify", { ...REQUEST, name: nested(levels) }).key;
  // The body is a level itself, and the edge reads 127.
  assert.deepEqual([deep(126), deep(127)], ["error_name_type", "error_malformed_request"]);
  const long = (bytes, letter = "x") => {
    const rest = bytes - JSON.stringify({ ...REQUEST, consent_record: { channel: "" } }).length;
    return toran.validateRequest("pan.verify", { ...REQUEST, consent_record: { channel: letter.repeat(rest / Buffer.byteLength(letter)) } });
  };
  assert.deepEqual([long(65_536).ok, long(65_537).key, long(65_536, "\u00e9").ok, long(65_538, "\u00e9").key], [true, "error_body_too_large", true, "error_body_too_large"]);
  const upload = (bytes) => toran.validateRequest("ckyc.upload", { x: "x".repeat(bytes - 8) }).key;
  assert.deepEqual([upload(2 ** 23), upload(2 ** 23 + 1)], ["error_malformed_request", "error_body_too_large"]);
});

test("half a character is malformed, as it is at the edge, and what only looks like one is not", () => {
  const purpose = (text) => toran.validateRequest("pan.verify", { ...REQUEST, purpose: text });
  for (const half of ["KYC \ud800", "\udfffKYC", "a\\\ud800", "\ud83d \ude00"]) assert.equal(purpose(half).key, "error_malformed_request");
  for (const whole of ["KYC \u{1f600}", "KYC \\ud800", "KYC \\\\ud800", "\ufffd", "\\", "udd"]) assert.equal(purpose(whole).ok, true, whole);
});

test("no language throws, and what is neither a kind nor fields is no schema", () => {
  for (const [what, make] of Object.entries(HOSTILE)) {
    assert.doesNotThrow(() => toran.setLocale(make()), what);
  }
  for (const none of [null, undefined, 7, true, Symbol("pan"), fail, "", "no_kind", { pan: null }, { pan: {} }, { pan: "no_kind" }, { pan: { kind: 7 } }]) {
    assert.throws(() => toran.schema(none), { name: "TypeError", message: /^toran: schema knows no kind / });
  }
  assert.throws(() => toran.schema({ pan: "panx" }), { message: 'toran: schema knows no kind "panx" (field pan)' });
});

test("a long list is answered as a short one, item by item, and one of more than a million not at all", () => {
  const [pan, name] = [{ kind: "pan", input: "abcpe1234f" }, { a: "Rahul Sharma ".repeat(400), b: "Rahul Sharma" }];
  const [verdicts, matches] = [toran.validateMany(Array(100_003).fill(pan).with(100_001, { kind: "pan", input: "" })), toran.matchMany(Array(2_000).fill(name))];
  assert.equal(verdicts.length, 100_003);
  assert.deepEqual([verdicts.filter(({ ok }) => !ok).length, verdicts[100_001].ok], [1, false]);
  assert.deepEqual([matches.length, matches[1_999]], [2_000, toran.matchNames(name.a, name.b)]);
  assert.deepEqual([toran.validateMany(Array(1_000_001)), toran.matchMany(Array(1_000_001))], [[], []]);
});

test("a form or fields that are none are no form", () => {
  for (const [form, fields] of [[null, {}], [undefined, {}], [7, {}], [{}, {}], [{ elements: [] }, null], [{ elements: [] }, undefined], [{ elements: [] }, "pan"]]) {
    assert.throws(() => toran.attach(form, fields), { name: "TypeError", message: "toran: attach takes a form and an object of fields" });
  }
});

test("a schema answers whatever it is given: what cannot be read is no object, a field that cannot be read is missing", () => {
  const fields = toran.schema({ pan: "pan", email: { kind: "email", required: false } })["~standard"];
  const messages = (input) => fields.validate(input).issues?.map(({ message, path = [] }) => [message, ...path]);
  for (const [what, make] of Object.entries(HOSTILE)) {
    assert.doesNotThrow(() => fields.validate(make()), what);
    assert.doesNotThrow(() => toran.schema("pan")["~standard"].validate(make()), what);
    assert.ok(messages({ pan: make() }).every(([, name]) => name === "pan"), what);
  }
  for (const what of ["a proxy that throws at everything", "a revoked proxy", "null"]) assert.deepEqual(messages(HOSTILE[what]()), [["An object is required."]], what);
  assert.deepEqual(messages({ get pan() { return fail(); } }), [["A PAN is required.", "pan"]]);
  const others = { pan: "abcpe1234f", get email() { return fail(); }, get other() { return fail(); } };
  assert.equal(fields.validate(others).value.pan, "ABCPE1234F");
});
