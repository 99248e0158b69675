//! Calls to vendors as their modules allow them: the registers of modules, and what this isolate knows of each. The rules are [`toran_core::module`]'s.
//!
//! What is known is the isolate's, and shared by all registers in it. It is a hint: lost with the isolate, it is learned again. While a circuit is closed and the module has no plan, a call waits
//! for nobody; its report leaves in the background.

use std::cell::RefCell;

use toran_core::check::Check;
use toran_core::http::Exchange;
use toran_core::machine::Machine;
use toran_core::module::circuit::Change;
use toran_core::module::health::Summary;
use toran_core::module::known::{Known, Report};
use toran_core::module::plan::{LATEST, LONGEST_WAIT};
use toran_core::module::{Ask, Context, Event, Module, Output, Pass, Question, Verdict, outcome};
use toran_core::operations::Operation;
use toran_core::place::Place;
use toran_core::problem::Problem;
use toran_core::time::{Millis, SECOND};
use toran_core::vendors::{self, Account, Reading};
use worker::{Env, Result};

use super::Register;
use super::counter::{self, Counted};
use crate::platform;
use crate::settings::Settings;

pub(super) const BINDING: &str = "MODULE_REGISTER";

/// How long a module may take to answer.
const DEADLINE: Millis = 2 * SECOND;
/// How often a call that missed its turn takes another.
const TURNS: u8 = 4;
/// How much longer a probe may be under way than its call may take: its report must arrive.
const REPORTED: Millis = 2 * SECOND;

