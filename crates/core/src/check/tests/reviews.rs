//! Manual review: who decides what, once and with whom, and what a timeline tells of it.

use super::*;
use crate::check::timeline::Called;
use crate::operations::Audience;

fn in_review() -> Bench {
    phases().into_iter().find(|(name, _)| *name == "review").unwrap().1
}

fn refused(check: &Check, ruling: &Ruling) -> Option<String> {
    match check.hears(ruling) {
        Hearing::Refused(problem) => Some(problem.key.into_owned()),
        Hearing::Taken | Hearing::Repeated => None,
    }
}

impl Bench {
    fn timeline(&self, calls: &[Called]) -> Vec<Value> {
        serde_json::from_str(&self.check.timeline(&identity(), calls)).unwrap()
    }

    fn kinds(&self, calls: &[Called]) -> Vec<String> {
        self.timeline(calls).iter().map(|line| line["kind"].as_str().unwrap().to_owned()).collect()
    }
}

#[test]
fn the_same_decision_of_the_same_person_counts_once_and_another_one_is_refused() {
    let mut bench = in_review();
    let first = ruling(Decision::Verified, "asha", false);
    assert_eq!(bench.on(Event::Decided(first.clone())), [Output::Persist, Output::Publish]);
    let before = bench.check.clone();
    let again = Ruling { reason: "In other words.".into(), ..first };
    assert_eq!((bench.check.hears(&again), bench.on(Event::Decided(again))), (Hearing::Repeated, Vec::new()));
    for other in [ruling(Decision::Negative, "asha", false), ruling(Decision::Verified, "ravi", false)] {
        assert_eq!(refused(&bench.check, &other).as_deref(), Some("error_check_is_final"));
        assert_eq!(bench.on(Event::Decided(other)), []);
    }
    assert_eq!(bench.check, before);
}

#[test]
fn what_can_be_decided_in_each_phase_is_said() {
    for (name, bench) in phases() {
        let key = refused(&bench.check, &ruling(Decision::Failed, "asha", false));
        let expected = match name {
            "unsettled" | "looking up" | "working" | "asked to pay" | "accepted" | "review" => None,
            "finished" | "ended" | "tombstone" => Some("error_check_is_final"),
            "released" => Some("error_reference_id_not_found"),
            _ => Some("error_check_not_in_review"),
        };
        assert_eq!(key.as_deref(), expected, "{name}");
    }
}

#[test]
fn a_write_that_is_sent_by_itself_is_not_sent_again_by_a_person_and_a_retry_that_is_repeated_is_one() {
    let mut bench = Bench::fresh(WRITE);
    bench.on(Event::Claimed);
    let retry = ruling(Decision::Retry, "asha", false);
    assert_eq!(refused(&bench.check, &retry).as_deref(), Some("error_check_not_in_review"));
    bench.ring();
    bench.replied(CallKind::Post, Reading::refused_us("E00006"));
    assert_eq!(bench.on(Event::Decided(retry.clone())), [Output::Persist]);
    assert_eq!((bench.check.hears(&retry), bench.on(Event::Decided(retry.clone()))), (Hearing::Repeated, Vec::new()));
    // Refused once more, it is another review.
    bench.ring();
    bench.replied(CallKind::Post, Reading::refused_us("E00006"));
    assert_eq!((bench.key().as_str(), bench.check.hears(&retry)), ("pending_review", Hearing::Taken));
}

#[test]
fn with_four_eyes_a_second_person_decides_the_same_and_nobody_is_their_own_second() {
    let mut bench = in_review();
    assert_eq!(bench.on(Event::Decided(ruling(Decision::Verified, "asha", true))), [Output::Persist]);
    let View::Pending(answer) = bench.check.view(bench.now, None) else { panic!("not pending") };
    assert_eq!(answer.finding.notes.iter().map(|note| note.code.as_ref()).collect::<Vec<_>>(), ["second_decision"]);
    assert_eq!(bench.check.hears(&ruling(Decision::Verified, "asha", true)), Hearing::Repeated, "no second of their own");
    // A second person who decides otherwise needs a second one too.
    assert_eq!(bench.on(Event::Decided(ruling(Decision::Negative, "ravi", true))), [Output::Persist]);
    assert_eq!(bench.on(Event::Decided(ruling(Decision::Verified, "asha", true))), [Output::Persist]);
    assert_eq!(bench.on(Event::Decided(ruling(Decision::Verified, "ravi", true))), [Output::Persist, Output::Publish]);
    for person in ["asha", "ravi"] {
        assert_eq!(bench.check.hears(&ruling(Decision::Verified, person, true)), Hearing::Repeated, "{person}");
    }
    assert_eq!(refused(&bench.check, &ruling(Decision::Verified, "mira", true)).as_deref(), Some("error_check_is_final"));
}

