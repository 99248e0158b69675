// The operator's desk in a real browser, against the real Worker and the vendor sandbox: what its tests share. People
// with keys of their own, checks that wait for them, and everything that the page received.
import { createHash } from "node:crypto";
import { after, afterEach, before, beforeEach } from "node:test";
import { eventually, get, KEY, post, settled, startGateway, startSandbox } from "../edge/harness.mjs";
import { as, lostMoney, SOON, TENANTS } from "../edge/review.mjs";
import { idOf } from "../edge/state.mjs";
import { launch } from "./browser.mjs";

/** Keys, by what they may do. */
export const UMA = "toran_uma_key", ASHA = "toran_asha_key", OPS = "toran_ops_key", NOBODY = "toran_nobodys_review_key";
export const MIRA = "toran_mira_key", DEV = "toran_dev_two_key", CAREFUL = "toran_careful_key";

const uma = { digest: createHash("sha256").update(UMA).digest("hex"), scopes: ["review", "ops", "operator"], person: "uma" };
const tenants = JSON.parse(TENANTS).map((tenant) => (tenant.id === "dev" ? { ...tenant, scopes: ["*", "operator"], keys: [...tenant.keys, uma] } : tenant));

/**
 * What is there while a test runs. `noise`: what the console of the page said; `urls`: every address that it asked for;
 * `received`: every address and the text that came from it; `sent`: every body that it sent.
 */
export let sandbox, gateway, context, page, noise, urls, received, sent;
let browser;

before(async () => {
  sandbox = await startSandbox();
  gateway = await startGateway({ sandbox, vars: { ...SOON, TENANTS: JSON.stringify(tenants) } });
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await gateway?.stop();
  await sandbox?.stop();
});

beforeEach(() => visit());
afterEach(() => context.close());

/** Opens the page anew; answers its response. `options`: of the browser's context. */
export async function visit(options = {}) {
  await context?.close();
  context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  page = await context.newPage();
  [noise, urls, received, sent] = [[], [], [], []];
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && noise.push(message.text()));
  page.on("pageerror", (error) => noise.push(String(error)));
  page.on("request", (request) => (urls.push(request.url()), sent.push(request.postData() ?? "")));
  page.on("response", (response) => response.text().then((text) => received.push([response.url(), text]), () => {}));
  const answer = await page.goto(`${gateway.url}/desk/`);
  await page.getByLabel("Server key").waitFor();
  return answer;
}

/** Enters a key, by keyboard alone. */
export async function enter(key) {
  await page.getByLabel("Server key").focus();
  await page.keyboard.insertText(key);
  await page.keyboard.press("Enter");
}

/** Opens the desk with a key; it is there once the first refresh is. */
export async function openDesk(key = UMA) {
  await enter(key);
  await page.locator("#reviews[data-state]").waitFor();
}

/** A check that waits for a person; answers its reference, once the gateway lists it. `more`: of its request. */
export async function waiting(reference, { by = KEY, reviewer = ASHA, ...more } = {}) {
  await post(gateway.url, "/v1/bank-accounts/verify", { ...lostMoney(reference), ...more }, as(by));
  await settled(gateway.url, reference, as(by));
  const id = idOf(reference, by === KEY ? "dev" : "careful");
  await eventually("the line", async () => (await listed(reviewer)).some((review) => review.id === id));
  return reference;
}

/** What waits, as the gateway says it. */
export const listed = async (key = ASHA) => (await get(gateway.url, "/v1/reviews", as(key))).json.reviews;

/** The line of a check. */
export const line = (reference, tenant = "dev") => page.locator(`.review[data-check="${idOf(reference, tenant)}"]`);

/** Answers a route of the gateway with this body. */
export const serve = (path, json, status = 200) => page.route((url) => url.pathname === path, (route) => route.fulfill({ status, json }));

/** The texts of all elements, without the spaces around. */
export const texts = (locator) => locator.evaluateAll((all) => all.map((one) => one.innerText.trim().replaceAll(/\s+/g, " ")));

/** What has the focus: its text, or what it is called. */
export const focused = () => page.evaluate(() => document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent.trim());
