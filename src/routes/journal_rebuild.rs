//! `POST /v1/ops/journal/rebuild`: `{"tenant", "register", "after"?}` writes what the journals of a tenant lack of a hundred checks of a register, and says where to go on. `npm run journal -- rebuild`
//! asks for all of them. Told are numbers alone: whoever runs the gateway sees no tenant's data.

use serde::Deserialize;
use serde_json::{Value, json};
use toran_core::check::message::Ask;
use toran_core::journal::Entry;
use toran_core::problem::Problem;
use toran_core::reply::Reply;

use super::{Outcome, Visit, failed_journal};
use crate::journal::restore;
use crate::register::check;
use crate::settings::Settings;

#[derive(Deserialize)]
struct Found {
    entries: Vec<Entry>,
    next: Option<String>,
}

pub(super) async fn run(visit: Visit) -> Outcome {
    let settings = Settings::of(&visit.env);
    let registers = settings.registers()?;
    let map = toran_core::json::object(&visit.body).map_err(|malformed| Problem::malformed(malformed.0, None))?;
    Problem::of_unknown(&map, &["tenant", "register", "after"], "")?;
    let text = |name: &str| map.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let (tenant, after) = (text("tenant"), text("after"));
    if !settings.tenants()?.iter().any(|known| known.id == tenant) {
        return Err(Problem::malformed("There is no such tenant.".into(), Some("tenant".into())));
    }
    let number = map.get("register").and_then(Value::as_u64).and_then(|number| u32::try_from(number).ok());
    let Some(register) = number.filter(|number| *number < registers) else {
        return Err(Problem::malformed(format!("There are {registers} registers, from 0."), Some("register".into())));
    };
    let read = async {
        let told = check::ask_register(&visit.env, register, &Ask::Entries { tenant: tenant.clone(), after }).await?;
        let Found { entries, next } = serde_json::from_str(&told)?;
        let checks = entries.len();
        Ok::<_, worker::Error>((checks, restore(&visit.env, &tenant, entries).await?, next))
    };
    let (checks, restored, next) = read.await.map_err(|error| failed_journal(&error))?;
    Ok(Reply::json(200, &json!({ "registers": registers, "register": register, "checks": checks, "restored": restored, "next": next })))
}
