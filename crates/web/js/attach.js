// Binds a form to the validators by the browser's own means: setCustomValidity, aria-invalid, and a message that describes the box.
//
// Nobody is blamed while typing: a fault shows once its box was left or the form was sent, and goes as soon as it is cured. A value
// that passes is put into its canonical form when its box is left: that is what is then sent. While attached, the browser's bubbles are
// off (noValidate), and a form with a fault is held back as the browser would: no other listener sees its `submit`.
import { validate } from "./calls.js";
import { locale, onLocale } from "./locale.js";

let made = 0;

/** The place of a control's message: the form's own, `data-toran-for="NAME"`, or a new one after the control or its label. */
function place(form, control) {
  const own = form.querySelector(`[data-toran-for="${CSS.escape(control.name)}"]`);
  const element = own ?? document.createElement("span");
  if (!own) {
    element.className = "toran-message";
    (control.closest("label") ?? control).after(element);
  }
  const lent = { id: `toran-message-${(made += 1)}`, "aria-live": "polite", lang: locale(), "data-state": null };
  const before = Object.keys(lent).map((name) => [name, element.getAttribute(name)]);
  before.forEach(([name, value]) => value === null && put(element, name, lent[name]));
  const restore = () => {
    if (!own) return element.remove();
    element.textContent = "";
    before.forEach(([name, value]) => put(element, name, value));
  };
  return { element, restore };
}

const put = (element, name, value) => (value === null ? element.removeAttribute(name) : element.setAttribute(name, value));

const sentences = (issues) => issues.flatMap(({ message, hint }) => [message, hint]).filter(Boolean).join(" ");

/** One control and what is known of it: `blamed`, its fault shows; `left`, its value is settled, and remarks on it show. */
function bind(form, control, { kind, required }) {
  const { element, restore } = place(form, control);
  const [describedby, invalid] = ["aria-describedby", "aria-invalid"].map((name) => control.getAttribute(name));
  let [blamed, left] = [false, false];

  const exempt = () => !control.willValidate || (control.value.trim() === "" && !(required ?? control.required));
  const verdict = () => (exempt() ? { ok: true, warnings: [] } : validate(kind, control.value));

  function show(state, text) {
    put(control, "aria-invalid", state === "error" ? "true" : invalid);
    if (element.textContent !== text) element.textContent = text;
    element.lang = locale();
    if (text) element.dataset.state = state;
    else delete element.dataset.state;
  }

  function judge() {
    const { ok, issues, warnings } = verdict();
    blamed &&= !ok;
    control.setCustomValidity(ok ? "" : issues[0].message);
    if (ok) show("warning", left ? sentences(warnings) : "");
    else show(blamed ? "error" : "", blamed ? sentences(issues.slice(0, 1)) : "");
    return ok;
  }

  function typed() {
    left = false;
    judge();
  }

  // Once the value is canonical, what is still to be remarked is about the value and not about how it was typed.
  function settle() {
    const { value } = verdict();
    // A box of text: the value of a choice is the page's own.
    if (value !== undefined && value !== control.value && "selectionEnd" in control) replace(control, value);
    [blamed, left] = [true, true];
    return judge();
  }

  function forget() {
    [blamed, left] = [false, false];
    judge();
  }

  function release() {
    control.setCustomValidity("");
    put(control, "aria-describedby", describedby);
    put(control, "aria-invalid", invalid);
    restore();
  }

  put(control, "aria-describedby", [describedby, element.id].filter(Boolean).join(" "));
  judge();
  return { control, judge, typed, settle, forget, release };
}

// Who stands in the box keeps the place, counted from the end: what goes stands mostly in front. Other listeners hear of the change.
function replace(control, value) {
  const rest = document.activeElement === control && control.selectionEnd !== null ? control.value.length - control.selectionEnd : undefined;
  control.value = value;
  if (rest !== undefined) control.setSelectionRange(...Array(2).fill(Math.max(0, value.length - rest)));
  control.dispatchEvent(new Event("input", { bubbles: true }));
}

function bindAll(form, fields) {
  const rows = Object.entries(fields).map(([name, written]) => ({ name, field: typeof written === "string" ? { kind: written } : written }));
  const named = (name) => [...form.elements].filter((control) => control.name === name);
  const absent = rows.find(({ name }) => named(name).length === 0);
  if (absent) throw new TypeError(`toran: the form has no element named ${absent.name}`);
  return rows.flatMap(({ name, field }) => named(name).map((control) => bind(form, control, field)));
}

export function attach(form, fields) {
  if (!form?.elements || typeof fields !== "object" || !fields) throw new TypeError("toran: attach takes a form and an object of fields");
  const bound = bindAll(form, fields);
  const { noValidate } = form;
  const stop = new AbortController();
  const listen = (target, type, act) => target.addEventListener(type, act, { capture: true, signal: stop.signal });

  // A message that comes or goes moves what is below it: not under a finger that is just pressing there.
  const waiting = new Set();
  let pressed = false;
  const release = () => {
    if (pressed || stop.signal.aborted) return;
    waiting.forEach((act) => act());
    waiting.clear();
  };
  const unpressed = (act) => {
    waiting.add(act);
    release();
  };
  listen(document, "pointerdown", () => (pressed = true));
  for (const type of ["pointerup", "pointercancel"]) listen(document, type, () => ((pressed = false), setTimeout(release)));

  for (const { control, typed, settle } of bound) {
    listen(control, "input", typed);
    listen(control, "change", () => unpressed(settle));
    listen(control, "blur", () => control.value.trim() && unpressed(settle));
  }

  // The first fault in the order of the form; of controls that are not ours, only if the browser was to look after them.
  function firstFault() {
    const faults = new Map(bound.map(({ control, settle }) => [control, !settle()]));
    return [...form.elements].find((control) => faults.get(control) ?? (!noValidate && control.checkValidity?.() === false));
  }

  listen(form, "submit", (event) => {
    if (event.target !== form || event.submitter?.formNoValidate) return;
    const fault = firstFault();
    if (!fault) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (bound.some(({ control }) => control === fault)) fault.focus();
    else fault.reportValidity();
  });

  // The browser empties the boxes after this event.
  listen(form, "reset", () => setTimeout(() => stop.signal.aborted || bound.forEach(({ forget }) => forget())));

  form.noValidate = true;
  const silence = onLocale(() => bound.forEach(({ judge }) => judge()));
  return function detach() {
    if (stop.signal.aborted) return;
    stop.abort();
    silence();
    form.noValidate = noValidate;
    bound.forEach(({ release }) => release());
  };
}
