//! `GET /v1/ifsc/{code}`: what an IFSC says about its bank.

use serde_json::json;
use toran_core::ids::Ifsc;
use toran_core::ifsc;
use toran_core::problem::{FieldFault, Problem};

use super::Visit;
use crate::reply::Reply;

#[expect(clippy::unused_async, reason = "every handler is asynchronous")]
pub(super) async fn run(visit: &mut Visit<'_>) -> Result<Reply, Problem> {
    let code = Ifsc::parse(&visit.parameter).map_err(|fault| {
        let error = FieldFault { field: "code".into(), key: fault.key.clone(), message: fault.message.clone() };
        Problem { key: fault.key, title: fault.message, detail: fault.hint.map(Into::into), retry_after: None, errors: vec![error] }
    })?;
    Ok(Reply::json(200, &json!(ifsc::lookup(&code))))
}
