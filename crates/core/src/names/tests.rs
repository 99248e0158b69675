//! The published pairs, the benchmark's development half, and what must hold of any two texts.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use proptest::prelude::*;
use serde_json::{Value, json};

use super::reasons::CODES;
use super::*;

const PUBLISHED: &str = include_str!("../../../../tests/vectors/names/published.json");
const DEVELOPMENT: &str = include_str!("../../../../tests/vectors/names/development.json");
const FOUND: &str = include_str!("../../../../tests/vectors/names/found.json");
const CONTRACT: &str = include_str!("../../../../docs/CONTRACT.md");
const POLICIES: [&str; 5] = ["pan_customer", "pan_bank", "pan_aadhaar", "pan_kra", "pan_ckyc"];

fn pairs(file: &str) -> Vec<Value> {
    serde_json::from_str::<Value>(file).unwrap()["pairs"].as_array().unwrap().clone()
}

fn matched(pair: &Value) -> NameMatch {
    let policy = pair["policy"].as_str().map_or(Policy::default(), |name| Policy::from_name(name).unwrap());
    match_names(pair["a"].as_str().unwrap(), pair["b"].as_str().unwrap(), policy)
}

fn of(a: &str, b: &str) -> NameMatch {
    match_names(a, b, Policy::default())
}

fn codes(a: &str, b: &str) -> Vec<&'static str> {
    of(a, b).reasons.into_iter().map(|reason| reason.code).collect()
}

#[test]
fn published_pairs_score_as_published_or_as_the_documents_want() {
    for pair in pairs(PUBLISHED) {
        let answer = matched(&pair);
        let range = pair["score"][0].as_u64().unwrap()..=pair["score"][1].as_u64().unwrap();
        assert!(range.contains(&answer.score.into()), "{pair} {answer:?}");
        assert_eq!(json!(answer.decision), pair["decision"], "{pair}");
    }
}

/// The pairs of the development half that are not decided as labelled: of all of them a person decides.
const WRONG: &[(&str, &str)] = &[
    ("முருகன\u{bcd}", "முருகேசன\u{bcd}"),
    ("MOHAMMED KALIM", "محمد سلیم"),
    ("PRASHANT KELASKAR", "Prasad Kelaskar"),
    ("HARSH BHOI", "Harish Bhoi"),
];

#[test]
fn the_development_half_is_decided_as_its_labels_say() {
    let pairs = pairs(DEVELOPMENT);
    let wrong: Vec<_> = pairs.iter().filter(|pair| json!(matched(pair).decision) != pair["label"]).collect();
    assert!(wrong.iter().all(|pair| matched(pair).decision == Decision::Review), "{wrong:?}");
    let named: Vec<_> = wrong.iter().map(|pair| (pair["a"].as_str().unwrap(), pair["b"].as_str().unwrap())).collect();
    assert_eq!(named, WRONG);
}

#[test]
fn what_was_once_decided_wrongly_is_decided_as_its_label_says() {
    for pair in pairs(FOUND) {
        assert_eq!(json!(matched(&pair).decision), pair["label"], "{pair} {:?}", matched(&pair));
    }
}

#[test]
fn a_text_beside_itself_is_never_refused_where_it_has_a_letter() {
    for pair in [DEVELOPMENT, FOUND].into_iter().flat_map(pairs) {
        for text in [&pair["a"], &pair["b"]] {
            let text = text.as_str().unwrap();
            let is_refused = of(text, text).decision == Decision::NoMatch;
            assert_eq!(is_refused, !text.contains(char::is_alphabetic), "{text}");
        }
    }
    assert_eq!(codes("Late Ramesh Rao", "LATE RAMESH RAO"), ["late"]);
}

#[test]
fn each_reason_is_told_with_the_words_it_is_about() {
    let cases = [
        ("Sunil Rao", "Sunila Rao", json!([{ "code": "gender", "a": "SUNIL", "b": "SUNILA" }])),
        ("Amit Rao", "Amit Kiran Rao", json!([{ "code": "word_missing", "b": "KIRAN" }])),
        ("Rao Amit", "Amit Rao", json!([{ "code": "order" }])),
        ("", "Amit Rao", json!([{ "code": "no_name" }])),
        ("Amit Rao", "Mr. AMIT  RAO.", json!([])),
        (
            "Laxmi Rao",
            "लक्ष्मी राव",
            json!([{ "code": "spelling", "a": "LAXMI", "b": "LAKSHMI" }, { "code": "spelling", "a": "RAO", "b": "RAV" }]),
        ),
    ];
    for (a, b, reasons) in cases {
        assert_eq!(of(a, b).into_record().to_value()["reasons"], reasons, "{a} {b}");
    }
}

