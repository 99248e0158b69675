// The tenant's endpoints for events, from `GET /v1/endpoints`: those that are disabled by name, for nothing else tells their owner; of the others only how many there are.
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

/** Shows the list; answers how many are disabled. */
export function drawEndpoints(body, endpoints) {
  const disabled = endpoints.filter(isDisabled);
  const line = ({ id, url, disabled_at }) =>
    element("li", {}, element("span", { class: "badge", "data-tone": "bad" }, "Disabled"), " ", element("strong", {}, host(url)), " ", element("code", {}, id), ...(disabled_at ? [element("span", { class: "soft" }, ` for ${age(disabled_at)}`)] : []));
  const rest = endpoints.length - disabled.length;
  const words = endpoints.length === 0 ? "There is none." : `${number(rest)} of ${number(endpoints.length)} are delivered to.`;
  replace(body, ...(disabled.length ? [element("ul", { class: "plain" }, ...disabled.map(line)), element("p", { class: "soft" }, "Nothing is delivered there until it is enabled again; what was missed is delivered then.")] : []), element("p", {}, words));
  return disabled.length;
}
