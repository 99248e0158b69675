// The same with Hono, its middleware for bearer tokens and request ids, and a strict schema of zod.
import { Hono } from "hono";
import { bearerAuth } from "hono/bearer-auth";
import { requestId } from "hono/request-id";
import { z } from "zod";
import { log, tenantOf } from "./caller.js";
import { ALWAYS, CONTENT_TYPE, fault, problem } from "./problem.js";

const UNSANITIZED = /[.@#$%^&*!;:'"~`?=+)(]/;

// Each message is a key; the fields stand in the order in which their faults are reported.
const schema = z.strictObject({
  mobile_number: z
    .string("error_mobile_number_type_not_string")
    .trim()
    .length(10, { error: "error_mobile_number_incorrect_string_length", abort: true })
    .regex(/^[6-9][0-9]{9}$/, "error_mobile_number_invalid_mobile_format"),
  reference_id: z
    .string({ error: ({ input }) => (input === undefined || input === null ? "error_reference_id_missing_or_null" : "error_invalid_reference_id") })
    .trim()
    .min(2, { error: "error_invalid_reference_id_length", abort: true })
    .max(100, { error: "error_invalid_reference_id_length", abort: true })
    .refine((value) => !UNSANITIZED.test(value), "error_unsanitized_values"),
  fetch_branch_details: z.boolean("error_fetch_branch_details_type_not_boolean").optional(),
  is_consent_granted: z.boolean("error_is_consent_granted_type_not_boolean").optional(),
  consumer_urn: z.string("error_consumer_urn_type").optional(),
  consent_record: z.any().optional(),
});

function refuse(context, key, errors, detail) {
  const body = problem(key, context.get("requestId"), errors, detail);
  return context.body(JSON.stringify(body), body.status, { "content-type": CONTENT_TYPE, ...ALWAYS });
}

const malformed = (context, errors) => refuse(context, "error_malformed_request", errors, "The body cannot be read as a request.");

const app = new Hono();

app.use(requestId());
app.use(async (context, next) => {
  const began = Date.now();
  await next();
  log(context.get("requestId"), context.req.method, context.req.path, context.res.status, began);
});
app.use("/v1/mobile/*", bearerAuth({ verifyToken: async (token, context) => (await tenantOf(token, context.env)) !== undefined }));

app.post("/v1/mobile/account", async (context) => {
  let body;
  try {
    body = await context.req.json();
  } catch {
    return malformed(context);
  }
  const { success, error } = schema.safeParse(body);
  if (success) return context.json({});
  if (error.issues.some(({ code, path }) => code === "unrecognized_keys" || path.length === 0)) return malformed(context);
  const errors = error.issues.map(({ path, message }) => fault(path.join("."), message));
  return refuse(context, errors[0].key, errors);
});

app.notFound((context) => refuse(context, "error_not_found"));

export default app;
