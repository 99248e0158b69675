//! The real program on a free port, over real sockets.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "tests, which measure real time"
)]

mod sandbox;

use std::collections::HashSet;
use std::io::ErrorKind;
use std::time::Instant;

use sandbox::{Sandbox, account_body, pan_body};
use serde_json::{Value, json};
use toran_core::http::{HttpRequest, MAX_ANSWER};
use toran_core::operations::{self, Class, Operation};
use toran_core::vendors::{self, Account, Call, CallKind, Clue};

const ACCOUNT: &str = "/decentro/v3/banking/mobile_to_account";
const STATUS: &str = "/decentro/v3/banking/account_validation/status";
const PAN: &str = "/decentro/kyc/public/api/customer/verification/validate";
const SUCCESS: &str = "success_account_details_retrieved";

#[test]
fn an_account_is_found_a_rupee_moves_and_the_books_say_so() {
    let sandbox = Sandbox::start();
    let (status, answer) = sandbox.post(ACCOUNT, &account_body("REF_1", "9876543210"));
    assert_eq!((status, answer["response_key"].as_str()), (200, Some(SUCCESS)));
    assert_eq!(answer["data"]["upi_vpa"], "rahul@okbank");
    let (_, found) = sandbox.get(&format!("{STATUS}?reference_id=REF_1"));
    assert_eq!(found["request_response_key"], SUCCESS);
    let calls = sandbox.calls();
    let expected = json!({
        "at": calls[0]["at"], "vendor": "decentro", "operation": "mobile.account", "kind": "post", "wire_reference": "REF_1",
        "status": 200, "key": SUCCESS, "open": 1,
    });
    assert_eq!(calls[0], expected);
    assert_eq!((calls.len(), calls[1]["kind"].as_str()), (2, Some("status")));
    let money = sandbox.money();
    assert_eq!((money.len(), &money[0]["amount"], &money[0]["wire_reference"]), (1, &json!("1.00"), &json!("REF_1")));
    let books = format!("{calls:?}{money:?}");
    assert!(!books.contains("9876543210") && !books.contains("1234567890") && !books.contains("SHARMA"));
}

#[test]
fn reset_forgets_calls_money_faults_and_references() {
    let sandbox = Sandbox::start();
    sandbox.post(ACCOUNT, &account_body("REF_1", "9876543210"));
    sandbox.fault(&json!({ "operation": "mobile.account", "fault": "status", "status": 503 }));
    assert_eq!(sandbox.post("/_sandbox/reset", &Value::Null).0, 200);
    assert_eq!((sandbox.calls().len(), sandbox.money().len()), (0, 0));
    assert_eq!(sandbox.post(ACCOUNT, &account_body("REF_1", "9876543210")).0, 200);
}

#[test]
fn a_bad_order_is_refused_with_the_reason() {
    let sandbox = Sandbox::start();
    let (status, answer) = sandbox.post("/_sandbox/faults", &json!({ "operation": "pan.verify", "fault": "explode" }));
    assert_eq!(status, 400);
    assert!(answer["error"].as_str().unwrap().contains("drop_response"));
    assert_eq!(sandbox.post("/decentro/no/such/route", &json!({})).0, 404);
    assert_eq!(sandbox.get("/nobody/here").0, 404);
}

#[test]
fn references_of_the_scenarios_are_fresh_at_every_look() {
    let sandbox = Sandbox::start();
    let references = || {
        let list = sandbox.get("/_sandbox/scenarios").1;
        let texts = list.as_array().unwrap().iter().filter_map(|scenario| scenario["request"]["reference_id"].as_str());
        texts.filter(|text| text.starts_with("SBX_")).map(str::to_owned).collect::<HashSet<_>>()
    };
    let (first, second) = (references(), references());
    assert!(first.len() > 140 && first.is_disjoint(&second));
}

#[test]
fn the_page_knows_the_gateway_and_loads_nothing_from_elsewhere() {
    let sandbox = Sandbox::start();
    let page = sandbox.text("/");
    assert!(page.contains("http://127.0.0.1:8787") && !page.contains("{{"));
    assert!(!page.contains("https://") && !page.contains("src="));
}

/// A development value of the gateway's, with the vendors at this sandbox.
fn setting(sandbox: &Sandbox, name: &str) -> Option<String> {
    let configuration = include_str!("../../../../wrangler.toml");
    let line = configuration.lines().find_map(|line| line.strip_prefix(&format!("{name} = \"")))?;
    Some(line.strip_suffix('"')?.replace("http://127.0.0.1:9400", &sandbox.url))
}

