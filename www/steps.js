// The steps of the page, one row each: what is asked, in which words, and the request that it makes. What else is said
// to an applicant is in words.js; whether a value is right is decided by the package, never here.

/** The version of the consent texts below. A change to a text is a new version: it is sent with every request. */
export const CONSENT_VERSION = "2026-11-21";

export const STEPS = [
  {
    name: "mobile",
    operation: "mobile.account",
    path: "/v1/mobile/account",
    kind: "mobile",
    title: "Mobile number",
    about: "Your bank tells us which account is linked to your mobile number.",
    label: "Mobile number",
    hint: "Ten digits, as registered with your bank",
    input: { inputmode: "tel", autocomplete: "tel-national" },
    consent: "I agree that my mobile number is used to find the bank account linked to it, and that ₹1 is paid into that account to confirm it.",
    submit: "Check mobile number",
    another: "Check another number",
    waiting: "Asking your bank",
    fields: { input: "mobile_number", consent: "is_consent_granted" },
    body: (value) => ({ mobile_number: value, is_consent_granted: true }),
  },
  {
    name: "pan",
    operation: "pan.verify",
    path: "/v1/pan/verify",
    kind: "pan",
    title: "PAN",
    about: "The Income Tax Department tells us whether your PAN is valid.",
    label: "Permanent Account Number (PAN)",
    hint: "Five letters, four digits and a letter, as on your PAN card",
    input: { inputmode: "text", autocomplete: "off", autocapitalize: "characters" },
    consent: "I agree that my PAN is checked with the Income Tax Department to open my account.",
    submit: "Check PAN",
    another: "Check another PAN",
    waiting: "Asking the Income Tax Department",
    fields: { input: "id_number", consent: "consent" },
    body: (value) => ({ document_type: "PAN", id_number: value, consent: "Y", purpose: "Verification of a customer before opening an account" }),
  },
  {
    name: "collect",
    operation: "bank.collect",
    path: "/v1/bank-accounts/collect",
    kind: "person_name",
    title: "Bank account",
    about: "You pay ₹1 by UPI from your bank account, and your bank tells us whose account it is. The rupee comes back within 48 hours.",
    label: "Your name",
    hint: "As your bank knows you",
    input: { inputmode: "text", autocomplete: "name" },
    consent: "I agree that my bank tells which account I pay from, and that its holder's name is compared with mine.",
    submit: "Get a payment link",
    another: "Check another account",
    waiting: "Asking for a payment link",
    fields: { input: "name", consent: "consent" },
    body: (value) => ({ name: value }),
  },
];
