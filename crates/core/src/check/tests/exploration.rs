//! Every order of events that a check can meet, to a stated depth.
//!
//! Where the weather (`weather.rs`) rolls dice over long runs, this walks all short ones: each event in each state, and a death of the machine after each output that the event led
//! to. Events are a reply of every kind to every call under way, a callback of every kind about every attempt, every decision of one person and of two, a correction, the alarm with and without a
//! connection, a crash, and the next claim. States are told apart by what is stored, what lives in memory, and what the vendor has seen.
#![expect(clippy::print_stdout, reason = "how many states were seen")]

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use super::*;
use crate::vendors::Clue;

/// How many events deep.
const DEPTH: usize = 9;
/// And how many states at most of each kind of check: the deepest level is cut off there.
const STATES: usize = 60_000;
const ACCOUNTS: [Account; 2] = [Account::common("decentro"), Account::common("cashfree")];

/// What became of a POST, as far as anybody was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Fate {
    /// It may have moved a rupee.
    Open,
    /// The vendor said that it certainly did nothing.
    Dead,
}

#[derive(Clone, Debug)]
struct State {
    now: Millis,
    live: Option<Check>,
    stored: Option<Check>,
    /// The calls whose replies the living instance may still hear.
    calls: Vec<Call>,
    /// Every POST there ever was, over all claims.
    posts: BTreeMap<String, Fate>,
    /// Of the POSTs of this claim, which account each went to.
    asked: BTreeMap<String, Account>,
    claims: u8,
    /// Rows that were made: each draws a nonce.
    rows: u8,
}

impl State {
    fn identity(&self) -> Identity {
        Identity::parse(PLACE, &format!("{:032x}", self.rows)).unwrap()
    }

    fn key(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        // What is remembered decides nothing.
        let without_history = |check: &Check| Check { history: History::default(), ..check.clone() };
        let (live, stored) = (self.live.as_ref().map(without_history), self.stored.as_ref().map(without_history));
        serde_json::to_string(&(self.now, live, stored)).unwrap().hash(&mut hasher);
        for call in &self.calls {
            (call.kind == CallKind::Post, &call.wire_reference, call.clue.is_some()).hash(&mut hasher);
        }
        self.posts.hash(&mut hasher);
        (self.claims, self.rows).hash(&mut hasher);
        hasher.finish()
    }
}

/// What a vendor can say, each with its name.
fn readings() -> Vec<Reading> {
    vec![
        verified(),
        finding(Outcome::Negative, "failure_decided"),
        Reading::Working(vendor(Some("T"))),
        unknown(),
        Reading::trouble(keys::SOURCE_UNAVAILABLE, None),
        Reading::Landed(vendor(None)),
        Reading::Rejected { vendor: vendor(None), vendor_key: "E00009".into(), words: VendorWords::default() },
        Reading::Further(Clue("clue".into())),
        Reading::Held(START),
        Reading::refused_us("E00008"),
        collect::offered(),
        Reading::ended(Problem::new(keys::UNEXPECTED_RESPONSE)),
    ]
}

/// One way in which a check is asked for.
struct Walk {
    claim: Claim,
    policy: Policy,
    /// Those who decide together; none where one person does by themselves.
    people: &'static [&'static str],
}

