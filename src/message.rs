//! How the Worker and its objects speak: one text each way.

use js_sys::Reflect;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use worker::worker_sys::{DurableObjectNamespace, web_sys};
use worker::{Env, Result};

/// Asks the object of this name. Answers its text.
pub(crate) async fn ask(env: &Env, binding: &str, name: &str, text: &str) -> Result<String> {
    let init = web_sys::RequestInit::new();
    init.set_method("POST");
    init.set_body(&text.into());
    let request = web_sys::Request::new_with_str_and_init("https://object/", &init)?;
    let objects: DurableObjectNamespace = Reflect::get(env, &binding.into())?.dyn_into::<js_sys::Object>()?.unchecked_into();
    let object = objects.get(&objects.id_from_name(name)?)?;
    let response: web_sys::Response = JsFuture::from(object.fetch_with_request(&request)?).await?.dyn_into()?;
    let text = JsFuture::from(response.text()?).await?.as_string().ok_or("the object told no text")?;
    if response.ok() { Ok(text) } else { Err("the object failed".into()) }
}
