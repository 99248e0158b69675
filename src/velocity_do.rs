//! One object per subject (the keyed hash of a mobile number, over all tenants: the vendor counts per number): its velocity permits.
//!
//! A permit is taken once per wire reference, however often it is asked for. The rule is [`toran_core::velocity`]; here are only the hits.

use serde::{Deserialize, Serialize};
use toran_core::time::Millis;
use toran_core::velocity::{Verdict, decide};
use worker::{DurableObject, Env, Request, Response, Result, State, durable_object};

use crate::settings::Settings;
use crate::{message, platform};

const BINDING: &str = "VELOCITY";

#[derive(Serialize, Deserialize)]
struct Ask {
    wire_reference: String,
}

/// Asks for a permit of a subject.
pub(crate) async fn take(env: &Env, subject: &str, wire_reference: &str) -> Result<Verdict> {
    message::ask(env, BINDING, subject, &Ask { wire_reference: wire_reference.to_owned() }).await
}

/// The object.
#[durable_object]
pub struct VelocityObject {
    state: State,
    env: Env,
}

#[derive(Deserialize)]
struct Permit {
    wire_reference: String,
    at: Millis,
}

impl VelocityObject {
    fn take(&self, wire_reference: String) -> Result<Verdict> {
        let sql = self.state.storage().sql();
        let windows = Settings::of(&self.env).velocity_windows();
        let now = platform::now();
        let longest = windows.iter().map(|window| window.length).max().unwrap_or(0);
        sql.exec("DELETE FROM permits WHERE at <= ?", vec![now.saturating_sub(longest).into()])?;
        let permits: Vec<Permit> = sql.exec("SELECT wire_reference, at FROM permits", None)?.to_array()?;
        if permits.iter().any(|permit| permit.wire_reference == wire_reference) {
            return Ok(Verdict::Granted);
        }
        let hits: Vec<_> = permits.iter().map(|permit| permit.at).collect();
        let verdict = decide(&hits, &windows, now);
        if verdict == Verdict::Granted {
            sql.exec("INSERT INTO permits (wire_reference, at) VALUES (?, ?)", vec![wire_reference.into(), now.into()])?;
        }
        Ok(verdict)
    }

    /// The object ends itself when its last permit is older than every window.
    async fn forget_later(&self) -> Result<()> {
        let longest = Settings::of(&self.env).velocity_windows().iter().map(|window| window.length).max().unwrap_or(0);
        self.state.storage().set_alarm(longest).await
    }
}

impl DurableObject for VelocityObject {
    fn new(state: State, env: Env) -> Self {
        let created =
            state.storage().sql().exec("CREATE TABLE IF NOT EXISTS permits (wire_reference TEXT PRIMARY KEY, at INTEGER NOT NULL)", None);
        if let Err(error) = created {
            platform::log_error("velocity_schema", &error);
        }
        Self { state, env }
    }

    async fn fetch(&self, request: Request) -> Result<Response> {
        let ask: Ask = message::read(request).await?;
        let verdict = self.take(ask.wire_reference)?;
        if verdict == Verdict::Granted {
            self.forget_later().await?;
        }
        message::response(&verdict)
    }

    async fn alarm(&self) -> Result<Response> {
        self.state.storage().sql().exec("DELETE FROM permits", None)?;
        Response::empty()
    }
}
