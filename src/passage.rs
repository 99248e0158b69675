//! A request on its way through the gateway, as `src/entry.js` leads it: [`arrive`], then the body that it asks for, then [`end`].
//!
//! What ends without a body and without anybody else is answered by [`arrive`] itself. Every other request waits here for its body under a number: an object of the bindings for each
//! costs more than all that the wasm does to refuse it.

#![expect(unreachable_pub, reason = "the bindings export functions that are public")]

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use toran_core::time::{MINUTE, Millis};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::future_to_promise;
use worker::Env;
use worker::worker_sys::web_sys;

use crate::routes::{self, Entry};
use crate::visited::Visited;
use crate::{Arrival, readers};
use toran_core::body::Body;

/// How long a request waits for its body at most. A caller that leaves meanwhile takes the request with it, and nobody says so here.
const PATIENCE: Millis = 5 * MINUTE;

thread_local! {
    static WAITING: RefCell<Waiting> = RefCell::default();
}

/// The requests that wait for their body, by number.
#[derive(Default)]
struct Waiting {
    last: u32,
    passages: BTreeMap<u32, Passage>,
}

struct Passage {
    arrival: Rc<Arrival>,
    env: Env,
    /// Where the request comes from, if a tenant lets pages from there read the answer.
    origin: Option<String>,
    /// What is left to do; or where it ended, although its body is to be taken first.
    entry: Result<Entry, Visited>,
}

impl Passage {
    fn body(&self) -> Option<Body> {
        self.entry.as_ref().ok()?.body
    }

    /// The response as `src/entry.js` takes it ([`toran_core::reply::Reply::into_text`]), or a promise of it where somebody else must be asked.
    fn end(self, body: Option<Vec<u8>>) -> JsValue {
        let Self { arrival, env, origin, entry } = self;
        let visiting = match entry {
            Err(visited) => Ok(visited),
            Ok(entry) => entry.visit(&arrival, &env, body).now(),
        };
        match visiting {
            Ok(visited) if !visited.has_wrong_credentials(&arrival.request) => arrival.end(origin, visited).into(),
            visiting => future_to_promise(async move {
                let visited = match visiting {
                    Ok(visited) => visited,
                    Err(visiting) => visiting.end().await,
                };
                Ok(arrival.end(origin, visited.counted(&arrival.request, &env).await).into())
            })
            .into(),
        }
    }

    /// Lets it wait for its body. Answers its number.
    fn wait(self) -> u32 {
        WAITING.with_borrow_mut(|Waiting { last, passages }| {
            let oldest = self.arrival.began.saturating_sub(PATIENCE);
            while let Some(first) = passages.first_entry().filter(|first| first.get().arrival.began < oldest) {
                drop(first.remove());
            }
            *last = last.wrapping_add(1);
            passages.insert(*last, self);
            *last
        })
    }
}

/// Takes a request that is not for a static file, with its head ([`Incoming`](crate::incoming::Incoming)). Answers the response ([`toran_core::reply::Reply::into_text`]), a promise of it, or the number under which the request waits for
/// its body.
#[wasm_bindgen]
#[must_use]
pub fn arrive(request: web_sys::Request, head: String, env: Env) -> JsValue {
    let arrival = Rc::new(Arrival::new(request, head, &env));
    #[cfg(feature = "failpoints")]
    crate::failpoints::request(&arrival.request);
    let origin = readers(&arrival, &env);
    let is_preflight = origin.is_some() && arrival.request.method() == "OPTIONS";
    let entry = if is_preflight { Err(Visited::preflight()) } else { routes::enter(&arrival.request, &env) };
    let takes_body = match &entry {
        Ok(entry) => entry.body.is_some(),
        // Its sender reads the response only once all was sent. One that does not say how long it is could send for ever.
        Err(visited) => visited.is_busy() && arrival.request.header("content-length").is_some(),
    };
    let passage = Passage { arrival, env, origin, entry };
    if takes_body { passage.wait().into() } else { passage.end(None) }
}

/// How many bytes of a request's body are to be read. 0: read the whole body and discard it, because there is no room.
#[wasm_bindgen]
#[must_use]
pub fn most(number: u32) -> u32 {
    body(number).map_or(0, Body::most)
}

/// Whether the length of a request's body is declared.
#[wasm_bindgen]
#[must_use]
pub fn is_declared(number: u32) -> bool {
    body(number).is_some_and(|body| body.is_declared)
}

fn body(number: u32) -> Option<Body> {
    WAITING.with_borrow(|waiting| waiting.passages.get(&number)?.body())
}

/// Goes on with a request whose body was read; `undefined` if it could not be. Answers the response, or a promise of it; `undefined` for a request that has waited too long.
#[wasm_bindgen]
#[must_use]
pub fn end(number: u32, body: Option<Vec<u8>>) -> JsValue {
    let passage = WAITING.with_borrow_mut(|waiting| waiting.passages.remove(&number));
    passage.map_or(JsValue::UNDEFINED, |passage| passage.end(body))
}
