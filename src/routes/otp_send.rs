//! `POST /v1/otp`: sends a one-time password to a mobile number, so that a browser's session may prove it (contract section 2.13).
//!
//! The limits come first. A code that certainly was not sent counts nowhere but in the session's calls and the tenant's day; one that may have been is kept, and is good if it arrives. Code and
//! number are in no log.

use serde_json::json;
use toran_core::access;
use toran_core::budget::{Charge, Verdict};
use toran_core::ids::MobileNumber;
use toran_core::keys;
use toran_core::place::Place;
use toran_core::problem::Problem;
use toran_core::proof::number::{Deed, Question};
use toran_core::proof::sender::{Handover, MOST_ANSWER, Sender};
use toran_core::proof::{self, LIFE, Passcode};
use toran_core::reply::Reply;
use toran_core::session::Session;
use toran_core::time::rfc3339;
use worker::Env;

use super::{Outcome, Visit};
use crate::guard::{self, Caller};
use crate::settings::Settings;
use crate::{perform, platform, register};

pub(super) async fn run(visit: Visit) -> Outcome {
    let mobile = proof::asked(&visit.body)?;
    let (settings, caller, env) = (Settings::of(&visit.env), visit.caller()?, &visit.env);
    let index = settings.index()?;
    let session = proof::session(caller.session.as_deref(), index, &mobile)?;
    let sender = settings.otp_sender().map_err(|bad| guard::misconfigured(bad.0))?;
    guard::limit_otp(env, session, guard::network(&visit.arrival.request)).await?;
    let code = Passcode::of_random(platform::random().ok_or_else(|| Problem::new(keys::INTERNAL))?);
    let holder = proof::holder(index, session);
    let kept = Kept { env, place: Place::of_proof(index, mobile.expose()), code: code.hash(index, &mobile, &holder), holder };
    kept.note(Deed::Send).await?;
    let sent_at = platform::now();
    if let Err(problem) = charge(env, caller, session).await {
        kept.note(Deed::TakeBack).await?;
        return Err(problem);
    }
    let handover = hand_over(&sender, &mobile, &code, settings).await;
    if handover.is_taken_back() {
        kept.note(Deed::TakeBack).await?;
    }
    handover.result()?;
    Ok(Reply::json(202, &json!({ "expires_at": rfc3339(sent_at.saturating_add(LIFE)) })))
}

/// A code among those of its number.
struct Kept<'a> {
    env: &'a Env,
    place: Place,
    holder: String,
    code: String,
}

impl Kept<'_> {
    /// Notes what is done with it.
    async fn note(&self, deed: Deed) -> Result<(), Problem> {
        let question = Question { holder: self.holder.clone(), code: self.code.clone(), deed };
        register::proof::ask(self.env, self.place, question).await?.result(platform::now())
    }
}

/// Takes a message from the session's calls and from the tenant's day: each costs one.
async fn charge(env: &Env, caller: &Caller, session: &Session) -> Result<(), Problem> {
    let (now, index) = (platform::now(), Settings::of(env).index()?);
    let call = Charge { calls: 1, payments: Vec::new(), budget: session.budget, until: session.until, within: None };
    let verdict = register::session::take(env, Place::of_family(index, &session.family), call.clone()).await?;
    verdict.result(&call, now)?;
    let (place, day) = caller.tenant.limits.otp(index, &caller.tenant.id, now);
    match register::session::take(env, place, day.clone()).await? {
        Verdict::Granted => Ok(()),
        Verdict::OfCalls | Verdict::OfPaise => Err(access::too_many_otps(&day, now)),
    }
}

/// Hands a code over, and alerts where the sender refuses us: nobody can prove a number until that is settled.
async fn hand_over(sender: &Sender, mobile: &MobileNumber, code: &Passcode, settings: &Settings) -> Handover {
    let (exchange, _) = perform::send(sender.request(mobile, code), settings.otp_wait(), MOST_ANSWER).await;
    let handover = Handover::of(&exchange);
    if handover == Handover::RefusesUs {
        platform::log(&json!({ "level": "alert", "event": "otp_sender_refused_us" }));
    }
    handover
}
