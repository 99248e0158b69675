//! `POST /v1/pan/verify-batch`: up to 100 of `pan.verify`'s bodies, each a check of its own (contract section 2.3).
//!
//! Bad items, and references that come twice, are told apart before anything is sent. At most [`OPEN`] checks are under way at a time, and each keeps
//! its turn until it is settled: one whose caller only stopped waiting may still have a call open at the vendor. When the batch's time is
//! over, those under way are told as they stand and go on by themselves; those that had not begun claim nothing and may be sent again.

use std::collections::BTreeMap;

use futures_util::{StreamExt, stream};
use serde_json::Value;
use toran_core::check::message::Told;
use toran_core::keys;
use toran_core::operations::{Operation, Request};
use toran_core::problem::Problem;
use toran_core::time::Millis;

use super::operation_run::{Accepted, Intake, reply};
use super::{Outcome, Visit};
use crate::platform;
use crate::reply::Reply;
use crate::settings::Settings;

const OPERATION: Operation = Operation::PanVerify;
/// The most items of one batch.
const MOST: usize = 100;
/// The most checks of one batch under way, and so the most calls it has open at the vendor.
const OPEN: usize = 6;
/// When an item that had not begun is worth sending again, in seconds.
const RETRY_AFTER: u32 = 5;

/// What there is to do about an item.
enum Item {
    /// Run its check.
    Run(Accepted),
    /// Nothing: the item at this place of the batch asks the same.
    Same(usize),
    /// Nothing: it is refused.
    Refused(Problem),
}

pub(super) async fn run(visit: Visit) -> Outcome {
    let items = items(&visit.body)?;
    let intake = Intake::open(&visit)?;
    let items = sorted(items.iter().map(|item| accept(&intake, item)));
    let batch = Batch { intake, request_id: &visit.arrival.request_id, ends_at: ends_at(&visit) };
    Ok(Reply::of_many(&batch.replies(items).await))
}

fn ends_at(visit: &Visit) -> Millis {
    platform::now().saturating_add(Settings::of(&visit.env).batch())
}

fn items(body: &[u8]) -> Result<Vec<Value>, Problem> {
    let mut map = toran_core::json::object(body).map_err(|malformed| Problem::malformed(malformed.0, None))?;
    Problem::of_unknown(&map, &["items"], "")?;
    match map.get_mut("items").map(Value::take) {
        Some(Value::Array(items)) if (1..=MOST).contains(&items.len()) => Ok(items),
        _ => Err(Problem::malformed(format!("items should be a list of 1 to {MOST} requests."), Some("items".into()))),
    }
}

fn accept(intake: &Intake<'_>, item: &Value) -> Result<Accepted, Problem> {
    let map = item.as_object().ok_or_else(|| Problem::malformed("Each item should be an object.".into(), None))?;
    intake.accept(&Request::parse(OPERATION, map)?)
}

/// Of several items with one reference the first is run. The same meaning again is the same check, another one is a conflict.
fn sorted(accepted: impl Iterator<Item = Result<Accepted, Problem>>) -> Vec<Item> {
    let mut known: Vec<(String, String, usize)> = Vec::new();
    let mut sort = |place: usize, accepted: Accepted| {
        let (reference, fingerprint) = (&accepted.claim.reference_id, &accepted.claim.fingerprint);
        match known.iter().find(|(known, ..)| known == reference) {
            Some((_, meaning, first)) if meaning == fingerprint => Item::Same(*first),
            Some(_) => Item::Refused(Problem::of_conflict()),
            None => {
                known.push((reference.clone(), fingerprint.clone(), place));
                Item::Run(accepted)
            }
        }
    };
    accepted.enumerate().map(|(place, accepted)| accepted.map_or_else(Item::Refused, |accepted| sort(place, accepted))).collect()
}

/// A batch on its way.
struct Batch<'a> {
    intake: Intake<'a>,
    request_id: &'a str,
    ends_at: Millis,
}

impl Batch<'_> {
    /// One reply per item, in order.
    async fn replies(&self, items: Vec<Item>) -> Vec<Reply> {
        let (mut replies, mut checks, mut same) = (BTreeMap::new(), Vec::new(), Vec::new());
        for (place, item) in items.into_iter().enumerate() {
            match item {
                Item::Run(accepted) => checks.push((place, accepted)),
                Item::Same(first) => same.push((place, first)),
                Item::Refused(problem) => drop(replies.insert(place, self.reply(Err(problem)))),
            }
        }
        let checks = checks.into_iter().map(|(item, accepted)| async move {
            let place = accepted.address.place;
            (item, self.reply(reply(self.told(accepted).await, place)))
        });
        replies.extend(stream::iter(checks).buffer_unordered(OPEN).collect::<Vec<_>>().await);
        for (place, first) in same {
            let found = replies.get(&first).cloned();
            replies.extend(found.map(|reply| (place, reply)));
        }
        replies.into_values().collect()
    }

    /// What a check tells when it is settled or the batch's time is over.
    async fn told(&self, accepted: Accepted) -> Result<(Told, String), Problem> {
        if platform::now() >= self.ends_at {
            return Err(Problem::new(keys::SOURCE_UNAVAILABLE).retry_after(RETRY_AFTER).detail("Not begun in this batch. Send it again."));
        }
        let (place, reference_id) = (accepted.address.place, accepted.claim.reference_id.clone());
        let (told, body) = self.intake.told(accepted).await?;
        if !matches!(told, Told::Answer { status: 202, .. }) {
            return Ok((told, body));
        }
        let left = self.ends_at.saturating_sub(platform::now());
        // Whatever becomes of the waiting: that it is pending was true.
        Ok(self.intake.wait(place, reference_id, left).await.unwrap_or((told, body)))
    }

    fn reply(&self, outcome: Result<Reply, Problem>) -> Reply {
        outcome.unwrap_or_else(|problem| Reply::problem(&problem, self.request_id))
    }
}
