//! Machines that only count: each is asked, answers at once, and is forgotten when nothing that it counted counts any more. Nothing is ever under way for one, so a crash leaves nothing to
//! find out: whoever asked asks again.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::machine::{Effect, Facts, Machine, Work};
use crate::time::Millis;

/// What is counted, and how.
pub trait Counter: Clone + Default + Serialize + DeserializeOwned {
    /// What it is asked.
    type Question;
    /// What it tells.
    type Verdict;
    /// What it needs to know of its surroundings.
    type Surroundings<'a>;

    /// The kind's name ([`Machine::KIND`]).
    const NAME: &'static str;
    /// The layout of its stored form.
    const LAYOUT: u8;

    /// Answers a question, and says whether that changed what is counted.
    fn answer(&mut self, question: Self::Question, around: &Self::Surroundings<'_>) -> (Self::Verdict, bool);

    /// The time.
    fn now(around: &Self::Surroundings<'_>) -> Millis;

    /// The layout of this one, and its saves so far.
    fn stored(&self) -> (u8, u64);

    /// It is saved once more.
    fn count_save(&mut self);

    /// When nothing of it counts any more.
    fn over_at(&self) -> Millis;
}

/// What happens to it.
#[derive(Clone, Debug)]
pub enum Event<Q> {
    /// It is asked.
    Ask(Q),
    /// The alarm.
    Alarm,
    /// It was found in storage.
    Restarted,
}

/// What is to be done, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output<V> {
    /// Save the state.
    Persist,
    /// Tell who asked.
    Tell(V),
    /// Nothing of it counts any more: delete it.
    Forget,
}

impl<C: Counter> Machine for C {
    type Event = Event<C::Question>;
    type Output = Output<C::Verdict>;
    type Context<'a> = C::Surroundings<'a>;

    const KIND: &'static str = C::NAME;

    fn alarm() -> Self::Event {
        Event::Alarm
    }

    fn is_alarm(event: &Self::Event) -> bool {
        matches!(event, Event::Alarm)
    }

    fn restarted() -> Self::Event {
        Event::Restarted
    }

    fn advance(&mut self, event: Self::Event, around: &C::Surroundings<'_>) -> Vec<Self::Output> {
        match event {
            Event::Ask(question) => match self.answer(question, around) {
                (verdict, true) => {
                    self.count_save();
                    vec![Output::Persist, Output::Tell(verdict)]
                }
                (verdict, false) => vec![Output::Tell(verdict)],
            },
            Event::Alarm if self.over_at() <= C::now(around) => vec![Output::Forget],
            Event::Alarm | Event::Restarted => Vec::new(),
        }
    }

    fn effect(outputs: &[Self::Output]) -> Effect {
        match outputs.first() {
            Some(Output::Persist) => Effect::Save,
            Some(Output::Forget) => Effect::Forget,
            Some(Output::Tell(_)) | None => Effect::Nothing,
        }
    }

    fn version(&self) -> u64 {
        self.stored().1
    }

    fn is_readable(&self) -> bool {
        self.stored().0 == C::LAYOUT
    }

    fn wake_at(&self) -> Option<Millis> {
        Some(self.over_at())
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
