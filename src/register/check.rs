//! The registers of checks: a check's question to its vendor, from the claim to the tombstone. The authority on each reference.

use std::rc::Rc;

use toran_core::check::message::{self, Ask, Question, Told};
use toran_core::check::{Admission, Check, Claim, Context, Event, Output};
use toran_core::keys;
use toran_core::machine::{Machine, Work};
use toran_core::operations::{self, Audience};
use toran_core::place::{CheckAddress, Identity, Place};
use toran_core::problem::Problem;
use toran_core::time::Millis;
use toran_core::velocity::Verdict;
use toran_core::vendors::{self, Call, CallKind, Reading, Step as CallStep};
use worker::{DurableObject, Env, Request, Response, Result, State, durable_object};

use super::row::{Entry, Row};
use super::{Kept, Register, Step, object, subject};
use crate::message as wire;
use crate::settings::Settings;
use crate::{perform, platform, storage};

pub(super) const BINDING: &str = "CHECK_REGISTER";

/// Asks the register of a check. Answers what is told, and the rendered body beside it.
pub(crate) async fn ask(env: &Env, place: Place, audience: Audience, ask: Ask) -> std::result::Result<(Told, String), Problem> {
    let question = Question { v: message::VERSION, place: place.to_string(), audience, ask };
    let registers = Settings::of(env).registers()?;
    let internal = |error: &worker::Error| {
        platform::log_error("check_register", error);
        Problem::new(keys::INTERNAL).about(place.id())
    };
    let question = serde_json::to_string(&question).map_err(|error| internal(&error.into()))?;
    let reply =
        wire::ask(env, BINDING, &object(Check::KIND, place.register(registers)), &question).await.map_err(|error| internal(&error))?;
    let (told, body) = message::read_reply(&reply).ok_or_else(|| internal(&"the register's reply cannot be read".into()))?;
    Ok((told, body.to_owned()))
}

/// The object.
#[durable_object]
pub struct CheckRegister(Rc<Register<Check>>);

impl DurableObject for CheckRegister {
    fn new(state: State, env: Env) -> Self {
        Self(Rc::new(Register::new(state, env)))
    }

    async fn fetch(&self, mut request: Request) -> Result<Response> {
        if let Some(steps) = self.0.ordered(&request)? {
            Register::go_on(&self.0, steps);
            return Response::empty();
        }
        let text = request.text().await?;
        let Question { place, audience, ask, .. } = message::read_question(&text).ok_or("the question cannot be read")?;
        drop(text);
        let place = Place::parse(&place).ok_or("the question has no place")?;
        let steps = match self.0.enter()? {
            Ok(steps) => steps,
            Err(problem) => return Response::ok(message::reply(Told::Problem(problem), "")),
        };
        Register::go_on(&self.0, steps);
        let (told, body) = match ask {
            Ask::Run(claim) => Register::run(&self.0, place, *claim, audience).await?,
            Ask::Show { tenant, reference_id, wait } => {
                let row = self.0.settled(place, wait).await?.filter(|row| row.machine.tenant == tenant);
                shown(row.as_deref(), false, audience, reference_id.as_deref())
            }
        };
        Response::ok(message::reply(told, &body))
    }

    async fn alarm(&self) -> Result<Response> {
        let Ok(steps) = self.0.enter()? else { return self.0.ring_later() };
        Register::go_on(&self.0, steps);
        #[cfg(feature = "failpoints")]
        crate::failpoints::alarm(self.0.store.storage())?;
        let steps = self.0.ring_alarm()?;
        Register::go_on(&self.0, steps);
        Response::empty()
    }
}

impl Kept for Check {
    fn advanced(&mut self, event: Event, env: &Env, identity: &Identity, has_slot: bool) -> Vec<Output> {
        let policy = Settings::of(env).policy(self.operation);
        let jitter = u16::from_be_bytes(platform::random().unwrap_or_default());
        self.advance(event, &Context { now: platform::now(), jitter, identity, policy: &policy, has_slot })
    }

