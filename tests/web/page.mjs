// The onboarding page in a real browser, against the real Worker and the vendor sandbox: what the test files beside this one share. Each of
// their tests begins with a fresh page. Short waits and early status lookups let a 202 and its follow-up happen within seconds; everything
// else is as it is in development.
import { after, afterEach, before, beforeEach } from "node:test";
import { freePort } from "../../tools/process.mjs";
import { eventually, startGateway, startSandbox } from "../edge/harness.mjs";
import { launch } from "./browser.mjs";

const VARS = { MOBILE_ACCOUNT_WAIT_MS: "1500", LOOKUPS_MS: "3000,5000,7000,9000,12000", BANK_COLLECT_LOOKUPS_MS: "3000,6000,9000,14000", RETRIES_MS: "50" };
/** Subjects that are confirmed. */
export const NUMBER = "9876543210";
export const PAN = "ABCPE1234F";

/** What is there while a test runs. `noise`: what the console of the page said; `urls`: every address that it asked for. */
export let sandbox, gateway, context, page, noise, urls;
let browser, scenarios;

before(async () => {
  const port = await freePort();
  sandbox = await startSandbox({ gatewayPort: port });
  gateway = await startGateway({ sandbox, port, vars: VARS });
  browser = await launch();
  scenarios = await (await fetch(`${sandbox.url}/_sandbox/scenarios`)).json();
});

after(async () => {
  await browser?.close();
  await gateway?.stop();
  await sandbox?.stop();
});

beforeEach(async () => {
  await sandbox.reset();
  await visit();
});

afterEach(() => context.close());

/** Opens the page anew; answers its response. `options`: of the browser's context. */
export async function visit(options = {}) {
  await context?.close();
  context = await browser.newContext({ viewport: { width: 1100, height: 900 }, ...options });
  page = await context.newPage();
  [noise, urls] = [[], []];
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && noise.push(message.text()));
  page.on("pageerror", (error) => noise.push(String(error)));
  page.on("request", (request) => urls.push(request.url()));
  const answer = await page.goto(gateway.url);
  await page.getByRole("heading", { name: "PAN", exact: true }).waitFor();
  return answer;
}

export const step = (title) => {
  const section = page.getByRole("region", { name: title, exact: true });
  return {
    section,
    input: section.getByRole("textbox"),
    consent: section.getByRole("checkbox"),
    submit: section.locator("button[type=submit]"),
    heading: section.getByRole("heading", { level: 3 }),
    outcome: section.locator(".outcome"),
    fault: (part) => section.locator(`[data-for=${part}]`),
    look: section.getByRole("button", { name: "Look now" }),
    again: section.locator("[data-do=again]"),
    announcer: section.getByRole("status"),
  };
};
export const mobile = () => step("Mobile number");
export const pan = () => step("PAN");
export const bankAccount = () => step("Bank account");

export async function fill({ section, input, consent, submit }, value) {
  await input.fill(value);
  await consent.check();
  await submit.click();
  await prove(section);
}

/** The code that was sent last. */
export const code = async () => (await (await fetch(`${sandbox.url}/_sandbox/otp`)).json()).at(-1)?.code;

/** Types the code where the step asks for one, which it does for a mobile number that this page has not proved. */
export async function prove(section) {
  const begun = async () => {
    const state = await section.getAttribute("data-state");
    return state === "sending" ? false : state;
  };
  if ((await eventually("the code or the check", begun)) !== "proving") return;
  await section.locator(".proof input").fill(await code());
  await section.getByRole("button", { name: "Confirm the number" }).click();
}

export const settled = { timeout: 30_000 };
export const says = (locator, pattern, options = {}) => locator.filter({ hasText: pattern }).waitFor(options);
export const posts = async () => (await sandbox.calls()).filter(({ kind }) => kind === "post");
export const storage = () => page.evaluate(() => ({ ...sessionStorage, ...localStorage }));
export const kept = async (name) => JSON.parse((await storage())[`toran.reference.${name}`] ?? "null");
/** The subject of the sandbox's scenario that ends with this key. */
export const subject = (operation, key, field) => scenarios.find((one) => one.operation === operation && one.expect.key === key && !one.setup && !one.poll).request[field];

/** Lets requests to a route through `handle(route)` until it says it is done with them. */
export const intercept = (path, handle) => page.route((url) => url.pathname === path, handle);
