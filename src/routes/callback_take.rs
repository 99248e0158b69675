//! `POST /v1/webhooks/{vendor}/{account}`: a vendor's callback, over the raw body (document 003 section 6.5, contract section 2.7).
//!
//! It is answered in the vendor's own words, also where it is refused ([`crate::visited::Visited::of`]).

use toran_core::account::Account;
use toran_core::check::message::{Ask, Asker, Heard, Receipt, Told};
use toran_core::keys;
use toran_core::limits::Limit;
use toran_core::problem::Problem;
use toran_core::reply::Reply;
use toran_core::vendors::callback::{self, Callback};
use toran_core::vendors::proof::{self, Arrived, Proof};
use worker::Env;

use super::{Outcome, Visit};
use crate::guard;
use crate::incoming::Incoming;
use crate::platform;
use crate::register::check;
use crate::settings::Settings;

pub(super) async fn run(visit: Visit) -> Outcome {
    let settings = Settings::of(&visit.env);
    let (vendor, name) = (visit.parameter(), visit.parameters.get(1).map_or("", String::as_str));
    let account = settings.callback_account(vendor, name).ok_or_else(|| Problem::new(keys::NOT_FOUND))?;
    taken(&visit, settings, &account).await?;
    Ok(Reply::json(200, &callback::acknowledgement(account.vendor(), 200)))
}

async fn taken(visit: &Visit, settings: &Settings, account: &Account) -> Result<(), Problem> {
    let Visit { env, arrival, body, .. } = visit;
    let proof = proof(&arrival.request, settings, account, body)?;
    if proof != Proof::Proven {
        // Whoever sends many that prove nothing is told so before anything is looked for.
        guard::limit(env, Limit::Failures, guard::network(&arrival.request)).await?;
    }
    if proof == Proof::Refused {
        log("warn", "callback_refused", account);
        return Err(Problem::new(keys::UNAUTHORIZED));
    }
    let index = settings.index()?;
    let text = std::str::from_utf8(body).ok();
    let Some((text, callback)) = text.and_then(|text| Some((text, callback::heard(account, text.as_bytes(), index)?))) else {
        // It is acknowledged, for delivering it again would not help.
        log("info", "callback_unreadable", account);
        return Ok(());
    };
    told(env, account, callback, proof == Proof::Proven, text.to_owned()).await
}

fn proof(request: &Incoming, settings: &Settings, account: &Account, body: &[u8]) -> Result<Proof, Problem> {
    let address = request.header("cf-connecting-ip");
    let arrived = Arrived { header: &|name| request.header(name).map(Into::into), address: address.as_deref(), body, now: platform::now() };
    proof::of(account, &arrived, &|name| settings.text(name)).map_err(|bad| guard::misconfigured(&bad.0))
}

/// Tells the check's register.
async fn told(env: &Env, account: &Account, callback: Callback, is_proven: bool, body: String) -> Result<(), Problem> {
    let Callback { place, attempt, reference, delivery } = callback;
    let heard = Heard { account: account.clone(), attempt, reference, is_proven, delivery, body };
    match check::ask(env, place, Asker::server(), Ask::Hear(Box::new(heard))).await?.0 {
        Told::Heard(Receipt::Taken | Receipt::Repeated | Receipt::Hint) => Ok(()),
        Told::Heard(Receipt::Unknown) => {
            log("info", "callback_unknown", account);
            Ok(())
        }
        Told::Heard(Receipt::Altered) => Err(Problem::of_conflict()),
        Told::Problem(problem) => Err(problem),
        Told::Answer { .. } => Err(Problem::new(keys::INTERNAL)),
    }
}

fn log(level: &str, event: &str, account: &Account) {
    platform::log(&serde_json::json!({ "level": level, "event": event, "vendor": account.vendor(), "account": account.name() }));
}
