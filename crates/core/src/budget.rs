//! What somebody has used up of a budget, counted in one place: a family of browser sessions its calls and paise, a tenant its rupees of a day and its calls of a second.
//!
//! A call is counted whatever comes of it; a payment once for the claim that makes it, before it is made, and given back where it was certainly not made. What is refused
//! takes nothing. The budget itself is not kept here: a session's is signed ([`crate::session`]), a tenant's is a setting ([`crate::access`]).

use serde::{Deserialize, Serialize};

use crate::count::{self, Counter};
use crate::limits;
use crate::problem::Problem;
use crate::session::{Budget, FAMILY_LIFETIME};
use crate::time::{DAY, Millis, SECOND, seconds_until};

/// The layout of a stored family (pinned by a test).
const FORMAT: u8 = 1;
/// What a check that moves money sends on its way.
const RUPEE: u32 = 100;

/// What requests use up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Charge {
    /// The number of calls.
    pub calls: u32,
    /// The rupees among them, by the names of their permits.
    pub payments: Vec<String>,
    /// What may be used up.
    pub budget: Budget,
    /// When what was used up counts no longer.
    pub until: Millis,
    /// For how long a call counts, in milliseconds; `None`: until `until`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<Millis>,
}

/// Whose money a payer's is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purse {
    /// A family of browser sessions.
    Session,
    /// A tenant, for a day.
    Tenant,
}

/// Who pays for the rupee of a check, where somebody has only so much.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payer {
    /// Whose money it is.
    pub purse: Purse,
    /// Where it is counted: a place, 32 hex digits.
    pub place: String,
    /// How much there is, in paise.
    pub paise: u32,
    /// Until when.
    pub until: Millis,
}

impl Payer {
    /// The charge of the rupee with this permit.
    #[must_use]
    pub fn charge(&self, permit: &str) -> Charge {
        let budget = Budget { calls: u32::MAX, paise: self.paise };
        Charge { calls: 0, payments: vec![permit.to_owned()], budget, until: self.until, within: None }
    }

    /// Whether its time is over: a check that waited over midnight, or beyond its family's end. What it books then would be counted by nobody.
    #[must_use]
    pub const fn is_over(&self, now: Millis) -> bool {
        self.until <= now
    }

    /// The problem of a rupee that it cannot pay.
    #[must_use]
    pub fn problem(&self, now: Millis) -> Problem {
        match self.purse {
            Purse::Session => over_budget(self.paise, "paise", self.until, now),
            Purse::Tenant => {
                let (rupees, seconds) = (self.paise.div_euclid(RUPEE), seconds_until(self.until, now));
                let policy = limits::policy("rupees_a_day", rupees, whole_seconds(DAY));
                Problem::of_limit(&policy, seconds).detail(format!("The {rupees} rupees of this day (IST) are used up."))
            }
        }
    }
}

/// The problem of a session's budget that is used up.
fn over_budget(number: u32, unit: &'static str, until: Millis, now: Millis) -> Problem {
    let policy = limits::policy(unit, number, whole_seconds(FAMILY_LIFETIME));
    Problem::of_limit(&policy, seconds_until(until, now)).detail(format!("The budget of {number} {unit} of this session is used up."))
}

fn whole_seconds(millis: Millis) -> u32 {
    u32::try_from(millis.div_euclid(SECOND)).unwrap_or(u32::MAX)
}

/// Whether there is enough left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// There is.
    Granted,
    /// The calls are used up.
    OfCalls,
    /// The paise are.
    OfPaise,
}

impl Verdict {
    /// The problem of a charge that was refused.
    ///
    /// # Errors
    /// 429 where the budget is used up.
    pub fn result(self, charge: &Charge, now: Millis) -> Result<(), Problem> {
        match self {
            Self::Granted => Ok(()),
            Self::OfCalls => Err(over_budget(charge.budget.calls, "calls", charge.until, now)),
            Self::OfPaise => Err(over_budget(charge.budget.paise, "paise", charge.until, now)),
        }
    }
}

/// A family of sessions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Family {
    format: u8,
    /// Counts the saves.
    version: u64,
    calls: u32,
    /// The rupees that were paid, by the names of their permits.
    paid: Vec<String>,
    /// When the calls came that count for a while only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    recent: Vec<Millis>,
    forget_at: Millis,
}

