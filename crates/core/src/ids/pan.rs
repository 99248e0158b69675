//! The Permanent Account Number of the Income Tax Department: five letters, four digits, one letter.
//!
//! Three letters of a series, a fourth that names the type of holder, a fifth that is the first letter of the surname (a
//! person) or of the name (anyone else), four digits from 0001, and a check letter whose algorithm is not published.
//! Refused: what the issuer's structure excludes, so also 003's own sample `ABCDE1234F` (D is no holder type). Not checked:
//! the fifth letter (names change, single names, initials) and the last. Source: document 003 section 2.6.

use super::Kind;
use super::draft::{Draft, Wrong, one};
use super::form::Form;
use super::row::{LOOKALIKES, Row, Words};
use super::verdict::{Fault, Reason};
use crate::mask;
use crate::pieces;
use crate::secret::Secret;

pub(super) const ROW: Row = Row { name: "pan", labels: "PAN", words: WORDS, form: Form::as_code, check, mask: mask::pan };

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
        pieces::at_first(self.category, b"(").map_or(self.category, |(name, _)| name.trim_ascii_end()).to_ascii_lowercase()
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
        let number = Kind::Pan.read(input)?;
        let holder = holder_of(&number).ok_or_else(|| Kind::Pan.fault(Reason::Component))?;
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
}

fn check(draft: &mut Draft<'_>) {
    if !draft.shaped(CHARACTERS, CHARACTERS, fits) {
        return;
    }
    draft.sound.value.make_ascii_uppercase();
    let Some(holder) = holder_of(&draft.sound.value) else {
        return draft.blame(Wrong(Reason::Component, HOLDER_HINT, one(3)));
    };
    if draft.text.get(5..9) == Some("0000") {
        return draft.blame_part("The four digits of a PAN run from 0001 to 9999.", (5, 9));
    }
    draft.sound.tell_text("holder_type", draft.text.get(3..4).map(str::to_ascii_uppercase).as_deref());
    draft.sound.tell_text("category", Some(holder.category));
}

fn holder_of(number: &str) -> Option<HolderType> {
    let fourth = *number.as_bytes().get(3)?;
    HOLDERS.iter().find(|holder| holder.letter == char::from(fourth)).copied()
}

fn fits(position: usize, c: char) -> bool {
    if (5..9).contains(&position) { c.is_ascii_digit() } else { c.is_ascii_alphabetic() }
}

const HOLDER_HINT: &str = "The fourth letter is one of P C H F A T B L J G (P for a person).";

const WORDS: Words = Words::Own(
    "A PAN",
    &[
        (Reason::Length, "A PAN has exactly 10 characters.", ""),
        (Reason::Component, "The fourth letter of a PAN names the type of its holder; this letter names none.", ""),
        (Reason::Format, "A PAN is five letters, four digits and a letter, such as ABCPE1234F.", LOOKALIKES),
    ],
);
