//! The record of a consent: what the customer was told, what they agreed to, when and where. Its fields follow Kantara Consent Receipt 1.1 and ISO/IEC TS 27560.
//!
//! Every field is read exactly, and all faults of a record are told at once. What is kept is the one form of each: without white space around it, the hash in small letters, the language in
//! its customary case, and no full Aadhaar number in any text. It may say something of a person, so it is not printed.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::ids::{Reason, aadhaar};
use crate::json::{self, Node, Object};
use crate::problem::{FieldFault, Problem};
use crate::script;
use crate::time::{DAY, MINUTE, Millis, moment};

/// The fields, in their order.
pub const FIELDS: [&str; 8] = ["text_version", "notice_hash", "language", "purposes", "items", "granted_at", "channel", "expires_at"];

/// The longest word such as a version or a channel, and the longest purpose or item, in characters.
const LONGEST_WORD: usize = 100;
const LONGEST_LINE: usize = 255;
/// The most purposes, and the most items.
const MOST_PURPOSES: usize = 32;
const MOST_ITEMS: usize = 100;
/// SHA-256 in hex digits.
const HASH: usize = 64;
/// The longest language tag that anybody must take (RFC 5646 section 4.4.1).
const LONGEST_TAG: usize = 35;
/// How far ahead of ours the clock of a page or server may be.
const CLOCKS_DIFFER: Millis = MINUTE;
/// The latest end of a consent from now: later ones are a typing error.
const LATEST_END: Millis = 100 * 365 * DAY;

/// What the customer agreed to.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentRecord {
    /// The version of the text that was shown.
    text_version: String,
    /// The SHA-256 of the notice that was shown, as 64 hex digits.
    notice_hash: String,
    /// The language of the notice, as BCP 47 names it.
    language: String,
    /// What the data is used for.
    purposes: Vec<String>,
    /// The data that is used, item by item.
    items: Vec<String>,
    /// When the customer agreed: RFC 3339, as it was sent.
    granted_at: String,
    /// Where they agreed: a web page, an app, a branch.
    channel: String,
    /// When the consent ends by itself: RFC 3339, as it was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    expires_at: Option<String>,
}

impl ConsentRecord {
    /// Reads the body of a request that records a consent.
    ///
    /// # Errors
    /// [`Problem::malformed`] for what is no JSON object and for unknown fields, else one problem with every fault.
    pub fn read(body: &[u8], now: Millis) -> Result<Self, Problem> {
        let map = json::object(body).map_err(|malformed| Problem::malformed(malformed.0, None))?;
        Problem::of_unknown(&map, &FIELDS, "")?;
        Self::of(&map, "", now).map_err(|errors| {
            let (key, title) = errors.first().map(|first| (first.key.clone(), first.message.clone())).unwrap_or_default();
            Problem { id: None, key, title, detail: None, retry_after: None, limit: None, errors }
        })
    }

    /// Reads the record in an object, of which `within` is the name where it stands in a request of its own kind.
    ///
    /// # Errors
    /// Every fault, in the order of the fields.
    pub fn of(object: &dyn Object, within: &'static str, now: Millis) -> Result<Self, Vec<FieldFault>> {
        let mut fields = Reader { object, within, faults: Vec::new() };
        let record = Self {
            text_version: fields.line("text_version", LONGEST_WORD),
            notice_hash: fields.shaped("notice_hash", hash),
            language: fields.shaped("language", language),
            purposes: fields.lines("purposes", MOST_PURPOSES),
            items: fields.lines("items", MOST_ITEMS),
            granted_at: fields.granted_at(now),
            channel: fields.line("channel", LONGEST_WORD),
            expires_at: fields.expires_at(now),
        };
        if fields.faults.is_empty() { Ok(record) } else { Err(fields.faults) }
    }

    /// When it ends by itself.
    #[must_use]
    pub fn ends_at(&self) -> Option<Millis> {
        self.expires_at.as_deref().and_then(moment)
    }

    /// Its fields, as a response shows them.
    #[must_use]
    pub fn shown(&self) -> Map<String, Value> {
        match serde_json::to_value(self) {
            Ok(Value::Object(map)) => map,
            // A struct of texts is always an object; the fallback keeps this total.
            _ => Map::new(),
        }
    }
}

