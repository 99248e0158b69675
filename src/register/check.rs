//! The registers of checks: a check's question to its vendor, from the claim to the tombstone. The authority on each reference.

use std::collections::VecDeque;
use std::rc::Rc;

use js_sys::Promise;
use toran_core::check::message::{self, Ask, Asker, Told};
use toran_core::check::{Admission, Check, Claim, Context, Debt, Due, Event, Output, PERMIT_DEADLINE};
use toran_core::keys;
use toran_core::machine::{Machine, Work};
use toran_core::operations;
use toran_core::operations::subject::Named;
use toran_core::place::{CheckAddress, Identity, Place, attempt_of};
use toran_core::problem::Problem;
use toran_core::vendors::{Account, Call, CallKind};
use wasm_bindgen_futures::JsFuture;
use worker::{Env, Result};

use super::outbox::Outgoing;
use super::row::{Entry, Request, Row};
use super::{Kept, Register, Step, module, object, session, subject};
use crate::message as wire;
use crate::settings::Settings;
use crate::{platform, storage};

pub(super) const BINDING: &str = "CHECK_REGISTER";

/// Asks the register of a check. Answers what is told, and the rendered body beside it.
pub(crate) async fn ask(env: &Env, place: Place, asker: Asker, ask: Ask) -> std::result::Result<(Told, String), Problem> {
    let registers = Settings::of(env).registers()?;
    let internal = |error: &worker::Error| {
        platform::log_error("check_register", error);
        Problem::new(keys::INTERNAL).about(place.id())
    };
    let question = message::question(place, asker, &ask);
    drop(ask);
    let reply =
        wire::ask(env, BINDING, &object(Check::KIND, place.register(registers)), question).await.map_err(|error| internal(&error))?;
    let (told, body) = message::read_reply(&reply).ok_or_else(|| internal(&"the register's reply cannot be read".into()))?;
    Ok((told, body.to_owned()))
}

/// Asks a register about all of its checks.
pub(crate) async fn ask_register(env: &Env, number: u32, ask: &Ask) -> Result<String> {
    let place = Place::parse(&"0".repeat(32)).ok_or("no place")?;
    let reply = wire::ask(env, BINDING, &object(Check::KIND, number), message::question(place, Asker::server(), ask)).await?;
    match message::read_reply(&reply) {
        Some((Told::Answer { .. }, body)) => Ok(body.to_owned()),
        _ => Err("the register refuses, or its reply cannot be read".into()),
    }
}

impl Kept for Check {
    async fn answered(register: &Rc<Register<Self>>, question: String) -> Result<String> {
        let (place, asker, ask) = message::read_question(question).ok_or("the question cannot be read")?;
        let steps = match register.enter()? {
            Ok(steps) => steps,
            Err(problem) => return Ok(message::reply(Told::Problem(problem), "")),
        };
        Self::go_on(register, steps);
        let (told, body) = match ask {
            Ask::Run(claim) => Register::run(register, place, *claim, asker).await?,
            Ask::Decide { tenant, reference_id, ruling } => Register::decide(register, place, &tenant, reference_id.as_deref(), ruling)?,
            Ask::Replace { tenant, by } => Register::replace(register, place, &tenant, &asker, by)?,
            Ask::Timeline { tenant } => register.timeline(place, &tenant)?,
            Ask::Entries { tenant, after } => register.entries(&tenant, &after)?,
            Ask::Summary { tenant, wire_reference } => register.summary(place, &tenant, wire_reference.as_deref())?,
            Ask::Reconcile { tenant, account, reference, moved } => {
                Register::reconcile(register, place, &tenant, account, &reference, moved).await?
            }
            Ask::Show { tenant, reference_id, wait } => {
                let row = register.settled(place, wait).await?;
                // What is held is not claimed yet, and reading writes nothing.
                let row = if row.as_ref().is_none_or(|row| row.is_held) { register.stored(place)? } else { row };
                let row = row.filter(|row| row.machine.tenant == tenant && row.machine.is_open_to(asker.session.as_deref()));
                match row.as_ref().and_then(|row| asker.refused(row.machine.operation)) {
                    Some(problem) => (Told::Problem(problem.about(place.id())), String::new()),
                    None => register.shown(row.as_deref(), false, &asker, reference_id.as_deref()),
                }
            }
            Ask::Hear(heard) => (Told::Heard(Register::hear(register, place, *heard)?), String::new()),
        };
        Ok(message::reply(told, &body))
    }

