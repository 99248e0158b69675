// The language of verdicts. The core speaks English; for Hindi its messages and hints are replaced after the call, key by key, and what has
// no Hindi words stays English. Requests are not touched: their messages are the documents'. Only `setLocale` leads to the words, so that a bundler
// leaves them out for whoever does not call it.
import { HINTS, KEYS, KINDS, REASONS } from "./hindi.js";

/** What an English text suggests or names: "Did you mean gmail.com?", "... has merged into State Bank of India." */
const NAMED = /(?: into | mean |: )(.+)[.?]$/;

/** What puts a verdict into another language than English, and the name of that one. */
let translation;
const listeners = new Set();

export const locale = () => translation?.name ?? "en";

/** Calls back after each change, until what it answers is called. */
export function onLocale(act) {
  listeners.add(act);
  return () => listeners.delete(act);
}

export function setLocale(name) {
  translation = typeof name === "string" && /^hi(?![a-z])/i.test(name) ? { name: "hi", translate } : undefined;
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

function translate(verdict) {
  for (const issue of verdict.issues ?? verdict.warnings) {
    if (issue.hint) issue.hint = hint(issue.hint) ?? issue.hint;
    issue.message = message(verdict.kind, issue) ?? issue.message;
  }
  return verdict;
}

/** The verdict in the language that was set. */
export const spoken = (verdict) => translation?.translate(verdict) ?? verdict;