#[test]
fn what_stands_around_a_name_is_never_a_match_where_it_says_another_person() {
    for (a, b, code) in [
        ("Late Ramesh Rao", "Ramesh Rao", "late"),
        ("Ramesh Rao HUF", "Ramesh Rao", "huf_against_individual"),
        ("Ramesh Rao Traders", "Ramesh Rao", "firm_against_individual"),
        ("Sita Rao W/O Ramesh Rao", "Ramesh Rao", "relative_named"),
        ("C/O Ramesh Rao", "Ramesh Rao", "relative_named"),
        ("Acme Foods LLP", "Acme Foods Pvt Ltd", "legal_form"),
        ("Ramesh Rao S/O Hari Rao", "Ramesh Rao S/O Gopal Rao", "relative_differs"),
        ("Ramesh Rao & Sita Rao", "Sita Rao", "second_holder"),
        ("Mr Kiran Rao", "Mrs Kiran Rao", "title_gender"),
        ("Kiran Rao S/O Hari", "Kiran Rao D/O Hari", "title_gender"),
        ("Mrs Ramesh Rao", "Ramesh Rao", "title_gender"),
        ("Ramesh Rao Jr", "Ramesh Rao Sr", "generation"),
        ("Ramesh Rao (Minor)", "Ramesh Rao", "generation"),
        ("राम पुत्र श्याम", "श्याम", "relative_named"),
        ("Рахул Шарма", "Rahul Sharma", "script_not_read"),
    ] {
        assert_ne!(of(a, b).decision, Decision::Match, "{a} {b}");
        assert!(codes(a, b).contains(&code), "{a} {b} {:?}", codes(a, b));
    }
}

#[test]
fn policies_decide_by_the_documents_thresholds() {
    let table = |a: &str, b: &str| POLICIES.map(|name| json!(match_names(a, b, Policy::from_name(name).unwrap()).decision));
    assert_eq!(table("Rahul Rao", "RAHUL RAO"), ["match", "match", "match", "match", "match"]);
    assert_eq!(table("R Rao", "Rahul Rao"), ["review", "review", "review", "review", "review"]);
    assert_eq!(table("Rahul Sen", "Rahul Rao"), ["no_match", "review", "review", "review", "review"]);
    assert_eq!(table("Gita Sen", "Rahul Rao"), ["no_match", "no_match", "review", "review", "review"]);
    assert!(Policy::from_name("pan").is_none() && Policy::from_name("").is_none());
}

#[test]
fn bands_are_the_documents() {
    for (score, band) in [
        (100, "FULL_MATCH"),
        (85, "FULL_MATCH"),
        (84, "PARTIAL_MATCH"),
        (50, "PARTIAL_MATCH"),
        (49, "POOR_PARTIAL_MATCH"),
        (20, "POOR_PARTIAL_MATCH"),
        (19, "NO_MATCH"),
        (0, "NO_MATCH"),
    ] {
        assert_eq!(policy::band(score), band, "{score}");
    }
}

#[test]
fn every_reason_stands_in_the_contract_with_its_meaning() {
    for (code, meaning) in CODES {
        let row = format!("| `{code}` | {} |", meaning.trim().trim_end_matches('.'));
        assert!(CONTRACT.contains(&row), "{row}");
    }
}

#[test]
fn nothing_that_is_no_name_is_a_match_or_a_panic() {
    let oddities =
        ["", " ", ".", "😀", "\u{fffd}\u{fffd}", "7", "/", "s/o", "\u{94d}", "\u{93c}\u{200d}", "a/c", "h u f", "mr", "&", "\0", "ﬁ", "ǅ"];
    for a in oddities {
        for b in oddities.iter().filter(|b| **b != a) {
            assert_ne!(of(a, b).decision, Decision::Match, "{a:?} {b:?}");
        }
    }
}

#[test]
fn very_long_texts_are_answered_and_never_approved() {
    for long in ["ka ".repeat(200), "k".repeat(500), "क्ष".repeat(200), "s/o ".repeat(150), "a b ".repeat(200)] {
        let other = format!("{long}x");
        assert_ne!(of(&long, &other).decision, Decision::Match);
    }
    // Words count, however they are parted.
    for parted in ["ravi ".repeat(22), "bvr ".repeat(7)] {
        assert!(of(&parted, &parted).reasons.iter().any(|reason| reason.code == "too_long"), "{parted}");
    }
}

/// Texts of which names are made, and what is not.
fn name() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "Rahul",
        "Rahula",
        "SHARMA",
        "sarma",
        "Kumar",
        "Kumari",
        "Singh",
        "Kaur",
        "R",
        "K.",
        "RK",
        "Mr",
        "Smt",
        "S/O",
        "W/O",
        "late",
        "HUF",
        "NRE",
        "&",
        "and",
        "Pvt",
        "Ltd",
        "(P)",
        "LLP",
        "Traders",
        "Mohd",
        "Mohammed",
        "Venkata",
        "Ramana",
        "Venkataramana",
        "राहुल",
        "शर्मा",
        "சுரேஷ்",
        "Рахул",
        "Major",
        "bhai",
        "Rameshbhai",
        "Th",
        "a/c",
        "of",
        "son",
        "/",
        "-",
        "D'Souza",
        "Souza",
        "D",
        "Lakshmi",
        "Laxmi",
        "Krishnamurthy",
        "Krishnamur",
        "Anil",
        "Sunil",
        "Gupta",
    ]);
    prop_oneof![
        4 => prop::collection::vec(word, 0..7).prop_map(|words| words.join(" ")),
        1 => "\\PC{0,30}",
        1 => "[a-z ]{0,40}",
    ]
}

