//! Endpoints in virtual time, with a journal of days and a receiver that answers as it is told.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeMap;

use serde_json::json;

use super::signature::SigningSecret;
use super::*;
use crate::journal::Notice;
use crate::time::rfc3339;

const START: Millis = 1_795_292_332_000;
const OK: Heard = Heard::Answered { status: 204, retry_after: None };
const BROKEN: Heard = Heard::Answered { status: 500, retry_after: None };

fn line(number: u64, at: Millis) -> Line {
    Line::Endpoint(Notice { at, endpoint: format!("ep_{number:032x}"), reason: "gone".into() })
}

/// An endpoint, the journals that it reads, and what was sent to it.
struct World {
    now: Millis,
    progress: Progress,
    journal: BTreeMap<Cursor, Line>,
    sent: Vec<(Millis, String, bool)>,
    judged: Vec<Judged>,
}

impl World {
    fn new() -> Self {
        Self { now: START, progress: Progress::new(START), journal: BTreeMap::new(), sent: Vec::new(), judged: Vec::new() }
    }

    fn happens(&mut self, number: u64) {
        let day = indian_day(self.now).0;
        let sequence = self.journal.keys().filter(|at| at.day == day).map(|at| at.sequence).max().unwrap_or(0).saturating_add(1);
        self.journal.insert(Cursor { day, sequence }, line(number, self.now));
        self.progress.news();
    }

    fn page(&self, after: Cursor, limit: usize) -> Page {
        let lines: Vec<_> = self.journal.iter().filter(|(at, _)| **at > after).take(limit).map(|(at, line)| (*at, line.clone())).collect();
        let end = lines.last().map_or(after, |(at, _)| *at);
        let is_end = lines.len() < limit;
        let today = Cursor { day: indian_day(self.now).0, sequence: 0 };
        Page { after, lines, end: if is_end { end.max(today) } else { end }, is_end }
    }

    /// Runs until a time, with a receiver that answers by the time and the id.
    fn until(&mut self, end: Millis, receiver: impl Fn(Millis, &str) -> Heard) {
        loop {
            match self.progress.next(self.now, 5) {
                Next::Send(batch) => {
                    assert!(!batch.is_empty());
                    for sent in batch {
                        let heard = receiver(self.now, &sent.id);
                        self.sent.push((self.now, sent.id.clone(), heard.is_delivered()));
                        let judged = self.progress.heard(&sent, heard, self.now, 0);
                        self.judged.push(judged);
                    }
                    // What is stored is all that it knows.
                    let stored = serde_json::to_string(&self.progress).unwrap();
                    let at_end = self.progress.is_at_end;
                    self.progress = serde_json::from_str(&stored).unwrap();
                    self.progress.is_at_end = at_end;
                }
                Next::Read { after, limit } => {
                    self.progress.reads(after);
                    let page = self.page(after, limit);
                    self.progress.take(&page, self.now, |_| true);
                }
                Next::Rest(at) => match at.filter(|at| *at <= end) {
                    Some(at) => self.now = self.now.max(at),
                    None => break,
                },
            }
        }
        self.now = self.now.max(end);
    }

    fn delivered(&self) -> Vec<&str> {
        self.sent.iter().filter(|(_, _, is_delivered)| *is_delivered).map(|(_, id, _)| id.as_str()).collect()
    }
}

fn id(number: u64, at: Millis) -> String {
    line(number, at).event_id()
}

#[test]
fn an_event_is_tried_by_the_schedule() {
    let mut world = World::new();
    world.happens(1);
    world.until(START + 5 * DAY, |_, _| BROKEN);
    let at: Vec<_> = world.sent.iter().map(|(at, ..)| at - START).collect();
    let pauses: Vec<_> = at.windows(2).map(|pair| (pair.last().unwrap() - pair.first().unwrap()).div_euclid(SECOND)).collect();
    assert_eq!(pauses, [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400, 86_400]);
    assert!(world.sent.iter().all(|(_, sent, _)| *sent == id(1, START)), "under one id");
    for (attempts, jitter, pause) in [(1, 0, 5_000), (1, 65_535, 5_999), (9, 65_535, 103_679_736), (40, 0, 86_400_000)] {
        assert_eq!(pause_before(attempts, jitter), pause);
    }
}

