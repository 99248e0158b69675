// The desk: what needs a person, the day's money, how the vendors stand, and the way to one check. It is opened with a
// server key, which stays in the memory of this page: it is in no storage, in no address, and gone with the page.
// Everything shown comes from the gateway and is refreshed every five seconds while somebody can see it.
import { api, isKey } from "./api.js";
import { decision } from "./decision.js";
import { element, put, replace, say } from "./dom.js";
import { drawEndpoints } from "./endpoints.js";
import { drawMoney } from "./money.js";
import { panel } from "./panel.js";
import { reconciliation } from "./reconciliation.js";
import { repeat } from "./repeat.js";
import { reviews } from "./reviews.js";
import { search } from "./search.js";
import { timeline } from "./timeline.js";
import { drawVendors, isHeld } from "./vendors.js";
import { age, dated, number, problem, rupees, time } from "./words.js";

/** How often a part is refreshed, and how often the list of what waits: a check is to be seen within five seconds. */
const EVERY_MS = 5_000;
const WAITING_MS = 2_000;

const $ = (selector) => document.querySelector(selector);
const key = $("#key");
const announce = (text) => put($("#announcer"), text);

/** The gateway under the operator's key; nothing until the desk is opened. */
let gateway;
const now = () => (gateway?.isOpen() ? gateway : undefined);

/** What the figures at the top say: label, value, tone and what stands beside it, by part. */
const figures = {};
let isTroubled = false;

// --- What is shown ---

const paths = timeline(now, { waiting: (id) => waiting.get(id), decide: (review) => decided.open(review) });
const decided = decision(now, (review, text, isFinal) => {
  waiting.note(review, text, isFinal);
  announce(text);
  refreshAll();
});
const waiting = reviews({
  decide: (review) => waiting.isDecided(review) || decided.open(review),
  open: paths.open,
  hurry: () => refreshAll(),
  changed,
});
search(now, paths.open);
const books = reconciliation($("#reconciliation"), {
  now,
  open: paths.open,
  hurry: () => refreshAll(),
  changed({ tone, short, day }) {
    figures.reconciliation = ["Reconciliation", short, tone, day];
  },
});

const panels = [
  waiting,
  panel("money", {
    scope: "ops",
    load: (asked) => asked.get("/v1/ops/totals"),
    draw(totals) {
      put($("#money .about"), `${dated(totals.date)}, a day of Indian time.`);
      drawMoney($("#money .body"), totals);
      figures.money = ["Moved today", rupees(totals.paise), "", `cost ${rupees(totals.cost)}`];
    },
  }),
  panel("reconciliation", { scope: "ops", ...books }),
  panel("endpoints", {
    scope: "ops",
    load: (asked) => asked.get("/v1/endpoints"),
    draw({ endpoints }) {
      const disabled = drawEndpoints($("#endpoints .body"), endpoints);
      figures.endpoints = ["Endpoints disabled", number(disabled), disabled ? "bad" : "good"];
    },
  }),
  panel("vendors", {
    scope: "operator",
    load: (asked) => asked.get("/v1/ops/overview"),
    draw({ vendors }) {
      drawVendors($("#vendors .body"), vendors);
      const held = vendors.filter(isHeld).length;
      figures.vendors = ["Vendor modules held back", number(held), held ? "bad" : "good"];
    },
  }),
];

function changed({ count, oldest, isAll, added }) {
  const words = `${number(count)}${isAll ? "" : " and more"}`;
  figures.reviews = ["Waiting for a person", words, count ? "wait" : "good", oldest ? `oldest ${age(oldest)}` : ""];
  document.title = `${count ? `(${count}) ` : ""}Desk · Toran`;
  if (added) announce(`${added === 1 ? "One more check waits" : `${added} more checks wait`} for a person: ${words} in all.`);
}

function drawFigures() {
  const shown = ["reviews", "money", "reconciliation", "vendors", "endpoints"].filter((name) => figures[name]);
  const figure = (name) => {
    const [label, value, tone, more] = figures[name];
    const parts = [element("span", { class: "label" }, label), element("strong", {}, value), element("span", { class: "soft" }, more ?? "")];
    return element("li", { "data-tone": tone }, element("a", { href: `#${name}-title` }, ...parts));
  };
  replace($("#figures"), ...shown.map(figure));
}

