//! A check, its vendor and the weather between them, on virtual time.
//!
//! The vendor knows what it really did: which references it saw, and how many rupees moved. Between the two, requests and replies are dropped,
//! delayed, doubled, overtaken and garbled, and the machine dies between any two outputs, or at one chosen. After every step the rules that must
//! hold in any weather are asked. Everything follows from the seed, so a failing run can be run again.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{KIN, claim, identity};
use crate::check::{Admission, Check, Context, Event, Output, Phase, Policy};
use crate::http::{Exchange, HttpResponse};
use crate::keys::Outcome;
use crate::operations::{Class, Operation, Request};
use crate::secret::Secret;
use crate::time::{DAY, MINUTE, Millis, SECOND};
use crate::velocity;
use crate::vendors::{self, Call, CallKind};

/// Randomness that is the same on every machine (`SplitMix64`).
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: i64) -> i64 {
        i64::try_from(self.roll() % u64::try_from(bound).unwrap()).unwrap()
    }

    /// True so many times in a hundred.
    fn percent(&mut self, chance: i64) -> bool {
        self.below(100) < chance
    }
}

/// What the vendor will say of a request, and what it really does.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Truth {
    Paid,
    No,
    /// It says that it does not know, and the lookup will say that nothing happened.
    Failed,
    /// Refused at the door: nothing is kept, and no lookup finds it.
    Refused(u16, &'static str),
}

#[derive(Clone, Copy, Debug)]
struct Seen {
    truth: Truth,
    settles_at: Millis,
    hidden_until: Millis,
}

/// A payment link, at the vendor; a request that arrives twice makes two.
#[derive(Clone, Debug)]
struct Link {
    claim: u32,
    expires_at: Millis,
    is_shown: bool,
    /// When the customer pays, who pays only what they see.
    paid_at: Option<Millis>,
    /// The vendor never learns of it.
    is_untold: bool,
}

impl Link {
    fn is_paid(&self, now: Millis) -> bool {
        self.paid_at.is_some_and(|at| at <= now)
    }
}

#[derive(Clone, Debug)]
enum Happening {
    /// A caller sends the request (again).
    Claim,
    /// A caller asks, which wakes the register.
    Poke,
    /// A connection is free.
    Slot(u32),
    /// A call reaches the vendor, whoever is still there to hear the answer.
    Arrive { id: u64, call: Call, instance: u32 },
    /// An exchange ends at the instance that began it.
    Hear { id: u64, call: Call, instance: u32, exchange: Heard },
    /// The subject register's word.
    Permit { instance: u32, permit: String, verdict: velocity::Verdict },
    /// The subject register failed.
    NoPermit(u32),
}

#[derive(Clone, Debug)]
enum Heard {
    Said(u16, Option<u32>, Vec<u8>),
    TimedOut,
    Broken,
}

/// How bad it gets.
#[derive(Clone, Copy)]
pub(super) struct Forecast {
    /// Chance in a hundred of each mishap.
    pub(super) storm: i64,
    /// The machine dies before the output of this number, counted over the run.
    pub(super) dies_at: Option<usize>,
}

/// One run.
pub(super) struct World {
    seed: u64,
    dice: Dice,
    forecast: Forecast,
    operation: Operation,
    policy: Policy,
    now: Millis,
    // The machine.
    live: Option<Check>,
    stored: Option<String>,
    alarm: Option<Millis>,
    instance: u32,
    outputs: usize,
    steps: usize,
    // What is under way, by time and order.
    queue: BTreeMap<(Millis, u64), Happening>,
    next: u64,
    heard: BTreeSet<u64>,
    // The vendor and the subject's register.
    seen: BTreeMap<String, Seen>,
    holder_is_valid: bool,
    burned: BTreeSet<String>,
    taken: usize,
    permits: BTreeMap<String, Millis>,
    links: BTreeMap<String, Link>,
    // The record of the run.
    claims: u32,
    claimed_at: Millis,
    posts: Vec<(u32, String)>,
    pub(super) ends: Vec<String>,
}

