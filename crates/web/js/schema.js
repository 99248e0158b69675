// Standard Schema, version 1 (standardschema.dev): what React Hook Form, TanStack Form, tRPC and others take as a validator.
//
// Of a kind: a value in, its canonical form out. Of fields, `{ name: kind }` as `attach` takes them: an object in, the same
// object with its fields in canonical form out, each issue with its field as the path; what is no field is passed on unread.
import { spoken } from "./locale.js";
import { validate } from "./toran.js";

const isEmpty = (input) => input == null || (typeof input === "string" && input.trim() === "");

/** A field as `{kind, required}`; written short it is its kind, and required. */
const field = (written) => (typeof written === "string" ? { kind: written, required: true } : { ...written, required: written?.required !== false });

const told = ({ issues }) => ({ issues: issues.map(({ message }) => ({ message })) });

function judged(kind, input) {
  const verdict = validate(kind, input);
  return verdict.ok ? { value: verdict.value } : told(verdict);
}

function judgedAll(fields, input) {
  if (typeof input !== "object" || input === null) return told(spoken({ issues: [{ key: "error_object_type", message: "An object is required." }] }));
  const value = { ...input };
  const issues = [];
  for (const [name, { kind, required }] of fields) {
    if (!required && isEmpty(input[name])) continue;
    const found = judged(kind, input[name]);
    if (found.issues) issues.push(...found.issues.map((issue) => ({ ...issue, path: [name] })));
    else value[name] = found.value;
  }
  return issues.length ? { issues } : { value };
}

export function schema(what) {
  const isKind = typeof what === "string";
  if (!isKind && (typeof what !== "object" || what === null)) throw new TypeError("toran: schema takes a kind or an object of fields");
  const fields = isKind ? undefined : Object.entries(what).map(([name, written]) => [name, field(written)]);
  const judge = fields ? (input) => judgedAll(fields, input) : (input) => judged(what, input);
  return { "~standard": { version: 1, vendor: "toran", validate: judge } };
}
