//! What comes by itself: the alarm of a register, and what a free connection is used for.
//!
//! The alarm waits for no vendor: it is set again before anything else, takes at most [`DUE_AT_ONCE`] machines that need no connection, and hands back what they want
//! done. Errors of the platform leave it as errors, so that the platform rings again. A row says that it rings: if the last one did not end, one of its machines may trap,
//! and the next takes one machine, which is put off first.

use toran_core::machine::{Connections, Work};
use toran_core::time::{MINUTE, Millis, SECOND};
use worker::Result;

use super::store::Owed;
use super::{Kept, Register, Step, gather};
use crate::platform;

/// How many due machines one alarm takes.
const DUE_AT_ONCE: usize = 64;
/// The delay before the next alarm if this one does not end, and if more is due than it took.
const AGAIN: Millis = 5 * SECOND;
pub(super) const SOON: Millis = SECOND;
/// An alarm that is later than this is lost.
pub(super) const LATE: Millis = 5 * SECOND;

/// How soon an alarm rings again under settings that the register was not made for.
const REFUSED: Millis = MINUTE;

impl<K: Kept> Register<K> {
    /// Starts what a free connection may be used for: claims in their order, and what is due, which gets its turn also while claims wait.
    pub(super) fn pump(&self) -> Result<Vec<Step<K>>> {
        let mut steps = Vec::new();
        if K::slot().is_none() {
            return Ok(steps);
        }
        self.freed.set(self.freed.get().wrapping_add(1));
        if self.is_starved.get() && Connections::is_turn_of_due(self.freed.get()) && self.connections().has_free() {
            gather(&mut steps, self.store.due(platform::now(), true, 1).and_then(|due| self.wake(&due)))?;
        }
        while self.connections().has_free() {
            let Some(place) = self.queue.borrow_mut().pop_front() else { break };
            let is_queued = self.active.borrow().get(&place).is_some_and(|row| row.machine.work() == Work::Queued);
            if let (true, Some(slot)) = (is_queued, K::slot()) {
                gather(&mut steps, self.apply(place, slot).map(Vec::from_iter))?;
            }
        }
        if self.is_starved.get() {
            gather(&mut steps, self.wake_starved())?;
        }
        Ok(steps)
    }

    /// Wakes what is due and needs a connection, as many as may be used for it: all but one, which is left to claims. More may be left.
    fn wake_starved(&self) -> Result<Vec<Step<K>>> {
        let open = self.connections().for_due();
        let due = if open > 0 { self.store.due(platform::now(), true, open)? } else { Vec::new() };
        self.is_starved.set(due.len() == open);
        self.wake(&due)
    }

    fn wake(&self, due: &[Owed]) -> Result<Vec<Step<K>>> {
        let mut steps = Vec::new();
        for place in due.iter().filter_map(Owed::place) {
            gather(&mut steps, self.attempt(place, K::alarm()).map(Vec::from_iter))?;
        }
        Ok(steps)
    }

    /// The alarm. Answers what the machines that it woke want done.
    pub(super) fn ring_alarm(&self) -> Result<Vec<Step<K>>> {
        self.alarm_at.set(None);
        if !self.store.is_made() {
            return Ok(Vec::new());
        }
        // Most alarms are for what has ended since.
        let is_due = self.store.next_wake()?.is_some_and(|at| at <= platform::now());
        let mut steps = if is_due { self.ring_due()? } else { Vec::new() };
        gather(&mut steps, self.rearm().map(|()| Vec::new()))?;
        Ok(steps)
    }

    fn ring_due(&self) -> Result<Vec<Step<K>>> {
        let is_second = self.store.ring_begins()?;
        self.set_alarm(platform::now().saturating_add(AGAIN))?;
        let mut steps = if is_second { self.ring_carefully()? } else { self.ring_all()? };
        // What has ended its call leaves its connection to another.
        gather(&mut steps, self.pump())?;
        gather(&mut steps, self.store.ring_ends().map(|()| Vec::new()))?;
        Ok(steps)
    }

    fn ring_all(&self) -> Result<Vec<Step<K>>> {
        let mut steps = self.wake(&self.store.due(platform::now(), false, DUE_AT_ONCE)?)?;
        if K::slot().is_some() {
            gather(&mut steps, self.wake_starved())?;
        }
        Ok(steps)
    }

    /// The last alarm did not end: one of its machines may trap. The one that is due longest is put off before it is woken, so that the others get their turn.
    fn ring_carefully(&self) -> Result<Vec<Step<K>>> {
        let due = self.store.longest_due(platform::now())?;
        let Some(place) = due.first().and_then(Owed::place) else { return Ok(Vec::new()) };
        self.store.put_off(place)?;
        self.is_careful.set(true);
        let step = self.attempt(place, K::alarm());
        self.is_careful.set(false);
        step.map(Vec::from_iter)
    }

    /// The alarm of a register that was made for other settings: kept, until the right ones are back.
    pub(super) fn ring_later(&self) -> Result<()> {
        self.set_alarm(platform::now().saturating_add(REFUSED))
    }

    /// Sets the alarm for the next machine, or for soon where some are due.
    pub(super) fn rearm(&self) -> Result<()> {
        match self.next_alarm()? {
            Some(at) => self.set_alarm(at),
            None => Ok(()),
        }
    }

    fn next_alarm(&self) -> Result<Option<Millis>> {
        let soon = platform::now().saturating_add(SOON);
        let next = self.store.next_wake()?.into_iter().chain(self.outbox_wake()?).min();
        Ok(next.map(|at| if at > platform::now() { at } else { soon }))
    }

    /// Sets the alarm again that should have rung and did not.
    pub(super) fn repair(&self) -> Result<()> {
        let is_sound = self.alarm_at.get().is_some_and(|at| at.saturating_add(LATE) >= platform::now());
        if is_sound { Ok(()) } else { self.rearm() }
    }

    /// Sets the alarm, unless it rings sooner. Where this instance does not know when it rings, the machines do.
    pub(super) fn arm(&self, at: Millis) -> Result<()> {
        match self.alarm_at.get() {
            Some(known) if known <= at => Ok(()),
            Some(_) => self.set_alarm(at),
            None => {
                let next = self.next_alarm()?;
                self.set_alarm(next.map_or(at, |next| next.min(at)))
            }
        }
    }

    fn set_alarm(&self, at: Millis) -> Result<()> {
        self.store.arm(at)?;
        self.alarm_at.set(Some(at));
        Ok(())
    }
}
