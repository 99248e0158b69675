//! What whoever runs the gateway does with registers: makes all of them at once, near the vendors, and wakes them in turn.

use std::rc::Rc;

use futures_util::{StreamExt, TryStreamExt, stream};
use toran_core::budget::Family;
use toran_core::check::Check;
use toran_core::consent::Consent;
use toran_core::keys;
use toran_core::machine::{self, Machine};
use toran_core::module::Module;
use toran_core::problem::Problem;
use toran_core::proof::number::Number;
use toran_core::readiness::{Known, Registers};
use toran_core::velocity::Subject;
use worker::{Env, Result};

use super::alarm::{LATE, SOON};
use super::{Kept, Register, check, consent, module, object, proof, session, subject};
use crate::storage;
use crate::{message, platform};

/// A kind of register: its binding and the first part of its objects' names.
pub(crate) struct Kind {
    binding: &'static str,
    name: &'static str,
}

/// Every kind of register.
pub(crate) static KINDS: &[Kind] = &[
    Kind { binding: check::BINDING, name: Check::KIND },
    Kind { binding: subject::BINDING, name: Subject::KIND },
    Kind { binding: session::BINDING, name: Family::KIND },
    Kind { binding: module::BINDING, name: Module::KIND },
    Kind { binding: proof::BINDING, name: Number::KIND },
    Kind { binding: consent::BINDING, name: Consent::KIND },
];

/// The order to make the tables of a register.
const MAKE: &str = "make";

/// Makes a register, where it is asked for first; it stays there for ever.
pub(crate) async fn make(env: &Env, kind: &Kind, number: u32) -> std::result::Result<(), Problem> {
    message::order(env, kind.binding, &object(kind.name, number), MAKE).await.map_err(|error| {
        platform::log_error("register_make", &error);
        Problem::new(keys::INTERNAL)
    })
}

/// The order to forget all machines.
const FORGET: &str = "forget";

/// The kinds that are forgotten at once.
static FORGETTABLE: &[Kind] =
    &[Kind { binding: subject::BINDING, name: Subject::KIND }, Kind { binding: proof::BINDING, name: Number::KIND }];

/// Forgets every subject and every one-time password, so that none has used up what it may ask.
pub(crate) async fn forget_subjects(env: &Env, registers: u32) -> std::result::Result<(), Problem> {
    let names = (0..registers).flat_map(|number| FORGETTABLE.iter().map(move |kind| (kind, object(kind.name, number))));
    let orders = names.map(|(kind, name)| async move { message::order(env, kind.binding, &name, FORGET).await });
    stream::iter(orders).buffer_unordered(OPEN).try_collect::<()>().await.map_err(|error| {
        platform::log_error("register_forget", &error);
        Problem::new(keys::INTERNAL)
    })
}

/// The order to set the alarm again where it was lost.
const WAKE: &str = "wake";
/// How many registers are woken at a time: the platform's own limit of connections.
const OPEN: usize = 6;

/// Wakes this minute's share of the registers that were made, so that each whose alarm was lost goes on. One that was never made is left alone: it would be made here.
pub(crate) async fn sweep(env: &Env, minute: u32) {
    let Known::Made(Registers { count, .. }) = storage::registers(env).await else { return };
    let numbers = machine::swept(count, minute);
    let orders = numbers.flat_map(|number| KINDS.iter().map(move |kind| (kind, object(kind.name, number))));
    let woken = orders.map(|(kind, name)| async move { message::order(env, kind.binding, &name, WAKE).await });
    stream::iter(woken)
        .buffer_unordered(OPEN)
        .for_each(|woken| async { woken.unwrap_or_else(|error| platform::log_error("register_wake", &error)) })
        .await;
}

impl<K: Kept> Register<K> {
    /// Carries out an order of whoever runs the gateway. A register that was made for other settings refuses.
    pub(super) fn ordered(register: &Rc<Self>, order: &str) -> Result<()> {
        let (registers, index) = register.made_for().map_err(|problem| worker::Error::from(problem.key.into_owned()))?;
        let Ok(steps) = register.enter()? else { return Err("the register was made for other settings".into()) };
        // First of all: they are saved, and must be carried out whatever becomes of the order.
        K::go_on(register, steps);
        match order {
            MAKE => register.store.make(registers, &index),
            WAKE => register.wake_up().and_then(|()| Self::flush(register)),
            FORGET if K::IS_FORGOTTEN_AT_ONCE => register.store.forget_all(),
            _ => Err("the order is of another release".into()),
        }
    }

    /// Sets the alarm for what is due and was not woken; one that is about to ring is not put off.
    fn wake_up(&self) -> Result<()> {
        let now = platform::now();
        if self.store.next_wake()?.is_some_and(|at| at.saturating_add(LATE) < now) {
            self.arm(now.saturating_add(SOON))?;
        }
        Ok(())
    }
}
