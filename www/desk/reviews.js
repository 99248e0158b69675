// What needs a person, oldest first: a line for each check of `GET /v1/reviews`, with its reason, what the documents say to ask for, and the way to decide it.
import { element, keyed, put, say } from "./dom.js";
import { panel } from "./panel.js";
import { age, ask, moments, operation, reason, vendor } from "./words.js";

const PAGE = 100;
const HOUR_MS = 3_600_000;
/** From when on a wait is long, and very long: hours. */
const LATE = [4, 24];

/** The part. `on` has `decide(review)`, `open(review)` and `changed({ count, oldest, isAll, added })`. */
export function reviews(on) {
  const section = document.getElementById("reviews");
  const [list, empty, more] = [".reviews", ".empty", ".more"].map((selector) => section.querySelector(selector));
  const decided = new Map();
  let pages = 1;
  let known;
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
    const decide = element("button", { type: "button", "aria-label": `Decide: ${named}`, onclick: () => on.decide(review) }, "Decide");
    const open = element("button", { type: "button", class: "quiet", "aria-label": `Timeline: ${named}`, onclick: () => on.open(review) }, "Timeline");
    const node = element(
      "li",
      { class: "review", "data-check": first.id },
      element("div", { class: "when" }, waited, since),
      element("div", { class: "what" }, element("h3", {}, operation(first.operation), " ", element("code", {}, first.operation)), why, advice, details, mark),
      element("div", { class: "act" }, decide, open),
    );

    function update(current) {
      review = current;
      put(waited, age(review.since));
      put(since, moments(review.since));
      since.setAttribute("datetime", review.since);
      node.dataset.late = String(LATE.filter((hours) => Date.now() - Date.parse(review.since) >= hours * HOUR_MS).length);
      put(why, reason(review.reason));
      const [text, source] = ask(review.operation, review.reason);
      const advised = source ? `${text} (${source})` : text;
      if (advice.dataset.text !== advised) advice.replaceChildren(element("strong", {}, "Ask for: "), text, ...(source ? [element("span", { class: "source" }, ` (document ${source})`)] : []));
      advice.dataset.text = advised;
      const facts = [["Reference", review.reference_id], ["Check", review.id], ["Vendor", vendor(review.vendor)], ["Vendor's key", review.vendor_key], ["Taken on", moments(review.began)], ["Wire reference", review.wire_reference]];
      const text_of = JSON.stringify(facts);
      if (details.dataset.text !== text_of) details.replaceChildren(...facts.filter(([, value]) => value).map(([name, value]) => element("span", {}, `${name} `, element("code", {}, value))));
      details.dataset.text = text_of;
      const word = decided.get(review.id)?.since === review.since ? decided.get(review.id) : undefined;
      say(mark, word?.text ?? "");
      decide.setAttribute("aria-disabled", String(Boolean(word?.isFinal)));
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
    isDecided: (review) => decided.get(review.id)?.since === review.since && decided.get(review.id).isFinal,
    find: (id) => list.querySelector(`[data-check="${CSS.escape(id)}"] button`),
  };
}
