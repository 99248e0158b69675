//! The registers of subjects (a mobile number, over all tenants: the vendor counts per number): their velocity permits. The rule is [`toran_core::velocity`].

use serde::{Deserialize, Serialize};
use toran_core::machine::Machine;
use toran_core::place::{Identity, Place};
use toran_core::problem::Problem;
use toran_core::velocity::{Context, Event, Output, Subject, Verdict};
use worker::{DurableObject, Env, Request, Response, Result, State, durable_object};

use super::row::Row;
use super::{Kept, Register, object};
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
    wire_reference: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Told {
    Verdict(Verdict),
    /// The register was made for other settings.
    Refused(Problem),
}

/// Asks for a permit of a mobile number.
pub(super) async fn take(env: &Env, number: &str, wire_reference: &str) -> Result<Verdict> {
    let settings = Settings::of(env);
    let (index, registers) = (settings.index(), settings.registers());
    let (Ok(index), Ok(registers)) = (index, registers) else { return Err("a setting is missing".into()) };
    let place = Place::of_subject(index, number);
    let question = Question { v: VERSION, place: place.to_string(), wire_reference: wire_reference.to_owned() };
    let reply = wire::ask(env, BINDING, &object(Subject::KIND, place.register(registers)), &serde_json::to_string(&question)?).await?;
    match serde_json::from_str(&reply)? {
        Told::Verdict(verdict) => Ok(verdict),
        Told::Refused(problem) => Err(problem.key.into_owned().into()),
    }
}

/// The object.
#[durable_object]
pub struct SubjectRegister(Register<Subject>);

impl DurableObject for SubjectRegister {
    fn new(state: State, env: Env) -> Self {
        Self(Register::new(state, env))
    }

    async fn fetch(&self, mut request: Request) -> Result<Response> {
        // Nothing of a subject's is ever under way.
        if self.0.ordered(&request)?.is_some() {
            return Response::empty();
        }
        let Question { v, place, wire_reference } = serde_json::from_str(&request.text().await?)?;
        let place = Place::parse(&place).filter(|_| v <= VERSION).ok_or("the question cannot be read")?;
        let reply = match self.0.enter()? {
            Ok(_) => Told::Verdict(self.0.take(place, wire_reference)?),
            Err(problem) => Told::Refused(problem),
        };
        Response::ok(serde_json::to_string(&reply)?)
    }

    async fn alarm(&self) -> Result<Response> {
        if self.0.enter()?.is_err() {
            return self.0.ring_later();
        }
        self.0.ring_alarm()?;
        Response::empty()
    }
}

impl Register<Subject> {
    fn take(&self, place: Place, wire_reference: String) -> Result<Verdict> {
        let row = match self.row(place)? {
            Some(row) => row,
            None => Row::new(Identity { place, nonce: platform::random().ok_or("no randomness")? }, Subject::default(), None).into(),
        };
        let step = self.advance(&row, Event::Take(wire_reference))?;
        let verdict = step.outputs.into_iter().find_map(|output| if let Output::Tell(verdict) = output { Some(verdict) } else { None });
        verdict.ok_or_else(|| "no verdict".into())
    }
}

impl Kept for Subject {
    fn advanced(&mut self, event: Event, env: &Env, _: &Identity, _: bool) -> Vec<Output> {
        let windows = Settings::of(env).velocity_windows();
        self.advance(event, &Context { now: platform::now(), windows: &windows })
    }
}
