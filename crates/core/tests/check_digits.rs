//! What a check digit promises: no single wrong character and no swap of neighbours passes, but for what its method cannot see.
#![expect(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;
use serde_json::json;
use toran_core::ids::{Aadhaar, Gstin, Kind, Reason, Verdict, Vid, validate};

const CHARACTERS: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

type Rule = fn(&str) -> bool;

/// The one completion of `body` by a character of `alphabet` that is good.
fn completed(body: &str, alphabet: &str, is_good: Rule) -> String {
    let good: Vec<String> = alphabet.chars().map(|check| format!("{body}{check}")).filter(|text| is_good(text)).collect();
    assert_eq!(good.len(), 1, "{body}");
    good.into_iter().next().unwrap()
}

/// Every text that has one other character of `alphabet`.
fn with_one_wrong(text: &str, alphabet: &'static str) -> impl Iterator<Item = String> {
    let text = text.to_owned();
    text.clone().into_bytes().into_iter().enumerate().flat_map(move |(place, right)| {
        let text = text.clone();
        let wrong = alphabet.chars().filter(move |&c| c != char::from(right));
        wrong.map(move |c| text.chars().enumerate().map(|(at, kept)| if at == place { c } else { kept }).collect())
    })
}

/// Every text with two unlike neighbours swapped, and those two in their order.
fn with_two_swapped(text: &str) -> Vec<(String, [char; 2])> {
    let chars: Vec<char> = text.chars().collect();
    let pairs = chars.iter().zip(chars.iter().skip(1)).enumerate().filter(|(_, (one, other))| one != other);
    let swapped = |(place, (&one, &other)): (usize, (&char, &char))| {
        let mut changed = chars.clone();
        changed.swap(place, place.saturating_add(1));
        let pair = if one < other { [one, other] } else { [other, one] };
        (changed.into_iter().collect(), pair)
    };
    pairs.map(swapped).collect()
}

fn is_aadhaar(text: &str) -> bool {
    Aadhaar::parse(text).is_ok()
}

fn is_vid(text: &str) -> bool {
    Vid::parse(text).is_ok()
}

fn is_gstin(text: &str) -> bool {
    Gstin::parse(text).is_ok()
}

/// Whether the voter's card passes without a remark.
fn is_voter_id(text: &str) -> bool {
    matches!(validate(Kind::VoterId, &json!(text)), Verdict::Accepted(_, sound) if sound.warnings.is_empty())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn verhoeff_finds_every_wrong_digit_and_every_swap(body in "[2-9][0-9]{10}", longer in "[2-9][0-9]{14}") {
        let kinds: [(&str, Rule); 2] = [(&body, is_aadhaar), (&longer, is_vid)];
        for (body, is_good) in kinds {
            let number = completed(body, "0123456789", is_good);
            for wrong in with_one_wrong(&number, "0123456789").chain(with_two_swapped(&number).into_iter().map(|(swapped, _)| swapped)) {
                prop_assert!(!is_good(&wrong), "{} {}", number, wrong);
            }
        }
    }

    #[test]
    fn a_gstin_has_no_wrong_character_and_no_swap_but_of_zero_and_z(
        state in "0[1-9]|[12][0-9]|3[0-8]|9[79]", pan in "[A-Z]{3}[ABCFGHJLPT][A-Z]([1-9][0-9]{3}|0[1-9][0-9]{2})[A-Z]", entity in "[1-9A-Z][0-9A-Z]",
    ) {
        let number = completed(&format!("{state}{pan}{entity}"), CHARACTERS, is_gstin);
        for wrong in with_one_wrong(&number, CHARACTERS) {
            prop_assert!(!is_gstin(&wrong), "{} {}", number, wrong);
        }
        for (swapped, pair) in with_two_swapped(&number) {
            prop_assert!(pair == ['0', 'Z'] || !is_gstin(&swapped), "{} {}", number, swapped);
        }
    }

    #[test]
    fn a_voters_card_has_a_remark_for_every_wrong_digit_and_every_swap_but_of_zero_and_nine(series in "[A-Z]{3}", serial in "[0-9]{6}") {
        let number = completed(&format!("{series}{serial}"), "0123456789", is_voter_id);
        for wrong in with_one_wrong(&number, "0123456789") {
            prop_assert!(!is_voter_id(&wrong), "{} {}", number, wrong);
        }
        for (swapped, pair) in with_two_swapped(&number).into_iter().filter(|(swapped, _)| swapped.starts_with(&series)) {
            prop_assert!(pair == ['0', '9'] || !is_voter_id(&swapped), "{} {}", number, swapped);
        }
    }
}

#[test]
fn the_hint_for_a_wrong_check_digit_names_no_digit() {
    for (fault, text) in
        [(Aadhaar::parse("234123412345").err(), "234123412346"), (Vid::parse("2341234123412342").err(), "2341234123412341")]
    {
        let fault = fault.unwrap();
        assert_eq!((fault.reason, fault.span), (Reason::Checksum, None));
        assert!(fault.hint.unwrap().bytes().chain(fault.message.bytes()).all(|b| !b.is_ascii_digit()), "{text}");
    }
}