    fn is_settled(&self) -> bool {
        Self::is_settled(self)
    }

    fn needs_request(&self) -> bool {
        Self::needs_request(self)
    }

    fn announce(row: &Row<Self>, outputs: &[Output]) {
        for output in outputs {
            if let Output::Alert { event, vendor_key } = output {
                alert(row, event, vendor_key);
            }
        }
    }

    fn slot() -> Option<Event> {
        Some(Event::Slot)
    }

    fn heard(event: &Event) -> Option<Entry> {
        match event {
            Event::Reply { call, reading } => Some(Entry { reply: Some(reading.kind()), ..entry(call) }),
            _ => None,
        }
    }

    fn sent(outputs: &[Output]) -> Option<Entry> {
        outputs.iter().find_map(|output| if let Output::Send(call) = output { Some(entry(call)) } else { None })
    }
}

fn entry(call: &Call) -> Entry {
    let kind = match call.kind {
        CallKind::Post => "post",
        CallKind::Status => "status",
    };
    let attempt = call.wire_reference.get(64..).and_then(|digits| u8::from_str_radix(digits, 16).ok());
    Entry { kind, attempt: attempt.unwrap_or_default(), reply: None }
}

/// How a check looks to a caller of this audience. `reference_id`: the caller's own, for a check that has forgotten it.
fn shown(row: Option<&Row<Check>>, replayed: bool, audience: Audience, reference_id: Option<&str>) -> (Told, String) {
    let Some(row) = row else { return (Told::Problem(Problem::new("error_reference_id_not_found")), String::new()) };
    let now = platform::now();
    Told::of_view(&row.machine.view(now, reference_id), replayed, audience, &row.identity.place.id(), now)
}

impl Register<Check> {
    async fn run(register: &Rc<Self>, place: Place, claim: Claim, audience: Audience) -> Result<(Told, String)> {
        #[cfg(feature = "failpoints")]
        crate::failpoints::claim(&claim.reference_id, place, register.store.storage())?;
        let wait = Settings::of(&register.env).policy(claim.operation).wait;
        let reference_id = claim.reference_id.clone();
        let known = register.row(place)?;
        match Check::admit(known.as_ref().map(|row| &row.machine), &claim.fingerprint, platform::now()) {
            Admission::Conflict => return Ok((Told::Problem(Problem::of_conflict().about(place.id())), String::new())),
            Admission::Replay => return Ok(shown(known.as_deref(), true, audience, Some(&reference_id))),
            Admission::Join => {}
            Admission::Claim => {
                let step = register.claim(place, known.as_deref(), claim)?;
                Self::go_on(register, vec![step]);
            }
        }
        drop(known);
        let mut row = register.settled(place, wait).await?;
        // Its caller's patience and its own end together: whichever clock was first, it ends now.
        if row.as_ref().is_some_and(|row| row.machine.work() == Work::Queued) {
            row = register.apply(place, Event::Alarm)?.map(|step| step.row);
        }
        Ok(shown(row.as_deref(), false, audience, Some(&reference_id)))
    }

    /// Takes a claim: the first of many wins, for nothing interleaves.
    fn claim(&self, place: Place, known: Option<&Row<Check>>, claim: Claim) -> Result<Step<Check>> {
        let check = Check::claim(known.map(|row| &row.machine), &claim, platform::now());
        let request = Some(Rc::new(claim.request));
        let row = match known {
            Some(row) => row.with(check, request),
            None => Row::new(Identity { place, nonce: platform::random().ok_or("no randomness")? }, check, request),
        };
        self.advance(&Rc::new(row), Event::Claimed)
    }

    /// Performs in the background: the caller may leave, the work goes on.
    fn go_on(register: &Rc<Self>, steps: Vec<Step<Check>>) {
        for step in steps.into_iter().filter(|step| step.outputs.iter().any(|output| *output != Output::Persist)) {
            let background = Rc::clone(register);
            register.state.wait_until(async move {
                if let Err(error) = Self::perform(&background, step).await {
                    platform::log_error("check_perform", &error);
                }
            });
        }
    }

