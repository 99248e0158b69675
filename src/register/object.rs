//! The Durable Objects, as `src/entry.js` makes them: one class for each kind of register.

use std::rc::Rc;

use js_sys::{Promise, Uint8Array};
use toran_core::budget::Family;
use toran_core::check::Check;
use toran_core::consent::Consent;
use toran_core::module::Module;
use toran_core::proof::number::Number;
use toran_core::velocity::Subject;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::future_to_promise;
use worker::worker_sys::DurableObjectState;
use worker::{Env, Result};

use super::{Kept, Register};

macro_rules! objects {
    ($($(#[$doc:meta])* $class:ident keeps $machine:ty)*) => {$(
        $(#[$doc])*
        #[wasm_bindgen]
        pub struct $class(Rc<Register<$machine>>);

        #[wasm_bindgen]
        impl $class {
            /// The object of this context.
            #[wasm_bindgen(constructor)]
            #[must_use]
            pub fn new(context: DurableObjectState, env: Env) -> Self {
                Self(Rc::new(Register::new(context, env)))
            }

            /// Answers a question of the Worker: bytes.
            pub fn ask(&self, question: Vec<u8>) -> Promise {
                promise(ask(Rc::clone(&self.0), question))
            }

            /// Carries out an order of whoever runs the gateway.
            pub fn order(&self, order: String) -> Promise {
                let register = Rc::clone(&self.0);
                promise(async move { carry_out(&register, &order) })
            }

            /// Rings.
            pub fn alarm(&self) -> Promise {
                let register = Rc::clone(&self.0);
                promise(async move { ring(&register) })
            }
        }
    )*};
}

objects! {
    /// The register of checks.
    CheckRegister keeps Check
    /// The register of subjects of velocity limits.
    SubjectRegister keeps Subject
    /// The register of browsers' sessions.
    SessionRegister keeps Family
    /// The register of vendors' modules.
    ModuleRegister keeps Module
    /// The register of mobile numbers that people prove.
    ProofRegister keeps Number
    /// The register of consents.
    ConsentRegister keeps Consent
}

fn promise(work: impl Future<Output = Result<JsValue>> + 'static) -> Promise {
    future_to_promise(async move { work.await.map_err(JsValue::from) })
}

async fn ask<K: Kept>(register: Rc<Register<K>>, question: Vec<u8>) -> Result<JsValue> {
    let question = String::from_utf8(question).map_err(|_| "the question is no text")?;
    let answer = K::answered(&register, question).await?;
    Ok(Uint8Array::from(answer.as_bytes()).into())
}

fn carry_out<K: Kept>(register: &Rc<Register<K>>, order: &str) -> Result<JsValue> {
    Register::ordered(register, order)?;
    Ok(JsValue::UNDEFINED)
}

fn ring<K: Kept>(register: &Rc<Register<K>>) -> Result<JsValue> {
    let Ok(steps) = register.enter()? else {
        register.ring_later()?;
        return Ok(JsValue::UNDEFINED);
    };
    K::go_on(register, steps);
    #[cfg(feature = "failpoints")]
    crate::failpoints::alarm(register.store.storage())?;
    K::go_on(register, register.ring_alarm()?);
    Register::flush(register)?;
    Ok(JsValue::UNDEFINED)
}
