//! What the vendors' simulations have in common: a request in, an answer out, and the scenarios that a simulation offers.
//!
//! Pure like the rest of the crate: no sockets, no clock, no randomness; the sandbox (`crates/sandbox`) brings those. A simulation
//! speaks its vendor's documents and never the gateway's words; only [`Expect`] says what the gateway makes of it (contract
//! section 4). Built with the feature `sim` only, so never part of the Worker.

#[path = "made_up.rs"]
mod made_up;
#[path = "payers.rs"]
pub mod payments;

pub use made_up::{choose, digits, transaction_id};

use serde_json::{Map, Value, json};

use crate::keys::{self, Outcome, Row};
use crate::operations::Operation;
use crate::time::Millis;

/// A vendor as the sandbox plays it, with what it remembers.
pub trait Simulation: Send + std::fmt::Debug {
    /// The operation that a request is for; `None` where the vendor has no such endpoint.
    fn operation(&self, method: &str, path: &str) -> Option<(Operation, Kind)>;

    /// Does what a request asks for, and answers it.
    fn answer(&mut self, request: &Request, now: Millis) -> Answer;

    /// The reference that a request goes by.
    fn reference(&self, request: &Request) -> Option<String> {
        request.reference()
    }

    /// The key or code that an answer carries.
    fn key(&self, answer: &Answer) -> Option<String> {
        answer.key().map(str::to_owned)
    }

    /// Calls back about an earlier request: the body, and what it credits. `None` where the vendor knows of no such request, or sends no callbacks.
    fn call_back(&mut self, _notice: &Notice<'_>) -> Option<Callback> {
        None
    }

    /// A customer does something about the payment link of this reference; `false` where there is none that can be paid.
    fn pay(&mut self, _reference: &str, _act: &'static payments::Act, _now: Millis) -> bool {
        false
    }

    /// The transfer of this reference fails after all; `false` where there is none.
    fn reverse(&mut self, _reference: &str) -> bool {
        false
    }

    /// The secret under which it signs callbacks.
    fn callback_secret(&self) -> &'static str {
        ""
    }

    /// How long after its answer the vendor calls back about this reference by itself.
    fn calls_back(&self, _reference: &str) -> Option<Millis> {
        None
    }

    /// The answer to this reference does not reach the caller before `until` (`Millis::MAX`: never).
    fn answer_lost(&mut self, _reference: &str, _until: Millis) {}
}

/// What a vendor says at an address that it does not have.
#[must_use]
pub fn no_such_endpoint(wire_reference: Option<String>) -> Answer {
    Answer { status: 404, body: json!({ "message": "no Route matched with those values" }), wire_reference, credited: None }
}

/// One request as the vendor receives it.
#[derive(Debug, Default)]
pub struct Request {
    /// `POST`, `GET`.
    pub method: String,
    /// The path below the vendor's prefix.
    pub path: String,
    /// The query's parameters, decoded, in order.
    pub query: Vec<(String, String)>,
    /// The headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body's bytes.
    pub body: Vec<u8>,
}

impl Request {
    /// The value of a header; the name in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        value_of(&self.headers, name)
    }

    /// The value of a query parameter.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&str> {
        value_of(&self.query, name)
    }

    /// The body, when it is a JSON object.
    #[must_use]
    pub fn object(&self) -> Option<Map<String, Value>> {
        serde_json::from_slice(&self.body).ok()
    }

    /// The reference that this request goes by: from its body, else from its query.
    #[must_use]
    pub fn reference(&self) -> Option<String> {
        let body = self.object();
        let posted = body.as_ref().and_then(|body| body.get("reference_id")).and_then(Value::as_str);
        posted.or_else(|| self.parameter("reference_id")).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
    }
}

fn value_of<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

/// What a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The operation itself.
    Post,
    /// Asking what became of an earlier request.
    Status,
    /// Having something encrypted that will be sent.
    Encrypt,
    /// Having something decrypted that came.
    Decrypt,
}

impl Kind {
    /// The word in the list of calls.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Post => "post",
            Self::Status => "status",
            Self::Encrypt => "encrypt",
            Self::Decrypt => "decrypt",
        }
    }
}

/// Which callback to send.
#[derive(Clone, Copy, Debug)]
pub struct Notice<'a> {
    /// The wire reference of the request that it is about.
    pub reference: &'a str,
    /// The event that it names: empty for none, `None` for the one that fits.
    pub event: Option<&'a str>,
    /// Which delivery of it, counted from 1.
    pub delivery: u32,
    /// Whether it says the opposite of what is so.
    pub is_opposite: bool,
    /// When.
    pub at: Millis,
}