impl World {
    pub(super) fn run(seed: u64, operation: Operation, forecast: Forecast) -> Self {
        let mut dice = Dice(seed);
        let holder_is_valid = dice.percent(60);
        let mut world = Self {
            seed,
            dice,
            forecast,
            operation,
            policy: Policy::of(operation),
            now: 1_000_000,
            live: None,
            stored: None,
            alarm: None,
            instance: 0,
            outputs: 0,
            steps: 0,
            queue: BTreeMap::new(),
            next: 0,
            heard: BTreeSet::new(),
            seen: BTreeMap::new(),
            holder_is_valid,
            burned: BTreeSet::new(),
            taken: 0,
            permits: BTreeMap::new(),
            links: BTreeMap::new(),
            claims: 0,
            claimed_at: 0,
            posts: Vec::new(),
            ends: Vec::new(),
        };
        world.later(0, Happening::Claim);
        while world.step() {}
        world.rest();
        world
    }

    fn later(&mut self, delay: Millis, happening: Happening) {
        self.next += 1;
        self.queue.insert((self.now + delay, self.next), happening);
    }

    /// The next thing that happens; false when nothing will any more.
    fn step(&mut self) -> bool {
        self.steps += 1;
        assert!(self.steps < 10_000, "seed {}: it never ends", self.seed);
        let next = self.queue.first_key_value().map(|(key, _)| *key);
        match (next, self.alarm) {
            (None, None) => return false,
            (Some((at, _)), alarm) if alarm.is_none_or(|alarm| at < alarm) => {
                self.now = at;
                let (_, happening) = self.queue.pop_first().unwrap();
                self.happen(happening);
            }
            (_, Some(alarm)) => {
                self.now = alarm.max(self.now);
                self.ring();
            }
            _ => unreachable!(),
        }
        self.check_money();
        true
    }

    fn ring(&mut self) {
        self.alarm = None;
        let instance = self.instance;
        self.wake();
        let quiet = self.handle(Event::Alarm);
        if quiet && self.alarm.is_none() {
            // As the shell does: an alarm that came for nothing is set again.
            self.alarm = self.live.as_ref().and_then(Check::wake_at).map(|at| at.max(self.now + 1));
        }
        if self.instance != instance && self.alarm.is_none() {
            // The platform runs an alarm's handler again when it died before it had set another.
            self.alarm = Some(self.now + SECOND);
        }
    }

    /// Loads what was stored into a fresh instance.
    fn wake(&mut self) {
        if self.live.is_none()
            && let Some(stored) = &self.stored
        {
            self.live = Some(serde_json::from_str(stored).unwrap());
            self.handle(Event::Restarted);
            self.queue_up();
        }
    }

    /// As the register does: a check that waits for a connection gets one some time, or too late.
    fn queue_up(&mut self) {
        if self.live.as_ref().is_some_and(|check| matches!(check.phase, Phase::Queued { .. })) {
            let delay = self.dice.below(MINUTE);
            self.later(delay, Happening::Slot(self.instance));
        }
    }

    fn happen(&mut self, happening: Happening) {
        match happening {
            Happening::Claim => self.claim(),
            Happening::Poke => self.wake(),
            Happening::Slot(instance) if instance == self.instance => {
                self.handle(Event::Slot);
            }
            Happening::Permit { instance, permit, verdict } if instance == self.instance => {
                self.handle(Event::Permit { permit, verdict });
            }
            Happening::NoPermit(instance) if instance == self.instance => {
                self.handle(Event::NoPermit);
            }
            Happening::Hear { id, call, instance, exchange } if instance == self.instance => self.hear(id, call, exchange),
            Happening::Arrive { id, call, instance } => self.arrive(id, call, instance),
            // The instance that waited for it is dead.
            Happening::Slot(_) | Happening::Permit { .. } | Happening::NoPermit(_) | Happening::Hear { .. } => {}
        }
    }

    fn claim(&mut self) {
        self.wake();
        if self.live.is_none() && self.stored.is_some() {
            self.later(SECOND, Happening::Claim);
            return;
        }
        let claim = claim(self.operation);
        if Check::admit(self.live.as_ref(), &claim.fingerprint, self.now) == Admission::Claim {
            self.claims += 1;
            self.claimed_at = self.now;
            self.live = Some(Check::claim(self.live.as_ref(), &claim, self.now));
            self.handle(Event::Claimed);
            self.handle(Event::Claimed);
            self.queue_up();
        }
        if self.stored.is_none() && self.claims < 4 {
            // It died before anything was saved: the caller got an error, and tries again.
            self.later(SECOND, Happening::Claim);
        }
        if self.dice.percent(20) {
            let delay = self.dice.below(2 * MINUTE);
            self.later(delay, Happening::Poke);
        }
    }

