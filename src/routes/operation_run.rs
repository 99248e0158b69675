//! `POST /v1/...` of every operation: parse, look for a finished answer, else ask the check's register.
//!
//! A bad request ends before any I/O. Whoever takes requests in another form hands them to the same [`Intake`]. What the answer means is not decided here.

use toran_core::account::Account;
use toran_core::body::LARGE;
use toran_core::check::message::{Ask, Told};
use toran_core::check::{Claim, View};
use toran_core::keys;
use toran_core::operations::{Audience, Request};
use toran_core::place::{CheckAddress, Place};
use toran_core::problem::Problem;
use toran_core::seal::Index;
use toran_core::time::Millis;
use toran_core::vendors;
use worker::Env;

use super::{Answering, Outcome, Visit};
use crate::guard::misconfigured;
use crate::register::check;
use crate::settings::Settings;
use crate::{platform, storage};
use toran_core::reply::Reply;

pub(super) fn run(visit: Visit) -> Answering {
    match parsed(&visit) {
        Ok(request) => Answering::later(told(visit, request)),
        Err(problem) => Answering::Now(Err(problem)),
    }
}

fn parsed(visit: &Visit) -> Result<Request, Problem> {
    let operation = visit.operation.ok_or_else(|| Problem::new(keys::NOT_FOUND))?;
    Request::read(operation, &visit.body)
}

async fn told(mut visit: Visit, request: Request) -> Outcome {
    // A CKYC record is large: its text need not stay beside what was read from it.
    visit.body = Vec::new();
    let intake = Intake::open(&visit)?;
    let claim = intake.claim(&request)?;
    drop(request);
    let address = intake.address(&claim);
    let place = address.place;
    reply(intake.told(address, claim).await, place)
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

    /// The claim of a request.
    pub(super) fn claim(&self, request: &Request) -> Result<Claim, Problem> {
        let accounts = vendors::accounts(request, self.accounts, &|name| self.settings.text(name));
        Claim::of(request, self.tenant, accounts, self.network_address.as_deref(), self.index)
    }

    /// Where the check of a claim is kept.
    pub(super) fn address(&self, claim: &Claim) -> CheckAddress {
        claim.address(self.index)
    }

    /// What its check tells, and the body beside it: of the copy where it is finished, else of its register, within the operation's wait.
    pub(super) async fn told(&self, address: CheckAddress, claim: Claim) -> Result<(Told, String), Problem> {
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
