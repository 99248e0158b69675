//! A request on its way in: read from the runtime only as far as somebody asks.
//!
//! Each look across the boundary of wasm costs about a microsecond, and a request that is refused should cost few. So what every request is asked for arrives as
//! one text, its head; any other header is read when it is asked for, and the body by `src/entry.js`, once the request has passed what comes before.

use std::borrow::Cow;

use js_sys::Reflect;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use worker::worker_sys::web_sys;

/// The headers in a head, in its order.
const IN_HEAD: [&str; 5] = ["authorization", "origin", "content-length", "content-type", "content-encoding"];
/// The lines of a head: method, URL, then the headers.
const LINES: usize = 2 + IN_HEAD.len();

/// The headers that `src/entry.js` puts into the head of a request, separated by spaces.
#[wasm_bindgen]
#[must_use]
#[expect(unreachable_pub, reason = "the bindings export functions that are public")]
pub fn headers() -> String {
    IN_HEAD.join(" ")
}

/// A request of a caller, without its body.
pub(crate) struct Incoming {
    raw: web_sys::Request,
    /// A line each: the method, in capitals; the URL as the runtime serializes it (`scheme://host/path?query`, never without a path); the headers of [`IN_HEAD`],
    /// empty where the request has none. None of these can hold a line break.
    head: String,
    /// Where the lines end.
    ends: [usize; LINES],
}

impl Incoming {
    /// `head`: as `src/entry.js` writes it.
    pub(crate) fn new(raw: web_sys::Request, head: String) -> Self {
        let mut ends = [head.len(); LINES];
        for (end, (at, _)) in ends.iter_mut().zip(head.match_indices('\n')) {
            *end = at;
        }
        Self { raw, head, ends }
    }

    fn line(&self, number: usize) -> &str {
        let before = number.checked_sub(1).and_then(|before| self.ends.get(before));
        let start = before.map_or(0, |end| end.saturating_add(1));
        self.ends.get(number).and_then(|end| self.head.get(start..*end)).unwrap_or_default()
    }

    /// The method, in capitals.
    pub(crate) fn method(&self) -> &str {
        self.line(0)
    }

    fn url(&self) -> &str {
        self.line(1)
    }

    /// The path, still percent-encoded.
    pub(crate) fn path(&self) -> &str {
        let path = self.url().get(self.origin().len()..).unwrap_or_default();
        path.split(['?', '#']).next().unwrap_or_default()
    }

    /// The query, still percent-encoded; empty where there is none.
    pub(crate) fn query(&self) -> &str {
        let query = self.url().split('#').next().and_then(|url| url.split_once('?'));
        query.map_or("", |(_, query)| query)
    }

    /// The gateway's own origin, as this request reached it: `https://api.example.com`.
    pub(crate) fn origin(&self) -> &str {
        let url = self.url();
        let host = url.find("://").map_or(0, |end| end.saturating_add(3));
        let end = url.get(host..).and_then(|rest| rest.find(['/', '?', '#'])).map_or(url.len(), |end| host.saturating_add(end));
        url.get(..end).unwrap_or_default()
    }

    /// The data centre in which the request is served, by its airport's code; `local` on somebody's own machine.
    pub(crate) fn colo(&self) -> String {
        let of = |object: &JsValue, name: &str| Reflect::get(object, &name.into()).ok();
        let colo = of(&self.raw, "cf").and_then(|cf| of(&cf, "colo")?.as_string());
        colo.unwrap_or_else(|| "local".into())
    }

    /// A header as text; `None` where the request has none, or it is empty.
    pub(crate) fn header(&self, name: &str) -> Option<Cow<'_, str>> {
        let value = match IN_HEAD.iter().position(|known| *known == name) {
            Some(at) => Cow::Borrowed(self.line(at.saturating_add(2))),
            None => Cow::Owned(self.raw.headers().get(name).ok()??),
        };
        Some(value).filter(|value| !value.is_empty())
    }
}
