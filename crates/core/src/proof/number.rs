//! What is counted of a mobile number that people prove: the codes that were sent to it, over all tenants and sessions, and the wrong tries of each who may type one.
//!
//! A number is sent at most three codes a minute, six an hour and twelve a day, whoever asks: it belongs to somebody who did not. Each code lives for fifteen minutes, also when another was
//! sent meanwhile. Ten wrong tries of one holder, then none for as long as a code lives: so no code is guessed at more than ten times. Wrong tries of one holder lock out nobody
//! else. A right code counts once; the same holder may repeat it while it lives, for a response can be lost.

use serde::{Deserialize, Serialize};

use super::LIFE;
use crate::count::{self, Counter};
use crate::keys;
use crate::limits;
use crate::problem::{FieldFault, Problem};
use crate::seal::same;
use crate::time::{Millis, SECOND, seconds_until};
use crate::velocity::{self, Refusal, Unit, Window};

/// The layout of a stored number (pinned by a test).
const FORMAT: u8 = 1;
/// So many wrong tries, then a delay.
const MOST_WRONG: u8 = 10;
/// The delay: no code that was guessed at outlives it.
const DELAY: Millis = LIFE;
const DELAY_POLICY: (&str, u32) = ("otp_tries", 900);

/// How often a number is sent a code.
pub const WINDOWS: [Window; 3] = [
    Window { limit: 3, length: 60 * SECOND, unit: Unit::Minute },
    Window { limit: 6, length: 3_600 * SECOND, unit: Unit::Hour },
    Window { limit: 12, length: 86_400 * SECOND, unit: Unit::Day },
];

/// A mobile number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Number {
    format: u8,
    /// Counts the saves.
    version: u64,
    sent: Vec<Sent>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    tried: Vec<Tried>,
    forget_at: Millis,
}

/// A code that was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Sent {
    holder: String,
    /// Its keyed hash.
    code: String,
    at: Millis,
}

/// The wrong tries of a holder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Tried {
    holder: String,
    wrong: u8,
    /// When the last was, or until when no other counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    delayed_until: Option<Millis>,
    at: Millis,
}

/// What a number is asked.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Question {
    /// Who sends or types the code ([`super::holder`]).
    pub holder: String,
    /// The code's keyed hash ([`super::Passcode::hash`]).
    pub code: String,
    /// What is done with it.
    pub deed: Deed,
}

/// What is done with a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deed {
    /// It is about to be sent.
    Send,
    /// It was certainly not sent: it counts as if it had never been.
    TakeBack,
    /// It was typed.
    Try,
}

/// What a number tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The code may be sent, or is taken back.
    Granted,
    /// The number was sent too many.
    Refused(Refusal),
    /// The code is right.
    Proved,
    /// It is not, or there is none that lives: so many tries are left.
    Wrong(u8),
    /// There were too many wrong tries: none counts before this moment.
    Delayed(Millis),
}

/// What happens to a number.
pub type Event = count::Event<Question>;
/// What is to be done for one.
pub type Output = count::Output<Verdict>;

/// What a number needs to know of its surroundings.
pub struct Surroundings {
    /// The time.
    pub now: Millis,
    /// How often it is sent a code.
    pub windows: [Window; 3],
}

impl Default for Number {
    fn default() -> Self {
        Self { format: FORMAT, version: 0, sent: Vec::new(), tried: Vec::new(), forget_at: 0 }
    }
}

impl Number {
    /// Forgets what counts no longer.
    fn prune(&mut self, around: &Surroundings) {
        let kept = around.windows.iter().map(|window| window.length).max().unwrap_or(0).max(LIFE);
        let since = |at: Millis, length: Millis| at > around.now.saturating_sub(length);
        self.sent.retain(|sent| since(sent.at, kept));
        self.tried.retain(|tried| since(tried.at, DELAY));
        let ends =
            self.sent.iter().map(|sent| sent.at.saturating_add(kept)).chain(self.tried.iter().map(|tried| tried.at.saturating_add(DELAY)));
        self.forget_at = ends.max().unwrap_or(around.now);
    }

