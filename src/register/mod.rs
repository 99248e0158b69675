//! A register: one Durable Object that keeps many machines of one kind. Loads, advances, saves, performs; takes no decision of its own.
//!
//! - **One transition at a time.** Storage is synchronous, so a transition is read, advanced and saved without an await in between, before anything is sent.
//! - **Restarts come first.** An instance that starts finds what was under way in storage and tells it so, before any other event: whatever its predecessor had sent is lost.
//! - **Connections are scarce.** The platform lets an object wait for the headers of six responses at a time, of whatever kind. A register has `CALLS_AT_ONCE` calls to vendors under way;
//!   claims wait for one in their order, and what an alarm has to send leaves one to them.
//! - **The alarm waits for no vendor.** It is set again first, takes at most 64 machines, starts their calls in the background and returns. Errors of the
//!   platform leave it as errors, so that the platform rings again; one machine that cannot be opened or that traps is put off, ever longer, and stops none of its neighbours.
//! - **Every entry repairs.** An alarm that should have rung and did not is set again.
//! - In memory is only what has a call under way or waits for one; a machine at rest is loaded, asked and dropped.
//!
//! A register serves some 1,000 requests a second and keeps 10 GB (the platform's limits); with four calls of 5 s each it makes 0.8 calls a second, so calls
//! saturate first: `docs/COST.md` has the arithmetic.

mod alarm;
mod call;
mod callback;
pub(crate) mod check;
pub(crate) mod consent;
mod counter;
pub(crate) mod database;
pub(crate) mod module;
mod object;
pub(crate) mod operate;
mod outbox;
pub(crate) mod proof;
mod reconcile;
mod review;
mod row;
pub(crate) mod session;
pub(crate) mod statements;
mod store;
pub(crate) mod subject;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use futures_channel::oneshot;
use toran_core::machine::{Connections, Effect, Machine, Work};
use toran_core::place::{Identity, Place};
use toran_core::problem::Problem;
use toran_core::readiness;
use toran_core::seal::Ring;
use toran_core::time::Millis;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::future_to_promise;
use worker::worker_sys::DurableObjectState;
use worker::{Env, Result};

use crate::guard::misconfigured;
use crate::platform;
use crate::settings::Settings;
#[cfg(feature = "failpoints")]
pub(crate) use database::query_rows as query;
use outbox::{Flushing, Outgoing};
use row::{Entry, Row};
use store::{Made, Owed, Store};

/// What the shell adds to a kind of machine.
pub(crate) trait Kept: Machine + 'static {
    /// Answers a question to the register, in the words of the kind.
    async fn answered(register: &Rc<Register<Self>>, question: String) -> Result<String>;

    /// Carries out what steps want done, in the background.
    fn go_on(register: &Rc<Register<Self>>, steps: Vec<Step<Self>>);

    /// Advances the machine with what it needs to know of its surroundings.
    fn advanced(&mut self, event: Self::Event, env: &Env, identity: &Identity, has_slot: bool) -> Vec<Self::Output>;

    /// Whether a developer may forget all machines of the register: none of them has anything under way, or says what was paid.
    const IS_FORGOTTEN_AT_ONCE: bool = false;

    /// Whether a waiting caller can be told the end.
    fn is_settled(&self) -> bool {
        true
    }

    /// Whether the request may still have to be sent.
    fn needs_request(&self) -> bool {
        false
    }

    /// The event of a connection that is free, for a machine that waits for one.
    fn slot() -> Option<Self::Event> {
        None
    }

    /// Says at once what nobody may miss, before anything else is done: what only a background task knew would be lost with it.
    fn announce(_: &Row<Self>, _: &[Self::Output]) {}

    /// Whether its transitions stand in journals.
    const HAS_OUTBOX: bool = false;

    /// What of a transition stands in a journal, and whose.
    fn journaled(&self, _before: &Self, _: &Identity) -> Option<Outgoing> {
        None
    }

    /// The reply that an event brings, for the ledger.
    fn heard(_: &Self::Event) -> Option<Entry> {
        None
    }

    /// The call that outputs send, for the ledger.
    fn sent(_: &[Self::Output]) -> Option<Entry> {
        None
    }
}

