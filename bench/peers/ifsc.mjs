// Razorpay's ifsc: does the code exist? For Node only: it reads a file and drags an HTTP client along.
import ifsc from "ifsc";

export const checks = { ifsc: (input) => ifsc.validate(input) };
export const first = () => checks.ifsc("SBIN0001077");
