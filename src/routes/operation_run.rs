//! `POST /v1/...` of every operation: parse, look for a finished answer, else ask the check's register.
//!
//! A bad request ends before any I/O. Whoever takes requests in another form hands them to the same [`Intake`]. What the answer means is not decided here.

use toran_core::access;
use toran_core::account::Account;
use toran_core::body::LARGE;
use toran_core::budget::{Charge, Payer, Purse, Verdict};
use toran_core::check::message::{Ask, Asker, Told};
use toran_core::check::{Claim, View};
use toran_core::consent::ConsentAsk;
use toran_core::keys;
use toran_core::limits;
use toran_core::operations::subject::{self, Named};
use toran_core::operations::{Class, Operation, Request};
use toran_core::place::{CheckAddress, Place};
use toran_core::problem::Problem;
use toran_core::seal::Index;
use toran_core::session::Session;
use toran_core::time::Millis;
use toran_core::vendors;
use worker::Env;

use super::{Answering, Outcome, Visit};
use crate::guard::{self, Caller};
use crate::register::{self, check};
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
    let replaced = request.replaces().map(str::to_owned);
    drop(request);
    intake.charge([&claim].into_iter()).await?;
    intake.consented(&claim).await?;
    if let Some(replaced) = replaced {
        intake.replace(&claim, &replaced).await?;
    }
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
    caller: &'a Caller,
    /// The caller's own, as the edge sees it.
    network_address: Option<String>,
}

impl<'a> Intake<'a> {
    /// For the caller of a visit.
    pub(super) fn open(visit: &'a Visit) -> Result<Self, Problem> {
        let settings = Settings::of(&visit.env);
        let network_address = visit.arrival.request.header("cf-connecting-ip").map(Into::into);
        let caller = visit.caller()?;
        let (tenant, accounts) = (&caller.tenant.id, &caller.tenant.accounts);
        Ok(Self { env: &visit.env, index: settings.index()?, tenant, accounts, settings, caller, network_address })
    }

    /// The claim of a request.
    ///
    /// A session's customer is the only one whom it may ask about, and a mobile number that they proved.
    pub(super) fn claim(&self, request: &Request) -> Result<Claim, Problem> {
        if let Some(subject) = self.caller.session.as_ref().and_then(|session| session.subject.as_ref())
            && Named::in_request(&request.meaning()).asks_of(subject, self.index, self.tenant) == Some(false)
        {
            return Err(Problem::of_another_subject());
        }
        if let Some(session) = &self.caller.session {
            subject::proved(session, request, self.index, self.tenant)?;
        }
        let accounts = vendors::accounts(request, self.accounts, &|name| self.settings.text(name));
        let claim = Claim::of(request, self.tenant, accounts, self.network_address.as_deref(), self.index)?;
        let payers = if claim.class == Class::Money { self.payers() } else { Vec::new() };
        let named = request.consent().demanded(self.settings.consent_rule(self.caller.tenant), platform::now())?;
        let consent = named.map(|id| Place::of_consent(self.index, self.tenant, id).to_string());
        Ok(Claim { payers, consent, ..claim })
    }

    /// Refuses a claim whose request names a consent that is not good, or not the caller's: a replay too, which asks nobody else. Without such a name nobody is asked.
    pub(super) async fn consented(&self, claim: &Claim) -> Result<(), Problem> {
        let Some(place) = claim.consent.as_deref().and_then(Place::parse) else { return Ok(()) };
        let session = self.caller.session.as_ref().map(|session| session.family.clone());
        let verdict = register::consent::ask(self.env, place, session, ConsentAsk::Stand).await?;
        verdict.refusal().map_or(Ok(()), Err)
    }

    /// Who pays for a rupee of the caller, and has only so much.
    fn payers(&self) -> Vec<Payer> {
        let of_session = |session: &Session| Payer {
            purse: Purse::Session,
            place: Place::of_family(self.index, &session.family).to_string(),
            paise: session.budget.paise,
            until: session.until,
        };
        let of_tenant = self.caller.tenant.limits.payer(self.index, self.tenant, platform::now());
        self.caller.session.as_deref().map(of_session).into_iter().chain(of_tenant).collect()
    }

    /// Lets claims pass the limits of their tenant and of a browser's session, and takes them from the session's calls. Their rupees are booked when their checks are about to send them.
    pub(super) async fn charge(&self, claims: impl Iterator<Item = &Claim>) -> Result<(), Problem> {
        let claims: Vec<_> = claims.collect();
        let is_money = claims.iter().any(|claim| claim.class == Class::Money);
        if is_money {
            guard::demand_limiters(self.env)?;
        }
        let calls = u32::try_from(claims.len()).unwrap_or(u32::MAX);
        if let Some(session) = &self.caller.session {
            let network = limits::network(self.network_address.as_deref());
            guard::limit_browser(self.env, session, &network, self.tenant, is_money).await?;
        }
        self.charge_tenant(claims.first().map(|claim| claim.operation), calls).await?;
        let Some(session) = &self.caller.session else { return Ok(()) };
        take_calls(self.env, self.index, session, calls).await
    }

