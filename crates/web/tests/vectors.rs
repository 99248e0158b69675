//! The identifiers' vectors in a browser: the same files as the core's native test, then what only JavaScript can hand over.
#![cfg(target_arch = "wasm32")]
#![expect(clippy::unwrap_used, reason = "tests")]

use js_sys::{Array, JSON, JsString, Object, Reflect};
use serde_json::Value;
use toran_core::ids::KINDS;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

// The package's own half of the boundary.
#[wasm_bindgen(module = "/js/question.js")]
extern "C" {
    fn leaf(value: &JsValue) -> String;
    fn lists(items: &JsValue, properties: &JsValue) -> js_sys::Iterator;
    fn body(value: &JsValue) -> String;
}

fn validate(kind: &JsValue, input: &JsValue) -> JsValue {
    JSON::parse(&toran_web::ask(&("v".to_owned() + &leaf(kind) + &leaf(input)))).unwrap()
}

fn validate_many(items: &JsValue) -> JsValue {
    let write = Closure::<dyn Fn(JsValue) -> String>::new(|value: JsValue| leaf(&value)).into_js_value();
    let properties = Array::of2(&Array::of2(&"kind".into(), &write), &Array::of2(&"input".into(), &write));
    let mut verdicts = Array::new();
    for list in lists(items, &properties) {
        let answers: Array =
            JSON::parse(&toran_web::ask(&("V".to_owned() + &list.unwrap().as_string().unwrap()))).unwrap().unchecked_into();
        verdicts = verdicts.concat(&answers);
    }
    verdicts.into()
}

fn validate_request(operation: &JsValue, value: &JsValue) -> JsValue {
    JSON::parse(&toran_web::ask(&("r".to_owned() + &leaf(operation) + &body(value)))).unwrap()
}

fn mask(kind: &JsValue, input: &JsValue) -> String {
    toran_web::ask(&("k".to_owned() + &leaf(kind) + &leaf(input)))
}

macro_rules! files {
    ($($kind:literal)*) => { &[$(($kind, include_str!(concat!("../../../tests/vectors/", $kind, ".json")))),*] };
}

const FILES: &[(&str, &str)] = files![
    "mobile" "pan" "ifsc" "aadhaar" "vid" "voter_id" "passport" "driving_licence" "gstin" "vpa" "kin" "pincode" "account_number" "reference_id" "person_name"
    "email" "birth_date"
];

fn get(object: &JsValue, path: &str) -> JsValue {
    path.split('.').fold(object.clone(), |at, name| Reflect::get(&at, &name.into()).unwrap())
}

fn text(value: &JsValue) -> String {
    JSON::stringify(value).map_or_else(|_| "(not JSON)".to_owned(), String::from)
}

fn data(value: &JsValue) -> Value {
    JSON::stringify(value).ok().and_then(|json| json.as_string()).and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default()
}

/// A value that is written in JavaScript.
fn js(source: &str) -> JsValue {
    js_sys::eval(&format!("({source})")).unwrap()
}

fn first_key(verdict: &JsValue) -> Option<String> {
    get(verdict, "issues.0.key").as_string()
}

/// Every row of one part of every file, with its kind and the verdict on its input.
fn each(part: &str, judge: impl Fn(&str, &JsValue, &JsValue)) {
    for &(kind, file) in FILES {
        let rows: Array = get(&JSON::parse(file).unwrap(), part).unchecked_into();
        assert!(rows.length() >= 60, "{kind} {part}");
        for row in rows.iter() {
            judge(kind, &row, &validate(&kind.into(), &input(&row)));
        }
    }
}

/// A row's input; a text with `repeat` stands so often.
fn input(row: &JsValue) -> JsValue {
    let input = get(row, "input");
    match data(&get(row, "repeat")).as_i64().and_then(|times| times.try_into().ok()) {
        Some(times) => input.unchecked_ref::<JsString>().repeat(times).into(),
        None => input,
    }
}

#[wasm_bindgen_test]
fn every_kind_has_a_file() {
    assert!(FILES.iter().map(|(kind, _)| *kind).eq(KINDS.iter().map(|kind| kind.name())));
}

#[wasm_bindgen_test]
fn valid_inputs_have_their_value_and_name_what_was_changed() {
    each("valid", |kind, row, verdict| {
        let (row_text, verdict_text) = (text(row), text(verdict));
        assert_eq!(get(verdict, "ok"), JsValue::TRUE, "{row_text}");
        assert_eq!(get(verdict, "value"), get(row, "value"), "{row_text}");
        let warnings: Array = get(verdict, "warnings").unchecked_into();
        let keys: Array = warnings.iter().map(|warning| get(&warning, "key")).collect();
        assert_eq!(text(&keys), text(&get(row, "warnings")), "{row_text} {verdict_text}");
        let masked = mask(&kind.into(), &get(row, "value"));
        assert_eq!((get(verdict, "masked"), Some(masked)), (get(row, "masked"), get(row, "masked").as_string()), "{row_text}");
        let info = get(row, "info");
        let info = if info.is_undefined() { Object::new().into() } else { info };
        assert_eq!(data(&get(verdict, "info")), data(&info), "{row_text}");
    });
}