    fn hear(&mut self, id: u64, call: Call, exchange: Heard) {
        let is_news = self.heard.insert(id);
        if !is_news && !self.dice.percent(self.forecast.storm) {
            return;
        }
        let exchange = match exchange {
            Heard::TimedOut => Exchange::TimedOut,
            Heard::Broken => Exchange::Broken,
            Heard::Said(status, retry_after, body) => Exchange::Answered(HttpResponse { status, retry_after, body: Secret::new(body) }),
        };
        let request = Request::read_back(self.operation, &claim(self.operation).request).unwrap();
        let reading = vendors::of(self.operation).unwrap().read(&call, &request, &exchange, &|_| None);
        self.handle(Event::Reply { call, reading });
    }

    /// One event; true when it led to nothing.
    fn handle(&mut self, event: Event) -> bool {
        let Some(check) = &mut self.live else { return true };
        let jitter = u16::try_from(self.dice.below(65_536)).unwrap();
        let has_slot = !self.dice.percent(self.forecast.storm);
        // Dice of its own, so that the rest of the weather stays as it was.
        let (now, mut dice) = (self.now, Dice(self.seed.wrapping_add(u64::try_from(self.steps).unwrap())));
        let until = dice.percent(self.forecast.storm).then(|| now + 1 + dice.below(MINUTE));
        let context = Context { now, jitter, identity: &identity(), policy: &self.policy, has_slot, held: &|_| until };
        let outputs = check.advance(event, &context);
        let at = |wanted: fn(&Output) -> bool| outputs.iter().position(wanted);
        let saved = at(|output| *output == Output::Persist);
        assert!(at(|output| matches!(output, Output::Send(_))).is_none_or(|sends| saved.is_some_and(|saved| saved < sends)));
        let is_kept = saved.or(at(|output| *output == Output::Hold));
        assert!(at(|output| matches!(output, Output::TakePermit(_))).is_none_or(|asks| is_kept.is_some_and(|kept| kept < asks)));
        for output in &outputs {
            if self.dies() {
                return outputs.is_empty();
            }
            self.perform(output);
        }
        if !outputs.is_empty() {
            self.dies();
        }
        outputs.is_empty()
    }

    fn dies(&mut self) -> bool {
        self.outputs += 1;
        let dies = self.forecast.dies_at == Some(self.outputs) || self.dice.percent(self.forecast.storm / 4);
        if dies {
            self.live = None;
            self.instance += 1;
        }
        dies
    }

    fn perform(&mut self, output: &Output) {
        match output {
            Output::Persist => self.persist(),
            Output::TakePermit(permit) => self.take_permit(permit),
            Output::Send(call) => self.send(call),
            Output::Forget => (self.stored, self.live) = (None, None),
            Output::Hold | Output::Settle(_) | Output::Publish | Output::Withdraw | Output::Alert { .. } => {}
        }
    }

    fn persist(&mut self) {
        let check = self.live.as_ref().unwrap();
        let before = self.stored.as_ref().map_or(0, |stored| serde_json::from_str::<Check>(stored).unwrap().version);
        assert_eq!(check.version, before + 1, "seed {}: a save follows the stored one", self.seed);
        self.alarm = check.wake_at();
        let again = serde_json::to_string(check).unwrap();
        assert_eq!(&serde_json::from_str::<Check>(&again).unwrap(), check, "seed {}: it is stored as it is", self.seed);
        let settled = check.is_settled().then(|| check.phase.clone());
        let shown = match &check.phase {
            Phase::Collecting(collect) => collect.transaction_id().map(str::to_owned),
            _ => None,
        };
        self.stored = Some(again);
        if let Some(id) = shown {
            self.show(&id);
        }
        if let Some(phase) = settled {
            self.settled(&phase);
        }
    }

