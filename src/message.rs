//! How the Worker and its objects speak: one JSON text each way.

use js_sys::Reflect;
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use worker::worker_sys::{DurableObjectNamespace, web_sys};
use worker::{Env, Request, Response, Result};

/// Asks the object of this name.
pub(crate) async fn ask<Told: DeserializeOwned>(env: &Env, binding: &str, name: &str, ask: &impl Serialize) -> Result<Told> {
    let init = web_sys::RequestInit::new();
    init.set_method("POST");
    init.set_body(&serde_json::to_string(ask)?.into());
    let request = web_sys::Request::new_with_str_and_init("https://object/", &init)?;
    let objects: DurableObjectNamespace = Reflect::get(env, &binding.into())?.dyn_into::<js_sys::Object>()?.unchecked_into();
    let object = objects.get(&objects.id_from_name(name)?)?;
    let response: web_sys::Response = JsFuture::from(object.fetch_with_request(&request)?).await?.dyn_into()?;
    let text = JsFuture::from(response.text()?).await?.as_string().ok_or("the object told no text")?;
    Ok(serde_json::from_str(&text)?)
}

/// Reads what an object is asked.
pub(crate) async fn read<Ask: DeserializeOwned>(mut request: Request) -> Result<Ask> {
    Ok(serde_json::from_str(&request.text().await?)?)
}

/// The response of an object.
pub(crate) fn response(told: &impl Serialize) -> Result<Response> {
    Response::ok(serde_json::to_string(told)?)
}