    fn send(&mut self, holder: String, code: String, around: &Surroundings) -> (Verdict, bool) {
        let hits: Vec<_> = self.sent.iter().map(|sent| sent.at).collect();
        if let velocity::Verdict::Refused(refusal) = velocity::decide(&hits, &around.windows, around.now) {
            return (Verdict::Refused(refusal), false);
        }
        self.sent.push(Sent { holder, code, at: around.now });
        self.prune(around);
        (Verdict::Granted, true)
    }

    fn take_back(&mut self, holder: &str, code: &str, around: &Surroundings) -> (Verdict, bool) {
        let place = self.sent.iter().rposition(|sent| sent.holder == holder && same(&sent.code, code));
        if let Some(place) = place {
            self.sent.remove(place);
            self.prune(around);
        }
        (Verdict::Granted, place.is_some())
    }

    fn attempt(&mut self, holder: String, code: &str, around: &Surroundings) -> (Verdict, bool) {
        let now = around.now;
        let known = self.tried.iter().position(|tried| tried.holder == holder);
        let before = known.and_then(|place| self.tried.get(place)).filter(|tried| tried.at.saturating_add(DELAY) > now);
        if let Some(until) = before.and_then(|tried| tried.delayed_until).filter(|until| *until > now) {
            return (Verdict::Delayed(until), false);
        }
        let wrong = before.filter(|tried| tried.delayed_until.is_none()).map_or(0, |tried| tried.wrong);
        let live: Vec<_> = self.sent.iter().filter(|sent| sent.holder == holder && sent.at.saturating_add(LIFE) > now).collect();
        let is_right = live.iter().any(|sent| same(&sent.code, code));
        if live.is_empty() {
            // There is nothing to guess at.
            return (Verdict::Wrong(MOST_WRONG.saturating_sub(wrong)), false);
        }
        let changes = !is_right || known.is_some();
        known.map(|place| self.tried.remove(place));
        let wrong = wrong.saturating_add(1);
        if !is_right {
            let delayed_until = (wrong >= MOST_WRONG).then(|| now.saturating_add(DELAY));
            self.tried.push(Tried { holder, wrong, delayed_until, at: now });
        }
        self.prune(around);
        (if is_right { Verdict::Proved } else { Verdict::Wrong(MOST_WRONG.saturating_sub(wrong)) }, changes)
    }
}

impl Counter for Number {
    type Question = Question;
    type Verdict = Verdict;
    type Surroundings<'a> = Surroundings;

    const NAME: &'static str = "proof";
    const LAYOUT: u8 = FORMAT;

    fn answer(&mut self, Question { holder, code, deed }: Question, around: &Surroundings) -> (Verdict, bool) {
        match deed {
            Deed::Send => self.send(holder, code, around),
            Deed::TakeBack => self.take_back(&holder, &code, around),
            Deed::Try => self.attempt(holder, &code, around),
        }
    }

