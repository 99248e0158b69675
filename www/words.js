// What an applicant is told, by response key. The gateway's own messages are for developers; they are shown where a key is
// not listed here, so nothing is ever silent.

const SERVICE = "Nothing is wrong with what you entered. Please try again in a few minutes.";

/** Of a box or an answer: [what is wrong] or [what happened, what to do next]. */
const WORDS = {
  error_mobile_number_type_not_string: ["Enter your mobile number."],
  error_mobile_number_incorrect_string_length: ["A mobile number has ten digits. Check how many you entered."],
  error_mobile_number_invalid_mobile_format: ["An Indian mobile number is ten digits and begins with 6, 7, 8 or 9."],
  error_pan_missing: ["Enter your PAN."],
  error_pan_empty: ["Enter your PAN."],
  error_pan_length: ["A PAN has ten characters. Check how many you entered."],
  error_pan_format: ["A PAN is five letters, four digits and a letter, such as ABCPE1234F."],
  error_pan_component: ["This is no PAN: its fourth letter or its four digits cannot be right. Compare it with your PAN card."],
  error_id_number_component: ["This is no PAN: its fourth letter or its four digits cannot be right. Compare it with your PAN card."],
  error_person_name_missing: ["Enter your name as your bank knows it."],
  error_person_name_empty: ["Enter your name as your bank knows it."],
  error_empty_consent: ["Tick the box if you agree. Without your consent nothing is sent."],

  success_account_details_retrieved: ["Your bank confirmed the account linked to this number."],
  success_pan: ["The Income Tax Department confirmed this PAN."],
  failure_no_account_mapped: ["No UPI account is linked to this mobile number.", "Use the number that is registered for UPI with your bank."],
  failure_account_closed: ["The account linked to this mobile number is closed.", "Use a number that is linked to an open account."],
  failure_pan_invalid: ["The Income Tax Department does not accept this PAN as genuine.", "Compare every character with your PAN card."],
  failure_pan_deactivated: ["This PAN is deactivated because it is not linked with Aadhaar.", "Link the two on the Income Tax portal, then check again."],
  failure_pan_not_found: ["The Income Tax Department has no record of this PAN.", "Compare every character with your PAN card."],
  failure_pan_deceased: ["This PAN cannot be used to open an account.", "Please contact us; a person will look at it with you."],
  failure_pan_unknown_status: ["The Income Tax Department's answer about this PAN needs a closer look.", "A person will look at it and contact you."],

  success_bank_account: ["Your payment arrived, and the account is confirmed."],
  failure_bank_account_no_match: ["The account that paid belongs to another name.", "Pay from an account of your own, under the name that you entered."],
  failure_bank_account_unknown_status: ["This account could not be confirmed.", "A person will look at it and contact you."],
  failure_payment_expired: ["The payment link expired before anybody paid.", "Ask for another link when you are ready to pay. Without a UPI app, tell us your account number instead."],
  failure_payment_failed: ["The payment did not go through. What was debited comes back by itself.", "Try again, or pay from another account."],

  pending_payment: ["Pay the rupee now, from your own bank account. We notice by ourselves when it arrives; please keep this page open."],
  pending_vendor: ["It is taking longer than usual. We go on by ourselves; you can leave this page open or come back to it."],
  pending_unknown: ["No answer yet. We are finding out what became of it; please do not start again elsewhere."],
  pending_review: ["The answer could not be found out automatically.", "A person at our side looks at it now. You need not do anything, and nothing is sent twice."],

  error_mobile_not_proved: ["Confirm first that this number is yours.", "Press the button again: we send you a code."],
  error_otp_wrong: ["This code is not the one that was sent, or its 15 minutes are over."],

  error_velocity_controls_verification_failed: ["This number was checked too often in a short time.", "You can try again when the time below is over."],
  error_rate_limited: ["Too many requests came from your connection.", "You can try again when the time below is over."],
  error_duplicate_reference_id: ["This check was already used for something else.", "Try again: it starts as a new check."],
  error_service_unavailable: ["The service is not available at the moment.", SERVICE],
  error_unexpected_response: ["The answer could not be understood.", SERVICE],
  error_source_unavailable: ["The source is not available at the moment.", SERVICE],
  error_source_timeout: ["The source did not answer in time.", "Nothing is wrong with what you entered. Please try again."],
  error_internal: ["Something went wrong on our side.", SERVICE],
  error_unauthorized: ["Your session could not be opened.", "Reload the page. If that does not help, come back from where you started."],
  error_forbidden: ["This page is not allowed to run this check.", "Please contact us."],
  unconnected: ["There is no connection at the moment. We go on asking by ourselves."],
  unreachable: ["There was no connection, so we don't know whether it arrived.", "Try again: if it did arrive, you get its answer, and it is not done twice."],
};

/** What to do next, by `action`, where the key has no advice of its own. */
const ACTIONS = {
  proceed: "There is nothing more to do here.",
  review: "A person will look at this. You need not do anything now.",
  reject: "Check what you entered, correct it and try again.",
  retry: "Wait a little, then try again.",
};

/** The heading of an answer, and its icon. */
const VERDICTS = {
  verified: ["✓", "Confirmed"],
  negative: ["✕", "Not confirmed"],
  failed: ["!", "Could not be checked"],
  problem: ["!", "Could not be checked"],
};

/** How an answer's fields are called; a field that is not listed goes by its own name. */
const FIELDS = {
  upi_vpa: "UPI address",
  name_as_per_bank: "Name at the bank",
  beneficiary_name: "Name at the bank",
  utr: "Bank reference",
  account_number: "Account number",
  ifsc: "IFSC",
  account_type: "Account type",
  bank_reference_number: "Bank reference",
  payout_amount: "Paid in, rupees",
  id_number: "PAN",
  name: "Name on the PAN",
  category: "Kind of holder",
  status: "Status",
  aadhaar_seeding_status: "Linked with Aadhaar",
  last_updated_at: "Last updated",
};
const UNSHOWN = ["payout_status", "branch_details", "transaction_status", "account_status", "name_match_score", "name_match_result", "validation_type", "payment_mode"];

export const verdict = (outcome) => VERDICTS[outcome] ?? VERDICTS.problem;
export const said = (key, message) => WORDS[key]?.[0] ?? message ?? "Something went wrong.";
export const advice = (key, action) => WORDS[key]?.[1] ?? ACTIONS[action] ?? "";

/** `[label, text]` of what may be shown of an answer's data. */
export function rows(data) {
  const shown = Object.entries(data ?? {}).filter(([name, value]) => !UNSHOWN.includes(name) && ["string", "number", "boolean"].includes(typeof value));
  return shown.map(([name, value]) => [FIELDS[name] ?? name.replaceAll("_", " "), typeof value === "boolean" ? (value ? "yes" : "no") : String(value)]);
}

/** The faults of fields, by which part of the step they belong to; what belongs to none is under `other`. */
export function placed(errors, fields) {
  const part = (field) => Object.keys(fields).find((name) => fields[name] === field) ?? "other";
  return Object.groupBy(errors, ({ field }) => part(field));
}

/** A time to wait, for a reader: `45 s`, `2 min 5 s`, `3 h 10 min`. */
export function duration(seconds) {
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const parts = hours ? [hours, "h", minutes, "min"] : minutes ? [minutes, "min", rest, "s"] : [rest, "s"];
  return parts.join(" ");
}
