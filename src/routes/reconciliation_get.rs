//! `GET /v1/ops/reconciliation/{date}`, and the same as `.csv`: the checks of a day that may have moved money beside what their vendors say. What is not compared yet is now; the request
//! waits a while, and then tells how far it is. `POST` looks everything up again.

use toran_core::journal::{self, day_text};
use toran_core::reconciliation::{ReportQuestion, Row};
use toran_core::reply::Reply;
use toran_core::time::{Millis, SECOND};

use super::{Outcome, Visit, failed_journal};
use crate::journal::{reconcile, report};
use crate::settings::Settings;
use crate::{platform, storage};

/// How long a request waits for the end, and how often it looks.
const PATIENCE: Millis = 10 * SECOND;
const OFTEN: Millis = 150;
/// When to ask again, in seconds.
const AGAIN: &str = "5";

pub(super) async fn run(visit: Visit) -> Outcome {
    reconciled(visit, false).await
}

pub(super) async fn again(visit: Visit) -> Outcome {
    reconciled(visit, true).await
}

async fn reconciled(visit: Visit, again: bool) -> Outcome {
    let (tenant, began) = (visit.caller()?.tenant.id.as_str(), platform::now());
    let ReportQuestion { day, is_csv, status, after, limit } =
        ReportQuestion::read(visit.parameter(), visit.arrival.request.query(), began)?;
    let (ring, place) = (Settings::of(&visit.env).ring()?, journal::cursor_place("reconciliation", tenant));
    let after = match after {
        None => 0,
        Some(text) => journal::opened(ring, &place, &text).and_then(|text| text.parse().ok()).ok_or_else(journal::no_cursor)?,
    };
    let mut run = reconcile(&visit.env, tenant, day, again).await.map_err(|error| failed_journal(&error))?;
    let told = loop {
        let told = report(&visit.env, tenant, day, status, after, limit).await.map_err(|error| failed_journal(&error))?;
        let is_late = platform::now().saturating_sub(began) > PATIENCE;
        if run.ended_at.is_some() || told.run.ended_at.is_some() || is_late {
            break told;
        }
        run = told.run;
        platform::sleep(OFTEN).await;
    };
    let seal = |last: &Row| storage::seal_bytes(ring, &place, last.number.to_string().as_bytes());
    let next = told.rows.last().filter(|_| told.is_followed).map(seal).transpose().map_err(|error| failed_journal(&error))?;
    let (now, is_done) = (platform::now(), told.run.ended_at.is_some());
    let code = if is_done { 200 } else { 202 };
    let reply = if is_csv {
        let reply = Reply::csv(code, told.to_csv(now), &format!("reconciliation-{}.csv", day_text(day)));
        match next {
            Some(next) => reply.header("x-next-cursor", next),
            None => reply,
        }
    } else {
        Reply::json(code, &told.to_json(tenant, day, next.as_deref(), now))
    };
    Ok(if is_done { reply } else { reply.header("retry-after", AGAIN) })
}