/// What a family is asked.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Question {
    /// To take this.
    pub charge: Charge,
    /// Whether its payments are given back: they were certainly not made.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_returned: bool,
    /// Whether its payments were made already, so that they count however little is left.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_made: bool,
}

/// What happens to a family.
pub type Event = count::Event<Question>;
/// What is to be done for one.
pub type Output = count::Output<Verdict>;

impl Default for Family {
    fn default() -> Self {
        Self { format: FORMAT, version: 0, calls: 0, paid: Vec::new(), recent: Vec::new(), forget_at: 0 }
    }
}

impl Family {
    fn take(&mut self, charge: Charge, now: Millis) -> (Verdict, bool) {
        let Charge { calls, payments, budget, until, within } = charge;
        let mut recent = self.recent.clone();
        recent.retain(|at| within.is_some_and(|within| *at > now.saturating_sub(within)));
        let before = if within.is_some() { u32::try_from(recent.len()).unwrap_or(u32::MAX) } else { self.calls };
        recent.extend((0..calls).filter(|_| within.is_some()).map(|_| now));
        let calls = before.saturating_add(calls);
        let mut paid = self.paid.clone();
        for payment in payments {
            if !paid.contains(&payment) {
                paid.push(payment);
            }
        }
        let paise = u32::try_from(paid.len()).unwrap_or(u32::MAX).saturating_mul(RUPEE);
        if calls > budget.calls {
            return (Verdict::OfCalls, false);
        }
        if paise > budget.paise && paid.len() > self.paid.len() {
            return (Verdict::OfPaise, false);
        }
        let calls = if within.is_some() { self.calls } else { calls };
        *self = Self { calls, paid, recent, forget_at: until, ..*self };
        (Verdict::Granted, true)
    }

    /// What was given back before is not here any more.
    fn give_back(&mut self, payments: &[String]) -> (Verdict, bool) {
        let before = self.paid.len();
        self.paid.retain(|paid| !payments.contains(paid));
        (Verdict::Granted, self.paid.len() < before)
    }
}

impl Counter for Family {
    type Question = Question;
    type Verdict = Verdict;
    type Surroundings<'a> = Millis;

    const NAME: &'static str = "session";
    const LAYOUT: u8 = FORMAT;

    fn answer(&mut self, Question { charge, is_returned, is_made }: Question, now: &Millis) -> (Verdict, bool) {
        match (is_returned, is_made) {
            (true, _) => self.give_back(&charge.payments),
            (false, true) => self.take(Charge { budget: Budget { calls: u32::MAX, paise: u32::MAX }, ..charge }, *now),
            (false, false) => self.take(charge, *now),
        }
    }