    /// Performs in the background: the caller may leave, the work goes on.
    fn go_on(register: &Rc<Register<Self>>, steps: Vec<Step<Self>>) {
        for step in steps.into_iter().filter(|step| step.outputs.iter().any(|output| *output != Output::Persist)) {
            let background = Rc::clone(register);
            register.in_background(async move {
                if let Err(error) = Register::perform(&background, step).await {
                    platform::log_error("check_perform", &error);
                }
            });
        }
    }

    fn advanced(&mut self, event: Event, env: &Env, identity: &Identity, has_slot: bool) -> Vec<Output> {
        let policy = Settings::of(env).policy(self.operation);
        let jitter = u16::from_be_bytes(platform::random().unwrap_or_default());
        let (now, operation) = (platform::now(), self.operation);
        let held = |account: &Account| module::held(env, account, operation, now);
        self.advance(event, &Context { now, jitter, identity, policy: &policy, has_slot, held: &held })
    }

    fn is_settled(&self) -> bool {
        self.answers_waiters()
    }

    fn needs_request(&self) -> bool {
        Self::needs_request(self)
    }

    fn announce(row: &Row<Self>, outputs: &[Output]) {
        for output in outputs {
            if let Output::Alert { event, account, vendor_key } = output {
                alert(row, event, account, vendor_key);
            }
        }
    }

    fn slot() -> Option<Event> {
        Some(Event::Slot)
    }

    const HAS_OUTBOX: bool = true;

    fn journaled(&self, before: &Self, identity: &Identity) -> Option<Outgoing> {
        let entry = self.journaled(before, identity, platform::now())?;
        Some(Outgoing { tenant: self.tenant.clone(), entry, attempt: self.attempts })
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
    let (attempt, account) = (attempt_of(&call.wire_reference).unwrap_or_default(), call.account.as_str().to_owned());
    Entry { kind, attempt, account, reply: None, at: platform::now() }
}

impl Register<Check> {
    /// How a check looks to who asks. `reference_id`: the caller's own, for a check that has forgotten it.
    fn shown(&self, row: Option<&Row<Check>>, replayed: bool, asker: &Asker, reference_id: Option<&str>) -> (Told, String) {
        let problem = |problem| (Told::Problem(problem), String::new());
        let Some(Row { machine: check, identity, .. }) = row else { return problem(Problem::new(keys::REFERENCE_ID_NOT_FOUND)) };
        let (now, id) = (platform::now(), identity.place.id());
        let view = check.view(now, reference_id);
        let audience = match (view.data(), Settings::of(&self.env).index()) {
            (Some(data), Ok(index)) => asker.reads(data, check.is_of_subject(), &check.tenant, index),
            _ => Ok(asker.audience),
        };
        match audience {
            Ok(audience) => Told::of_view(&view, replayed, audience, &id, now),
            Err(refused) => problem(refused.about(id)),
        }
    }

    async fn run(register: &Rc<Self>, place: Place, claim: Claim, asker: Asker) -> Result<(Told, String)> {
        #[cfg(feature = "failpoints")]
        crate::failpoints::claim(&claim.reference_id, place, register.store.storage())?;
        let wait = Settings::of(&register.env).policy(claim.operation).wait;
        let reference_id = claim.reference_id.clone();
        let known = register.row(place)?;
        let session = asker.session.clone();
        match Check::admit_to(known.as_ref().map(|row| &row.machine), &claim.fingerprint, session.as_deref(), platform::now()) {
            Admission::Conflict => {
                register.apply(place, Event::Conflicted(session))?;
                return Ok((Told::Problem(Problem::of_conflict().about(place.id())), String::new()));
            }
            Admission::Guessed => return Ok((Told::Problem(Problem::of_guesses().about(place.id())), String::new())),
            Admission::Replay => return Ok(register.shown(known.as_deref(), true, &asker, Some(&reference_id))),
            Admission::Join => {}
            Admission::Claim => {
                let step = register.claim(place, known.as_deref(), claim, &asker)?;
                Check::go_on(register, vec![step]);
            }
        }
        drop(known);
        let mut row = register.settled(place, wait).await?;
        if row.as_ref().is_some_and(|row| row.is_held) {
            // Who is told 202 of a check may rely on it.
            row = register.apply(place, Event::NoPermit)?.map(|step| step.row);
        }
        // Its caller's patience and its own end together: whichever clock was first, it ends now.
        if row.as_ref().is_some_and(|row| row.machine.work() == Work::Queued) {
            row = register.apply(place, Event::Alarm)?.map(|step| step.row);
        }
        if row.is_none() {
            // It was held in memory, and could not be saved: nothing was sent.
            return Ok((Told::Problem(Problem::new(keys::INTERNAL).about(place.id())), String::new()));
        }
        Ok(register.shown(row.as_deref(), false, &asker, Some(&reference_id)))
    }

