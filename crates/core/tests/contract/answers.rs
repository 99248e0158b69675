//! Real answers: every call that the scenarios make at the vendors' simulations, each with its request, so that it can be read again after it was
//! changed. Wibmo's come twice: in a token, as with a key of our own, and opened by its Decrypt endpoint.

use std::cell::RefCell;
use std::collections::{HashSet, VecDeque};
use std::sync::{Arc, LazyLock};

use aes::Aes192;
use base64ct::{Base64, Encoding};
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeEncrypt, KeyIvInit};
use serde_json::json;
use toran_core::check::{Check, Claim, Context, Event, Output, Policy, View};
use toran_core::http::Exchange;
use toran_core::keys::{self, Outcome};
use toran_core::operations::{self, Audience, Class, Operation, Request};
use toran_core::velocity::Verdict;
use toran_core::vendors::{Call, CallKind, Reading, Step, step};

use super::simulated::{self, NOW, answered, heard, identity, is_refused_by_us, next, scenarios};
use super::tree::Tree;

/// How the text of an answer travels.
#[derive(Clone)]
pub(crate) enum Form {
    /// As it is.
    Plain,
    /// In a token of Wibmo's.
    Sealed,
    /// As the Decrypt endpoint's reply, after these.
    Decrypted(Vec<Exchange>),
}

/// One answer of a vendor.
#[derive(Clone)]
pub(crate) struct Answer {
    pub(crate) id: String,
    pub(crate) request: Arc<Request>,
    pub(crate) call: Call,
    pub(crate) status: u16,
    /// The JSON in which it is said: of a token, what is in it.
    pub(crate) text: String,
    pub(crate) form: Form,
}

impl Answer {
    pub(crate) fn operation(&self) -> Operation {
        self.request.operation()
    }

    pub(crate) fn vendor(&self) -> &str {
        self.call.account.vendor()
    }

    /// What this answer would mean if it said something else, or came with another status.
    pub(crate) fn read(&self, status: u16, text: &[u8]) -> Reading {
        match &self.form {
            Form::Plain => self.came(&[answered(status, text.to_vec())]),
            Form::Sealed => self.came(&[answered(status, json!({ "token": token(text) }).to_string().into_bytes())]),
            Form::Decrypted(before) => {
                let said: Vec<_> = before.iter().cloned().chain([answered(status, text.to_vec())]).collect();
                self.came(&said)
            }
        }
    }

    pub(crate) fn came(&self, said: &[Exchange]) -> Reading {
        let settings = |name: &str| if matches!(self.form, Form::Decrypted(_)) { without_a_key(name) } else { simulated::setting(name) };
        match step(&self.call, &self.request, said, &settings, NOW) {
            Step::Read(reading) => reading,
            Step::Send(_) => panic!("{}: another request", self.id),
        }
    }

    /// What tells it from other answers: not whom it speaks of.
    fn likeness(&self, reading: &Reading) -> String {
        let paths = Tree::parse(self.text.as_bytes()).map(|tree| tree.paths());
        let said = match reading {
            Reading::Final(finding) => format!("{:?} {} {:?}", finding.outcome, finding.key, finding.action),
            other => format!("{other:?}").replace(char::is_numeric, ""),
        };
        let meaning = self.request.meaning();
        let asked = meaning.as_object().map(|map| (map.keys().cloned().collect::<Vec<_>>(), map.get("document_type").cloned()));
        let form = std::mem::discriminant(&self.form);
        format!(
            "{} {} {:?} {asked:?} {:?} {form:?} {} {paths:?} {said}",
            self.vendor(),
            self.operation().row().name,
            self.request.class(),
            self.call.kind,
            self.status
        )
    }

    pub(crate) fn reading(&self) -> Reading {
        self.read(self.status, self.text.as_bytes())
    }
}

/// Every answer of every scenario, as it was said; of those that are alike in what they say and mean, one.
pub(crate) fn answers() -> &'static [Answer] {
    static ALL: LazyLock<Vec<Answer>> = LazyLock::new(all);
    &ALL
}

fn all() -> Vec<Answer> {
    let (mut all, mut seen) = (Vec::new(), HashSet::new());
    for (vendor, scenario) in scenarios().filter(|(_, scenario)| !is_refused_by_us(scenario)) {
        let request = Arc::new(simulated::parsed(&scenario));
        let mut world = vendor.simulation();
        let mut sent = simulated::first_call(vendor);
        for attempt in 2..6 {
            let (said, reading) = heard(vendor, world.as_mut(), &request, &sent, &without_a_key);
            simulated::acted(world.as_mut(), &scenario, &sent, &reading);
            all.extend(told(&scenario.id, &request, &sent, &said).into_iter().filter(|answer| seen.insert(answer.likeness(&reading))));
            let Some(following) = next(&sent, &reading, attempt, request.class() == Class::Write) else { break };
            sent = following;
        }
    }
    all
}

fn told(id: &str, request: &Arc<Request>, call: &Call, said: &[Exchange]) -> Vec<Answer> {
    let Some(Exchange::Answered(last)) = said.last() else { return Vec::new() };
    let text = String::from_utf8(last.body.expose().clone()).unwrap();
    let answer =
        |status, form| Answer { id: id.to_owned(), request: Arc::clone(request), call: call.clone(), status, text: text.clone(), form };
    match said {
        [_, Exchange::Answered(retrieved), _] => {
            vec![answer(retrieved.status, Form::Sealed), answer(last.status, Form::Decrypted(said[..2].to_vec()))]
        }
        _ => vec![answer(last.status, Form::Plain)],
    }
}

