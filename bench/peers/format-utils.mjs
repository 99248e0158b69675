// format-utils: validators of Indian formats.
import { Validator } from "format-utils";

export const checks = {
  mobile: (input) => Validator.mobile(input),
  pan: (input) => Validator.pan(input),
  ifsc: (input) => Validator.ifsc(input),
  aadhaar: (input) => Validator.aadhaar(input),
  vid: (input) => Validator.aadhaarVID(input),
  gstin: (input) => Validator.gst(input),
  vpa: (input) => Validator.vpa(input),
  pincode: (input) => Validator.pincode(input),
};

export const first = () => checks.pan("ABCPE1234F");