/// A callback as the vendor sends it, unsigned.
#[derive(Debug)]
pub struct Callback {
    /// The operation of the request that it is about.
    pub operation: Operation,
    /// Its body.
    pub body: Value,
    /// The account that one rupee was credited to with it.
    pub credited: Option<String>,
}

/// What the vendor answers.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The body: JSON; a text is sent as it stands.
    pub body: Value,
    /// The reference that the request was about, where it can be told.
    pub wire_reference: Option<String>,
    /// The account that one rupee was credited to in the course of this request.
    pub credited: Option<String>,
}

impl Answer {
    /// The body as it is sent.
    #[must_use]
    pub fn text(&self) -> String {
        as_sent(&self.body)
    }

    /// The key or code that the answer carries: of the request that was looked up, else of the answer itself.
    #[must_use]
    pub fn key(&self) -> Option<&str> {
        ["request_response_key", "requestResponseKey", "response_key", "responseKey", "response_code", "responseCode", "statusCode"]
            .iter()
            .find_map(|field| self.body.get(field)?.as_str())
    }
}

/// A body as it is sent: a text as it stands, everything else as JSON.
#[must_use]
pub fn as_sent(body: &Value) -> String {
    body.as_str().map_or_else(|| body.to_string(), str::to_owned)
}

/// What the gateway answers to a scenario (contract section 2.2 to 2.4).
#[derive(Clone, Debug)]
pub struct Expect {
    /// The HTTP status.
    pub status: u16,
    /// The outcome; `None` for problems.
    pub outcome: Option<Outcome>,
    /// The public key.
    pub key: String,
    /// The key or code that the vendor gave; `None` where it was not called or gave none.
    pub vendor_key: Option<String>,
    /// A key inside `data`.
    pub data_key: Option<String>,
}

impl Expect {
    /// A check that ends with a 200.
    #[must_use]
    pub fn outcome(outcome: Outcome, key: &str) -> Self {
        let status = if outcome == Outcome::Pending { 202 } else { 200 };
        Self { status, outcome: Some(outcome), key: key.into(), vendor_key: None, data_key: None }
    }

    /// A problem under a public key.
    #[must_use]
    pub fn problem(key: &str) -> Self {
        Self { status: keys::status(key), outcome: None, key: key.into(), vendor_key: None, data_key: None }
    }

    /// What the catalogue says about a row that a vendor answers with.
    #[must_use]
    pub fn of_row(row: &Row) -> Self {
        row.outcome().map_or_else(|| Self::problem(row.answers_with), |outcome| Self::outcome(outcome, row.answers_with))
    }

    /// The same, with the key or code that the vendor gives.
    #[must_use]
    pub fn vendor(self, key: impl Into<String>) -> Self {
        Self { vendor_key: Some(key.into()), ..self }
    }
}

/// One thing to send to the gateway, and what then happens.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// `operation.group.name`, unique.
    pub id: String,
    /// Which operation.
    pub operation: Operation,
    /// The vendor that answers: the operation's first, unless the scenario is another's.
    pub vendor: &'static str,
    /// The body to post.
    pub request: Value,
    /// The faults to post to the sandbox first.
    pub setup: Vec<Value>,
    /// How often to send it, each time under another `reference_id`; the last answer counts.
    pub repeat: u32,
    /// What the customer does about the payment link ([`payments::ACTS`]); among the faults to post first.
    pub pay: Option<&'static str>,
    /// Whether the final answer of `GET /v1/checks/...` counts.
    pub poll: bool,
    /// What the gateway answers.
    pub expect: Expect,
    /// The document's row that it reaches, where it is there for one.
    pub covers: Option<&'static Row>,
}

impl Scenario {
    /// A scenario that is sent once and answered at once.
    #[must_use]
    pub fn new(id: String, operation: Operation, request: Value, expect: Expect) -> Self {
        Self {
            id,
            operation,
            vendor: operation.row().vendor(),
            request,
            setup: Vec::new(),
            repeat: 1,
            pay: None,
            poll: false,
            expect,
            covers: None,
        }
    }

