//! The registers of consents: what customers agreed to, and whether it still stands. The rule is [`toran_core::consent`].

use toran_core::consent::{Consent, ConsentAsk, ConsentEvent, ConsentOutput, ConsentQuestion, ConsentVerdict};
use toran_core::keys;
use toran_core::machine::Machine;
use toran_core::place::Place;
use toran_core::problem::Problem;
use worker::Env;

use super::counter::{self, Counted};
use crate::platform;

pub(super) const BINDING: &str = "CONSENT_REGISTER";

/// Asks the consent at a place. `session`: the family of the browser's session that asks; none for a server.
pub(crate) async fn ask(env: &Env, place: Place, session: Option<String>, ask: ConsentAsk) -> Result<ConsentVerdict, Problem> {
    counter::ask::<Consent>(env, place, ConsentQuestion { session, ask }).await.map_err(|error| {
        platform::log_error("consent_register", &error);
        Problem::new(keys::INTERNAL)
    })?
}

impl Counted for Consent {
    const BINDING: &'static str = BINDING;

    fn advanced_in(&mut self, event: ConsentEvent, _: &Env) -> Vec<ConsentOutput> {
        self.advance(event, &platform::now())
    }
}
