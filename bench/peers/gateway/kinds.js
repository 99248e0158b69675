// Verdicts of three kinds by hand, in the gateway's words: the same keys, values, masks and spans for everyday inputs. Left out are other scripts, spans
// behind what was removed, mergers of banks, and guesses at what was meant.
const HOLDERS = {
  P: "Individual (Person)",
  C: "Company",
  H: "HUF (Hindu Undivided Family)",
  F: "Firm (Partnership)",
  A: "AOP (Association of Persons)",
  T: "Trust",
  B: "BOI (Body of Individuals)",
  L: "Local Authority",
  J: "Artificial Juridical Person",
  G: "Government",
};

const WARNINGS = {
  trimmed: { key: "warning_trimmed", message: "Spaces around the value were removed." },
  separators: { key: "warning_separators_removed", message: "Spaces or punctuation between the characters were removed." },
  upper: { key: "warning_upper_cased", message: "Small letters were written as capitals." },
  country: { key: "warning_country_code_removed", message: "The country code +91 was removed." },
  trunk: { key: "warning_trunk_prefix_removed", message: "The leading 0 was removed." },
};

const isDigit = (code) => code >= 48 && code <= 57;
const isCapital = (code) => code >= 65 && code <= 90;

const MOBILE_TYPE = "error_mobile_number_type_not_string";
const MOBILE_LENGTH = "error_mobile_number_incorrect_string_length";
const MOBILE_FORMAT = "error_mobile_number_invalid_mobile_format";

const keysOf = (kind) => Object.fromEntries(["missing", "type", "empty", "length", "format"].map((reason) => [reason, `error_${kind}_${reason}`]));

// Each kind: its words, its keys, its length, which character fits where, what its value tells, and its mask.
const KINDS = {
  pan: {
    name: "PAN",
    article: "A",
    keys: keysOf("pan"),
    length: 10,
    fits: (place, code) => (place >= 5 && place < 9 ? isDigit(code) : isCapital(code)),
    lengthWords: { message: "A PAN has exactly 10 characters." },
    formatWords: { message: "A PAN is five letters, four digits and a letter, such as ABCPE1234F." },
    form: codeForm,
    info: panInfo,
    mask: (value) => `XXXXXX${value.slice(6)}`,
  },
  ifsc: {
    name: "IFSC",
    article: "An",
    keys: keysOf("ifsc"),
    length: 11,
    fits: (place, code) => (place < 4 ? isCapital(code) : place === 4 ? code === 48 : isDigit(code) || isCapital(code)),
    lengthWords: { message: "An IFSC has exactly 11 characters." },
    formatWords: { message: "An IFSC is four letters, a zero and six letters or digits, such as SBIN0001234." },
    form: codeForm,
    info: (value) => ({ bank_code: value.slice(0, 4) }),
    mask: (value) => value,
  },
  mobile: {
    name: "mobile number",
    article: "A",
    keys: { missing: MOBILE_TYPE, type: MOBILE_TYPE, empty: MOBILE_LENGTH, length: MOBILE_LENGTH, format: MOBILE_FORMAT },
    length: 10,
    fits: (place, code) => isDigit(code) && (place > 0 || code >= 54),
    lengthWords: { message: "A mobile number has 10 digits.", hint: "Enter all 10 digits of one number." },
    formatWords: { message: "A mobile number has 10 digits and begins with 6, 7, 8 or 9." },
    form: mobileForm,
    info: (value) => ({ e164: `+91${value}` }),
    mask: (value) => `XXXXXX${value.slice(6)}`,
  },
};

function without(pattern, text, warning, warnings) {
  const rest = text.replace(pattern, "");
  if (rest.length !== text.length) warnings.push(warning);
  return rest;
}

const SEPARATORS = /[\s-]+/g;
const MOBILE_SEPARATORS = /[\s.()-]+/g;

function codeForm(trimmed, warnings) {
  const text = without(SEPARATORS, trimmed, WARNINGS.separators, warnings);
  const capitals = text.toUpperCase();
  if (capitals !== text) warnings.push(WARNINGS.upper);
  return capitals;
}

function mobileForm(trimmed, warnings) {
  const text = without(/^\+91/, without(MOBILE_SEPARATORS, trimmed, WARNINGS.separators, warnings), WARNINGS.country, warnings);
  return text.length === 11 ? without(/^0/, text, WARNINGS.trunk, warnings) : text;
}

function panInfo(value) {
  const category = HOLDERS[value[3]];
  if (!category) {
    const message = "The fourth letter of a PAN names the type of its holder; this letter names none.";
    return { issue: { key: "error_pan_component", message, hint: "The fourth letter is one of P C H F A T B L J G (P for a person).", span: [3, 4] } };
  }
  if (value.startsWith("0000", 5)) return { issue: { key: "error_pan_component", message: "The four digits of a PAN run from 0001 to 9999.", span: [5, 9] } };
  return { holder_type: value[3], category };
}

const refused = (kind, issue) => ({ ok: false, kind, issues: [issue] });

function shapeIssue({ keys, length, fits, lengthWords, formatWords }, value) {
  if (value.length !== length) return { key: keys.length, ...lengthWords };
  for (let place = 0; place < length; place += 1) {
    if (!fits(place, value.charCodeAt(place))) return { key: keys.format, ...formatWords, span: [place, place + 1] };
  }
  return undefined;
}

function inputIssue({ keys, article, name }, input) {
  if (input === undefined || input === null) return { key: keys.missing, message: `${article} ${name} is required.` };
  if (typeof input !== "string") return { key: keys.type, message: `${article} ${name} should be a string.` };
  return input.trim() === "" ? { key: keys.empty, message: `The ${name} is empty.` } : undefined;
}

/** The verdict of a kind on an input. */
export function verdict(kind, input) {
  const row = KINDS[kind];
  if (!row) return refused(kind, { key: "error_kind_value", message: "There is no such kind." });
  const missing = inputIssue(row, input);
  if (missing) return refused(kind, missing);
  const warnings = [];
  const trimmed = input.trim();
  if (trimmed !== input) warnings.push(WARNINGS.trimmed);
  const value = row.form(trimmed, warnings);
  const issue = shapeIssue(row, value);
  if (issue) return refused(kind, issue);
  const info = row.info(value);
  return info.issue ? refused(kind, info.issue) : { ok: true, kind, value, masked: row.mask(value), info, warnings };
}
