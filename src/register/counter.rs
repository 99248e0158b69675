//! The registers of machines that only count ([`toran_core::count`]): asked by one question, answered by one verdict.

use std::rc::Rc;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use toran_core::count::{Counter, Event, Output};
use toran_core::machine::Machine;
use toran_core::place::{Identity, Place};
use toran_core::problem::Problem;
use worker::{Env, Result};

use super::row::Row;
use super::{Kept, Register, Step, object};
use crate::message as wire;
use crate::platform;
use crate::settings::Settings;

/// The version of the messages to such a register.
const VERSION: u8 = 1;

/// What the shell adds to a kind of counter.
pub(crate) trait Counted: Counter<Question: Serialize + DeserializeOwned, Verdict: Serialize + DeserializeOwned> + 'static {
    /// The binding of its registers.
    const BINDING: &'static str;
    /// [`Kept::IS_FORGOTTEN_AT_ONCE`].
    const IS_FORGETTABLE: bool = false;

    /// Advances it with what it needs to know of its surroundings.
    fn advanced_in(&mut self, event: Event<Self::Question>, env: &Env) -> Vec<Output<Self::Verdict>>;
}

#[derive(Serialize, Deserialize)]
struct Message<Q> {
    v: u8,
    place: String,
    #[serde(flatten)]
    question: Q,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Told<V> {
    Verdict(V),
    /// The register was made for other settings.
    Refused(Problem),
}

/// Asks the counter at a place; a problem where its register refuses to work.
pub(super) async fn ask<C: Counted>(env: &Env, place: Place, question: C::Question) -> Result<std::result::Result<C::Verdict, Problem>> {
    let registers = match Settings::of(env).registers() {
        Ok(registers) => registers,
        Err(bad) => return Ok(Err(bad.into())),
    };
    let message = serde_json::to_string(&Message { v: VERSION, place: place.to_string(), question })?;
    let reply = wire::ask(env, C::BINDING, &object(C::NAME, place.register(registers)), message).await?;
    Ok(match serde_json::from_str(&reply)? {
        Told::Verdict(verdict) => Ok(verdict),
        Told::Refused(problem) => Err(problem),
    })
}

impl<C: Counted> Register<C> {
    fn told(&self, place: Place, question: C::Question) -> Result<C::Verdict> {
        let row = match self.row(place)? {
            Some(row) => row,
            None => Row::new(Identity { place, nonce: platform::random().ok_or("no randomness")? }, C::default(), None).into(),
        };
        let step = self.advance(&row, Event::Ask(question))?;
        let verdict = step.outputs.into_iter().find_map(|output| if let Output::Tell(verdict) = output { Some(verdict) } else { None });
        verdict.ok_or_else(|| "no verdict".into())
    }
}

impl<C: Counted> Kept for C {
    const IS_FORGOTTEN_AT_ONCE: bool = C::IS_FORGETTABLE;

    async fn answered(register: &Rc<Register<Self>>, question: String) -> Result<String> {
        let Message { v, place, question } = serde_json::from_str::<Message<C::Question>>(&question)?;
        let place = Place::parse(&place).filter(|_| v <= VERSION).ok_or("the question cannot be read")?;
        let told = match register.enter()? {
            Ok(_) => Told::Verdict(register.told(place, question)?),
            Err(problem) => Told::Refused(problem),
        };
        Ok(serde_json::to_string(&told)?)
    }

    /// Nothing of a counter's is ever under way.
    fn go_on(_: &Rc<Register<Self>>, _: Vec<Step<Self>>) {}

    fn advanced(&mut self, event: <Self as Machine>::Event, env: &Env, _: &Identity, _: bool) -> Vec<<Self as Machine>::Output> {
        self.advanced_in(event, env)
    }
}
