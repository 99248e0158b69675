// The package as it was built (www/pkg), for the other tables, and the inputs of its vectors.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { at } from "../tools/project.mjs";

export const FOLDER = at("www", "pkg");
export const ENTRY = join(FOLDER, "index.js");

export const toran = await import(pathToFileURL(ENTRY));
export const names = await import(pathToFileURL(join(FOLDER, "names.js")));

const VECTORS = at("tests", "vectors");
const isKind = ({ kind, valid, invalid }) => kind !== undefined && valid !== undefined && invalid !== undefined;

// A text with `repeat` stands so often.
const written = (row) => (row.repeat === undefined ? row : { ...row, input: row.input.repeat(row.repeat) });

/** The vectors of each kind: `{kind, valid, invalid}`. */
export const VECTORS_BY_KIND = readdirSync(VECTORS)
  .filter((name) => name.endsWith(".json"))
  .map((name) => JSON.parse(readFileSync(join(VECTORS, name), "utf8")))
  .filter(isKind)
  .map(({ kind, valid, invalid }) => ({ kind, valid: valid.map(written), invalid: invalid.map(written) }));

/** A text of visible ASCII, as a keyboard gives it. */
export const isPlain = (input) => typeof input === "string" && /^[\x20-\x7e]*$/.test(input);