    /// Takes a claim: the first of many wins, for nothing interleaves.
    fn claim(&self, place: Place, known: Option<&Row<Check>>, claim: Claim, asker: &Asker) -> Result<Step<Check>> {
        let mut check = Check::claim(known.map(|row| &row.machine), &claim, platform::now()).opened_by(asker.session.clone());
        if let (Some(_), Ok(index)) = (&asker.subject, Settings::of(&self.env).index()) {
            let named = Named::in_request(&serde_json::from_str(&claim.request)?);
            check = check.about(asker.subject.as_ref(), &named, index);
        }
        let request = Some(Request::Here(Rc::new(claim.request)));
        let row = match known {
            Some(row) => row.with(check, request),
            None => Row::new(Identity { place, nonce: platform::random().ok_or("no randomness")? }, check, request),
        };
        self.advance(&Rc::new(row), Event::Claimed)
    }

    /// Carries out what a step wants done, and what that leads to, until nothing is left.
    async fn perform(register: &Rc<Self>, step: Step<Check>) -> Result<()> {
        let mut steps = VecDeque::from([step]);
        while let Some(Step { row, outputs }) = steps.pop_front() {
            let place = row.identity.place;
            let (mut events, mut copied) = (Vec::new(), Ok(None));
            for output in outputs {
                match output {
                    Output::Persist | Output::Hold | Output::Forget | Output::Alert { .. } => {}
                    Output::Publish => copied = register.publish(&row.machine),
                    Output::Withdraw => copied = register.withdraw(&row.machine),
                    Output::TakePermit(permit) => {
                        let taken = register.permit(&row, permit).await;
                        // Another claim of the reference may be held by now, whose permit has the same name.
                        events.extend(register.is_of_claim(&row)?.then_some(taken));
                    }
                    Output::Settle(debt) => events.extend(register.settle(&debt).await.then_some(Event::Settled(debt))),
                    Output::Send(call) => {
                        let reading = register.call(&row, &call).await;
                        if reading.is_unsent() {
                            register.give_permit_back(&row).await;
                        }
                        events.push(Event::Reply { call, reading });
                    }
                }
            }
            // An answer may be large: it does not wait in memory until its copy is written.
            drop(row);
            Self::copied(copied).await;
            for event in events {
                steps.extend(Self::follow(register, place, event)?);
            }
        }
        Ok(())
    }

    /// The event that a step led to.
    pub(super) fn follow(register: &Rc<Self>, place: Place, event: Event) -> Result<Option<Step<Check>>> {
        let applied = register.apply(place, event);
        // A machine that has ended its call leaves its connection to another.
        let holds_connection = |step: &Step<Check>| step.row.machine.work() == Work::UnderWay;
        if !applied.as_ref().is_ok_and(|step| step.as_ref().is_some_and(holds_connection)) {
            match register.pump() {
                Ok(steps) => Check::go_on(register, steps),
                Err(error) => platform::log_error("register_pump", &error),
            }
        }
        applied
    }

    /// Waits until the copy of an answer is there, or gone.
    async fn copied(copied: Result<Option<Promise>>) {
        let end = match copied {
            Ok(None) => return,
            Ok(Some(copied)) => JsFuture::from(copied).await.map(drop).map_err(worker::Error::from),
            Err(error) => Err(error),
        };
        if let Err(error) = end {
            platform::log_error("kv_copy", &error);
        }
    }

    async fn permit(&self, row: &Row<Check>, permit: String) -> Event {
        let asked = platform::within(PERMIT_DEADLINE, self.take_permit(row, &permit)).await;
        asked.unwrap_or_else(|| Err("the permit is late".into())).unwrap_or_else(|error| {
            platform::log_error("permit", &error);
            Event::NoPermit
        })
    }

