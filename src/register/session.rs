//! The registers of budgets: what each family of browser sessions, and each tenant that has limits, has used up. The rule is [`toran_core::budget`].

use toran_core::budget::{Charge, Event, Family, Output, Payer, Question, Verdict};
use toran_core::keys;
use toran_core::machine::Machine;
use toran_core::place::Place;
use toran_core::problem::Problem;
use worker::{Env, Result};

use super::counter::{self, Counted};
use crate::platform;

pub(super) const BINDING: &str = "SESSION_REGISTER";

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
    counter::ask::<Family>(env, place, Question { charge, is_returned }).await
}

impl Counted for Family {
    const BINDING: &'static str = BINDING;

    fn advanced_in(&mut self, event: Event, _: &Env) -> Vec<Output> {
        self.advance(event, &platform::now())
    }
}
