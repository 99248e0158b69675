//! The postal index number: six digits, the first of them not 0.
//!
//! The first digit is one of eight regions or the Army's post, the first two are a postal circle, the first three a sorting district. Two digits that
//! no circle has are unusual, for circles are added: a warning. Not checked: whether there is such a post office.
//! Source: Department of Posts, Postal Index Number (1972), and its list of circles.

use super::draft::Draft;
use super::form::Form;
use super::row::{LOOKALIKES, Row, Words};
use super::verdict::Reason;
use crate::mask;

pub(super) const ROW: Row = Row { name: "pincode", labels: "PIN|POSTAL", words: WORDS, form: Form::as_number, check, mask: mask::account };

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

secret_text! {
    /// A well-formed PIN code.
    Pincode of Pincode,
    /// The field's rule: trimmed, six ASCII digits.
    ///
    /// # Errors
    /// [`Reason::Empty`], [`Reason::Length`] (not six characters), [`Reason::Format`] (no digit, or a first one that is 0).
    parse
}

fn check(draft: &mut Draft<'_>) {
    if !draft.shaped(DIGITS, DIGITS, |position, c| c.is_ascii_digit() && (position > 0 || c != '0')) {
        return;
    }
    let (text, sound) = (draft.text, &mut draft.sound);
    let zone = text.bytes().next().map_or(0, |digit| usize::from(digit.saturating_sub(b'1')));
    let (region, serves) = REGIONS.get(zone).copied().unwrap_or_default();
    sound.tell_text("zone", text.get(..1));
    sound.tell_text("region", Some(region));
    sound.tell_text("serves", Some(serves));
    if text.get(..2).is_some_and(|circle| WITHOUT_CIRCLE.contains(&circle)) {
        sound.warn_at("warning_pincode_circle", "No postal circle is known by the first two digits.", "", (0, 2));
    }
}

const WORDS: Words = Words::Own(
    "A PIN code",
    &[(Reason::Length, "A PIN code has 6 digits.", ""), (Reason::Format, "A PIN code has 6 digits and does not begin with 0.", LOOKALIKES)],
);
