// How the vendors stand: a line for each module of each account (`GET /v1/ops/overview`, `vendors`). What the gateway
// does not say has no column.
import { element, replace } from "./dom.js";
import { milliseconds, number, percent, time, vendor } from "./words.js";

const CIRCUITS = { closed: "Closed", open: "Open", half_open: "Probing" };

/**
 * A column: its heading, whether it is there, and its cell: a text or a node, and beside it what it is held against.
 */
const COLUMNS = [
  ["Vendor and module", () => true, (line) => [named(line)]],
  ["Circuit", () => true, (line) => [circuit(line)]],
  ["Calls", () => true, ({ calls, failed }) => [number(calls), failed ? `${number(failed)} failed` : ""]],
  ["Success", () => true, (line) => [success(line), `target ${percent(line.target_success)}`]],
  ["p50", (line) => line.p50_ms !== undefined, ({ p50_ms }) => [latency(p50_ms)]],
  ["p95", () => true, (line) => [slowest(line), line.target_p95_ms ? `target ${milliseconds(line.target_p95_ms)}` : ""]],
  ["Budget", (line) => line.plan !== undefined, ({ plan }) => [plan ? `${number(plan.calls_a_second)} a second` : "no plan"]],
  ["Maintenance", (line) => line.maintenance !== undefined, ({ maintenance }) => [maintenance ? `${maintenance.from} to ${maintenance.to}` : "none"]],
];

const latency = (value) => (typeof value === "number" ? milliseconds(value) : "–");
const flagged = (text, is, words) =>
  is ? element("span", { class: "flag" }, text, element("span", { class: "unseen" }, ` (${words})`)) : text;

function named({ vendor: name, account, module }) {
  return element("span", { class: "name" }, vendor(name, account), element("span", { class: "soft" }, ` ${module}`));
}

function success({ success_rate: rate, target_success: target }) {
  return rate === null ? "–" : flagged(percent(rate), rate < target, "below target");
}

function slowest({ p95_ms: p95, target_p95_ms: target }) {
  return flagged(latency(p95), Boolean(target) && p95 > target, "above target");
}

/** Whether nothing is sent to a module at the moment. */
export const isHeld = ({ circuit, paused_until }) => circuit !== "closed" || Boolean(paused_until);

function circuit(line) {
  const words = line.paused_until && line.circuit === "closed" ? "Paused" : (CIRCUITS[line.circuit] ?? line.circuit);
  const until = line.paused_until ? ` until ${time(line.paused_until)}` : "";
  return element("span", { class: "badge", "data-tone": isHeld(line) ? "bad" : "good" }, words + until);
}

/** Shows the lines; those that are held back come first. */
export function drawVendors(body, lines) {
  const sorted = lines.toSorted((one, other) => Number(isHeld(other)) - Number(isHeld(one)));
  const columns = COLUMNS.filter(([, isThere]) => lines.some(isThere));
  // Roles are said again: a narrow page lays rows out as cards, and some browsers then forget that it is a table.
  const head = element("tr", { role: "row" }, ...columns.map(([title]) => element("th", { role: "columnheader", scope: "col" }, title)));
  const cell = ([title, , content], line, index) => {
    const [value, beside] = content(line);
    const children = [element("span", { class: "value" }, value)];
    if (beside) children.push(element("span", { class: "soft" }, ` ${beside}`));
    if (index === 0) return element("th", { role: "rowheader", scope: "row" }, ...children);
    return element("td", { role: "cell", "data-title": title }, ...children);
  };
  const rows = sorted.map((line) => element("tr", { role: "row" }, ...columns.map((column, index) => cell(column, line, index))));
  const groups = [element("thead", { role: "rowgroup" }, head), element("tbody", { role: "rowgroup" }, ...rows)];
  const table = element("table", { class: "cards", role: "table", "aria-labelledby": "vendors-title" }, ...groups);
  replace(body, table);
}
