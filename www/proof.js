// The proof that a mobile number is the applicant's: the gateway sends a code to it, and the applicant types it here. Which number was proved is remembered by this page alone, in memory; the
// session's token knows it by a keyed hash. Another code may be asked for and the number corrected at any time; an earlier code stays good until its own end.
import { duration, said } from "./words.js";

const DIGITS = 6;
const NO_CODE = "Enter the six digits of the code.";

/** `gateway` as its module makes it. */
export function proof(gateway) {
  let proved;

  const send = (mobile_number) => gateway.post("/v1/otp", { mobile_number });

  /** Shows the box for the code in the page of a step; resolves once the number is proved, never if it is corrected. */
  function typed(page, number, masked) {
    const form = document.getElementById("proof").content.firstElementChild.cloneNode(true);
    const $ = (selector) => form.querySelector(selector);
    const [input, fault] = [$("input"), $(".fault")];
    const id = (name) => `${page.section.querySelector("h2").id}-code${name}`;
    let busy = false;
    $("label").textContent = `Code sent to ${masked}`;
    [$("label").htmlFor, input.id, $(".hint").id, fault.id] = [id(""), id(""), id("-hint"), id("-fault")];
    input.setAttribute("aria-describedby", `${id("-hint")} ${id("-fault")}`);
    page.proving(form);
    page.announce(`A code was sent to ${masked}.`);

    function blame(text) {
      fault.textContent = text;
      fault.hidden = !text;
      if (text) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
      if (text) input.focus();
    }

    // One request at a time, however often a button is pressed.
    async function once(work) {
      if (busy) return;
      busy = true;
      blame("");
      await work();
      busy = false;
    }

    $("[data-do=resend]").addEventListener("click", () =>
      once(async () => {
        const reply = await send(number);
        if (reply.kind === "pending") page.announce(`Another code was sent to ${masked}. The one before stays good.`);
        else blame(refusal(reply));
      }),
    );
    $("[data-do=correct]").addEventListener("click", () => {
      page.open();
      page.input.focus();
    });
    return new Promise((resolve) =>
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        once(async () => {
          if (input.value.replace(/\P{Nd}/gu, "").length !== DIGITS) return blame(NO_CODE);
          const reply = await gateway.post("/v1/otp/verify", { mobile_number: number, code: input.value });
          if (reply.kind !== "final") return blame(refusal(reply));
          gateway.take(reply.body);
          proved = number;
          resolve();
        });
      }),
    );
  }

  return {
    has: (number) => proved === number,
    /** The gateway knows of no proof any more. */
    forget: () => (proved = undefined),
    /** Has a code sent, and then calls `done` once it was typed. `page`: the step's view. */
    async ask(page, number, masked, done) {
      page.sending(`Sending a code to ${masked} …`);
      const reply = await send(number);
      if (reply.kind !== "pending") return page.refused(reply.body, reply.retryAfter);
      await typed(page, number, masked);
      done();
    },
  };
}

// What is wrong, how many tries are left, and when the next may be.
function refusal({ status, body, retryAfter }) {
  const tries = status === 400 && body.detail ? `${body.detail.split(". ")[0]}.` : "";
  const wait = retryAfter > 0 ? `You can try again in ${duration(retryAfter)}.` : "";
  return [said(body.key, body.title), tries, wait].filter(Boolean).join(" ");
}
