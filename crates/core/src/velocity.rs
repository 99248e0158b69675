//! Velocity controls: how often one mobile number or one bank account may be checked with a rupee (document 001: 3 per minute, 4 per hour, 5 per day).
//!
//! Enforced before the vendor does, over sliding windows (t − window, t]. A permit has the name of its check's claim, so one that is taken again after
//! a crash, or for another vendor, counts once. Refusals take nothing either. A rupee whose account only the answer names is noted afterwards, whatever the windows say. The hits and
//! the clock are the caller's.

use serde::{Deserialize, Serialize};

use crate::count::{self, Counter};
use crate::keys;
use crate::problem::Problem;
use crate::time::{DAY, HOUR, MINUTE, Millis, SECOND, seconds_until};

/// At most `limit` hits in any `length` milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// Hits.
    pub limit: u8,
    /// Its length.
    pub length: Millis,
    /// The unit's name in the message.
    pub unit: Unit,
}

/// The units of the document's message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// 60 s.
    Minute,
    /// 60 min.
    Hour,
    /// 24 h.
    Day,
}

/// Document 001's limits.
pub const WINDOWS: [Window; 3] = [
    Window { limit: 3, length: MINUTE, unit: Unit::Minute },
    Window { limit: 4, length: HOUR, unit: Unit::Hour },
    Window { limit: 5, length: DAY, unit: Unit::Day },
];

/// Whether one more hit is allowed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It is.
    Granted,
    /// It is not.
    Refused(Refusal),
}

/// Which window is full, and until when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// Its limit.
    pub limit: u8,
    /// Its unit.
    pub unit: Unit,
    /// The first moment at which a hit would be allowed.
    pub free_at: Millis,
}

/// Of what the checks of an operation are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// Of the mobile number; the account behind it, which only the answer names, is noted.
    MobileNumber,
    /// Of the bank account.
    BankAccount,
}

impl Counted {
    /// The document's message (001) with the word for what is counted: it has one for the number only.
    #[must_use]
    pub fn message(self) -> String {
        keys::message(keys::VELOCITY).replace(MOBILE_NUMBER, self.as_str())
    }

    /// The word in the message.
    const fn as_str(self) -> &'static str {
        match self {
            Self::MobileNumber => MOBILE_NUMBER,
            Self::BankAccount => "account_number",
        }
    }
}

/// The word for a mobile number in the document's message.
const MOBILE_NUMBER: &str = "mobile_number";

/// The layout of a stored subject (pinned by a test).
const FORMAT: u8 = 1;

/// One subject: the permits that were taken for it and still count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    format: u8,
    /// Counts the saves.
    version: u64,
    permits: Vec<Permit>,
    /// When the last permit counts no longer.
    forget_at: Millis,
}

/// A permit that was granted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Permit {
    name: String,
    at: Millis,
}

/// What a subject is asked.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Question {
    /// For a permit of this name, its claim's.
    pub permit: String,
    /// For a note: when the account was known to be paid. Its check had no permit, for only the answer names the account. The note counts like a permit of this name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paid_at: Option<Millis>,
    /// Whether the permit is given back: nothing was sent under it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_returned: bool,
}

/// What happens to a subject.
pub type Event = count::Event<Question>;
/// What is to be done for one.
pub type Output = count::Output<Verdict>;

/// What a subject needs to know of its surroundings.
pub struct Context<'a> {
    /// The time.
    pub now: Millis,
    /// The limits.
    pub windows: &'a [Window],
}

impl Context<'_> {
    /// How long a permit counts.
    fn longest(&self) -> Millis {
        self.windows.iter().map(|window| window.length).max().unwrap_or(0)
    }
}

impl Default for Subject {
    fn default() -> Self {
        Self { format: FORMAT, version: 0, permits: Vec::new(), forget_at: 0 }
    }
}

impl Subject {
    /// A permit that is taken again under the same name counts once, from now on: its first taker died and sent nothing. A refusal takes nothing.
    fn take(&mut self, name: String, context: &Context<'_>) -> (Verdict, bool) {
        if self.permits.iter().any(|permit| permit.name == name && permit.at == context.now) {
            return (Verdict::Granted, false);
        }
        let hits: Vec<_> = self.permits.iter().filter(|permit| permit.name != name).map(|permit| permit.at).collect();
        let verdict = decide(&hits, context.windows, context.now);
        let is_granted = verdict == Verdict::Granted;
        if is_granted {
            self.count(Permit { name, at: context.now }, context);
        }
        (verdict, is_granted)
    }

    /// What is noted again counts as it did at first, and what is over is not counted.
    fn note(&mut self, name: String, at: Millis, context: &Context<'_>) -> (Verdict, bool) {
        let is_over = at <= context.now.saturating_sub(context.longest());
        let is_new = !is_over && self.permits.iter().all(|permit| permit.name != name);
        if is_new {
            self.count(Permit { name, at: at.min(context.now) }, context);
        }
        (Verdict::Granted, is_new)
    }