    fn now(around: &Surroundings) -> Millis {
        around.now
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

impl Verdict {
    /// What is told of it.
    ///
    /// # Errors
    /// 429 where the number was sent too many codes, or after too many wrong tries; 400 for a wrong code, with the tries that are left.
    pub fn result(self, now: Millis) -> Result<(), Problem> {
        match self {
            Self::Granted | Self::Proved => Ok(()),
            Self::Refused(refusal) => Err(too_many(&refusal, now)),
            Self::Wrong(left) => Err(wrong(left)),
            Self::Delayed(until) => Err(delayed(seconds_until(until, now))),
        }
    }
}

fn too_many(refusal: &Refusal, now: Millis) -> Problem {
    let window = WINDOWS.iter().find(|window| window.unit == refusal.unit).map_or(0, |window| window.length.div_euclid(SECOND));
    let policy = limits::policy(&format!("otp_{}", refusal.unit.as_str()), refusal.limit.into(), u32::try_from(window).unwrap_or(u32::MAX));
    let detail = format!("A mobile number is sent at most {} codes per {}.", refusal.limit, refusal.unit.as_str());
    Problem::of_limit(&policy, seconds_until(refusal.free_at, now)).detail(detail)
}

fn delayed(seconds: u32) -> Problem {
    let (name, window) = DELAY_POLICY;
    Problem::of_limit(&limits::policy(name, MOST_WRONG.into(), window), seconds)
        .detail("Ten codes were wrong. Wait, then ask for a new one.")
}

fn wrong(left: u8) -> Problem {
    let problem = Problem::new(keys::OTP_WRONG);
    let fault = FieldFault { field: "code".into(), key: problem.key.clone(), message: problem.title.clone(), hint: None };
    let problem = Problem { errors: vec![fault], ..problem };
    match left {
        0 => problem.detail("No try is left for now.").retry_after(DELAY_POLICY.1),
        1 => problem.detail("One try is left."),
        _ => problem.detail(format!("{left} tries are left.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::Machine;
    use crate::time::{DAY, MINUTE};

    const SOON: Millis = SECOND;

    fn ask(number: &mut Number, deed: Deed, holder: &str, code: &str, now: Millis) -> Verdict {
        let question = Question { holder: holder.into(), code: code.into(), deed };
        match number.advance(Event::Ask(question), &Surroundings { now, windows: WINDOWS }).pop() {
            Some(Output::Tell(verdict)) => verdict,
            _ => Verdict::Wrong(u8::MAX),
        }
    }

    fn sent(codes: &[(&str, Millis)]) -> Number {
        let mut number = Number::default();
        for (code, at) in codes {
            assert_eq!(ask(&mut number, Deed::Send, "a", code, *at), Verdict::Granted);
        }
        number
    }

    #[test]
    fn a_code_is_good_for_fifteen_minutes_and_a_resend_keeps_the_one_before() {
        let mut number = sent(&[("old", 0), ("new", 10 * MINUTE)]);
        let mut tried = |code, now| ask(&mut number, Deed::Try, "a", code, now);
        assert_eq!(tried("old", 15 * MINUTE - 1), Verdict::Proved);
        assert_eq!(tried("old", 15 * MINUTE - 1), Verdict::Proved, "its response was lost");
        assert_eq!(tried("old", 15 * MINUTE), Verdict::Wrong(9));
        assert_eq!(tried("new", 25 * MINUTE - 1), Verdict::Proved);
        assert_eq!(tried("new", 25 * MINUTE), Verdict::Wrong(10), "nothing is left to guess at");
    }

    #[test]
    fn a_code_is_its_holders_alone_and_nobody_elses_tries_lock_them_out() {
        let mut number = sent(&[("code", 0)]);
        assert_eq!(ask(&mut number, Deed::Try, "b", "code", SOON), Verdict::Wrong(10), "nobody sent them one");
        assert_eq!(ask(&mut number, Deed::Send, "b", "other", SOON), Verdict::Granted);
        for _ in 0..10 {
            ask(&mut number, Deed::Try, "b", "code", SOON);
        }
        assert_eq!(ask(&mut number, Deed::Try, "b", "other", SOON), Verdict::Delayed(SOON + DELAY));
        assert_eq!(ask(&mut number, Deed::Try, "a", "code", SOON), Verdict::Proved);
    }

    #[test]
    fn after_ten_wrong_tries_not_even_the_right_code_counts_until_the_delay_is_over() {
        let mut number = sent(&[("code", 0)]);
        for left in (0..10).rev() {
            assert_eq!(ask(&mut number, Deed::Try, "a", "wrong", SOON), Verdict::Wrong(left));
        }
        let end = SOON + DELAY;
        let before = number.clone();
        assert_eq!(
            [ask(&mut number, Deed::Try, "a", "code", SOON), ask(&mut number, Deed::Try, "a", "code", end - 1)],
            [Verdict::Delayed(end), Verdict::Delayed(end)]
        );
        assert_eq!(number, before, "what is delayed changes nothing");
        assert_eq!(ask(&mut number, Deed::Send, "a", "new", 5 * MINUTE), Verdict::Granted);
        assert_eq!(ask(&mut number, Deed::Try, "a", "new", 6 * MINUTE), Verdict::Delayed(end), "a new code is no way around");
        assert_eq!(ask(&mut number, Deed::Try, "a", "wrong", end), Verdict::Wrong(9), "the tries begin anew");
        assert_eq!(ask(&mut number, Deed::Try, "a", "new", end), Verdict::Proved);
        assert_eq!(ask(&mut number, Deed::Try, "a", "wrong", end), Verdict::Wrong(9), "so they do after a right one");
    }

    #[test]
    fn a_number_is_sent_so_many_codes_whoever_asks_and_a_refusal_takes_nothing() {
        let mut number = sent(&[("1", 0), ("2", 1)]);
        assert_eq!(ask(&mut number, Deed::Send, "b", "3", 2), Verdict::Granted);
        let full = |limit, unit, free_at| Verdict::Refused(Refusal { limit, unit, free_at });
        assert_eq!(ask(&mut number, Deed::Send, "c", "4", 3), full(3, Unit::Minute, MINUTE));
        assert_eq!(ask(&mut number, Deed::Try, "c", "4", 3), Verdict::Wrong(10), "what was refused is no code");
        for at in [2, 4, 6] {
            assert_eq!(ask(&mut number, Deed::Send, "c", "5", at * MINUTE), Verdict::Granted);
        }
        assert_eq!(ask(&mut number, Deed::Send, "a", "6", 8 * MINUTE), full(6, Unit::Hour, 60 * MINUTE));
        for hour in 1..=6 {
            assert_eq!(ask(&mut number, Deed::Send, "a", "7", hour * 2 * 60 * MINUTE), Verdict::Granted);
        }
        assert_eq!(ask(&mut number, Deed::Send, "a", "8", 14 * 60 * MINUTE), full(12, Unit::Day, DAY));
    }

    #[test]
    fn a_code_that_was_not_sent_counts_nowhere() {
        let mut number = sent(&[("1", 0), ("2", 0), ("3", 0)]);
        assert_eq!(ask(&mut number, Deed::TakeBack, "a", "3", SOON), Verdict::Granted);
        assert_eq!(ask(&mut number, Deed::TakeBack, "b", "2", SOON), Verdict::Granted, "it is not theirs");
        assert_eq!(ask(&mut number, Deed::Send, "a", "4", SOON), Verdict::Granted);
        assert_eq!(
            [ask(&mut number, Deed::Try, "a", "3", SOON), ask(&mut number, Deed::Try, "a", "2", SOON)],
            [Verdict::Wrong(9), Verdict::Proved]
        );
    }

    #[test]
    fn what_is_told_says_how_many_tries_are_left_and_when_the_next_is() {
        let told = |verdict: Verdict| {
            verdict.result(0).err().map(|problem| (problem.status(), problem.retry_after, problem.detail.unwrap_or_default().into_string()))
        };
        assert_eq!((told(Verdict::Granted), told(Verdict::Proved)), (None, None));
        assert_eq!(told(Verdict::Wrong(9)), Some((400, None, "9 tries are left.".into())));
        assert_eq!(told(Verdict::Wrong(1)), Some((400, None, "One try is left.".into())));
        assert_eq!(told(Verdict::Wrong(0)), Some((400, Some(900), "No try is left for now.".into())));
        assert_eq!(told(Verdict::Delayed(90 * SECOND)).map(|(status, seconds, _)| (status, seconds)), Some((429, Some(90))));
        let refused = Verdict::Refused(Refusal { limit: 3, unit: Unit::Minute, free_at: 41_200 }).result(0).err();
        let limit = refused.as_ref().and_then(|problem| problem.limit.as_deref()).map(|limit| limit.as_str().to_owned());
        assert_eq!(
            (refused.map(|problem| (problem.status(), problem.retry_after)), limit.as_deref()),
            (Some((429, Some(42))), Some(r#""otp_minute";q=3;w=60"#))
        );
    }

    #[test]
    fn a_number_is_forgotten_when_nothing_of_it_counts_and_its_stored_form_is_pinned() {
        let mut number = sent(&[("code", 7)]);
        ask(&mut number, Deed::Try, "a", "wrong", 8);
        let form = concat!(
            r#"{"format":1,"version":2,"sent":[{"holder":"a","code":"code","at":7}],"#,
            r#""tried":[{"holder":"a","wrong":1,"at":8}],"forget_at":86400007}"#
        );
        assert_eq!(serde_json::to_string(&number).ok().as_deref(), Some(form));
        let mut ring = |now| number.advance(Event::Alarm, &Surroundings { now, windows: WINDOWS });
        assert_eq!([ring(DAY + 6), ring(DAY + 7)], [vec![], vec![Output::Forget]]);
    }
}
