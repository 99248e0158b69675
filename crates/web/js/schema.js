// Standard Schema, version 1 (standardschema.dev): what React Hook Form, TanStack Form, tRPC and others take as a validator.
//
// Of a kind: a value in, its canonical form out. Of fields, `{ name: kind }` as `attach` takes them: an object in (or a form's FormData), the same
// object with its fields in canonical form out, each issue with its field as the path; what is no field is passed on unread. A field within an object,
// written so or with dots in its name, is found within the object, and in a FormData, which knows no objects, under its whole name.
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
    if (Object.prototype.toString.call(input) === "[object FormData]") return Object.fromEntries(input);
    if (Array.isArray(input)) return Array.from(input);
    return typeof input === "object" && Object.fromEntries(Object.keys(input).map((name) => [name, read(input, name)]));
  } catch {}
}

/** The object that a field is in, on its way copied, for the caller's stays as it was; with `make`, made where there is none. */
function holderOf(value, path, make) {
  return path.reduce((holder, step) => {
    const inner = holder && ((Object.hasOwn(holder, step) && copied(holder[step])) || (make && {}));
    return inner && (holder[step] = inner);
  }, value);
}

function judgedAll(rows, input) {
  const value = copied(input);
  if (!value) return told(spoken({ issues: [{ key: "error_object_type", message: "An object is required." }] }));
  const issues = [];
  for (const row of rows) {
    const path = row.name.split(".");
    const last = path.at(-1);
    const isWhole = path.length > 1 && Object.hasOwn(value, row.name);
    const holder = holderOf(value, path.slice(0, -1), isWhole);
    if (isWhole) {
      holder[last] = value[row.name];
      delete value[row.name];
    }
    const isThere = holder && Object.hasOwn(holder, last);
    const found = judged(row, isThere ? holder[last] : undefined);
    if (found.issues) issues.push(...found.issues.map((issue) => ({ ...issue, path })));
    else if (holder && (found.value !== undefined || isThere)) holder[last] = found.value;
  }
  return issues.length ? { issues } : { value };
}

export function schema(what, options) {
  const hasFields = typeof what === "object" && what !== null;
  const rows = rowsOf(hasFields ? what : { "": { ...options, kind: what } }, "schema");
  const judge = (input) => (hasFields ? judgedAll(rows, input) : judged(rows[0], input));
  return { "~standard": { version: 1, vendor: "toran", validate: judge } };
}