    /// The customer sees a link, and pays it, or not, or too late.
    fn show(&mut self, id: &str) {
        let (is_paying, delay, is_untold) = (self.dice.percent(60), self.dice.below(15 * MINUTE), self.dice.percent(10));
        let (seed, now, claim) = (self.seed, self.now, self.claims);
        // A reply that was garbled may have come of a link that the vendor knows under another id.
        let Some(link) = self.links.get_mut(id).filter(|link| !link.is_shown) else { return };
        link.is_shown = true;
        link.is_untold = is_untold;
        link.paid_at = Some(now + delay).filter(|at| is_paying && *at < link.expires_at);
        let shown = self.links.values().filter(|link| link.is_shown && link.claim == claim).count();
        assert_eq!(shown, 1, "seed {seed}: two links shown in one claim");
    }

    fn settled(&mut self, phase: &Phase) {
        let rupees = self.rupees();
        let took = self.now - self.claimed_at;
        let seed = self.seed;
        let end = match phase {
            Phase::Finished { answer, .. } => {
                let outcome = answer.finding.outcome;
                match (self.operation.row().class, outcome) {
                    (Class::Money, _) => assert_eq!(outcome == Outcome::Verified, rupees == 1, "seed {seed}: {outcome:?}, {rupees} rupees"),
                    (Class::Collect, _) => {
                        let is_paid = self.links.values().any(|link| link.is_paid(self.now));
                        assert_eq!(outcome == Outcome::Verified, is_paid, "seed {seed}: {outcome:?}");
                    }
                    (Class::Write, _) => assert_eq!((outcome, self.taken), (Outcome::Verified, 1), "seed {seed}: a record that nobody has"),
                    (Class::Read, Outcome::Verified) => assert!(self.holder_is_valid, "seed {seed}: a yes that nobody said"),
                    (Class::Read, _) => {}
                }
                format!("{outcome:?}")
            }
            Phase::Ended { problem, .. } => {
                assert_eq!(rupees, 0, "seed {seed}: released although a rupee moved");
                let is_shown = self.links.values().any(|link| link.is_shown && link.claim == self.claims);
                assert!(!is_shown, "seed {seed}: released although the customer has a link");
                if self.claims < 4 && self.dice.percent(70) {
                    let delay = self.dice.below(MINUTE);
                    self.later(delay, Happening::Claim);
                }
                problem.key.to_string()
            }
            Phase::Review { .. } => "review".into(),
            _ => return,
        };
        let longest = match self.operation.row().class {
            Class::Money | Class::Write => self.policy.horizon + 5 * MINUTE,
            Class::Collect => self.policy.horizon + 30 * MINUTE,
            Class::Read => self.policy.deadline + self.policy.attempt + 10 * SECOND,
        };
        assert!(took <= longest, "seed {seed}: {end} of {:?} took {took} ms", self.operation);
        self.ends.push(end);
    }

    fn take_permit(&mut self, permit: &str) {
        let hits: Vec<_> = self.permits.values().copied().collect();
        let is_taken = self.permits.contains_key(permit);
        let verdict = if is_taken { velocity::Verdict::Granted } else { velocity::decide(&hits, &velocity::WINDOWS, self.now) };
        if verdict == velocity::Verdict::Granted {
            self.permits.entry(permit.to_owned()).or_insert(self.now);
        }
        let (delay, instance, permit) = (self.dice.below(50), self.instance, permit.to_owned());
        let is_lost = self.dice.percent(self.forecast.storm);
        self.later(delay, if is_lost { Happening::NoPermit(instance) } else { Happening::Permit { instance, permit, verdict } });
    }

    fn send(&mut self, call: &Call) {
        let check = self.live.as_ref().unwrap();
        assert_eq!(self.stored.as_ref().unwrap(), &serde_json::to_string(check).unwrap(), "seed {}: saved, then sent", self.seed);
        assert!(check.needs_request(), "seed {}: nothing to send", self.seed);
        if call.kind == CallKind::Post {
            self.note_post(call);
        }
        let (instance, id, storm) = (self.instance, self.next, self.forecast.storm);
        if !self.dice.percent(storm) {
            let late = self.dice.percent(storm);
            let delay = self.dice.below(if late { 10 * MINUTE } else { 100 });
            self.later(delay, Happening::Arrive { id, call: call.clone(), instance });
            if self.dice.percent(storm) {
                self.later(delay + 500, Happening::Arrive { id, call: call.clone(), instance });
            }
        }
        // Now and then even the deadline is late: then the watchdog's alarm comes first.
        let patience = self.policy.attempt + if self.dice.percent(storm) { 5 * SECOND } else { 0 };
        self.later(patience, Happening::Hear { id, call: call.clone(), instance, exchange: Heard::TimedOut });
    }

