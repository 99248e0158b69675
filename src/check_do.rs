//! One object per check: loads, advances, saves, performs. The authority on its reference; takes no decision of its own.
//!
//! Events may interleave at every await, so a transition is one synchronous step on the state in memory, saved together with its ledger row and
//! its alarm before anything is sent. An instance that finds a check under way in storage tells it so ([`Event::Restarted`]): whatever its
//! predecessor had sent is lost. The alarm handler saves before it works, and never throws.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures_channel::oneshot;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use toran_core::check::{Admission, Check, Claim, Context, Event, Output, Policy, View};
use toran_core::keys;
use toran_core::operations::{self, Class, Operation};
use toran_core::problem::Problem;
use toran_core::time::{Millis, SECOND};
use toran_core::velocity::Verdict;
use toran_core::vendors::{self, Call, Reading, Step};
use worker::{DurableObject, Env, Request, Response, Result, State, durable_object};

use crate::ledger::Ledger;
use crate::settings::Settings;
use crate::storage::{self, Place};
use crate::{message, perform, platform, velocity_do};

const BINDING: &str = "CHECK";
/// How soon the alarm tries again when the platform failed it.
const ALARM_AGAIN: Millis = 5 * SECOND;

/// What the Worker asks of a check's object.
#[derive(Serialize, Deserialize)]
pub(crate) enum Ask {
    /// Run this claim, or join what runs.
    Run { operation: Operation, class: Class, tenant: String, reference_id: String, fingerprint: String, request: Value },
    /// Wait for the check to be settled, so many milliseconds at most, and show it. Unlike [`Ask::Run`] it never begins anything.
    Wait(Millis),
    /// Show the check as it stands.
    Show,
}

impl Ask {
    pub(crate) fn run(claim: Claim) -> Self {
        let Claim { operation, class, tenant, reference_id, fingerprint, request } = claim;
        Self::Run { operation, class, tenant, reference_id, fingerprint, request }
    }
}

/// What the object tells.
#[derive(Serialize, Deserialize)]
pub(crate) enum Told {
    /// How the check looks; `replayed` when it was finished before.
    View { view: View, replayed: bool },
    /// Another meaning holds the reference.
    Conflict,
    /// Nothing is known of it.
    Unknown,
}

/// Asks the object of a place.
pub(crate) async fn ask(env: &Env, place: &Place, ask: &Ask) -> std::result::Result<Told, Problem> {
    message::ask(env, BINDING, &place.object, ask).await.map_err(|error| {
        platform::log_error("check_object", &error);
        Problem::new(keys::INTERNAL)
    })
}

/// The object.
#[durable_object]
pub struct CheckObject(Rc<Running>);

struct Running {
    state: State,
    env: Env,
    id: String,
    ledger: Ledger,
    /// Whether storage was looked at.
    loaded: Cell<bool>,
    /// The check as saved, where there is one.
    check: RefCell<Option<Check>>,
    /// Its request, while something may still have to be sent; and whether it is to be saved with the next transition.
    request: RefCell<Option<Value>>,
    claimed: Cell<bool>,
    waiting: RefCell<Vec<oneshot::Sender<()>>>,
}

impl DurableObject for CheckObject {
    fn new(state: State, env: Env) -> Self {
        let id = state.id().to_string();
        let (ledger, state) = Ledger::of(state);
        Self(Rc::new(Running {
            state,
            env,
            id,
            ledger,
            loaded: Cell::default(),
            check: RefCell::default(),
            request: RefCell::default(),
            claimed: Cell::default(),
            waiting: RefCell::default(),
        }))
    }

    async fn fetch(&self, request: Request) -> Result<Response> {
        let ask: Ask = message::read(request).await?;
        Running::wake(&self.0).await?;
        let told = match ask {
            Ask::Show => self.0.show(),
            Ask::Wait(time) => {
                self.0.settled(time).await;
                self.0.show()
            }
            Ask::Run { operation, class, tenant, reference_id, fingerprint, request } => {
                #[cfg(feature = "failpoints")]
                crate::failpoints::object(&reference_id, &self.0.state.storage().sql())?;
                Running::run(&self.0, Claim { operation, class, tenant, reference_id, fingerprint, request }).await?
            }
        };
        message::response(&told)
    }

    async fn alarm(&self) -> Result<Response> {
        #[cfg(feature = "failpoints")]
        crate::failpoints::alarm(&self.0.state.storage().sql())?;
        if let Err(error) = Running::ring(&self.0).await {
            platform::log_error("check_alarm", &error);
            self.0.state.storage().set_alarm(ALARM_AGAIN).await?;
        }
        Response::empty()
    }
}