#[wasm_bindgen_test]
fn invalid_inputs_are_refused_under_their_key_at_their_place() {
    each("invalid", |_, row, verdict| {
        let row_text = text(row);
        assert_eq!(get(verdict, "ok"), JsValue::FALSE, "{row_text}");
        assert_eq!(first_key(verdict), get(row, "key").as_string(), "{row_text}");
        assert_eq!(data(&get(verdict, "issues.0.span")), data(&get(row, "span")), "{row_text}");
    });
}

#[wasm_bindgen_test]
fn lone_surrogates_are_a_fault_at_their_place() {
    for (kind, source, key, span) in [
        ("mobile", r"'98765\ud80043210'", "error_mobile_number_invalid_mobile_format", "[5,6]"),
        ("mobile", r"'98765\ud8003210'", "error_mobile_number_invalid_mobile_format", "[5,6]"),
        ("pan", r"'ABCPE1234\udc00'", "error_pan_format", "[9,10]"),
        ("ifsc", r"'\udbffBIN0001234'", "error_ifsc_format", "[0,1]"),
        ("reference_id", r"'ab\udfffcd'", "error_unsanitized_values", "[2,3]"),
        ("person_name", r"'Rahul\ud83d'", "error_person_name_format", "[5,6]"),
        ("passport", r"'A123456\ud800'", "error_passport_format", "[7,8]"),
        ("passport", r"'A123\udc004567'", "error_passport_format", "[4,5]"),
        ("driving_licence", r"'MH14\ud80020110012345'", "error_driving_licence_format", "[4,5]"),
        ("vpa", r"'rahul@ok\udc00bank'", "error_vpa_format", "[8,9]"),
        ("email", r"'\ud800@example.com'", "error_email_format", "[0,1]"),
        ("email", r"'rahul@ex\udfffample.com'", "error_email_format", "[8,9]"),
        ("birth_date", r"'15/\ud83d8/1990'", "error_birth_date_format", "[3,4]"),
        ("account_number", r"'\udc00\ud80023456789'", "error_account_number_format", "[0,1]"),
    ] {
        let verdict = validate(&kind.into(), &js(source));
        assert_eq!(first_key(&verdict).as_deref(), Some(key), "{kind} {source}");
        assert_eq!(text(&get(&verdict, "issues.0.span")), span, "{source}");
        assert!(!mask(&kind.into(), &js(source)).is_empty());
    }
}

/// Objects that throw when they are read, and values that have no JSON.
const HOSTILE: &[&str] = &[
    "9876543210n",
    "Symbol('ABCPE1234F')",
    "NaN",
    "-0",
    "Infinity",
    "() => 'ABCPE1234F'",
    "new String('ABCPE1234F')",
    "new Date(NaN)",
    "new Map([[1, 2]])",
    "new Uint8Array(8)",
    "Object.create(null)",
    "((a) => (a.self = a))({})",
    "((a) => (a.push(a), a))([])",
    "({ toString() { throw 1 }, valueOf() { throw 1 }, toJSON() { throw 1 } })",
    "({ get length() { throw 1 }, get kind() { throw 1 } })",
    "new Proxy({}, new Proxy({}, { get() { throw new Error('trap') } }))",
    "new Proxy(function () {}, new Proxy({}, { get() { throw new Error('trap') } }))",
    "(({ proxy, revoke }) => (revoke(), proxy))(Proxy.revocable([], {}))",
];

#[wasm_bindgen_test]
fn values_that_are_no_strings_are_a_fault_and_are_never_read() {
    for source in HOSTILE {
        let verdict = validate(&"pan".into(), &js(source));
        assert_eq!(first_key(&verdict).as_deref(), Some("error_pan_type"), "{source}");
        assert_eq!(mask(&"pan".into(), &js(source)), "", "{source}");
    }
    for nothing in [JsValue::UNDEFINED, JsValue::NULL] {
        assert_eq!(first_key(&validate(&"pan".into(), &nothing)).as_deref(), Some("error_pan_missing"));
    }
}

#[wasm_bindgen_test]
fn an_unknown_kind_is_a_verdict() {
    let unknown = ["undefined", "null", "'PAN'", "'ration_card'", "'__proto__'", "'x'.repeat(1e6)"];
    for source in HOSTILE.iter().chain(&unknown) {
        let verdict = validate(&js(source), &"ABCPE1234F".into());
        assert_eq!(first_key(&verdict).as_deref(), Some("error_kind_value"), "{source}");
        assert!(get(&verdict, "kind").is_string(), "{source}");
        assert_eq!(mask(&js(source), &"ABCPE1234F".into()), "", "{source}");
    }
}

