//! `POST /v1/ops/statements`: a vendor's statement of a day, as CSV. The same one may be sent again; what it names and the journal does not is then looked for.

use serde_json::json;
use toran_core::journal::day_text;
use toran_core::reconciliation::{Statement, StatementQuestion};
use toran_core::reply::Reply;

use super::{Outcome, Visit, failed_journal};
use crate::journal::state;
use crate::platform;
use crate::settings::Settings;

/// So many digits of a hash name a statement.
const DIGITS: usize = 32;

pub(super) async fn run(visit: Visit) -> Outcome {
    let tenant = visit.caller()?.tenant.id.as_str();
    let StatementQuestion { day, account } = StatementQuestion::read(visit.arrival.request.query(), platform::now())?;
    let index = Settings::of(&visit.env).index()?;
    let short = |hash: String| hash.chars().take(DIGITS).collect::<String>();
    let hidden = |reference: &str| format!("hidden_{}", short(index.hash("stated_reference", &[tenant, reference])));
    let statement = Statement::read(&visit.body, hidden)?;
    let text = String::from_utf8_lossy(&visit.body);
    let digest = short(index.hash("statement", &[tenant, account.as_str(), &text]));
    let (rows, paise) = (statement.rows.len(), statement.paise());
    let told = json!({
        "statement": format!("stm_{digest}"), "date": day_text(day), "vendor": account.vendor(), "account": account.name(), "rows": rows, "paise": paise,
    });
    let is_known = state(&visit.env, tenant, day, digest, account, statement.rows).await.map_err(|error| failed_journal(&error))?;
    let reply = Reply::json(200, &told);
    Ok(if is_known { reply.header("idempotent-replayed", "true") } else { reply })
}