    fn note_post(&mut self, call: &Call) {
        let (seed, claim) = (self.seed, self.claims);
        let is_repeated = self.posts.iter().any(|(_, used)| *used == call.wire_reference);
        assert!(!is_repeated || self.operation.row().class == Class::Write, "seed {seed}: a wire reference twice");
        self.posts.push((claim, call.wire_reference.clone()));
        let posts = self.posts.iter().filter(|(of, _)| *of == claim).count();
        match self.operation.row().class {
            Class::Money => {
                assert_eq!(posts, 1, "seed {seed}: a second POST within one claim");
                assert!(self.permits.len() >= self.posts.len(), "seed {seed}: a POST without a permit");
            }
            Class::Read | Class::Collect => assert!(posts <= 4, "seed {seed}: {posts} POSTs for one claim"),
            Class::Write => assert!(posts <= 40, "seed {seed}: {posts} POSTs for one claim"),
        }
    }

    fn arrive(&mut self, id: u64, call: Call, instance: u32) {
        let (status, retry_after, body) = match (self.operation, call.kind) {
            (Operation::MobileAccount, CallKind::Post) => self.pay(&call.wire_reference),
            (Operation::MobileAccount, CallKind::Status) => self.look_up(&call.wire_reference),
            (Operation::BankCollect, CallKind::Post) => self.make_link(),
            (Operation::BankCollect, CallKind::Status) => self.payment(&call),
            (Operation::CkycUpload, CallKind::Post) => self.upload(&call.wire_reference),
            (Operation::CkycUpload, CallKind::Status) => self.search(call.clue.is_some()),
            _ => self.verify(),
        };
        let storm = self.forecast.storm;
        let exchange = match self.dice.below(100) {
            roll if roll < storm => return,
            roll if roll < storm * 3 / 2 => Heard::Broken,
            roll if roll < storm * 5 / 2 => self.garbled(status, &body.to_string()),
            _ => Heard::Said(status, retry_after, body.to_string().into_bytes()),
        };
        let late = self.dice.percent(storm);
        let delay = self.dice.below(if late { 2 * MINUTE } else { 800 });
        self.later(delay, Happening::Hear { id, call: call.clone(), instance, exchange: exchange.clone() });
        if self.dice.percent(storm) {
            self.later(delay + 20, Happening::Hear { id, call, instance, exchange });
        }
    }

    fn garbled(&mut self, status: u16, body: &str) -> Heard {
        let mut bytes = body.as_bytes().to_vec();
        match self.dice.below(5) {
            0 => bytes.truncate(usize::try_from(self.dice.below(i64::try_from(bytes.len()).unwrap())).unwrap()),
            1 => bytes.clear(),
            2 => bytes = b"<html><body>502 Bad Gateway</body></html>".to_vec(),
            3 => return Heard::Said([500, 502, 503, 504, 301][usize::try_from(self.dice.below(5)).unwrap()], None, Vec::new()),
            _ => {
                let at = usize::try_from(self.dice.below(i64::try_from(bytes.len()).unwrap())).unwrap();
                bytes[at] = u8::try_from(self.dice.below(256)).unwrap();
            }
        }
        Heard::Said(status, None, bytes)
    }

