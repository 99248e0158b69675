// Binds a form to the validators by the browser's own means: setCustomValidity, aria-invalid, and a message that describes the box.
//
// Nobody is blamed while typing: a fault shows once the form was sent, or its box left where that is asked for, and goes as soon as it is cured. A value
// that passes is put into its canonical form when its box is left: that is what is then sent. While attached, the browser's bubbles are
// off (noValidate), and a form with a fault is held back as the browser would: no other listener sees its `submit`. What the page demands
// beside the kind (`pattern`, `minlength`, its own setCustomValidity) counts as it would without us.
import { validate } from "./calls.js";
import { isBlank, rowsOf, sentences } from "./fields.js";
import { locale, onLocale } from "./locale.js";

/** What nobody writes into: not judged. */
const WORDLESS = /^(button|checkbox|fieldset|file|hidden|image|output|radio|reset|submit)$/;

/** Each bound control's binding: whoever binds it again lets go of the first. */
const bindings = new WeakMap();
/** The page's own places for messages that a control has. */
const taken = new WeakSet();
/** Of each form that is attached, how often, and its own `noValidate`. */
const hushed = new WeakMap();

let made = 0;

function newId(root) {
  const id = `toran-message-${(made += 1)}`;
  return root.querySelector(`#${id}`) ? newId(root) : id;
}

/** The place of a control's message: the page's own, `data-toran-for="NAME"` in the form or in none, or a new one after the control or its label. */
function place(form, control) {
  const root = form.getRootNode();
  const isNamed = (element) => element.getAttribute("data-toran-for") === control.name;
  const own = [form, root].flatMap((within) => [...within.querySelectorAll("[data-toran-for]")].filter(isNamed)).find((element) => !taken.has(element) && (element.closest("form") ?? form) === form);
  const element = own ?? document.createElement("span");
  if (!own) {
    element.className = "toran-message";
    (control.closest("label") ?? control).after(element);
  }
  taken.add(element);
  const lent = { id: newId(root), "aria-live": "polite", lang: locale(), "data-state": null };
  const before = Object.keys(lent).map((name) => [name, element.getAttribute(name)]);
  before.forEach(([name, value]) => value === null && put(element, name, lent[name]));
  const restore = () => {
    taken.delete(element);
    if (!own) return element.remove();
    element.textContent = "";
    before.forEach(([name, value]) => put(element, name, value));
  };
  return { element, restore };
}

const put = (element, name, value) => (value === null ? element.removeAttribute(name) : element.setAttribute(name, value));

/** One control and what is known of it: `blamed`, its fault shows; `left`, its value is settled, and remarks on it show; `ours`, what we made it say. */
function bind(form, control, { kind, required }, { isNative, blames }) {
  bindings.get(control)?.release();
  const { element, restore } = place(form, control);
  const [describedby, invalid] = ["aria-describedby", "aria-invalid"].map((name) => control.getAttribute(name));
  const stop = new AbortController();
  let [blamed, left, ours, rewriting] = [false, false, "", false];

  const isExempt = () => !control.willValidate || (isBlank(control.value) && !(required || control.required));
  const verdict = () => (isExempt() ? { ok: true, warnings: [], value: control.willValidate ? "" : undefined } : validate(kind, control.value));

  function show(state, text) {
    put(control, "aria-invalid", state === "error" ? "true" : invalid);
    if (element.textContent !== text) element.textContent = text;
    element.lang = locale();
    if (text) element.dataset.state = state;
    else delete element.dataset.state;
  }

  const say = (message) => control.setCustomValidity((ours = message));

  /** What the page said of this value itself; it stands until the value changes. */
  const isSaid = () => control.willValidate && control.validity.customError && control.validationMessage !== ours;

  function judge() {
    const { ok, issues, warnings } = verdict();
    if (!isSaid()) say(ok ? "" : issues[0].message);
    const isTheBrowsers = isSaid() || (ok && isNative && control.willValidate && !control.validity.valid);
    const fault = isTheBrowsers ? control.validationMessage : ok ? "" : sentences(issues.slice(0, 1));
    blamed &&= fault !== "";
    if (fault) show(blamed ? "error" : "", blamed ? fault : "");
    else show("warning", left ? sentences(warnings) : "");
    return !fault;
  }

  function typed() {
    if (rewriting) return;
    left = false;
    say("");
    judge();
  }

  // Once the value is canonical, what is still to be remarked is about the value and not about how it was typed.
  function settle() {
    if (stop.signal.aborted || rewriting) return;
    const { value } = verdict();
    rewriting = true;
    // A box of text: the value of a choice is the page's own.
    if (value !== undefined && value !== control.value && "selectionEnd" in control) replace(control, value);
    rewriting = false;
    left = true;
    blamed ||= blames;
    judge();
  }

  function check() {
    [blamed, left] = [true, true];
    return judge();
  }

  function forget() {
    [blamed, left] = [false, false];
    say("");
    judge();
  }

  function release() {
    if (stop.signal.aborted) return;
    stop.abort();
    bindings.delete(control);
    if (!isSaid()) say("");
    put(control, "aria-describedby", describedby);
    put(control, "aria-invalid", invalid);
    restore();
  }

  put(control, "aria-describedby", [describedby, element.id].filter(Boolean).join(" "));
  judge();
  const binding = { kind, judge, typed, settle, check, forget, release, signal: stop.signal };
  bindings.set(control, binding);
  return binding;
}

