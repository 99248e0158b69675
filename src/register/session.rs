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
    let question = Question { charge, is_returned: false, is_made: false };
    counter::ask::<Family>(env, place, question).await.map_err(|error| {
        platform::log_error("session_register", &error);
        Problem::new(keys::INTERNAL)
    })?
}

/// Books the rupee of this name with who pays for it; `false` where there is not enough left.
pub(super) async fn book(env: &Env, payer: &Payer, name: &str) -> Result<bool> {
    Ok(tell(env, payer, Question { charge: payer.charge(name), is_returned: false, is_made: false }).await? == Verdict::Granted)
}

/// Books a rupee that was sent already, however little is left.
pub(super) async fn book_made(env: &Env, payer: &Payer, name: &str) -> Result<()> {
    tell(env, payer, Question { charge: payer.charge(name), is_returned: false, is_made: true }).await.map(drop)
}

/// Gives the rupee of this name back to who pays for it.
pub(super) async fn give_back(env: &Env, payer: &Payer, name: &str) -> Result<()> {
    tell(env, payer, Question { charge: payer.charge(name), is_returned: true, is_made: false }).await.map(drop)
}

async fn tell(env: &Env, payer: &Payer, question: Question) -> Result<Verdict> {
    let place = Place::parse(&payer.place).ok_or("the place of a payer cannot be read")?;
    counter::ask::<Family>(env, place, question).await?.map_err(|problem| problem.key.into_owned().into())
}

impl Counted for Family {
    const BINDING: &'static str = BINDING;

    fn advanced_in(&mut self, event: Event, _: &Env) -> Vec<Output> {
        self.advance(event, &platform::now())
    }
}
