// What the desk says, by the codes of the gateway: operations, reasons, what the documents say to ask for, decisions,
// moments of a timeline; and how numbers and times are written. What is not listed goes by its own code, so nothing is
// ever silent.

const OPERATIONS = {
  "pan.verify": "PAN",
  "bank.verify": "Bank account",
  "bank.collect": "Payment link",
  "mobile.account": "Account of a mobile number",
  "customer.prefill": "Pre-fill",
  "ckyc.search": "CKYC search",
  "ckyc.download": "CKYC download",
  "ckyc.upload": "CKYC upload",
  "prepaid.customer": "Prepaid customer",
  "dmt.customer": "Remitter",
};

const VENDORS = { decentro: "Decentro", cashfree: "Cashfree", setu: "Setu", wibmo: "Wibmo", iserveu: "iServeU" };

const REASONS = {
  unknown: "Nobody has said how it ended, and the time for finding out is over.",
  refused: "The vendor will not take this upload.",
  contradicted: "The vendor said two things that cannot both be true.",
};

const STATEMENT =
  "Look for the wire reference at the vendor and in the day's statement. If that stays open, ask the " +
  "customer for a bank statement or a copy of the passbook that shows the rupee.";
const CHEQUE =
  "Ask the vendor which word holds, by the wire reference. Ask the customer for a cancelled cheque or a " +
  "bank statement, and decide by it.";
const REFUSED =
  "Compare the vendor's key with the record. A record that is wrong is corrected and sent again by its " +
  "caller, naming this one in replaces. Where our account was refused, settle that, then decide retry.";
const PAID =
  "Look in the vendor's dashboard whether a payment came in under the wire reference. The customer's " +
  "UPI app says whether a rupee left.";
const REGISTRY = "Search the registry for the customer (ckyc.search): is the record there, and is it this one?";

/** What the documents say to ask for, by operation and reason: `[text, source]`. */
const ASK = {
  "bank.verify unknown": [STATEMENT, "003, 3.3 and 8.4"],
  "mobile.account unknown": [STATEMENT, "003, 3.3 and 8.4"],
  "bank.verify contradicted": [CHEQUE, "003, 8.3"],
  "mobile.account contradicted": [CHEQUE, "003, 8.3"],
  "bank.collect unknown": [PAID, "003, 3.5"],
  "bank.collect contradicted": [CHEQUE, "003, 8.3"],
  "ckyc.upload unknown": [REGISTRY, "003, 4.1"],
  "ckyc.upload refused": [REFUSED, "003, 11.3"],
  "ckyc.upload contradicted": [REGISTRY, "003, 4.1"],
};
const ASK_ELSE = ["Compare the answer with the customer's documents, and decide by them.", ""];

/** The decisions, and what they mean: of money, and of an upload. */
const DECISIONS = {
  verified: ["The account is the customer's, and the rupee arrived, where one was paid.", "The registry has the record."],
  negative: ["The account is closed, or somebody else's.", "The registry will not have this customer."],
  failed: ["Nothing moved. The caller may ask anew, under another reference.", "Nothing was recorded. The caller may ask anew, under another reference."],
  retry: ["Like failed: money is never sent a second time.", "What stood in the way at our account is settled. It is sent again as it is."],
};

const KINDS = {
  claimed: "Taken on",
  sent: "Sent",
  replied: "Reply",
  alarm: "Alarm",
  callback: "Callback of the vendor",
  decided: "Decided by a person",
  published: "Answered",
  withdrawn: "Answer withdrawn",
  replaced: "Replaced by a corrected upload",
  ended: "Ended without an answer",
  left_out: "Not listed",
};

const REPLIES = {
  final: "final",
  working: "the vendor works on it",
  unknown: "says nothing certain",
  trouble: "trouble at the vendor",
  landed: "an earlier attempt had arrived",
  rejected: "the vendor refused us",
  offered: "a payment link",
  held: "nothing was sent, the module is held back",
  further: "taken further",
  ended: "ended",
};

export const operation = (name) => OPERATIONS[name] ?? name;
export const vendor = (name, account) => [VENDORS[name] ?? name, account].filter(Boolean).join(" / ");
export const reason = (code) => REASONS[code] ?? code;
export const ask = (operation, reason) => ASK[`${operation} ${reason}`] ?? ASK_ELSE;
export const decisions = (operation) => Object.entries(DECISIONS).map(([name, [money, upload]]) => [name, operation === "ckyc.upload" ? upload : money]);

/** What a moment of a timeline is, in words; of a call also whether it was the request or a question about it. */
export function moment({ kind, call, reply, event, decision, left_out }) {
  const about = call === "status" ? " (look-up)" : "";
  const more = { replied: REPLIES[reply] ?? reply, alarm: event, decided: decision, left_out: left_out && `${left_out} older replies and alarms` }[kind];
  return `${KINDS[kind] ?? kind}${about}${more ? `: ${more}` : ""}`;
}

const ZONE = "Asia/Kolkata";
const clock = new Intl.DateTimeFormat("en-GB", { timeZone: ZONE, hour: "2-digit", minute: "2-digit", second: "2-digit" });
const day = new Intl.DateTimeFormat("en-GB", { timeZone: ZONE, day: "numeric", month: "short", year: "numeric" });
const plain = new Intl.NumberFormat("en-IN");
const money = new Intl.NumberFormat("en-IN", { style: "currency", currency: "INR" });
const percentage = new Intl.NumberFormat("en-IN", { style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 2 });

/** A number as Indian readers group it. */
export const number = (value) => plain.format(value);
/** Rupees, of whole paise. */
export const rupees = (paise) => money.format(paise / 100);
/** A share of one. It is never rounded up to all. */
export const percent = (share) => percentage.format(share < 1 ? Math.min(share, 0.9999) : share);
/** Milliseconds as seconds where there are many. */
export const milliseconds = (value) => (value >= 1000 ? `${plain.format(value / 1000)} s` : `${plain.format(value)} ms`);
/** The time of day, Indian. */
export const time = (at) => clock.format(new Date(at));
/** Day and time of day, Indian. */
export const moments = (at) => `${day.format(new Date(at))}, ${clock.format(new Date(at))}`;
/** A day (`2026-12-01`) in words. */
export const dated = (date) => day.format(new Date(`${date}T12:00:00+05:30`));
/** Today in India, as `2026-12-01`. */
export const today = () => new Intl.DateTimeFormat("en-CA", { timeZone: ZONE }).format(new Date());

/** How long ago, in its two largest units: `12 s`, `5 min`, `2 h 5 min`, `3 d 4 h`. */
export function age(at) {
  const seconds = Math.max(0, Math.floor((Date.now() - Date.parse(at)) / 1000));
  const [days, hours, minutes] = [Math.floor(seconds / 86_400), Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60];
  if (days) return `${days} d ${hours} h`;
  if (hours) return `${hours} h ${minutes} min`;
  return minutes ? `${minutes} min` : `${seconds} s`;
}

/** What a problem says, and what to do about it. */
export function problem({ status, body, retryAfter }) {
  if (status === 0) return "There was no connection to the gateway.";
  const again = retryAfter ? `Try again in ${retryAfter} s.` : "";
  return [body.title ?? `The gateway answered ${status}.`, body.detail, again, body.request_id && `Request ${body.request_id}.`].filter(Boolean).join(" ");
}
