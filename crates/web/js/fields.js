// The fields of a form as `attach` and `schema` take them: by name, a kind, or a kind and whether it has to be there.
import { validate } from "./calls.js";

/** Nothing but what the core removes around a value: white space and what cannot be seen. */
const BLANK = /^[\s\u0085\u200b-\u200e\u202a\u202c\u202d\u2060\u2066\u2068\u2069]*$/;

export const isBlank = (input) => input == null || (typeof input === "string" && BLANK.test(input));

/** What to tell a person: each issue, and what to do about it. */
export const sentences = (issues) => issues.flatMap(({ message, hint }) => [message, hint]).filter(Boolean).join(" ");

/** Of nothing, each kind says that it is missing. */
const isKind = (kind) => validate(kind).issues[0].key !== "error_kind_value";

/**
 * The rows `{name, kind, required}`. Fields within fields have the names of both with a dot between, as forms name them. Starts the wasm: where it
 * cannot be started, nothing else has been done yet.
 */
export function rowsOf(fields, caller, within = "") {
  return Object.entries(fields).flatMap(([last, written]) => {
    const name = within + last;
    if (typeof written === "object" && written && !("kind" in written) && Object.keys(written).length) return rowsOf(written, caller, `${name}.`);
    const { kind, required } = typeof written === "string" ? { kind: written } : (written ?? {});
    if (!isKind(kind)) throw new TypeError(`toran: ${caller} knows no kind ${JSON.stringify(kind)}${name && ` (field ${name})`}`);
    return { name, kind, required };
  });
}