    /// What was given back before is not here any more.
    fn give_back(&mut self, name: &str) -> (Verdict, bool) {
        let before = self.permits.len();
        self.permits.retain(|permit| permit.name != name);
        (Verdict::Granted, self.permits.len() < before)
    }

    fn count(&mut self, new: Permit, context: &Context<'_>) {
        let longest = context.longest();
        self.permits.retain(|permit| permit.at > context.now.saturating_sub(longest) && permit.name != new.name);
        self.forget_at = self.forget_at.max(new.at.saturating_add(longest));
        self.permits.push(new);
    }
}

impl Counter for Subject {
    type Question = Question;
    type Verdict = Verdict;
    type Surroundings<'a> = Context<'a>;

    const NAME: &'static str = "subject";
    const LAYOUT: u8 = FORMAT;

    fn answer(&mut self, Question { permit, paid_at, is_returned }: Question, context: &Context<'_>) -> (Verdict, bool) {
        match paid_at {
            _ if is_returned => self.give_back(&permit),
            Some(paid_at) => self.note(permit, paid_at, context),
            None => self.take(permit, context),
        }
    }

    fn now(context: &Context<'_>) -> Millis {
        context.now
    }

    fn stored(&self) -> (u8, u64) {
        (self.format, self.version)
    }

    fn count_save(&mut self) {
        self.version = self.version.saturating_add(1);
    }

    fn over_at(&self) -> Millis {
        self.forget_at
    }
}

/// Decides over the granted hits of one subject, given in any order. Of several full windows the one that stays full longest is named.
#[must_use]
pub fn decide(hits: &[Millis], windows: &[Window], now: Millis) -> Verdict {
    let refusals = windows.iter().filter_map(|window| {
        let free_at = window.free_at(hits, now)?;
        Some(Refusal { limit: window.limit, unit: window.unit, free_at })
    });
    refusals.max_by_key(|refusal| refusal.free_at).map_or(Verdict::Granted, Verdict::Refused)
}