// Who stands in the box keeps the place, counted from the end: what goes stands mostly in front. Other listeners hear of the change. The setter is the
// prototype's: React puts one of its own on the element, by which it would take the value for one that it knows, and forget it.
function replace(control, value) {
  const rest = control.getRootNode().activeElement === control && control.selectionEnd !== null ? control.value.length - control.selectionEnd : undefined;
  Reflect.set(Object.getPrototypeOf(control), "value", value, control);
  if (rest !== undefined) control.setSelectionRange(...Array(2).fill(Math.max(0, value.length - rest)));
  control.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Takes the bubbles from a form until all who did have given them back. */
function hush(form) {
  const held = hushed.get(form) ?? { count: 0, noValidate: form.noValidate };
  held.count += 1;
  hushed.set(form, held);
  form.noValidate = true;
  const free = () => {
    held.count -= 1;
    if (held.count > 0) return;
    hushed.delete(form);
    form.noValidate = held.noValidate;
  };
  return { isNative: !held.noValidate, free };
}

export function attach(form, fields, { when = "submit" } = {}) {
  if (!form?.elements || typeof fields !== "object" || !fields) throw new TypeError("toran: attach takes a form and an object of fields");
  if (when !== "submit" && when !== "leave") throw new TypeError('toran: attach shows faults when "submit" or "leave"');
  const rows = rowsOf(fields, "attach");
  const named = (name) => [...form.elements].filter((control) => control.name === name && !WORDLESS.test(control.type));
  const absent = rows.find(({ name }) => !named(name).length);
  if (absent) throw new TypeError(`toran: the form has no box of text or choice named ${absent.name}`);

  const { isNative, free } = hush(form);
  const stop = new AbortController();
  const listen = (target, type, act, signal = stop.signal) => target.addEventListener(type, act, { capture: true, signal });

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
  listen(document, "pointerdown", ({ button }) => (pressed = button === 0));
  for (const type of ["pointerup", "pointercancel", "keydown"]) listen(document, type, () => ((pressed = false), setTimeout(release)));

  // Boxes come and go while a page lives.
  const bound = new Map();
  function meet(again) {
    const present = new Map(rows.flatMap((row) => named(row.name).map((control) => [control, row])));
    for (const [control, binding] of bound) {
      if (present.get(control)?.kind === binding.kind) continue;
      binding.release();
      bound.delete(control);
    }
    for (const [control, row] of present) {
      if (again && bindings.has(control)) continue;
      const binding = bind(form, control, row, { isNative, blames: when === "leave" });
      const { typed, settle, signal } = binding;
      bound.set(control, binding);
      listen(control, "input", typed, signal);
      listen(control, "change", () => unpressed(settle), signal);
      listen(control, "blur", () => control.value.trim() && unpressed(settle), signal);
    }
  }
  meet();
  for (const type of ["focusin", "input"]) listen(form, type, () => meet(true));

  // The first fault in the order of the form; of controls that are not ours, only if the browser was to look after them. Canonical forms
  // first: other listeners hear of them, and may change what stands in other boxes, and which there are.
  function firstFault() {
    const ours = () => [...form.elements].filter((control) => bindings.has(control));
    meet(true);
    ours().forEach((control) => bindings.get(control)?.settle());
    meet(true);
    const faults = new Map(ours().map((control) => [control, !bindings.get(control).check()]));
    return [...form.elements].find((control) => faults.get(control) ?? (isNative && control.checkValidity?.() === false));
  }

  listen(form, "submit", (event) => {
    if (event.target !== form || event.submitter?.formNoValidate) return;
    const fault = firstFault();
    if (!fault) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (bindings.has(fault)) fault.focus();
    else fault.reportValidity();
  });

  // The browser empties the boxes after this event.
  listen(form, "reset", () => setTimeout(() => bound.forEach(({ forget, signal }) => signal.aborted || forget())));

  const silence = onLocale(() => bound.forEach(({ judge, signal }) => signal.aborted || judge()));
  return function detach() {
    if (stop.signal.aborted) return;
    stop.abort();
    silence();
    bound.forEach((binding) => binding.release());
    free();
  };
}
