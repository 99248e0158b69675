//! The identifiers: one file each, one row each in [`KINDS`].
//!
//! Each has two ways in. `TYPE::parse` is the strict rule of an operation's field: ASCII white space around it does not
//! count, PAN, IFSC, UPI IDs and mail domains are brought into their customary case, nothing else is folded; it is the only way to the type. [`validate`] is
//! lenient about form, as a person pastes it, and says in warnings what it changed; it ends in that same parser. What is
//! merely unusual is a warning, never a fault. Nothing here calls a registry or a vendor. Source: contract section 3.

#[macro_use]
mod text;

pub mod aadhaar;
mod account_number;
mod birth_date;
mod draft;
mod driving_licence;
mod email;
mod form;
mod gstin;
mod ifsc;
mod kin;
mod luhn;
mod mobile;
mod pan;
mod passport;
mod person_name;
mod pincode;
mod reference_id;
mod row;
mod state;
mod verdict;
mod verhoeff;
mod vid;
mod voter_id;
mod vpa;

pub use aadhaar::Aadhaar;
pub use account_number::AccountNumber;
pub use birth_date::BirthDate;
pub use draft::Span;
pub use driving_licence::DrivingLicence;
pub use email::Email;
pub(crate) use email::is_address;
pub use gstin::Gstin;
pub use ifsc::Ifsc;
pub use kin::Kin;
pub use mobile::MobileNumber;
pub use pan::{HOLDERS, HolderType, Pan};
pub use passport::Passport;
pub use person_name::PersonName;
pub(crate) use person_name::is_placeholder;
pub use pincode::Pincode;
pub use reference_id::ReferenceId;
pub use verdict::{Fault, Issue, Reason, Sound, Verdict};
pub use vid::Vid;
pub use voter_id::VoterId;
pub use vpa::Vpa;

use crate::json::Node;
use crate::pieces;
use draft::Draft;
use form::Form;
use row::Row;

/// Longer inputs are refused unread, in UTF-16 units. Far above any identifier, far below what costs time.
pub const LONGEST_INPUT: usize = 4096;

/// The key of characters that the vendors refuse, in the documents' words.
pub const UNSANITIZED_VALUES: &str = "error_unsanitized_values";

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident => $module:ident,)*) => {
        /// The kinds of identifier.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Kind { $($(#[$doc])* $kind,)* }

        /// All kinds.
        pub const KINDS: &[Kind] = &[$(Kind::$kind),*];

        impl Kind {
            const fn row(self) -> &'static Row {
                match self { $(Self::$kind => &$module::ROW,)* }
            }
        }
    };
}

kinds! {
    /// An Indian mobile number.
    Mobile => mobile,
    /// A Permanent Account Number.
    Pan => pan,
    /// An Indian Financial System Code.
    Ifsc => ifsc,
    /// An Aadhaar number.
    Aadhaar => aadhaar,
    /// The virtual ID that stands in for an Aadhaar number.
    Vid => vid,
    /// The number of a voter's card (EPIC).
    VoterId => voter_id,
    /// The number of an Indian passport.
    Passport => passport,
    /// The number of a driving licence.
    DrivingLicence => driving_licence,
    /// The number of a registration under the goods and services tax.
    Gstin => gstin,
    /// A UPI ID (virtual payment address).
    Vpa => vpa,
    /// A number of the central KYC registry.
    Kin => kin,
    /// A postal index number.
    Pincode => pincode,
    /// A bank account number.
    AccountNumber => account_number,
    /// A caller's own key of a request.
    ReferenceId => reference_id,
    /// The name of a person or of whoever else holds an account.
    PersonName => person_name,
    /// An e-mail address.
    Email => email,
    /// A date of birth.
    BirthDate => birth_date,
}

