//! A check's call to its vendor: it waits until the vendor's module lets it through, sends the requests, and reads the responses.

use toran_core::check::Check;
use toran_core::consent::ConsentAsk;
use toran_core::http::Exchange;
use toran_core::machine::Machine;
use toran_core::operations::VendorRef;
use toran_core::time::{Millis, SECOND};
use toran_core::vendors::{self, Call, Reading, Step, settlement};

use super::module::Called;
use super::row::{Request, Row};
use super::{Register, consent};
use crate::settings::Settings;
use crate::{perform, platform};

/// How long a consent may take to answer, and how soon after that a call is tried again.
const CONSENT_DEADLINE: Millis = 2 * SECOND;
const CONSENT_AGAIN: Millis = 5 * SECOND;

/// What came of a call's requests, in order.
#[derive(Default)]
struct Ended {
    exchanges: Vec<Exchange>,
    /// For how many seconds the vendor asks not to be called.
    patience: Option<u32>,
}

impl Register<Check> {
    /// One call to the vendor as its module allows it, to its reading.
    pub(super) async fn call(&self, row: &Row<Check>, call: &Call) -> Reading {
        let called = Called::new(&call.account, row.machine.operation);
        let attempt = Settings::of(&self.env).policy(row.machine.operation).attempt;
        let begins = platform::now();
        if called.has_plan(&self.env) && Settings::of(&self.env).is_development() {
            self.reach(row, call).await;
        }
        let entered = match called.enter(&self.env, attempt).await {
            Ok(entered) => entered,
            Err(until) => return Reading::Held(until),
        };
        called.report(self);
        let mut ended = Ended::default();
        let reading = match self.unconsented(row, call).await {
            Some(reading) => reading,
            None => self.exchanges(row, call, begins.saturating_add(attempt), &mut ended).await,
        };
        called.left(self, &entered, ended.exchanges.last(), &reading, ended.patience);
        reading
    }

    /// What a call comes to that must not leave: the customer's consent has ended, or nobody can say that it has not. Asked last of all, so that little can happen between the answer and the
    /// sending.
    async fn unconsented(&self, row: &Row<Check>, call: &Call) -> Option<Reading> {
        let place = row.machine.consent_for(call)?;
        let asked = platform::within(CONSENT_DEADLINE, consent::ask(&self.env, place, None, ConsentAsk::Stand)).await;
        match asked {
            Some(Ok(verdict)) => verdict.refusal().map(Reading::ended),
            Some(Err(_)) | None => Some(Reading::Held(platform::now().saturating_add(CONSENT_AGAIN))),
        }
    }

    /// Asks what became of money whose request may be gone, as the module allows it. Answers what it means, and what came of the last exchange.
    pub(super) async fn look_up(&self, row: &Row<Check>, call: &Call) -> (Reading, Option<Exchange>) {
        let called = Called::new(&call.account, row.machine.operation);
        let attempt = Settings::of(&self.env).policy(row.machine.operation).attempt;
        let begins = platform::now();
        let entered = match called.enter(&self.env, attempt).await {
            Ok(entered) => entered,
            Err(until) => return (Reading::Held(until), None),
        };
        called.report(self);
        let (mut ended, ends_at) = (Ended::default(), begins.saturating_add(attempt));
        let reading = match self.request(row) {
            Ok(Some(_)) => self.exchanges(row, call, ends_at, &mut ended).await,
            _ => self.settlement(row, call, ends_at, &mut ended).await,
        };
        called.left(self, &entered, ended.exchanges.last(), &reading, ended.patience);
        (reading, ended.exchanges.pop())
    }

    async fn settlement(&self, row: &Row<Check>, call: &Call, ends_at: Millis, ended: &mut Ended) -> Reading {
        let settings = Settings::of(&self.env);
        let text = |name: &str| settings.text(name);
        let operation = row.machine.operation;
        loop {
            match settlement::step(call, operation, &ended.exchanges, &text) {
                Step::Send(prepared) => {
                    let left: Millis = ends_at.saturating_sub(platform::now());
                    let (exchange, patience) = perform::send(prepared, left, operation.row().answer_limit).await;
                    ended.exchanges.push(exchange);
                    ended.patience = ended.patience.max(patience);
                }
                Step::Read(reading) => return reading,
            }
        }
    }

    /// Asks a sandbox whether it runs before the call has its turn: behind it, the first calls would wait for that together and leave at once.
    async fn reach(&self, row: &Row<Check>, call: &Call) {
        let text = |name: &str| Settings::of(&self.env).text(name);
        let Ok(Some(request)) = self.request(row) else { return };
        if let Step::Send(prepared) = vendors::step(call, &request, &[], &text, platform::now()) {
            perform::reach(&prepared.url).await;
        }
    }

    async fn exchanges(&self, row: &Row<Check>, call: &Call, ends_at: Millis, ended: &mut Ended) -> Reading {
        let settings = Settings::of(&self.env);
        let text = |name: &str| settings.text(name);
        let limit = row.machine.operation.row().answer_limit;
        let mut at_hand = None;
        loop {
            let request = match at_hand.take() {
                Some(request) => request,
                None => match self.request(row) {
                    Ok(Some(request)) => request,
                    // Whether an earlier call arrived is not known.
                    unreadable => {
                        let error = unreadable.err().map_or_else(|| "no request".into(), |error| error.to_string());
                        platform::log_unreadable(Check::KIND, row.identity.place, &error);
                        return Reading::unknown(VendorRef::default());
                    }
                },
            };
            match vendors::step(call, &request, &ended.exchanges, &text, platform::now()) {
                Step::Send(prepared) => {
                    // One that lies in parts is read again when the answer is there: nothing large is kept while the vendor is waited for.
                    at_hand = matches!(row.request, Some(Request::Here(_))).then_some(request);
                    let left: Millis = ends_at.saturating_sub(platform::now());
                    let (exchange, patience) = perform::send(prepared, left, limit).await;
                    ended.exchanges.push(exchange);
                    ended.patience = ended.patience.max(patience);
                }
                Step::Read(reading) => return reading,
            }
        }
    }
}