#[test]
fn a_first_decision_of_an_earlier_review_is_no_half_of_a_later_one() {
    let mut bench = Bench::unsettled();
    bench.on(Event::Decided(ruling(Decision::Failed, "asha", true)));
    bench.now += 2 * DAY;
    bench.on(Event::Alarm);
    bench.replied(CallKind::Status, unknown());
    assert_eq!(bench.key(), "pending_review");
    assert_eq!(bench.on(Event::Decided(ruling(Decision::Failed, "ravi", true))), [Output::Persist]);
}

#[test]
fn a_read_that_a_person_gives_up_is_no_failure_of_the_reviewers() {
    let mut bench = Bench::sending(READ);
    bench.replied(CallKind::Post, verified());
    let (account, wire_reference) = (bench.check.account(), bench.call(CallKind::Post).wire_reference);
    bench.on(Event::Callback {
        account,
        wire_reference,
        delivery: exits::delivery(),
        reading: finding(Outcome::Negative, "failure_pan_invalid"),
    });
    bench.on(decided(Decision::Retry));
    assert_eq!(bench.key(), "error_source_unavailable");
    let View::Answer(answer) = bench.check.decided_view(bench.now, None) else { panic!("no answer") };
    assert_eq!((answer.finding.outcome, answer.finding.key.as_ref()), (Outcome::Failed, "failure_decided"));
}

#[test]
fn why_is_kept_until_the_check_is_forgotten_and_printed_nowhere() {
    let mut bench = in_review();
    bench.on(decided(Decision::Verified));
    assert!(serde_json::to_string(&bench.check).unwrap().contains("The bank's statement"));
    assert!(!format!("{:?} {:?}", bench.check, decided(Decision::Verified)).contains("statement"));
    assert!(!bench.check.timeline(&identity(), &[]).contains("asha"));
    bench.ring();
    let forgotten = serde_json::to_string(&bench.check).unwrap();
    assert!(!forgotten.contains("statement") && !forgotten.contains("asha") && !forgotten.contains("history"), "{forgotten}");
}

