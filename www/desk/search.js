// Finds one check: by its id or a wire reference of our own spelling, which names it; else by what the gateway knows
// (`POST /v1/ops/search`). What is looked for stands in a body, never in an address, and does not stay on the page.
import { put } from "./dom.js";
import { problem } from "./words.js";

const ID = /^chk_[0-9a-f]{32}$/;
/** Our own spelling of a wire reference: it begins with the check's id (docs/CONTRACT.md section 2.3). */
const WIRE = /^[0-9a-f]{66}$/;

/** The form. `api()` answers the gateway, or nothing once the desk is locked; `open(check)` shows what was found. */
export function search(api, open) {
  const form = document.getElementById("search");
  const [input, fault] = [form.querySelector("input"), form.querySelector(".fault")];

  function refuse(text) {
    put(fault, text);
    input.setAttribute("aria-invalid", "true");
    input.focus();
  }

  function found(check) {
    input.value = "";
    open(check);
  }

  async function find(wanted) {
    if (ID.test(wanted)) return found({ id: wanted });
    if (WIRE.test(wanted)) return found({ id: `chk_${wanted.slice(0, 32)}` });
    for (const name of ["reference_id", "wire_reference"]) {
      const response = await api()?.post("/v1/ops/search", { [name]: wanted });
      if (!response) return undefined;
      const { status, body } = response;
      if (status === 200) return found(body.check);
      if (status === 403) return refuse("This key may open a check by its id only. To search it takes the scope ops.");
      if (status === 404 && body.key === "error_not_found") return refuse("This gateway does not search by reference. Enter the check's id.");
      if (![400, 404].includes(status)) return refuse(problem(response));
    }
    return refuse("The gateway knows no such check of this tenant.");
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    put(fault, "");
    input.removeAttribute("aria-invalid");
    const wanted = input.value.trim();
    if (!wanted) return refuse("Enter what to look for.");
    find(wanted);
  });
  return { form, clear: () => ((input.value = ""), put(fault, "")) };
}
