//! The transitions of a check. Decision 0003 (docs/decisions) is the rule book; every arm that touches money says why it is safe.

use super::ending::busy;
use super::history;
use super::{Cause, Check, Context, Event, MAX_ATTEMPTS, Output, Phase, Write};
use crate::keys;
use crate::operations::{Class, Finding, VendorRef};
use crate::place::Place;
use crate::problem::Problem;
use crate::time::{Millis, SECOND};
use crate::velocity::{self, Counted};
use crate::vendors::{Call, CallKind, Reading};

/// How much later than a call's deadline its watchdog rings: the reply comes first where there is one.
pub(super) const GRACE: Millis = SECOND;
/// How long asking for a permit may take before it is asked for again.
pub const PERMIT_DEADLINE: Millis = 10 * SECOND;
/// The vendor's refusal of us, as alerts name it.
pub(super) const VENDOR_REJECTED_US: &str = "vendor_rejected_us";
/// How often a read is tried at a vendor while another one is left to ask.
const TRIES_BEFORE_ANOTHER: u8 = 2;
/// A check that nobody can settle but a person.
const CHECK_NEEDS_REVIEW: &str = "check_needs_review";

impl Check {
    /// Takes an event, and says what is to be done, in order. An event that no longer fits changes nothing.
    pub fn advance(&mut self, event: Event, context: &Context<'_>) -> Vec<Output> {
        let moment = history::moment_of(&event, context.now);
        let outputs = match event {
            Event::Claimed => self.begin(context),
            Event::Slot => self.free_slot(context),
            Event::Permit { permit, verdict } => self.permitted(&permit, verdict, context),
            Event::NoPermit => self.permit_delayed(),
            Event::Unpaid { permit, problem } => self.unpaid(&permit, problem, context),
            Event::Settled(debt) => self.settled(&debt),
            Event::Reply { call, reading } => self.replied(&call, reading.without_aadhaar(), context),
            Event::Callback { account, wire_reference, delivery, reading } => {
                self.delivered(delivery, |check| check.called_back(&account, &wire_reference, reading.without_aadhaar(), context))
            }
            Event::Hinted => self.hinted(context),
            Event::Decided(ruling) => self.decided(ruling, context),
            Event::Replaced(by) => self.replaced(&by, context),
            Event::Conflicted(session) => self.conflicted(session.as_deref()),
            Event::Alarm => self.woken(context),
            Event::Restarted => self.restarted(context),
        };
        if outputs.contains(&Output::Persist) {
            self.version = self.version.saturating_add(1);
            self.remember(moment, &outputs, context.now);
        }
        outputs
    }

    fn begin(&mut self, context: &Context<'_>) -> Vec<Output> {
        // A claim begins once; nothing but a fresh one looks like this.
        if self.phase != (Phase::AwaitingPermit { until: self.claimed_at }) {
            return Vec::new();
        }
        if self.class == Class::Write {
            return self.begin_write(context);
        }
        // Where nobody is called, nobody waits for a connection.
        if !context.has_slot && !self.is_held_everywhere(context) {
            self.phase = Phase::Queued { until: context.now.saturating_add(context.policy.wait) };
            return vec![Output::Persist];
        }
        self.call_vendor(context)
    }

    fn free_slot(&mut self, context: &Context<'_>) -> Vec<Output> {
        if matches!(self.phase, Phase::Queued { until } if until > context.now) { self.call_vendor(context) } else { Vec::new() }
    }

    /// The first call of a claim, or the permit for it.
    pub(super) fn call_vendor(&mut self, context: &Context<'_>) -> Vec<Output> {
        if let Some(outputs) = self.held_back(context) {
            return outputs;
        }
        if self.class == Class::Collect {
            return self.begin_collect(context);
        }
        if self.operation.row().velocity.is_none() || self.class != Class::Money {
            return self.send(1, context);
        }
        let Some(attempt) = self.next_attempt() else { return self.exhausted(context) };
        self.attempts = attempt;
        self.phase = Phase::AwaitingPermit { until: context.now.saturating_add(PERMIT_DEADLINE) };
        // It takes a few milliseconds, and a save would double them.
        vec![Output::Hold, Output::TakePermit(self.permit(context.identity.place))]
    }

    /// From here on it is asked for by the alarm.
    fn permit_delayed(&self) -> Vec<Output> {
        if matches!(self.phase, Phase::AwaitingPermit { .. }) { vec![Output::Persist] } else { Vec::new() }
    }

