//! The npm package: the core's validators, called from JavaScript.
//!
//! Wrappers only. What JavaScript may hand over (`undefined`, symbols, cycles, proxies that throw, lone surrogates) becomes
//! JSON that the core has a verdict for; every decision is the core's. Nothing here throws or traps: objects are never read
//! where only their type matters (a request's body is, as `JSON.stringify` writes it), every read that user code can intercept is caught, and long strings are cut before they
//! cross, just beyond the length that the core refuses. A lone surrogate crosses as U+FFFD, one unit for one, so spans stay right.

mod body;
pub mod ifsc;

use body::Held;
use js_sys::{JSON, JsString, Reflect};
use serde::Serialize;
use toran_core::ids::{self, Kind, Verdict};
use toran_core::json::Node;
use toran_core::names::{self, NameMatch, Policy};
use toran_core::operations::{Operation, RequestVerdict, check_request};
use wasm_bindgen::prelude::*;

/// How many items one call takes: no real form has more, and a proxy may claim any length.
const MOST_ITEMS: u32 = 100_000;

#[wasm_bindgen]
extern "C" {
    /// `Array.isArray`, which throws for a revoked proxy.
    #[wasm_bindgen(catch, js_namespace = Array, js_name = isArray)]
    fn is_array(value: &JsValue) -> Result<bool, JsValue>;
}

/// Is `input` a `kind`? A `Verdict`, whatever the two are.
#[wasm_bindgen(skip_typescript)]
#[must_use]
pub fn validate(kind: &JsValue, input: &JsValue) -> JsValue {
    returned(&verdict(kind, input))
}

/// The verdicts on `{kind, input}[]`, in order. What is no array, or has over 100,000 items, has no verdicts.
#[wasm_bindgen(skip_typescript, js_name = validateMany)]
#[must_use]
pub fn validate_many(items: &JsValue) -> JsValue {
    let verdicts: Vec<Verdict> = each(items).map(|item| verdict(&property(&item, "kind"), &property(&item, "input"))).collect();
    returned(&verdicts)
}

/// What the edge would say to this body of an operation, before any vendor.
///
/// `{ok: true, value}` or `{ok: false, key, errors}`; a body that has no JSON is malformed.
#[wasm_bindgen(skip_typescript, js_name = validateRequest)]
#[must_use]
pub fn validate_request(operation: &JsValue, body: &JsValue) -> JsValue {
    let name = text(operation).unwrap_or_default();
    let held = Operation::from_name(&name).map_or(Some(Held::Null), |operation| Held::of(body, operation.row().body));
    returned(&held.map_or_else(RequestVerdict::too_large, |body| check_request(&name, body.node())))
}

/// Are the names one person's? A `NameMatch`, whatever the arguments are: what is no string is no name, what is no policy the default one.
#[wasm_bindgen(skip_typescript, js_name = matchNames)]
#[must_use]
pub fn match_names(a: &JsValue, b: &JsValue, policy: &JsValue) -> JsValue {
    returned(&name_match(a, b, policy))
}

/// The matches of `{a, b, policy?}[]`, in order. What is no array, or has over 100,000 items, has none.
#[wasm_bindgen(skip_typescript, js_name = matchMany)]
#[must_use]
pub fn match_many(pairs: &JsValue) -> JsValue {
    let matches: Vec<NameMatch> =
        each(pairs).map(|pair| name_match(&property(&pair, "a"), &property(&pair, "b"), &property(&pair, "policy"))).collect();
    returned(&matches)
}

/// What may be shown of `input`; empty if the kind is unknown or the input no string.
#[wasm_bindgen(skip_typescript)]
#[must_use]
pub fn mask(kind: &JsValue, input: &JsValue) -> String {
    let kind = text(kind).and_then(|name| Kind::from_name(&name));
    kind.zip(text(input)).map_or_else(String::new, |(kind, input)| ids::mask(kind, &input))
}

fn verdict(kind: &JsValue, input: &JsValue) -> Verdict {
    let (kind, text) = (text(kind), text(input));
    // As far as the core looks at an input: nothing, a text, or something else.
    let node = match &text {
        Some(text) => Node::Text(text),
        None if input.is_undefined() || input.is_null() => Node::Null,
        None => Node::Flag(false),
    };
    ids::validate_named(kind.as_deref(), node)
}

fn name_match(a: &JsValue, b: &JsValue, policy: &JsValue) -> NameMatch {
    let policy = text(policy).and_then(|name| Policy::from_name(&name)).unwrap_or_default();
    names::match_names(&text(a).unwrap_or_default(), &text(b).unwrap_or_default(), policy)
}

/// The items of an array; `undefined` where reading one throws.
fn each(items: &JsValue) -> impl Iterator<Item = JsValue> {
    let length = length(items);
    let indices = (0..MOST_ITEMS).take_while(move |&index| f64::from(index) < length);
    indices.map(|index| Reflect::get_u32(items, index).unwrap_or(JsValue::UNDEFINED))
}

/// The length of an array; zero for anything else, and for more items than are taken.
fn length(items: &JsValue) -> f64 {
    if !is_array(items).unwrap_or(false) {
        return 0.0;
    }
    property(items, "length").as_f64().filter(|&length| length <= f64::from(MOST_ITEMS)).unwrap_or(0.0)
}

/// A primitive string, cut just beyond the core's limit.
fn text(value: &JsValue) -> Option<String> {
    let text = value.dyn_ref::<JsString>()?;
    let most = u32::try_from(ids::LONGEST_INPUT).unwrap_or(u32::MAX).saturating_add(1);
    Some(if text.length() > most { text.slice(0, most).into() } else { text.into() })
}

/// A property, or `undefined` where reading it throws.
fn property(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

fn returned(answer: &impl Serialize) -> JsValue {
    let text = serde_json::to_string(answer).unwrap_or_default();
    JSON::parse(&text).unwrap_or(JsValue::UNDEFINED)
}
