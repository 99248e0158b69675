//! `POST /v1/pan/verify-batch`: up to 100 of `pan.verify`'s bodies, each a check of its own (contract section 2.3).
//!
//! At most [`OPEN`] checks are under way at a time, and each keeps its turn until it is settled: one whose caller only stopped waiting may still have a call open at the
//! vendor. When the batch's time is over, those under way are told as they stand and go on by themselves; those that had not begun claim nothing and may be sent again.

use std::collections::BTreeMap;

use futures_util::{StreamExt, stream};
use toran_core::check::Claim;
use toran_core::check::batch::{self, Item};
use toran_core::check::message::Told;
use toran_core::operations::Operation;
use toran_core::place::CheckAddress;
use toran_core::problem::Problem;
use toran_core::reply::{Limits, Reply};
use toran_core::time::Millis;

use super::operation_run::{Intake, reply};
use super::{Outcome, Visit};
use crate::platform;
use crate::settings::Settings;

const OPERATION: Operation = Operation::PanVerify;
/// The most checks of one batch under way, and so the most calls it has open at the vendor.
const OPEN: usize = 6;

pub(super) async fn run(visit: Visit) -> Outcome {
    let items = batch::items(&visit.body)?;
    let intake = Intake::open(&visit)?;
    let references: Vec<_> = items.iter().map(batch::reference).collect();
    let items = batch::classified(items.iter().map(|item| intake.claim(&batch::request(OPERATION, item)?)));
    intake.charge(items.iter().filter_map(|item| if let Item::Run(claim) = item { Some(claim) } else { None })).await?;
    let ends_at = platform::now().saturating_add(Settings::of(&visit.env).batch());
    let batch = Batch { intake, request_id: &visit.arrival.request_id, limits: visit.arrival.limits, ends_at };
    let replies: Vec<_> = references.into_iter().zip(batch.replies(items).await).collect();
    Ok(Reply::of_many(&replies))
}

/// A batch on its way.
struct Batch<'a> {
    intake: Intake<'a>,
    request_id: &'a str,
    limits: Limits,
    ends_at: Millis,
}

impl Batch<'_> {
    /// One reply per item, in order.
    async fn replies(&self, items: Vec<Item>) -> Vec<Reply> {
        let (mut replies, mut checks, mut same) = (BTreeMap::new(), Vec::new(), Vec::new());
        for (place, item) in items.into_iter().enumerate() {
            match item {
                Item::Run(claim) => checks.push((place, claim)),
                Item::Same(first) => same.push((place, first)),
                Item::Refused(problem) => drop(replies.insert(place, self.reply(Err(problem)))),
            }
        }
        let checks = checks.into_iter().map(|(item, claim)| async move {
            let address = self.intake.address(&claim);
            let place = address.place;
            (item, self.reply(reply(self.told(address, claim).await, place)))
        });
        replies.extend(stream::iter(checks).buffer_unordered(OPEN).collect::<Vec<_>>().await);
        for (place, first) in same {
            let found = replies.get(&first).cloned();
            replies.extend(found.map(|reply| (place, reply)));
        }
        replies.into_values().collect()
    }

    /// What a check tells when it is settled or the batch's time is over.
    async fn told(&self, address: CheckAddress, claim: Claim) -> Result<(Told, String), Problem> {
        if platform::now() >= self.ends_at {
            return Err(batch::not_begun());
        }
        self.intake.consented(&claim).await?;
        let (place, reference_id) = (address.place, claim.reference_id.clone());
        let (told, body) = self.intake.told(address, claim).await?;
        if !matches!(told, Told::Answer { status: 202, .. }) {
            return Ok((told, body));
        }
        let left = self.ends_at.saturating_sub(platform::now());
        // Whatever becomes of the waiting: that it is pending was true.
        Ok(self.intake.wait(place, reference_id, left).await.unwrap_or((told, body)))
    }

    fn reply(&self, outcome: Result<Reply, Problem>) -> Reply {
        outcome.unwrap_or_else(|problem| Reply::problem(&problem, self.request_id, &self.limits))
    }
}