#[test]
fn an_endpoint_that_was_dead_for_three_days_gets_every_event_once_by_id() {
    let mut world = World::new();
    let back = START + 3 * DAY;
    let receiver = move |now: Millis, _: &str| if now < back { Heard::Unreachable } else { OK };
    let mut wanted = Vec::new();
    for number in 0..700 {
        world.happens(number);
        wanted.push(id(number, world.now));
        world.until(START + Millis::try_from(number).unwrap() * 6 * MINUTE, receiver);
    }
    assert!(world.delivered().is_empty() && world.sent.len() < 20, "one that is down is not flooded: {}", world.sent.len());
    world.until(START + 5 * DAY, receiver);
    assert_eq!(world.delivered(), wanted, "each once, in order");
    assert_eq!(world.progress.disabled, None);
    assert_eq!(world.progress.backlog(world.now), (0, None));
}

#[test]
fn one_event_that_is_never_taken_holds_up_no_other_and_is_given_up() {
    let mut world = World::new();
    let bad = id(0, START);
    let receiver = move |_: Millis, sent: &str| if sent == bad { BROKEN } else { OK };
    for number in 0..600 {
        world.happens(number);
        world.until(START + Millis::try_from(number).unwrap() * 10 * MINUTE, &receiver);
        assert_eq!(world.delivered().len(), usize::try_from(number).unwrap(), "{number}");
    }
    assert_eq!(world.judged.iter().filter(|judged| judged.is_given_up).count(), 1);
    assert_eq!(world.sent.iter().filter(|(_, sent, _)| *sent == id(0, START)).count(), 10);
    assert_eq!((world.progress.disabled, world.progress.waiting.len()), (None, 0));
}

#[test]
fn five_days_of_failures_alone_disable_and_enabling_sends_what_was_missed() {
    let mut world = World::new();
    world.happens(1);
    world.until(START + 5 * DAY - 1, |_, _| Heard::TimedOut);
    assert_eq!(world.progress.disabled, None);
    world.until(START + 7 * DAY, |_, _| Heard::TimedOut);
    let (at, reason) = world.progress.disabled.unwrap();
    assert_eq!(reason, Reason::Failing);
    assert!((START + 5 * DAY..START + 6 * DAY + HOUR).contains(&at), "{}", rfc3339(at));
    assert_eq!(world.judged.last().unwrap().disabled, Some(Reason::Failing));
    world.happens(2);
    let tried = world.sent.len();
    world.until(START + 9 * DAY, |_, _| OK);
    assert_eq!(world.sent.len(), tried, "nothing is sent to one that is disabled");
    world.progress.set_enabled(true, world.now);
    world.until(START + 9 * DAY + 1, |_, _| OK);
    assert_eq!(world.delivered(), [id(1, START), id(2, START + 7 * DAY)]);
    // A success in between: it is not failures alone.
    let mut world = World::new();
    for number in 0..8 {
        world.happens(number);
        world.until(START + Millis::try_from(number).unwrap() * DAY, |now, _| if now < START + 4 * DAY { BROKEN } else { OK });
    }
    assert_eq!(world.progress.disabled, None);
}

#[test]
fn gone_disables_at_once_and_a_redirect_is_a_failure() {
    let mut world = World::new();
    world.happens(1);
    world.until(START + MINUTE, |_, _| Heard::Answered { status: 410, retry_after: None });
    assert_eq!((world.sent.len(), world.progress.disabled), (1, Some((START, Reason::Gone))));
    for (status, fault) in
        [(200, None), (299, None), (301, Some("redirected")), (308, Some("redirected")), (404, Some("refused")), (410, Some("gone"))]
    {
        let heard = Heard::Answered { status, retry_after: None };
        assert_eq!((heard.fault(), heard.is_delivered()), (fault, fault.is_none()), "{status}");
    }
    assert_eq!([Heard::TimedOut.fault(), Heard::Unreachable.fault()], [Some("timed_out"), Some("unreachable")]);
}

