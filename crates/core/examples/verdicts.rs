//! The native half of the npm package's tests: a line of JSON in, the native answer out, for as long as lines come.
//!
//! A line is the name of one of the package's functions and its arguments: `["validate", "pan", "abcpe1234f"]`. A request's body comes as its
//! text, and is read from its bytes as the Worker reads it. `vendor` sends what is sound as the gateway would, and says what the vendor's
//! simulation made of it. Never part of what ships; `tests/package/native.mjs` starts it.
#![expect(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "a program of the tests")]

use std::io::{BufRead, Write, stdin, stdout};
use std::sync::LazyLock;

use serde_json::{Map, Value, json};
use toran_core::ids::{self, Ifsc, Kind};
use toran_core::ifsc::{Finding, Lookup, PACK, Registry};
use toran_core::json::{self, Node};
use toran_core::keys::{self, Meaning, Row, Source};
use toran_core::names::{self, Policy};
use toran_core::operations::{Operation, Request};
use toran_core::problem::Problem;
use toran_core::vendors::{Account, Call, CallKind, Reading, Step, of, sim, step};

#[path = "../tests/contract/simulated.rs"]
#[expect(dead_code, reason = "the tests of the contract use the rest")]
mod simulated;

use simulated::{NOW, answered, below, received, setting};

static REGISTRY: LazyLock<Option<Registry>> = LazyLock::new(|| Registry::open(PACK).ok());

fn main() {
    for (number, line) in stdin().lock().lines().enumerate() {
        let asked: Vec<Value> = serde_json::from_str(&line.unwrap()).unwrap();
        println!("{}", answer(&asked, number));
        stdout().flush().unwrap();
    }
}

fn answer(asked: &[Value], number: usize) -> Value {
    let at = |place: usize| asked.get(place).unwrap_or(&Value::Null);
    let text = |place: usize| at(place).as_str();
    match text(0).unwrap() {
        "validate" => ids::validate_named(text(1), Node::from(at(2))).into_record().to_value(),
        "mask" => json!(mask(text(1), text(2))),
        "matchNames" => matched(text(1), text(2), text(3)),
        "lookupIfsc" => looked_up(text(1).unwrap_or_default()),
        "validateRequest" => judged(text(1).unwrap(), text(2).unwrap_or_default()),
        "vendor" => sent(text(1).unwrap(), text(2).unwrap(), number),
        "post" => posted(text(1).unwrap(), at(2)),
        "inputKeys" => input_keys(text(1)),
        other => json!(format!("no function {other}")),
    }
}

fn mask(kind: Option<&str>, input: Option<&str>) -> String {
    let kind = kind.and_then(Kind::from_name);
    kind.zip(input).map_or_else(String::new, |(kind, input)| ids::mask(kind, input))
}

fn matched(a: Option<&str>, b: Option<&str>, policy: Option<&str>) -> Value {
    let policy = policy.and_then(Policy::from_name).unwrap_or_default();
    names::match_names(a.unwrap_or_default(), b.unwrap_or_default(), policy).into_record().to_value()
}

fn looked_up(code: &str) -> Value {
    let Lookup { status, bank, withdrawn, successor } =
        Finding::of(Ifsc::parse(code).ok().as_ref(), REGISTRY.as_ref()).lookup(REGISTRY.as_ref());
    let withdrawn = withdrawn.then(|| json!(true));
    let told = [
        ("status", Some(json!(status.name()))),
        ("bank", bank.map(|bank| json!(bank))),
        ("withdrawn", withdrawn),
        ("successor", successor.map(|successor| json!(successor))),
    ];
    Value::Object(told.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect::<Map<_, _>>())
}

/// A body's bytes, as the Worker takes them.
fn read(operation: Option<Operation>, body: &str) -> Result<Request, Problem> {
    let operation = operation.ok_or_else(|| Problem::malformed(String::new(), None))?;
    if body.len() > operation.row().body {
        return Err(Problem::new(keys::BODY_TOO_LARGE));
    }
    let map = json::object(body.as_bytes()).map_err(|malformed| Problem::malformed(malformed.0, None))?;
    Request::parse(operation, &map)
}

fn judged(operation: &str, body: &str) -> Value {
    match read(Operation::from_name(operation), body) {
        Ok(request) => json!({ "ok": true, "value": request.meaning() }),
        Err(problem) => json!({ "ok": false, "key": problem.key, "errors": problem.errors }),
    }
}

/// The key of what the vendor of an operation answers, who has never heard of it, to a request as it came from [`sent`], whatever was done to it.
fn posted(operation: &str, sent: &Value) -> Value {
    let text = |field: &str| sent.get(field).and_then(Value::as_str).unwrap().to_owned();
    let vendor = of(Operation::from_name(operation).unwrap()).unwrap();
    let headers = sent.get("headers").and_then(Value::as_object).unwrap().iter();
    let headers = headers.map(|(name, value)| (name.to_ascii_lowercase(), value.as_str().unwrap().to_owned())).collect();
    let path = below(&text("url"), vendor).to_owned();
    let mut world = vendor.simulation();
    let answer = world.answer(&sim::Request { method: "POST".into(), path, query: Vec::new(), headers, body: text("body").into() }, NOW);
    json!(world.key(&answer))
}

/// What the gateway would send for a body, and what the vendor answers, who has never heard of it.
fn sent(operation: &str, body: &str, number: usize) -> Value {
    let operation = Operation::from_name(operation).unwrap();
    let Ok(request) = read(Some(operation), body) else { return Value::Null };
    let claimed = request.claimed(request.meaning_text(), Some("203.0.113.7")).unwrap_or_else(|problem| panic!("{}", problem.key));
    let request = Request::read_back(operation, &claimed).unwrap();
    let call = Call::new(CallKind::Post, Account::common(operation.row().vendor()), format!("{number:064x}01"));
    let Step::Send(sent) = step(&call, &request, &[], &setting, NOW) else { return json!({ "reading": "nothing was sent" }) };
    let vendor = of(operation).unwrap();
    let mut world = vendor.simulation();
    let answer = world.answer(&received(&sent, vendor), NOW);
    let key = world.key(&answer);
    let Step::Read(reading) = step(&call, &request, &[answered(answer.status, answer.text().into())], &setting, NOW) else {
        return json!({ "reading": "more was sent" });
    };
    let finding = match &reading {
        Reading::Final(finding) => json!({ "outcome": finding.outcome, "key": finding.key }),
        _ => Value::Null,
    };
    let headers: Map<_, _> = sent.headers.iter().map(|(name, value)| ((*name).to_owned(), value.expose().as_str().into())).collect();
    let body = sent.body.as_ref().map(|body| body.expose().as_str());
    json!({ "sent": { "url": sent.url, "headers": headers, "body": body }, "vendor_key": key, "reading": reading.kind(), "finding": finding })
}

/// The keys of one document, or of all, that are about a request's own fields.
fn input_keys(document: Option<&str>) -> Value {
    let is_meant = |row: &&Row| row.source != Source::GATEWAY && document.is_none_or(|document| row.source.as_str() == document);
    keys::rows().filter(is_meant).filter(|row| row.meaning == Meaning::Input).map(|row| row.key).collect()
}