/// What came of an event: the machine as it is now, and what is to be done.
pub(crate) struct Step<K: Kept> {
    row: Rc<Row<K>>,
    outputs: Vec<K::Output>,
}

/// The name of a register's object.
fn object(kind: &str, number: u32) -> String {
    format!("{kind}/{number}")
}

/// Adds to steps that are saved, and must be carried out: where there are some already, an error is logged and does not undo them.
fn gather<K: Kept>(steps: &mut Vec<Step<K>>, more: Result<Vec<Step<K>>>) -> Result<()> {
    match more {
        Ok(more) => steps.extend(more),
        Err(error) if steps.is_empty() => return Err(error),
        Err(error) => platform::log_error("register", &error),
    }
    Ok(())
}

/// A caller that waits, and is handed the machine once it is settled.
type Waiter<K> = oneshot::Sender<Rc<Row<K>>>;

/// The machines of one Durable Object.
pub(crate) struct Register<K: Kept> {
    context: DurableObjectState,
    env: Env,
    store: Store<K>,
    is_started: Cell<bool>,
    /// When the alarm rings, as far as this instance knows.
    alarm_at: Cell<Option<Millis>>,
    /// The machines that have a call under way or wait for a connection: as they are stored, or held ([`Effect::Hold`]).
    active: RefCell<BTreeMap<Place, Rc<Row<K>>>>,
    /// Whether machines are put off before they are woken.
    is_careful: Cell<bool>,
    /// Counts the connections that became free.
    freed: Cell<u32>,
    /// Whether something due may wait for a connection.
    is_starved: Cell<bool>,
    /// Those that wait for a connection, in their order.
    queue: RefCell<VecDeque<Place>>,
    /// The callers that wait for a machine to be settled.
    waiting: RefCell<BTreeMap<Place, Vec<Waiter<K>>>>,
    /// How handing over the outbox goes.
    flushing: Cell<Flushing>,
}

impl<K: Kept> Register<K> {
    fn new(context: DurableObjectState, env: Env) -> Self {
        Self {
            store: Store::of(&context),
            context,
            env,
            is_started: Cell::default(),
            alarm_at: Cell::default(),
            active: RefCell::default(),
            is_careful: Cell::default(),
            freed: Cell::default(),
            is_starved: Cell::default(),
            queue: RefCell::default(),
            waiting: RefCell::default(),
            flushing: Cell::default(),
        }
    }

    /// Comes before everything else of every entry. Answers what the machines that were under way want done.
    ///
    /// A register that was made for other settings refuses to work: it would look for its machines in the wrong places, and pay again.
    fn enter(&self) -> Result<std::result::Result<Vec<Step<K>>, Problem>> {
        if self.is_started.get() {
            self.repair()?;
            return Ok(Ok(Vec::new()));
        }
        if let Err(problem) = self.made_for() {
            return Ok(Err(problem));
        }
        let made = self.store.made()?;
        let is_made = made.is_some();
        if let Some(Made { format, registers: made_for, index_key }) = made {
            let other = || readiness::other_than_made(Settings::of(&self.env), made_for, &index_key);
            let refused = if Store::<K>::knows(format) { other() } else { Some("format") };
            if let Some(setting) = refused {
                return Ok(Err(misconfigured(setting)));
            }
        }
        let steps = if is_made { self.restart()? } else { Vec::new() };
        // Only now: a start that the platform failed is begun again by the next entry.
        self.is_started.set(true);
        Ok(Ok(steps))
    }

    /// The settings that the register's places follow from.
    fn made_for(&self) -> std::result::Result<(u32, String), Problem> {
        let settings = Settings::of(&self.env);
        Ok((settings.registers()?, settings.index()?.fingerprint()))
    }

