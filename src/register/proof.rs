//! The registers of mobile numbers that people prove (over all tenants: a number belongs to somebody who asked none of them): the one-time passwords that were sent, and wrong tries. The rule
//! is [`toran_core::proof::number`].

use toran_core::keys;
use toran_core::machine::Machine;
use toran_core::place::Place;
use toran_core::problem::Problem;
use toran_core::proof::number::{Event, Number, Output, Question, Surroundings, Verdict};
use worker::Env;

use super::counter::{self, Counted};
use crate::platform;
use crate::settings::Settings;

pub(super) const BINDING: &str = "PROOF_REGISTER";

/// Asks the number at a place.
pub(crate) async fn ask(env: &Env, place: Place, question: Question) -> Result<Verdict, Problem> {
    counter::ask::<Number>(env, place, question).await.map_err(|error| {
        platform::log_error("proof_register", &error);
        Problem::new(keys::INTERNAL)
    })?
}

impl Counted for Number {
    const BINDING: &'static str = BINDING;
    const IS_FORGETTABLE: bool = true;

    fn advanced_in(&mut self, event: Event, env: &Env) -> Vec<Output> {
        self.advance(event, &Surroundings { now: platform::now(), windows: Settings::of(env).otp_windows() })
    }
}