/// Any words of the development half, in any order.
fn words_of_development() -> impl Strategy<Value = String> {
    let texts: Vec<_> = pairs(DEVELOPMENT).into_iter().flat_map(|pair| [pair["a"].clone(), pair["b"].clone()]).collect();
    let words: Vec<_> = texts.iter().flat_map(|text| text.as_str().unwrap().split(' ')).map(str::to_owned).collect();
    prop::collection::vec(prop::sample::select(words), 1..6).prop_map(|words| words.join(" "))
}

/// Reasons and their order too.
fn is_the_same_from_both_sides(a: &str, b: &str) -> bool {
    let mut other = of(b, a);
    for reason in &mut other.reasons {
        std::mem::swap(&mut reason.a, &mut reason.b);
    }
    of(a, b) == other
}

#[test]
fn the_development_half_is_the_same_from_both_sides() {
    for pair in pairs(DEVELOPMENT) {
        assert!(is_the_same_from_both_sides(pair["a"].as_str().unwrap(), pair["b"].as_str().unwrap()), "{pair}");
    }
    assert!(is_the_same_from_both_sides("INDIA SRI", "SHRI"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn exchanging_the_names_exchanges_the_words_of_the_reasons_and_nothing_else(a in name(), b in name()) {
        prop_assert!(is_the_same_from_both_sides(&a, &b));
    }

    #[test]
    fn so_it_does_for_names_made_of_the_development_halfs_words(a in words_of_development(), b in words_of_development()) {
        prop_assert!(is_the_same_from_both_sides(&a, &b));
    }

    #[test]
    fn an_answer_is_in_order_whatever_the_texts(a in name(), b in name()) {
        let answer = of(&a, &b);
        prop_assert!(answer.pessimistic <= answer.optimistic && answer.optimistic <= 100);
        prop_assert_eq!(answer.score, answer.pessimistic);
        prop_assert_eq!(answer.band, policy::band(answer.score));
        prop_assert_eq!(answer.decision == Decision::Match, answer.score >= 85);
    }

    #[test]
    fn a_name_with_a_whole_word_is_its_own_match(words in prop::collection::vec("[A-Z][a-z]{3,9}", 1..5)) {
        let name = words.join(" ");
        let reading = letters::read(&name);
        let own = Name::of(&reading);
        // A title or a firm's word alone ("Prop") names nobody.
        prop_assume!(!own.late && own.holder().iter().any(|word| !word.is_title()));
        prop_assert_eq!(of(&name, &name.to_uppercase()).decision, Decision::Match);
    }
}

#[test]
fn a_family_is_one_however_it_is_told() {
    let ways =
        ["RAMESH KUMAR HUF", "Ramesh Kumar (HUF)", "HUF of Ramesh Kumar", "M/s Ramesh Kumar H.U.F.", "RAMESH KUMAR HINDU UNDIVIDED FAMILY"];
    for a in ways {
        for b in ways {
            assert_eq!(of(a, b).decision, Decision::Match, "{a} {b}");
        }
        for b in ["Ramesh Kumar", "Karta Ramesh Kumar HUF", "RAMESH KUMAR AND SONS HUF", "Ramesh Kumar Karta of Ramesh Kumar HUF"] {
            assert_eq!(of(a, b).decision, Decision::Review, "{a} {b}");
        }
    }
    assert_eq!(of("Ramesh Kumar Karta of Ramesh Kumar HUF", "Karta Ramesh Kumar HUF").decision, Decision::Match);
}

#[test]
fn nearly_one_sound_is_looked_at_where_everything_else_agrees() {
    for (a, b) in
        [("Rahul Bose", "RAHUL BASU"), ("Fatima Ansari", "Fatema Anshary"), ("Joseph D'Souza", "जोसेफ डिसूजा"), ("Fatima", "FATEMA")]
    {
        assert_eq!(of(a, b).decision, Decision::Review, "{a} {b}");
    }
    for (a, b) in
        [("Tariq Quazi", "Tarique Kazi"), ("Abdul Rahman", "Abdurrehman"), ("Ziaul Haque", "Zia ul Haq"), ("Md. Iqbal", "Mohmad Ekbal")]
    {
        assert_eq!(of(a, b).decision, Decision::Match, "{a} {b}");
    }
}
