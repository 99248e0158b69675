//! The registers of subjects (a mobile number or a bank account, over all tenants: the vendor counts per number): their velocity permits. The rule is [`toran_core::velocity`].

use std::rc::Rc;

use serde::{Deserialize, Serialize};
use toran_core::machine::Machine;
use toran_core::operations::payee::Payee;
use toran_core::place::{Identity, Place};
use toran_core::problem::Problem;
use toran_core::time::Millis;
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
    /// When it was known to be paid, of a payment that nobody could ask a permit for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    paid_at: Option<Millis>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Told {
    Verdict(Verdict),
    /// The register was made for other settings.
    Refused(Problem),
}

/// Asks for a permit of who gets a rupee, under its name; or notes what was paid at a time.
pub(super) async fn take(env: &Env, payee: &Payee, permit: &str, paid_at: Option<Millis>) -> Result<Verdict> {
    let settings = Settings::of(env);
    let (index, registers) = (settings.index(), settings.registers());
    let (Ok(index), Ok(registers)) = (index, registers) else { return Err("a setting is missing".into()) };
    let place = payee.place(index);
    let question = Question { v: VERSION, place: place.to_string(), permit: permit.to_owned(), paid_at };
    let reply = wire::ask(env, BINDING, &object(Subject::KIND, place.register(registers)), serde_json::to_string(&question)?).await?;
    match serde_json::from_str(&reply)? {
        Told::Verdict(verdict) => Ok(verdict),
        Told::Refused(problem) => Err(problem.key.into_owned().into()),
    }
}

impl Register<Subject> {
    fn take(&self, place: Place, event: Event) -> Result<Verdict> {
        let row = match self.row(place)? {
            Some(row) => row,
            None => Row::new(Identity { place, nonce: platform::random().ok_or("no randomness")? }, Subject::default(), None).into(),
        };
        let step = self.advance(&row, event)?;
        let verdict = step.outputs.into_iter().find_map(|output| if let Output::Tell(verdict) = output { Some(verdict) } else { None });
        verdict.ok_or_else(|| "no verdict".into())
    }
}

impl Kept for Subject {
    const IS_FORGOTTEN_AT_ONCE: bool = true;

    async fn answered(register: &Rc<Register<Self>>, question: String) -> Result<String> {
        let Question { v, place, permit, paid_at } = serde_json::from_str(&question)?;
        let place = Place::parse(&place).filter(|_| v <= VERSION).ok_or("the question cannot be read")?;
        let event = match paid_at {
            Some(paid_at) => Event::Note { permit, paid_at },
            None => Event::Take(permit),
        };
        let reply = match register.enter()? {
            Ok(_) => Told::Verdict(register.take(place, event)?),
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
