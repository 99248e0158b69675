//! The benchmark's development half, and what must hold of any two texts.
#![expect(clippy::unwrap_used, reason = "tests")]

use serde_json::Value;

use super::*;

#[test]
fn development() {
    let path = std::env::var("NB").unwrap_or("/tmp/nb/development.json".into());
    let Ok(text) = std::fs::read_to_string(path) else { return };
    let file: Value = serde_json::from_str(&text).unwrap();
    let (mut agree, mut total) = (0, 0);
    for pair in file["pairs"].as_array().unwrap() {
        let policy = pair["policy"].as_str().map_or(Policy::default(), |name| Policy::from_name(name).unwrap());
        let (a, b) = (pair["a"].as_str().unwrap(), pair["b"].as_str().unwrap());
        let got = match_names(a, b, policy);
        let decision = serde_json::to_value(got.decision).unwrap();
        total += 1;
        if decision == pair["label"] {
            agree += 1
        } else {
            println!("{}: {a} | {b}: {decision} not {} {} {:?}", pair["class"], pair["label"], got.score, got.reasons);
        }
    }
    println!("{agree} of {total}");
}