    /// Mobile to Account: a rupee moves for a reference never seen before, sooner or later.
    fn pay(&mut self, reference: &str) -> (u16, Option<u32>, Value) {
        let said = |status: &str, key: &str| json!({ "decentro_txn_id": "T", "api_status": status, "response_key": key });
        if self.seen.contains_key(reference) {
            return (200, None, said("FAILURE", "error_duplicate_reference_id"));
        }
        let truth = match self.dice.below(10) {
            0..=3 => Truth::Paid,
            4..=5 => Truth::No,
            6 => Truth::Failed,
            7 => Truth::Refused(401, "error_invalid_client_credentials"),
            8 => Truth::Refused(429, "error_velocity_controls_verification_failed"),
            _ => Truth::Refused(400, "error_malformed_request"),
        };
        let pending = if self.dice.percent(30) { self.dice.below(26 * 60) * MINUTE } else { 0 };
        let hidden = if self.dice.percent(20) { self.dice.below(MINUTE) } else { 0 };
        self.seen.insert(reference.to_owned(), Seen { truth, settles_at: self.now + pending, hidden_until: self.now + hidden });
        match truth {
            Truth::Refused(status, key) => (status, None, said("FAILURE", key)),
            _ if pending > 0 => (200, None, json!({ "decentro_txn_id": "T", "api_status": "PENDING" })),
            Truth::Paid => {
                let mut body = said("SUCCESS", truth.key());
                body["data"] = json!({ "account_number": "1234567890", "ifsc": "SBIN0001077" });
                (200, None, body)
            }
            Truth::No | Truth::Failed => (200, None, said("FAILURE", truth.key())),
        }
    }

    fn look_up(&mut self, reference: &str) -> (u16, Option<u32>, Value) {
        let found = self.seen.get(reference).filter(|seen| !matches!(seen.truth, Truth::Refused(..)) && seen.hidden_until <= self.now);
        let Some(seen) = found else {
            return (200, None, json!({ "api_status": "FAILURE", "response_key": "error_transaction_not_found" }));
        };
        let key = (seen.settles_at <= self.now).then(|| seen.truth.key());
        let data = if seen.truth == Truth::Paid && key.is_some() { json!({ "account_number": "1234567890" }) } else { json!({}) };
        let body = json!({ "decentro_txn_id": "L", "request_decentro_txn_id": "T", "api_status": "SUCCESS", "request_response_key": key, "data": data });
        (200, None, body)
    }

    /// PAN verification: the holder's truth, or trouble.
    fn verify(&mut self) -> (u16, Option<u32>, Value) {
        let word = if self.holder_is_valid { "valid" } else { "fake" };
        let yes = json!({ "decentroTxnId": "T", "status": "SUCCESS", "responseCode": "S00000", "data": { "status": word, "id_number": "ABCPE1234F" } });
        match self.dice.below(100) {
            0..=39 => (200, None, yes),
            40..=59 => (503, Some(u32::try_from(self.dice.below(14)).unwrap()), json!({})),
            60..=74 => (429, None, json!({})),
            75..=89 => (500, None, json!({ "status": "FAILURE" })),
            90..=95 => (200, None, json!({ "status": "FAILURE", "responseCode": "E00003" })),
            _ => (401, None, json!({ "status": "FAILURE", "responseCode": "E00008" })),
        }
    }

    /// CKYC upload: the registry takes a record, is down, or refuses; a reference that was seen before is refused, whatever became of it.
    fn upload(&mut self, reference: &str) -> (u16, Option<u32>, Value) {
        let said = |code: &str| json!({ "decentroTxnId": "T", "status": "FAILURE", "responseCode": code });
        if !self.burned.insert(reference.to_owned()) {
            return (400, None, json!({ "status": "FAILURE", "responseCode": "E00002", "responseKey": "error_duplicate_reference_id" }));
        }
        match self.dice.below(100) {
            0..=39 => {
                self.taken += 1;
                let data = if self.dice.percent(70) { json!({ "ckycId": KIN }) } else { json!({}) };
                (200, None, json!({ "decentroTxnId": "T", "status": "SUCCESS", "data": data }))
            }
            40..=69 => (503, Some(u32::try_from(self.dice.below(90)).unwrap()), said("E00004")),
            70..=79 => {
                // A time-out behind the vendor: the registry may have it all the same.
                self.taken += usize::from(self.dice.percent(50));
                (200, None, said("E00003"))
            }
            80..=94 => (401, None, said("E00008")),
            _ => (400, None, said("E00009")),
        }
    }

