//! `POST /v1/ops/registers`: makes registers near the place where this runs. `{"from": 0, "count": 64}` makes these numbers of each kind; after the last one a summary
//! is kept, which `GET /readyz` reads. Making one again changes nothing. `npm run provision` asks for all of them.

use futures_util::{StreamExt, TryStreamExt, stream};
use serde_json::{Value, json};
use toran_core::problem::Problem;
use toran_core::readiness::Registers;

use super::{Outcome, Visit};
use crate::platform;
use crate::register::operate;
use crate::settings::Settings;
use crate::storage;
use toran_core::reply::Reply;

/// The most registers of each kind that one request makes: with five kinds, a third of the requests that the platform allows one invocation.
const MOST: u32 = 64;
/// How many are asked at a time: the platform's own limit of connections.
const OPEN: usize = 6;

pub(super) async fn run(visit: Visit) -> Outcome {
    let settings = Settings::of(&visit.env);
    let (registers, index) = (settings.registers()?, settings.index()?);
    let (from, count) = range(&visit.body)?;
    if from >= registers {
        return Err(Problem::malformed(format!("There are {registers} registers, from 0."), Some("from".into())));
    }
    let to = from.saturating_add(count).min(registers);
    let numbers = (from..to).flat_map(|number| operate::KINDS.iter().map(move |kind| (kind, number)));
    let orders = numbers.map(|(kind, number)| operate::make(&visit.env, kind, number));
    stream::iter(orders).buffer_unordered(OPEN).try_collect::<()>().await?;
    let colo = visit.arrival.request.colo();
    if to == registers {
        let summary = Registers { count: registers, index_key: index.fingerprint(), made_at: platform::now(), colo: colo.clone() };
        storage::note_registers(&visit.env, &summary).await?;
    }
    Ok(Reply::json(200, &json!({ "registers": registers, "from": from, "to": to, "colo": colo })))
}

fn range(body: &[u8]) -> Result<(u32, u32), Problem> {
    let map = toran_core::json::object(body).map_err(|malformed| Problem::malformed(malformed.0, None))?;
    Problem::of_unknown(&map, &["from", "count"], "")?;
    let number = |name: &str| map.get(name).and_then(Value::as_u64).and_then(|number| u32::try_from(number).ok());
    match (number("from"), number("count")) {
        (Some(from), Some(count)) if (1..=MOST).contains(&count) => Ok((from, count)),
        _ => Err(Problem::malformed(format!("from and count should be whole numbers, count from 1 to {MOST}."), None)),
    }
}
