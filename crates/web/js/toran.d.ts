/** The identifiers that the package knows. */
export type Kind = "mobile" | "pan" | "ifsc" | "reference_id" | "person_name" | "account_number";

export type Issue = {
  /** Machine-readable. */
  key: string;
  message: string;
  /** What to do about it. */
  hint?: string;
  /** The part that is meant: first and one after last, in UTF-16 units of the input, as `input.slice(...span)` takes it. */
  span?: [number, number];
};

export type Verdict =
  | {
      ok: true;
      kind: Kind;
      /** The canonical form: what to send. */
      value: string;
      /** What may be shown. */
      masked: string;
      /** What the value itself tells: `category` of a PAN, `bank_code` of an IFSC, ... */
      info: Record<string, unknown>;
      /** What was changed, and what is unusual. */
      warnings: Issue[];
    }
  | { ok: false; kind: Kind; issues: Issue[] };

/** Is `input` a `kind`? Lenient about form: what was changed is in the warnings. Never throws. */
export function validate(kind: Kind, input: unknown): Verdict;

/** The verdicts, in order; none if `items` is no array or has over 100,000 items. Never throws. */
export function validateMany(items: readonly { kind: Kind; input: unknown }[]): Verdict[];

/** The operations whose requests the package can check. */
export type Operation = "mobile.account" | "pan.verify";

/** A fault of one field, as the gateway reports it. */
export type FieldFault = {
  /** The field's name; of a nested one with a dot. */
  field: string;
  key: string;
  message: string;
};

export type RequestVerdict =
  /** `value`: what the request means to the gateway, after normalisation and defaults. */
  | { ok: true; value: Record<string, unknown> }
  /** `key` and `errors` as in the gateway's problem; `error_malformed_request` for what is no request at all. */
  | { ok: false; key: string; errors: FieldFault[] };

/** What the gateway would say to this body before it asks anyone. As strict as its fields are: normalise with `validate`. Never throws. */
export function validateRequest(operation: Operation, body: unknown): RequestVerdict;

/** Whose names are compared: the PAN's and the one named after it. The thresholds are document 003's. */
export type Policy = "pan_customer" | "pan_bank" | "pan_aadhaar" | "pan_kra" | "pan_ckyc";

export type NameMatch = {
  /** 0 to 100; the pessimistic reading's. */
  score: number;
  /** The score if every doubt is resolved kindly. */
  optimistic: number;
  /** The score if none is. */
  pessimistic: number;
  /** Of `score`. */
  band: "FULL_MATCH" | "PARTIAL_MATCH" | "POOR_PARTIAL_MATCH" | "NO_MATCH";
  /** By the policy's thresholds; a `review` is for a person. */
  decision: "match" | "review" | "no_match";
  /** What differs, the weightiest first, with the words of the two names that it is about. */
  reasons: { code: string; a?: string; b?: string }[];
};

/** Are two names one person's (or one firm's)? Symmetric; any text has an answer. The policy is `pan_customer` where left out. Never throws. */
export function matchNames(a: string, b: string, policy?: Policy): NameMatch;

/** The matches, in order; none if `pairs` is no array or has over 100,000 items. Never throws. */
export function matchMany(pairs: readonly { a: string; b: string; policy?: Policy }[]): NameMatch[];

/** What may be shown of an input, valid or not: `XXXXXX234F`. Never throws. */
export function mask(kind: Kind, input: string): string;
