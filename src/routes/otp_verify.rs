//! `POST /v1/otp/verify`: takes the one-time password that was sent to a mobile number; its answer is a token of the same family, in which the number is proved (contract section 2.13).

use toran_core::limits::Limit;
use toran_core::place::Place;
use toran_core::proof;
use toran_core::proof::number::{Deed, Question};
use toran_core::session::Verified;

use super::{Outcome, Visit, session_create};
use crate::settings::Settings;
use crate::{guard, platform, register};

pub(super) async fn run(visit: Visit) -> Outcome {
    let (mobile, code) = proof::typed(&visit.body)?;
    let settings = Settings::of(&visit.env);
    let index = settings.index()?;
    let session = proof::session(visit.caller()?.session.as_deref(), index, &mobile)?;
    guard::limit(&visit.env, Limit::Session, session.family.clone()).await?;
    let holder = proof::holder(index, session);
    let question = Question { code: code.hash(index, &mobile, &holder), holder, deed: Deed::Try };
    let verdict = register::proof::ask(&visit.env, Place::of_proof(index, mobile.expose()), question).await?;
    let now = platform::now();
    verdict.result(now)?;
    let verified = Verified::of(index, &session.tenant, mobile.expose(), now);
    session_create::told(settings, &session.proved(verified, now).ok_or_else(guard::no_session)?)
}
