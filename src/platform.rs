//! The impure leaves: the clock, randomness, waiting, the log.
//!
//! Everything else takes time and randomness as parameters (`clippy.toml` sees to it). Log lines are one JSON object each, from a
//! closed set of events; nobody passes personal data here, and a test searches for it.

use std::cell::RefCell;
use std::time::Duration;

use futures_util::future::{Either, select};
use serde::Serialize;
use toran_core::place::Place;
use toran_core::time::Millis;

/// Milliseconds since the Unix epoch. On the edge the clock stands still between two I/O operations.
#[expect(clippy::disallowed_methods, reason = "this is the one place where the clock is read")]
pub(crate) fn now() -> Millis {
    whole(js_sys::Date::now())
}

/// A JavaScript number of milliseconds as a whole number.
#[expect(clippy::as_conversions, clippy::cast_possible_truncation, reason = "saturates; milliseconds fit for 285,000 years")]
fn whole(number: f64) -> Millis {
    number as Millis
}

/// A whole number of milliseconds as a JavaScript number; exact below 2^53.
#[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "exact below 2^53 ms")]
pub(crate) fn number(millis: Millis) -> f64 {
    millis as f64
}

/// How many random bytes are drawn at a time: asking for a few costs as much.
const DRAWN: usize = 512;

thread_local! {
    /// Random bytes that nobody has seen yet.
    static UNUSED: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Fresh random bytes, at most [`DRAWN`]; `None` where the platform has none, which then must fail and not go on with zeros.
#[expect(clippy::disallowed_methods, reason = "this is the one place where randomness is drawn")]
pub(crate) fn random<const N: usize>() -> Option<[u8; N]> {
    UNUSED.with_borrow_mut(|unused| {
        if unused.len() < N {
            let mut drawn = vec![0; DRAWN];
            getrandom::fill(&mut drawn).ok()?;
            *unused = drawn;
        }
        let rest = unused.len().checked_sub(N)?;
        // Taken out, so that nothing is used twice.
        let bytes = unused.get(rest..)?.try_into().ok();
        unused.truncate(rest);
        bytes
    })
}

/// A fresh request id: 32 hex digits.
pub(crate) fn request_id() -> String {
    format!("{:032x}", u128::from_be_bytes(random().unwrap_or_default()))
}

/// The result of the work, or `None` when it is not done in time. The work is dropped then.
pub(crate) async fn within<T>(time: Millis, work: impl Future<Output = T>) -> Option<T> {
    let limit = worker::Delay::from(Duration::from_millis(u64::try_from(time).unwrap_or(0)));
    match select(std::pin::pin!(work), std::pin::pin!(limit)).await {
        Either::Left((done, _)) => Some(done),
        Either::Right(_) => None,
    }
}

/// Waits for so many milliseconds.
pub(crate) async fn sleep(time: Millis) {
    if time > 0 {
        worker::Delay::from(Duration::from_millis(u64::try_from(time).unwrap_or(0))).await;
    }
}

/// Writes one log line.
pub(crate) fn log(line: &impl Serialize) {
    worker::console_log!("{}", self::line(line));
}

/// One log line, as text.
pub(crate) fn line(line: &impl Serialize) -> String {
    // Every line is made of texts and numbers, which can always be written.
    serde_json::to_string(line).unwrap_or_default()
}

/// Logs each panic by its place and nothing else: its text may quote a customer's data.
pub(crate) fn log_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(|place| format!("{}:{}", place.file(), place.line()));
        log(&serde_json::json!({ "level": "alert", "event": "panic", "place": place }));
    }));
}

/// Alerts that something stored cannot be opened or read. `check`: the machine's place.
pub(crate) fn log_unreadable(kind: &'static str, check: Place, error: &str) {
    log(&serde_json::json!({ "level": "alert", "event": "state_unreadable", "kind": kind, "check": check.id(), "error": error }));
}

/// Writes the line of an error of our own: which place, and the platform's text, which holds no data of a request.
pub(crate) fn log_error(place: &'static str, error: &worker::Error) {
    log(&serde_json::json!({ "level": "error", "event": "internal_error", "place": place, "error": error.to_string() }));
}
