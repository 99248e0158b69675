//! `GET /healthz`: alive. `GET /readyz`: ready; to server keys it names what is missing, never a value.

use std::borrow::Cow;

use serde_json::json;
use toran_core::operations::Audience;

use super::Visit;
use crate::guard;
use crate::reply::Reply;
use crate::settings::Settings;

pub(super) fn alive() -> Reply {
    Reply::json(200, &json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION") }))
}

pub(super) fn ready(visit: &Visit) -> Reply {
    let settings = Settings::of(&visit.env);
    let bindings = [("CHECKS", visit.env.kv("CHECKS").is_err())]
        .into_iter()
        .chain(["CHECK_REGISTER", "SUBJECT_REGISTER"].map(|name| (name, visit.env.durable_object(name).is_err())));
    let missing: Vec<_> = bindings.filter(|(_, missing)| *missing).map(|(name, _)| Cow::Borrowed(name)).chain(settings.missing()).collect();
    let published = settings.development_value();
    let is_ready = missing.is_empty() && published.is_none();
    let mut body = json!({ "status": if is_ready { "ready" } else { "not_ready" } });
    let is_server = guard::caller(&visit.arrival.request, &visit.env).is_ok_and(|caller| caller.audience == Audience::Server);
    if let (true, Some(map)) = (is_server, body.as_object_mut()) {
        map.insert("missing".into(), json!(missing));
        map.insert("development_values".into(), json!(published.into_iter().collect::<Vec<_>>()));
    }
    Reply::json(if is_ready { 200 } else { 503 }, &body)
}
