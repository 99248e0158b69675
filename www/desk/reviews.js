// What needs a person, oldest first: a line for each check of `GET /v1/reviews`, with its reason, what the documents
// say to ask for, and the way to decide it.
import { element, keyed, put, replace, say } from "./dom.js";
import { panel } from "./panel.js";
import { age, ask, moments, operation, reason, vendor } from "./words.js";

const PAGE = 100;
const HOUR_MS = 3_600_000;
/** From when on a wait is long, and very long: hours. */
const LATE = [4, 24];

/** What the documents say to ask for. */
function advised(review) {
  const [text, source] = ask(review.operation, review.reason);
  const from = source ? [element("span", { class: "source" }, ` (document ${source})`)] : [];
  return [element("strong", {}, "Ask for: "), text, ...from];
}

/** What identifies a check, here and at its vendor. */
function described(review) {
  const pairs = [
    ["Reference", review.reference_id],
    ["Check", review.id],
    ["Vendor", vendor(review.vendor)],
    ["Vendor's key", review.vendor_key],
    ["Taken on", moments(review.began)],
    ["Wire reference", review.wire_reference],
  ];
  return pairs.filter(([, value]) => value).map(([name, value]) => element("span", {}, `${name} `, element("code", {}, value)));
}

/** The part. `on` has `decide(review)`, `open(review)` and `changed({ count, oldest, isAll, added })`. */
export function reviews(on) {
  const section = document.getElementById("reviews");
  const [list, empty, more] = [".reviews", ".empty", ".more"].map((selector) => section.querySelector(selector));
  const decided = new Map();
  let pages = 1;
  let known;
  let lines = [];
  const isDecided = ({ id, since }) => decided.get(id)?.since === since && decided.get(id).isFinal;
  const show = keyed(list, { key: (review) => review.id, make: line, home: document.getElementById("reviews-title") });

  async function load(api) {
    const all = [];
    let after = null;
    for (let page = 0; page < pages && (page === 0 || after); page += 1) {
      const response = await api.get(`/v1/reviews?limit=${PAGE}${after ? `&after=${encodeURIComponent(after)}` : ""}`);
      if (response.status !== 200) return response;
      all.push(...response.body.reviews);
      after = response.body.next;
    }
    return { status: 200, body: { reviews: all, next: after } };
  }

  function draw({ reviews: waiting, next }) {
    lines = waiting;
    show(waiting);
    empty.hidden = waiting.length > 0;
    more.hidden = !next;
    const ids = new Set(waiting.map(({ id }) => id));
    for (const id of decided.keys()) if (!ids.has(id)) decided.delete(id);
    const added = known ? waiting.filter(({ id }) => !known.has(id)).length : 0;
    known = ids;
    on.changed({ count: waiting.length, oldest: waiting[0]?.since, isAll: !next, added });
  }

  // A line. A check that waits anew has another `since`: an earlier decision says nothing of it.
  function line(first) {
    let review = first;
    const named = `${operation(first.operation)}, ${first.reference_id ?? first.id}`;
    const waited = element("strong", {});
    const since = element("time", {});
    const why = element("p", { class: "reason" });
    const advice = element("p", { class: "ask" });
    const details = element("p", { class: "details" });
    const mark = element("p", { class: "mark" });
    const button = (words, tone, act) =>
      element("button", { type: "button", class: tone, "aria-label": `${words}: ${named}`, onclick: () => act(review) }, words);
    const decide = button("Decide", null, on.decide);
    const open = button("Timeline", "quiet", on.open);
    const title = element("h3", {}, operation(first.operation), " ", element("code", {}, first.operation));
    const node = element(
      "li",
      { class: "review", "data-check": first.id },
      element("div", { class: "when" }, waited, since),
      element("div", { class: "what" }, title, why, advice, details, mark),
      element("div", { class: "act" }, decide, open),
    );

    function update(current) {
      review = current;
      const hours = (Date.now() - Date.parse(review.since)) / HOUR_MS;
      node.dataset.late = String(LATE.filter((late) => hours >= late).length);
      put(waited, age(review.since));
      put(since, moments(review.since));
      since.setAttribute("datetime", review.since);
      put(why, reason(review.reason));
      replace(advice, ...advised(review));
      replace(details, ...described(review));
      const word = decided.get(review.id);
      say(mark, word?.since === review.since ? word.text : "");
      decide.setAttribute("aria-disabled", String(Boolean(isDecided(review))));
    }
    return { node, update };
  }

  more.addEventListener("click", () => {
    pages += 1;
    on.hurry();
  });

  return {
    ...panel("reviews", { load, draw, scope: "review", stays: true }),
    /** Notes at its line what became of a decision; `isFinal`: there is nothing left to decide. */
    note(review, text, isFinal) {
      decided.set(review.id, { since: review.since, text, isFinal });
    },
    isDecided,
    /** The line of a check that waits and was not decided here. */
    get: (id) => lines.find((review) => review.id === id && !isDecided(review)),
  };
}