impl Running {
    /// Loads the check once per instance; one that was under way learns that its instance died.
    async fn wake(running: &Rc<Self>) -> Result<()> {
        if running.loaded.get() {
            return Ok(());
        }
        let ring = Settings::of(&running.env).ring().map_err(|bad| worker::Error::from(bad.0))?;
        let (found, request) = running.ledger.load(ring)?.unzip();
        let is_found = found.is_some();
        *running.check.borrow_mut() = found;
        *running.request.borrow_mut() = request.flatten();
        running.loaded.set(true);
        if is_found {
            let outputs = running.apply(Event::Restarted).await?;
            Self::go_on(running, outputs);
        }
        Ok(())
    }

    fn show(&self) -> Told {
        match self.check.borrow().as_ref() {
            None => Told::Unknown,
            Some(check) => Told::View { view: check.view(platform::now()), replayed: false },
        }
    }

    async fn run(running: &Rc<Self>, claim: Claim) -> Result<Told> {
        let wait = Settings::of(&running.env).policy(claim.operation).wait;
        let admission = running.admit(claim);
        match admission {
            Admission::Conflict => return Ok(Told::Conflict),
            Admission::Replay => return Ok(running.seen(true)),
            Admission::Join => {}
            Admission::Claim => {
                let outputs = running.apply(Event::Claimed).await?;
                Self::go_on(running, outputs);
            }
        }
        running.settled(wait).await;
        Ok(running.seen(false))
    }

    /// Decides about a claim and takes it, without an await in between: the first of many wins.
    fn admit(&self, claim: Claim) -> Admission {
        let mut slot = self.check.borrow_mut();
        let known = slot.as_ref();
        let admission = Check::admit(known, &claim.fingerprint);
        if admission == Admission::Claim {
            let check = Check::claim(known, &claim, platform::now());
            *slot = Some(check);
            *self.request.borrow_mut() = Some(claim.request);
            self.claimed.set(true);
        }
        admission
    }

    fn seen(&self, replayed: bool) -> Told {
        match self.show() {
            Told::View { view, .. } => Told::View { view, replayed },
            told => told,
        }
    }

    async fn settled(&self, wait: Millis) {
        if self.check.borrow().as_ref().is_none_or(Check::is_settled) {
            return;
        }
        let (sender, receiver) = oneshot::channel();
        self.waiting.borrow_mut().push(sender);
        // Either way the state says what there is to say.
        let _ = platform::within(wait, receiver).await;
    }

    async fn ring(running: &Rc<Self>) -> Result<()> {
        Self::wake(running).await?;
        let outputs = running.apply(Event::Alarm).await?;
        if outputs.is_empty() {
            running.rearm().await?;
        }
        running.perform(outputs).await
    }

    /// An alarm that came early, or for what is over, is set to the time that counts.
    async fn rearm(&self) -> Result<()> {
        let wake_at = self.check.borrow().as_ref().and_then(Check::wake_at);
        match wake_at {
            Some(at) => self.ledger.arm(at.max(platform::now().saturating_add(1))).await,
            None => Ok(()),
        }
    }

    /// Performs in the background: the caller may leave, the work goes on.
    fn go_on(running: &Rc<Self>, outputs: Vec<Output>) {
        let background = Rc::clone(running);
        running.state.wait_until(async move {
            if let Err(error) = background.perform(outputs).await {
                platform::log_error("check_perform", &error);
            }
        });
    }

    /// One transition, saved. What is left to do is returned.
    async fn apply(&self, event: Event) -> Result<Vec<Output>> {
        let Some((check, outputs)) = self.advance(event) else { return Ok(Vec::new()) };
        if outputs.contains(&Output::Persist)
            && let Err(error) = self.save(&check, &outputs).await
        {
            // What is in memory was not saved: forget it, and load what was.
            self.loaded.set(false);
            return Err(error);
        }
        if check.is_settled() {
            *self.request.borrow_mut() = None;
            for waiter in self.waiting.borrow_mut().drain(..) {
                // A waiter that has left needs no word.
                let _ = waiter.send(());
            }
        }
        Ok(outputs)
    }

    fn advance(&self, event: Event) -> Option<(Check, Vec<Output>)> {
        let mut slot = self.check.borrow_mut();
        let check = slot.as_mut()?;
        let policy = Settings::of(&self.env).policy(check.operation);
        let jitter = u16::from_be_bytes(platform::random().unwrap_or_default());
        let context = Context { now: platform::now(), jitter, object_id: &self.id, policy: &policy };
        let outputs = check.advance(event, &context);
        Some((check.clone(), outputs))
    }