/// What the gateway sends to the vendor for a scenario: a read is sent again under another reference, money is sent once, then looked up.
fn vendor_request(sandbox: &Sandbox, scenario: &Value, index: usize, attempt: usize, id: Option<String>) -> HttpRequest {
    let operation = Operation::from_name(scenario["operation"].as_str().unwrap()).unwrap();
    let request = operations::Request::parse(operation, scenario["request"].as_object().unwrap()).ok().unwrap();
    let is_lookup = matches!(operation.row().class, Class::Money | Class::Collect) && attempt > 0;
    let kind = if is_lookup { CallKind::Status } else { CallKind::Post };
    let wire_reference = format!("{index:032x}{}{:02x}", "00".repeat(16), if is_lookup { 0 } else { attempt });
    let vendor = vendors::named(scenario["vendor"].as_str().unwrap()).unwrap();
    let clue = id.filter(|_| is_lookup).map(Clue);
    let call = Call { clue, ..Call::new(kind, Account::common(vendor.name()), wire_reference) };
    vendor.request(&call, &request, &|name| setting(sandbox, name), 0).unwrap()
}

#[test]
fn every_scenario_gets_from_the_vendor_the_key_it_promises() {
    let sandbox = Sandbox::start();
    let list = sandbox.get("/_sandbox/scenarios").1;
    let reaching = list.as_array().unwrap().iter().filter(|scenario| {
        let id = scenario["id"].as_str().unwrap();
        // The end of some writes is what the registry says of the record afterwards, by questions of another operation.
        let is_asked_for = scenario["operation"] == "ckyc.upload" && scenario["expect"]["vendor_key"].is_null();
        !id.contains(".input.") && !id.contains(".gateway.") && !is_asked_for
    });
    for (index, scenario) in reaching.enumerate() {
        // The vendors that are asked before it are not asked here.
        let operation = Operation::from_name(scenario["operation"].as_str().unwrap()).unwrap();
        let is_detour = |order: &&Value| order["status"] == 401 && scenario["vendor"] != operation.row().vendor();
        for order in scenario["setup"].as_array().into_iter().flatten().filter(|order| !is_detour(order)) {
            sandbox.fault(order);
        }
        let mut id = None;
        let reached = (0..6).any(|attempt| {
            let answer = sandbox.send(&vendor_request(&sandbox, scenario, index, attempt, id.clone()));
            // Setu finds a request by the id that it gave it.
            id = answer["id"].as_str().map(str::to_owned).or_else(|| id.take());
            sandbox.calls().last().unwrap()["key"] == scenario["expect"]["vendor_key"]
        });
        assert!(reached, "{}: {:?}", scenario["id"], sandbox.calls().last());
    }
}

// --- each fault as the caller sees it ---

fn spoiled(fault: &Value) -> (Sandbox, Result<Vec<u8>, ErrorKind>) {
    let sandbox = Sandbox::start();
    let mut order = json!({ "operation": "mobile.account" });
    order.as_object_mut().unwrap().extend(fault.as_object().unwrap().clone());
    sandbox.fault(&order);
    let seen = sandbox.raw(ACCOUNT, &account_body("REF_1", "9876543210"));
    (sandbox, seen)
}

fn split(seen: &[u8]) -> (String, &[u8]) {
    let end = seen.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
    let (head, body) = seen.split_at(end);
    (String::from_utf8(head.to_vec()).unwrap().to_ascii_lowercase(), &body[4..])
}

#[test]
fn faults_that_stop_the_work_move_no_money() {
    for (fault, status) in [
        (json!({ "fault": "drop_request" }), Value::Null),
        (json!({ "fault": "reset" }), Value::Null),
        (json!({ "fault": "status", "status": 503 }), json!(503)),
        (json!({ "fault": "redirect" }), json!(302)),
    ] {
        let (sandbox, _) = spoiled(&fault);
        let calls = sandbox.calls();
        assert_eq!((calls.len(), &calls[0]["status"], &calls[0]["key"]), (1, &status, &Value::Null), "{fault}");
        assert_eq!(sandbox.money().len(), 0, "{fault}");
        // The request was never seen, so its reference is not burned; and the fault is used up.
        assert_eq!(sandbox.post(ACCOUNT, &account_body("REF_1", "9876543210")).1["response_key"], SUCCESS);
    }
}

#[test]
fn faults_that_spoil_the_answer_leave_the_work_done() {
    for fault in ["drop_response", "empty", "truncate", "garble", "html", "oversize", "wrong_type"] {
        let (sandbox, _) = spoiled(&json!({ "fault": fault }));
        assert_eq!(sandbox.money().len(), 1, "{fault}");
        let found: Vec<_> =
            (0..2).map(|_| sandbox.get(&format!("{STATUS}?reference_id=REF_1")).1["request_response_key"].clone()).collect();
        assert_eq!(found[1], SUCCESS, "{fault}");
        assert_eq!(found[0].is_null(), fault == "drop_response", "{fault}");
    }
}

#[test]
fn dropped_connections_close_and_reset_ones_are_reset() {
    for fault in ["drop_request", "drop_response"] {
        assert_eq!(spoiled(&json!({ "fault": fault })).1, Ok(Vec::new()), "{fault}");
    }
    assert_eq!(spoiled(&json!({ "fault": "reset" })).1, Err(ErrorKind::ConnectionReset));
}

#[test]
fn a_status_comes_bare_and_with_retry_after_when_asked() {
    let seen = spoiled(&json!({ "fault": "status", "status": 429, "retry_after": 7 })).1.unwrap();
    let (head, body) = split(&seen);
    assert!(head.starts_with("http/1.1 429") && head.contains("retry-after: 7") && body.is_empty());
}

