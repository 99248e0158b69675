// Whether the books of a day agree with the vendors' (`GET /v1/ops/reconciliation/{date}`): sums, and each difference with its cause and what to do. To ask for a day looks up at the
// vendors what was not looked up yet, so the desk asks for the day before by itself, and for another one only when somebody picks it; it goes on asking only while that runs.
import { element, put, replace } from "./dom.js";
import { dated, moments, number, operation, problem, rupees, today } from "./words.js";

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

/** The part's `load` and `draw`. `now()` answers the gateway, or nothing once the desk is locked; `open(check)` shows a timeline; `hurry()` refreshes at once. */
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

  function line(entry) {
    const name = entry.operation ? operation(entry.operation) : entry.vendor;
    const details = [`Here ${entry.here.replaceAll("_", " ")}, ${rupees(entry.paise_here)}`, `there ${entry.there.replaceAll("_", " ")}, ${rupees(entry.paise_there)}`].join("; ");
    const button = element("button", { type: "button", class: "small quiet", "data-check": entry.check, "data-operation": entry.operation, "aria-label": `Timeline: ${name}, ${entry.check}` }, "Timeline");
    return element(
      "li",
      { class: "difference" },
      element("p", {}, element("span", { class: "badge", "data-tone": entry.closed ? "good" : "bad" }, entry.closed ? "Closed" : (STATUSES[entry.status] ?? entry.status)), " ", element("strong", {}, name), " ", element("span", { class: "soft" }, moments(entry.at))),
      element("p", {}, details),
      element("p", { class: "soft" }, element("code", {}, entry.cause), ` ${entry.next}`),
      element("p", { class: "soft" }, element("code", {}, entry.check ?? entry.wire_reference ?? "")),
      ...(entry.check ? [button] : []),
    );
  }

  // The buttons are plain markup, so that a refresh that changes nothing leaves them, and the focus, alone.
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
      ...(lines.length ? [element("ul", { class: "differences", "aria-label": `Differences of ${of}` }, ...lines.map(line))] : []),
      ...(next ? [element("p", { class: "soft" }, "There are more: they are in the CSV of the day.")] : []),
    );
    changed({ tone, short, day: dated(of) });
  }

  return { load, draw };
}
