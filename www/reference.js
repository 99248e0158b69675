// The reference_id of a step: made once, kept in this tab until the answer is final, so that reload, double click, time-out
// and 202 all ask about the same check and nothing is done twice. Stored are the random reference and whether it was sent,
// nothing else: what it was sent for is personal.

/** The reference of one step. Storage may be refused (private windows): it then lasts as long as the page. */
export function reference(step, storage) {
  const key = `toran.reference.${step}`;
  let state = restored();

  function restored() {
    try {
      const { id, sent } = JSON.parse(storage.getItem(key));
      return typeof id === "string" ? { id, sent: sent === true } : undefined;
    } catch {
      return undefined;
    }
  }

  function keep(next) {
    state = next;
    try {
      if (next) storage.setItem(key, JSON.stringify(next));
      else storage.removeItem(key);
    } catch {
      // As long as the page, then.
    }
  }

  return {
    /** The reference, made when there is none yet. */
    id() {
      if (!state) keep({ id: `${step}_${crypto.randomUUID().replaceAll("-", "")}`, sent: false });
      return state.id;
    },
    /** It is about to leave. Until `release` or `forget`, its check may be under way. */
    mark: () => keep({ ...state, sent: true }),
    /** Whether its check may be under way: then nothing else may be sent for this step. */
    isSent: () => state?.sent === true,
    /** The gateway holds nothing under it: it may be sent again, for any value. */
    release: () => state && keep({ ...state, sent: false }),
    /** The answer is final, or the reference is taken: the next attempt has a new one. */
    forget: () => keep(undefined),
  };
}
