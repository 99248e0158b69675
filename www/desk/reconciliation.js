// Whether the books of a day agree with the vendors' (`GET /v1/ops/reconciliation/{date}`): sums, and each difference
// with its cause and what to do. To ask for a day looks up at the vendors what was not looked up yet, so the desk asks
// for the day before by itself, and for another one only when somebody picks it; it goes on asking only while that
// runs.
import { element, put, replace } from "./dom.js";
import { dated, moments, number, operation, problem, rupees, today, vendor } from "./words.js";

const DAY_MS = 86_400_000;
/** How long a result that is complete is shown before it is asked for again. */
const REST_MS = 60_000;

const STATUSES = {
  mismatched: "Differs",
  missing_here: "Missing here",
  missing_there: "Missing there",
  unchecked: "Not looked up",
  matched: "Agrees",
};

const yesterday = () => new Date(Date.parse(`${today()}T00:00:00Z`) - DAY_MS).toISOString().slice(0, 10);

/** Whether the books agree: a tone, words, and the same in one or two of them. */
function verdict({ state, totals }) {
  if (state === "running") return ["wait", "The vendors are being asked", "Running"];
  const { checks, matched } = totals;
  const open = totals.mismatched + totals.missing_here + totals.missing_there + totals.unchecked;
  if (open) return ["bad", `${number(open)} open, ${number(matched)} agree`, `${number(open)} open`];
  return ["good", checks ? "The books agree" : "No money moved", checks ? "Agrees" : "No money"];
}

/** A check, or a line of a vendor's statement, about which the two do not agree. */
function difference(entry) {
  const name = entry.operation ? operation(entry.operation) : vendor(entry.vendor);
  const side = (where, stands, paise) => `${where} ${stands.replaceAll("_", " ")}, ${rupees(paise)}`;
  const sides = [side("Here", entry.here, entry.paise_here), side("there", entry.there, entry.paise_there)].join("; ");
  const [tone, state] = entry.closed ? ["good", "Closed"] : ["bad", STATUSES[entry.status] ?? entry.status];
  const badge = element("span", { class: "badge", "data-tone": tone }, state);
  const node = element(
    "li",
    { class: "difference" },
    element("p", {}, badge, " ", element("strong", {}, name), " ", element("span", { class: "soft" }, moments(entry.at))),
    element("p", {}, sides),
    element("p", { class: "soft" }, element("code", {}, entry.cause), ` ${entry.next}`),
    element("p", { class: "soft" }, element("code", {}, entry.check ?? entry.wire_reference ?? "")),
  );
  if (entry.check) node.append(opener(name, entry));
  return node;
}

// Plain markup, so that a refresh that changes nothing leaves it, and the focus, alone.
const opener = (name, { check, operation: of }) =>
  element(
    "button",
    { type: "button", class: "small quiet", "data-check": check, "data-operation": of, "aria-label": `Timeline: ${name}, ${check}` },
    "Timeline",
  );

/**
 * The part's `load` and `draw`. `now()` answers the gateway, or nothing once the desk is locked; `open(check)` shows a
 * timeline; `hurry()` refreshes at once.
 */
export function reconciliation(section, { now, open, hurry, changed }) {
  const body = section.querySelector(".body");
  const result = element("div", { class: "result" });
  const save = element("button", { type: "button", class: "quiet" }, "Save as CSV");
  const fault = element("p", { class: "fault", role: "alert" });
  const date = element("input", { type: "date", id: "reconciled", max: today(), value: yesterday() });
  let last;
  let asked = "";

  body.append(element("div", { class: "field" }, element("label", { for: "reconciled" }, "Day"), date), result, save, fault);
  date.addEventListener("change", () => {
    asked = "";
    hurry();
  });

  // A link could not carry the key, so the file is fetched and then handed to the browser.
  save.addEventListener("click", async () => {
    const day = chosen();
    const response = await now()?.get(`/v1/ops/reconciliation/${day}.csv`);
    if (!response) return;
    const isThere = response.body instanceof Blob && response.status === 200;
    put(fault, isThere ? "" : problem(response));
    if (!isThere) return;
    const address = URL.createObjectURL(response.body);
    element("a", { href: address, download: `reconciliation-${day}.csv` }).click();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  });

  const chosen = () => date.value || yesterday();

  async function load(gateway) {
    const day = chosen();
    if (last && asked === day && last.body.state !== "running" && Date.now() - last.at < REST_MS) return last;
    const response = await gateway.get(`/v1/ops/reconciliation/${day}`);
    asked = day;
    last = [200, 202].includes(response.status) ? { ...response, at: Date.now() } : undefined;
    return response;
  }

  result.addEventListener("click", ({ target }) => {
    const { check, operation: of } = target.closest("[data-check]")?.dataset ?? {};
    if (check) open({ id: check, operation: of });
  });

  function draw({ state, totals, lines, onboarding, date: of, next }) {
    const [tone, words, short] = verdict({ state, totals });
    const sums = [
      ["Checks with money", number(totals.checks)],
      ["Agree", number(totals.matched)],
      ["Differ", number(totals.mismatched)],
      ["Missing here", number(totals.missing_here)],
      ["Missing there", number(totals.missing_there)],
      ["Not looked up", number(totals.unchecked)],
      ["Moved, by our books", rupees(totals.paise_here)],
      ["Moved, by the vendors", rupees(totals.paise_there)],
      ["Cost of an onboarding", onboarding && rupees(onboarding.average)],
      ["Estimate (003, 7)", onboarding && `${rupees(onboarding.estimate.from)} to ${rupees(onboarding.estimate.to)}`],
    ].filter(([, value]) => value);
    replace(
      result,
      element("p", {}, element("span", { class: "badge", "data-tone": tone }, words)),
      element("dl", { class: "facts sums" }, ...sums.map(([name, value]) => element("div", {}, element("dt", {}, name), element("dd", {}, value)))),
      ...(lines.length ? [element("ul", { class: "differences", "aria-label": `Differences of ${of}` }, ...lines.map(difference))] : []),
      ...(next ? [element("p", { class: "soft" }, "There are more: they are in the CSV of the day.")] : []),
    );
    changed({ tone, short, day: dated(of) });
  }

  return { load, draw };
}
