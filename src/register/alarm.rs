//! What comes by itself: the alarm of a register, and what a free connection is used for.
//!
//! The alarm waits for no vendor: it is set again before anything else, takes at most [`DUE_AT_ONCE`] machines that need no connection, and hands back what they want
//! done. Errors of the platform leave it as errors, so that the platform rings again. A row says that it rings: if the last one did not end, one of its machines may trap,
//! and the next takes one machine, which is put off first.

use toran_core::machine::Work;
use toran_core::time::{Millis, SECOND};
use worker::Result;

use super::store::Owed;
use super::{Kept, Register, Step};
use crate::platform;
use crate::settings::Settings;

/// How many due machines one alarm takes.
const DUE_AT_ONCE: usize = 64;
/// How soon an alarm rings again that did not end, and one with more to do than it could.
const AGAIN: Millis = 5 * SECOND;
pub(super) const SOON: Millis = SECOND;
/// An alarm that is later than this is lost.
pub(super) const LATE: Millis = 5 * SECOND;

impl<K: Kept> Register<K> {
    /// Starts what a free connection may be used for: claims in their order, then what is due.
    pub(super) fn pump(&self) -> Result<Vec<Step<K>>> {
        let mut steps = Vec::new();
        let Some(all) = K::slot().map(|_| Settings::of(&self.env).calls_at_once()) else { return Ok(steps) };
        while self.under_way() < all {
            let Some(place) = self.queue.borrow_mut().pop_front() else { break };
            let is_queued = self.active.borrow().get(&place).is_some_and(|row| row.machine.work() == Work::Queued);
            if let (true, Some(slot)) = (is_queued, K::slot()) {
                steps.extend(self.apply(place, slot)?);
            }
        }
        if self.is_starved.get() {
            steps.extend(self.ring_starved()?);
        }
        Ok(steps)
    }

    /// Wakes what is due and needs a connection, as many as there are for it; more may be left.
    fn ring_starved(&self) -> Result<Vec<Step<K>>> {
        let all = Settings::of(&self.env).calls_at_once();
        let open = all.saturating_sub(1).max(1).saturating_sub(self.under_way());
        let due = if open > 0 { self.store.due(platform::now(), true, open)? } else { Vec::new() };
        self.is_starved.set(due.len() == open);
        self.wake(&due)
    }

    fn wake(&self, due: &[Owed]) -> Result<Vec<Step<K>>> {
        let mut steps = Vec::new();
        for owed in due {
            let Some(place) = owed.place() else { continue };
            steps.extend(self.attempt(place, K::alarm())?);
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
        let steps = if is_due { self.ring_due()? } else { Vec::new() };
        self.rearm()?;
        Ok(steps)
    }

    fn ring_due(&self) -> Result<Vec<Step<K>>> {
        let is_second = self.store.ring_begins()?;
        self.arm(platform::now().saturating_add(AGAIN))?;
        let steps = if is_second { self.ring_carefully()? } else { self.ring_all()? };
        self.store.ring_ends()?;
        Ok(steps)
    }

    fn ring_all(&self) -> Result<Vec<Step<K>>> {
        let mut steps = self.wake(&self.store.due(platform::now(), false, DUE_AT_ONCE)?)?;
        if K::slot().is_some() {
            steps.extend(self.ring_starved()?);
        }
        Ok(steps)
    }

    /// The last alarm did not end: one of its machines may trap. Each is put off before it is woken, one an alarm, so that the others get their turn.
    fn ring_carefully(&self) -> Result<Vec<Step<K>>> {
        let mut due = self.store.due(platform::now(), false, 1)?;
        due.extend(self.store.due(platform::now(), true, 1)?);
        let Some(place) = due.first().and_then(Owed::place) else { return Ok(Vec::new()) };
        self.store.put_off(place)?;
        Ok(self.attempt(place, K::alarm())?.into_iter().collect())
    }

    /// Sets the alarm for the next machine, or for soon where some are due.
    pub(super) fn rearm(&self) -> Result<()> {
        match self.store.next_wake()? {
            Some(at) => {
                self.alarm_at.set(None);
                let now = platform::now();
                self.arm(if at > now { at } else { now.saturating_add(SOON) })
            }
            None => Ok(()),
        }
    }

    /// Sets the alarm again that should have rung and did not.
    pub(super) fn repair(&self) -> Result<()> {
        let is_late = self.alarm_at.get().is_some_and(|at| at.saturating_add(LATE) < platform::now());
        if is_late { self.rearm() } else { Ok(()) }
    }

    /// Sets the alarm, unless it rings sooner.
    pub(super) fn arm(&self, at: Millis) -> Result<()> {
        if self.alarm_at.get().is_some_and(|known| known <= at) {
            return Ok(());
        }
        self.store.arm(at)?;
        self.alarm_at.set(Some(at));
        Ok(())
    }
}
