// What happened to one check, from `GET /v1/checks/{id}/timeline`: by its public id, never by a reference, for that may
// hold an identifier and would stand in an address.
import { element, facts, put, say } from "./dom.js";
import { moment, moments, operation, problem, rupees, vendor } from "./words.js";

const dialog = document.getElementById("timeline");
const [title, fault, list, steps, act] = ["h2", ".fault", ".facts", ".moments", ".act"].map((selector) => dialog.querySelector(selector));

/** How a check stands, from what happened last. */
function state(lines) {
  const last = lines.findLast(({ kind }) => !["left_out", "callback"].includes(kind)) ?? {};
  if (last.kind === "published") return `Answered: ${last.key}`;
  if (last.kind === "ended") return "Ended without an answer";
  if (last.kind === "decided") return `One person decided ${last.decision}. A second person must decide the same.`;
  return last.event === "check_needs_review" || last.kind === "withdrawn" ? "Waits for a person" : "Under way";
}

const attempt = (reference) => Number.parseInt(reference.slice(-2), 16);

function copied(text) {
  const button = element("button", { type: "button", class: "small quiet", "aria-label": `Copy ${text}` }, "Copy");
  button.addEventListener("click", () => navigator.clipboard.writeText(text).then(() => put(button, "Copied"), () => put(button, "Not copied")));
  return element("span", { class: "copied" }, element("code", {}, text), ...(navigator.clipboard ? [" ", button] : []));
}

function step({ at, wire_reference, key, ...line }) {
  const more = [vendor(line.vendor), wire_reference && `attempt ${attempt(wire_reference)}`].filter(Boolean).join(", ");
  return element(
    "li",
    { "data-kind": line.kind },
    element("time", { datetime: at }, moments(at)),
    element("p", {}, moment(line), ...(key ? [" ", element("code", {}, key)] : []), ...(more ? [element("span", { class: "soft" }, ` ${more}`)] : [])),
  );
}

/**
 * The dialog. `api()` answers the gateway, or nothing once the desk is locked; `waiting(id)` the line of a check that
 * waits for a person, which `decide(line)` opens.
 */
export function timeline(api, { waiting, decide }) {
  let shown;
  let drawn = "";

  async function load() {
    const check = shown;
    const response = await api()?.get(`/v1/checks/${check.id}/timeline`);
    if (!response || shown !== check) return;
    const isThere = response.status === 200;
    const none = response.status === 404 ? "The gateway knows no such check of this tenant." : problem(response);
    put(fault, isThere ? "" : none);
    act.hidden = !waiting(check.id);
    if (!isThere || drawn === JSON.stringify(response.body)) return;
    drawn = JSON.stringify(response.body);
    const references = [...new Set(response.body.map(({ wire_reference }) => wire_reference).filter(Boolean))];
    facts(list, [
      ["Stands", state(response.body)],
      ["Operation", check.operation && element("code", {}, check.operation)],
      ["Moved to the customer", typeof check.paise === "number" ? rupees(check.paise) : ""],
      ["The vendor charges", typeof check.cost === "number" ? rupees(check.cost) : ""],
      ["Check", copied(check.id)],
      ["Reference", check.reference_id && copied(check.reference_id)],
      ...references.map((reference) => [`Wire reference, attempt ${attempt(reference)}`, copied(reference)]),
    ]);
    steps.replaceChildren(...response.body.map(step));
  }

  dialog.addEventListener("close", () => (shown = undefined));
  act.querySelector("button").addEventListener("click", () => {
    const line = waiting(shown.id);
    dialog.close();
    if (line) decide(line);
  });

  return {
    /** Opens the timeline of a check: `{ id, reference_id?, operation?, paise?, cost? }`. */
    open(check) {
      shown = check;
      drawn = "";
      facts(list, []);
      steps.replaceChildren();
      put(fault, "");
      act.hidden = true;
      say(title, check.operation ? `Timeline: ${operation(check.operation)}` : "Timeline");
      dialog.showModal();
      title.focus();
      return load();
    },
    refresh: () => shown && load(),
    close: () => dialog.close(),
  };
}
