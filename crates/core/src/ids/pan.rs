//! The Permanent Account Number of the Income Tax Department: five letters, four digits, one letter.
//!
//! Three letters of a series, a fourth that names the type of holder, a fifth that is the first letter of the surname (a
//! person) or of the name (anyone else), four digits from 0001, and a check letter whose algorithm is not published.
//! Refused: what the issuer's structure excludes, so also 003's own sample `ABCDE1234F` (D is no holder type). Not checked:
//! the fifth letter (names change, single names, initials) and the last. Source: document 003 section 2.6.

use super::field::Field;
use super::form::Form;
use super::verdict::{Fault, Reason, Sound};
use super::{Row, checked};
use crate::json::Record;
use crate::mask;
use crate::secret::Secret;

pub(super) const ROW: Row =
    Row { name: "pan", form: Form::as_code, check: |text| checked(Pan::parse(text), Pan::sound), fault, mask: mask::pan };

const CHARACTERS: usize = 10;

/// What the fourth letter of a PAN says about its holder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HolderType {
    /// The fourth letter itself.
    pub letter: char,
    /// The document's name of the category, to the letter: the master data field `pan_verify_category`.
    pub category: &'static str,
}

/// The ten holder types, in the order of document 003 section 2.6.
pub const HOLDERS: [HolderType; 10] = [
    HolderType { letter: 'P', category: "Individual (Person)" },
    HolderType { letter: 'C', category: "Company" },
    HolderType { letter: 'H', category: "HUF (Hindu Undivided Family)" },
    HolderType { letter: 'F', category: "Firm (Partnership)" },
    HolderType { letter: 'A', category: "AOP (Association of Persons)" },
    HolderType { letter: 'T', category: "Trust" },
    HolderType { letter: 'B', category: "BOI (Body of Individuals)" },
    HolderType { letter: 'L', category: "Local Authority" },
    HolderType { letter: 'J', category: "Artificial Juridical Person" },
    HolderType { letter: 'G', category: "Government" },
];

impl HolderType {
    /// The category as vendors write it: in lower case, without what stands in brackets (document 003 sections 5.1 and 5.2).
    #[must_use]
    pub fn word(self) -> String {
        self.category.split(" (").next().unwrap_or_default().to_ascii_lowercase()
    }

    /// A natural person; everyone else takes the non-individual onboarding.
    #[must_use]
    pub const fn is_individual(self) -> bool {
        self.letter == 'P'
    }
}

/// A well-formed PAN in capitals.
#[derive(Clone, PartialEq, Eq)]
pub struct Pan {
    number: Secret<String>,
    holder: HolderType,
}

impl Pan {
    /// The field's rule: trimmed, ASCII upper-cased.
    ///
    /// # Errors
    /// [`Reason::Empty`], [`Reason::Length`] (not ten characters), [`Reason::Format`] (not five letters, four digits, one
    /// letter), [`Reason::Component`] (fourth letter no holder type; digits 0000).
    pub fn parse(input: &str) -> Result<Self, Fault> {
        let field = Field::of(input);
        field.shaped(CHARACTERS..=CHARACTERS, fits, fault)?;
        let number = field.text.to_ascii_uppercase();
        let fourth = number.chars().nth(3);
        let Some(&holder) = HOLDERS.iter().find(|holder| Some(holder.letter) == fourth) else {
            return Err(fault(Reason::Component).hint(holder_hint()).at(field.span(3, 4)));
        };
        if number.contains("0000") {
            return Err(Fault { message: "The four digits of a PAN run from 0001 to 9999.".into(), ..fault(Reason::Component) }
                .at(field.span(5, 9)));
        }
        Ok(Self { number: Secret::new(number), holder })
    }

    /// The ten characters.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.number.expose()
    }

    /// `XXXXXX234F`.
    #[must_use]
    pub fn masked(&self) -> String {
        mask::pan(self.expose())
    }

    /// The type of holder, from the fourth letter.
    #[must_use]
    pub const fn holder(&self) -> HolderType {
        self.holder
    }

    /// What the number itself tells: the type of holder, as letter and in words.
    pub(super) fn info(&self) -> Record {
        let letter = self.holder.letter.encode_utf8(&mut [0; 4]).to_owned();
        [("holder_type", letter.into()), ("category", self.holder.category.into())].into()
    }

    fn sound(&self) -> Sound {
        Sound { value: self.expose().to_owned(), masked: self.masked(), info: self.info(), warnings: Vec::new() }
    }
}

fn fits(position: usize, c: char) -> bool {
    if (5..9).contains(&position) { c.is_ascii_digit() } else { c.is_ascii_alphabetic() }
}

fn holder_hint() -> String {
    let mut hint = String::from("The fourth letter is one of ");
    for holder in &HOLDERS {
        hint.extend([holder.letter, ' ']);
    }
    hint + "(P for a person)."
}

fn fault(reason: Reason) -> Fault {
    let message = match reason {
        Reason::Missing => "A PAN is required.",
        Reason::Type => "A PAN should be a string.",
        Reason::Empty => "The PAN is empty.",
        Reason::Length => "A PAN has exactly 10 characters.",
        Reason::Component => "The fourth letter of a PAN names the type of its holder; this letter names none.",
        _ => "A PAN is five letters, four digits and a letter, such as ABCPE1234F.",
    };
    Fault::new(ROW.name, reason, message)
}
