//! The registers of subjects (a mobile number, over all tenants: the vendor counts per number): their velocity permits. The rule is [`toran_core::velocity`].

use std::rc::Rc;

use serde::{Deserialize, Serialize};
use toran_core::machine::Machine;
use toran_core::place::{Identity, Place};
use toran_core::problem::Problem;
use toran_core::velocity::{Context, Event, Output, Subject, Verdict};
use worker::{Env, Result};

use super::row::Row;
use super::{Kept, Register, Step, object};
use crate::message as wire;
use crate::platform;
use crate::settings::Settings;

pub(super) const BINDING: &str = "SUBJECT_REGISTER";

/// The version of the messages between a check's register and a subject's.
const VERSION: u8 = 1;

#[derive(Serialize, Deserialize)]
struct Question {
    v: u8,
    place: String,
    permit: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Told {
    Verdict(Verdict),
    /// The register was made for other settings.
    Refused(Problem),
}

/// Asks for a permit of a mobile number, under its name.
pub(super) async fn take(env: &Env, number: &str, permit: &str) -> Result<Verdict> {
    let settings = Settings::of(env);
    let (index, registers) = (settings.index(), settings.registers());
    let (Ok(index), Ok(registers)) = (index, registers) else { return Err("a setting is missing".into()) };
    let place = Place::of_subject(index, number);
    let question = Question { v: VERSION, place: place.to_string(), permit: permit.to_owned() };
    let reply = wire::ask(env, BINDING, &object(Subject::KIND, place.register(registers)), serde_json::to_string(&question)?).await?;
    match serde_json::from_str(&reply)? {
        Told::Verdict(verdict) => Ok(verdict),
        Told::Refused(problem) => Err(problem.key.into_owned().into()),
    }
}

impl Register<Subject> {
    fn take(&self, place: Place, permit: String) -> Result<Verdict> {
        let row = match self.row(place)? {
            Some(row) => row,
            None => Row::new(Identity { place, nonce: platform::random().ok_or("no randomness")? }, Subject::default(), None).into(),
        };
        let step = self.advance(&row, Event::Take(permit))?;
        let verdict = step.outputs.into_iter().find_map(|output| if let Output::Tell(verdict) = output { Some(verdict) } else { None });
        verdict.ok_or_else(|| "no verdict".into())
    }
}

impl Kept for Subject {
    const IS_FORGOTTEN_AT_ONCE: bool = true;

    async fn answered(register: &Rc<Register<Self>>, question: String) -> Result<String> {
        let Question { v, place, permit } = serde_json::from_str(&question)?;
        let place = Place::parse(&place).filter(|_| v <= VERSION).ok_or("the question cannot be read")?;
        let reply = match register.enter()? {
            Ok(_) => Told::Verdict(register.take(place, permit)?),
            Err(problem) => Told::Refused(problem),
        };
        Ok(serde_json::to_string(&reply)?)
    }

    /// Nothing of a subject's is ever under way.
    fn go_on(_: &Rc<Register<Self>>, _: Vec<Step<Self>>) {}

    fn advanced(&mut self, event: Event, env: &Env, _: &Identity, _: bool) -> Vec<Output> {
        let windows = Settings::of(env).velocity_windows();
        self.advance(event, &Context { now: platform::now(), windows: &windows })
    }
}
