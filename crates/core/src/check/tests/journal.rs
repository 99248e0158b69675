//! What of a check's transitions stands in the journal.

use super::exits::delivery;
use super::*;
use crate::journal::{Entry, EntryKind};

impl Bench {
    /// What the journal has of what an event leads to.
    fn journaled(&mut self, event: impl FnOnce(&mut Self)) -> Option<Entry> {
        let before = self.check.clone();
        event(self);
        self.check.journaled(&before, &identity(), self.now)
    }
}

/// What was journaled, in a word, and whether it is news to its caller.
fn word(entry: Option<&Entry>) -> Option<(EntryKind, &str, bool)> {
    entry.map(|entry| (entry.kind, entry.key.as_str(), entry.is_news))
}

#[test]
fn what_ended_or_waits_stands_in_the_journal_once() {
    let mut bench = Bench::sending(MONEY);
    let finished = bench.journaled(|bench| drop(bench.replied(CallKind::Post, verified()))).unwrap();
    assert_eq!(word(Some(&finished)), Some((EntryKind::Finished, "success_account_details_retrieved", false)));
    assert_eq!((finished.paise(), finished.moved), (100, None), "outcome and key tell it");
    let Entry { check, version, wire_reference, reference_id, outcome, at, .. } = finished;
    assert_eq!((check.as_str(), version, outcome, at), (PLACE, bench.check.version, Some(Outcome::Verified), START));
    assert_eq!((wire_reference.unwrap(), reference_id.as_deref()), (format!("{OBJECT}01"), Some("REF_0001")));
    assert_eq!(bench.journaled(|bench| drop(bench.ring())), None, "forgotten");
    let mut read = Bench::sending(READ);
    let entry = read.journaled(|bench| drop(bench.replied(CallKind::Post, Reading::refused_us("E00008")))).unwrap();
    assert_eq!((word(Some(&entry)), entry.wire_reference.as_deref()), (Some((EntryKind::Ended, "error_service_unavailable", false)), None));
}

#[test]
fn money_is_in_it_from_when_it_is_not_known_where_a_rupee_is_and_what_comes_later_is_news() {
    let mut bench = Bench::sending(MONEY);
    let unsettled = bench.journaled(|bench| drop(bench.replied(CallKind::Post, unknown())));
    assert_eq!(word(unsettled.as_ref()), Some((EntryKind::Unsettled, "pending_unknown", false)));
    assert_eq!(bench.journaled(|bench| drop(bench.ring())), None, "looked up");
    bench.now += 2 * DAY;
    let review = bench.journaled(|bench| drop(bench.replied(CallKind::Status, unknown()))).unwrap();
    assert_eq!(
        (word(Some(&review)), review.has_waited, review.changes_waiting()),
        (Some((EntryKind::Review, "unknown", true)), false, true)
    );
    let ended = bench.journaled(|bench| drop(bench.on(decided(Decision::Failed)))).unwrap();
    assert_eq!((word(Some(&ended)), ended.changes_waiting()), (Some((EntryKind::Finished, "failure_decided", true)), true));
}

#[test]
fn an_answer_that_does_not_stand_waits_and_a_write_that_a_person_sends_again_waits_no_more() {
    let mut bench = Bench::sending(MONEY);
    bench.replied(CallKind::Post, verified());
    let (account, wire_reference) = (bench.check.account(), bench.call(CallKind::Post).wire_reference);
    let reading = finding(Outcome::Negative, "failure_account_closed");
    let event = Event::Callback { account, wire_reference, delivery: delivery(), reading };
    let review = bench.journaled(|bench| drop(bench.on(event)));
    assert_eq!(word(review.as_ref()), Some((EntryKind::Review, "contradicted", true)));
    assert_eq!(review.unwrap().paise(), -100, "what the answer had said is taken back");
    let mut write = Bench::fresh(WRITE);
    assert_eq!(write.journaled(|bench| drop(bench.on(Event::Claimed))), None, "its caller knows");
    write.ring();
    let rejected =
        Reading::Rejected { vendor: VendorRef::default(), vendor_key: "E00009".into(), words: VendorWords::new(None, std::iter::empty()) };
    let refused = write.journaled(|bench| drop(bench.replied(CallKind::Post, rejected))).unwrap();
    assert_eq!((word(Some(&refused)), refused.vendor_key.as_deref()), (Some((EntryKind::Review, "refused", true)), Some("E00009")));
    let resumed = write.journaled(|bench| drop(bench.on(decided(Decision::Retry)))).unwrap();
    assert_eq!((resumed.kind, resumed.changes_waiting()), (EntryKind::Resumed, true));
}

#[test]
fn a_journal_that_is_made_again_has_the_latest_entry_of_each_check_as_it_was() {
    let same = |bench: &Bench, entry: Entry| {
        let again = bench.check.entry(&identity()).unwrap();
        let plain = |entry: Entry| Entry { version: 0, has_waited: false, is_news: false, ..entry };
        assert_eq!(plain(again), plain(entry));
    };
    let mut bench = Bench::sending(MONEY);
    assert_eq!(bench.check.entry(&identity()), None, "under way");
    let unsettled = bench.journaled(|bench| drop(bench.replied(CallKind::Post, unknown()))).unwrap();
    same(&bench, unsettled);
    let finished = bench.journaled(|bench| drop(bench.replied(CallKind::Status, verified()))).unwrap();
    same(&bench, finished.clone());
    bench.now += 2 * DAY;
    bench.ring();
    same(&bench, Entry { reference_id: None, ..finished });
    let mut read = Bench::sending(READ);
    let ended = read.journaled(|bench| drop(bench.replied(CallKind::Post, Reading::refused_us("E00008")))).unwrap();
    same(&read, ended);
}

/// Whoever reads it must know what to do with rows of yesterday.
#[test]
fn an_entry_and_its_event_are_pinned() {
    let mut bench = Bench::sending(MONEY);
    let entry = bench.journaled(|bench| drop(bench.replied(CallKind::Post, verified()))).unwrap();
    let text = format!(
        r#"{{"at":1795292332000,"kind":"finished","check":"{PLACE}","version":2,"operation":"mobile.account","account":"decentro","outcome":"verified","key":"success_account_details_retrieved","reference_id":"REF_0001","wire_reference":"{OBJECT}01","began_at":1795292332000}}"#
    );
    assert_eq!(serde_json::to_string(&entry).unwrap(), text);
    assert_eq!(serde_json::from_str::<Entry>(&text).unwrap(), entry);
    let event = json!({
        "id": format!("evt_{PLACE}_1795292332000002"), "type": "check.finished", "timestamp": "2026-11-21T20:18:52Z",
        "data": {
            "check": format!("chk_{PLACE}"), "operation": "mobile.account", "vendor": "decentro", "key": "success_account_details_retrieved",
            "outcome": "verified", "reference_id": "REF_0001",
        },
    });
    assert_eq!(entry.event(), event);
}
