// libphonenumber-js with the metadata of mobile numbers: is it a mobile number of India?
import { parsePhoneNumberFromString } from "libphonenumber-js/mobile";

function isIndian(input) {
  const number = parsePhoneNumberFromString(input, { defaultCountry: "IN", extract: false });
  return number !== undefined && number.isValid() && number.country === "IN";
}

export const checks = { mobile: isIndian };
export const first = () => checks.mobile("9876543210");
