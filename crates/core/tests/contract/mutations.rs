//! Random and mutated answers through every operation's reader, from a seed: nothing panics, nothing is verified that `marks.rs` does not let pass, and
//! every end is the contract's. `TORAN_MUTATIONS` says how many per operation (a bounded number by default), `TORAN_MUTATIONS_SEED` from
//! where, `TORAN_MUTATIONS_OF` of which operations.

use std::env::var;
use std::sync::LazyLock;

use serde_json::{Value, json};
use toran_core::operations::OPERATIONS;

use super::answers::{Answer, answers, is_verified};
use super::judged;
use super::tree::Tree;

/// As many as a test build reads in a few seconds.
const DEFAULT: u64 = 1_500;
const SEED: u64 = 20_261_122;

/// splitmix64: small, good enough, the same everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(bound.max(1)).unwrap()).unwrap()
    }

    fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    fn of<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }
}

/// Says which answer it was when a reader panics.
struct Round<'a>(&'a Answer, u64, u64);

impl Drop for Round<'_> {
    #[expect(clippy::print_stderr, reason = "the way back to the answer that broke the reader")]
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("{}: TORAN_MUTATIONS_SEED={}, round {}", self.0.id, self.1, self.2);
        }
    }
}

fn number(name: &str, default: u64) -> u64 {
    var(name).map_or(default, |text| text.parse().unwrap())
}

#[test]
fn no_mutated_answer_is_verified_without_its_marks_and_none_panics() {
    let (rounds, seed) = (number("TORAN_MUTATIONS", DEFAULT), number("TORAN_MUTATIONS_SEED", SEED));
    let only = var("TORAN_MUTATIONS_OF").unwrap_or_default();
    let texts: Vec<_> = answers().iter().map(|answer| answer.text.as_bytes().to_vec()).collect();
    std::thread::scope(|threads| {
        let places = OPERATIONS.iter().flat_map(|row| row.vendors.iter().map(move |vendor| (row, *vendor)));
        for (index, (row, vendor)) in places.enumerate().filter(|(_, (row, _))| only.is_empty() || only.contains(row.name)) {
            let texts = &texts;
            threads.spawn(move || {
                let own = answers().iter().filter(|answer| answer.operation() == row.operation && answer.vendor() == vendor);
                let (yes, no): (Vec<&Answer>, Vec<&Answer>) = own.partition(|answer| is_verified(&answer.reading()));
                let mut verified = 0_u64;
                for round in 0..rounds {
                    let mut random =
                        Random(seed ^ round.wrapping_mul(16).wrapping_add(u64::try_from(index).unwrap()).wrapping_mul(0x9E37_79B9));
                    let of = if random.one_in(4) && !no.is_empty() { &no } else { &yes };
                    let answer = *random.of(of);
                    let _told = Round(answer, seed, round);
                    let text = mutated(&mut random, answer, texts);
                    let status = if random.one_in(8) { *random.of(STATUSES) } else { answer.status };
                    verified += u64::from(is_verified(&judged(answer, status, &text)));
                }
                // Some mutations change nothing that matters; if all did, or none, they would prove nothing.
                assert!(verified > rounds / 100 && verified < rounds / 2, "{vendor} {}: {verified} of {rounds} verified", row.name);
            });
        }
    });
}

const STATUSES: &[u16] = &[0, 100, 200, 201, 204, 206, 301, 302, 400, 401, 403, 404, 409, 418, 422, 429, 500, 502, 503, 504, 599, 65_535];

fn mutated(random: &mut Random, answer: &Answer, texts: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = answer.text.clone().into_bytes();
    for _ in 0..=random.below(3) {
        let tree = if random.one_in(4) { None } else { Tree::parse(&bytes).filter(|tree| tree.count() > 0) };
        bytes = match tree {
            Some(tree) => with_field_changed(random, &tree, texts).text().into_bytes(),
            None => with_bytes_changed(random, bytes, texts),
        };
    }
    bytes
}

/// What an answer may hold where nobody expects it: the words of the documents, also those of a yes, and worse.
static VALUES: LazyLock<Vec<Tree>> = LazyLock::new(|| {
    let words = [
        "SUCCESS",
        "FAILURE",
        "PENDING",
        "success",
        "S00000",
        "E00001",
        "E00021",
        "valid",
        "Valid",
        "Invalid",
        "fake",
        "E",
        "EA",
        "ED",
        "Success",
        "Failed",
        "Pending",
        "00",
        "2",
        "-1",
        "1931",
        "FULL_MATCH",
        "NO_MATCH",
        "VALID",
        "INVALID",
        "RECEIVED",
        "FAILED",
        "ACCOUNT_IS_VALID",
        "INVALID_ACCOUNT_FAIL",
        "N",
        "true",
        "false",
        "Y",
        "",
        " ",
        "success_account_details_retrieved",
        "failure_account_closed",
        "error_duplicate_reference_id",
        "error_decentro_error",
        "success_customer_data_pull",
        "ABCPE1234F",
        "9876543210",
        "919876543210",
        "$XXXX1234$",
        "12345678901234",
        "\u{0}",
        "\u{202e}",
        "१२३",
        "ＳＵＣＣＥＳＳ",
    ];
    let others = [
        json!(null),
        json!(true),
        json!(false),
        json!(0),
        json!(2),
        json!(-1),
        json!(1931),
        json!(95),
        json!(0.95),
        json!(u64::MAX),
        json!(i64::MIN),
        json!(1e308),
        json!([]),
        json!({}),
        json!([{}]),
        json!([null]),
    ];
    words.into_iter().map(Value::from).chain(others).map(|value| Tree::parse(value.to_string().as_bytes()).unwrap()).collect()
});