#[test]
fn an_endpoint_that_asks_for_time_is_left_alone_with_all_events() {
    for (status, retry_after, pause) in [
        (429, None, MINUTE),
        (502, None, MINUTE),
        (504, None, MINUTE),
        (503, Some(90), 90 * SECOND),
        (429, Some(1), 5 * SECOND),
        (503, None, 5 * SECOND),
    ] {
        let mut world = World::new();
        world.happens(1);
        world.until(START + SECOND, |_, _| Heard::Answered { status, retry_after });
        world.happens(2);
        let earliest = START + retry_after.map_or(if status == 503 { 0 } else { MINUTE }, |seconds| Millis::from(seconds) * SECOND);
        world.until(START + HOUR, |_, _| OK);
        let again: Vec<_> = world.sent.iter().skip(1).map(|(at, sent, _)| (*at, sent.clone())).collect();
        assert!(again.iter().all(|(at, _)| *at >= earliest), "{status} {again:?}");
        assert_eq!(again.iter().find(|(_, sent)| *sent == id(1, START)).map(|(at, _)| *at - START), Some(pause), "{status}");
    }
}

#[test]
fn what_is_sent_again_is_what_was_asked_for_and_news_goes_on_beside_it() {
    let mut world = World::new();
    for number in 0..130 {
        world.happens(number);
        world.until(START + Millis::try_from(number).unwrap() * MINUTE, |_, _| OK);
    }
    world.until(world.now, |_, _| OK);
    let before = world.delivered().len();
    assert_eq!(before, 130);
    let at = *world.journal.keys().nth(7).unwrap();
    world.progress.replay(at, id(7, START + 6 * MINUTE), world.now);
    world.until(world.now, |_, _| OK);
    assert_eq!(world.delivered().split_at(before).1, [id(7, START + 6 * MINUTE)]);
    let since = START + 100 * MINUTE;
    world.progress.replay_since(since, world.now);
    world.happens(500);
    world.until(world.now, |_, _| OK);
    let again = world.delivered().split_off(before + 1);
    let news = id(500, world.now);
    assert!(again.iter().take(2).any(|sent| *sent == news), "news does not wait for what was told");
    assert_eq!(again.iter().filter(|sent| **sent != news).count(), world.journal.values().filter(|line| line.at() >= since).count() - 1);
}

#[test]
fn nothing_is_read_for_ever_where_there_is_nothing_to_send_again() {
    let mut world = World::new();
    world.progress.replay_since(START, START);
    world.until(START + 1, |_, _| OK);
    world.happens(1);
    world.until(START + 2, |_, _| OK);
    world.progress.replay_since(START - DAY, world.now);
    world.until(START + 3, |_, _| OK);
    assert_eq!(world.delivered(), [id(1, START + 1), id(1, START + 1)]);
}

#[test]
fn events_of_one_check_are_delivered_in_order_also_where_one_fails() {
    let mut world = World::new();
    let line = |at: Millis| Line::Endpoint(Notice { at, endpoint: format!("ep_{}", "c".repeat(32)), reason: "gone".into() });
    let day = indian_day(START).0;
    world.journal.extend((1..=3).map(|sequence| (Cursor { day, sequence }, line(START + Millis::try_from(sequence).unwrap()))));
    let first = line(START + 1).event_id();
    world.until(START + MINUTE, |now, sent| if now < START + SECOND && sent == first { BROKEN } else { OK });
    let ids: Vec<_> = world.delivered().iter().map(|id| id.rsplit('_').next().unwrap().parse::<Millis>().unwrap() - START).collect();
    assert_eq!(ids, [1, 2, 3]);
    assert_eq!(world.sent.len(), 4, "what waits for another is not tried");
}

