//! What a register needs to know of the machines that it keeps (docs/ARCHITECTURE.md, "Registers").
//!
//! A machine takes events and returns what is to be done, in order; it has no clock, no storage and no connection. A register loads, advances, saves and
//! performs, whatever the machine is about: checks ([`crate::check::Check`]) and the subjects of velocity limits ([`crate::velocity::Subject`]).

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
