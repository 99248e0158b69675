//! The registry against its own dataset, and against what is no registry.

#![expect(clippy::unwrap_used, clippy::arithmetic_side_effects, reason = "tests")]

use std::collections::{BTreeSet, HashSet};
use std::fmt::Write as _;

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::*;

const NOTES: &str = include_str!("../registry.json");
const VECTORS: &str = include_str!("../../../../../tests/vectors/ifsc_registry.json");

fn registry() -> Registry {
    Registry::open(PACK).unwrap()
}

fn notes(pointer: &str) -> Value {
    serde_json::from_str::<Value>(NOTES).unwrap().pointer(pointer).unwrap().clone()
}

fn sha256(lines: impl Iterator<Item = String>) -> String {
    let digest = lines.fold(Sha256::new(), |sha, line| sha.chain_update(line).chain_update("\n")).finalize();
    digest.iter().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").unwrap();
        hex
    })
}

/// A number's digits, most significant first.
fn digits(number: u32, radix: u32, digits: u32) -> String {
    (0..digits).rev().map(|place| char::from_digit(number / radix.pow(place) % radix, radix).unwrap().to_ascii_uppercase()).collect()
}

/// Every code in the ranges, without a look-up.
fn codes(registry: &Registry) -> BTreeSet<String> {
    let mut codes = BTreeSet::new();
    for (bank, &(letters, _)) in registry.banks.iter().zip(&registry.letters.ranges) {
        let letters = digits(letters, 36, 4);
        for (span, radix) in [(bank.numeric, 10), (bank.other, 36)] {
            for &(first, last) in registry.suffixes.of(span) {
                codes.extend((first..=last).map(|number| format!("{letters}0{}", digits(number, radix, 6))));
            }
        }
    }
    codes
}

fn status(registry: &Registry, code: &str) -> BranchStatus {
    registry.find(&Ifsc::parse(code).unwrap()).status
}

#[test]
fn the_codes_are_those_of_the_dataset_to_the_last() {
    let codes = codes(&registry());
    assert_eq!(codes.len(), notes("/codes/count"));
    assert_eq!(sha256(codes.into_iter()), notes("/codes/sha256"));
}

#[test]
fn every_code_of_the_dataset_is_listed_under_the_name_of_its_bank() {
    let registry = registry();
    let names: Vec<&str> = registry.names.split('\n').collect();
    let line = |code: String| {
        let found = registry.find(&Ifsc::parse(&code).unwrap());
        assert_eq!(found.status, BranchStatus::Listed, "{code}");
        let name = names.get(usize::from(found.tenant.or(found.bank).unwrap())).unwrap();
        format!("{code}\t{name}")
    };
    assert_eq!(sha256(codes(&registry).into_iter().map(line)), notes("/answers/sha256"));
}

/// Random enough, and the same everywhere: xorshift32.
struct Dice(u32);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        usize::try_from(self.0).unwrap() % end
    }
}

/// Well-formed codes that look like this one: the next and the one before, two characters swapped, one changed, another bank's, any.
fn neighbours(code: &str, other: &str, dice: &mut Dice) -> Vec<String> {
    const CHARACTERS: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let (bank, suffix) = (code.get(..5).unwrap(), code.get(5..).unwrap());
    let number = base(suffix.as_bytes(), 36);
    let next = suffix.parse().map_or(number, |number: u32| number);
    let radix = if next == number { 36 } else { 10 };
    let near =
        [next.saturating_sub(1), next + 1, next + 10, next + radix * radix].map(|number| format!("{bank}{}", digits(number, radix, 6)));
    let mut changed = suffix.as_bytes().to_vec();
    let place = dice.below(5);
    changed.swap(place, place + 1);
    let swapped = changed.clone();
    *changed.get_mut(dice.below(6)).unwrap() = *CHARACTERS.get(dice.below(36)).unwrap();
    let any = (0..6).map(|_| char::from(*CHARACTERS.get(dice.below(36)).unwrap())).collect();
    let texts = [String::from_utf8(swapped).unwrap(), String::from_utf8(changed).unwrap(), other.get(5..).unwrap().to_owned(), any];
    near.into_iter().chain(texts.map(|suffix| format!("{bank}{suffix}"))).collect()
}

#[test]
fn no_code_outside_the_dataset_is_listed() {
    let registry = registry();
    let codes: Vec<String> = codes(&registry).into_iter().collect();
    let inside: HashSet<&str> = codes.iter().map(String::as_str).collect();
    let (mut dice, mut outside) = (Dice(2_463_534_242), HashSet::new());
    for code in codes.iter().step_by(3) {
        let other = codes.get(dice.below(codes.len())).unwrap();
        outside.extend(neighbours(code, other, &mut dice).into_iter().filter(|code| !inside.contains(code.as_str())));
    }
    assert!(outside.len() >= 200_000, "{}", outside.len());
    for code in &outside {
        assert_eq!(status(&registry, code), BranchStatus::Unlisted, "{code}");
    }
}

#[test]
fn the_published_assertions_hold() {
    let registry = registry();
    let vectors: Value = serde_json::from_str(VECTORS).unwrap();
    for (code, listed) in vectors.get("listed").and_then(Value::as_object).unwrap() {
        assert_eq!(status(&registry, code) == BranchStatus::Listed, listed.as_bool().unwrap(), "{code}");
    }
    for (code, bank) in vectors.get("banks").and_then(Value::as_object).unwrap() {
        let found = registry.find(&Ifsc::parse(code).unwrap());
        let name = found.tenant.or(found.bank).and_then(|number| registry.name(number));
        assert_eq!(name, bank.as_str(), "{code}");
    }
}

