//! `POST /v1/...` of every operation: parse, look for a finished answer, else ask the check's object.
//!
//! A bad request ends before any I/O. What the answer means is not decided here.

use toran_core::check::{Claim, View};
use toran_core::keys;
use toran_core::operations::{Answer, Audience, Operation, Request};
use toran_core::problem::Problem;
use toran_core::time::seconds_until;

use super::Visit;
use crate::check_do::{Ask, Told};
use crate::guard::{self, misconfigured};
use crate::reply::Reply;
use crate::settings::Settings;
use crate::storage::{self, Place};
use crate::{check_do, platform};

/// How soon to ask again about a check that waits for a person, in seconds.
const REVIEW_RETRY_AFTER: u32 = 3600;

pub(super) async fn run(visit: &mut Visit<'_>) -> Result<Reply, Problem> {
    let operation = visit.operation.ok_or_else(|| Problem::new("error_not_found"))?;
    visit.caller()?.allow(operation)?;
    // A CKYC record is large: its text need not stay beside what was read from it.
    let request = parse(operation, &std::mem::take(&mut visit.body))?;
    let claimed = request.claimed(guard::header(visit.request, "cf-connecting-ip").as_deref())?;
    let settings = Settings::new(visit.env);
    refuse_development_values(&settings)?;
    let caller = visit.caller()?;
    let place = Place::new(&settings.index()?, &caller.tenant, request.reference_id().as_str());
    let fingerprint = fingerprint(&settings, operation, &request)?;
    if let Some(answer) = storage::finished(visit.env, &place, &fingerprint).await? {
        return Ok(answered(&answer, caller.audience).header("idempotent-replayed", "true"));
    }
    let claim = Claim {
        operation,
        class: request.class(),
        tenant: caller.tenant.clone(),
        reference_id: request.reference_id().as_str().to_owned(),
        fingerprint,
        request: claimed,
    };
    let told = check_do::ask(visit.env, &place, &Ask::run(claim)).await?;
    reply(told, caller.audience)
}

fn parse(operation: Operation, body: &[u8]) -> Result<Request, Problem> {
    let map = toran_core::json::object(body).map_err(|malformed| Problem::malformed(malformed.0, None))?;
    Request::parse(operation, &map)
}

fn refuse_development_values(settings: &Settings<'_>) -> Result<(), Problem> {
    settings.development_value().map_or(Ok(()), |name| Err(misconfigured(name)))
}

fn fingerprint(settings: &Settings<'_>, operation: Operation, request: &Request) -> Result<String, Problem> {
    Ok(settings.index()?.hash("meaning", &[operation.row().name, &request.meaning().to_string()]))
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
        Told::Conflict => {
            Err(Problem::new(keys::DUPLICATE_REFERENCE).detail("This reference_id belongs to another request. Use a new one."))
        }
        Told::Unknown => Err(Problem::new("error_reference_id_not_found")),
    }
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