#[test]
fn the_stored_form_of_what_is_kept_of_a_review_is_pinned() {
    let head = r#"{"format":3,"version":4,"operation":"ckyc.upload","class":"write","tenant":"acme","reference_id":"REF_0001","fingerprint":"f00d","attempts":1,"#;
    let rulings = r#""rulings":[{"at":1795292332007,"ruling":{"decision":"retry","by":"asha","reason":"The bank's statement shows it.","four_eyes":true},"state":"waits"}],"#;
    let alarm =
        |name: &str, key: &str| format!(r#"{{"at":1795292332000,"what":"alarm","account":"decentro","key":"{key}","name":"{name}"}}"#);
    let replied = r#"{"at":1795292332000,"what":"replied","account":"decentro","attempt":1,"call":"post","key":"E00009"}"#;
    let alarms = [alarm("vendor_rejected_us", "E00009"), alarm("check_needs_review", "pending_review")].join(",");
    let decided = r#"{"at":1795292332007,"what":"decided","name":"retry"}"#;
    let refusal = r#""refusal":{"of":"request","key":"E00009","message":"Why it is so.","errors":[{"key":"k","message":null}]}"#;
    let vendor = r#""vendor":{"name":"decentro","transaction_id":null,"code":"E00009"}"#;
    let phase =
        format!(r#""phase":{{"at":"review","since":1795292332000,{vendor},"cause":"rejected","posted":0,"withdraw_at":null,{refusal}}}"#);
    let form = format!(r#"{head}{rulings}"history":{{"moments":[{replied},{alarms},{decided}]}},"claimed_at":1795292332000,{phase}}}"#);
    let errors = json!([{ "responseKey": "k" }]);
    let body = json!({ "status": "FAILURE", "responseCode": "E00009", "message": "Why it is so.", "data": { "individuals": [{ "errors": errors }] } });
    let mut bench = refused_upload(400, &body.to_string());
    bench.now += 7;
    bench.on(Event::Decided(ruling(Decision::Retry, "asha", true)));
    assert_eq!(serde_json::to_string(&bench.check).unwrap(), form);
    assert_eq!(serde_json::from_str::<Check>(&form).unwrap(), bench.check);
}

#[test]
fn a_decision_is_read_whole_and_quotes_nothing() {
    let read = |body: Value| Ruling::read(body.to_string().as_bytes(), "asha", false);
    let sound = read(json!({ "decision": "retry", "reason": " The wallet\nis filled. ", "evidence": "Aadhaar 2341 2341 2346" })).unwrap();
    assert_eq!((sound.decision, sound.by.as_str(), sound.reason.as_str()), (Decision::Retry, "asha", "The wallet\nis filled."));
    assert_eq!(sound.evidence.as_deref(), Some("Aadhaar XXXX XXXX 2346"));
    assert!(read(json!({ "decision": "failed", "reason": "x".repeat(500) })).is_ok());
    for body in [
        json!({ "reason": "SECRET" }),
        json!({ "decision": "SECRET", "reason": "why" }),
        json!({ "decision": 1, "reason": "why" }),
        json!({ "decision": "verified" }),
        json!({ "decision": "verified", "reason": " " }),
        json!({ "decision": "verified", "reason": "SECRET\u{7}" }),
        json!({ "decision": "verified", "reason": "x".repeat(501) }),
        json!({ "decision": "verified", "reason": "why", "evidence": ["SECRET"] }),
        json!({ "decision": "verified", "reason": "why", "by": "SECRET" }),
    ] {
        let problem = read(body.clone()).unwrap_err();
        assert_eq!((problem.status(), problem.to_json("r").contains("SECRET")), (400, false), "{body}");
    }
}

#[test]
fn a_timeline_tells_calls_replies_alarms_and_decisions_in_their_order() {
    let mut bench = Bench::sending(MONEY);
    let call = |kind, sent_at, replied_at, reply: &str| Called {
        kind,
        attempt: 1,
        sent_at,
        replied_at: Some(replied_at),
        reply: Some(reply.into()),
        account: Some("decentro".into()),
    };
    bench.now += 100;
    bench.replied(CallKind::Post, Reading::Unknown { vendor: vendor(None), refused_us: Some("http_400".into()) });
    bench.ring();
    bench.now += DAY;
    bench.replied(CallKind::Status, unknown());
    let looked_at = bench.now;
    bench.now += 7;
    bench.on(decided(Decision::Failed));
    let calls = [call(CallKind::Post, START, START + 100, "unknown"), call(CallKind::Status, looked_at - DAY, looked_at, "unknown")];
    let kinds = ["claimed", "sent", "replied", "alarm", "sent", "replied", "alarm", "decided", "published"];
    assert_eq!(bench.kinds(&calls), kinds);
    let lines = bench.timeline(&calls);
    assert_eq!(lines[0], json!({ "at": "2026-11-21T20:18:52Z", "kind": "claimed", "vendor": null, "wire_reference": null, "key": null }));
    let wire = format!("{OBJECT}01");
    let replied = json!({ "at": lines[2]["at"], "kind": "replied", "vendor": "decentro", "wire_reference": wire, "key": "http_400", "call": "post", "reply": "unknown" });
    assert_eq!(lines[2], replied);
    assert_eq!((lines[3]["event"].as_str(), lines[3]["key"].as_str()), (Some("vendor_rejected_us"), Some("http_400")));
    assert_eq!(lines[6]["event"], "check_needs_review");
    assert_eq!((lines[7]["decision"].as_str(), lines[8]["key"].as_str()), (Some("failed"), Some("failure_decided")));
    bench.ring();
    assert_eq!(bench.kinds(&calls), ["claimed", "sent", "replied", "sent", "replied", "published"], "forgotten");
}

#[test]
fn an_answer_at_once_keeps_nothing_beside_it() {
    let mut bench = Bench::sending(READ);
    bench.replied(CallKind::Post, verified());
    assert!(bench.check.history.is_none());
    let call = Called {
        kind: CallKind::Post,
        attempt: 1,
        sent_at: START,
        replied_at: Some(bench.now),
        reply: Some("final".into()),
        account: None,
    };
    let lines = bench.timeline(&[call]);
    assert_eq!(lines.iter().map(|line| line["kind"].as_str().unwrap()).collect::<Vec<_>>(), ["claimed", "sent", "replied", "published"]);
    assert_eq!((&lines[2]["key"], &lines[2]["vendor"]), (&json!("success_account_details_retrieved"), &json!("decentro")));
}

#[test]
fn a_withdrawn_answer_stays_in_the_timeline() {
    let mut bench = Bench::sending(MONEY);
    bench.replied(CallKind::Post, verified());
    bench.now += MINUTE;
    let (account, wire_reference) = (bench.check.account(), bench.call(CallKind::Post).wire_reference);
    bench.on(Event::Callback {
        account,
        wire_reference,
        delivery: exits::delivery(),
        reading: finding(Outcome::Negative, "failure_account_closed"),
    });
    assert_eq!(bench.kinds(&[]), ["claimed", "published", "callback", "alarm", "alarm", "withdrawn"]);
}

#[test]
fn what_the_vendor_says_against_a_decision_is_in_the_timeline() {
    let mut bench = in_review();
    bench.on(decided(Decision::Verified));
    let (account, wire_reference) = (bench.check.account(), bench.call(CallKind::Post).wire_reference);
    bench.now += MINUTE;
    let outputs = bench.on(Event::Callback {
        account,
        wire_reference,
        delivery: exits::delivery(),
        reading: finding(Outcome::Negative, "failure_account_closed"),
    });
    assert_eq!(outputs.first(), Some(&Output::Persist), "it is kept");
    let lines = bench.timeline(&[]);
    let told: Vec<_> = lines.iter().rev().take(2).map(|line| (line["kind"].as_str(), line["key"].as_str())).collect();
    assert_eq!(told, [(Some("alarm"), Some("failure_account_closed")), (Some("callback"), Some("failure_account_closed"))]);
}

#[test]
fn of_too_many_moments_the_oldest_alarms_go_and_what_happened_once_stays() {
    let mut bench = in_review();
    let mut people = ["asha", "ravi"].into_iter().cycle();
    bench.on(Event::Decided(ruling(Decision::Negative, people.next().unwrap(), true)));
    for _ in 0..100 {
        bench.check.remember(None, &[bench.check.alert("vendor_rejected_us", "E00008".into())], bench.now);
    }
    let lines = bench.timeline(&[]);
    assert_eq!(lines.len(), 1 + 1 + 64);
    assert_eq!((lines[1]["kind"].as_str(), lines[1]["left_out"].as_u64()), (Some("left_out"), Some(38)));
    assert!(lines.iter().any(|line| line["kind"] == "decided"));
}

// --- uploads that the vendor refuses ---

const REFUSALS: [keys::Source; 4] = [keys::Source::D003_HTTP, keys::Source::D003_CODE, keys::Source::KYC, keys::Source::D001];

/// Every refusal of the key tables, as the vendor says it: a status alone, or an envelope with its code or key; with its name and whether it is of us.
fn refusals() -> Vec<(String, bool, u16, String)> {
    let said = |code: Option<&str>, key: Option<&str>| {
        json!({ "status": "FAILURE", "responseCode": code, "responseKey": key, "message": "Why it is so." }).to_string()
    };
    let mut all = Vec::new();
    for source in REFUSALS {
        for row in keys::rows_of(source) {
            let is_of_us = row.meaning == keys::Meaning::Operator;
            if source == keys::Source::D003_HTTP {
                let status: u16 = row.key.parse().unwrap();
                if matches!(status, 400 | 401 | 404 | 422) {
                    all.push((format!("http_{status}"), status == 401, status, String::new()));
                    all.push((format!("http_{status}"), status == 401, status, said(None, None)));
                }
            } else if is_of_us || row.meaning == keys::Meaning::Input {
                let is_code = source == keys::Source::D003_CODE;
                let body = if is_code { said(Some(row.key), None) } else { said(None, Some(row.key)) };
                all.push((row.key.to_owned(), is_of_us, 400, body.clone()));
                all.push((row.key.to_owned(), is_of_us, 200, body));
            }
        }
    }
    all
}

fn refused_upload(status: u16, body: &str) -> Bench {
    let mut bench = Bench::fresh(WRITE);
    bench.on(Event::Claimed);
    bench.ring();
    bench.replied(CallKind::Post, read(WRITE, status, None, body));
    bench
}

/// What waits for a person, and why the vendor refuses it, as a server is told; a browser is not.
fn told(bench: &Bench) -> (Finding, Value) {
    let View::Pending(answer) = bench.check.view(bench.now, None) else { panic!("not pending") };
    let body = |audience| serde_json::from_str::<Value>(&answer.to_json("chk_0", audience)).unwrap();
    assert_eq!(body(Audience::Browser).get("refusal"), None);
    (answer.finding.clone(), body(Audience::Server)["refusal"].clone())
}

#[test]
fn every_refusal_of_an_upload_ends_in_a_review_that_says_why() {
    let all = refusals();
    assert!(all.len() > 60, "{}", all.len());
    for name in ["http_400", "http_401", "http_404", "http_422", "E00002", "E00006", "E00008", "E00009"] {
        assert!(all.iter().any(|(key, ..)| key == name), "{name}");
    }
    for (key, is_of_us, status, body) in all {
        let bench = refused_upload(status, &body);
        let (answer, refusal) = told(&bench);
        assert_eq!(answer.data, json!({}));
        assert_eq!((answer.key.as_ref(), answer.action), ("pending_review", Action::Review), "{key} {status} {body}");
        let of = if is_of_us { "account" } else { "request" };
        assert_eq!((refusal["key"].as_str(), refusal["of"].as_str()), (Some(key.as_str()), Some(of)), "{status} {body}");
        let message = if body.is_empty() { Value::Null } else { json!("Why it is so.") };
        assert_eq!(refusal["message"], message, "{key} {status}");
        assert_eq!(answer.message, if is_of_us { keys::US_REFUSED } else { keys::RECORD_REFUSED });
        let note = if is_of_us { "retry_when_settled" } else { "correct_and_replace" };
        assert_eq!(answer.notes.iter().map(|note| note.code.as_ref()).collect::<Vec<_>>(), [note]);
    }
}

#[test]
fn every_refused_upload_has_its_ways_out_and_each_of_them_works() {
    for (key, _, status, body) in refusals() {
        for (decision, end) in
            [(Decision::Verified, "success_decided"), (Decision::Negative, "failure_decided"), (Decision::Failed, "failure_decided")]
        {
            let mut bench = refused_upload(status, &body);
            assert_eq!(bench.on(decided(decision)), [Output::Persist, Output::Publish], "{key}");
            assert_eq!(bench.key(), end, "{key}");
        }
        let mut bench = refused_upload(status, &body);
        bench.on(decided(Decision::Retry));
        assert_eq!(sent(&bench.ring()), Some(format!("{OBJECT}02")), "{key}: what was refused has burned its reference");
        bench.replied(CallKind::Post, finding(Outcome::Verified, "success_ckyc_upload"));
        assert_eq!(bench.key(), "success_ckyc_upload", "{key}");
        let mut bench = refused_upload(status, &body);
        assert_eq!(bench.on(Event::Replaced("chk_1".into())), [Output::Persist, Output::Publish], "{key}");
        assert_eq!(bench.key(), "failure_replaced", "{key}");
    }
}

#[test]
fn the_faults_of_single_fields_are_told() {
    let errors = json!([{ "message": "Pincode 122001 is not of the state.", "responseKey": "error_invalid_pincode" }, { "message": "Aadhaar 2341 2341 2346?" }, {}, 7]);
    let body = json!({
        "status": "FAILURE", "responseCode": "E00009", "responseKey": "error_invalid_payload", "message": "Issues detected with the request payload.",
        "data": { "individuals": [{ "index": 0, "identifier": "1", "count": 2, "errors": errors }] },
    });
    let (_, refusal) = told(&refused_upload(400, &body.to_string()));
    let errors = json!([{ "key": "error_invalid_pincode", "message": "Pincode 122001 is not of the state." }, { "key": null, "message": "Aadhaar XXXX XXXX 2346?" }]);
    assert_eq!((&refusal["errors"], refusal["key"].as_str()), (&errors, Some("error_invalid_payload")));
}

#[test]
fn an_upload_is_replaced_once_and_only_where_the_vendor_refused_it() {
    let mut bench = refused_upload(422, "");
    bench.on(Event::Replaced("chk_1".into()));
    let (answer, _) = bench.check.finished().unwrap();
    assert_eq!((answer.finding.outcome, &answer.finding.data), (Outcome::Failed, &json!({ "replaced_by": "chk_1" })));
    let before = bench.check.clone();
    assert_eq!((bench.check.hears_replacement("chk_1"), bench.on(Event::Replaced("chk_1".into()))), (Hearing::Repeated, Vec::new()));
    assert!(matches!(bench.check.hears_replacement("chk_2"), Hearing::Refused(problem) if problem.key == "error_check_is_final"));
    assert_eq!((bench.on(Event::Replaced("chk_2".into())), &bench.check), (Vec::new(), &before));
    assert!(matches!(bench.check.hears(&ruling(Decision::Verified, "asha", false)), Hearing::Refused(_)));
    for (name, mut bench) in phases() {
        let before = bench.check.clone();
        assert_eq!((bench.on(Event::Replaced("chk_1".into())), &bench.check), (Vec::new(), &before), "{name}");
    }
    // What was never answered for a day is not refused: it may have arrived.
    let mut lost = Bench::fresh(WRITE);
    lost.on(Event::Claimed);
    lost.ring();
    lost.now += 2 * DAY;
    lost.replied(CallKind::Post, unknown());
    assert_eq!((lost.key().as_str(), lost.on(Event::Replaced("chk_1".into()))), ("pending_review", Vec::new()));
}
