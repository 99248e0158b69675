//! The registers of subjects (a mobile number or a bank account, over all tenants: the vendor counts per number): their velocity permits. The rule is [`toran_core::velocity`].

use toran_core::machine::Machine;
use toran_core::operations::payee::Payee;
use toran_core::time::Millis;
use toran_core::velocity::{Context, Event, Output, Question, Subject, Verdict};
use worker::{Env, Result};

use super::counter::{self, Counted};
use crate::platform;
use crate::settings::Settings;

pub(super) const BINDING: &str = "SUBJECT_REGISTER";

/// Asks for a permit of who gets a rupee, under its name; or notes what was paid at a time.
pub(super) async fn take(env: &Env, payee: &Payee, permit: &str, paid_at: Option<Millis>) -> Result<Verdict> {
    ask(env, payee, Question { permit: permit.to_owned(), paid_at, is_returned: false }).await
}

/// Gives a permit back under which nothing was sent.
pub(super) async fn give_back(env: &Env, payee: &Payee, permit: String) -> Result<()> {
    ask(env, payee, Question { permit, paid_at: None, is_returned: true }).await.map(drop)
}

async fn ask(env: &Env, payee: &Payee, question: Question) -> Result<Verdict> {
    let Ok(index) = Settings::of(env).index() else { return Err("a setting is missing".into()) };
    let told = counter::ask::<Subject>(env, payee.place(index), question).await?;
    told.map_err(|problem| problem.key.into_owned().into())
}

impl Counted for Subject {
    const BINDING: &'static str = BINDING;
    const IS_FORGETTABLE: bool = true;

    fn advanced_in(&mut self, event: Event, env: &Env) -> Vec<Output> {
        let windows = Settings::of(env).velocity_windows();
        self.advance(event, &Context { now: platform::now(), windows: &windows })
    }
}