    fn now(now: &Millis) -> Millis {
        *now
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::Machine;
    use crate::problem::MetLimit;

    fn asked(charge: Charge) -> Event {
        Event::Ask(Question { charge, is_returned: false, is_made: false })
    }

    const BUDGET: Budget = Budget { calls: 4, paise: 250 };

    fn take(family: &mut Family, calls: u32, payments: &[&str]) -> Verdict {
        let payments = payments.iter().map(|place| (*place).to_owned()).collect();
        match family.advance(asked(Charge { calls, payments, budget: BUDGET, until: 9, within: None }), &0).pop() {
            Some(Output::Tell(verdict)) => verdict,
            _ => Verdict::OfCalls,
        }
    }

    #[test]
    fn calls_are_counted_each_time_and_a_refusal_takes_nothing() {
        let mut family = Family::default();
        assert_eq!(
            [take(&mut family, 3, &[]), take(&mut family, 2, &[]), take(&mut family, 1, &[])],
            [Verdict::Granted, Verdict::OfCalls, Verdict::Granted]
        );
        assert_eq!((take(&mut family, 1, &[]), family.version()), (Verdict::OfCalls, 2));
    }

    #[test]
    fn a_check_is_paid_for_once_however_often_it_is_sent() {
        let mut family = Family::default();
        assert_eq!(
            [take(&mut family, 1, &["a"]), take(&mut family, 1, &["b"]), take(&mut family, 1, &["c"])],
            [Verdict::Granted, Verdict::Granted, Verdict::OfPaise]
        );
        assert_eq!([take(&mut family, 1, &["b"]), take(&mut family, 1, &["a"])], [Verdict::Granted; 2], "sent again");
    }

    #[test]
    fn what_is_over_budget_is_a_429_until_the_family_ends() {
        let charge = Charge { calls: 1, payments: Vec::new(), budget: BUDGET, until: 9_000, within: None };
        let problem = |verdict: Verdict| verdict.result(&charge, 0).err();
        assert_eq!(problem(Verdict::Granted), None);
        for (verdict, words) in [(Verdict::OfCalls, "4 calls"), (Verdict::OfPaise, "250 paise")] {
            let told = problem(verdict)
                .map(|problem| (problem.status(), problem.retry_after, problem.detail.is_some_and(|detail| detail.contains(words))));
            assert_eq!(told, Some((429, Some(9), true)));
        }
    }

    #[test]
    fn what_was_not_paid_is_given_back_once_and_a_day_is_a_payers_to_the_last_rupee() {
        let payer = Payer { purse: Purse::Tenant, place: "0".repeat(32), paise: 250, until: 9_000 };
        let mut day = Family::default();
        let mut take = |permit: &str| day.advance(asked(payer.charge(permit)), &0).pop();
        let told = |verdict| Some(Output::Tell(verdict));
        assert_eq!(
            [take("a"), take("b"), take("c"), take("a")],
            [Verdict::Granted, Verdict::Granted, Verdict::OfPaise, Verdict::Granted].map(told)
        );
        let back = |day: &mut Family, permit: &str| {
            day.advance(Event::Ask(Question { charge: payer.charge(permit), is_returned: true, is_made: false }), &0)
        };
        assert_eq!(back(&mut day, "c"), [Output::Tell(Verdict::Granted)], "it was never taken");
        assert_eq!(back(&mut day, "b"), [Output::Persist, Output::Tell(Verdict::Granted)]);
        assert_eq!(back(&mut day, "b"), [Output::Tell(Verdict::Granted)]);
        assert_eq!(day.advance(asked(payer.charge("c")), &0).pop(), told(Verdict::Granted));
        let made = |permit: &str| Event::Ask(Question { charge: payer.charge(permit), is_returned: false, is_made: true });
        assert_eq!(day.advance(made("d"), &0).pop(), told(Verdict::Granted), "it was sent, whatever is left");
        assert_eq!((day.advance(made("d"), &0).pop(), day.paid.len()), (told(Verdict::Granted), 3), "once");
        assert_eq!(day.advance(asked(payer.charge("e")), &0).pop(), told(Verdict::OfPaise));
        let problem = payer.problem(0);
        assert_eq!((problem.status(), problem.retry_after), (429, Some(9)));
        assert_eq!(problem.limit.as_deref().map(MetLimit::as_str), Some(r#""rupees_a_day";q=2;w=86400"#));
        assert_eq!([payer.is_over(payer.until - 1), payer.is_over(payer.until)], [false, true]);
        assert_eq!(payer.problem(payer.until + 5).retry_after, Some(1), "it may be sent again at once");
    }

    #[test]
    fn calls_of_a_second_count_for_a_second() {
        let mut rate = Family::default();
        let mut call = |now: Millis| {
            let budget = Budget { calls: 3, paise: 0 };
            let charge = Charge { calls: 1, payments: Vec::new(), budget, until: now + SECOND, within: Some(SECOND) };
            rate.advance(asked(charge), &now).pop() == Some(Output::Tell(Verdict::Granted))
        };
        assert_eq!(
            [0, 400, 800, 999, 1_000, 1_399, 1_400, 1_799, 9_000].map(&mut call),
            [true, true, true, false, true, false, true, false, true]
        );
        assert_eq!((rate.recent, rate.calls, rate.forget_at), (vec![9_000], 0, 10_000));
    }

    #[test]
    fn a_family_is_forgotten_when_it_ends_and_its_stored_form_is_pinned() {
        let mut family = Family::default();
        take(&mut family, 1, &["a"]);
        assert_eq!(
            serde_json::to_string(&family).ok().as_deref(),
            Some(r#"{"format":1,"version":1,"calls":1,"paid":["a"],"forget_at":9}"#)
        );
        assert_eq!([family.advance(Event::Alarm, &8), family.advance(Event::Alarm, &9)], [vec![], vec![Output::Forget]]);
    }
}
