// Standard Schema, version 1 (standardschema.dev): what React Hook Form, TanStack Form, tRPC and others take as a validator.
//
// Of a kind: a value in, its canonical form out. Of fields, `{ name: kind }` as `attach` takes them: an object in, the same
// object with its fields in canonical form out, each issue with its field as the path; what is no field is passed on unread.
import { validate } from "./calls.js";
import { isBlank, rowsOf, sentences } from "./fields.js";
import { spoken } from "./locale.js";
import { read } from "./question.js";

const told = ({ issues }) => ({ issues: issues.map((issue) => ({ message: sentences([issue]), key: issue.key })) });

function judged({ kind, required }, input) {
  if (required === false && isBlank(input)) return { value: input && "" };
  const verdict = validate(kind, input);
  return verdict.ok ? { value: verdict.value } : told(verdict);
}

/** The properties of an object, as far as they can be read; nothing of what is none. */
function copied(input) {
  try {
    return typeof input === "object" && Object.fromEntries(Object.keys(input).map((name) => [name, read(input, name)]));
  } catch {}
}

function judgedAll(rows, input) {
  const value = copied(input);
  if (!value) return told(spoken({ issues: [{ key: "error_object_type", message: "An object is required." }] }));
  const issues = [];
  for (const row of rows) {
    const { name } = row;
    const isThere = Object.hasOwn(value, name);
    const found = judged(row, isThere ? value[name] : undefined);
    if (found.issues) issues.push(...found.issues.map((issue) => ({ ...issue, path: [name] })));
    else if (found.value !== undefined || isThere) value[name] = found.value;
  }
  return issues.length ? { issues } : { value };
}

export function schema(what, options) {
  const hasFields = typeof what === "object" && what !== null;
  const rows = rowsOf(hasFields ? what : { "": { ...options, kind: what } }, "schema");
  const judge = (input) => (hasFields ? judgedAll(rows, input) : judged(rows[0], input));
  return { "~standard": { version: 1, vendor: "toran", validate: judge } };
}
