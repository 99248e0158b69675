//! `GET /v1/ifsc/{code}`: what an IFSC says about its bank, and whether its branch is listed.
//!
//! The registry is built in, and opened once by an instance, when it is first asked for: well under a millisecond.

use std::sync::OnceLock;

use serde_json::json;
use toran_core::ids::Ifsc;
use toran_core::ifsc::{self, PACK, Refusal, Registry};
use toran_core::keys;
use toran_core::problem::{FieldFault, Problem};

use super::{Outcome, Visit};
use toran_core::reply::Reply;

static REGISTRY: OnceLock<Result<Registry, Refusal>> = OnceLock::new();

pub(super) fn run(visit: &Visit) -> Outcome {
    let code = Ifsc::parse(visit.parameter()).map_err(|fault| {
        let error = FieldFault { field: "code".into(), key: fault.key.clone(), message: fault.message.clone(), hint: fault.hint.clone() };
        Problem { id: None, key: fault.key, title: fault.message, detail: None, retry_after: None, limit: None, errors: vec![error] }
    })?;
    let registry = REGISTRY.get_or_init(|| Registry::open(PACK)).as_ref().map_err(|_| Problem::new(keys::INTERNAL))?;
    Ok(Reply::json(200, &json!(ifsc::answer(&code, registry))))
}
