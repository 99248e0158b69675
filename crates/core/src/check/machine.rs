//! A check as its register keeps it.

use super::write::Write;
use super::{Check, Context, Event, FORMAT, OLDEST_FORMAT, Output, Phase};
use crate::keys::Outcome;
use crate::machine::{Effect, Facts, Machine, Work};
use crate::time::Millis;

impl Machine for Check {
    type Event = Event;
    type Output = Output;
    type Context<'a> = Context<'a>;

    const KIND: &'static str = "check";

    fn alarm() -> Event {
        Event::Alarm
    }

    fn is_alarm(event: &Event) -> bool {
        matches!(event, Event::Alarm)
    }

    fn restarted() -> Event {
        Event::Restarted
    }

    fn advance(&mut self, event: Event, context: &Context<'_>) -> Vec<Output> {
        Self::advance(self, event, context)
    }

    fn effect(outputs: &[Output]) -> Effect {
        let of = |output: &Output| match output {
            Output::Persist => Effect::Save,
            Output::Hold => Effect::Hold,
            Output::Forget => Effect::Forget,
            Output::TakePermit(_) | Output::Settle(_) | Output::Send(_) | Output::Publish | Output::Withdraw | Output::Alert { .. } => {
                Effect::Nothing
            }
        };
        outputs.iter().map(of).find(|effect| *effect != Effect::Nothing).unwrap_or(Effect::Nothing)
    }

    fn version(&self) -> u64 {
        self.version
    }

    fn is_readable(&self) -> bool {
        (OLDEST_FORMAT..=FORMAT).contains(&self.format)
    }

    fn wake_at(&self) -> Option<Millis> {
        Self::wake_at(self)
    }

    fn work(&self) -> Work {
        match &self.phase {
            Phase::Queued { .. } => Work::Queued,
            Phase::AwaitingPermit { .. }
            | Phase::Sending { .. }
            | Phase::Writing(Write { in_flight: true, .. })
            | Phase::Unsettled { in_flight: true, .. } => Work::UnderWay,
            Phase::Collecting(collect) if collect.in_flight => Work::UnderWay,
            Phase::Backoff { .. } | Phase::Collecting(_) | Phase::Writing(_) | Phase::Unsettled { .. } => Work::Scheduled,
            Phase::Review { .. } | Phase::Finished { .. } | Phase::Ended { .. } | Phase::Released | Phase::Tombstone { .. } => Work::None,
        }
    }

    fn is_plain(&self) -> bool {
        matches!(self.phase, Phase::Released | Phase::Tombstone { .. })
    }

    fn facts(&self) -> Facts {
        let row = self.operation.row();
        let (outcome, key) = match &self.phase {
            Phase::Finished { answer, .. } => (Some(answer.finding.outcome), Some(answer.finding.key.as_ref())),
            Phase::Tombstone { outcome, key, .. } => (Some(*outcome), Some(key.as_str())),
            Phase::Ended { problem, .. } => (None, Some(problem.key.as_ref())),
            _ => (None, None),
        };
        Facts {
            operation: Some(row.name),
            phase: Some(self.phase.name()),
            outcome: outcome.map(Outcome::as_str),
            key: key.map(str::to_owned),
            vendor: Some(self.account().vendor().to_owned()),
            began_at: Some(self.claimed_at),
        }
    }
}

impl Phase {
    /// The name under which operators find it: that of its stored form.
    const fn name(&self) -> &'static str {
        match self {
            Self::Queued { .. } => "queued",
            Self::AwaitingPermit { .. } => "awaiting_permit",
            Self::Sending { .. } => "sending",
            Self::Backoff { .. } => "backoff",
            Self::Collecting(_) => "collecting",
            Self::Writing(_) => "writing",
            Self::Unsettled { .. } => "unsettled",
            Self::Review { .. } => "review",
            Self::Finished { .. } => "finished",
            Self::Ended { .. } => "ended",
            Self::Released => "released",
            Self::Tombstone { .. } => "tombstone",
        }
    }
}
