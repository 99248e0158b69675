// One step on the page: a copy of the template, and what it shows. Exactly one of form, progress and outcome is there, save
// that a refusal stands below its form. Changes are announced in a few words; focus moves only where it would be lost.
import { CONSENT_VERSION } from "./steps.js";
import { advice, duration, rows, said, verdict } from "./words.js";

const PATIENCE = [
  [0, ""],
  [4, "Still waiting; this can take a few more seconds."],
  [12, "It takes longer than usual. Please stay; nothing is lost and nothing is sent twice."],
];

/** How many seconds before a payment link expires this is said aloud. */
const MARKS = [300, 60];

/** Builds the step of a row; `on` has `again` and `hurry`. Answers the section's parts and what can be shown. */
export function view(row, on) {
  const section = document.getElementById("step").content.firstElementChild.cloneNode(true);
  const $ = (selector) => section.querySelector(selector);
  const parts = { form: $("form"), input: $("input[type=text]"), consent: $("input[type=checkbox]"), submit: $("button[type=submit]") };
  const panels = { form: parts.form, progress: $(".progress"), outcome: $(".outcome") };
  fill();
  let ticking;
  /** The payment link that is shown, and which of the marks are still to be said of it. */
  let shown = {};

  function fill() {
    const id = (name) => `${row.name}-${name}`;
    const [label, consentLabel] = section.querySelectorAll("label");
    const text = { h2: row.title, ".about": row.about, ".hint": row.hint, ".version": `Consent text ${CONSENT_VERSION}`, "button[type=submit]": row.submit };
    for (const [selector, words] of Object.entries(text)) $(selector).textContent = words;
    [label.textContent, consentLabel.textContent] = [row.label, row.consent];
    [label.htmlFor, consentLabel.htmlFor] = [id("input"), id("consent")];
    const ids = { h2: "title", ".hint": "hint", ".remark": "remark", ".version": "version", "[data-for=input]": "input-fault", "[data-for=consent]": "consent-fault" };
    for (const [selector, name] of Object.entries(ids)) $(selector).id = id(name);
    parts.input.id = id("input");
    parts.consent.id = id("consent");
    section.setAttribute("aria-labelledby", id("title"));
    parts.input.setAttribute("aria-describedby", `${id("hint")} ${id("input-fault")} ${id("remark")}`);
    parts.consent.setAttribute("aria-describedby", `${id("version")} ${id("consent-fault")}`);
    for (const [name, value] of Object.entries(row.input)) parts.input.setAttribute(name, value);
    $("[data-do=again]").addEventListener("click", () => on.again());
    $("[data-do=look]").addEventListener("click", () => on.hurry());
  }

  const announce = (text) => ($(".announcer").textContent = text);
  const put = (selector, text) => {
    $(selector).textContent = text;
    $(selector).hidden = !text;
  };

  // Shows these panels; if that hides what has the focus, the first of them that can take it does.
  function only(state, names, target) {
    clearInterval(ticking);
    const held = document.activeElement;
    const isHere = section.contains(held);
    section.dataset.state = state;
    if (state !== "proving") $(".proof")?.remove();
    for (const [name, panel] of Object.entries(panels)) panel.hidden = !names.includes(name);
    if (isHere && !held.checkVisibility()) target.focus();
  }

  // Calls back every second with the seconds since now, at once with 0.
  function tick(each) {
    const begun = Date.now();
    const step = () => each(Math.floor((Date.now() - begun) / 1000));
    step();
    ticking = setInterval(step, 1000);
  }

  function working(what) {
    only("working", ["progress"], panels.progress);
    asked();
    put("[data-do=look]", "");
    put(".what", what);
    announce(what);
    tick((elapsed) => {
      const words = PATIENCE.findLast(([from]) => elapsed >= from)[1];
      if (words && $(".what").textContent !== words) announce(words), put(".what", words);
      $(".clock").textContent = elapsed ? duration(elapsed) : "";
    });
  }

  function sending(what) {
    only("sending", ["progress"], panels.progress);
    asked();
    put("[data-do=look]", "");
    put(".what", what);
    $(".clock").textContent = "";
    announce(what);
  }

  // The form for a code stands where that of the step does.
  function proving(form) {
    parts.form.after(form);
    only("proving", [], form.querySelector("input"));
    form.querySelector("input").focus();
  }

  function waiting({ key, message, reference_id, seconds, data }) {
    const words = [said(key, message), advice(key)].filter(Boolean).join(" ");
    only("waiting", ["progress"], panels.progress);
    if ($(".what").textContent !== words) announce(words);
    put(".what", reference_id && key === "pending_review" ? `${words} Reference: ${reference_id}` : words);
    put("[data-do=look]", seconds > 5 ? "Look now" : "");
    if (asked(data?.payment)) return;
    tick((elapsed) => ($(".clock").textContent = `Next look in ${duration(Math.max(0, seconds - elapsed))}.`));
  }

  // Shows what the applicant is asked to pay, and counts down for how long that is possible. The clock is no live region: a screen reader is told at a few marks only.
  // Answers whether there is anything to pay.
  function asked(payment) {
    const isLink = Boolean(payment?.upi_uri?.startsWith("upi://pay?"));
    $(".payment").hidden = !isLink;
    if (!isLink) return false;
    if (shown.link !== payment.upi_uri) shown = { link: payment.upi_uri, marks: [...MARKS] };
    $(".pay").href = shown.link;
    put(".pay", `Pay ₹${payment.amount / 100} by UPI`);
    put(".payee", payment.vpa);
    put("[data-do=look]", "I have paid");
    tick(() => {
      const left = Math.max(0, Math.ceil((Date.parse(payment.expires_at) - Date.now()) / 1000));
      $(".clock").textContent = left > 0 ? `You can pay for another ${duration(left)}.` : "The link has expired. We are checking whether it was paid.";
      if (left === 0) $(".payment").hidden = true;
      if (shown.marks.some((mark) => left <= mark)) announce(`You can pay for another ${duration(left)}.`);
      shown.marks = shown.marks.filter((mark) => mark < left);
    });
    return true;
  }

  function outcome(kind, { key, message, action, data, notes = [], support }, names, again) {
    const [icon, heading] = verdict(kind);
    only(kind, names, $("h3"));
    $(".icon").textContent = icon;
    const title = kind === "verified" && action === "review" ? `${heading}, to be reviewed` : heading;
    put(".verdict", title);
    put(".message", said(key, message));
    put(".next", advice(key, action));
    put(".reference", support ? `If you contact us, quote ${support}.` : "");
    put(".wait", "");
    put("[data-do=again]", again);
    listed("dl", rows(data).flatMap(([name, value]) => [element("dt", name), element("dd", value)]));
    listed(".notes", notes.map((note) => element("li", note.message)));
    announce([title, said(key, message), advice(key, action)].join(". ").replaceAll("..", "."));
  }

  function listed(selector, children) {
    $(selector).replaceChildren(...children);
    $(selector).hidden = children.length === 0;
  }

  // Counts down to when a new attempt is worth it; until then the button says so.
  function hold(seconds) {
    clearInterval(ticking);
    parts.submit.setAttribute("aria-disabled", "true");
    announce(`${$(".announcer").textContent} You can try again in ${duration(seconds)}.`);
    tick((elapsed) => {
      const left = seconds - elapsed;
      put(".wait", left > 0 ? `You can try again in ${duration(left)}.` : "You can try again now.");
      if (left > 0) return;
      clearInterval(ticking);
      parts.submit.removeAttribute("aria-disabled");
      announce("You can try again now.");
    });
  }

  return {
    section,
    ...parts,
    working,
    sending,
    proving,
    waiting,
    announce,
    answered: (body) => outcome(body.outcome, body, ["outcome"], body.outcome === "verified" ? row.another : "Check again"),
    unsure: (body) => outcome("problem", problem(body), ["outcome"], "Try again"),
    refused(body, seconds) {
      outcome("problem", problem(body), ["form", "outcome"], "");
      parts.submit.textContent = "Try again";
      if (seconds > 0) hold(seconds);
    },
    /** The form, without what was said before. */
    open() {
      only("open", ["form"], parts.input);
      parts.submit.textContent = row.submit;
      parts.submit.removeAttribute("aria-disabled");
    },
    /** A fault at its part (`input` or `consent`); an empty text takes it away. */
    fault(part, text) {
      put(`[data-for=${part}]`, text);
      parts[part].toggleAttribute("data-faulty", Boolean(text));
      if (text) parts[part].setAttribute("aria-invalid", "true");
      else parts[part].removeAttribute("aria-invalid");
    },
    remark: (text) => put(".remark", text),
  };
}

const problem = (body) => ({ ...body, message: body.title, support: body.request_id });

function element(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}
