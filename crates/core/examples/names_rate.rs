//! How many pairs of names the matcher compares in a second, natively: `npm run bench -- pairs` starts it.
//!
//! Reads `[[a, b, policy], ...]` as JSON from its input and prints one number, the median of seven windows of 100 ms. Never part of what ships.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a program of the bench"
)]

use std::hint::black_box;
use std::io::stdin;
use std::time::{Duration, Instant};

use toran_core::names::{Policy, match_names};

const WINDOW: Duration = Duration::from_millis(100);

fn main() {
    let pairs: Vec<[String; 3]> = serde_json::from_reader(stdin().lock()).unwrap();
    let pairs: Vec<_> = pairs.iter().map(|[a, b, policy]| (a, b, Policy::from_name(policy).unwrap_or_default())).collect();
    let mut paces: Vec<_> = (0..8).map(|_| pace(&pairs)).skip(1).collect();
    paces.sort_unstable();
    println!("{}", paces[paces.len() / 2]);
}

fn pace(pairs: &[(&String, &String, Policy)]) -> u128 {
    let (begun, mut compared) = (Instant::now(), 0_u128);
    while begun.elapsed() < WINDOW {
        for (a, b, policy) in pairs {
            black_box(match_names(black_box(a), black_box(b), *policy));
            compared = compared.saturating_add(1);
        }
    }
    compared.saturating_mul(1_000_000_000).checked_div(begun.elapsed().as_nanos()).unwrap_or_default()
}
