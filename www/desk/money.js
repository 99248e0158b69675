// The day's money: what went to customers, what the vendors charge, and how many checks ended, by operation (`GET
// /v1/ops/totals`). The gateway adds up; the desk only writes it down.
import { element, replace } from "./dom.js";
import { number, operation, rupees } from "./words.js";

const sum = (name, value) => element("div", {}, element("dt", {}, name), element("dd", {}, value));

/** Shows the totals of a day. */
export function drawMoney(body, totals) {
  const sums = element(
    "dl",
    { class: "facts sums" },
    sum("Moved to customers", rupees(totals.paise)),
    sum("Vendors charge", rupees(totals.cost)),
    sum("Checks ended", number(totals.checks)),
    sum("Came to a person", number(totals.waiting)),
    sum("CKYC numbers received", number(totals.kins)),
  );
  const cell = (text) => element("td", { class: "sum" }, text);
  const row = ({ operation: name, checks, paise, cost }) => {
    const cells = [number(checks), rupees(paise), rupees(cost)].map(cell);
    return element("tr", {}, element("th", { scope: "row" }, operation(name)), ...cells);
  };
  const titles = ["Operation", "Checks", "Moved", "Cost"];
  const head = titles.map((title, index) => element("th", { scope: "col", class: index ? "sum" : null }, title));
  const rows = [element("thead", {}, element("tr", {}, ...head)), element("tbody", {}, ...totals.operations.map(row))];
  const table = element("table", { "aria-labelledby": "money-title" }, ...rows);
  const unfinished = element("p", { class: "soft" }, "The day is large and still being added up.");
  replace(body, sums, ...(totals.operations.length ? [table] : []), ...(totals.complete ? [] : [unfinished]));
}