/// The development settings of a client without a key of its own: the vendor's endpoints encrypt and decrypt.
fn without_a_key(name: &str) -> Option<String> {
    match name {
        "WIBMO_AES_KEY" => None,
        "WIBMO_CIPHER_URL" => Some("http://127.0.0.1:9400/wibmo/api/v2".to_owned()),
        name => simulated::setting(name),
    }
}

/// A token as the vendor makes it, its initialisation vector in front.
pub(crate) fn token(text: &[u8]) -> String {
    let key = hex::decode(simulated::setting("WIBMO_AES_KEY").unwrap()).unwrap();
    let vector = [7; 16];
    let cipher = cbc::Encryptor::<Aes192>::new_from_slices(&key, &vector).unwrap();
    Base64::encode_string(&[vector.to_vec(), cipher.encrypt_padded_vec::<Pkcs7>(text)].concat())
}

pub(crate) fn is_verified(reading: &Reading) -> bool {
    matches!(reading, Reading::Final(finding) if finding.outcome == Outcome::Verified)
}

/// How a check ended, and what was sent until then.
pub(crate) struct End {
    pub(crate) view: View,
    pub(crate) calls: Vec<Call>,
    pub(crate) alerts: Vec<String>,
}

impl End {
    pub(crate) fn posts(&self) -> Vec<&str> {
        self.calls.iter().filter(|call| call.kind == CallKind::Post).map(|call| call.wire_reference.as_str()).collect()
    }

    pub(crate) fn outcome(&self) -> Option<Outcome> {
        match &self.view {
            View::Answer(answer) | View::Pending(answer) | View::Forgotten(answer) => Some(answer.finding.outcome),
            View::Problem(_) => None,
        }
    }

    /// What the caller is told: status, key, body.
    pub(crate) fn told(&self) -> (u16, String, String) {
        match &self.view {
            View::Answer(answer) | View::Forgotten(answer) => {
                (200, answer.finding.key.to_string(), answer.to_json("chk_00112233445566778899aabbccddeeff", Audience::Server))
            }
            View::Pending(answer) => {
                (202, answer.finding.key.to_string(), answer.to_json("chk_00112233445566778899aabbccddeeff", Audience::Server))
            }
            View::Problem(problem) => (problem.status(), problem.key.to_string(), problem.to_json("request")),
        }
    }
}

/// More events than any check has: a day of hourly look-ups, and every retry.
const STEPS: usize = 500;

/// Runs a check to its end on virtual time; `read` says what each call comes to. The end is one of the contract's, under a key of the catalogue, and
/// money was sent at most once.
pub(crate) fn run(request: &Request, mut read: impl FnMut(&Call) -> Reading) -> End {
    let (operation, class) = (request.operation(), request.class());
    let (tenant, reference_id, fingerprint) = ("tenant".to_owned(), request.reference_id().to_owned(), "meaning".to_owned());
    let claim = Claim {
        operation,
        class,
        tenant,
        reference_id,
        fingerprint,
        accounts: Vec::new(),
        way: None,
        payers: Vec::new(),
        consent: None,
        request: "{}".into(),
    };
    let (mut check, policy, mut now) = (Check::claim(None, &claim, NOW), Policy::of(operation), NOW);
    let (mut events, mut calls, mut alerts) = (VecDeque::from([Event::Claimed]), Vec::new(), Vec::new());
    let mut steps = 0;
    while !check.is_settled() {
        steps += 1;
        assert!(steps <= STEPS, "{operation:?}: {STEPS} steps and no end");
        let event = events.pop_front().unwrap_or_else(|| {
            now = now.max(check.wake_at().unwrap());
            Event::Alarm
        });
        for output in
            check.advance(event, &Context { now, jitter: 0, identity: &identity(), policy: &policy, has_slot: true, held: &|_| None })
        {
            match output {
                Output::Send(call) => {
                    events.push_back(Event::Reply { reading: read(&call), call: call.clone() });
                    calls.push(call);
                }
                Output::TakePermit(permit) => events.push_back(Event::Permit { permit, verdict: Verdict::Granted }),
                Output::Alert { vendor_key, .. } => alerts.push(vendor_key),
                Output::Persist | Output::Hold | Output::Settle(_) | Output::Publish | Output::Withdraw | Output::Forget => {}
            }
        }
    }
    let end = End { view: check.view(now, None), calls, alerts };
    let (status, key, _) = end.told();
    assert!([200, 202, 429, 502, 503, 504].contains(&status), "{status} {key}");
    assert!(keys::entry_json(&key, &operations::is_field).is_some(), "{key} is not in the catalogue");
    assert!(class != Class::Money || end.posts().len() == 1, "money is sent once");
    assert!(class != Class::Read || end.outcome() != Some(Outcome::Failed), "a read never fails, it is a problem");
    end
}

thread_local! {
    static SEEN: RefCell<HashSet<String>> = RefCell::default();
}

/// Whether no check of this thread was led anywhere by such a reading yet: where it leads depends on nothing else.
pub(crate) fn is_new(answer: &Answer, reading: &Reading) -> bool {
    let said = match reading {
        Reading::Final(finding) => format!("{:?} {} {:?}", finding.outcome, finding.key, finding.action),
        Reading::Ended { problem, refused_us } => format!("{} {}", problem.key, refused_us.is_some()),
        Reading::Trouble { problem, retry_after } => format!("{} {retry_after:?}", problem.key),
        Reading::Unknown { refused_us, .. } => refused_us.is_some().to_string(),
        Reading::Working(_)
        | Reading::Landed(_)
        | Reading::Rejected { .. }
        | Reading::Held(_)
        | Reading::Offered(_)
        | Reading::Further(_) => String::new(),
    };
    let asked = format!("{} {:?} {:?} {} {said}", answer.operation().row().name, answer.request.class(), answer.call.kind, reading.kind());
    SEEN.with_borrow_mut(|seen| seen.insert(asked))
}
