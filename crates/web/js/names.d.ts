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

/** The matches, in order; none if `pairs` is no array or has over 1,000,000 items. Never throws. */
export function matchMany(pairs: readonly { a: string; b: string; policy?: Policy }[]): NameMatch[];
