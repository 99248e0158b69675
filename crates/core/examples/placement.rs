//! What saturates first, and when: checks that arrive at random, placed by their keyed hashes, in registers that have four calls under way at most.
//!
//! `cargo run --release -p toran-core --example placement` prints the table of docs/COST.md.
#![expect(
    clippy::arithmetic_side_effects,
    clippy::cast_precision_loss,
    clippy::as_conversions,
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::float_arithmetic,
    reason = "a simulation, which ships nowhere"
)]

use toran_core::place::CheckAddress;
use toran_core::seal::Index;

const REGISTERS: u32 = 1_024;
const CALLS_AT_ONCE: usize = 4;
/// How many checks are simulated, and how many of them only warm up.
const CHECKS: usize = 200_000;
const WARM_UP: usize = 40_000;

/// Randomness that is the same on every machine (`SplitMix64`): between 0 and 1.
fn roll(state: &mut u64) -> f64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}

/// How long each check waited for a connection, in seconds, in ascending order.
fn waits(index: &Index, per_second: f64, call: f64) -> Vec<f64> {
    let mut free_at = vec![[0.0_f64; CALLS_AT_ONCE]; usize::try_from(REGISTERS).unwrap()];
    let (mut now, mut dice, mut waits) = (0.0_f64, 7_u64, Vec::new());
    for number in 0..CHECKS {
        now -= roll(&mut dice).max(f64::MIN_POSITIVE).ln() / per_second;
        let place = CheckAddress::new(index, "acme", &format!("REF_{number}")).place;
        let calls = &mut free_at[usize::try_from(place.register(REGISTERS)).unwrap()];
        let first = calls.iter_mut().min_by(|a, b| a.total_cmp(b)).unwrap();
        let begins = first.max(now);
        *first = begins + call;
        if number >= WARM_UP {
            waits.push(begins - now);
        }
    }
    waits.sort_by(f64::total_cmp);
    waits
}

fn main() {
    let index = Index::from_hex(&"33".repeat(32)).unwrap();
    println!("checks a second  call s  waited %  p99 wait s  longest wait s");
    for per_second in [10.0, 1_000.0, 100_000.0] {
        for call in [1.0, 5.0] {
            let waits = waits(&index, per_second, call);
            let waited = waits.iter().filter(|wait| **wait > 0.0).count();
            let share = 100.0 * waited as f64 / waits.len() as f64;
            let (p99, longest) = (waits[waits.len() * 99 / 100], waits[waits.len() - 1]);
            println!("{per_second:>15}  {call:>6}  {share:>8.2}  {p99:>10.2}  {longest:>14.2}");
        }
    }
}
