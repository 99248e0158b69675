//! `POST /v1/development/forget`: forgets how often each mobile number and bank account was checked, and each number sent a one-time password, so that a sample one can be tried again. Development only: elsewhere
//! there is no such route.

use serde_json::json;
use toran_core::reply::Reply;

use super::{Outcome, Visit};
use crate::register::operate;
use crate::settings::Settings;

pub(super) async fn run(visit: Visit) -> Outcome {
    operate::forget_subjects(&visit.env, Settings::of(&visit.env).registers()?).await?;
    Ok(Reply::json(200, &json!({ "forgotten": true })))
}