impl Kind {
    /// The name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.row().name
    }

    /// The kind of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        KINDS.iter().copied().find(|kind| kind.name() == name)
    }

    /// What the strict rule says of a text.
    fn drafted(self, text: &str) -> Draft<'_> {
        Draft::of(self.row(), text)
    }

    /// The strict rule of an operation's field: the canonical form.
    ///
    /// # Errors
    /// The first fault.
    pub(crate) fn read(self, text: &str) -> Result<String, Fault> {
        let draft = self.drafted(text);
        match draft.faults.into_iter().next() {
            None => Ok(draft.sound.value),
            Some(fault) => Err(fault),
        }
    }

    /// The fault of a whole value, in the kind's own words and under its key: what an operation's parser says of a field
    /// that is missing or no string.
    #[must_use]
    pub fn fault(self, reason: Reason) -> Fault {
        self.row().fault(reason)
    }

    /// What may be shown of a text that is taken as it is.
    fn shown(self, text: &str) -> String {
        (self.row().mask)(text)
    }
}

/// Is this a `kind`? Lenient about form. Total: any JSON gets a verdict.
#[must_use]
pub fn validate<'a>(kind: Kind, input: impl Into<Node<'a>>) -> Verdict {
    judged(kind, input.into())
}

fn judged(kind: Kind, input: Node<'_>) -> Verdict {
    match input {
        Node::Text(text) => read(kind, text),
        Node::Null => refused(kind, vec![kind.fault(Reason::Missing)]),
        _ => refused(kind, vec![kind.fault(Reason::Type)]),
    }
}

/// [`validate`] for a kind that is still a name; `None` where no string was given.
#[must_use]
pub fn validate_named<'a>(kind: Option<&str>, input: impl Into<Node<'a>>) -> Verdict {
    judged_named(kind, input.into())
}

fn judged_named(kind: Option<&str>, input: Node<'_>) -> Verdict {
    let name = kind.unwrap_or_default();
    match Kind::from_name(name) {
        Some(kind) => judged(kind, input),
        // A name that no kind could have may be the value itself, in the wrong place: not repeated.
        None if name.len() <= 32 && pieces::all(name, |b| *b == b'_' || b.is_ascii_lowercase()) => Verdict::UnknownKind(name.to_owned()),
        None => Verdict::UnknownKind(String::new()),
    }
}

/// What may be shown of an input: its verdict's `masked`, or, where it is refused, what may be shown of any text. Of one that is too long to be
/// read, as much as of none.
#[must_use]
pub fn mask(kind: Kind, input: &str) -> String {
    match read(kind, input) {
        Verdict::Accepted(_, sound) => sound.masked,
        _ => kind.shown(if is_too_long(input) { "" } else { input }),
    }
}

fn is_too_long(input: &str) -> bool {
    input.encode_utf16().nth(LONGEST_INPUT).is_some()
}

fn read(kind: Kind, text: &str) -> Verdict {
    if is_too_long(text) {
        return refused(kind, vec![kind.fault(Reason::Length)]);
    }
    let faults = match formed(kind, trimmed(text)) {
        Ok(sound) => return Verdict::Accepted(kind, sound),
        Err(faults) => faults,
    };
    // What is no value as it stands may have one inside. Where the label made it too long, the faults are those of the value inside.
    let mut form = trimmed(text);
    let labels = kind.row().labels;
    if !labels.is_empty() && form.strip(labels) {
        match formed(kind, form) {
            Ok(sound) => return Verdict::Accepted(kind, sound),
            Err(inside) if faults.first().is_some_and(|fault| fault.reason == Reason::Length) => return refused(kind, inside),
            Err(_) => {}
        }
    }
    refused(kind, faults)
}

fn trimmed(text: &str) -> Form {
    let mut form = Form::of(text);
    form.trim();
    form
}

/// What a kind says of a value that is brought into its form.
fn formed(kind: Kind, mut form: Form) -> Result<Sound, Vec<Fault>> {
    (kind.row().form)(&mut form);
    let text = form.text();
    let Draft { mut sound, faults, .. } = kind.drafted(&text);
    if !faults.is_empty() {
        return Err(located(kind, faults, &form));
    }
    for issue in &mut sound.warnings {
        issue.span = issue.span.and_then(|span| form.original(span));
    }
    let unusual = std::mem::replace(&mut sound.warnings, form.into_warnings());
    sound.warnings.extend(unusual);
    sound.masked = kind.shown(&sound.value);
    Ok(sound)
}

