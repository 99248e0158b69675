//! `GET /healthz`: alive. `GET /readyz`: ready; to server keys it names what is missing, never a value.

use std::borrow::Cow;

use serde_json::json;
use toran_core::operations::Audience;
use toran_core::time::rfc3339;

use super::{Outcome, Visit};
use crate::guard;
use crate::register::operate::KINDS;
use crate::reply::Reply;
use crate::settings::Settings;
use crate::storage::{self, Registers};

pub(super) fn alive() -> Reply {
    Reply::json(200, &json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION") }))
}

pub(super) async fn ready(visit: Visit) -> Outcome {
    let settings = Settings::of(&visit.env);
    let bindings = [("CHECKS", storage::namespace(&visit.env).is_none())]
        .into_iter()
        .chain(KINDS.iter().map(|kind| (kind.binding(), !kind.is_bound(&visit.env))));
    let registers = storage::registers(&visit.env).await;
    let changed = registers.as_ref().and_then(|registers| changed(registers.as_ref(), settings));
    let missing = bindings.filter(|(_, missing)| *missing).map(|(name, _)| Cow::Borrowed(name)).chain(settings.missing());
    let missing: Vec<_> = missing.chain(changed.map(Cow::Borrowed)).collect();
    let published = settings.development_value();
    let is_ready = missing.is_empty() && published.is_none();
    let mut body = json!({ "status": if is_ready { "ready" } else { "not_ready" } });
    let is_server = guard::caller(&visit.arrival.request, &visit.env).is_ok_and(|caller| caller.audience == Audience::Server);
    if let (true, Some(map)) = (is_server, body.as_object_mut()) {
        map.insert("missing".into(), json!(missing));
        map.insert("development_values".into(), json!(published.into_iter().collect::<Vec<_>>()));
        let made = registers.flatten();
        let made = made.map(|made| json!({ "count": made.count, "colo": made.colo, "made_at": rfc3339(made.made_at) }));
        map.insert("registers".into(), made.into());
    }
    Ok(Reply::json(if is_ready { 200 } else { 503 }, &body))
}

/// The setting that is not the one for which the registers were made.
fn changed(registers: Option<&Registers>, settings: &Settings) -> Option<&'static str> {
    let Some(registers) = registers else { return Some("SEAL_KEYS") };
    if settings.index().is_ok_and(|index| index.fingerprint() != registers.index_key) {
        return Some("INDEX_KEY");
    }
    settings.registers().is_ok_and(|count| count != registers.count).then_some("REGISTERS")
}
