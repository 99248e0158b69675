// format-utils: validators of Indian formats. Of a UPI id the form only: its list of handles is of another date than ours.
import { Validator } from "format-utils";

export const checks = {
  mobile: (input) => Validator.mobile(input),
  pan: (input) => Validator.pan(input),
  ifsc: (input) => Validator.ifsc(input),
  aadhaar: (input) => Validator.aadhaar(input),
  vid: (input) => Validator.aadhaarVID(input),
  gstin: (input) => Validator.gst(input),
  vpa: (input) => Validator.vpa(input, { handles: false }),
  pincode: (input) => Validator.pincode(input),
};

export const first = () => checks.pan("ABCPE1234F");
