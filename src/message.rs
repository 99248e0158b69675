//! How the Worker and its objects speak: by methods of the objects (`src/entry.js`), bytes each way.
//!
//! A request and a response of HTTP for each would cost more than all that the object does with them.

use js_sys::{Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use worker::worker_sys::DurableObjectNamespace;
use worker::{Env, Result};

#[wasm_bindgen]
extern "C" {
    /// An object, as the platform has it.
    type Stub;
    #[wasm_bindgen(method, catch)]
    fn ask(this: &Stub, question: Uint8Array) -> std::result::Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn order(this: &Stub, order: &str) -> std::result::Result<Promise, JsValue>;
}

/// Asks the object of this name. Answers its text.
pub(crate) async fn ask(env: &Env, binding: &str, name: &str, question: String) -> Result<String> {
    let bytes = Uint8Array::from(question.as_bytes());
    // It may be large.
    drop(question);
    let reply = JsFuture::from(stub(env, binding, name)?.ask(bytes)?).await?;
    let bytes: Uint8Array = reply.dyn_into().map_err(|_| "the object told no bytes")?;
    String::from_utf8(bytes.to_vec()).map_err(|_| "the object told no text".into())
}

/// Orders something of the object of this name.
pub(crate) async fn order(env: &Env, binding: &str, name: &str, order: &str) -> Result<()> {
    JsFuture::from(stub(env, binding, name)?.order(order)?).await?;
    Ok(())
}

fn stub(env: &Env, binding: &str, name: &str) -> Result<Stub> {
    let objects: DurableObjectNamespace = Reflect::get(env, &binding.into())?.dyn_into::<js_sys::Object>()?.unchecked_into();
    Ok(JsValue::from(objects.get(&objects.id_from_name(name)?)?).unchecked_into())
}
