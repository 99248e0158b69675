//! What a register needs to know of the machines that it keeps (docs/ARCHITECTURE.md, "Registers").
//!
//! A machine takes events and returns what is to be done, in order; it has no clock, no storage and no connection. A register loads, advances, saves and
//! performs, whatever the machine is about: checks ([`crate::check::Check`]), and what only counts ([`crate::count`]): the subjects of velocity limits, the budgets.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::time::Millis;

/// What a machine has to do with the vendor's connections, of which a register has few.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    /// Nothing.
    None,
    /// It holds one: a call is under way, or is about to be.
    UnderWay,
    /// It waits for one, and nothing was sent.
    Queued,
    /// It needs one when it wakes.
    Scheduled,
}

impl Work {
    /// The number that stands for it in storage.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::None => 0,
            Self::UnderWay => 1,
            Self::Queued => 2,
            Self::Scheduled => 3,
        }
    }
}

/// The connections to vendors that a register has, and how many of them machines hold.
#[derive(Clone, Copy, Debug)]
pub struct Connections {
    /// How many there are.
    pub all: usize,
    /// How many are held.
    pub under_way: usize,
}

/// Of this many connections that become free, one goes to due work, before any waiting claim.
const TURN_OF_DUE: u32 = 4;

impl Connections {
    /// Whether one is free.
    #[must_use]
    pub const fn has_free(self) -> bool {
        self.under_way < self.all
    }

    /// Whether a machine that holds none may take one: claims in their order (`no_claim_waits`); how many an alarm may take is [`Connections::for_due`]'s to say.
    #[must_use]
    pub const fn may_take_one(self, is_alarm: bool, no_claim_waits: bool) -> bool {
        self.has_free() && (is_alarm || no_claim_waits)
    }

    /// How many may be used for due work: all but one, which is left to claims.
    #[must_use]
    pub fn for_due(self) -> usize {
        self.all.saturating_sub(1).max(1).saturating_sub(self.under_way)
    }

    /// Whether the `freed`th connection that becomes free goes to due work, also while claims wait.
    #[must_use]
    pub const fn is_turn_of_due(freed: u32) -> bool {
        freed.is_multiple_of(TURN_OF_DUE)
    }
}

/// In how many minutes every register is woken once. Up to this many registers are all woken every minute.
const SWEEP: u32 = 60;

/// The numbers of the registers that are woken in a minute, of `count`.
pub fn swept(count: u32, minute: u32) -> impl Iterator<Item = u32> {
    (0..count).filter(move |number| number.checked_rem(SWEEP) == minute.checked_rem(SWEEP) || count <= SWEEP)
}

/// What operators search by. None of it is personal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// The operation's name.
    pub operation: Option<&'static str>,
    /// Where the machine stands.
    pub phase: Option<&'static str>,
    /// How it ended.
    pub outcome: Option<&'static str>,
    /// The key with which it ended.
    pub key: Option<String>,
    /// The vendor's name.
    pub vendor: Option<String>,
    /// When it began.
    pub began_at: Option<Millis>,
}

/// What is to be written after an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Nothing.
    Nothing,
    /// Nothing yet: the new state is kept in memory, and is lost with its instance.
    Hold,
    /// The new state.
    Save,
    /// Everything about the machine is deleted.
    Forget,
}

/// A state machine that a register keeps.
pub trait Machine: Clone + Serialize + DeserializeOwned {
    /// What can happen to it.
    type Event;
    /// What it asks to be done.
    type Output;
    /// What it needs to know of its surroundings.
    type Context<'a>;

    /// The kind's name, which is part of the names of its registers and of what its states are sealed for.
    const KIND: &'static str;

    /// The event of a wake-up time that has come.
    fn alarm() -> Self::Event;

    /// Whether an event is that one: what it leads to comes by itself, and nobody waits for it.
    fn is_alarm(event: &Self::Event) -> bool;

    /// The event of an instance that finds the machine under way in storage: what an earlier instance had sent is lost.
    fn restarted() -> Self::Event;

    /// Takes an event, and says what is to be done, in order. An event that does not fit changes nothing.
    fn advance(&mut self, event: Self::Event, context: &Self::Context<'_>) -> Vec<Self::Output>;

    /// What the outputs of an event write.
    fn effect(outputs: &[Self::Output]) -> Effect;

    /// Counts the saves.
    fn version(&self) -> u64;

    /// Whether this release can read the layout of the state.
    fn is_readable(&self) -> bool;

    /// When it must be woken; `None` when nothing is to come by itself.
    fn wake_at(&self) -> Option<Millis>;

    /// Its need of a connection.
    fn work(&self) -> Work;

    /// Whether the state holds nothing personal any more, so that it is kept without a seal.
    fn is_plain(&self) -> bool;

    /// What operators search by.
    fn facts(&self) -> Facts;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn claims_get_connections_in_their_order_and_what_is_due_leaves_one_to_them() {
        let of = |all, under_way| Connections { all, under_way };
        assert_eq!([of(4, 0).for_due(), of(4, 2).for_due(), of(4, 3).for_due(), of(4, 4).for_due(), of(1, 0).for_due()], [3, 1, 0, 0, 1]);
        assert_eq!([of(4, 3).has_free(), of(4, 4).has_free()], [true, false]);
        assert!(of(4, 3).may_take_one(false, true) && of(4, 3).may_take_one(true, false));
        assert!(!of(4, 3).may_take_one(false, false) && !of(4, 4).may_take_one(true, true));
        let turns: Vec<_> = (1..=8).filter(|freed| Connections::is_turn_of_due(*freed)).collect();
        assert_eq!(turns, [4, 8]);
    }

    #[test]
    fn every_register_is_woken_within_an_hour_once() {
        let mut woken: Vec<_> = (0..60).flat_map(|minute| swept(1_024, minute)).collect();
        woken.sort_unstable();
        assert_eq!(woken, (0..1_024).collect::<Vec<_>>());
        assert_eq!(swept(8, 17).count(), 8, "few are woken each minute");
    }
}
