// validator.js: what it offers for India. Its released version has no PAN check (`isTaxID` throws for en-IN), and its `isVAT` means another number.
import isEmail from "validator/lib/isEmail.js";
import isIdentityCard from "validator/lib/isIdentityCard.js";
import mobilePhone from "validator/lib/isMobilePhone.js";
import passportNumber from "validator/lib/isPassportNumber.js";
import postalCode from "validator/lib/isPostalCode.js";

export const checks = {
  mobile: (input) => mobilePhone.default(input, "en-IN"),
  aadhaar: (input) => isIdentityCard(input, "IN"),
  passport: (input) => passportNumber.default(input, "IN"),
  pincode: (input) => postalCode.default(input, "IN"),
  email: (input) => isEmail(input),
};

export const first = () => checks.mobile("9876543210");