    /// Tells each machine that was under way that its instance died, and queues those that waited.
    fn restart(&self) -> Result<Vec<Step<K>>> {
        let busy = self.store.busy()?;
        // The last start or alarm did not end: one of the machines may trap. Their own times wake them, one an alarm.
        if busy.is_empty() || self.store.ring_begins()? {
            self.rearm()?;
            return Ok(Vec::new());
        }
        let mut steps = Vec::new();
        for place in busy.iter().filter(|owed| !owed.is_queued()).filter_map(Owed::place) {
            gather(&mut steps, self.attempt(place, K::restarted()).map(Vec::from_iter))?;
        }
        for place in busy.iter().filter(|owed| owed.is_queued()).filter_map(Owed::place) {
            if let Some(row) = self.opened(place)? {
                self.activate(place, &row);
            }
        }
        // Those that waited for a connection may find one now.
        gather(&mut steps, self.pump())?;
        let rest = self.store.ring_ends().and_then(|()| self.rearm());
        gather(&mut steps, rest.map(|()| Vec::new()))?;
        Ok(steps)
    }

    /// The machine at a place.
    fn row(&self, place: Place) -> Result<Option<Rc<Row<K>>>> {
        if let Some(row) = self.active.borrow().get(&place) {
            return Ok(Some(Rc::clone(row)));
        }
        self.stored(place)
    }

    /// Does something that nobody waits for. The object stays until it is done.
    fn in_background(&self, work: impl Future<Output = ()> + 'static) {
        let work = future_to_promise(async move {
            work.await;
            Ok(JsValue::UNDEFINED)
        });
        // Only the binding can fail, which every object has.
        let _ = self.context.wait_until(&work);
    }

    /// The machine at a place as it is stored, whatever is held in memory.
    fn stored(&self, place: Place) -> Result<Option<Rc<Row<K>>>> {
        Ok(self.store.load(self.ring()?, place)?.map(Rc::new))
    }