    /// The scenario as it reaches this vendor: each vendor that is asked before it refuses us first.
    #[must_use]
    pub fn reaching(mut self, vendor: &'static str) -> Self {
        self.vendor = vendor;
        let row = self.operation.row();
        let before = row.vendors.iter().take_while(|name| **name != vendor).count();
        if before > 0 && before < row.vendors.len() {
            self.setup.insert(0, json!({ "operation": row.name, "times": before, "fault": "status", "status": 401 }));
        }
        self
    }

    /// The scenario as the sandbox lists it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let row = self.operation.row();
        let mut json = json!({
            "id": self.id, "operation": row.name, "vendor": self.vendor, "method": "POST", "route": row.path, "request": self.request,
            "expect": {
                "status": self.expect.status, "outcome": self.expect.outcome,
                "key": self.expect.key, "vendor_key": self.expect.vendor_key,
            },
        });
        let mut set = |pointer: &str, field: &str, value: Value| {
            if let Some(Value::Object(map)) = json.pointer_mut(pointer) {
                map.insert(field.into(), value);
            }
        };
        let customer = self.pay.map(|act| json!({ "operation": row.name, "fault": "customer", "act": act }));
        let setup: Vec<_> = self.setup.iter().cloned().chain(customer).collect();
        if !setup.is_empty() {
            set("", "setup", setup.into());
        }
        if self.repeat > 1 {
            set("", "repeat", self.repeat.into());
        }
        if self.poll {
            set("", "poll", true.into());
        }
        if let Some(key) = &self.expect.data_key {
            set("/expect", "data_key", key.as_str().into());
        }
        if let Some(row) = self.covers {
            set("", "covers", json!({ "document": row.document(), "key": row.key, "message": row.message }));
        }
        json
    }
}

/// Sets one field of an object.
#[must_use]
pub fn set(mut object: Value, field: &str, value: Value) -> Value {
    if let Some(map) = object.as_object_mut() {
        map.insert(field.into(), value);
    }
    object
}

/// Takes one field from an object.
#[must_use]
pub fn without(mut object: Value, field: &str) -> Value {
    if let Some(map) = object.as_object_mut() {
        map.shift_remove(field);
    }
    object
}

/// Stands for a fresh `reference_id` until [`numbered`] puts one in.
pub const FRESH: &str = "fresh";

/// Puts references that begin with the seed where [`FRESH`] stands. An input rule's own (blank, too short, left out) stay as they are.
#[must_use]
pub fn numbered(scenarios: impl Iterator<Item = Scenario>, seed: &str) -> Vec<Scenario> {
    let fresh = |(index, mut scenario): (usize, Scenario)| {
        if let Some(reference) = scenario.request.get_mut("reference_id").filter(|reference| **reference == FRESH) {
            *reference = format!("{seed}_{index}").into();
        }
        scenario
    };
    scenarios.enumerate().map(fresh).collect()
}

/// The faults at a read, by name, with what the gateway then ends with: the yes where a retry helps, else nonsense. `scenario` makes that of a name and a number from 0.
pub fn read_faults<S: Fn(&str, usize, Expect) -> Scenario>(
    operation: Operation,
    yes: &Expect,
    scenario: S,
) -> impl Iterator<Item = Scenario> + use<S> {
    let name = operation.row().name;
    let plain = |fault: &str| json!({ "operation": name, "times": 1, "fault": fault });
    let status = |status: u16| json!({ "operation": name, "times": 1, "fault": "status", "status": status });
    let passing = [
        ("reset", plain("reset")),
        ("drop_request", plain("drop_request")),
        ("drop_response", plain("drop_response")),
        ("truncate", plain("truncate")),
        ("delay", json!({ "operation": name, "times": 1, "fault": "delay", "ms": 500 })),
        ("status_500", status(500)),
        ("status_503", status(503)),
        ("status_429_with_retry_after", json!({ "operation": name, "times": 1, "fault": "status", "status": 429, "retry_after": 1 })),
    ];
    let nonsense = Expect::problem(keys::UNEXPECTED_RESPONSE);
    let staying = ["empty", "garble", "html", "wrong_type", "redirect"].map(|fault| (fault, plain(fault), nonsense.clone()));
    // Its key can be read by whoever reads so far.
    let oversize = Expect { vendor_key: yes.vendor_key.clone(), ..nonsense };
    let passing = passing.map(|(fault, setup)| (fault, setup, yes.clone()));
    let all = passing.into_iter().chain(staying).chain([("oversize", plain("oversize"), oversize)]).enumerate();
    all.map(move |(index, (fault, setup, expect))| Scenario { setup: vec![setup], ..scenario(fault, index, expect) })
}
