// The package's types, as TypeScript reads them from the installed package: with a browser's types and without, in a bundler's module
// resolution and in Node's, libraries checked too.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { CONSUMERS } from "../../tools/consumers.mjs";
import { application, run } from "./consumer.mjs";

const COMMON = `
import type { StandardSchemaV1 } from "@standard-schema/spec";
import { loadIfsc, lookupIfsc, lookupIfscMany, mask, schema, validate, validateMany, validateRequest, type IfscLookup, type Issue, type Kind, type Verdict } from "toran";
import { matchMany, matchNames } from "toran/names";

const kinds: Record<Kind, true> = {
  mobile: true, pan: true, ifsc: true, aadhaar: true, vid: true, voter_id: true, passport: true, driving_licence: true, gstin: true,
  vpa: true, kin: true, pincode: true, account_number: true, reference_id: true, person_name: true, email: true, birth_date: true,
};
const verdict: Verdict = validate("pan", 7);
if (verdict.ok) {
  const told: [string, string, unknown, Issue[]] = [verdict.value, verdict.masked, verdict.info["category"], verdict.warnings];
  // @ts-expect-error a sound value has no issues
  verdict.issues;
} else {
  const [from, to] = verdict.issues[0]!.span ?? [0, 0];
  const told: [string, string | undefined, number] = [verdict.issues[0]!.message, verdict.issues[0]!.hint, to - from];
}
const many: Verdict[] = validateMany([{ kind: "ifsc", input: null }] as const);
const shown: string = mask("mobile", "9876543210");
const loading: Promise<void> = loadIfsc();
const branches: IfscLookup[] = [lookupIfsc("SBIN0001234"), ...lookupIfscMany(["SBIN0001234"] as const)];
const successor: string | undefined = branches[0]!.successor?.prefix;
const request = validateRequest("pan.verify", {});
if (!request.ok) request.errors.map(({ field, key, message }) => field + key + message);
const decision: "match" | "review" | "no_match" = matchNames("Rahul Sharma", "SHARMA RAHUL", "pan_bank").decision;
const scores: number[] = matchMany([{ a: "Rahul Sharma", b: "R Sharma" }]).map(({ pessimistic }) => pessimistic);
// @ts-expect-error there is no such kind
validate("pam", "");

const pan_verdict = validate("pan", "ABCPE1234F");
const told: string = pan_verdict.ok ? pan_verdict.info.category : pan_verdict.issues[0]!.key;
const anyone: Verdict = pan_verdict;
const other: unknown = anyone.ok && anyone.info.whatever;
// @ts-expect-error a PAN tells no year
const year: number = pan_verdict.ok && pan_verdict.info.year;

const one: StandardSchemaV1<string, string> = schema("pan");
const blank: StandardSchemaV1<string, string> = schema("pan", { required: false });
const maybe = schema({ pan: { kind: "pan", required: Math.random() < 2 ? true : undefined } });
const fields = schema({ mobile: "mobile", pan: { kind: "pan", required: false } });
const values: StandardSchemaV1.InferOutput<typeof fields> = { mobile: "9876543210", pan: undefined };
const mobile: string = values.mobile;
const pan: string | null | undefined = values.pan;
// @ts-expect-error a required field is there
const none: StandardSchemaV1.InferOutput<typeof fields> = {};
// @ts-expect-error a field is of a kind
schema({ mobile: "number" });
const nested = schema({ mobile: "mobile", beneficiary_details: { ifsc: "ifsc", name: { kind: "person_name", required: false } }, "address.pincode": "pincode" });
type Nested = StandardSchemaV1.InferOutput<typeof nested>;
const whole: Nested = { mobile: "9876543210", beneficiary_details: { ifsc: "SBIN0001234" }, address: { pincode: "560001" } };
const within: [string, string | null | undefined, string] = [whole.beneficiary_details.ifsc, whole.beneficiary_details.name, whole.address.pincode];
// @ts-expect-error a field within an object is of a kind, too
schema({ beneficiary_details: { ifsc: "code" } });
`;
const BROWSER = `${COMMON}
import { attach } from "toran/url";
const detach: () => void = attach(document.createElement("form"), { mobile: "mobile", pan: { kind: "pan", required: true } });
// @ts-expect-error a form
attach(document.body, {});
attach(document.createElement("form"), { address: { pincode: "pincode" } }, { when: "leave" });
// @ts-expect-error a time that there is
attach(document.createElement("form"), {}, { when: "blur" });
detach();
`;
const STRICT = { strict: true, noEmit: true, skipLibCheck: false, target: "es2022", exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, types: [] };
const PLACES = {
  "in Node's CommonJS": { file: "main.cts", script: COMMON, options: { module: "node16", lib: ["es2022"] } },
  "in a browser's bundle": { script: BROWSER, options: { module: "esnext", moduleResolution: "bundler", lib: ["es2022", "dom"] } },
  "in Node, without a browser's types": { script: COMMON, options: { module: "nodenext", lib: ["es2022"] } },
};

for (const [place, { file = "main.ts", script, options }] of Object.entries(PLACES)) {
  test(`the types hold ${place}`, async () => {
    const folder = application({ [file]: script, "tsconfig.json": JSON.stringify({ compilerOptions: { ...STRICT, ...options }, files: [file] }) });
    const told = await run(process.execPath, [join(CONSUMERS, "node_modules", "typescript", "bin", "tsc")], folder).catch((error) => error.stdout || String(error));
    assert.equal(told, "");
  });
}
