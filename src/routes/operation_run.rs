//! `POST /v1/...` of every operation: parse, look for a finished answer, else ask the check's object.
//!
//! A bad request ends before any I/O. Whoever takes requests in another form hands them to the same [`Intake`]. What the answer means is not decided here.

use toran_core::check::{Claim, View};
use toran_core::keys;
use toran_core::operations::{Answer, Audience, Operation, Request};
use toran_core::problem::Problem;
use toran_core::seal::Index;
use toran_core::time::{Millis, seconds_until};
use worker::Env;

use super::{Answering, Outcome, Visit};
use crate::check_do::{Ask, Told};
use crate::guard::misconfigured;
use crate::reply::Reply;
use crate::settings::Settings;
use crate::storage::{self, Place};
use crate::{check_do, platform};

/// How soon to ask again about a check that waits for a person, in seconds.
const REVIEW_RETRY_AFTER: u32 = 3600;

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
    reply(intake.told(accepted).await?, visit.caller()?.audience)
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
    /// The caller's own, as the edge sees it.
    address: Option<String>,
}

/// A request that may be run.
pub(super) struct Accepted {
    /// Where its check is.
    pub(super) place: Place,
    /// What its check would begin with.
    pub(super) claim: Claim,
}

impl<'a> Intake<'a> {
    /// Refuses everything while production works with development's values.
    pub(super) fn open(visit: &'a Visit) -> Result<Self, Problem> {
        let settings = Settings::of(&visit.env);
        settings.development_value().map_or(Ok(()), |name| Err(misconfigured(name)))?;
        let address = visit.arrival.request.header("cf-connecting-ip");
        Ok(Self { env: &visit.env, index: settings.index()?, tenant: &visit.caller()?.tenant.id, address })
    }

    /// The claim of a request, and where its check is.
    pub(super) fn accept(&self, request: &Request) -> Result<Accepted, Problem> {
        let reference_id = request.reference_id();
        let claim = Claim {
            operation: request.operation(),
            class: request.class(),
            tenant: self.tenant.to_owned(),
            reference_id: reference_id.to_owned(),
            fingerprint: self.index.hash("meaning", &[request.operation().row().name, &request.meaning().to_string()]),
            request: request.claimed(self.address.as_deref())?,
        };
        Ok(Accepted { place: Place::new(self.index, self.tenant, reference_id), claim })
    }

    /// What its check tells: of the copy where it is finished, else of the object, within the operation's wait.
    pub(super) async fn told(&self, Accepted { place, claim }: Accepted) -> Result<Told, Problem> {
        match storage::finished(self.env, &place, &claim.fingerprint).await? {
            Some(answer) => Ok(Told::View { view: View::Answer(Box::new(answer)), replayed: true }),
            None => check_do::ask(self.env, &place, &Ask::run(claim)).await,
        }
    }

    /// What the check at a place tells when it is settled, or after so long.
    pub(super) async fn wait(&self, place: &Place, time: Millis) -> Result<Told, Problem> {
        check_do::ask(self.env, place, &Ask::Wait(time)).await
    }
}

/// What the check's object told, for this audience.
pub(super) fn reply(told: Told, audience: Audience) -> Result<Reply, Problem> {
    match told {
        Told::View { view: View::Answer(answer), replayed } => {
            let reply = answered(&answer, audience);
            Ok(if replayed { reply.header("idempotent-replayed", "true") } else { reply })
        }
        Told::View { view: View::Pending(answer), .. } => Ok(pending(&answer, audience)),
        Told::View { view: View::Problem(problem), .. } => Err(problem),
        Told::View { view: View::Forgotten(answer), .. } => Ok(answered(&answer, audience)),
        Told::Conflict => Err(conflict()),
        Told::Unknown => Err(Problem::new("error_reference_id_not_found")),
    }
}

/// Another meaning holds the reference.
pub(super) fn conflict() -> Problem {
    Problem::new(keys::DUPLICATE_REFERENCE).detail("This reference_id belongs to another request. Use a new one.")
}

fn answered(answer: &Answer, audience: Audience) -> Reply {
    Reply::json(200, &answer.to_json(audience))
}

fn pending(answer: &Answer, audience: Audience) -> Reply {
    let seconds = answer.next_check_at.map_or(REVIEW_RETRY_AFTER, |at| seconds_until(at, platform::now()));
    Reply::json(202, &answer.to_json(audience))
        .header("location", format!("/v1/checks/{}", answer.reference_id))
        .header("retry-after", seconds.to_string())
}