    fn ring(&self) -> Result<&'static Ring> {
        Settings::of(&self.env).ring().map_err(|bad| worker::Error::from(bad.0))
    }

    /// One event of the machine at a place, saved.
    fn apply(&self, place: Place, event: K::Event) -> Result<Option<Step<K>>> {
        match self.row(place)? {
            Some(row) => self.advance(&row, event).map(Some),
            None => Ok(None),
        }
    }

    /// The same for a machine whose neighbours must go on: one that cannot be opened is put off.
    fn attempt(&self, place: Place, event: K::Event) -> Result<Option<Step<K>>> {
        match self.opened(place)? {
            Some(row) => self.advance(&row, event).map(Some),
            None => Ok(None),
        }
    }

    fn opened(&self, place: Place) -> Result<Option<Rc<Row<K>>>> {
        // A ring that cannot be read is no machine's fault.
        self.ring()?;
        self.row(place).or_else(|error| {
            // The platform's own errors meet the next statement too, and leave by it.
            if self.store.put_off(place)? == if self.is_careful.get() { 2 } else { 1 } {
                platform::log_unreadable(K::KIND, place, &error.to_string());
            }
            Ok(None)
        })
    }

    /// One transition of a machine, saved together with its ledger and its alarm.
    fn advance(&self, row: &Rc<Row<K>>, event: K::Event) -> Result<Step<K>> {
        let place = row.identity.place;
        let (heard, has_slot) = (K::heard(&event), self.has_slot(place, &event));
        let mut machine = row.machine.clone();
        let outputs = machine.advanced(event, &self.env, &row.identity, has_slot);
        let row = match K::effect(&outputs) {
            Effect::Nothing => {
                if let Some(heard) = &heard {
                    self.store.note(place, heard)?;
                }
                K::announce(row, &outputs);
                return Ok(Step { row: Rc::clone(row), outputs });
            }
            Effect::Forget => {
                self.store.forget(place)?;
                self.active.borrow_mut().remove(&place);
                return Ok(Step { row: Rc::clone(row), outputs });
            }
            Effect::Hold => {
                let row = Rc::new(row.with(machine, row.request.clone()).held());
                self.activate(place, &row);
                return Ok(Step { row, outputs });
            }
            Effect::Save => {
                let request = if machine.needs_request() { row.request.clone() } else { None };
                let entries: Vec<_> = heard.into_iter().chain(K::sent(&outputs)).collect();
                let outgoing = machine.journaled(&row.machine, &row.identity);
                let saved = self.save(row.with(machine, request), &entries, outgoing.as_ref());
                if saved.is_err() && row.is_held {
                    // Nobody knows of it any more, so nobody waits for it.
                    self.waiting.borrow_mut().remove(&place);
                }
                saved?
            }
        };
        K::announce(&row, &outputs);
        self.activate(place, &row);
        if row.machine.is_settled() {
            for waiter in self.waiting.borrow_mut().remove(&place).unwrap_or_default() {
                // A waiter that has left needs no word.
                let _ = waiter.send(Rc::clone(&row));
            }
        }
        Ok(Step { row, outputs })
    }

    fn save(&self, row: Row<K>, entries: &[Entry], outgoing: Option<&Outgoing>) -> Result<Rc<Row<K>>> {
        let (place, due_at) = (row.identity.place, outgoing.map(|outgoing| outgoing.entry.due_at()));
        let wake_at = row.machine.wake_at().into_iter().chain(due_at).min();
        let saved = self.made_for().map_err(|problem| worker::Error::from(problem.key.into_owned())).and_then(|(registers, index)| {
            self.store.make(registers, &index)?;
            // Before the transaction, in the same turn: an alarm too many does no harm.
            if let Some(at) = wake_at {
                self.arm(at)?;
            }
            self.store.save(self.ring()?, row, entries, outgoing)
        });
        // What is in memory was not saved: forget it; storage knows.
        saved.map(Rc::new).inspect_err(|_| drop(self.active.borrow_mut().remove(&place)))
    }

    /// Keeps in memory what has a call under way or waits for a connection.
    fn activate(&self, place: Place, row: &Rc<Row<K>>) {
        let work = row.machine.work();
        if matches!(work, Work::UnderWay | Work::Queued) {
            let before = self.active.borrow_mut().insert(place, Rc::clone(row));
            if work == Work::Queued && before.is_none() {
                self.queue.borrow_mut().push_back(place);
            }
        } else {
            self.active.borrow_mut().remove(&place);
        }
        if work != Work::Queued {
            self.queue.borrow_mut().retain(|queued| *queued != place);
        }
    }

    /// The connections to vendors, and how many of them machines hold.
    fn connections(&self) -> Connections {
        Connections { all: Settings::of(&self.env).calls_at_once(), under_way: self.under_way() }
    }

    /// How many connections machines hold.
    fn under_way(&self) -> usize {
        self.active.borrow().values().filter(|row| row.machine.work() == Work::UnderWay).count()
    }

    /// Whether a machine may have a connection for this event: its own, or one that is free. Claims get one in their order; how many an alarm may take is the alarm's to
    /// say.
    fn has_slot(&self, place: Place, event: &K::Event) -> bool {
        let holds_one = self.active.borrow().get(&place).is_some_and(|row| row.machine.work() == Work::UnderWay);
        holds_one || self.connections().may_take_one(K::is_alarm(event), self.queue.borrow().is_empty())
    }

    /// Waits until a machine is settled, so long at most. Answers it as it is then; `None` also for one that was held and could not be saved.
    async fn settled(&self, place: Place, time: Millis) -> Result<Option<Rc<Row<K>>>> {
        let row = self.row(place)?;
        if time <= 0 || row.as_ref().is_none_or(|row| row.machine.is_settled()) {
            return Ok(row);
        }
        let (sender, receiver) = oneshot::channel();
        self.waiting.borrow_mut().entry(place).or_default().push(sender);
        if let Some(end) = platform::within(time, receiver).await {
            return Ok(end.ok());
        }
        self.waiting.borrow_mut().retain(|_, senders| {
            senders.retain(|sender| !sender.is_canceled());
            !senders.is_empty()
        });
        self.row(place)
    }
}
