//! The endpoints: a Durable Object for each tenant that has some, with a machine for each endpoint ([`toran_core::endpoint`]).
//!
//! It reads the tenant's journals, which tell it when there is more, and delivers what it finds. What is configured is sealed at rest; how far an endpoint has come is not secret. What came of a delivery
//! is saved with the progress, so what an instance that dies had sent is sent once more, under the same id.

mod asked;
mod delivery;
mod flight;
mod store;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use js_sys::{Promise, Uint8Array};
use toran_core::endpoint::{self, Config, EndpointAsk, EndpointTold, Progress};
use toran_core::journal::{Cursor, Line};
use toran_core::keys;
use toran_core::place::Place;
use toran_core::problem::Problem;
use toran_core::time::Millis;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::future_to_promise;
use worker::worker_sys::DurableObjectState;
use worker::{Env, Result};

use crate::settings::Settings;
use crate::{message, platform};
use store::Store;

/// The binding of their objects.
pub(crate) const BINDING: &str = "ENDPOINTS";

/// Asks the endpoints of a tenant.
pub(crate) async fn ask(env: &Env, tenant: &str, question: &EndpointAsk) -> std::result::Result<EndpointTold, Problem> {
    let name = name(env, tenant)?;
    let told = message::ask(env, BINDING, &name, endpoint::ask(question)).await;
    let told = told.and_then(|told| endpoint::read_told(&told).ok_or_else(|| "the endpoints cannot be understood".into()));
    match told {
        Ok(EndpointTold::Refused(refusal)) => Err(refusal.problem()),
        Ok(told) => Ok(told),
        Err(error) => {
            platform::log_error("endpoints", &error);
            Err(Problem::new(keys::INTERNAL))
        }
    }
}

/// The name of the object of a tenant's endpoints.
fn name(env: &Env, tenant: &str) -> std::result::Result<String, Problem> {
    Ok(format!("endpoints/{}", Place::of_endpoints(Settings::of(env).index()?, tenant)))
}

/// The object of a tenant's endpoints.
#[wasm_bindgen]
pub struct Endpoints(Rc<Register>);

#[wasm_bindgen]
impl Endpoints {
    /// The object of this context.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new(context: DurableObjectState, env: Env) -> Self {
        Self(Rc::new(Register {
            store: Store::of(&context),
            context,
            env,
            tenant: RefCell::default(),
            kept: RefCell::default(),
            is_loaded: Cell::default(),
            running: RefCell::default(),
            under_way: Cell::default(),
            lines: RefCell::default(),
            keys: RefCell::default(),
            is_flushing: Cell::default(),
            pruned_at: Cell::default(),
            alarm_at: Cell::default(),
        }))
    }

    /// Answers a question of the Worker or of a journal: bytes.
    pub fn ask(&self, question: Vec<u8>) -> Promise {
        let register = Rc::clone(&self.0);
        future_to_promise(async move {
            let question = std::str::from_utf8(&question).ok().and_then(endpoint::read_ask).ok_or("the question cannot be read")?;
            let told = Register::answered(&register, question).await?;
            Ok(Uint8Array::from(endpoint::told(&told).as_bytes()).into())
        })
    }

    /// Goes on with what is due.
    pub fn alarm(&self) -> Promise {
        let register = Rc::clone(&self.0);
        future_to_promise(async move {
            Register::ring(&register)?;
            Ok(JsValue::UNDEFINED)
        })
    }
}

/// An endpoint in memory.
#[derive(Clone)]
struct Kept {
    config: Config,
    progress: Progress,
}

/// The endpoints of one tenant.
struct Register {
    context: DurableObjectState,
    env: Env,
    store: Store,
    tenant: RefCell<String>,
    kept: RefCell<BTreeMap<String, Kept>>,
    is_loaded: Cell<bool>,
    /// Those that are being worked on.
    running: RefCell<BTreeSet<String>>,
    /// How many deliveries are under way.
    under_way: Cell<usize>,
    /// What was read of late.
    lines: RefCell<BTreeMap<Cursor, Line>>,
    /// The idempotency keys of requests that are under way.
    keys: RefCell<BTreeSet<String>>,
    is_flushing: Cell<bool>,
    /// When this instance last deleted what is old.
    pruned_at: Cell<Millis>,
    /// When the alarm rings, as far as this instance knows; 0 where it does not.
    alarm_at: Cell<Millis>,
}

impl Register {
    /// Reads what is stored, once an instance.
    fn load(&self) -> Result<()> {
        if self.is_loaded.get() {
            return Ok(());
        }
        if let Some((tenant, kept)) = self.store.load(self.ring_of_keys()?)? {
            self.tenant.replace(tenant);
            self.kept.replace(kept);
        }
        self.is_loaded.set(true);
        Ok(())
    }

    fn ring_of_keys(&self) -> Result<&'static toran_core::seal::Ring> {
        Settings::of(&self.env).ring().map_err(|bad| bad.0.into())
    }

    fn in_background(&self, work: impl Future<Output = ()> + 'static) {
        let work = future_to_promise(async move {
            work.await;
            Ok(JsValue::UNDEFINED)
        });
        // Only the binding can fail, which every object has.
        let _ = self.context.wait_until(&work);
    }
}
