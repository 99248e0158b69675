//! The registers of budgets: what each family of browser sessions, and each tenant that has limits, has used up. The rule is [`toran_core::budget`].

use std::rc::Rc;

use serde::{Deserialize, Serialize};
use toran_core::budget::{Charge, Event, Family, Output, Payer, Verdict};
use toran_core::keys;
use toran_core::machine::Machine;
use toran_core::place::{Identity, Place};
use toran_core::problem::Problem;
use worker::{Env, Result};

use super::row::Row;
use super::{Kept, Register, Step, object};
use crate::message as wire;
use crate::platform;
use crate::settings::Settings;

pub(super) const BINDING: &str = "SESSION_REGISTER";

/// The version of the messages between the Worker and a session's register.
const VERSION: u8 = 1;

#[derive(Serialize, Deserialize)]
struct Question {
    v: u8,
    place: String,
    charge: Charge,
    /// Whether the charge's payments are given back.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    is_returned: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Told {
    Verdict(Verdict),
    /// The register was made for other settings.
    Refused(Problem),
}

/// Takes what requests use up from the budget at a place. What is not known to be left is not given.
pub(crate) async fn take(env: &Env, place: Place, charge: Charge) -> std::result::Result<Verdict, Problem> {
    ask(env, place, charge, false).await.map_err(|error| {
        platform::log_error("session_register", &error);
        Problem::new(keys::INTERNAL)
    })?
}

/// Books the rupee of a permit with who pays for it; `false` where there is not enough left.
pub(super) async fn book(env: &Env, payer: &Payer, permit: &str) -> Result<bool> {
    let verdict = ask(env, place_of(payer)?, payer.charge(permit), false).await?;
    Ok(verdict.map_err(|problem| worker::Error::from(problem.key.into_owned()))? == Verdict::Granted)
}

/// Gives the rupee of a permit back to who pays for it.
pub(super) async fn give_back(env: &Env, payer: &Payer, permit: &str) -> Result<()> {
    let told = ask(env, place_of(payer)?, payer.charge(permit), true).await?;
    told.map(drop).map_err(|problem| problem.key.into_owned().into())
}

fn place_of(payer: &Payer) -> Result<Place> {
    Place::parse(&payer.place).ok_or_else(|| "the place of a payer cannot be read".into())
}

async fn ask(env: &Env, place: Place, charge: Charge, is_returned: bool) -> Result<std::result::Result<Verdict, Problem>> {
    let registers = match Settings::of(env).registers() {
        Ok(registers) => registers,
        Err(bad) => return Ok(Err(bad.into())),
    };
    let question = Question { v: VERSION, place: place.to_string(), charge, is_returned };
    let name = object(Family::KIND, place.register(registers));
    Ok(match serde_json::from_str(&wire::ask(env, BINDING, &name, serde_json::to_string(&question)?).await?)? {
        Told::Verdict(verdict) => Ok(verdict),
        Told::Refused(problem) => Err(problem),
    })
}

impl Register<Family> {
    fn take(&self, place: Place, event: Event) -> Result<Verdict> {
        let row = match self.row(place)? {
            Some(row) => row,
            None => Row::new(Identity { place, nonce: platform::random().ok_or("no randomness")? }, Family::default(), None).into(),
        };
        let step = self.advance(&row, event)?;
        let verdict = step.outputs.into_iter().find_map(|output| if let Output::Tell(verdict) = output { Some(verdict) } else { None });
        verdict.ok_or_else(|| "no verdict".into())
    }
}

impl Kept for Family {
    async fn answered(register: &Rc<Register<Self>>, question: String) -> Result<String> {
        let Question { v, place, charge, is_returned } = serde_json::from_str(&question)?;
        let place = Place::parse(&place).filter(|_| v <= VERSION).ok_or("the question cannot be read")?;
        let event = if is_returned { Event::Return(charge.payments) } else { Event::Take(charge) };
        let told = match register.enter()? {
            Ok(_) => Told::Verdict(register.take(place, event)?),
            Err(problem) => Told::Refused(problem),
        };
        Ok(serde_json::to_string(&told)?)
    }

    /// Nothing of a family's is ever under way.
    fn go_on(_: &Rc<Register<Self>>, _: Vec<Step<Self>>) {}

    fn advanced(&mut self, event: Event, _: &Env, _: &Identity, _: bool) -> Vec<Output> {
        self.advance(event, &platform::now())
    }
}
