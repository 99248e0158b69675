// The reference_id of a step: made once, kept in this tab until the answer is final, so that reload, double click, time-out
// and 202 all ask about the same check and nothing is done twice. Stored are the random reference and whether it was sent;
// what it was sent for is personal and stays in memory.

const KEY = (step) => `toran.reference.${step}`;

const made = (step) => `${step}_${crypto.randomUUID().replaceAll("-", "")}`;

/** The reference of one step. Storage may be refused (private windows): it then lasts as long as the page. */
export function reference(step, storage = sessionStorage) {
  let state = restored();
  let value;

  function restored() {
    try {
      const { id, sent } = JSON.parse(storage.getItem(KEY(step)));
      return typeof id === "string" ? { id, sent: sent === true } : undefined;
    } catch {
      return undefined;
    }
  }

  function keep(next) {
    state = next;
    try {
      if (next) storage.setItem(KEY(step), JSON.stringify(next));
      else storage.removeItem(KEY(step));
    } catch {
      // As long as the page, then.
    }
  }

  return {
    /** The reference under which this value is sent. Another value is another check, so it gets another reference. */
    take(wanted) {
      if (state?.sent && value !== wanted) keep(undefined);
      value = wanted;
      keep({ id: state?.id ?? made(step), sent: true });
      return state.id;
    },
    /** The reference of a check that was sent before the page was loaded and is not known to have ended. */
    sent: () => (state?.sent ? state.id : undefined),
    /** The gateway holds nothing under it: it may be sent again, for any value. */
    release: () => state && keep({ id: state.id, sent: false }),
    /** The answer is final, or the reference is taken: the next attempt has a new one. */
    forget: () => keep(undefined),
  };
}
