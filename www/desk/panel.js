// One part of the desk, kept fresh: asks, shows, and says in one line what stands in the way. What was shown stays
// there when a refresh fails, with the time from which it is.
import { say } from "./dom.js";
import { problem, time } from "./words.js";

/**
 * The part in the section `id`. `load(api)` answers a response; `draw(body)` shows it. `scope` is what a key needs for
 * it: without it the part is hidden, unless it `stays` and says so.
 *
 * `refresh(api)` answers what came of it: `fresh`, `stale`, `denied`, `absent`, or `locked` where the gateway does not
 * know the key. A part that is denied or absent is not asked for again.
 */
export function panel(id, { load, draw, scope, stays = false }) {
  const section = document.getElementById(id);
  const remark = section.querySelector(".remark");
  let state = "new";
  let freshAt;

  function show(next, words = "") {
    state = next;
    section.dataset.state = next;
    section.hidden = next === "denied" && !stays;
    say(remark, words);
    return next;
  }

  function judge(response) {
    const { status, body } = response;
    // 202: what is there so far.
    if (status === 200 || status === 202) {
      draw(body);
      freshAt = Date.now();
      return show("fresh");
    }
    if (status === 401) return "locked";
    if (status === 403) return show("denied", `This key does not see it. It takes the scope ${scope}.`);
    if (status === 404 && body.key === "error_not_found") return show("absent", "This gateway does not serve it.");
    if (freshAt) return show("stale", `Not refreshed since ${time(freshAt)}. What you see is of then. ${problem(response)}`);
    return show("stale", `Not there yet. ${problem(response)}`);
  }

  return {
    section,
    scope,
    state: () => state,
    refresh: async (api) => (["denied", "absent"].includes(state) ? state : judge(await load(api))),
  };
}