#[test]
fn a_bank_without_branches_is_known_and_letters_of_nobody_are_not() {
    let registry = registry();
    assert_eq!(status(&registry, "BMBL0000001"), BranchStatus::Unlisted);
    for code in ["AAAA0000001", "ZZZZ0ZZZZZZ", "QQQQ0123456"] {
        assert_eq!(status(&registry, code), BranchStatus::UnknownBank);
    }
}

#[test]
fn the_notes_beside_the_pack_are_of_this_pack() {
    let registry = registry();
    assert_eq!(
        (registry.version(), registry.date()),
        (notes("/dataset/version").as_str().unwrap(), notes("/dataset/date").as_str().unwrap())
    );
    assert_eq!(
        (registry.banks.len(), registry.tenants.len()),
        (notes("/banks").as_u64().unwrap().try_into().unwrap(), notes("/sublets").as_u64().unwrap().try_into().unwrap())
    );
    let reduced = registry.banks.iter().zip(&registry.letters.ranges).filter(|(bank, _)| bank.is_reduced);
    let letters: Vec<String> = reduced.map(|(_, &(letters, _))| digits(letters, 36, 4)).collect();
    assert_eq!(Value::from(letters), notes("/reduced"));
    assert_eq!(PACK.len(), notes("/bytes/pack/raw"));
    assert!(notes("/bytes/codes/gz").as_u64() <= Some(50_000) && notes("/bytes/pack/gz").as_u64() <= Some(70_000));
}

fn refusal(bytes: &[u8]) -> Refusal {
    Registry::open(bytes).unwrap_err()
}

#[test]
fn what_is_cut_or_longer_is_refused() {
    for length in (0..40).chain((40..PACK.len()).step_by(997)) {
        let refusal = refusal(PACK.get(..length).unwrap());
        assert_eq!(refusal, if length < 4 { Refusal::Foreign } else { Refusal::Length }, "{length}");
    }
    assert_eq!(refusal(&[PACK, b"\n"].concat()), Refusal::Length);
    assert_eq!(refusal(b"<!doctype html><title>404</title>"), Refusal::Foreign);
}

#[test]
fn one_changed_byte_is_refused_wherever_it_is() {
    for place in (0..64).chain((64..PACK.len()).step_by(1409)) {
        let mut bytes = PACK.to_vec();
        *bytes.get_mut(place).unwrap() ^= 0x10;
        let expected = match place {
            0..4 => Refusal::Foreign,
            4..8 => Refusal::Format,
            8..12 => Refusal::Length,
            _ => Refusal::Checksum,
        };
        assert_eq!(refusal(&bytes), expected, "{place}");
    }
}

/// The checksum is right in each: whoever wrote the file was wrong.
#[test]
fn a_body_that_contradicts_itself_is_refused() {
    let body = PACK.get(20..).unwrap();
    assert!(Registry::read(body).is_some());
    assert!(Registry::read(&[body, b"\0"].concat()).is_none(), "something follows");
    assert!(Registry::read(body.split_last().unwrap().1).is_none(), "something is missing");
    // Behind the two texts stands the number of codes, low bits first.
    let mut cursor = Cursor { rest: body };
    cursor.text().and_then(|_| cursor.text()).unwrap();
    let mut miscounted = body.to_vec();
    *miscounted.get_mut(body.len() - cursor.rest.len()).unwrap() ^= 1;
    assert!(Registry::read(&miscounted).is_none(), "another number of codes than it says");
}

#[test]
fn numbers_end_at_the_largest_and_texts_are_ascii() {
    let number = |bytes: &[u8]| Cursor { rest: bytes }.number();
    assert_eq!(number(&[0xff, 0xff, 0xff, 0xff, 0x0f]), Some(u32::MAX));
    for beyond in [[0xff, 0xff, 0xff, 0xff, 0x1f], [0x80, 0x80, 0x80, 0x80, 0x10], [0x80, 0x80, 0x80, 0x80, 0x80]] {
        assert_eq!(number(&beyond), None, "{beyond:?}");
    }
    let text = |bytes: &[u8]| Cursor { rest: bytes }.text();
    assert_eq!((text(b"\x02ab"), text(b"\x03ab"), text(b"\x02\xc3\xa9")), (Some("ab".into()), None, None));
}

#[test]
fn a_body_that_says_what_cannot_be_neither_panics_nor_lists_what_it_does_not_hold() {
    let body = PACK.get(20..).unwrap();
    let mut dice = Dice(88_675_123);
    for _ in 0..60 {
        let mut bytes = body.to_vec();
        *bytes.get_mut(dice.below(body.len())).unwrap() = u8::try_from(dice.below(256)).unwrap();
        // The checksum would have refused it; whatever passes the reader must still answer.
        if let Some(registry) = Registry::read(&bytes) {
            for code in ["SBIN0001234", "HDFC0ZZZZZZ", "YESB0ADB002", "ZZZZ0999999"] {
                let found = registry.find(&Ifsc::parse(code).unwrap());
                let _ = found.tenant.or(found.bank).and_then(|number| registry.name(number));
            }
        }
    }
}
