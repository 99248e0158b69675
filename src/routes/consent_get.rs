//! `GET /v1/consents/{id}`: a consent as it stands, to whoever asks vendors under it and to who collects evidence (contract section 2.14).

use toran_core::access::Scope;
use toran_core::consent::{self, ConsentAsk, ConsentVerdict};
use toran_core::keys;
use toran_core::problem::Problem;
use toran_core::reply::Reply;

use super::consent_make::told;
use super::{Outcome, Visit};

pub(super) async fn run(visit: Visit) -> Outcome {
    let caller = visit.caller()?;
    if !(caller.may_operate() || caller.may(Scope::Evidence)) {
        return Err(Problem::new(keys::FORBIDDEN).detail("The credentials' scopes include no operation, nor evidence."));
    }
    match told(&visit, caller, ConsentAsk::Show).await? {
        ConsentVerdict::Shown { consent, .. } => Ok(Reply::json(200, &consent.whole(visit.parameter()))),
        ConsentVerdict::Stands(_) | ConsentVerdict::Another | ConsentVerdict::Unknown => Err(consent::unknown()),
    }
}
