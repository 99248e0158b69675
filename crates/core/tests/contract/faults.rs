//! Every way in which an exchange can go wrong, at every operation: it ends as the contract says, never as a yes, and money is sent once.

use toran_core::http::Exchange;
use toran_core::keys::{self, Outcome};
use toran_core::operations::{Class, OPERATIONS, VendorRef};
use toran_core::vendors::{CallKind, Reading};

use super::answers::{Answer, End, answers, is_verified, run};
use super::simulated::{answered, offered};

const BODIES: &[&str] = &["", "<html><body>Bad Gateway</body></html>", "{}", "[]"];

/// Of each operation, class and kind of call one answer; what it said does not matter.
fn one_of_each() -> Vec<&'static Answer> {
    let mut found: Vec<&Answer> = Vec::new();
    for answer in answers() {
        let is_like = |other: &&Answer| {
            super::is_at_one_place(other, answer)
                && other.request.class() == answer.request.class()
                && other.call.kind == answer.call.kind
                && other.call.clue.is_some() == answer.call.clue.is_some()
        };
        if !found.iter().any(is_like) {
            found.push(answer);
        }
    }
    found
}

fn exchanges() -> Vec<(String, Exchange)> {
    let named = [
        ("not sent", Exchange::NotSent),
        ("timed out", Exchange::TimedOut),
        ("broken", Exchange::Broken),
        ("too large", Exchange::TooLarge),
    ];
    let statuses = (100..=599)
        .flat_map(|status| BODIES.iter().map(move |body| (format!("{status} {body}"), answered(status, body.as_bytes().to_vec()))));
    named.into_iter().map(|(name, exchange)| (name.to_owned(), exchange)).chain(statuses).collect()
}

/// Where the check ends when every call of this kind goes wrong like this, and nothing else is heard.
fn spoiled(answer: &Answer, exchange: &Exchange) -> End {
    let reading = answer.came(std::slice::from_ref(exchange));
    assert!(!is_verified(&reading));
    run(&answer.request, |call| match (call.kind == answer.call.kind, answer.request.class()) {
        (true, _) => reading.clone(),
        (false, Class::Write) if call.kind == CallKind::Post => Reading::Landed(VendorRef::default()),
        (false, Class::Collect) if call.kind == CallKind::Post => offered(),
        (false, _) => Reading::unknown(VendorRef::default()),
    })
}

#[test]
fn every_fault_of_an_exchange_ends_as_the_contract_says() {
    let all = one_of_each();
    assert!(
        OPERATIONS.iter().all(|row| all.iter().any(|answer| answer.operation() == row.operation && answer.call.kind == CallKind::Post))
    );
    for answer in &all {
        for (name, exchange) in exchanges() {
            let end = spoiled(answer, &exchange);
            let told = format!("{} {:?} {name}: {:?}", answer.operation().row().name, answer.call.kind, end.told());
            assert!(!matches!(end.outcome(), Some(Outcome::Verified | Outcome::Failed)), "{told}");
            match answer.request.class() {
                Class::Read => assert_read(&end, &told),
                Class::Collect if answer.call.kind == CallKind::Post => assert_read(&end, &told),
                Class::Money | Class::Collect if answer.call.kind == CallKind::Status => {
                    assert_eq!(end.told().1, "pending_review", "{told}");
                }
                Class::Money | Class::Collect => assert_money(&end, answer.vendor(), &name, &told),
                Class::Write => assert_write(&end, &name, &told),
            }
        }
    }
}

/// A no only where the vendor has no such record or refuses the value, else a problem; up to four tries, each under a reference of its own.
fn assert_read(end: &End, told: &str) {
    let (status, _, _) = end.told();
    assert!(status != 202 && end.posts().len() <= 4, "{told}");
    let mut references = end.posts();
    references.dedup();
    assert_eq!(references.len(), end.calls.len(), "{told}");
}

/// Nothing but a certain refusal ends it: 401, 403, 429 and 422, and what was never sent.
fn assert_money(end: &End, vendor: &str, name: &str, told: &str) {
    let (status, key, _) = end.told();
    match name.get(..3).unwrap() {
        "401" | "403" => assert_eq!((status, key.as_str()), (502, keys::SERVICE_UNAVAILABLE), "{told}"),
        "429" => assert_eq!((status, key.as_str()), (503, keys::SOURCE_UNAVAILABLE), "{told}"),
        // Cashfree says so of its client's balance too.
        "422" if vendor != "cashfree" => assert_eq!((status, end.outcome()), (200, Some(Outcome::Negative)), "{told}"),
        _ if name == "not sent" => assert_eq!((status, key.as_str()), (503, keys::SOURCE_UNAVAILABLE), "{told}"),
        _ => assert_eq!((status, key.as_str()), (202, "pending_review"), "{told}"),
    }
}

/// It waits for a person, never less. What may have arrived is repeated under the same reference only.
fn assert_write(end: &End, name: &str, told: &str) {
    assert_eq!((end.told().0, end.told().1.as_str()), (202, "pending_review"), "{told}");
    let is_certain = name == "not sent" || ["400", "401", "403", "404", "422", "429"].contains(&name.get(..3).unwrap());
    let mut references = end.posts();
    references.dedup();
    assert!(is_certain || references.len() == 1, "{told}");
}
