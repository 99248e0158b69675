// zod: e-mail addresses, and a whole request as a careful form developer writes its schema.
import * as z from "zod";

const email = z.email();

const account = z.strictObject({
  reference_id: z.string().trim().regex(/^[A-Za-z0-9_-]{2,100}$/),
  mobile_number: z.string().trim().regex(/^[6-9]\d{9}$/),
  fetch_branch_details: z.boolean().optional(),
  is_consent_granted: z.literal(true),
  consumer_urn: z.string().optional(),
});

export const checks = { email: (input) => email.safeParse(input).success };
export const requests = { "mobile.account": (body) => account.safeParse(body).success };
export const first = () => checks.email("rahul@example.com");
