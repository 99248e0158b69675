//! The proof that a mobile number is the customer's: a one-time password is sent to it, and whoever types it has the number in hand.
//!
//! A browser's session may ask about no number that was not proved in it ([`crate::operations::subject`]): otherwise a phone number would buy a stranger's name and account. A code
//! is six random digits, valid for fifteen minutes, for one number and one family of sessions; kept is only its keyed hash. What is counted per number is [`number`]'s, and who brings the code to
//! the telephone is [`sender`]'s. Nothing here says whether a number exists. Contract section 2.13.

pub mod number;
pub mod sender;

use std::fmt;

use serde_json::Value;

use crate::ids::MobileNumber;
use crate::json;
use crate::keys::{self, Source};
use crate::place::Place;
use crate::problem::{FieldFault, Problem};
use crate::script;
use crate::seal::Index;
use crate::session::{Session, Subject};
use crate::time::{MINUTE, Millis};

/// How long a code is valid.
pub const LIFE: Millis = 15 * MINUTE;

/// The digits of a code, and how many codes there are.
const DIGITS: usize = 6;
const CODES: u64 = 1_000_000;

/// What is told of a code that has not the form of one. It quotes nothing.
const NO_CODE: &str = "code should be a string of the six digits that were sent; spaces and hyphens between them are skipped.";
const NUMBER: &str = "mobile_number";
/// What is told of credentials that prove no number.
const NO_SESSION: &str = "Only a browser's session proves a mobile number; a server may ask about any.";

/// A one-time password: six digits. It is not printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Passcode(String);

impl fmt::Debug for Passcode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Passcode")
    }
}

impl Passcode {
    /// The code of eight random bytes: each is as likely as any other, to one in ten million millions.
    #[must_use]
    pub fn of_random(bytes: [u8; 8]) -> Self {
        Self(format!("{:06}", u64::from_be_bytes(bytes).rem_euclid(CODES)))
    }

    /// The code that a person typed or pasted, in digits of any script: what separates groups, and what cannot be seen, is skipped.
    #[must_use]
    pub fn typed(text: &str) -> Option<Self> {
        let written = text.chars().filter(|c| !script::is_separator(*c) && !script::is_hidden(*c));
        let digits: Option<String> = written.take(DIGITS.saturating_add(1)).map(|c| script::digit(c).map(|(digit, _)| digit)).collect();
        digits.filter(|digits| digits.len() == DIGITS).map(Self)
    }

    /// Its digits, for who sends them.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Its keyed hash, for one number and one holder: elsewhere the same digits prove nothing.
    #[must_use]
    pub fn hash(&self, index: &Index, mobile: &MobileNumber, holder: &str) -> String {
        index.hash("otp", &[holder, mobile.expose(), &self.0])
    }
}

/// Who may type a code: the family of a session, by the place of its budget.
#[must_use]
pub fn holder(index: &Index, session: &Session) -> String {
    Place::of_family(index, &session.family).to_string()
}

/// The number that the body of `POST /v1/otp` names.
///
/// # Errors
/// 400 for what is no such body; a fault of the number has document 001's key.
pub fn asked(body: &[u8]) -> Result<MobileNumber, Problem> {
    let map = json::object(body).map_err(|malformed| Problem::malformed(malformed.0, None))?;
    Problem::of_unknown(&map, &[NUMBER], "")?;
    mobile_number(map.get(NUMBER))
}

/// The number and the code that the body of `POST /v1/otp/verify` names.
///
/// # Errors
/// As of [`asked`], and for a code that has not the form of one.
pub fn typed(body: &[u8]) -> Result<(MobileNumber, Passcode), Problem> {
    let map = json::object(body).map_err(|malformed| Problem::malformed(malformed.0, None))?;
    Problem::of_unknown(&map, &[NUMBER, "code"], "")?;
    let number = mobile_number(map.get(NUMBER))?;
    let code = map.get("code").and_then(Value::as_str).and_then(Passcode::typed);
    Ok((number, code.ok_or_else(|| Problem::malformed(NO_CODE.to_owned(), Some("code".into())))?))
}

fn mobile_number(value: Option<&Value>) -> Result<MobileNumber, Problem> {
    let read = match value.and_then(Value::as_str) {
        None => Err(keys::MOBILE_NUMBER_TYPE_NOT_STRING.into()),
        Some(text) => MobileNumber::parse(text).map_err(|fault| fault.key),
    };
    read.map_err(|key| {
        let title = keys::input_message(Source::D001, &key);
        let fault = FieldFault { field: NUMBER.into(), key: key.clone(), message: title.into(), hint: None };
        Problem { id: None, key, title: title.into(), detail: None, retry_after: None, limit: None, errors: vec![fault] }
    })
}

