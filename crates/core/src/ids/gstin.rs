//! The number of a registration under the goods and services tax: fifteen characters, the last of them a check character.
//!
//! Two digits name the State, ten characters are the holder's PAN (or the TAN of who deducts tax), two count the holder's registrations there and name
//! their type. Missions and non-residents have year, country and serial number in place of the PAN. An unknown type is a warning, for the rules name
//! none. Not checked: whether the registration is in force. Source: CGST Rules 2017, rule 10; the GST network's patterns; python-stdnum `in_.gstin`.

use super::field::Field;
use super::form::Form;
use super::pan::Pan;
use super::verdict::{Fault, Issue, Reason, Sound};
use super::{Row, checked, luhn, state};
use crate::json::Record;
use crate::mask;
use crate::secret::Secret;

pub(super) const ROW: Row =
    Row { name: "gstin", form: Form::as_code, check: |text| checked(Gstin::parse(text), Gstin::sound), fault, mask: mask::account };

const CHARACTERS: usize = 15;

/// What the characters before the check character say about the registration.
const REGISTRATIONS: [(&str, &str); 7] = [
    ("Z", "regular"),
    ("C", "tax_collector"),
    ("D", "tax_deductor"),
    ("UN", "un_body"),
    ("ON", "other_notified"),
    ("NR", "non_resident"),
    ("OS", "online_service"),
];

/// A well-formed GSTIN in capitals.
#[derive(Clone, PartialEq, Eq)]
pub struct Gstin {
    number: Secret<String>,
    state: &'static str,
    pan: Option<Pan>,
}

impl Gstin {
    /// The strict rule: trimmed, capitals and digits.
    ///
    /// # Errors
    /// [`Reason::Empty`], [`Reason::Length`] (not fifteen characters), [`Reason::Format`], [`Reason::Component`] (no such State; an impossible PAN; a
    /// holder's registration number 0), [`Reason::Checksum`].
    pub fn parse(input: &str) -> Result<Self, Fault> {
        let field = Field::of(input);
        let numbered = is_numbered(field.text);
        field.shaped(CHARACTERS..=CHARACTERS, if numbered { fits_numbered } else { fits }, fault)?;
        let state = field.text.get(..2).and_then(state::by_number).ok_or_else(|| fault(Reason::Component).at(field.span(0, 2)))?;
        let pan = if numbered || is_tan(field.text) { None } else { Some(pan(&field)?) };
        if !luhn::is_valid(field.text, 36) {
            return Err(fault(Reason::Checksum));
        }
        Ok(Self { number: Secret::new(field.text.to_owned()), state, pan })
    }

    /// The fifteen characters.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.number.expose()
    }

    /// `XXXXXXF1ZV`.
    #[must_use]
    pub fn masked(&self) -> String {
        mask::account(self.expose())
    }

    /// The State or Union Territory of the registration.
    #[must_use]
    pub const fn state(&self) -> &'static str {
        self.state
    }

    /// The holder's PAN; `None` for missions, non-residents and who is registered by a TAN.
    #[must_use]
    pub const fn pan(&self) -> Option<&Pan> {
        self.pan.as_ref()
    }

    /// The type of registration: `regular`, `tax_collector`, `tax_deductor`, `un_body`, `other_notified`, `non_resident`, `online_service`.
    #[must_use]
    pub fn registration(&self) -> Option<&'static str> {
        let from = if is_numbered(self.expose()) { 12 } else { 13 };
        let code = self.expose().get(from..14);
        REGISTRATIONS.iter().find(|(known, _)| Some(*known) == code).map(|&(_, name)| name)
    }

    fn sound(&self) -> Sound {
        let registration = self.registration();
        let info = self.pan.as_ref().map_or_else(Record::default, Pan::info);
        let mut sound = Sound { info, ..Sound::of(self.expose(), self.masked()) };
        sound.tell("state_code", self.expose().get(..2).into());
        sound.tell("state", self.state.into());
        sound.tell("registration", registration.into());
        sound.tell("pan", self.pan.as_ref().map(Pan::expose).into());
        if registration.is_none() {
            sound.warnings.push(Issue::new("warning_gstin_registration", "The type of this registration is not known.").at((13, 14)));
        }
        sound
    }
}

/// Whether year, country and serial number stand in the PAN's place.
fn is_numbered(text: &str) -> bool {
    text.get(2..4).is_some_and(|year| year.bytes().all(|b| b.is_ascii_digit()))
}

/// Whether a TAN, four letters and five digits, stands in the PAN's place.
fn is_tan(text: &str) -> bool {
    text.get(6..7).is_some_and(|c| c.bytes().all(|b| b.is_ascii_digit()))
}

fn fits(position: usize, c: char) -> bool {
    match position {
        0 | 1 | 7..=10 => c.is_ascii_digit(),
        2..=5 | 11 => c.is_ascii_uppercase(),
        _ => c.is_ascii_digit() || c.is_ascii_uppercase(),
    }
}

fn fits_numbered(position: usize, c: char) -> bool {
    match position {
        0..=3 | 7..=11 => c.is_ascii_digit(),
        4..=6 | 12 | 13 => c.is_ascii_uppercase(),
        _ => c.is_ascii_digit() || c.is_ascii_uppercase(),
    }
}

/// The PAN within; its faults are the GSTIN's.
fn pan(field: &Field<'_>) -> Result<Pan, Fault> {
    let shifted = |(from, to): (usize, usize)| field.span(from.saturating_add(2), to.saturating_add(2));
    let pan = Pan::parse(field.text.get(2..12).unwrap_or_default()).map_err(|within| {
        let span = within.span.map(shifted);
        Fault { message: within.message, hint: within.hint, span, ..fault(Reason::Component) }
    })?;
    if field.text.get(12..13) == Some("0") {
        let message = "The registrations of a PAN in a State are counted from 1, then from A.";
        return Err(Fault { message: message.into(), ..fault(Reason::Component) }.at(field.span(12, 13)));
    }
    Ok(pan)
}

fn fault(reason: Reason) -> Fault {
    let told = match reason {
        Reason::Missing => ("A GSTIN is required.", ""),
        Reason::Type => ("A GSTIN should be a string.", ""),
        Reason::Empty => ("The GSTIN is empty.", ""),
        Reason::Length => ("A GSTIN has exactly 15 characters.", ""),
        Reason::Component => ("The first two digits of a GSTIN name a State; these name none.", ""),
        Reason::Checksum => ("The check character of the GSTIN is wrong.", "Compare each character with the certificate of registration."),
        _ => (
            "A GSTIN is 2 digits, a PAN and 3 characters, such as 27AAPFU0939F1ZV.",
            "Check for the letter O in place of the digit 0, and I of 1.",
        ),
    };
    Fault::told(ROW.name, reason, told)
}
