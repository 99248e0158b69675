//! `POST /v1/...` of every operation: parse, look for a finished answer, else ask the check's register.
//!
//! A bad request ends before any I/O. Whoever takes requests in another form hands them to the same [`Intake`]. What the answer means is not decided here.

use toran_core::account::Account;
use toran_core::check::message::{Ask, Told};
use toran_core::check::{Claim, View};
use toran_core::operations::{Audience, Operation, Request};
use toran_core::place::{CheckAddress, Place};
use toran_core::problem::Problem;
use toran_core::seal::Index;
use toran_core::time::Millis;
use toran_core::vendors;
use worker::Env;

use super::{Answering, Outcome, Visit};
use crate::guard::{LARGE, misconfigured};
use crate::register::check;
use crate::reply::Reply;
use crate::settings::Settings;
use crate::{platform, storage};

pub(super) fn run(visit: Visit) -> Answering {
    match parsed(&visit) {
        Ok(request) => Answering::later(told(visit, request)),
        Err(problem) => Answering::Now(Err(problem)),
    }
}

fn parsed(visit: &Visit) -> Result<Request, Problem> {
    let operation = visit.operation.ok_or_else(|| Problem::new("error_not_found"))?;
    parse(operation, &visit.body)
}

async fn told(mut visit: Visit, request: Request) -> Outcome {
    // A CKYC record is large: its text need not stay beside what was read from it.
    visit.body = Vec::new();
    let intake = Intake::open(&visit)?;
    let accepted = intake.accept(&request)?;
    drop(request);
    let place = accepted.address.place;
    reply(intake.told(accepted).await, place)
}

fn parse(operation: Operation, body: &[u8]) -> Result<Request, Problem> {
    let map = toran_core::json::object(body).map_err(|malformed| Problem::malformed(malformed.0, None).worded(operation.row().source))?;
    Request::parse(operation, &map)
}

/// Where the requests of one caller come in.
pub(super) struct Intake<'a> {
    env: &'a Env,
    index: &'static Index,
    tenant: &'a str,
    /// The tenant's own accounts at vendors.
    accounts: &'a [Account],
    settings: &'static Settings,
    audience: Audience,
    /// The caller's own, as the edge sees it.
    network_address: Option<String>,
}

/// A request that may be run.
pub(super) struct Accepted {
    /// Where its check is.
    pub(super) address: CheckAddress,
    /// What its check would begin with.
    pub(super) claim: Claim,
}

impl<'a> Intake<'a> {
    /// Refuses everything while production works with development's values.
    pub(super) fn open(visit: &'a Visit) -> Result<Self, Problem> {
        let settings = Settings::of(&visit.env);
        settings.development_value().map_or(Ok(()), |name| Err(misconfigured(name)))?;
        let network_address = visit.arrival.request.header("cf-connecting-ip");
        let caller = visit.caller()?;
        let (tenant, accounts) = (&caller.tenant.id, &caller.tenant.accounts);
        Ok(Self { env: &visit.env, index: settings.index()?, tenant, accounts, settings, audience: caller.audience, network_address })
    }

    /// The claim of a request, and where its check is.
    pub(super) fn accept(&self, request: &Request) -> Result<Accepted, Problem> {
        let reference_id = request.reference_id();
        let meaning = request.meaning_text();
        let claim = Claim {
            operation: request.operation(),
            class: request.class(),
            tenant: self.tenant.to_owned(),
            reference_id: reference_id.to_owned(),
            fingerprint: self.index.hash("meaning", &[request.operation().row().name, &meaning]),
            accounts: vendors::accounts(request, self.accounts, &|name| self.settings.text(name)),
            request: request.claimed(meaning, self.network_address.as_deref())?,
        };
        Ok(Accepted { address: CheckAddress::new(self.index, self.tenant, reference_id), claim })
    }

    /// What its check tells, and the body beside it: of the copy where it is finished, else of its register, within the operation's wait.
    pub(super) async fn told(&self, Accepted { address, claim }: Accepted) -> Result<(Told, String), Problem> {
        let place = address.place;
        // A large one does not wait in memory for KV: the register has the answer too.
        let is_large = claim.request.len() > LARGE;
        let finished = if is_large { None } else { storage::finished(self.env, &address, &claim.fingerprint).await? };
        match finished {
            Some(answer) => Ok(Told::of_view(&View::Answer(Box::new(answer)), true, self.audience, &place.id(), platform::now())),
            None => check::ask(self.env, place, self.audience, Ask::Run(Box::new(claim))).await,
        }
    }

    /// What the check at a place tells when it is settled, or after so long.
    pub(super) async fn wait(&self, place: Place, reference_id: String, wait: Millis) -> Result<(Told, String), Problem> {
        let show = Ask::Show { tenant: self.tenant.to_owned(), reference_id: Some(reference_id), wait };
        check::ask(self.env, place, self.audience, show).await
    }
}

/// The reply to what the check at a place told.
pub(super) fn reply(told: Result<(Told, String), Problem>, place: Place) -> Result<Reply, Problem> {
    let (status, replayed, retry_after, body) = match told {
        Ok((Told::Answer { status, replayed, retry_after }, body)) => (status, replayed, retry_after, body),
        Ok((Told::Problem(problem), _)) | Err(problem) => return Err(problem),
    };
    let mut reply = Reply::text(status, body);
    reply.check = Some(place.id());
    if replayed {
        reply = reply.header("idempotent-replayed", "true");
    }
    Ok(match retry_after {
        Some(seconds) => reply.header("location", format!("/v1/checks/{}", place.id())).header("retry-after", seconds.to_string()),
        None => reply,
    })
}
