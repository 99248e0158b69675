//! `GET /v1/ops/overview`: how each module of each vendor stands and does, by account: its circuit, its calls of a day, and document 003 section 6.4's targets beside them.

use futures_util::{StreamExt, TryStreamExt, stream};
use serde_json::json;
use toran_core::module::health::Line;
use toran_core::problem::Problem;
use toran_core::reply::Reply;
use toran_core::vendors;

use super::{Outcome, Visit};
use crate::platform;
use crate::register::module;
use crate::settings::Settings;

/// How many are asked at a time: the platform's own limit of connections.
const OPEN: usize = 6;

pub(super) async fn run(visit: Visit) -> Outcome {
    let accounts = Settings::of(&visit.env).callable();
    let modules =
        accounts.into_iter().flat_map(|(account, vendor)| vendors::modules(vendor).map(move |module| (account.clone(), vendor, module)));
    let (env, protection, now) = (&visit.env, Settings::of(&visit.env).protection(), platform::now());
    let lines = modules.map(|(account, vendor, module)| async move {
        let mut summary = module::summary(env, &account, module).await?;
        summary.paused_until = summary.paused_until.max(protection.calendar.held(&account, module, now));
        let operations: Vec<_> = vendors::operations_of(vendor).filter(|operation| vendor.module(*operation) == module).collect();
        Ok::<_, Problem>(Line::new(&account, module, &operations, &summary, protection))
    });
    let lines: Vec<_> = stream::iter(lines).buffered(OPEN).try_collect().await?;
    Ok(Reply::json(200, &json!({ "vendors": lines })))
}
