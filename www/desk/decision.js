// A person's decision about one check: what was found, why, where; then a second look at what it means; then `POST
// /v1/checks/{id}/decision`. Who decides is known by the key. Sent twice it is the same decision, so a lost answer is
// repaired by sending again.
import { element, facts, put } from "./dom.js";
import { age, decisions, operation, problem, reason as reasonOf, vendor } from "./words.js";

const dialog = document.getElementById("decision");
const $ = (selector) => dialog.querySelector(selector);
const pages = ["enter", "confirm", "done"].map((name) => [name, $(`.${name}`)]);
const choices = $(".choices");
const [reason, evidence, send] = [$("#reason"), $("#evidence"), $("[data-do=send]")];

const MEANS = {
  verified: "It ends as verified, and its caller may go on. That is final.",
  negative: "It ends as negative, and its caller turns the customer's details down. That is final.",
  failed: "It ends as failed. That is final.",
  retry: "The vendor is sent it again.",
};
const LOST = "There was no connection, so it is not known whether your decision arrived. Send it again: it counts once.";
const MONEY_RETRY = "It ends as failed, for money is never sent a second time. That is final.";

/**
 * The dialog. `api()` answers the gateway, or nothing once the desk is locked; `settled(review, text, isFinal)` hears
 * what came of a decision.
 */
export function decision(api, settled) {
  let review;
  let isSending = false;

  const chosen = () => choices.querySelector("input:checked")?.value;

  function turn(name) {
    for (const [page, node] of pages) node.hidden = page !== name;
  }

  function fault(node, input, text) {
    put(node, text);
    if (text) input?.setAttribute("aria-invalid", "true");
    else input?.removeAttribute("aria-invalid");
    return Boolean(text);
  }

  function offer() {
    const row = ([name, meaning]) => {
      const box = element("input", { type: "radio", name: "decision", value: name, "aria-describedby": `means-${name}` });
      const words = [element("strong", {}, name), element("span", { id: `means-${name}`, class: "soft" }, ` ${meaning}`)];
      return element("label", { class: "choice" }, box, element("span", {}, ...words));
    };
    choices.querySelectorAll("label").forEach((label) => label.remove());
    choices.append(...decisions(review.operation).map(row));
  }

  // To the first fault, in the order of the page.
  function judged() {
    const faults = [
      fault($("#choice-fault"), undefined, chosen() ? "" : "Choose what you found.") && choices.querySelector("input"),
      fault($("#reason-fault"), reason, reason.value.trim() ? "" : "Say why you decide so.") && reason,
    ].filter(Boolean);
    faults[0]?.focus();
    return faults.length === 0;
  }

  function confirm() {
    if (!judged()) return;
    const name = chosen();
    turn("confirm");
    put($(".confirm h3"), `Decide ${name}?`);
    put($(".confirm .meaning"), name === "retry" && review.operation !== "ckyc.upload" ? MONEY_RETRY : MEANS[name]);
    quote();
    put($(".confirm .fault"), "");
    put(send, `Yes, decide ${name}`);
    $(".confirm h3").focus();
  }

  // What is sent, once more before the eyes.
  function quote() {
    const [why, where] = [reason.value.trim(), evidence.value.trim()];
    put($("[data-of=reason]"), why && `Reason: ${why}`);
    put($("[data-of=evidence]"), where && `Evidence: ${where}`);
  }

  function back() {
    turn("enter");
    choices.querySelector("input:checked")?.focus();
  }

  async function decide() {
    if (isSending) return;
    isSending = true;
    send.setAttribute("aria-disabled", "true");
    const [about, name] = [review, chosen()];
    const body = { decision: name, reason: reason.value.trim(), ...(evidence.value.trim() && { evidence: evidence.value.trim() }) };
    const response = await api()?.post(`/v1/checks/${about.id}/decision`, body);
    isSending = false;
    send.removeAttribute("aria-disabled");
    if (response) outcome(about, name, response);
  }

  function outcome(about, name, response) {
    const { status, body } = response;
    const notes = (body.notes ?? []).map(({ code }) => code);
    if (status === 202 && notes.includes("second_decision")) {
      const words = `Your decision is recorded: ${name}. A second person, with a key of their own, must decide the same.`;
      return end(about, "Four eyes", words, `First decision: ${name}. A second person must decide the same.`, false);
    }
    if (status === 200 || status === 202) {
      const words = status === 200 ? `The check has ended: ${body.outcome}, ${body.action}.` : "The vendor is sent it again.";
      return end(about, `Decided: ${name}`, words, `Decided: ${name}.`, true);
    }
    // It ended meanwhile, or waits no longer: there is nothing left to decide.
    if (status === 409) return end(about, "Nothing was decided", problem(response), "It ended meanwhile.", true);
    put($(".confirm .fault"), status === 0 ? LOST : problem(response));
    if (dialog.open) send.focus();
  }

  function end(about, heading, words, mark, isFinal) {
    settled(about, mark, isFinal);
    if (review !== about || !dialog.open) return;
    put($(".done h3"), heading);
    put($(".done .meaning"), words);
    clear();
    turn("done");
    $(".done h3").focus();
  }

  function clear() {
    [reason.value, evidence.value] = ["", ""];
    fault($("#choice-fault"), undefined, "");
    fault($("#reason-fault"), reason, "");
    quote();
  }

  $("form").addEventListener("submit", (event) => {
    event.preventDefault();
    if (!$(".enter").hidden) confirm();
  });
  send.addEventListener("click", decide);
  $("[data-do=back]").addEventListener("click", back);
  // Escape leaves the second look first.
  dialog.addEventListener("cancel", (event) => {
    if ($(".confirm").hidden) return;
    event.preventDefault();
    if (!isSending) back();
  });
  dialog.addEventListener("close", () => {
    review = undefined;
    clear();
  });

  return {
    /** Opens the dialog about a line of the reviews. */
    open(next) {
      review = next;
      put($("h2"), `Decide: ${operation(review.operation)}`);
      facts($(".facts"), [
        ["Waits", `${age(review.since)}. ${reasonOf(review.reason)}`],
        ["Check", element("code", {}, review.id)],
        ["Reference", review.reference_id && element("code", {}, review.reference_id)],
        ["Vendor", [vendor(review.vendor), review.vendor_key].filter(Boolean).join(", ")],
      ]);
      offer();
      clear();
      turn("enter");
      dialog.showModal();
      choices.querySelector("input").focus();
    },
    close: () => dialog.close(),
  };
}