/// The session in which a number is proved.
///
/// # Errors
/// 403 for a server, and for a number that is not the session's customer's: nobody is sent a code that would prove nothing.
pub fn session<'a>(session: Option<&'a Session>, index: &Index, mobile: &MobileNumber) -> Result<&'a Session, Problem> {
    let session = session.ok_or_else(|| Problem::new(keys::FORBIDDEN).detail(NO_SESSION))?;
    let of_subject = session.subject.as_ref().and_then(|subject| subject.mobile.as_ref());
    let own = || Subject::of(index, &session.tenant, None, Some(mobile.expose())).mobile;
    if of_subject.is_some() && of_subject != own().as_ref() {
        return Err(Problem::of_another_subject());
    }
    Ok(session)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use serde_json::json;

    use super::*;
    use crate::session::Budget;

    fn index() -> Index {
        Index::from_hex(&"3".repeat(64)).unwrap()
    }

    #[test]
    fn a_code_is_typed_as_people_type_it() {
        let is_same = |text: &str| Passcode::typed(text).is_some_and(|code| code.expose() == "012345");
        for text in ["012345", " 012 345 ", "012-345", "0 1 2 3 4 5", "\u{200b}012\u{a0}345\u{feff}", "०१२३४५", "012–345\n"] {
            assert!(is_same(text), "{text:?}");
        }
        for wrong in ["", "01234", "0123456", "01234a", "012.345", "0123450", "------"] {
            assert_eq!(Passcode::typed(wrong), None, "{wrong:?}");
        }
        assert_eq!(format!("{:?}", Passcode::typed("012345").unwrap()), "Passcode");
    }

    #[test]
    fn codes_are_six_digits_of_all_the_randomness() {
        let of = |number: u64| Passcode::of_random(number.to_be_bytes()).expose().to_owned();
        assert_eq!([of(0), of(7), of(999_999), of(1_000_000), of(u64::MAX)], ["000000", "000007", "999999", "000000", "551615"]);
    }

    #[test]
    fn a_hash_is_of_one_number_and_one_holder() {
        let number = |text| MobileNumber::parse(text).unwrap();
        let code = Passcode::typed("012345").unwrap();
        let own = code.hash(&index(), &number("9876543210"), "a");
        assert_eq!(own, code.hash(&index(), &number("9876543210"), "a"));
        let others = [
            code.hash(&index(), &number("9876543211"), "a"),
            code.hash(&index(), &number("9876543210"), "b"),
            Passcode::typed("012346").unwrap().hash(&index(), &number("9876543210"), "a"),
        ];
        assert!(!others.contains(&own));
        assert!(!own.contains("012345") && !own.contains("9876543210"));
    }

    #[test]
    fn a_body_names_a_number_by_document_001_and_a_code() {
        let asked = |body: Value| {
            asked(body.to_string().as_bytes()).map(|number| number.expose().to_owned()).map_err(|problem| problem.key.into_owned())
        };
        assert_eq!(asked(json!({ "mobile_number": " 9876543210 " })).unwrap(), "9876543210");
        for (body, key) in [
            (json!({}), "error_mobile_number_type_not_string"),
            (json!({ "mobile_number": 9_876_543_210_u64 }), "error_mobile_number_type_not_string"),
            (json!({ "mobile_number": "98765" }), "error_mobile_number_incorrect_string_length"),
            (json!({ "mobile_number": "1876543210" }), "error_mobile_number_invalid_mobile_format"),
            (json!({ "mobile_number": "9876543210", "code": "012345" }), "error_malformed_request"),
        ] {
            assert_eq!(asked(body.clone()).err().as_deref(), Some(key), "{body}");
        }
        let read = |code: Value| typed(json!({ "mobile_number": "9876543210", "code": code }).to_string().as_bytes());
        assert_eq!(read(json!("012 345")).unwrap().1.expose(), "012345");
        for wrong in [json!(12345), json!("12345"), json!(null), json!("98765432")] {
            let problem = read(wrong.clone()).err().unwrap();
            assert_eq!((problem.status(), problem.errors.first().map(|error| &*error.field)), (400, Some("code")), "{wrong}");
            assert!(!problem.to_json("r").contains("98765432"));
        }
    }

    #[test]
    fn a_session_proves_its_own_customers_number_and_a_server_none() {
        let number = MobileNumber::parse("9876543210").unwrap();
        let of = |subject: Option<Subject>| Session {
            tenant: "acme".into(),
            origin: String::new(),
            expires_at: 1,
            family: "f".repeat(32),
            until: 1,
            operations: Vec::new(),
            budget: Budget::DEFAULT,
            subject,
            verified: None,
            application: None,
        };
        let status = |session_of: Option<&Session>| session(session_of, &index(), &number).map(drop).map_err(|problem| problem.status());
        let own = |mobile| Some(Subject::of(&index(), "acme", Some("ABCPE1234F"), mobile));
        assert_eq!(status(None), Err(403));
        assert_eq!(status(Some(&of(None))), Ok(()));
        assert_eq!(status(Some(&of(own(None)))), Ok(()), "its customer is known by the PAN alone");
        assert_eq!(status(Some(&of(own(Some("9876543210"))))), Ok(()));
        assert_eq!(status(Some(&of(own(Some("9876543211"))))), Err(403));
    }
}