/// `RateLimit` and `RateLimit-Policy` (IETF draft) of a refusal for so many seconds. Its message says which window is full, also where the
/// vendor refused; one that does not is taken for the shortest.
#[must_use]
pub fn rate_limit(message: &str, seconds: u32, windows: &[Window; 3]) -> (String, String) {
    let named = windows.iter().find(|window| message.contains(&format!("per {}.", window.unit.as_str())));
    let unit = named.map_or(Unit::Minute, |window| window.unit);
    let policies =
        windows.map(|window| format!(r#""{}";q={};w={}"#, window.unit.as_str(), window.limit, window.length.div_euclid(SECOND).max(1)));
    (format!(r#""{}";r=0;t={seconds}"#, unit.as_str()), policies.join(", "))
}

impl Window {
    /// When the window has room again; `None` when it has room now.
    fn free_at(self, hits: &[Millis], now: Millis) -> Option<Millis> {
        let mut counted: Vec<_> = hits.iter().copied().filter(|hit| *hit > now.saturating_sub(self.length)).collect();
        counted.sort_unstable_by(|a, b| b.cmp(a));
        // The hit that must leave the window before there is room: the limit-th youngest.
        let leaving = usize::from(self.limit).checked_sub(1).and_then(|index| counted.get(index))?;
        Some(leaving.saturating_add(self.length))
    }
}

impl Unit {
    /// The word in the message.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Minute => "minute",
            Self::Hour => "hour",
            Self::Day => "day",
        }
    }
}

impl Refusal {
    /// The problem: the document's message, completed, and when to come back.
    #[must_use]
    pub fn problem(&self, counted: Counted, now: Millis) -> Problem {
        let numbers = format!("Limit is {} hits per {}.", self.limit, self.unit.as_str());
        let title = counted.message().replace("Limit is hits per .", &numbers);
        Problem { title: title.into(), ..Problem::new(keys::VELOCITY).retry_after(seconds_until(self.free_at, now)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::Machine;

    fn refused(limit: u8, unit: Unit, free_at: Millis) -> Verdict {
        Verdict::Refused(Refusal { limit, unit, free_at })
    }

    fn take(subject: &mut Subject, name: &str, now: Millis) -> Vec<Output> {
        subject
            .advance(Event::Ask(Question { permit: name.into(), paid_at: None, is_returned: false }), &Context { now, windows: &WINDOWS })
    }

    #[test]
    fn a_permit_is_taken_once_per_name_and_a_refusal_takes_nothing() {
        let mut subject = Subject::default();
        for reference in ["a", "b", "c"] {
            assert_eq!(take(&mut subject, reference, 0), [Output::Persist, Output::Tell(Verdict::Granted)]);
        }
        assert_eq!(take(&mut subject, "b", 0), [Output::Tell(Verdict::Granted)]);
        assert_eq!(take(&mut subject, "b", 1), [Output::Persist, Output::Tell(Verdict::Granted)]);
        let before = subject.clone();
        assert_eq!(take(&mut subject, "d", 1), [Output::Tell(refused(3, Unit::Minute, MINUTE))]);
        assert_eq!((subject == before, subject.version()), (true, 4));
        assert_eq!(take(&mut subject, "d", MINUTE), [Output::Persist, Output::Tell(Verdict::Granted)]);
    }

    #[test]
    fn what_was_paid_without_a_permit_counts_once_from_when_it_was_known_whatever_is_full() {
        let mut subject = Subject::default();
        let mut note = |name: &str, paid_at, now| {
            subject.advance(
                Event::Ask(Question { permit: name.into(), paid_at: Some(paid_at), is_returned: false }),
                &Context { now, windows: &WINDOWS },
            )
        };
        let noted = [Output::Persist, Output::Tell(Verdict::Granted)];
        for name in ["a", "b", "c", "d"] {
            assert_eq!(note(name, 0, 7_000), noted);
        }
        assert_eq!(note("d", 9_000, 9_000), [Output::Tell(Verdict::Granted)], "again");
        assert_eq!(note("e", 0, DAY), [Output::Tell(Verdict::Granted)], "it counts no longer");
        assert_eq!(take(&mut subject, "f", 10_000), [Output::Tell(refused(4, Unit::Hour, HOUR))]);
        assert_eq!(subject.forget_at, DAY);
    }

    #[test]
    fn a_subject_is_forgotten_when_its_last_permit_counts_no_longer() {
        let mut subject = Subject::default();
        take(&mut subject, "a", 0);
        take(&mut subject, "b", HOUR);
        let mut ring = |now| subject.advance(Event::Alarm, &Context { now, windows: &WINDOWS });
        assert_eq!((ring(DAY), ring(DAY + HOUR - 1), ring(DAY + HOUR)), (Vec::new(), Vec::new(), vec![Output::Forget]));
    }

    #[test]
    fn the_stored_form_is_pinned() {
        let mut subject = Subject::default();
        take(&mut subject, "a", 7);
        let form = r#"{"format":1,"version":1,"permits":[{"name":"a","at":7}],"forget_at":86400007}"#;
        assert_eq!(serde_json::to_string(&subject).ok().as_deref(), Some(form));
    }

    #[test]
    fn refuses_the_fourth_within_a_minute_until_the_first_has_left_the_window() {
        let hits = [0, 10 * SECOND, 20 * SECOND];
        assert_eq!(decide(&hits, &WINDOWS, 59_999), refused(3, Unit::Minute, 60_000));
        assert_eq!(decide(&hits, &WINDOWS, 60_000), Verdict::Granted);
    }

    #[test]
    fn refuses_the_fifth_within_an_hour_and_the_sixth_within_a_day() {
        let hits: Vec<_> = (0..4).map(|minute| minute * 5 * MINUTE).collect();
        assert_eq!(decide(&hits, &WINDOWS, 59 * MINUTE), refused(4, Unit::Hour, HOUR));
        assert_eq!(decide(&hits, &WINDOWS, HOUR), Verdict::Granted);
        let hits: Vec<_> = (0..5).map(|hour| hour * 2 * HOUR).collect();
        assert_eq!(decide(&hits, &WINDOWS, 23 * HOUR), refused(5, Unit::Day, DAY));
        assert_eq!(decide(&hits, &WINDOWS, DAY), Verdict::Granted);
    }

    #[test]
    fn the_window_that_stays_full_longest_is_named() {
        assert_eq!(decide(&[0, 0, 0, 0, 0], &WINDOWS, 1), refused(5, Unit::Day, DAY));
    }

    #[test]
    fn the_headers_name_the_window_that_is_full() {
        let policy = r#""minute";q=3;w=60, "hour";q=4;w=3600, "day";q=5;w=86400"#;
        for (unit, name) in [(Unit::Minute, "minute"), (Unit::Hour, "hour"), (Unit::Day, "day")] {
            let problem = Refusal { limit: 5, unit, free_at: 0 }.problem(Counted::BankAccount, 0);
            assert_eq!(rate_limit(&problem.title, 7, &WINDOWS), (format!(r#""{name}";r=0;t=7"#), policy.to_owned()));
        }
        assert_eq!(rate_limit("Limit is hits per .", 60, &WINDOWS).0, r#""minute";r=0;t=60"#);
    }

    #[test]
    fn the_documents_message_is_completed() {
        for (counted, word) in [(Counted::MobileNumber, "mobile_number"), (Counted::BankAccount, "account_number")] {
            let problem = Refusal { limit: 3, unit: Unit::Minute, free_at: 41_200 }.problem(counted, 0);
            let (begins, ends) = ("Transaction failed due to velocity controls for combination", "Please try again later.");
            assert_eq!(problem.title, format!("{begins}: {word}. Limit is 3 hits per minute. {ends}"));
            assert_eq!(problem.retry_after, Some(42));
        }
    }
}