    /// Carries out what a step wants done, and what that leads to, until nothing is left.
    async fn perform(register: &Rc<Self>, step: Step<Check>) -> Result<()> {
        let mut next = Some(step);
        while let Some(Step { row, outputs }) = next.take() {
            for output in outputs {
                if let Some(event) = register.carry_out(&row, output).await? {
                    let place = row.identity.place;
                    let applied = register.apply(place, event);
                    // A machine that has ended its call leaves its connection to another.
                    let holds_connection = |step: &Step<Check>| step.row.machine.work() == Work::UnderWay;
                    if !applied.as_ref().is_ok_and(|step| step.as_ref().is_some_and(holds_connection)) {
                        match register.pump() {
                            Ok(steps) => Self::go_on(register, steps),
                            Err(error) => platform::log_error("register_pump", &error),
                        }
                    }
                    next = applied?;
                }
            }
        }
        Ok(())
    }

    /// Only the last of a step's outputs leads to another event.
    async fn carry_out(&self, row: &Row<Check>, output: Output) -> Result<Option<Event>> {
        match output {
            Output::Persist | Output::Forget | Output::Alert { .. } => {}
            Output::TakePermit(wire_reference) => {
                let verdict = self.permit(row, &wire_reference).await?;
                return Ok(Some(Event::Permit { wire_reference, verdict }));
            }
            Output::Send(call) => {
                let reading = self.call(row, &call).await;
                return Ok(Some(Event::Reply { call, reading }));
            }
            Output::Publish => self.publish(&row.machine).await,
        }
        Ok(None)
    }

    async fn permit(&self, row: &Row<Check>, wire_reference: &str) -> Result<Verdict> {
        let request = request(row).ok_or("no request to ask a permit for")?;
        let Some(number) = request.velocity_subject() else { return Ok(Verdict::Granted) };
        subject::take(&self.env, number, wire_reference).await
    }

    /// One call to the vendor, to its reading.
    async fn call(&self, row: &Row<Check>, call: &Call) -> Reading {
        let Some(request) = request(row) else { return Reading::unknown(operations::VendorRef::default()) };
        let settings = Settings::of(&self.env);
        let text = |name: &str| settings.text(name);
        let attempt = settings.policy(row.machine.operation).attempt;
        let (limit, ends_at) = (request.operation().row().answer_limit, platform::now().saturating_add(attempt));
        let mut exchanges = Vec::new();
        loop {
            match vendors::step(call, &request, &exchanges, &text, platform::now()) {
                CallStep::Send(prepared) => {
                    let left: Millis = ends_at.saturating_sub(platform::now());
                    exchanges.push(perform::send(&prepared, left, limit).await);
                }
                CallStep::Read(reading) => return reading,
            }
        }
    }

    async fn publish(&self, check: &Check) {
        let (Some((answer, expires_at)), Ok(index)) = (check.finished(), Settings::of(&self.env).index()) else { return };
        let address = CheckAddress::new(index, &check.tenant, &check.reference_id);
        if let Err(error) = storage::publish(&self.env, &address, &check.fingerprint, answer, expires_at).await {
            platform::log_error("kv_copy", &error);
        }
    }
}

/// The request that a check holds.
fn request(row: &Row<Check>) -> Option<operations::Request> {
    operations::Request::parse(row.machine.operation, row.request.as_deref()?.as_object()?).ok()
}

fn alert(row: &Row<Check>, event: &'static str, vendor_key: &str) {
    let operation = row.machine.operation.row();
    platform::log(&serde_json::json!({
        "level": "alert",
        "event": event,
        "vendor": operation.vendor,
        "operation": operation.name,
        "vendor_key": vendor_key,
        "check": row.identity.place.id(),
    }));
}