#[wasm_bindgen_test]
fn very_long_inputs_are_refused_by_their_length() {
    for source in ["'9'.repeat(1e7)", "'ABCPE1234F' + ' '.repeat(1e7)", "'\u{1f600}'.repeat(1e6)"] {
        let verdict = validate(&"pan".into(), &js(source));
        assert_eq!(first_key(&verdict).as_deref(), Some("error_pan_length"), "{source}");
        assert!(mask(&"pan".into(), &js(source)).len() <= 10);
    }
}

#[wasm_bindgen_test]
fn many_items_have_a_verdict_each_in_order() {
    let items = js(
        "[{ kind: 'pan', input: 'abcpe1234f' }, { kind: 'mobile' }, null, 7, { get kind() { throw 1 } }, , { kind: 'ifsc', input: [] }]",
    );
    let verdicts = validate_many(&items);
    let keys: Vec<Option<String>> = verdicts.unchecked_ref::<Array>().iter().map(|verdict| first_key_or_value(&verdict)).collect();
    let unknown = "error_kind_value";
    let expected = ["ABCPE1234F", "error_mobile_number_type_not_string", unknown, unknown, unknown, unknown, "error_ifsc_type"];
    assert_eq!(keys.iter().flatten().collect::<Vec<_>>(), expected);
}

fn first_key_or_value(verdict: &JsValue) -> Option<String> {
    if get(verdict, "ok").is_truthy() { get(verdict, "value").as_string() } else { first_key(verdict) }
}

#[wasm_bindgen_test]
fn what_is_no_array_of_items_has_no_verdicts() {
    let claims = ["1e9", "1n", "{ valueOf() { throw 1 } }", "NaN", "-1", "'3'"];
    let proxies = claims.iter().map(|length| format!("new Proxy([], {{ get: () => ({length}) }})"));
    let others = ["undefined", "null", "'pan'", "{}", "{ length: 3 }"].map(str::to_owned);
    let hostile = HOSTILE.iter().filter(|source| !source.contains("push")).map(|source| (*source).to_owned());
    for source in proxies.chain(others).chain(hostile) {
        assert_eq!(text(&validate_many(&js(&source))), "[]", "{source}");
    }
}

#[wasm_bindgen_test]
fn a_request_is_judged_as_the_edge_judges_it() {
    let good = r"{ reference_id: 'M2A_0001', mobile_number: ' 9876543210 ', is_consent_granted: true }";
    let verdict = validate_request(&"mobile.account".into(), &js(good));
    assert_eq!(get(&verdict, "ok"), JsValue::TRUE);
    assert_eq!(get(&verdict, "value.mobile_number").as_string().as_deref(), Some("9876543210"));
    let bad = r"{ reference_id: 'P', document_type: 'PAN', id_number: 'ABCDE1234F', consent: false, purpose: 'KYC' }";
    let verdict = validate_request(&"pan.verify".into(), &js(bad));
    assert_eq!(get(&verdict, "ok"), JsValue::FALSE);
    let errors: Array = get(&verdict, "errors").unchecked_into();
    let keys: Vec<_> = errors.iter().filter_map(|error| get(&error, "key").as_string()).collect();
    for key in ["error_invalid_reference_id_length", "error_id_number_component", "error_false_consent"] {
        assert!(keys.iter().any(|known| known == key), "{key} {keys:?}");
    }
}

#[wasm_bindgen_test]
fn what_is_no_request_is_malformed_and_never_throws() {
    let bodies = [
        "undefined",
        "null",
        "7",
        "'{}'",
        "[]",
        "{ toJSON() { throw 1 } }",
        "{ toJSON() { return 'x' } }",
        r"{ reference_id: '\ud800' }",
        "{ toJSON() { return { self: this } } }",
        "(function deeper() { return { toJSON: () => [deeper()] } })()",
        "{ reference_id: 'x'.repeat(1e6) }",
        "Array(5000).fill().reduce((inner) => ({ inner }), {})",
    ];
    for source in bodies.iter().chain(HOSTILE) {
        let verdict = validate_request(&"pan.verify".into(), &js(source));
        assert_eq!(get(&verdict, "ok"), JsValue::FALSE, "{source}");
        assert!(get(&verdict, "key").is_string(), "{source}");
    }
    for source in ["undefined", "'PAN.VERIFY'", "Symbol('pan.verify')", "({})"] {
        let verdict = validate_request(&js(source), &js("{}"));
        let told = [get(&verdict, "ok"), get(&verdict, "key"), get(&verdict, "errors.length")];
        assert_eq!(told, [JsValue::FALSE, "error_malformed_request".into(), 0.into()], "{source}");
    }
}