    /// The calls of a tenant whose seconds are limited; of any other nothing is asked.
    async fn charge_tenant(&self, operation: Option<Operation>, calls: u32) -> Result<(), Problem> {
        let Some(operation) = operation else { return Ok(()) };
        let Some(charge) = self.caller.tenant.limits.calls(operation, calls, platform::now()) else { return Ok(()) };
        let place = Place::of_calls(self.index, self.tenant, operation.row().name);
        match register::session::take(self.env, place, charge.clone()).await? {
            Verdict::Granted => Ok(()),
            Verdict::OfCalls | Verdict::OfPaise => Err(access::too_often(&charge)),
        }
    }

    /// Ends the refused request whose place a claim takes: before the claim, so that two corrections never both count. A claim that is known has done so, or is another request.
    async fn replace(&self, claim: &Claim, replaced: &str) -> Result<(), Problem> {
        let place = self.address(claim).place;
        // Asked as a server: what a session may not see holds the reference all the same.
        let show = Ask::Show { tenant: self.tenant.to_owned(), reference_id: Some(claim.reference_id.clone()), wait: 0 };
        if let (Told::Answer { .. }, _) = check::ask(self.env, place, Asker::server(), show).await? {
            return Ok(());
        }
        let other = CheckAddress::new(self.index, self.tenant, replaced).place;
        let replace = Ask::Replace { tenant: self.tenant.to_owned(), by: place.id() };
        match check::ask(self.env, other, asker(self.caller), replace).await? {
            (Told::Problem(problem), _) => Err(problem),
            (Told::Answer { .. }, _) => Ok(()),
            (Told::Heard(_), _) => Err(Problem::new(keys::INTERNAL)),
        }
    }

    /// Where the check of a claim is kept.
    pub(super) fn address(&self, claim: &Claim) -> CheckAddress {
        claim.address(self.index)
    }

    /// What its check tells, and the body beside it: of the copy where it is finished, else of its register, within the operation's wait.
    pub(super) async fn told(&self, address: CheckAddress, claim: Claim) -> Result<(Told, String), Problem> {
        let place = address.place;
        // A large one does not wait in memory for KV: the register has the answer too. It also knows which session opened a check, and how often it was guessed at.
        let is_by_register = claim.request.len() > LARGE || self.caller.session.is_some();
        let finished = if is_by_register { None } else { storage::finished(self.env, &address, &claim.fingerprint).await? };
        match finished {
            Some(answer) => Ok(Told::of_view(&View::Answer(Box::new(answer)), true, self.caller.audience, &place.id(), platform::now())),
            None => check::ask(self.env, place, asker(self.caller), Ask::Run(Box::new(claim))).await,
        }
    }

    /// What the check at a place tells when it is settled, or after so long.
    pub(super) async fn wait(&self, place: Place, reference_id: String, wait: Millis) -> Result<(Told, String), Problem> {
        let show = Ask::Show { tenant: self.tenant.to_owned(), reference_id: Some(reference_id), wait };
        check::ask(self.env, place, asker(self.caller), show).await
    }
}

/// Takes calls from the budget of a browser's session.
pub(super) async fn take_calls(env: &Env, index: &Index, session: &Session, calls: u32) -> Result<(), Problem> {
    let charge = Charge { calls, payments: Vec::new(), budget: session.budget, until: session.until, within: None };
    let verdict = register::session::take(env, Place::of_family(index, &session.family), charge.clone()).await?;
    verdict.result(&charge, platform::now())
}

/// Who asks a check's register.
pub(super) fn asker(caller: &Caller) -> Asker {
    let session = caller.session.as_ref().map(|session| session.family.clone());
    // A session sees what its family opened, which it could not have without the scope.
    let sees = if session.is_some() { None } else { caller.sees() };
    let subject = caller.session.as_ref().and_then(|session| session.subject.clone());
    Asker { audience: caller.audience, session, sees, subject }
}

/// The reply to what the check at a place told.
pub(super) fn reply(told: Result<(Told, String), Problem>, place: Place) -> Result<Reply, Problem> {
    let (status, replayed, retry_after, body) = match told {
        Ok((Told::Answer { status, replayed, retry_after }, body)) => (status, replayed, retry_after, body),
        Ok((Told::Problem(problem), _)) | Err(problem) => return Err(problem),
        Ok((Told::Heard(_), _)) => return Err(Problem::new(keys::INTERNAL)),
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
