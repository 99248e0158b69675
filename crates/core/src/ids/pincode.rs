//! The postal index number: six digits, the first of them not 0.
//!
//! The first digit is one of eight regions or the Army's post, the first two are a postal circle, the first three a sorting district. Two digits that
//! no circle has are unusual, for circles are added: a warning. Not checked: whether there is such a post office.
//! Source: Department of Posts, Postal Index Number (1972), and its list of circles.

use super::field::Field;
use super::form::Form;
use super::verdict::{Fault, Issue, Reason, Sound};
use super::{Row, checked};
use crate::mask;
use crate::secret::Secret;

pub(super) const ROW: Row =
    Row { name: "pincode", form: Form::as_number, check: |text| checked(Pincode::parse(text), Pincode::sound), fault, mask: mask::account };

const DIGITS: usize = 6;

/// The regions in the order of their digits from 1, each with what it serves.
const REGIONS: [(&str, &str); 9] = [
    ("North", "Delhi, Haryana, Punjab, Himachal Pradesh, Jammu and Kashmir, Ladakh, Chandigarh"),
    ("North", "Uttar Pradesh, Uttarakhand"),
    ("West", "Rajasthan, Gujarat, Dadra and Nagar Haveli and Daman and Diu"),
    ("West", "Maharashtra, Goa, Madhya Pradesh, Chhattisgarh"),
    ("South", "Andhra Pradesh, Telangana, Karnataka"),
    ("South", "Tamil Nadu, Kerala, Puducherry, Lakshadweep"),
    ("East", "West Bengal, Odisha, the North-East, Sikkim, Andaman and Nicobar Islands"),
    ("East", "Bihar, Jharkhand"),
    ("Army", "Army Postal Service"),
];

/// First two digits that no postal circle has.
const WITHOUT_CIRCLE: [&str; 11] = ["10", "29", "35", "54", "55", "65", "66", "86", "87", "88", "89"];

/// A well-formed PIN code.
#[derive(Clone, PartialEq, Eq)]
pub struct Pincode(Secret<String>);

impl Pincode {
    /// The field's rule: trimmed, six ASCII digits.
    ///
    /// # Errors
    /// [`Reason::Empty`], [`Reason::Length`] (not six characters), [`Reason::Format`] (no digit, or a first one that is 0).
    pub fn parse(input: &str) -> Result<Self, Fault> {
        let field = Field::of(input);
        field.shaped(DIGITS..=DIGITS, |position, c| c.is_ascii_digit() && (position > 0 || c != '0'), fault)?;
        Ok(Self(Secret::new(field.text.to_owned())))
    }

    /// The six digits.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose()
    }

    /// `XXXXXX0001`: the last four, as of any other number.
    #[must_use]
    pub fn masked(&self) -> String {
        mask::account(self.expose())
    }

    fn warnings(&self) -> Vec<Issue> {
        let unusual = self.expose().get(..2).is_some_and(|circle| WITHOUT_CIRCLE.contains(&circle));
        let warning = Issue::new("warning_pincode_circle", "No postal circle is known by the first two digits.").at((0, 2));
        unusual.then_some(warning).into_iter().collect()
    }

    fn sound(&self) -> Sound {
        let region = REGIONS.iter().zip('1'..='9').find(|(_, zone)| self.expose().starts_with(*zone));
        let (region, serves) = region.map(|(&region, _)| region).unwrap_or_default();
        let mut sound = Sound { warnings: self.warnings(), ..Sound::of(self.expose(), self.masked()) };
        sound.tell("zone", self.expose().get(..1).into());
        sound.tell("region", region.into());
        sound.tell("serves", serves.into());
        sound
    }
}

fn fault(reason: Reason) -> Fault {
    let told = match reason {
        Reason::Missing => ("A PIN code is required.", ""),
        Reason::Type => ("A PIN code should be a string.", ""),
        Reason::Empty => ("The PIN code is empty.", ""),
        Reason::Length => ("A PIN code has 6 digits.", ""),
        _ => ("A PIN code has 6 digits and does not begin with 0.", ""),
    };
    Fault::told(ROW.name, reason, told)
}