#[test]
fn a_truncated_answer_breaks_off_before_its_announced_length() {
    let seen = spoiled(&json!({ "fault": "truncate" })).1.unwrap();
    let (head, body) = split(&seen);
    let announced: usize = head.split("content-length: ").nth(1).unwrap().lines().next().unwrap().parse().unwrap();
    assert_eq!(body.len(), announced / 2);
    assert!(body.starts_with(b"{\"decentro_txn_id\""));
}

#[test]
fn empty_garbled_and_html_answers_are_no_json() {
    for fault in ["empty", "garble", "html"] {
        let seen = spoiled(&json!({ "fault": fault })).1.unwrap();
        let (head, body) = split(&seen);
        assert!(head.starts_with("http/1.1 200"), "{fault}");
        assert!(serde_json::from_slice::<Value>(body).is_err(), "{fault}");
    }
    assert!(std::str::from_utf8(split(&spoiled(&json!({ "fault": "garble" })).1.unwrap()).1).is_err());
}

#[test]
fn oversize_and_wrong_type_are_json_that_a_reader_must_not_take() {
    let seen = spoiled(&json!({ "fault": "oversize" })).1.unwrap();
    assert!(split(&seen).1.len() > MAX_ANSWER);
    assert_eq!(serde_json::from_slice::<Value>(split(&seen).1).unwrap()["response_key"], SUCCESS);
    let seen = spoiled(&json!({ "fault": "wrong_type" })).1.unwrap();
    let body: Value = serde_json::from_slice(split(&seen).1).unwrap();
    assert!(body["api_status"].is_number() && body["data"]["account_number"].is_number());
}

#[test]
fn a_delay_holds_the_answer_back_but_not_the_work() {
    let sandbox = Sandbox::start();
    sandbox.fault(&json!({ "operation": "mobile.account", "fault": "delay", "ms": 400 }));
    let start = Instant::now();
    let (early, posted) = std::thread::scope(|scope| {
        let post = scope.spawn(|| sandbox.post(ACCOUNT, &account_body("REF_1", "9876543210")));
        while sandbox.money().is_empty() {
            assert!(start.elapsed().as_secs() < 5);
        }
        (sandbox.get(&format!("{STATUS}?reference_id=REF_1")).1, post.join().unwrap())
    });
    assert_eq!(early["response_key"], "error_transaction_not_found");
    assert_eq!(posted.1["response_key"], SUCCESS);
    assert!(start.elapsed().as_millis() >= 400);
}

#[test]
fn a_slow_body_trickles() {
    let sandbox = Sandbox::start();
    sandbox.fault(&json!({ "operation": "pan.verify", "fault": "slow_body" }));
    let seen = sandbox.first_second(PAN, &pan_body("REF_1", "ABCPE1234F"));
    let (head, body) = split(&seen);
    assert!(head.starts_with("http/1.1 200") && (1..=6).contains(&body.len()), "{}", body.len());
}

#[test]
fn whoever_follows_a_redirect_is_noted() {
    let (sandbox, seen) = spoiled(&json!({ "fault": "redirect" }));
    let (head, _) = split(seen.as_deref().unwrap());
    let target = format!("{}/_sandbox/redirected", sandbox.url);
    assert!(head.contains(&format!("location: {target}")));
    assert_eq!(sandbox.calls().len(), 1);
    sandbox.get("/_sandbox/redirected");
    assert_eq!(sandbox.calls()[1]["operation"], "redirected");
}

#[test]
fn lookups_can_be_spoiled_too() {
    let sandbox = Sandbox::start();
    sandbox.post(ACCOUNT, &account_body("REF_1", "9876543210"));
    sandbox.fault(&json!({ "operation": "mobile.account", "kind": "status", "fault": "status", "status": 500 }));
    let path = format!("{STATUS}?reference_id=REF_1");
    assert_eq!(sandbox.get(&path).0, 500);
    assert_eq!(sandbox.get(&path).1["request_response_key"], SUCCESS);
}

#[test]
fn a_port_in_use_is_explained() {
    let sandbox = Sandbox::start();
    let second = Sandbox::command(sandbox.url.rsplit(':').next().unwrap()).output().unwrap();
    assert!(!second.status.success());
    assert!(String::from_utf8(second.stderr).unwrap().contains("Set TORAN_SANDBOX_PORT"));
}

#[test]
fn twenty_at_once_under_one_reference_move_one_rupee() {
    let sandbox = Sandbox::start();
    let keys: Vec<_> = std::thread::scope(|scope| {
        let posts: Vec<_> = (0..20).map(|_| scope.spawn(|| sandbox.post(ACCOUNT, &account_body("REF_1", "9876543210")))).collect();
        posts.into_iter().map(|post| post.join().expect("a thread").1["response_key"].clone()).collect()
    });
    assert_eq!(keys.iter().filter(|key| *key == SUCCESS).count(), 1);
    assert_eq!(keys.iter().filter(|key| *key == "error_duplicate_reference_id").count(), 19);
    assert_eq!(sandbox.money().len(), 1);
}