thread_local! {
    /// What is known of each module that was called: few, so they are searched.
    static KNOWN: RefCell<Vec<(Account, &'static str, Known)>> = const { RefCell::new(Vec::new()) };
}

/// An account's module, as it is called.
#[derive(Clone)]
pub(super) struct Called {
    account: Account,
    module: &'static str,
}

/// A call that is let through.
pub(super) struct Entered {
    /// The number under which it probes.
    probe: Option<u32>,
    began: Millis,
    /// How much of its time it waited for its turn.
    waited: Millis,
}

impl Called {
    /// The module that carries out an operation under an account.
    pub(super) fn new(account: &Account, operation: Operation) -> Self {
        Self { account: account.clone(), module: module_of(account, operation) }
    }

    fn known<R>(&self, work: impl FnOnce(&mut Known) -> R) -> R {
        KNOWN.with_borrow_mut(|all| {
            let is_it = |(account, module, _): &&mut (Account, &'static str, Known)| *account == self.account && *module == self.module;
            if let Some((_, _, known)) = all.iter_mut().find(is_it) {
                return work(known);
            }
            let mut known = Known::default();
            let result = work(&mut known);
            all.push((self.account.clone(), self.module, known));
            result
        })
    }

    /// Whether its calls are paced.
    pub(super) fn has_plan(&self, env: &Env) -> bool {
        Settings::of(env).protection().plan(&self.account, self.module).is_some()
    }

    async fn ask(&self, env: &Env, ask: Ask) -> Result<Verdict> {
        let asked = counter::ask::<Module>(env, place(env, &self.account, self.module)?, Question { ask });
        let told = platform::within(DEADLINE, asked).await.ok_or("the module is late")??;
        told.map_err(|problem| problem.key.into_owned().into())
    }

    /// Waits until a call may leave; until when it is held back, where it may not. `attempt`: how long the call may take, its wait included.
    pub(super) async fn enter(&self, env: &Env, attempt: Millis) -> std::result::Result<Entered, Millis> {
        let plan = Settings::of(env).protection().plan(&self.account, self.module);
        if plan.is_none() && !self.known(|known| known.must_ask()) {
            return Ok(Entered { probe: None, began: platform::now(), waited: 0 });
        }
        let came = platform::now();
        let most = LONGEST_WAIT.min(attempt.div_euclid(2));
        let (mut lead, lease) = (0, attempt.saturating_add(REPORTED));
        for _ in 0..TURNS {
            let asked_at = platform::now();
            let within = most.saturating_sub(asked_at.saturating_sub(came));
            let verdict = match self.ask(env, Ask::Pass { plan, lease, lead, within }).await {
                Ok(verdict) => verdict,
                Err(error) => return unasked(plan, &error),
            };
            let now = platform::now();
            self.known(|known| known.learned(verdict.standing, now));
            let (at, probe) = match verdict.pass {
                Some(Pass::Go { at, probe }) => (at, probe),
                Some(Pass::Held(until)) => return Err(until),
                None => return unasked(plan, &"no pass".into()),
            };
            lead = now.saturating_sub(asked_at);
            // The clocks of two machines differ by little; what is beyond the longest wait is no clock's to say.
            platform::sleep(at.saturating_sub(now).min(LONGEST_WAIT)).await;
            let now = platform::now();
            // The vendor may have asked for patience meanwhile.
            if let (None, Some(until)) = (probe, self.known(|known| known.held(now))) {
                return Err(until);
            }
            if plan.is_none() || probe.is_some() || now <= at.saturating_add(LATEST) {
                return Ok(Entered { probe, began: now, waited: now.saturating_sub(came) });
            }
        }
        Err(platform::now().saturating_add(SECOND))
    }

    /// A call came to its end. `patience`: for how many seconds the vendor asks not to be called.
    pub(super) fn left(
        &self,
        register: &Register<Check>,
        entered: &Entered,
        exchange: Option<&Exchange>,
        reading: &Reading,
        patience: Option<u32>,
    ) {
        let (now, protection) = (platform::now(), Settings::of(&register.env).protection());
        let paused_until = protection.paused_until(patience, now);
        let outcome = outcome::of(exchange, reading, entered.waited);
        self.known(|known| known.note(outcome, now.saturating_sub(entered.began), paused_until, entered.probe));
        if paused_until > 0 {
            self.log("vendor_asks_for_patience", Some(paused_until.saturating_sub(now).div_euclid(SECOND)));
        }
        self.report(register);
    }

    /// Reports in the background what is to be reported, and learns how the module stands.
    pub(super) fn report(&self, register: &Register<Check>) {
        let Some(report) = self.known(|known| known.report(platform::now())) else { return };
        let (called, env) = (self.clone(), register.env.clone());
        register.in_background(async move {
            let mut next = Some(report);
            while let Some(report) = next.take() {
                called.reported(&env, report).await;
                // What failed meanwhile.
                next = called.known(|known| known.more(platform::now()));
            }
        });
    }

    async fn reported(&self, env: &Env, report: Report) {
        match self.ask(env, Ask::Report(report.clone())).await {
            Ok(verdict) => {
                self.known(|known| {
                    known.learned(verdict.standing, platform::now());
                    known.answered();
                });
                match verdict.change {
                    Some(Change::Opened) => self.log("circuit_opened", None),
                    Some(Change::Closed) => self.log("circuit_closed", None),
                    None => {}
                }
            }
            Err(error) => {
                platform::log_error("module_report", &error);
                self.known(|known| known.failed(&report, platform::now()));
            }
        }
    }

    fn log(&self, event: &'static str, seconds: Option<Millis>) {
        platform::log(&serde_json::json!({
            "level": "alert",
            "event": event,
            "vendor": self.account.vendor(),
            "account": self.account.name(),
            "module": self.module,
            "seconds": seconds,
        }));
    }
}

/// The module's register did not answer. Its protection must not become an outage of its own; but a plan that nobody counts would be passed.
fn unasked(plan: Option<u32>, error: &worker::Error) -> std::result::Result<Entered, Millis> {
    platform::log_error("module_register", error);
    let now = platform::now();
    if plan.is_some() { Err(now.saturating_add(SECOND)) } else { Ok(Entered { probe: None, began: now, waited: 0 }) }
}

fn module_of(account: &Account, operation: Operation) -> &'static str {
    vendors::named(account.vendor()).map_or(operation.row().name, |vendor| vendor.module(operation))
}

/// Until when the module of an operation takes no call under an account: it is in maintenance, or known to be held.
pub(super) fn held(env: &Env, account: &Account, operation: Operation, now: Millis) -> Option<Millis> {
    let module = module_of(account, operation);
    let planned = Settings::of(env).protection().calendar.held(account, module, now);
    let known = KNOWN.with_borrow(|all| {
        let of_it = all.iter().find(|(known, name, _)| known == account && *name == module);
        of_it.and_then(|(_, _, known)| known.held(now))
    });
    planned.max(known)
}

/// How well a module does under an account.
pub(crate) async fn summary(env: &Env, account: &Account, module: &'static str) -> std::result::Result<Summary, Problem> {
    let called = Called { account: account.clone(), module };
    let summary = called.ask(env, Ask::Show).await.and_then(|verdict| verdict.summary.ok_or_else(|| "no summary".into()));
    summary.map_err(|error| {
        platform::log_error("module_register", &error);
        Problem::new(toran_core::keys::INTERNAL)
    })
}

fn place(env: &Env, account: &Account, module: &str) -> Result<Place> {
    let index = Settings::of(env).index().map_err(|bad| worker::Error::from(bad.0))?;
    Ok(Place::of_module(index, account.as_str(), module))
}

impl Counted for Module {
    const BINDING: &'static str = BINDING;

    fn advanced_in(&mut self, event: Event, env: &Env) -> Vec<Output> {
        self.advance(event, &Context { now: platform::now(), rules: &Settings::of(env).protection().rules })
    }
}
