// The language of verdicts. The core speaks English; for Hindi its messages and hints are replaced after the call, key by key, and what has
// no Hindi words stays English. Requests are not touched: their messages are the documents'.
import { HINTS, KEYS, KINDS, REASONS } from "./hindi.js";

/** What an English text suggests or names: "Did you mean gmail.com?", "... has merged into State Bank of India." */
const NAMED = /(?: into | mean |: )(.+)[.?]$/;

let hindi = false;
const listeners = new Set();

export const locale = () => (hindi ? "hi" : "en");

/** Calls back after each change, until what it answers is called. */
export function onLocale(act) {
  listeners.add(act);
  return () => listeners.delete(act);
}

export function setLocale(name) {
  hindi = typeof name === "string" && /^hi(?![a-z])/i.test(name);
  listeners.forEach((act) => act());
}

const filled = (words, english) => words?.replace("{}", NAMED.exec(english)?.[1] ?? "");

function message(kind, { key, message: english }) {
  const words = KINDS[kind];
  // The documents have one key for what is missing and what is no text, and one for what is empty and what is too short.
  if (words && / is (required|empty)\.$/.test(english)) return REASONS.missing(words);
  const reason = REASONS[KEYS[key]] ? KEYS[key] : words && key.startsWith(`error_${kind}_`) ? key.slice(kind.length + 7) : undefined;
  if (reason === undefined) return filled(KEYS[key], english);
  return words[reason] && reason !== "length" ? words[reason] : (REASONS[reason] ?? REASONS.format)(words);
}

const hint = (english) => filled(HINTS[Object.keys(HINTS).find((start) => english.startsWith(start))], english);

/** The verdict in the language that was set. */
export function spoken(verdict) {
  if (!hindi) return verdict;
  for (const issue of verdict.issues ?? verdict.warnings) {
    if (issue.hint) issue.hint = hint(issue.hint) ?? issue.hint;
    issue.message = message(verdict.kind, issue) ?? issue.message;
  }
  return verdict;
}
