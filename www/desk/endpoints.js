// The tenant's endpoints for events, from `GET /v1/endpoints`: those that are disabled or fail by their host, for their
// own deliveries cannot tell anybody; of the others only how many there are.
import { element, replace } from "./dom.js";
import { age, number } from "./words.js";

const isDisabled = ({ disabled_at, status }) => Boolean(disabled_at) || status === "disabled";

/** Where an endpoint is: its host alone, for a path may hold a secret. */
function host(url) {
  try {
    return new URL(url).host;
  } catch {
    return "";
  }
}

const AFTERWARDS = "Nothing is delivered to a disabled one until it is enabled again; what it missed is delivered then.";

const badge = (tone, words) => element("span", { class: "badge", "data-tone": tone }, words);
const soft = (words) => element("span", { class: "soft" }, words);

const named = (url, id) => [" ", element("strong", {}, host(url)), " ", element("code", {}, id)];

function disabledLine({ id, url, disabled_at, disabled_reason }) {
  const since = [disabled_at && `for ${age(disabled_at)}`, disabled_reason].filter(Boolean).join(", ");
  return element("li", {}, badge("bad", "Disabled"), ...named(url, id), soft(since && ` ${since}`));
}

function failingLine({ id, url, failing_since, waiting }) {
  const backlog = waiting ? `, ${number(waiting)} wait` : "";
  return element("li", {}, badge("wait", "Failing"), ...named(url, id), soft(` for ${age(failing_since)}${backlog}`));
}

/** Shows the list; answers how many are disabled. */
export function drawEndpoints(body, endpoints) {
  const disabled = endpoints.filter(isDisabled);
  const failing = endpoints.filter((one) => !isDisabled(one) && one.failing_since);
  const enabled = endpoints.length - disabled.length;
  const lines = [...disabled.map(disabledLine), ...failing.map(failingLine)];
  const words = endpoints.length === 0 ? "There is none." : `${number(enabled)} of ${number(endpoints.length)} enabled.`;
  const children = [element("p", {}, words)];
  if (disabled.length) children.unshift(element("p", { class: "soft" }, AFTERWARDS));
  if (lines.length) children.unshift(element("ul", { class: "plain" }, ...lines));
  replace(body, ...children);
  return disabled.length;
}