    fn ask_permit(&mut self, context: &Context<'_>) -> Vec<Output> {
        // Nothing was sent, and after this long nobody waits: the reference is free again.
        if self.is_late(context) {
            return self.end(Problem::new(keys::INTERNAL), None, context);
        }
        self.phase = Phase::AwaitingPermit { until: context.now.saturating_add(PERMIT_DEADLINE) };
        vec![Output::Persist, Output::TakePermit(self.permit(context.identity.place))]
    }

    /// The name of the claim's permit: the check's place and the permit's number. All vendors of a claim share it, for the next one is asked only where the one before certainly
    /// sent no rupee. The nonce is no part of it: a claim that died before its first save gets a new nonce when it is sent again, and must find the same permit.
    pub(super) fn permit(&self, place: Place) -> String {
        // Before permits had numbers of their own, it was that of the claim's first attempt.
        let first_attempt = || usize::from(self.attempts).saturating_sub(self.account);
        let number = if self.permit == 0 { u32::try_from(first_attempt()).unwrap_or_default() } else { self.permit };
        format!("{place}{number:02x}")
    }

    fn permitted(&mut self, permit: &str, verdict: velocity::Verdict, context: &Context<'_>) -> Vec<Output> {
        let asked = matches!(self.phase, Phase::AwaitingPermit { .. });
        if !asked || permit != self.permit(context.identity.place) {
            return Vec::new();
        }
        match verdict {
            velocity::Verdict::Granted => self.post(1, context),
            velocity::Verdict::Refused(refusal) => {
                let counted = self.operation.row().velocity.unwrap_or(Counted::MobileNumber);
                self.end(refusal.problem(counted, context.now), None, context)
            }
        }
    }

    /// Begins a new attempt under a fresh wire reference.
    fn send(&mut self, tries: u8, context: &Context<'_>) -> Vec<Output> {
        let Some(attempt) = self.next_attempt() else { return self.exhausted(context) };
        self.attempts = attempt;
        self.post(tries, context)
    }

    fn post(&mut self, tries: u8, context: &Context<'_>) -> Vec<Output> {
        let until = context.now.saturating_add(context.policy.attempt).saturating_add(GRACE);
        self.phase = Phase::Sending { until, tries };
        vec![Output::Persist, Output::Send(self.call(CallKind::Post, context))]
    }

    /// Whether no new try may begin any more.
    pub(super) fn is_late(&self, context: &Context<'_>) -> bool {
        context.now > self.claimed_at.saturating_add(context.policy.deadline)
    }

    pub(super) fn next_attempt(&self) -> Option<u8> {
        self.attempts.checked_add(1).filter(|attempt| *attempt <= MAX_ATTEMPTS)
    }

    pub(super) fn exhausted(&mut self, context: &Context<'_>) -> Vec<Output> {
        let detail = "This reference_id was tried 99 times and is used up.";
        self.end(Problem::new(keys::DUPLICATE_REFERENCE).detail(detail), None, context)
    }

    fn replied(&mut self, call: &Call, reading: Reading, context: &Context<'_>) -> Vec<Output> {
        if let Phase::Writing(write) = &self.phase {
            let write = write.clone();
            return self.write_replied(write, call, reading, context);
        }
        if let Phase::Collecting(collect) = &self.phase {
            let collect = collect.clone();
            return self.collect_replied(*collect, call, reading, context);
        }
        if *call != self.call(call.kind, context) {
            return self.called_back(&call.account, &call.wire_reference, reading, context);
        }
        match (&self.phase, call.kind) {
            (Phase::Sending { tries, .. }, CallKind::Post) => {
                let tries = *tries;
                match self.class {
                    Class::Read => self.read_replied(reading, tries, context),
                    Class::Money | Class::Collect | Class::Write => self.money_replied(reading, context),
                }
            }
            (Phase::Unsettled { .. }, CallKind::Status) => self.money_replied(reading, context),
            // The POST's own reply, later than its watchdog: welcome where it is certain.
            (Phase::Unsettled { .. }, CallKind::Post) if matches!(reading, Reading::Final(_) | Reading::Ended { .. }) => {
                self.money_replied(reading, context)
            }
            _ => self.late_word(reading, context),
        }
    }

    fn read_replied(&mut self, reading: Reading, tries: u8, context: &Context<'_>) -> Vec<Output> {
        match reading {
            Reading::Final(finding) => self.finish(*finding, context),
            Reading::Ended { problem, refused_us } => self.refused(problem, refused_us, context),
            Reading::Held(until) => self.unsent(until, context),
            Reading::Trouble { problem, retry_after } => self.try_again(problem, retry_after, tries, context),
            // A read is never left open.
            Reading::Working(_)
            | Reading::Unknown { .. }
            | Reading::Landed(_)
            | Reading::Rejected { .. }
            | Reading::Offered(_)
            | Reading::Further(_) => self.end(Problem::new(keys::UNEXPECTED_RESPONSE), None, context),
        }
    }