impl Walk {
    fn new(operation: Operation, accounts: usize, people: &'static [&'static str]) -> Self {
        let accounts = ACCOUNTS.iter().take(accounts).cloned().collect();
        Self { claim: Claim { accounts, ..claim(operation) }, policy: Policy::of(operation), people }
    }

    /// Every state that is reached, and how many there are of each phase.
    fn run(&self) -> (usize, HashMap<&'static str, usize>) {
        let start = State {
            now: START,
            live: None,
            stored: None,
            calls: Vec::new(),
            posts: BTreeMap::new(),
            asked: BTreeMap::new(),
            claims: 0,
            rows: 0,
        };
        let (mut seen, mut phases, mut level) = (HashSet::from([start.key()]), HashMap::new(), vec![start]);
        for _ in 0..DEPTH {
            let mut next = Vec::new();
            for state in &level {
                for after in self.all_after(state) {
                    if seen.len() < STATES && seen.insert(after.key()) {
                        let phase = after.live.as_ref().map_or("none", |check| check.facts().phase.unwrap_or_default());
                        *phases.entry(phase).or_insert(0) += 1;
                        self.has_an_exit(&after);
                        next.push(after);
                    }
                }
            }
            level = next;
        }
        (seen.len(), phases)
    }

    fn all_after(&self, state: &State) -> Vec<State> {
        let Some(check) = &state.live else { return self.claimed(state) };
        let mut after = self.claimed(state);
        for (index, call) in state.calls.iter().enumerate() {
            let mut heard = state.clone();
            heard.calls.remove(index);
            for reading in readings() {
                after.extend(self.on(&heard, &Event::Reply { call: call.clone(), reading }, true));
            }
        }
        for attempt in 1..=check.attempts.min(3) {
            let wire_reference = state.identity().wire_reference(attempt);
            // Of the account that has the attempt, and of another one.
            for account in &ACCOUNTS {
                for reading in readings().into_iter().take(4) {
                    let callback = Event::Callback {
                        account: account.clone(),
                        wire_reference: wire_reference.clone(),
                        delivery: exits::delivery(),
                        reading,
                    };
                    after.extend(self.on(state, &callback, true));
                }
            }
        }
        for decision in [Decision::Verified, Decision::Negative, Decision::Failed, Decision::Retry] {
            after.extend(self.on(state, &decided(decision), true));
            for person in self.people {
                after.extend(self.on(state, &Event::Decided(ruling(decision, person, true)), true));
            }
        }
        after.extend(self.on(state, &Event::Replaced("chk_1".into()), true));
        for verdict in [Permit::Granted, Permit::Refused(Refusal { limit: 4, unit: Unit::Hour, free_at: state.now + HOUR })] {
            after.extend(self.on(state, &Event::Permit { permit: check.permit(state.identity().place), verdict }, true));
        }
        after.extend(self.on(state, &Event::NoPermit, true));
        after.extend(self.on(state, &Event::Hinted, true));
        after.extend(self.on(state, &Event::Slot, true));
        if let Some(at) = check.wake_at() {
            let rung = State { now: state.now.max(at), ..state.clone() };
            for has_slot in [true, false] {
                after.extend(self.on(&rung, &Event::Alarm, has_slot));
            }
        }
        let crashed = State { live: state.stored.clone(), calls: Vec::new(), ..state.clone() };
        after.extend(self.on(&crashed, &Event::Restarted, true));
        after.push(crashed);
        after
    }

    fn claimed(&self, state: &State) -> Vec<State> {
        if Check::admit(state.live.as_ref(), &self.claim.fingerprint, state.now) != Admission::Claim {
            return Vec::new();
        }
        let live = Some(Check::claim(state.live.as_ref(), &self.claim, state.now));
        let rows = state.rows + u8::from(state.live.is_none());
        let claimed = State { live, rows, claims: state.claims + 1, asked: BTreeMap::new(), ..state.clone() };
        [true, false].into_iter().flat_map(|has_slot| self.on(&claimed, &Event::Claimed, has_slot)).collect()
    }

    /// What an event leads to: all of its outputs, or a death after some of them.
    fn on(&self, state: &State, event: &Event, has_slot: bool) -> Vec<State> {
        let Some(before) = &state.live else { return Vec::new() };
        let mut live = before.clone();
        let context = Context { now: state.now, jitter: 0, identity: &state.identity(), policy: &self.policy, has_slot, held: &|_| None };
        let outputs = live.advance(event.clone(), &context);
        // Each of its callbacks is the first of its kind, so that what is remembered only tells apart states that are one.
        live.callbacks.clear();
        if outputs.is_empty() {
            assert_eq!(live, *before, "an event that leads to nothing changes nothing: {event:?}");
            return if matches!(event, Event::Reply { .. }) { vec![state.clone()] } else { Vec::new() };
        }
        Self::is_sound(before, event, &live, &outputs);
        let mut after = State { live: Some(live.clone()), ..state.clone() };
        // Readings speak the truth where they are certain.
        let is_certain = |reading: &Reading| match reading {
            Reading::Ended { .. } => true,
            // Money in: a vendor that is down made no link.
            Reading::Trouble { .. } => self.claim.class == Class::Collect,
            _ => false,
        };
        if let Event::Reply { call, reading } = event
            && is_certain(reading)
        {
            after.posts.entry(call.wire_reference.clone()).and_modify(|fate| *fate = Fate::Dead);
        }
        // What was held back was never sent; a write sends the same again.
        if let Event::Reply { call, reading: Reading::Held(_) } = event
            && self.claim.class != Class::Write
        {
            after.posts.remove(&call.wire_reference);
            after.asked.remove(&call.wire_reference);
        }
        let mut all = Vec::new();
        for output in &outputs {
            self.perform(&mut after, &live, output);
            all.push(State { live: after.stored.clone(), calls: Vec::new(), ..after.clone() });
        }
        // The last one was no death.
        all.pop();
        all.push(after);
        all
    }

    fn perform(&self, state: &mut State, live: &Check, output: &Output) {
        match output {
            Output::Persist => state.stored = Some(live.clone()),
            Output::Forget => (state.stored, state.live) = (None, None),
            Output::Send(call) => {
                assert_eq!(state.stored.as_ref(), Some(live), "saved, then sent");
                if call.kind == CallKind::Post {
                    self.post(state, call);
                }
                state.calls.retain(|other| other != call);
                state.calls.push(call.clone());
            }
            Output::Hold | Output::TakePermit(_) | Output::Settle(_) | Output::Publish | Output::Withdraw | Output::Alert { .. } => {}
        }
    }

    fn post(&self, state: &mut State, call: &Call) {
        let class = self.claim.class;
        let known = state.posts.insert(call.wire_reference.clone(), Fate::Open);
        assert!(known.is_none() || class == Class::Write, "no wire reference names two requests");
        let open = state.posts.values().filter(|fate| **fate == Fate::Open).count();
        state.asked.insert(call.wire_reference.clone(), call.account.clone());
        let is_open = |reference: &String| state.posts.get(reference) == Some(&Fate::Open);
        let elsewhere = state.asked.iter().filter(|(reference, account)| is_open(reference) && **account != call.account).count();
        assert!(class != Class::Collect || elsewhere == 0, "what may have arrived never moves to another vendor");
        assert!(class != Class::Money || open == 1, "no POST of money while another one may have moved a rupee");
    }

    /// What holds of every transition.
    fn is_sound(before: &Check, event: &Event, after: &Check, outputs: &[Output]) {
        let verified =
            |check: &Check| matches!(&check.phase, Phase::Finished { answer, .. } if answer.finding.outcome == Outcome::Verified);
        let is_yes = |reading: &Reading| matches!(reading, Reading::Final(finding) if finding.outcome == Outcome::Verified);
        let says_yes = match event {
            Event::Reply { reading, .. } | Event::Callback { reading, .. } => is_yes(reading),
            Event::Decided(ruling) => ruling.decision == Decision::Verified,
            _ => false,
        };
        assert!(!verified(after) || verified(before) || says_yes, "verified without a yes: {event:?}");
        let posts = |output: &Output| matches!(output, Output::Send(call) if call.kind == CallKind::Post);
        assert!(!outputs.iter().any(posts) || !before.shows_link(), "one link shown in a claim: {event:?}");
        assert!(!outputs.iter().any(posts) || before.needs_request(), "the request is kept while it may be sent: {event:?}");
        if let Phase::Finished { answer, .. } = &before.phase
            && matches!(event, Event::Reply { .. } | Event::Callback { .. })
        {
            let is_decided = answer.finding.key.ends_with("_decided") && answer.finding.vendor.transaction_id.is_none();
            let alarms = outputs.iter().any(|output| matches!(output, Output::Alert { event: "vendor_contradicted_itself", .. }));
            assert!(alarms, "a word against an answer is an alarm: {event:?}");
            if !is_decided && after.phase != before.phase {
                assert!(matches!(after.phase, Phase::Review { cause: Cause::Contradicted, .. }) && outputs.contains(&Output::Withdraw));
            }
        }
        if let (Phase::Review { cause: Cause::Contradicted, .. }, false) = (&before.phase, before == after) {
            let is_settled = !matches!(after.phase, Phase::Review { .. });
            assert!(matches!(event, Event::Decided(_)) || !is_settled, "only a person settles a contradiction: {event:?}");
        }
    }

    /// Whether something leads on: by itself, by a person, or because it is over.
    fn has_an_exit(&self, state: &State) {
        let Some(check) = &state.live else { return };
        let is_over = matches!(check.phase, Phase::Released | Phase::Tombstone { .. });
        let leads_on = check.wake_at().is_some() || is_over;
        let decided = || {
            let ends = self.on(state, &decided(Decision::Failed), true);
            ends.last()
                .and_then(|state| state.live.as_ref())
                .is_some_and(|check| matches!(check.phase, Phase::Finished { .. } | Phase::Ended { .. }))
        };
        assert!(leads_on || decided(), "no way out of {:?}", check.phase);
    }
}

#[test]
fn every_order_of_events_keeps_the_rules() {
    let walks: [(_, _, _, &'static [&'static str]); 6] = [
        ("money at two vendors", Operation::BankVerify, 2, &[]),
        ("money with a permit", MONEY, 1, &[]),
        ("money in at two vendors", Operation::BankCollect, 2, &[]),
        ("a read at two vendors", READ, 2, &[]),
        ("a write", WRITE, 1, &[]),
        ("a write of a tenant that asks for four eyes", WRITE, 1, &["asha", "ravi"]),
    ];
    let mut total = 0;
    for (name, operation, accounts, people) in walks {
        let (states, phases) = Walk::new(operation, accounts, people).run();
        println!("{name}: {states} states, to {DEPTH} events deep or the first {STATES}: {phases:?}");
        for phase in ["review", "finished"].iter().filter(|phase| **phase == "finished" || operation != READ) {
            assert!(phases.contains_key(phase), "{name} never reaches {phase}");
        }
        total += states;
    }
    assert!(total >= 100_000, "{total}");
}