/// Reads the fields of an object, and collects every fault.
struct Reader<'a> {
    object: &'a dyn Object,
    within: &'static str,
    faults: Vec<FieldFault>,
}

/// What a text is in its one form; else the rule that it breaks, and the end of the sentence that says what it should be.
type Shape = fn(&str) -> Result<String, (Reason, &'static str)>;

impl<'a> Reader<'a> {
    /// Reports a fault at a place such as `items[2]` of a field.
    fn fault(&mut self, field: &str, place: &str, reason: Reason, rest: &str) {
        let (place, name) = match self.within {
            "" => (place.to_owned(), field.to_owned()),
            within => ([within, ".", place].concat(), [within, "_", field].concat()),
        };
        let message = match reason {
            Reason::Missing => format!("Parameter {place} cannot be missing or null."),
            Reason::Empty => format!("Parameter {place} cannot be empty."),
            _ => format!("Parameter {place} should be {rest}."),
        };
        self.faults.push(FieldFault { field: place.into(), key: reason.key(&name).into(), message: message.into(), hint: None });
    }

    /// The value of a field that must be there.
    fn value(&mut self, field: &'static str) -> Option<Node<'a>> {
        let value = self.object.get(field).filter(|value| !value.is_null());
        if value.is_none() {
            self.fault(field, field, Reason::Missing, "");
        }
        value
    }

    /// The text of a value, trimmed and not empty.
    fn text(&mut self, field: &'static str, place: &str, value: Node<'a>) -> Option<&'a str> {
        match value.text() {
            Some(text) if text.chars().all(char::is_whitespace) => self.fault(field, place, Reason::Empty, ""),
            Some(text) => return Some(text.trim_ascii()),
            None => self.fault(field, place, Reason::Type, "a string"),
        }
        None
    }

    /// One line of a value, of so many characters at most.
    fn line_at(&mut self, field: &'static str, place: &str, value: Node<'a>, most: usize) -> String {
        let Some(text) = self.text(field, place, value) else { return String::new() };
        if text.chars().count() > most {
            self.fault(field, place, Reason::Length, &format!("at most {most} characters long"));
        } else if script::has_hidden(text) {
            self.fault(field, place, Reason::Format, "one line of text");
        } else {
            return aadhaar::hide(text);
        }
        String::new()
    }

    fn line(&mut self, field: &'static str, most: usize) -> String {
        self.value(field).map_or_else(String::new, |value| self.line_at(field, field, value, most))
    }

    fn shaped(&mut self, field: &'static str, shape: Shape) -> String {
        let text = self.value(field).and_then(|value| self.text(field, field, value));
        text.map_or_else(String::new, |text| {
            shape(text).unwrap_or_else(|(reason, rest)| {
                self.fault(field, field, reason, rest);
                String::new()
            })
        })
    }

    /// A list of different lines.
    fn lines(&mut self, field: &'static str, most: usize) -> Vec<String> {
        let items = match self.value(field) {
            Some(Node::List(list)) => list.items(),
            Some(_) => {
                self.fault(field, field, Reason::Type, "a list of strings");
                return Vec::new();
            }
            None => return Vec::new(),
        };
        if items.is_empty() {
            self.fault(field, field, Reason::Empty, "");
        } else if items.len() > most {
            self.fault(field, field, Reason::Length, &format!("a list of at most {most}"));
            return Vec::new();
        }
        let mut lines: Vec<String> = Vec::new();
        for (number, item) in items.into_iter().enumerate() {
            let place = format!("{field}[{number}]");
            let before = self.faults.len();
            let line = self.line_at(field, &place, item, LONGEST_LINE);
            if self.faults.len() > before {
                continue;
            }
            if lines.contains(&line) {
                self.fault(field, &place, Reason::Value, "there once");
            }
            lines.push(line);
        }
        lines
    }

    /// A text that names an instant, and the instant.
    fn instant(&mut self, field: &'static str, value: Node<'a>) -> Option<(String, Millis)> {
        let text = self.text(field, field, value)?;
        let at = moment(text).filter(|_| is_rfc3339(text));
        if at.is_none() {
            self.fault(field, field, Reason::Format, "a time with its offset as in RFC 3339: 2026-11-30T18:30:00+05:30");
        }
        at.map(|at| (text.to_owned(), at))
    }

    fn granted_at(&mut self, now: Millis) -> String {
        const FIELD: &str = "granted_at";
        match self.value(FIELD).and_then(|value| self.instant(FIELD, value)) {
            Some((_, at)) if at > now.saturating_add(CLOCKS_DIFFER) => self.fault(FIELD, FIELD, Reason::Value, "a time that has come"),
            Some((text, _)) => return text,
            None => {}
        }
        String::new()
    }

    fn expires_at(&mut self, now: Millis) -> Option<String> {
        const FIELD: &str = "expires_at";
        let (text, at) = match self.object.get(FIELD)? {
            Node::Null => {
                self.fault(FIELD, FIELD, Reason::Type, "a string");
                return None;
            }
            value => self.instant(FIELD, value)?,
        };
        let granted_at = self.object.get("granted_at").and_then(Node::text).and_then(|text| moment(text.trim_ascii()));
        if at <= now || granted_at.is_some_and(|granted_at| at <= granted_at) || at > now.saturating_add(LATEST_END) {
            self.fault(FIELD, FIELD, Reason::Value, "a time to come, after granted_at and within 100 years");
            return None;
        }
        Some(text)
    }
}

/// A SHA-256 digest in hex digits.
fn hash(text: &str) -> Result<String, (Reason, &'static str)> {
    const REST: &str = "a SHA-256 digest: 64 hex digits";
    let reason = if text.len() == HASH { Reason::Format } else { Reason::Length };
    let is_digest = text.len() == HASH && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_digest { Ok(text.to_ascii_lowercase()) } else { Err((reason, REST)) }
}

/// A language tag of BCP 47 (RFC 5646 section 2.1): language, perhaps script, region and variants. Extensions and private tags say nothing of a notice.
fn language(text: &str) -> Result<String, (Reason, &'static str)> {
    const REST: &str = "a language tag of BCP 47 such as en or hi-IN";
    if text.len() > LONGEST_TAG {
        return Err((Reason::Length, REST));
    }
    tag(text).ok_or((Reason::Format, REST))
}

/// The tag in its customary case (RFC 5646 section 2.1.1).
fn tag(text: &str) -> Option<String> {
    let alpha = |part: &&str| part.bytes().all(|byte| byte.is_ascii_alphabetic());
    let digits = |part: &&str| part.bytes().all(|byte| byte.is_ascii_digit());
    let mut parts = text.split('-').peekable();
    let mut tag = parts.next().filter(|part| (2..=3).contains(&part.len()) && alpha(part))?.to_ascii_lowercase();
    if let Some(script) = parts.next_if(|part| part.len() == 4 && alpha(part)) {
        let (first, rest) = script.split_at_checked(1)?;
        tag.extend(["-", &first.to_ascii_uppercase(), &rest.to_ascii_lowercase()]);
    }
    if let Some(region) = parts.next_if(|part| part.len() == 2 && alpha(part) || part.len() == 3 && digits(part)) {
        tag.extend(["-", &region.to_ascii_uppercase()]);
    }
    for variant in parts {
        let is_year = variant.len() == 4 && variant.starts_with(|letter: char| letter.is_ascii_digit());
        let is_variant = (is_year || (5..=8).contains(&variant.len())) && variant.bytes().all(|byte| byte.is_ascii_alphanumeric());
        tag.extend(["-", &Some(variant).filter(|_| is_variant)?.to_ascii_lowercase()]);
    }
    Some(tag)
}

/// Whether a text has the form of RFC 3339 section 5.6 to the letter: readers of dates take more.
fn is_rfc3339(text: &str) -> bool {
    let shape: String = text.chars().map(|letter| if letter.is_ascii_digit() { '0' } else { letter }).collect();
    let Some(rest) = shape.strip_prefix("0000-00-00T00:00:00") else { return false };
    let offset = match rest.strip_prefix('.') {
        Some(fraction) => fraction.trim_start_matches('0'),
        None => rest,
    };
    let digits = rest.len().saturating_sub(offset.len());
    // A point and one to nine digits, or none of both.
    digits != 1 && digits <= 10 && (offset == "Z" || offset == "+00:00" || offset == "-00:00")
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use serde_json::json;

    /// 2026-12-01T00:00:00Z.
    const NOW: Millis = 1_796_083_200_000;

    fn body(changes: &Value) -> Value {
        let mut body = json!({
            "text_version": "v3", "notice_hash": "AB".repeat(32), "language": "hi-in", "purposes": ["Verify the PAN"], "items": ["PAN", "Name"],
            "granted_at": "2026-11-30T18:30:00+05:30", "channel": "web",
        });
        body.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        body
    }

    fn read(changes: &Value) -> Result<ConsentRecord, Problem> {
        ConsentRecord::read(body(changes).to_string().as_bytes(), NOW)
    }

    fn faults(changes: &Value) -> Vec<(String, String)> {
        let errors = read(changes).err().map(|problem| problem.errors).unwrap_or_default();
        errors.into_iter().map(|fault| (fault.field.into_owned(), fault.key.into_owned())).collect()
    }

    fn fault(field: &str, value: &Value) -> String {
        let faults = faults(&json!({ field: value }));
        assert_eq!(faults.len(), 1, "{field}: {value}");
        let (place, key) = faults.into_iter().next().unwrap();
        let reason = key.strip_prefix(&format!("error_{field}_")).unwrap().to_owned();
        if place == field { reason } else { format!("{place} {reason}") }
    }

    #[test]
    fn a_record_is_kept_in_its_one_form() {
        let record = read(&json!({ "text_version": " v3 ", "expires_at": "2027-11-30T00:00:00Z" })).unwrap();
        let form = json!({
            "text_version": "v3", "notice_hash": "ab".repeat(32), "language": "hi-IN", "purposes": ["Verify the PAN"], "items": ["PAN", "Name"],
            "granted_at": "2026-11-30T18:30:00+05:30", "channel": "web", "expires_at": "2027-11-30T00:00:00Z",
        });
        assert_eq!(Value::Object(record.shown()), form);
        assert_eq!(record.ends_at(), moment("2027-11-30T00:00:00Z"));
        assert!(read(&json!({})).unwrap().ends_at().is_none());
        let hidden = read(&json!({ "items": ["Aadhaar 2341 2341 2346"] })).unwrap();
        assert_eq!(hidden.shown().get("items"), Some(&json!(["Aadhaar XXXX XXXX 2346"])));
    }

    #[test]
    fn every_fault_of_a_body_is_told_at_once_in_the_order_of_the_fields() {
        let empty = ConsentRecord::read(b"{}", NOW).err().unwrap();
        let fields: Vec<_> = empty.errors.iter().map(|fault| fault.field.as_ref()).collect();
        assert_eq!(fields, FIELDS.get(..7).unwrap());
        assert_eq!((empty.status(), empty.key.as_ref()), (400, "error_text_version_missing"));
        let all = faults(&json!({
            "text_version": 7, "notice_hash": "ab", "language": "english", "purposes": [], "items": ["PAN", 7, ""], "granted_at": "yesterday",
            "channel": " ", "expires_at": null,
        }));
        let keys: Vec<_> = all.iter().map(|(place, key)| format!("{place} {key}")).collect();
        assert_eq!(
            keys,
            [
                "text_version error_text_version_type",
                "notice_hash error_notice_hash_length",
                "language error_language_format",
                "purposes error_purposes_empty",
                "items[1] error_items_type",
                "items[2] error_items_empty",
                "granted_at error_granted_at_format",
                "channel error_channel_empty",
                "expires_at error_expires_at_type",
            ]
        );
    }

    #[test]
    fn unknown_fields_and_what_is_no_object_are_malformed() {
        for text in ["[]", "x", "{\"text_version\":\"a\",\"text_version\":\"b\"}"] {
            assert_eq!(ConsentRecord::read(text.as_bytes(), NOW).err().unwrap().key, "error_malformed_request", "{text}");
        }
        assert_eq!(faults(&json!({ "device": "x" })), [("device".to_owned(), "error_malformed_request".to_owned())]);
    }

    #[test]
    fn texts_lists_and_the_hash_are_bounded() {
        let long = |length: usize| "x".repeat(length);
        for (field, value, expected) in [
            ("text_version", json!(long(101)), "length"),
            ("text_version", json!("a\nb"), "format"),
            ("channel", json!(null), "missing"),
            ("notice_hash", json!("g".repeat(64)), "format"),
            ("notice_hash", json!("a".repeat(63)), "length"),
            ("purposes", json!("Verify the PAN"), "type"),
            ("purposes", json!((0..33).map(|number| number.to_string()).collect::<Vec<_>>()), "length"),
            ("purposes", json!(["a", "b", "a"]), "purposes[2] value"),
            ("items", json!((0..101).map(|number| number.to_string()).collect::<Vec<_>>()), "length"),
            ("items", json!([long(256)]), "items[0] length"),
            ("items", json!([["PAN"]]), "items[0] type"),
        ] {
            assert_eq!(fault(field, &value), expected, "{field}: {value}");
        }
        let most = json!({ "text_version": "ख".repeat(100), "purposes": ["क".repeat(255)], "items": (0..100).map(|number| number.to_string()).collect::<Vec<_>>() });
        assert!(read(&most).is_ok());
    }

    #[test]
    fn a_language_is_a_tag_of_bcp_47_in_its_customary_case() {
        for (text, form) in [
            ("en", "en"),
            ("HI-in", "hi-IN"),
            ("sr-LATN-rs", "sr-Latn-RS"),
            ("kok", "kok"),
            ("es-419", "es-419"),
            ("sl-IT-nedis", "sl-IT-nedis"),
            ("de-1996", "de-1996"),
        ] {
            assert_eq!(language(text).ok().as_deref(), Some(form), "{text}");
        }
        for wrong in
            ["", "e", "english", "hi_IN", "hi-", "-IN", "hi--IN", "hi-INDIA1234", "x-private", "en-u-ca-buddhist", "हिन्दी", "en-I1"]
        {
            assert!(language(wrong).is_err(), "{wrong}");
        }
        assert_eq!(fault("language", &json!("hi-".repeat(12))), "length");
    }

    #[test]
    fn an_instant_has_the_form_of_rfc_3339_to_the_letter() {
        for sound in ["2026-11-30T18:30:00Z", "2026-11-30T18:30:00.5+05:30", "2026-11-30T18:30:00.123456789-01:00", "2024-02-29T00:00:00Z"]
        {
            assert!(read(&json!({ "granted_at": sound })).is_ok(), "{sound}");
        }
        for wrong in [
            "2026-11-30",
            "2026-11-30T18:30:00",
            "2026-11-30 18:30:00Z",
            "2026-11-30t18:30:00z",
            "2026-11-30T18:30Z",
            "2026-11-30T18:30:00.Z",
            "2026-11-30T18:30:00.1234567890Z",
            "2026-11-30T18:30:00+0530",
            "2026-02-29T00:00:00Z",
            "2026-11-31T00:00:00Z",
            "2026-11-30T24:00:00Z",
            "2026-11-30T18:30:00+25:00",
            "३०२६-11-30T18:30:00Z",
            "1796083200",
        ] {
            assert_eq!(fault("granted_at", &json!(wrong)), "format", "{wrong}");
        }
    }

    #[test]
    fn a_consent_was_given_already_and_ends_later() {
        assert!(read(&json!({ "granted_at": "2026-12-01T00:01:00Z" })).is_ok(), "clocks differ");
        assert_eq!(fault("granted_at", &json!("2026-12-01T00:01:01Z")), "value");
        assert!(read(&json!({ "expires_at": "2026-12-01T00:00:01Z" })).is_ok());
        for wrong in ["2026-12-01T00:00:00Z", "2026-11-30T12:59:59Z", "2200-01-01T00:00:00Z"] {
            assert_eq!(fault("expires_at", &json!(wrong)), "value", "{wrong}");
        }
        let both = json!({ "granted_at": "2026-12-01T00:00:30Z", "expires_at": "2026-12-01T00:00:30Z" });
        assert_eq!(faults(&both), [("expires_at".to_owned(), "error_expires_at_value".to_owned())]);
    }

    #[test]
    fn within_a_request_a_fault_stands_under_the_name_of_the_record() {
        let errors = ConsentRecord::of(json!({ "channel": "web" }).as_object().unwrap(), "consent_record", NOW).err().unwrap();
        let first = errors.first().unwrap();
        assert_eq!(
            (first.field.as_ref(), first.key.as_ref()),
            ("consent_record.text_version", "error_consent_record_text_version_missing")
        );
        assert_eq!(first.message, "Parameter consent_record.text_version cannot be missing or null.");
    }
}