    /// Books the rupee with those who pay for it, and asks for the permit of who gets it. What was booked is given back by the end that follows.
    async fn take_permit(&self, row: &Row<Check>, permit: &str) -> Result<Event> {
        for payer in row.machine.payers() {
            if payer.is_over(platform::now()) || !session::book(&self.env, payer, permit).await? {
                return Ok(Event::Unpaid { permit: permit.to_owned(), problem: payer.problem(platform::now()) });
            }
        }
        let request = self.request(row)?.ok_or("no request to ask a permit for")?;
        let payee = request.payee().ok_or("nobody to ask a permit for")?;
        let verdict = subject::take(&self.env, &payee, permit, None).await?;
        Ok(Event::Permit { permit: permit.to_owned(), verdict })
    }

    /// Gives the permit of a claim back of which nothing was sent. Where that fails it counts until its windows are over.
    async fn give_permit_back(&self, row: &Row<Check>) {
        let Some(permit) = row.machine.unused_permit(row.identity.place) else { return };
        let given = async {
            let request = self.request(row)?.ok_or("no request to give a permit back for")?;
            let payee = request.payee().ok_or("nobody to give a permit back for")?;
            subject::give_back(&self.env, &payee, permit).await
        };
        let given = platform::within(PERMIT_DEADLINE, given).await.unwrap_or_else(|| Err("it is late".into()));
        if let Err(error) = given {
            platform::log_error("permit", &error);
        }
    }

    /// Tells the registers that a debt is owed to; whether all of them have it.
    async fn settle(&self, debt: &Debt) -> bool {
        let told = platform::within(PERMIT_DEADLINE, self.tell(debt)).await;
        let told = told.unwrap_or_else(|| Err("it is late".into()));
        told.inspect_err(|error| platform::log_error("debt", error)).is_ok()
    }

    async fn tell(&self, Debt { name, since, due }: &Debt) -> Result<()> {
        match due {
            Due::Note(payee) => subject::take(&self.env, payee, name, Some(*since)).await.map(drop),
            Due::GiveBack(payers) | Due::Book(payers) => {
                for payer in payers.iter().filter(|payer| !payer.is_over(platform::now())) {
                    match due {
                        Due::Book(_) => session::book_made(&self.env, payer, name).await?,
                        _ => session::give_back(&self.env, payer, name).await?,
                    }
                }
                Ok(())
            }
        }
    }

    /// Whether what is known at a row's place is still the same claim.
    fn is_of_claim(&self, row: &Row<Check>) -> Result<bool> {
        let now = self.row(row.identity.place)?;
        Ok(now.is_some_and(|now| now.identity == row.identity && now.machine.claimed_at() == row.machine.claimed_at()))
    }

    /// The request that a check holds.
    pub(super) fn request(&self, row: &Row<Check>) -> Result<Option<operations::Request>> {
        let Some(text) = self.store.request(self.ring()?, row)? else { return Ok(None) };
        Ok(operations::Request::read_back(row.machine.operation, &text))
    }

    /// Begins to copy a finished answer.
    fn publish(&self, check: &Check) -> Result<Option<Promise>> {
        let (Some((answer, expires_at)), Some(address)) = (check.finished(), self.address(check)) else { return Ok(None) };
        storage::publish(&self.env, &address, &check.fingerprint, answer, expires_at)
    }

    /// Begins to delete that copy.
    fn withdraw(&self, check: &Check) -> Result<Option<Promise>> {
        self.address(check).map(|address| storage::withdraw(&self.env, &address)).transpose()
    }

    fn address(&self, check: &Check) -> Option<CheckAddress> {
        let index = Settings::of(&self.env).index().ok()?;
        Some(CheckAddress::new(index, &check.tenant, &check.reference_id))
    }
}

fn alert(row: &Row<Check>, event: &'static str, account: &Account, vendor_key: &str) {
    platform::log(&serde_json::json!({
        "level": "alert",
        "event": event,
        "vendor": account.vendor(),
        "account": account.name(),
        "operation": row.machine.operation.row().name,
        "vendor_key": vendor_key,
        "check": row.identity.place.id(),
    }));
}
