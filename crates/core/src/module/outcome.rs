//! What a call says about its vendor's health: it is well, it failed, or neither.

use serde::{Deserialize, Serialize};

use crate::http::Exchange;
use crate::keys;
use crate::time::Millis;
use crate::vendors::Reading;

/// How long a call may wait for its turn and still have its whole time.
const MOMENT: Millis = 100;

/// What a call says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The vendor works, whatever it answered: a no of its business, and a refusal of ours, too.
    Well,
    /// It gave no answer, or says that it or what stands behind it is down.
    Failed,
    /// Nothing was sent, or what came says neither.
    Neither,
}

/// What a call says about its vendor. `exchange`: its last one; none where nothing was sent. `waited`: how much of its time the call waited for its turn. Where that is
/// more than a moment, its time-out says nothing.
///
/// A time-out, a connection that breaks and a status from 500 on are failures, unless the reader took an answer of its business from it; a status from 400 on is none, and that of too many
/// requests says nothing. Of other answers the reader decides: trouble at the source is one. Source: document 003 sections 6.6 and 6.7.
#[must_use]
pub fn of(exchange: Option<&Exchange>, reading: &Reading, waited: Millis) -> Outcome {
    match exchange {
        Some(Exchange::TimedOut) if waited > MOMENT => Outcome::Neither,
        None | Some(Exchange::NotSent | Exchange::TooLarge) => Outcome::Neither,
        Some(Exchange::TimedOut | Exchange::Broken) => Outcome::Failed,
        Some(Exchange::Answered(_)) if matches!(reading, Reading::Final(_)) => Outcome::Well,
        Some(Exchange::Answered(response)) => match response.status {
            429 => Outcome::Neither,
            400..=499 => Outcome::Well,
            500.. => Outcome::Failed,
            _ if is_down(reading) => Outcome::Failed,
            _ => Outcome::Well,
        },
    }
}

/// Whether a reading says that the source is down.
fn is_down(reading: &Reading) -> bool {
    let is_source = |key: &str| key == keys::SOURCE_UNAVAILABLE || key == keys::SOURCE_TIMEOUT;
    matches!(reading, Reading::Trouble { problem, .. } | Reading::Ended { problem, refused_us: None } if is_source(&problem.key))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::http::HttpResponse;
    use crate::operations::{Finding, Operation, VendorRef};
    use crate::problem::Problem;
    use crate::secret::Secret;

    fn answered(status: u16) -> Exchange {
        Exchange::Answered(HttpResponse { status, retry_after: None, body: Secret::new(Vec::new()) })
    }

    #[test]
    fn only_what_says_that_the_vendor_is_down_is_a_failure() {
        let no = || Reading::Final(Box::new(Finding::refused(Operation::PanVerify, keys::Action::Reject, VendorRef::default())));
        let down = || Reading::trouble(keys::SOURCE_UNAVAILABLE, Some(5));
        let nonsense = || Reading::ended(Problem::new(keys::UNEXPECTED_RESPONSE));
        let unknown = || Reading::unknown(VendorRef::default());
        let cases = [
            ("a time-out", Exchange::TimedOut, Reading::trouble(keys::SOURCE_TIMEOUT, None), Outcome::Failed),
            ("a time-out of money", Exchange::TimedOut, unknown(), Outcome::Failed),
            ("a connection that broke", Exchange::Broken, down(), Outcome::Failed),
            ("503", answered(503), down(), Outcome::Failed),
            ("500 to money", answered(500), unknown(), Outcome::Failed),
            ("500 with a no that was understood", answered(500), no(), Outcome::Well),
            ("a key of trouble at the source", answered(200), down(), Outcome::Failed),
            ("a source that timed out", answered(200), Reading::trouble(keys::SOURCE_TIMEOUT, None), Outcome::Failed),
            ("an end because the source is down", answered(200), Reading::ended(Problem::new(keys::SOURCE_UNAVAILABLE)), Outcome::Failed),
            ("a no", answered(200), no(), Outcome::Well),
            ("not found", answered(404), no(), Outcome::Well),
            ("it is at work", answered(200), Reading::Working(VendorRef::default()), Outcome::Well),
            ("it refused us", answered(401), Reading::refused_us("http_401"), Outcome::Well),
            ("it has the request already", answered(409), down(), Outcome::Well),
            ("it asks for patience", answered(429), down(), Outcome::Neither),
            ("nonsense", answered(200), nonsense(), Outcome::Well),
            ("too much", Exchange::TooLarge, nonsense(), Outcome::Neither),
            ("nothing was sent", Exchange::NotSent, down(), Outcome::Neither),
        ];
        for (name, exchange, reading, outcome) in cases {
            assert_eq!(of(Some(&exchange), &reading, 0), outcome, "{name}");
        }
        assert_eq!(of(None, &Reading::refused_us("setting_X"), 0), Outcome::Neither, "a setting is missing");
        let late = Reading::unknown(VendorRef::default());
        let timed_out = |waited| of(Some(&Exchange::TimedOut), &late, waited);
        assert_eq!(
            [timed_out(MOMENT), timed_out(MOMENT.saturating_add(1))],
            [Outcome::Failed, Outcome::Neither],
            "our own queue took the time"
        );
        assert_eq!(of(Some(&Exchange::Broken), &late, 5_000), Outcome::Failed);
        assert_eq!(serde_json::to_string(&Outcome::Neither).unwrap(), r#""neither""#);
    }
}
