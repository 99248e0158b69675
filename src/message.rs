//! How the Worker and its objects speak: one text each way.

use js_sys::{Promise, Reflect};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use worker::worker_sys::{DurableObjectNamespace, web_sys};
use worker::{Env, Result};

#[wasm_bindgen]
extern "C" {
    /// An object, as the platform has it: asked without a request made beforehand.
    type Stub;
    #[wasm_bindgen(method, catch)]
    fn fetch(this: &Stub, url: &str, init: &web_sys::RequestInit) -> std::result::Result<Promise, JsValue>;
}

/// Asks the object of this name. Answers its text.
pub(crate) async fn ask(env: &Env, binding: &str, name: &str, text: &str) -> Result<String> {
    let init = web_sys::RequestInit::new();
    init.set_method("POST");
    init.set_body(&text.into());
    fetch(env, binding, name, &init).await
}

/// Orders something of the object of this name, by a method.
pub(crate) async fn order(env: &Env, binding: &str, name: &str, method: &str) -> Result<()> {
    let init = web_sys::RequestInit::new();
    init.set_method(method);
    fetch(env, binding, name, &init).await.map(drop)
}

async fn fetch(env: &Env, binding: &str, name: &str, init: &web_sys::RequestInit) -> Result<String> {
    let objects: DurableObjectNamespace = Reflect::get(env, &binding.into())?.dyn_into::<js_sys::Object>()?.unchecked_into();
    let object: Stub = JsValue::from(objects.get(&objects.id_from_name(name)?)?).unchecked_into();
    let response: web_sys::Response = JsFuture::from(object.fetch("https://register/", init)?).await?.dyn_into()?;
    let text = JsFuture::from(response.text()?).await?.as_string().ok_or("the object told no text")?;
    if response.ok() { Ok(text) } else { Err("the object failed".into()) }
}
