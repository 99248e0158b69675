//! A request on its way in: read from the runtime only as far as somebody asks.
//!
//! Each look across the boundary of wasm costs about a microsecond, and a request that is refused should cost few. So method and URL are read once, a
//! header when it is asked for, and the body by `src/entry.js`, once the request has passed what comes before.

use js_sys::Reflect;
use wasm_bindgen::JsValue;
use worker::worker_sys::web_sys;

/// A request of a caller, without its body.
pub(crate) struct Incoming {
    raw: web_sys::Request,
    headers: web_sys::Headers,
    method: String,
    /// As the runtime serializes it: `scheme://host/path?query`, never without a path.
    url: String,
}

impl Incoming {
    pub(crate) fn new(raw: web_sys::Request) -> Self {
        let (headers, method, url) = (raw.headers(), raw.method(), raw.url());
        Self { raw, headers, method, url }
    }

    /// The method, in capitals.
    pub(crate) fn method(&self) -> &str {
        &self.method
    }

    /// The path, still percent-encoded.
    pub(crate) fn path(&self) -> &str {
        let path = self.url.get(self.origin().len()..).unwrap_or_default();
        path.split(['?', '#']).next().unwrap_or_default()
    }

    /// The query, still percent-encoded; empty where there is none.
    pub(crate) fn query(&self) -> &str {
        let query = self.url.split('#').next().and_then(|url| url.split_once('?'));
        query.map_or("", |(_, query)| query)
    }

    /// The gateway's own origin, as this request reached it: `https://api.example.com`.
    pub(crate) fn origin(&self) -> &str {
        let host = self.url.find("://").map_or(0, |end| end.saturating_add(3));
        let end = self.url.get(host..).and_then(|rest| rest.find(['/', '?', '#'])).map_or(self.url.len(), |end| host.saturating_add(end));
        self.url.get(..end).unwrap_or_default()
    }

    /// The data centre in which the request is served, by its airport's code; `local` on somebody's own machine.
    pub(crate) fn colo(&self) -> String {
        let of = |object: &JsValue, name: &str| Reflect::get(object, &name.into()).ok();
        let colo = of(&self.raw, "cf").and_then(|cf| of(&cf, "colo")?.as_string());
        colo.unwrap_or_else(|| "local".into())
    }

    /// A header as text.
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        self.headers.get(name).ok().flatten()
    }
}