    fn try_again(&mut self, problem: Problem, retry_after: Option<u32>, tries: u8, context: &Context<'_>) -> Vec<Output> {
        let pause = context.policy.pause(tries, context.jitter);
        let asked = Millis::from(retry_after.unwrap_or(0)).saturating_mul(SECOND);
        // Where another vendor can be asked, this one has had its chance.
        if (tries >= TRIES_BEFORE_ANOTHER || pause.is_none_or(|pause| asked > pause))
            && let Some(outputs) = self.ask_another(&problem, context)
        {
            return outputs;
        }
        match self.next_try(problem, retry_after, tries, context) {
            Ok((until, problem)) => {
                self.phase = Phase::Backoff { until, tries, last: problem };
                vec![Output::Persist]
            }
            Err(problem) => self.end(problem, None, context),
        }
    }

    /// When the next try begins after one that ended with this problem.
    ///
    /// # Errors
    /// What it ends with, where there is none.
    pub(super) fn next_try(
        &self,
        problem: Problem,
        retry_after: Option<u32>,
        tries: u8,
        context: &Context<'_>,
    ) -> Result<(Millis, Problem), Problem> {
        let asked = Millis::from(retry_after.unwrap_or(0)).saturating_mul(SECOND);
        let Some(pause) = context.policy.pause(tries, context.jitter) else { return Err(problem) };
        let until = context.now.saturating_add(pause.max(asked));
        // The vendor asks for more patience than the caller has, or else the time is over.
        if asked > pause && until > self.claimed_at.saturating_add(context.policy.wait) {
            return Err(Problem::new(keys::SOURCE_UNAVAILABLE).retry_after(retry_after.unwrap_or(0)));
        }
        if until > self.claimed_at.saturating_add(context.policy.deadline) { Err(problem) } else { Ok((until, problem)) }
    }

    fn money_replied(&mut self, reading: Reading, context: &Context<'_>) -> Vec<Output> {
        match reading {
            Reading::Final(finding) if self.is_of_another_transaction(&finding) => self.look_up_later(None, false, None, context),
            Reading::Final(finding) => self.finish(*finding, context),
            // Certain that nothing moved: another vendor may be asked, or the reference is free, and a new claim may send again.
            Reading::Ended { problem, refused_us } => self.refused(problem, refused_us, context),
            Reading::Held(until) if matches!(self.phase, Phase::Unsettled { .. }) => self.look_up_held(until, context),
            Reading::Held(until) => self.unsent(until, context),
            Reading::Working(vendor) => self.look_up_later(Some(vendor), true, None, context),
            Reading::Unknown { vendor, refused_us } => self.look_up_later(Some(vendor), false, refused_us, context),
            Reading::Rejected { vendor, vendor_key, .. } => self.look_up_later(Some(vendor), false, Some(vendor_key), context),
            // Whatever transaction a refusal names, it is not the one that landed before. Trouble is the word of reads: for money it proves nothing, so nothing is sent again.
            Reading::Landed(_) | Reading::Trouble { .. } | Reading::Offered(_) | Reading::Further(_) => {
                self.look_up_later(None, false, None, context)
            }
        }
    }

    /// Money, also money in: whether a finding is of another transaction than what the vendor said before was about.
    pub(super) fn is_of_another_transaction(&self, finding: &Finding) -> bool {
        let known = match &self.phase {
            Phase::Unsettled { vendor, .. } | Phase::Review { vendor, .. } if matches!(self.class, Class::Money | Class::Collect) => {
                vendor.transaction_id.as_deref()
            }
            Phase::Collecting(collect) => collect.transaction_id(),
            _ => None,
        };
        let said = finding.vendor.transaction_id.as_deref();
        known.zip(said).is_some_and(|(known, said)| !known.eq_ignore_ascii_case(said))
    }

    /// Waits for the next status lookup, or past the horizon for a person.
    pub(super) fn look_up_later(
        &mut self,
        said: Option<VendorRef>,
        working: bool,
        refused_us: Option<String>,
        context: &Context<'_>,
    ) -> Vec<Output> {
        let (since, was_working, known) = match &self.phase {
            Phase::Unsettled { since, working, vendor, .. } => (*since, *working, Some(vendor.clone())),
            _ => (context.now, false, None),
        };
        let said = said.filter(|vendor| vendor.transaction_id.is_some());
        let vendor = known.filter(|vendor| vendor.transaction_id.is_some()).or(said).unwrap_or_else(|| self.nobody());
        let alert = refused_us.map(|vendor_key| self.alert(VENDOR_REJECTED_US, vendor_key));
        let Some(wake_at) = context.policy.next_lookup(since, context.now, context.jitter) else {
            return self.review(vendor, Cause::Unknown, 0, alert, context);
        };
        self.phase = Phase::Unsettled { since, wake_at, in_flight: false, working: working || was_working, vendor };
        std::iter::once(Output::Persist).chain(alert).collect()
    }

