//! What may be shown of a personal datum.
//!
//! Total: any text has a mask, also one that was typed into the wrong box. At most the last four ASCII letters or digits
//! remain of a number, the first letters of a name, the first character and the host of an address. Lengths are not
//! kept, except of values too short to show anything of. Masks are for readers; nothing is ever looked up by one.
//! Source: contract section 2.6. (Document 003's own `XXXXXX1234F` shows five characters of ten, and is not followed.)

use crate::ids::is_letter;
use crate::pieces;

/// Values shorter than this show nothing.
const SHORTEST_SHOWN: usize = 5;
/// How much of a number is shown.
const TAIL: usize = 4;
/// How many words of a name are shown; the initials of more would spell something.
const WORDS: usize = 4;

/// `XXXXXX234F`.
#[must_use]
pub fn pan(text: &str) -> String {
    account(text)
}

/// `XXXXXX3210`.
#[must_use]
pub fn mobile(text: &str) -> String {
    account(text)
}

/// `XXXXXX7890`: six times X and the last four, whatever the length; all X when shorter than five.
#[must_use]
pub fn account(text: &str) -> String {
    behind("XXXXXX", text)
}

/// `XXXX XXXX 1234`.
#[must_use]
pub fn aadhaar(text: &str) -> String {
    behind("XXXX XXXX ", text)
}

/// `XXXX XXXX XXXX 1234`: a virtual ID, as Aadhaar numbers are masked.
#[must_use]
pub fn vid(text: &str) -> String {
    behind("XXXX XXXX XXXX ", text)
}

/// `$XXXX1234$`: a CKYC identification number as the registry masks it (document 003 section 4.1), whatever else stands around its last four
/// digits; all X when there are not more than those.
#[must_use]
pub fn kin(text: &str) -> String {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let shown = digits.len().checked_sub(TAIL).and_then(|start| digits.get(start..)).filter(|_| text.chars().count() >= SHORTEST_SHOWN);
    ["$XXXX", shown.unwrap_or("XXXX"), "$"].concat()
}

/// `r***@okbank`.
#[must_use]
pub fn vpa(text: &str) -> String {
    address(text)
}

/// `r***@host`.
#[must_use]
pub fn email(text: &str) -> String {
    address(text)
}

/// `R*** S***`: for logs. Words without a letter become `***`; from the fifth word on nothing is shown.
#[must_use]
pub fn name(text: &str) -> String {
    let mut shown = String::new();
    for word in text.split_whitespace().take(WORDS) {
        if !shown.is_empty() {
            shown.push(' ');
        }
        shown.extend(word.chars().find(|&c| is_letter(c)));
        shown.push_str("***");
    }
    shown
}

/// The last four characters behind the mask, anything but ASCII letters and digits as X; of a short text nothing.
fn behind(mask: &str, text: &str) -> String {
    let text = text.trim();
    let count = text.chars().count();
    if count < SHORTEST_SHOWN {
        return "X".repeat(count);
    }
    let mut shown = mask.to_owned();
    for c in text.chars().skip(count.saturating_sub(TAIL)) {
        shown.push(if c.is_ascii_alphanumeric() { c } else { 'X' });
    }
    shown
}

fn address(text: &str) -> String {
    let Some((local, host)) = pieces::at_last(text.trim(), b"@") else {
        return "***".to_owned();
    };
    let first = local.get(..1).filter(|first| pieces::all(first, u8::is_ascii_alphanumeric)).unwrap_or_default();
    [first, "***@", if is_host(host) { host } else { "***" }].concat()
}

/// A host or a payment handle. One with more than four digits may be a number in the wrong place.
fn is_host(host: &str) -> bool {
    let digits = host.bytes().filter(u8::is_ascii_digit).count();
    digits <= TAIL && host.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn masks_all_but_the_last_four_digits() {
        assert_eq!(pan("ABCPE1234F"), "XXXXXX234F");
        assert_eq!(mobile("9876543210"), "XXXXXX3210");
        assert_eq!(account("12345678901234567"), "XXXXXX4567");
        assert_eq!(account("123456"), "XXXXXX3456");
        assert_eq!(aadhaar("234123412346"), "XXXX XXXX 2346");
        assert_eq!(vid("2341234123412341"), "XXXX XXXX XXXX 2341");
        assert_eq!(kin("12345678901234"), "$XXXX1234$");
        assert_eq!(kin("$XXXX1234$"), "$XXXX1234$");
    }

    #[test]
    fn shows_nothing_of_a_short_value() {
        assert_eq!(account("1234"), "XXXX");
        assert_eq!(aadhaar("1234"), "XXXX");
        assert_eq!(mobile(""), "");
        assert_eq!(kin("1234"), "$XXXXXXXX$");
    }

    #[test]
    fn shows_the_first_character_and_the_host_of_an_address() {
        assert_eq!(vpa("rahul@okbank"), "r***@okbank");
        assert_eq!(email("rahul.sharma@example.com"), "r***@example.com");
        assert_eq!(vpa("9876543210@ybl"), "9***@ybl");
    }

    #[test]
    fn does_not_take_a_number_for_a_host() {
        assert_eq!(vpa("x@9876543210"), "x***@***");
        assert_eq!(email("no address"), "***");
    }

    #[test]
    fn shows_the_initials_of_at_most_four_words() {
        assert_eq!(name("RAHUL SHARMA"), "R*** S***");
        assert_eq!(name("  rahul  (HUF) 42 "), "r*** H*** ***");
        assert_eq!(name("a b c d e f"), "a*** b*** c*** d***");
    }

    proptest! {
        #[test]
        fn never_shows_more_than_four_trailing_ascii_characters(text in "\\PC{0,40}|[A-Z0-9 ]{0,20}") {
            for masked in [pan(&text), mobile(&text), account(&text), aadhaar(&text), vid(&text)] {
                prop_assert!(masked.chars().filter(|&c| c != 'X' && c != ' ').count() <= TAIL);
                prop_assert!(masked.is_ascii());
            }
        }

        #[test]
        fn masks_any_text_as_an_address_or_a_name(text in "\\PC*") {
            prop_assert!(vpa(&text).contains("***"));
            prop_assert!(name(&text).chars().filter(|c| c.is_alphabetic()).count() <= WORDS);
        }
    }
}
