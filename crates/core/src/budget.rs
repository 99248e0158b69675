//! What a family of browser sessions has used up: calls and paise, counted in one place.
//!
//! A call is counted whatever comes of it; a payment once for the check that makes it, however often its request is sent, for a check sends its rupee once. What is refused
//! takes nothing. The budget itself is the session's, signed ([`crate::session`]).

use serde::{Deserialize, Serialize};

use crate::machine::{Effect, Facts, Machine, Work};
use crate::problem::{MetLimit, Problem};
use crate::session::{Budget, FAMILY_LIFETIME};
use crate::time::{Millis, SECOND, seconds_until};

/// The layout of a stored family (pinned by a test).
const FORMAT: u8 = 1;
/// What a check that moves money sends on its way.
const RUPEE: u32 = 100;

/// What requests use up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Charge {
    /// How many there are.
    pub calls: u32,
    /// The checks among them that send a rupee, by place.
    pub payments: Vec<String>,
    /// What the family may use up.
    pub budget: Budget,
    /// When the family ends.
    pub until: Millis,
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
        let (number, unit) = match self {
            Self::Granted => return Ok(()),
            Self::OfCalls => (charge.budget.calls, "calls"),
            Self::OfPaise => (charge.budget.paise, "paise"),
        };
        let detail = format!("The budget of {number} {unit} of this session is used up.");
        let limit =
            MetLimit { name: unit.into(), quota: number, window: u32::try_from(FAMILY_LIFETIME.div_euclid(SECOND)).unwrap_or(u32::MAX) };
        Err(Problem::of_limit(limit, seconds_until(charge.until, now)).detail(detail))
    }
}

/// A family of sessions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Family {
    format: u8,
    /// Counts the saves.
    version: u64,
    calls: u32,
    /// The checks that were paid for, by place.
    paid: Vec<String>,
    forget_at: Millis,
}

/// What happens to a family.
#[derive(Clone, Debug)]
pub enum Event {
    /// Requests of it are to be carried out.
    Take(Charge),
    /// The alarm.
    Alarm,
    /// The family was found in storage. Nothing is ever under way for it.
    Restarted,
}

/// What is to be done, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// Save the state.
    Persist,
    /// Tell who asked.
    Tell(Verdict),
    /// The family has ended: delete what is known of it.
    Forget,
}

impl Default for Family {
    fn default() -> Self {
        Self { format: FORMAT, version: 0, calls: 0, paid: Vec::new(), forget_at: 0 }
    }
}

impl Family {
    fn take(&mut self, charge: Charge) -> Vec<Output> {
        let Charge { calls, payments, budget, until } = charge;
        let calls = self.calls.saturating_add(calls);
        let mut paid = self.paid.clone();
        for payment in payments {
            if !paid.contains(&payment) {
                paid.push(payment);
            }
        }
        let paise = u32::try_from(paid.len()).unwrap_or(u32::MAX).saturating_mul(RUPEE);
        if calls > budget.calls {
            return vec![Output::Tell(Verdict::OfCalls)];
        }
        if paise > budget.paise && paid.len() > self.paid.len() {
            return vec![Output::Tell(Verdict::OfPaise)];
        }
        *self = Self { version: self.version.saturating_add(1), calls, paid, forget_at: until, ..*self };
        vec![Output::Persist, Output::Tell(Verdict::Granted)]
    }
}

impl Machine for Family {
    type Event = Event;
    type Output = Output;
    type Context<'a> = Millis;

    const KIND: &'static str = "session";

    fn alarm() -> Event {
        Event::Alarm
    }

    fn is_alarm(event: &Event) -> bool {
        matches!(event, Event::Alarm)
    }

    fn restarted() -> Event {
        Event::Restarted
    }

    fn advance(&mut self, event: Event, now: &Millis) -> Vec<Output> {
        match event {
            Event::Take(charge) => self.take(charge),
            Event::Alarm if self.forget_at <= *now => vec![Output::Forget],
            Event::Alarm | Event::Restarted => Vec::new(),
        }
    }

    fn effect(outputs: &[Output]) -> Effect {
        match outputs.first() {
            Some(Output::Persist) => Effect::Save,
            Some(Output::Forget) => Effect::Forget,
            Some(Output::Tell(_)) | None => Effect::Nothing,
        }
    }

    fn version(&self) -> u64 {
        self.version
    }

    fn is_readable(&self) -> bool {
        self.format == FORMAT
    }

    fn wake_at(&self) -> Option<Millis> {
        Some(self.forget_at)
    }

    fn work(&self) -> Work {
        Work::None
    }

    fn is_plain(&self) -> bool {
        false
    }

    fn facts(&self) -> Facts {
        Facts::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUDGET: Budget = Budget { calls: 4, paise: 250 };

    fn take(family: &mut Family, calls: u32, payments: &[&str]) -> Verdict {
        let payments = payments.iter().map(|place| (*place).to_owned()).collect();
        match family.advance(Event::Take(Charge { calls, payments, budget: BUDGET, until: 9 }), &0).pop() {
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
        let charge = Charge { calls: 1, payments: Vec::new(), budget: BUDGET, until: 9_000 };
        let problem = |verdict: Verdict| verdict.result(&charge, 0).err();
        assert_eq!(problem(Verdict::Granted), None);
        for (verdict, words) in [(Verdict::OfCalls, "4 calls"), (Verdict::OfPaise, "250 paise")] {
            let told = problem(verdict)
                .map(|problem| (problem.status(), problem.retry_after, problem.detail.is_some_and(|detail| detail.contains(words))));
            assert_eq!(told, Some((429, Some(9), true)));
        }
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
