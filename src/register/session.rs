//! The registers of browsers' sessions: what each family has used up. The rule is [`toran_core::budget`].

use std::rc::Rc;

use serde::{Deserialize, Serialize};
use toran_core::budget::{Charge, Event, Family, Output, Verdict};
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
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Told {
    Verdict(Verdict),
    /// The register was made for other settings.
    Refused(Problem),
}

/// Takes what requests of a family use up from its budget. What is not known to be left is not given.
pub(crate) async fn take(env: &Env, family: &str, charge: Charge) -> std::result::Result<(), Problem> {
    let settings = Settings::of(env);
    let (place, registers) = (Place::of_family(settings.index()?, family), settings.registers()?);
    let told = ask(env, place, registers, charge.clone()).await.map_err(|error| {
        platform::log_error("session_register", &error);
        Problem::new(keys::INTERNAL)
    })?;
    match told {
        Told::Verdict(verdict) => verdict.result(&charge, platform::now()),
        Told::Refused(problem) => Err(problem),
    }
}

async fn ask(env: &Env, place: Place, registers: u32, charge: Charge) -> Result<Told> {
    let question = Question { v: VERSION, place: place.to_string(), charge };
    let name = object(Family::KIND, place.register(registers));
    Ok(serde_json::from_str(&wire::ask(env, BINDING, &name, serde_json::to_string(&question)?).await?)?)
}

impl Register<Family> {
    fn take(&self, place: Place, charge: Charge) -> Result<Verdict> {
        let row = match self.row(place)? {
            Some(row) => row,
            None => Row::new(Identity { place, nonce: platform::random().ok_or("no randomness")? }, Family::default(), None).into(),
        };
        let step = self.advance(&row, Event::Take(charge))?;
        let verdict = step.outputs.into_iter().find_map(|output| if let Output::Tell(verdict) = output { Some(verdict) } else { None });
        verdict.ok_or_else(|| "no verdict".into())
    }
}

impl Kept for Family {
    async fn answered(register: &Rc<Register<Self>>, question: String) -> Result<String> {
        let Question { v, place, charge } = serde_json::from_str(&question)?;
        let place = Place::parse(&place).filter(|_| v <= VERSION).ok_or("the question cannot be read")?;
        let told = match register.enter()? {
            Ok(_) => Told::Verdict(register.take(place, charge)?),
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
