// One step's check, from the first request to the final answer: sends once, follows a 202, and decides what becomes of the
// reference. It knows no page; what happens is told to `show`: working, waiting, answered, refused, unsure.
//
// The reference is forgotten after a final answer and after 409, released after any other problem (the gateway holds nothing
// then), and kept while nobody knows: no readable answer, or a 500. While it is kept, only the same check is asked about again.

const PAUSE_S = 5;
const LONGEST_PAUSE_S = 30;

/** `reference` and `gateway` as their modules make them; `path` is the operation's. */
export function check({ path, gateway, reference, show }) {
  let busy = false;
  let wake = () => {};
  let repeat = () => {};

  const pause = (seconds) =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, seconds * 1000);
      wake = () => (clearTimeout(timer), resolve());
    });

  // Asks again until the answer is final. Without a connection it goes on, ever more slowly.
  async function follow(first) {
    let [reply, patience] = [first, PAUSE_S];
    let address = gateway.address(reference.id(), first.location);
    while (reply.kind === "pending") {
      address = gateway.address(reference.id(), reply.location);
      const seconds = Math.max(1, reply.retryAfter ?? PAUSE_S);
      show.waiting({ ...reply.body, seconds });
      await pause(seconds);
      reply = await gateway.look(address);
      for (; reply.kind === "unreachable"; patience = Math.min(2 * patience, LONGEST_PAUSE_S)) {
        show.waiting({ key: "unconnected", seconds: patience });
        await pause(patience);
        reply = await gateway.look(address);
      }
    }
    return reply;
  }

  async function run(begin, again) {
    if (busy) return;
    busy = true;
    repeat = again;
    show.working();
    const reply = await follow(await begin());
    busy = false;
    end(reply);
  }

  function end(reply) {
    if (reply.kind === "final") {
      reference.forget();
      return show.answered(reply.body);
    }
    if (reply.kind === "unreachable" || reply.status === 500) return show.unsure(reply.body);
    if (reply.status === 409) reference.forget();
    else reference.release();
    show.refused(reply);
  }

  const api = {
    /** Sends the body. A second call while one runs does nothing. */
    send(body) {
      if (!busy) reference.mark();
      return run(() => gateway.post(path, { reference_id: reference.id(), ...body }), () => api.send(body));
    },
    /** Finds out about a check that was sent before the page was loaded. */
    resume() {
      return run(async () => {
        const reply = await gateway.look(gateway.address(reference.id()));
        // Without a session nothing was learnt; the check may well run.
        return [401, 403].includes(reply.status) ? { ...reply, kind: "unreachable" } : reply;
      }, api.resume);
    },
    /** Does what was done last once more: the same check. */
    again: () => repeat(),
    /** Does not wait for the next look. */
    hurry: () => wake(),
  };
  return api;
}