/// The faults as seen in the original input. A disguised character that is one, or that spoils the length, is called by its name.
fn located(kind: Kind, mut faults: Vec<Fault>, form: &Form) -> Vec<Fault> {
    for fault in &mut faults {
        fault.span = fault.span.and_then(|span| form.original(span));
    }
    if let ([fault], Some((place, hint))) = (faults.as_mut_slice(), form.disguised()) {
        if fault.reason == Reason::Length {
            *fault = Fault { span: Some(place), ..kind.fault(Reason::Format) };
        }
        if fault.span == Some(place) {
            fault.hint = Some(hint.into());
        }
    }
    faults
}

fn refused(kind: Kind, faults: Vec<Fault>) -> Verdict {
    let mut issues = Vec::new();
    for fault in faults {
        issues.push(fault.into());
    }
    Verdict::Refused(kind, issues)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn reason<T>(parsed: Result<T, Fault>) -> Option<Reason> {
        parsed.err().map(|fault| fault.reason)
    }

    #[test]
    fn kinds_are_found_by_their_names() {
        for &kind in KINDS {
            assert_eq!(Kind::from_name(kind.name()), Some(kind));
        }
        assert_eq!(Kind::from_name("Pan"), None);
    }

    #[test]
    fn a_field_is_trimmed_and_upper_cased_and_nothing_else_is_folded() {
        assert_eq!(Pan::parse(" abcpe1234f\t").map(|pan| pan.expose().to_owned()), Ok("ABCPE1234F".to_owned()));
        assert_eq!(Ifsc::parse("\nsbin0001234 ").map(|code| code.as_str().to_owned()), Ok("SBIN0001234".to_owned()));
        assert_eq!(reason(Pan::parse("ABCPE-1234-F")), Some(Reason::Length));
        assert_eq!(reason(Pan::parse("\u{a0}ABCPE1234F")), Some(Reason::Length));
        assert_eq!(reason(MobileNumber::parse("+919876543210")), Some(Reason::Length));
        assert_eq!(reason(MobileNumber::parse("987654321\u{966}")), Some(Reason::Format));
        assert_eq!(reason(AccountNumber::parse("1234 56789")), Some(Reason::Format));
        assert_eq!(PersonName::parse(" Rahul  Sharma ").map(|name| name.expose().to_owned()), Ok("Rahul  Sharma".to_owned()));
    }

    #[test]
    fn upper_casing_never_makes_an_ascii_letter_of_another() {
        for letter in ['\u{131}', '\u{17f}', '\u{212a}', '\u{df}', '\u{149}'] {
            assert_eq!(reason(Pan::parse(&format!("{letter}bcpe1234f"))), Some(Reason::Format));
            assert_eq!(reason(Ifsc::parse(&format!("{letter}bin0001234"))), Some(Reason::Format));
        }
    }

    #[test]
    fn the_documents_own_sample_pan_is_refused_for_its_holder_type() {
        let fault = Pan::parse("ABCDE1234F").err().unwrap();
        assert_eq!((fault.reason, fault.span), (Reason::Component, Some((3, 4))));
        assert!(HOLDERS.iter().all(|holder| fault.hint.as_deref().unwrap().contains(holder.letter)));
        assert_eq!(Pan::parse("ABCPE1234F").map(|pan| pan.holder().category), Ok("Individual (Person)"));
    }

    #[test]
    fn the_letter_o_of_an_ifsc_gets_the_zero_suggested() {
        let hint = |code: &str| Ifsc::parse(code).err().unwrap().hint;
        assert!(hint("sbino001234").unwrap().contains("SBIN0001234"));
        assert_eq!(hint("SBINO00123_").as_deref(), Some(row::LOOKALIKES));
    }

    #[test]
    fn a_reference_id_reports_its_length_and_its_characters() {
        let reasons = |id: &str| ReferenceId::faults(id).into_iter().map(|fault| fault.reason).collect::<Vec<_>>();
        assert_eq!(reasons("!"), [Reason::Length, Reason::Unsanitized]);
        assert_eq!(reasons(&"!".repeat(101)), [Reason::Length, Reason::Unsanitized]);
        assert_eq!(reasons(" "), [Reason::Empty]);
        assert_eq!(reasons("M2A_0001"), []);
    }

    #[test]
    fn a_verdict_has_the_contracts_shape() {
        let accepted = validate(Kind::Mobile, "+91 98765 43210").into_record().to_value();
        let warning = |key: &str, message: &str| json!({ "key": key, "message": message });
        let expected = json!({
            "ok": true, "kind": "mobile", "value": "9876543210", "masked": "XXXXXX3210", "info": { "e164": "+919876543210" },
            "warnings": [
                warning("warning_separators_removed", "Spaces or punctuation between the characters were removed."),
                warning("warning_country_code_removed", "The country code +91 was removed."),
            ],
        });
        assert_eq!(accepted, expected);
        let refused = validate(Kind::Pan, Node::Number(7.0)).into_record().to_value();
        let issue = warning("error_pan_type", "A PAN should be a string.");
        assert_eq!(refused, json!({ "ok": false, "kind": "pan", "issues": [issue] }));
    }

    #[test]
    fn an_unknown_kind_is_named_only_if_it_could_be_one() {
        let kind = |name| validate_named(name, Node::Null).into_record().to_value().get("kind").cloned();
        assert_eq!(kind(Some("passport")), Some(json!("passport")));
        assert_eq!(kind(Some("9876543210")), Some(json!("")));
        assert_eq!(kind(None), Some(json!("")));
        let verdict = validate_named(Some("pam"), Node::Null).into_record().to_value();
        assert_eq!(verdict.pointer("/issues/0/key"), Some(&json!("error_kind_value")));
    }

    /// Text near the identifiers, so that the deeper rules are reached as well.
    fn near() -> impl Strategy<Value = String> {
        let pieces = prop::sample::select(vec![
            "ABCPE",
            "1234F",
            "SBIN",
            "0",
            "O",
            "98765",
            "43210",
            "+91",
            "2341",
            "2346",
            "27AAPFU0939F1ZV",
            "WKH",
            "1186253",
            "TN/01/",
            "IN",
            "400001",
            "@",
            "okbank",
            ".ifsc.npci",
            "gmail",
            ".com",
            "15",
            "/",
            "08",
            "1990",
            "MH14",
            " ",
            "-",
            "\u{200b}",
            "\u{200f}",
            "\u{966}",
            "\u{9e6}",
            "\u{131}",
            "\u{1f600}",
            "\u{301}",
            "\0",
            "_",
        ]);
        prop_oneof![prop::collection::vec(pieces, 0..8).prop_map(|pieces| pieces.concat()), "\\PC*", any::<String>()]
    }

    proptest! {
        #[test]
        fn a_value_is_its_own_value_without_further_changes(text in near()) {
            for &kind in KINDS {
                let Verdict::Accepted(_, sound) = validate(kind, text.as_str()) else { continue };
                let Verdict::Accepted(_, again) = validate(kind, sound.value.as_str()) else {
                    return Err(TestCaseError::fail("the value of a valid input was refused"));
                };
                prop_assert_eq!(&again.value, &sound.value);
                prop_assert_eq!(mask(kind, &sound.value), sound.masked.as_str());
                prop_assert_eq!(mask(kind, &text), sound.masked);
            }
        }

        #[test]
        fn a_span_is_within_the_input_and_between_characters(text in near()) {
            let units: Vec<u16> = text.encode_utf16().collect();
            for &kind in KINDS {
                let Verdict::Refused(_, issues) = validate(kind, text.as_str()) else { continue };
                for (from, to) in issues.into_iter().filter_map(|issue| issue.span) {
                    prop_assert!(from < to);
                    prop_assert!(units.get(from..to).is_some_and(|part| String::from_utf16(part).is_ok()));
                }
            }
        }
    }
}