    async fn save(&self, check: &Check, outputs: &[Output]) -> Result<()> {
        let ring = Settings::of(&self.env).ring().map_err(|bad| worker::Error::from(bad.0))?;
        let call = outputs.iter().find_map(|output| if let Output::Send(call) = output { Some(call) } else { None });
        // Written with the claim, before anything is sent; taken from memory, for the save must not wait for another event.
        let request = self.claimed.take().then(|| self.request.borrow().clone()).flatten();
        if !self.loaded.get() {
            self.ledger.create()?;
        }
        self.ledger.save(ring, check, request.as_ref(), call).await
    }

    /// Carries out outputs, and those of the events they lead to, until nothing is left.
    async fn perform(&self, outputs: Vec<Output>) -> Result<()> {
        let mut queue = std::collections::VecDeque::from(outputs);
        while let Some(output) = queue.pop_front() {
            if let Some(event) = self.carry_out(output).await? {
                queue.extend(self.apply(event).await?);
            }
        }
        Ok(())
    }

    async fn carry_out(&self, output: Output) -> Result<Option<Event>> {
        match output {
            Output::Persist => {}
            Output::TakePermit(wire_reference) => {
                let verdict = self.permit(&wire_reference).await?;
                return Ok(Some(Event::Permit { wire_reference, verdict }));
            }
            Output::Send(call) => {
                let reading = self.call(&call).await;
                self.ledger.replied(&call, &reading)?;
                return Ok(Some(Event::Reply { call, reading }));
            }
            Output::Publish => self.publish().await,
            Output::Alert { event, vendor_key } => self.alert(event, &vendor_key),
            Output::Forget => {
                *self.check.borrow_mut() = None;
                // The tables go too.
                self.loaded.set(false);
                self.state.storage().delete_all().await?;
            }
        }
        Ok(None)
    }

    /// The request that the check holds, and the policy of its operation.
    fn request(&self) -> Option<(operations::Request, Policy)> {
        let slot = self.check.borrow();
        let check = slot.as_ref()?;
        let request = self.request.borrow();
        let request = operations::Request::parse(check.operation, request.as_ref()?.as_object()?).ok()?;
        Some((request, Settings::of(&self.env).policy(check.operation)))
    }

    async fn permit(&self, wire_reference: &str) -> Result<Verdict> {
        let Some((request, _)) = self.request() else { return Err("no request to ask a permit for".into()) };
        let Some(number) = request.velocity_subject() else { return Ok(Verdict::Granted) };
        let index = Settings::of(&self.env).index().map_err(|bad| worker::Error::from(bad.0))?;
        velocity_do::take(&self.env, &index.hash("velocity", &[number]), wire_reference).await
    }

    /// One call to the vendor, to its reading.
    async fn call(&self, call: &Call) -> Reading {
        let Some((request, policy)) = self.request() else { return Reading::unknown(operations::VendorRef::default()) };
        let settings = |name: &str| Settings::of(&self.env).text(name);
        let (limit, ends_at) = (request.operation().row().answer_limit, platform::now().saturating_add(policy.attempt));
        let mut said = Vec::new();
        loop {
            match vendors::step(call, &request, &said, &settings, platform::now()) {
                Step::Send(prepared) => said.push(perform::send(&prepared, ends_at.saturating_sub(platform::now()), limit).await),
                Step::Read(reading) => return reading,
            }
        }
    }

    async fn publish(&self) {
        let finished = {
            let slot = self.check.borrow();
            slot.as_ref().and_then(|check| Some((check.clone(), check.finished()?.0.clone(), check.finished()?.1)))
        };
        let Some((check, answer, expires_at)) = finished else { return };
        let Ok(index) = Settings::of(&self.env).index() else { return };
        let place = Place::new(index, &check.tenant, &check.reference_id);
        if let Err(error) = storage::publish(&self.env, &place, &check.fingerprint, &answer, expires_at).await {
            platform::log_error("kv_copy", &error);
        }
    }

    fn alert(&self, event: &'static str, vendor_key: &str) {
        let operation = self.check.borrow().as_ref().map(|check| check.operation);
        let row = operation.map(Operation::row);
        platform::log(&serde_json::json!({
            "level": "alert",
            "event": event,
            "vendor": row.map(|row| row.vendor),
            "operation": row.map(|row| row.name),
            "vendor_key": vendor_key,
            "check": self.id.get(..12),
        }));
    }
}