    /// Setu's reverse penny drop.
    fn make_link(&mut self) -> (u16, Option<u32>, Value) {
        let error = |code: &str| json!({ "error": { "code": code } });
        match self.dice.below(100) {
            0..=64 => {}
            65..=74 => return (503, Some(u32::try_from(self.dice.below(14)).unwrap()), error("unavailable")),
            75..=84 => return (500, None, error("upstream_service_error")),
            85..=92 => return (401, None, error("unauthorized")),
            _ => return (201, None, json!({ "id": "x", "status": "BAV_REVERSE_PENNY_DROP_FAILED" })),
        }
        let id = format!("00000000-0000-0000-0000-{:012}", self.links.len());
        let expires_at = self.now + 10 * MINUTE;
        let link = Link { claim: self.claims, expires_at, is_shown: false, paid_at: None, is_untold: false };
        self.links.insert(id.clone(), link);
        let valid_upto = crate::time::rfc3339(expires_at);
        let upi = "upi://pay?pa=success@upi&am=1.00&cu=INR";
        (201, None, json!({ "id": id, "status": "BAV_REVERSE_PENNY_DROP_CREATED", "upiLink": upi, "validUpto": valid_upto }))
    }

    fn payment(&self, call: &Call) -> (u16, Option<u32>, Value) {
        let id = call.clue.as_ref().map_or("", |clue| clue.0.as_str());
        let Some(link) = self.links.get(id) else {
            return (404, None, json!({ "error": { "code": "request_not_found" } }));
        };
        let said = |status: &str, data: Value| {
            (200, None, json!({ "id": id, "status": format!("BAV_REVERSE_PENNY_DROP_{status}"), "data": data }))
        };
        match link {
            link if link.is_untold => said("CREATED", Value::Null),
            link if link.is_paid(self.now) => {
                let account = json!({ "accountType": "BANK_ACCOUNT", "bankAccountNumber": "1234567890", "bankAccountIfsc": "SBIN0001077" });
                said("PAYMENT_SUCCESSFUL", account)
            }
            link if self.now >= link.expires_at => said("EXPIRED", Value::Null),
            _ => said("CREATED", Value::Null),
        }
    }

    fn search(&mut self, is_download: bool) -> (u16, Option<u32>, Value) {
        let found = |number: &str| {
            let data = json!({ "ckycId": number, "fullName": "RAHUL SHARMA", "dateOfBirth": "01-01-1990", "kycDate": "13-02-2026" });
            (200, None, json!({ "status": "SUCCESS", "responseCode": "S00000", "data": data }))
        };
        match self.dice.below(10) {
            0..=1 => (503, None, json!({ "status": "FAILURE", "responseCode": "E00004" })),
            _ if self.taken == 0 => (200, None, json!({ "status": "FAILURE", "responseCode": "E00021" })),
            _ if is_download => found(KIN),
            _ => found("$XXXX1234$"),
        }
    }

    fn rupees(&self) -> usize {
        self.seen.values().filter(|seen| seen.truth == Truth::Paid).count()
    }

    fn check_money(&self) {
        let rupees = self.rupees();
        assert!(rupees <= 1, "seed {}: {rupees} rupees under one reference", self.seed);
        assert!(self.taken <= 1, "seed {}: {} records under one reference", self.seed, self.taken);
    }

    /// When nothing happens any more, the check is where it may stay.
    fn rest(&self) {
        let seed = self.seed;
        let rest = self.stored.as_ref().map(|stored| serde_json::from_str::<Check>(stored).unwrap().phase);
        match (self.operation.row().class, rest) {
            (Class::Money | Class::Collect, Some(Phase::Tombstone { .. } | Phase::Released | Phase::Review { .. }))
            | (Class::Write, Some(Phase::Tombstone { .. } | Phase::Review { .. }))
            | (Class::Read, None) => {}
            (_, None) => assert!(self.posts.is_empty(), "seed {seed}: forgotten"),
            (_, rest) => panic!("seed {seed}: it rests at {rest:?}"),
        }
        assert!(self.now < 100 * DAY);
    }
}

impl Truth {
    const fn key(self) -> &'static str {
        match self {
            Self::Paid => "success_account_details_retrieved",
            Self::No => "failure_account_closed",
            Self::Failed => "error_provider_error",
            Self::Refused(_, key) => key,
        }
    }
}
