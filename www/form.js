// The onboarding page: puts the steps together. Values are judged by the wasm package while they are typed (a fault shows
// only once the box was left, and goes as soon as it is cured), requests by the same package before they leave, and by the
// gateway again; a fault found by any of the three appears at its box.
import { check } from "./check.js";
import { gateway } from "./gateway.js";
import { proof } from "./proof.js";
import { reference } from "./reference.js";
import { CONSENT_VERSION, STEPS } from "./steps.js";
import { view } from "./view.js";
import { placed, said } from "./words.js";

const NO_CONSENT = "error_empty_consent";
const NOT_PROVED = "error_mobile_not_proved";

/** One step, at work. `core` is the package. */
function step(row, { core, site, proofs, storage }) {
  const held = reference(row.name, storage);
  let grantedAt;
  let judged = false;
  let what = "Looking for the answer to your earlier check …";
  const page = view(row, { again, hurry: () => running.hurry() });
  const running = check({
    path: row.path,
    gateway: site,
    reference: held,
    show: { working: () => page.working(what), waiting: page.waiting, answered: page.answered, unsure: page.unsure, refused },
  });

  const verdict = () => core.validate(row.kind, page.input.value);

  function judge() {
    const found = verdict();
    judged ||= !found.ok;
    page.fault("input", found.ok ? "" : said(found.issues[0].key, found.issues[0].message));
    page.remark(found.ok ? found.warnings.map((warning) => warning.message).join(" ") : "");
    return found;
  }

  // While typing: praise and hints at once, blame only where it was already spoken. Another value need not wait.
  function typed() {
    if (page.submit.hasAttribute("aria-disabled")) page.open();
    if (judged || verdict().ok) judge();
    else page.remark("");
  }

  function submitted(event) {
    event.preventDefault();
    if (page.submit.getAttribute("aria-disabled") === "true") return;
    judged = true;
    const found = judge();
    page.fault("consent", page.consent.checked ? "" : said(NO_CONSENT));
    if (!found.ok || !page.consent.checked) return stop();
    const body = { ...row.body(found.value), consent_record: { text_version: CONSENT_VERSION, granted_at: grantedAt, channel: "web" } };
    const strict = core.validateRequest(row.operation, { reference_id: held.id(), ...body });
    if (!strict.ok && blame(strict.errors)) return;
    const send = () => {
      what = row.waiting(found.masked);
      running.send(body);
    };
    if (row.isProved && !proofs.has(found.value)) proofs.ask(page, found.value, found.masked, send);
    else send();
  }

  // To the first fault, in the order of the page.
  function stop() {
    const first = page.input.hasAttribute("data-faulty") ? page.input : page.consent;
    first.focus();
    page.announce("Nothing was sent yet. Please look at the marked place.");
  }

  /** Puts faults at their boxes; false if none of them has one. */
  function blame(errors) {
    const { input, consent } = placed(errors ?? [], row.fields);
    if (!input && !consent) return false;
    page.open();
    if (input) page.fault("input", said(input[0].key, input[0].message));
    if (consent) page.fault("consent", said(consent[0].key, consent[0].message));
    judged = true;
    stop();
    return true;
  }

  function refused({ status, body, retryAfter }) {
    if (status === 404) return page.open();
    if (status === 400 && blame(body.errors)) return;
    if (body.key === NOT_PROVED) proofs.forget();
    page.refused(body, retryAfter);
  }

  // A check whose end is not known is repeated as it was; otherwise the form opens for a new one, with a new consent.
  function again() {
    if (held.isSent()) return running.again();
    if (page.section.dataset.state === "verified") page.input.value = "";
    page.consent.checked = false;
    judged = false;
    page.remark("");
    page.open();
  }

  page.input.addEventListener("input", typed);
  page.input.addEventListener("blur", () => released(() => page.input.value.trim() && judge()));
  page.consent.addEventListener("change", () => {
    grantedAt = page.consent.checked ? new Date().toISOString() : undefined;
    if (page.consent.checked) page.fault("consent", "");
  });
  page.form.addEventListener("submit", submitted);
  if (held.isSent()) running.resume();
  return page.section;
}

// A fault that appears moves what is below it: not under a finger that is just pressing there.
let pressed = false;
for (const name of ["pointerdown", "pointerup", "pointercancel"]) addEventListener(name, ({ button }) => (pressed = name === "pointerdown" && button === 0), true);

function released(act) {
  if (pressed) addEventListener("pointerup", () => setTimeout(act), { once: true });
  else setTimeout(act);
}

function tabStorage() {
  try {
    return sessionStorage;
  } catch {
    return undefined;
  }
}

async function begin() {
  const place = document.getElementById("steps");
  place.textContent = "Loading …";
  const { gateway: base, session } = document.querySelector("main").dataset;
  document.getElementById("development").hidden = !["localhost", "127.0.0.1", "[::1]"].includes(location.hostname);
  const core = await import("./pkg/url.js");
  const storage = tabStorage();
  const site = gateway({ gateway: base, session, storage });
  const shared = { core, site, proofs: proof(site), storage };
  place.replaceChildren(...STEPS.map((row) => step(row, shared)));
}

begin().catch(() => {
  document.getElementById("steps").hidden = true;
  document.getElementById("broken").hidden = false;
});