    pub(super) fn review(
        &mut self,
        vendor: VendorRef,
        cause: Cause,
        posted: u8,
        alert: Option<Output>,
        context: &Context<'_>,
    ) -> Vec<Output> {
        self.phase = Phase::Review { since: context.now, vendor, cause, posted, withdraw_at: None, refusal: None };
        self.rulings.pass();
        let review = self.alert(CHECK_NEEDS_REVIEW, keys::PENDING_REVIEW.into());
        [Output::Persist].into_iter().chain(alert).chain([review]).collect()
    }

    /// An alert about the account of the attempt.
    pub(super) fn alert(&self, event: &'static str, vendor_key: String) -> Output {
        Output::Alert { event, account: self.account(), vendor_key }
    }

    fn woken(&mut self, context: &Context<'_>) -> Vec<Output> {
        if self.wake_at().is_none_or(|at| at > context.now) {
            return Vec::new();
        }
        match &self.phase {
            // No connection became free while its caller waited. Nothing was sent.
            Phase::Queued { .. } => self.end(busy(), None, context),
            // The machine was down: what it ended as was known before.
            Phase::Backoff { last, .. } if self.is_late(context) => self.end(last.clone(), None, context),
            // It stays due until its register has a connection for it.
            Phase::Backoff { .. } | Phase::Writing(Write { in_flight: false, .. }) | Phase::Unsettled { in_flight: false, .. }
                if !context.has_slot =>
            {
                Vec::new()
            }
            Phase::Backoff { tries, .. } => {
                let tries = tries.saturating_add(1);
                self.held_back(context).unwrap_or_else(|| self.send(tries, context))
            }
            Phase::Writing(write) => {
                let write = write.clone();
                self.write_woken(write, context)
            }
            Phase::Collecting(collect) => {
                let collect = collect.clone();
                self.collect_woken(*collect, context)
            }
            Phase::Unsettled { in_flight: false, .. } => self.look_up(context),
            Phase::Finished { expires_at, .. } if *expires_at > context.now => self.settle_again(context),
            Phase::Finished { .. } => self.forget_personal_data(context),
            Phase::Ended { forget_at, .. } if *forget_at > context.now => self.settle_again(context),
            Phase::Ended { .. } if self.class != Class::Read => self.release(),
            Phase::Ended { .. } | Phase::Tombstone { .. } => vec![Output::Forget],
            Phase::AwaitingPermit { .. } | Phase::Sending { .. } | Phase::Unsettled { .. } => self.restarted(context),
            Phase::Review { withdraw_at: Some(at), .. } if *at <= context.now => self.withdraw_again(context),
            Phase::Review { .. } => self.settle_again(context),
            Phase::Released => Vec::new(),
        }
    }

    fn look_up(&mut self, context: &Context<'_>) -> Vec<Output> {
        if let Some(until) = (context.held)(&self.account()) {
            return self.look_up_held(until, context);
        }
        if let Phase::Unsettled { wake_at, in_flight, .. } = &mut self.phase {
            *wake_at = context.now.saturating_add(context.policy.attempt).saturating_add(GRACE);
            *in_flight = true;
        }
        vec![Output::Persist, Output::Send(self.call(CallKind::Status, context))]
    }

    /// What was under way when the earlier instance died, or when its watchdog rang.
    fn restarted(&mut self, context: &Context<'_>) -> Vec<Output> {
        match &self.phase {
            // Nothing was sent: the permit is asked for under the same wire reference, so it is taken once.
            Phase::AwaitingPermit { .. } => self.ask_permit(context),
            // The POST may or may not have arrived.
            Phase::Sending { tries, .. } => {
                let tries = *tries;
                match self.class {
                    Class::Read => self.try_again(Problem::new(keys::SOURCE_TIMEOUT), None, tries, context),
                    Class::Money | Class::Collect | Class::Write => self.look_up_later(None, false, None, context),
                }
            }
            Phase::Writing(write) if write.in_flight => {
                let write = write.clone();
                self.write_lost(write, context)
            }
            Phase::Collecting(collect) if collect.in_flight => {
                let collect = collect.clone();
                self.collect_lost(*collect, context)
            }
            Phase::Unsettled { in_flight: true, .. } => self.look_up_later(None, false, None, context),
            _ => Vec::new(),
        }
    }
}