fn with_field_changed(random: &mut Random, tree: &Tree, texts: &[Vec<u8>]) -> Tree {
    let paths = tree.count();
    let (n, other) = (random.below(paths), random.below(paths));
    let value = random.of(&VALUES).clone();
    let (other_name, other_value) = tree.field(other).unwrap().clone();
    match random.below(10) {
        0 => tree.edited(n, |fields, index| drop(fields.remove(index))),
        1 | 2 => tree.edited(n, |fields, index| fields[index].1 = value),
        3 => tree.edited(n, |fields, index| fields[index].1 = retyped(&fields[index].1)),
        4 => tree.edited(n, |fields, index| fields[index].0 = other_name),
        5 => tree.edited(n, |fields, index| fields[index].1 = other_value),
        6 => tree.edited(n, |fields, index| {
            let field = (fields[index].0.clone(), value);
            fields.insert(other % (fields.len() + 1), field);
        }),
        7 => tree.edited(n, |fields, index| {
            let field = (super::snake(&super::camel(&fields[index].0)), value);
            fields.insert(other % (fields.len() + 1), field);
        }),
        8 => from_another(random, tree, n, texts),
        _ => tree.edited(n, |fields, index| {
            fields[index].1 = (0..other % 200).fold(fields[index].1.clone(), |inner, _| Tree::List(vec![inner]));
        }),
    }
}

/// The same field, or any, of another answer of any vendor.
fn from_another(random: &mut Random, tree: &Tree, n: usize, texts: &[Vec<u8>]) -> Tree {
    let Some(other) = Tree::parse(random.of::<Vec<u8>>(texts)) else { return tree.clone() };
    let (paths, path) = (other.paths(), tree.paths()[n].clone());
    let same: Vec<_> = (0..paths.len()).filter(|index| paths[*index] == path).collect();
    if paths.is_empty() {
        return tree.clone();
    }
    let source = if same.is_empty() { random.below(paths.len()) } else { *random.of(&same) };
    let taken = other.field(source).unwrap().1.clone();
    tree.edited(n, |fields, index| fields[index].1 = taken)
}

fn retyped(value: &Tree) -> Tree {
    match value {
        Tree::Leaf(Value::String(text)) => {
            text.parse::<i64>().map_or_else(|_| Tree::List(vec![value.clone()]), |number| Tree::Leaf(number.into()))
        }
        Tree::Leaf(Value::Number(number)) => Tree::Leaf(number.to_string().into()),
        Tree::Leaf(Value::Bool(flag)) => Tree::Leaf(flag.to_string().into()),
        Tree::Leaf(_) => Tree::Object(Vec::new()),
        Tree::List(items) => items.first().cloned().unwrap_or(Tree::Leaf(Value::Null)),
        Tree::Object(_) => Tree::List(vec![value.clone(), value.clone()]),
    }
}

fn with_bytes_changed(random: &mut Random, mut bytes: Vec<u8>, texts: &[Vec<u8>]) -> Vec<u8> {
    let place = random.below(bytes.len());
    match random.below(7) {
        0 => bytes.truncate(place),
        1 => bytes.iter_mut().skip(place).take(1).for_each(|byte| *byte ^= 1 << (place % 8)),
        2 => drop(bytes.splice(place..place, [0xC3, 0x28])),
        3 => drop(bytes.drain(place..(place + random.below(9)).min(bytes.len()))),
        4 => bytes.extend_from_slice(random.of::<Vec<u8>>(texts)),
        5 => drop(bytes.splice(place.., random.of::<Vec<u8>>(texts).iter().copied().skip(place))),
        _ => drop(bytes.splice(place..place, random.of(NUMBERS).bytes())),
    }
    bytes
}

const NUMBERS: &[&str] = &[
    "1e999",
    "-0",
    "99999999999999999999999999999999999999",
    "0.1e-400",
    "NaN",
    "[[[[[[[[",
    "{\"\":",
    "\\ud800",
    "\"",
    ",",
    "//",
    "\u{feff}",
];
