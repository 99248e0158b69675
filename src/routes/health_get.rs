//! `GET /healthz`: alive. `GET /readyz`: ready; to server keys it names what is missing, never a value.

use js_sys::Reflect;
use serde_json::json;
use toran_core::limits::Limit;
use toran_core::operations::Audience;
use toran_core::readiness;
use toran_core::reply::Reply;
use toran_core::settings::BINDINGS;

use super::{Outcome, Visit};
use crate::guard;
use crate::settings::Settings;
use crate::storage;

pub(super) fn alive() -> Reply {
    Reply::json(200, &json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION") }))
}

pub(super) async fn ready(visit: Visit) -> Outcome {
    let is_bound = |name: &str| Reflect::get(&visit.env, &name.into()).is_ok_and(|binding| binding.is_object());
    let unbound: Vec<_> = BINDINGS.iter().copied().filter(|name| !is_bound(name)).collect();
    let registers = storage::registers(&visit.env).await;
    let request = &visit.arrival.request;
    let caller = guard::caller(request, &visit.env);
    if caller.is_err() && request.header("authorization").is_some() {
        // The answer says whether a key is one.
        guard::limit(&visit.env, Limit::Failures, guard::network(request)).await?;
    }
    let is_server = caller.is_ok_and(|caller| caller.audience == Audience::Server);
    let (status, body) = readiness::answer(Settings::of(&visit.env), &unbound, &registers, is_server);
    Ok(Reply::json(status, &body))
}