// --- Refreshing ---

// Each part has turns of its own, so that one that takes long delays no other.
const turns = [...panels.map((part) => repeat(() => refresh(part), part === waiting ? WAITING_MS : EVERY_MS)), repeat(() => follow(), EVERY_MS)];
const refreshAll = () => turns.forEach((turn) => turn.hurry());

async function refresh(part) {
  if (!now()) return false;
  const outcome = await part.refresh(gateway);
  if (!now()) return false;
  if (outcome === "locked") return shut("#unknown");
  drawFigures();
  tell();
  say($("#denied"), hidden());
  return true;
}

/** What the key does not see, in a sentence. */
function hidden() {
  const named = ({ section, scope }) => `${section.querySelector("h2").textContent} (scope ${scope})`;
  const parts = panels.filter(({ section }) => section.hidden).map(named);
  return parts.length ? `Not seen with this key: ${parts.join(", ")}.` : "";
}

async function follow() {
  await paths.refresh();
  return Boolean(now());
}

// Said once when it begins and once when it is over: the clock is no live region.
function tell() {
  const late = panels.filter((part) => part.state() === "stale").map(({ section }) => section.querySelector("h2").textContent);
  const words = late.length ? `Could not refresh: ${late.join(", ")}` : `Refreshed ${time(Date.now())}`;
  put($("#freshness .words"), words);
  $("#freshness").dataset.tone = late.length ? "bad" : "good";
  if (isTroubled === late.length > 0) return;
  isTroubled = !isTroubled;
  announce(isTroubled ? "The desk could not be refreshed. It is tried again every few seconds." : "The desk is refreshed again.");
}

// --- Opening and locking ---

// The first response that is no refusal: one of a route of each scope, asked one after the other.
async function knock(made) {
  const doors = ["/v1/reviews?limit=1", "/v1/ops/totals", "/v1/ops/overview"];
  let response;
  for (const path of doors) {
    response = await made.get(path);
    if (response.status !== 403) break;
  }
  return response;
}

async function open(event) {
  event.preventDefault();
  const text = key.value.trim();
  refuse("");
  if (!isKey(text)) return refuse(text ? "A key has no blanks, and only letters, digits and signs of ASCII." : "Enter a key.");
  const made = api(text);
  const response = await knock(made);
  if (gateway) return undefined;
  if (response.status === 401) return refuse("The gateway does not know this key.");
  if (response.status === 403) return refuse("This key has none of these scopes.");
  if (![200, 404].includes(response.status)) return refuse(problem(response));
  key.value = "";
  gateway = made;
  for (const selector of ["#desk", "#search", "#freshness", "#close"]) $(selector).hidden = false;
  $("#lock").hidden = true;
  $("#reviews-title").focus();
  refreshAll();
}

function refuse(text) {
  put($("#key-fault"), text);
  if (!text) return key.removeAttribute("aria-invalid");
  key.setAttribute("aria-invalid", "true");
  key.focus();
}

/**
 * Locks the desk. The page begins anew, so that neither the key nor anything that was shown is left. `why`: what it
 * says then.
 */
function shut(why = "") {
  gateway?.close();
  history.replaceState(null, "", location.pathname + why);
  location.reload();
  return false;
}

// Only now: before, a key that is entered would go nowhere.
$("#unlock").addEventListener("submit", open);
$("#unlock").hidden = false;
$("#close").addEventListener("click", () => shut());
for (const button of document.querySelectorAll("dialog [data-do=close]")) button.addEventListener("click", () => button.closest("dialog").close());
// The line that a dialog was opened from may be gone by now.
for (const dialog of document.querySelectorAll("dialog")) {
  dialog.addEventListener("close", () => document.activeElement === document.body && $("#reviews-title").focus());
}
// Whoever leaves and comes back by the browser's own buttons finds it locked.
addEventListener("pagehide", () => gateway?.close());
addEventListener("pageshow", ({ persisted }) => persisted && shut());
if (location.hash === "#unknown") {
  refuse("The gateway does not know the key any more. Enter another one.");
  history.replaceState(null, "", location.pathname);
}
