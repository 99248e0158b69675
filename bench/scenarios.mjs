// What the load bench asks: a request, what it is to be answered, and who takes part.
const PURPOSE = "Account opening for a new customer";
const MALFORMED = '{"reference_id": "M2A_0001", ';
const FIVE_FAULTS = { reference_id: 5, mobile_number: "123", fetch_branch_details: "x", is_consent_granted: 3, consumer_urn: 5 };

// Sound and unsound, as people type them; no bank that has merged, and nothing in another script.
const INPUTS = [
  { kind: "pan", input: "ABCPE1234F" },
  { kind: "mobile", input: "9876543210" },
  { kind: "ifsc", input: "SBIN0001077" },
  { kind: "pan", input: "abcpe1234f " },
  { kind: "mobile", input: "+91 98765 43210" },
  { kind: "ifsc", input: "sbin0001077" },
  { kind: "pan", input: "ABCDE1234F" },
  { kind: "mobile", input: "1234567890" },
  { kind: "ifsc", input: "SBIN1001077" },
  { kind: "mobile", input: "98765" },
];
const HUNDRED = Array.from({ length: 100 }, (_, index) => INPUTS[index % INPUTS.length]);

const post = (path, body, answer) => ({ method: "POST", path, body: typeof body === "string" ? body : JSON.stringify(body), ...answer });
const refused = (status, key) => ({ status, key });
// `{n}`: a fresh number for each request (bench/wrk.mjs).
const panVerify = (reference_id) =>
  post(
    "/v1/pan/verify",
    { reference_id, document_type: "PAN", id_number: "ABCPE1234F", consent: "Y", purpose: PURPOSE },
    { status: 200, key: "success_pan", operation: "pan.verify" },
  );

const reject = post("/v1/mobile/account", FIVE_FAULTS, refused(400, "error_mobile_number_incorrect_string_length"));
const malformed = post("/v1/mobile/account", MALFORMED, refused(400, "error_malformed_request"));
const unknown = { method: "GET", path: "/v1/nowhere", ...refused(404, "error_not_found") };
const pan = panVerify("BENCH_{n}");
// The vendor counts the requests about each number, and so does the gateway: no number is asked about twice.
const account = post(
  "/v1/mobile/account",
  { reference_id: "BENCH_{n}", mobile_number: "7{n}" },
  { status: 200, key: "success_account_details_retrieved", operation: "mobile.account" },
);

const each = (request, ...targets) => targets.map((target) => ({ by: target, target, request }));
const refusing = (request) => each(request, "toran", "hand", "hono", "echo");

/**
 * `subjects`: who takes part (`by`), as which target and with which request; the first is what the others are compared with. `warm`: for how many rounds' time each
 * is warmed up. `alike`: what is the same in the answers of all. `settings`: development's unless named. `replayed`: the answer is one that was given before.
 * `burst`: fifty duplicates at once.
 */
export const SCENARIOS = [
  { name: "reject, five faults", subjects: refusing(reject), alike: ({ request_id, ...body }) => body },
  { name: "malformed", subjects: refusing(malformed) },
  { name: "unknown route", subjects: refusing(unknown), alike: ({ request_id, ...body }) => body },
  { name: "validate 1", subjects: each(post("/v1/validate", INPUTS[0], { status: 200 }), "toran", "hand"), alike: (body) => body },
  { name: "validate 100", subjects: each(post("/v1/validate", { items: HUNDRED }, { status: 200 }), "toran", "hand"), alike: (body) => body },
  { name: "replay", subjects: each(panVerify("REPLAY"), "toran", "full"), replayed: true },
  { name: "replay, production's settings", subjects: each(panVerify("REPLAY"), "toran", "full"), settings: "production", replayed: true },
  // The shared objects are made by the first few hundred checks, some 10 ms each.
  { name: "pan.verify", subjects: each(pan, "toran", "full", "full_object_each"), warm: 5 },
  { name: "mobile.account", subjects: [...each(account, "toran"), { by: "toran, pan.verify", target: "toran", request: pan }], warm: 5 },
  { name: "50 duplicates at once", subjects: each(pan, "toran", "full"), burst: true },
];
