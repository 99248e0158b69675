// Standard Schema, version 1 (standardschema.dev): what React Hook Form, TanStack Form, tRPC and others take as a validator.
//
// Of a kind: a value in, its canonical form out. Of fields, `{ name: kind }` as `attach` takes them: an object in, the same
// object with its fields in canonical form out, each issue with its field as the path; what is no field is passed on unread.
import { validate } from "./calls.js";
import { spoken } from "./locale.js";
import { read } from "./question.js";

const isEmpty = (input) => input == null || (typeof input === "string" && input.trim() === "");

/** A field as `{kind, required}`; written short it is its kind. */
const field = (written) => ({ ...(typeof written === "string" ? { kind: written } : written) });

const told = ({ issues }) => ({ issues: issues.map(({ message }) => ({ message })) });

function judged(kind, input) {
  const verdict = validate(kind, input);
  return verdict.ok ? { value: verdict.value } : told(verdict);
}

/** The properties of an object, as far as they can be read; nothing of what is none. */
function copied(input) {
  try {
    return typeof input === "object" && Object.fromEntries(Object.keys(input).map((name) => [name, read(input, name)]));
  } catch {}
}

function judgedAll(fields, input) {
  const value = copied(input);
  if (!value) return told(spoken({ issues: [{ key: "error_object_type", message: "An object is required." }] }));
  const issues = [];
  for (const [name, { kind, required }] of fields) {
    const given = read(input, name);
    if (required === false && isEmpty(given)) continue;
    const found = judged(kind, given);
    if (found.issues) issues.push(...found.issues.map((issue) => ({ ...issue, path: [name] })));
    else value[name] = found.value;
  }
  return issues.length ? { issues } : { value };
}

/** Of nothing, each kind says that it is missing. */
const isKind = (kind) => validate(kind).issues[0].key !== "error_kind_value";

export function schema(what) {
  const hasFields = typeof what === "object" && what !== null;
  const fields = hasFields ? Object.entries(what).map(([name, written]) => [name, field(written)]) : [["", { kind: what }]];
  if (!fields.every(([, { kind }]) => isKind(kind))) throw new TypeError("toran: schema takes a kind or an object of fields");
  const judge = hasFields ? (input) => judgedAll(fields, input) : (input) => judged(what, input);
  return { "~standard": { version: 1, vendor: "toran", validate: judge } };
}
