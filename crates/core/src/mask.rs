//! What may be shown of a personal datum.
//!
//! Total: any text has a mask, also one that was typed into the wrong box. At most the last four ASCII letters or digits, and no more than
//! half, remain of a number, nothing of a text that is none, the first letters of a name, the first character and the host of an address. Lengths are not
//! kept, except of values too short to show anything of. Masks are for readers; nothing is ever looked up by one.
//! Source: contract section 2.6. (Document 003's own `XXXXXX1234F` shows five characters of ten, and is not followed.)

use crate::pieces;
use crate::script::is_letter;

/// Shorter values show nothing.
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

/// `XXXXXX7890`: six times X and the last four, whatever the length; of less than eight characters half, of less than five, and of what is no
/// number, nothing.
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
/// digits; all X when that would be more than half.
#[must_use]
pub fn kin(text: &str) -> String {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let shown = digits.len().checked_sub(TAIL).and_then(|start| digits.get(start..)).filter(|_| tail_of(text.trim_ascii()) == TAIL);
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

/// The end of the text behind the mask, anything but ASCII letters and digits as X; `XXXX` if nothing may be shown of it.
fn behind(mask: &str, text: &str) -> String {
    let text = text.trim_ascii();
    let (count, tail) = (text.chars().count(), tail_of(text));
    let mut shown = String::from(if tail > 0 { mask } else { "" });
    for (place, c) in text.chars().enumerate() {
        if tail == 0 && place < TAIL {
            shown.push('X');
        } else if place >= count.saturating_sub(tail) {
            shown.push(if c.is_ascii_alphanumeric() { c } else { 'X' });
        }
    }
    shown
}

/// How many characters may be shown at the end: four, but no more than half. None of a short text, nor of one that is no number: in a PAN,
/// which has the fewest, more than every third character is a digit, or a sign that hides one.
#[inline(never)]
fn tail_of(text: &str) -> usize {
    let count = text.chars().count();
    let digits = text.bytes().filter(|byte| matches!(byte, b'0'..=b'9' | b'X' | b'x' | b'*')).count();
    let is_number = count >= SHORTEST_SHOWN && digits.saturating_mul(3) >= count;
    if is_number { TAIL.min(count / 2) } else { 0 }
}

fn address(text: &str) -> String {
    let Some((local, host)) = pieces::at_last(text.trim_ascii(), b"@") else {
        return "***".to_owned();
    };
    let first = local.get(..1).filter(|first| local.len() > 1 && pieces::all(first, u8::is_ascii_alphanumeric)).unwrap_or_default();
    [first, "***@", if is_host(host) { host } else { "***" }].concat()
}

/// A host or a payment handle. One with more than four digits may be a number in the wrong place.
fn is_host(host: &str) -> bool {
    let digits = host.bytes().filter(u8::is_ascii_digit).count();
    digits <= TAIL && pieces::all(host, |b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-'))
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
        assert_eq!([account("12345"), account("123456"), account("12345678")], ["XXXXXX45", "XXXXXX456", "XXXXXX5678"]);
        assert_eq!(account("XXXXXX7890"), "XXXXXX7890");
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
        assert_eq!([kin("1234"), kin("1234567")], ["$XXXXXXXX$", "$XXXXXXXX$"]);
        assert_eq!(vpa("r@okbank"), "***@okbank");
    }

    #[test]
    fn shows_nothing_of_what_is_no_number() {
        for text in ["hello world", "my password is hunter2", "rahul sharma", "\u{939}\u{93f}\u{928}\u{94d}\u{926}\u{940}"] {
            assert_eq!([account(text), pan(text), aadhaar(text), vid(text), mobile(text)], ["XXXX"; 5], "{text}");
        }
        assert_eq!(kin("hello 1234 world"), "$XXXXXXXX$");
    }

    #[test]
    fn shows_the_first_character_and_the_host_of_an_address() {
        assert_eq!(vpa("rahul@okbank"), "r***@okbank");
        assert_eq!(email("rahul.sharma@example.com"), "r***@example.com");
        assert_eq!(vpa("9876543210@ybl"), "9***@ybl");
    }

    #[test]
    fn does_not_take_a_number_for_a_host() {
        assert_eq!(vpa("x@9876543210"), "***@***");
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