#[test]
fn what_happened_before_an_endpoint_was_made_is_not_told() {
    let mut world = World::new();
    world.now = START - MINUTE;
    world.happens(1);
    world.now = START;
    world.happens(2);
    world.until(START + 1, |_, _| OK);
    assert_eq!(world.delivered(), [id(2, START)]);
}

#[test]
fn an_endpoint_hears_of_the_types_that_it_chose() {
    let read = |body: serde_json::Value| Wanted::read(body.to_string().as_bytes(), false);
    let url = "https://hooks.acme.in/toran";
    let all = read(json!({ "url": url })).unwrap().config(SigningSecret::new([1; 32]));
    let some = read(json!({ "url": url, "types": ["check.review"] })).unwrap().config(SigningSecret::new([1; 32]));
    assert_eq!([all.wants(&line(1, 0)), some.wants(&line(1, 0))], [true, false]);
    for body in [
        json!({}),
        json!({ "url": 1 }),
        json!({ "url": "http://127.0.0.1/" }),
        json!({ "url": url, "types": [] }),
        json!({ "url": url, "types": ["check.done"] }),
        json!({ "url": url, "description": "" }),
        json!({ "url": url, "secret": "whsec_x" }),
    ] {
        assert_eq!(read(body.clone()).unwrap_err().status(), 400, "{body}");
    }
}

#[test]
fn a_rotated_secret_stays_live_for_as_long_as_it_is_wanted() {
    let patch = |body: &str| Patch::read(body.as_bytes(), false);
    let secrets: Vec<_> = (1..=3).map(|byte| SigningSecret::new([byte; 32])).collect();
    let wanted = Wanted::read(br#"{"url":"https://hooks.acme.in/"}"#, false).unwrap();
    let mut config = wanted.config(secrets.first().unwrap().clone());
    config.change(&patch(r#"{"rotate_secret":{}}"#).unwrap(), secrets.get(1).cloned(), START);
    let live = |config: &Config, now| config.live(now).map(|secret| secret.expose().to_owned()).collect::<Vec<_>>();
    assert_eq!((live(&config, START).len(), live(&config, START + DAY).len()), (2, 1));
    config.change(&patch(r#"{"rotate_secret":{"keep_hours":0}}"#).unwrap(), secrets.get(2).cloned(), START);
    assert_eq!(live(&config, START), [secrets.get(2).unwrap().expose()], "two at most, and none longer than is wanted");
    let read: Config = serde_json::from_str(&serde_json::to_string(&config).unwrap()).unwrap();
    assert_eq!(live(&read, START), live(&config, START));
    assert!(!config.view("ep_1", &Progress::new(START), START).to_string().contains("whsec_"));
    for body in [
        "{}",
        r#"{"rotate_secret":true}"#,
        r#"{"rotate_secret":{"keep_hours":721}}"#,
        r#"{"status":"on"}"#,
        r#"{"url":"http://a.in"}"#,
        r#"{"id":1}"#,
    ] {
        assert_eq!(patch(body).unwrap_err().status(), 400, "{body}");
    }
}

#[test]
fn what_is_to_be_sent_again_is_one_event_or_a_time_of_the_last_30_days() {
    let read = |body: serde_json::Value| Replay::read(body.to_string().as_bytes(), START);
    let event = format!("evt_{}_3", "ab".repeat(16));
    assert_eq!(read(json!({ "event": event })).unwrap(), Replay::Event(event.clone()));
    assert_eq!(read(json!({ "since": rfc3339(START - DAY) })).unwrap(), Replay::Since(START - DAY));
    for body in [
        json!({}),
        json!({ "event": event, "since": rfc3339(START) }),
        json!({ "event": "chk_1" }),
        json!({ "since": rfc3339(START + HOUR) }),
        json!({ "since": rfc3339(START - 31 * DAY) }),
        json!({ "since": "yesterday" }),
    ] {
        assert_eq!(read(body.clone()).unwrap_err().status(), 400, "{body}");
    }
}
