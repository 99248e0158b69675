//! Money in: a link by which the customer pays one rupee by UPI (document 003 section 3.5, decision 0019).
//!
//! As long as nobody has seen a link, nothing can move. So where a vendor certainly made none, the next one is asked. Where that is not known, the same vendor is asked again under
//! a fresh wire reference, within the operation's deadline, and no other. Once there is a link the check keeps it and shows it, and never asks for another in this claim. What
//! became of it is told by a callback or a look-up; some time after it expired, where nobody tells, a person must look, for the customer may have paid.

use serde::{Deserialize, Serialize};

use super::advance::{GRACE, VENDOR_REJECTED_US};
use super::held::HELD_AGAIN;
use super::view::soon;
use super::{Cause, Check, Context, Output, Phase};
use crate::keys;
use crate::operations::bank_collect::{Offer, Payment};
use crate::operations::{Answer, VendorRef};
use crate::problem::Problem;
use crate::time::{MINUTE, Millis};
use crate::vendors::{Call, CallKind, Clue, Reading};

/// How much longer than documented a vendor's link may last: clocks differ.
const CLOCKS_DIFFER: Millis = MINUTE;

/// A payment link on its way, or waiting to be paid.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Collect {
    /// When the next step is due; of a call in flight, when its watchdog rings.
    pub(super) wake_at: Millis,
    pub(super) in_flight: bool,
    /// The requests for a link in this claim at this account.
    tries: u8,
    /// One of them was never answered: there may be a link that nobody has seen.
    #[serde(default, skip_serializing_if = "super::is_default")]
    is_doubtful: bool,
    /// What the last of them ended with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    last: Option<Problem>,
    /// The link.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    link: Option<Link>,
}

/// A link that the customer can pay.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Link {
    /// When it came.
    since: Millis,
    expires_at: Millis,
    payment: Payment,
    vendor: VendorRef,
    /// What a look-up needs.
    clue: Option<Clue>,
}

impl Collect {
    /// The vendor's id of the link.
    pub(super) fn transaction_id(&self) -> Option<&str> {
        self.link.as_ref().and_then(|link| link.vendor.transaction_id.as_deref())
    }

    /// Who made the link.
    pub(super) fn vendor(&self) -> VendorRef {
        self.link.as_ref().map(|link| link.vendor.clone()).unwrap_or_default()
    }

    /// Whether another vendor may be asked: there is no link, and none that nobody has seen.
    pub(super) const fn may_move(&self) -> bool {
        self.link.is_none() && !self.is_doubtful
    }

    /// Whether it waits for its next look-up.
    pub(super) const fn is_to_be_looked_up(&self) -> bool {
        self.link.is_some() && !self.in_flight
    }
}

impl Check {
    /// Whether there is a link that the customer can pay, or could until it expired.
    pub(super) const fn shows_link(&self) -> bool {
        matches!(&self.phase, Phase::Collecting(collect) if collect.link.is_some())
    }

    pub(super) fn begin_collect(&mut self, context: &Context<'_>) -> Vec<Output> {
        self.ask_for_link(Collect::default(), context)
    }

    /// Asks for a link under a fresh wire reference.
    fn ask_for_link(&mut self, collect: Collect, context: &Context<'_>) -> Vec<Output> {
        let Some(attempt) = self.next_attempt() else { return self.exhausted(context) };
        self.attempts = attempt;
        self.send_collect(Collect { tries: collect.tries.saturating_add(1), ..collect }, context)
    }

    fn send_collect(&mut self, collect: Collect, context: &Context<'_>) -> Vec<Output> {
        let wake_at = context.now.saturating_add(context.policy.attempt).saturating_add(GRACE);
        let call = self.collect_call(&collect, context);
        self.phase = Phase::Collecting(Box::new(Collect { wake_at, in_flight: true, ..collect }));
        vec![Output::Persist, Output::Send(call)]
    }

    /// The call that is in flight, or comes next.
    fn collect_call(&self, collect: &Collect, context: &Context<'_>) -> Call {
        match &collect.link {
            None => self.call(CallKind::Post, context),
            Some(link) => Call { clue: link.clue.clone(), ..self.call(CallKind::Status, context) },
        }
    }

    pub(super) fn collect_woken(&mut self, collect: Collect, context: &Context<'_>) -> Vec<Output> {
        match (&collect.link, &collect.last) {
            _ if collect.in_flight => self.collect_lost(collect, context),
            // It stays due until its register has a connection for it.
            _ if !context.has_slot => Vec::new(),
            (Some(_), _) => match (context.held)(&self.account()) {
                Some(until) => self.payment_held(collect, until, context),
                None => self.send_collect(collect, context),
            },
            // It was due while the instance was down, and the deadline has passed.
            (None, Some(last)) if self.is_late(context) => self.end(last.clone(), None, context),
            (None, _) => match (context.held)(&self.account()) {
                Some(until) => self.link_held(&collect, until, context),
                None => self.ask_for_link(collect, context),
            },
        }
    }

    /// Its module takes no request for a link: the next account is asked, where there certainly is no link yet.
    fn link_held(&mut self, collect: &Collect, until: Millis, context: &Context<'_>) -> Vec<Output> {
        let problem = Reading::held_back(until, context.now);
        let moved = collect.may_move().then(|| self.ask_another(&problem, context)).flatten();
        moved.unwrap_or_else(|| self.end(problem, None, context))
    }

    /// What was in flight is lost: the instance died, or its watchdog rang.
    pub(super) fn collect_lost(&mut self, collect: Collect, context: &Context<'_>) -> Vec<Output> {
        if collect.link.is_some() {
            return self.payment_later(collect, None, context);
        }
        self.link_is_doubtful(collect, None, context)
    }

    pub(super) fn collect_replied(&mut self, collect: Collect, call: &Call, reading: Reading, context: &Context<'_>) -> Vec<Output> {
        let awaited = collect.in_flight && *call == self.collect_call(&collect, context);
        // The latest request's own reply, later than its watchdog: welcome where it brings a link.
        let late = collect.link.is_none() && *call == self.call(CallKind::Post, context) && matches!(reading, Reading::Offered(_));
        if !(awaited || late) {
            return self.called_back(&call.account, &call.wire_reference, reading, context);
        }
        if collect.link.is_some() { self.payment_replied(collect, reading, context) } else { self.link_replied(collect, reading, context) }
    }

    /// The reply to a request for a link.
    fn link_replied(&mut self, collect: Collect, reading: Reading, context: &Context<'_>) -> Vec<Output> {
        match reading {
            Reading::Offered(offer) => self.offered(*offer, context),
            Reading::Final(finding) => self.finish(*finding, context),
            Reading::Ended { problem, refused_us } => self.refused(problem, refused_us, context),
            Reading::Held(until) => {
                self.attempts = self.attempts.saturating_sub(1);
                self.link_held(&collect, until, context)
            }
            Reading::Trouble { problem, retry_after } => {
                let moved = collect.may_move().then(|| self.ask_another(&problem, context)).flatten();
                moved.unwrap_or_else(|| self.link_later(collect, problem, retry_after, context))
            }
            Reading::Unknown { refused_us, .. } => self.link_is_doubtful(collect, refused_us, context),
            Reading::Working(_) | Reading::Landed(_) => self.link_is_doubtful(collect, None, context),
            Reading::Rejected { .. } | Reading::Further(_) => self.end(Problem::new(keys::UNEXPECTED_RESPONSE), None, context),
        }
    }

    /// There may be a link that nobody has seen. Nobody can pay it; the same vendor is asked for another one.
    fn link_is_doubtful(&mut self, collect: Collect, refused_us: Option<String>, context: &Context<'_>) -> Vec<Output> {
        let alert = refused_us.map(|vendor_key| self.alert(VENDOR_REJECTED_US, vendor_key));
        let mut outputs = self.link_later(Collect { is_doubtful: true, ..collect }, Problem::new(keys::SOURCE_TIMEOUT), None, context);
        outputs.extend(alert);
        outputs
    }

    fn link_later(&mut self, collect: Collect, problem: Problem, retry_after: Option<u32>, context: &Context<'_>) -> Vec<Output> {
        match self.next_try(problem, retry_after, collect.tries, context) {
            Ok((wake_at, last)) => {
                self.phase = Phase::Collecting(Box::new(Collect { wake_at, in_flight: false, last: Some(last), ..collect }));
                vec![Output::Persist]
            }
            Err(problem) => self.end(problem, None, context),
        }
    }

    /// There is a link: from here on it is the only one of this claim.
    fn offered(&mut self, offer: Offer, context: &Context<'_>) -> Vec<Output> {
        let Offer { vendor, clue, payment, expires_at, valid_for } = offer;
        let (now, latest) = (context.now, context.now.saturating_add(valid_for));
        let is_likely = |at: &Millis| *at > now && *at <= latest.saturating_add(CLOCKS_DIFFER);
        let expires_at = expires_at.filter(is_likely).unwrap_or(latest);
        let link = Link { since: now, expires_at, payment, vendor, clue };
        self.payment_later(Collect { link: Some(link), ..Collect::default() }, None, context)
    }

    /// The reply to a look-up of the payment. Nothing but its end ends it.
    fn payment_replied(&mut self, collect: Collect, reading: Reading, context: &Context<'_>) -> Vec<Output> {
        match reading {
            Reading::Final(finding) if !self.is_of_another_transaction(&finding) => self.finish(*finding, context),
            Reading::Unknown { refused_us, .. } | Reading::Ended { refused_us, .. } => self.payment_later(collect, refused_us, context),
            Reading::Held(until) => self.payment_held(collect, until, context),
            _ => self.payment_later(collect, None, context),
        }
    }

    /// Waits for the next look-up, or past the horizon for a person.
    fn payment_later(&mut self, collect: Collect, refused_us: Option<String>, context: &Context<'_>) -> Vec<Output> {
        let alert = refused_us.map(|vendor_key| self.alert(VENDOR_REJECTED_US, vendor_key));
        let at = |link: &Link| context.policy.next_payment_lookup(link.since, link.expires_at, context.now, context.jitter);
        let Some(wake_at) = collect.link.as_ref().and_then(at) else {
            return self.review(collect.vendor(), Cause::Unknown, 0, alert, context);
        };
        self.phase = Phase::Collecting(Box::new(Collect { wake_at, in_flight: false, ..collect }));
        std::iter::once(Output::Persist).chain(alert).collect()
    }

    /// Looks up no sooner than this.
    fn payment_held(&mut self, collect: Collect, until: Millis, context: &Context<'_>) -> Vec<Output> {
        let outputs = self.payment_later(collect, None, context);
        if let Phase::Collecting(collect) = &mut self.phase {
            collect.wake_at = until.max(collect.wake_at.min(context.now.saturating_add(HELD_AGAIN)));
        }
        outputs
    }

    /// How it looks to a caller: while it can be paid, with the link.
    pub(super) fn collecting(&self, collect: &Collect, now: Millis) -> Answer {
        let next = Some(if collect.in_flight { soon(collect.wake_at, now) } else { collect.wake_at });
        match &collect.link {
            None => self.awaiting(keys::PENDING_UNKNOWN, &self.nobody(), next, now),
            Some(link) if link.expires_at <= now => self.awaiting(keys::PENDING_UNKNOWN, &link.vendor, next, now),
            Some(link) => {
                let mut answer = self.awaiting(keys::PENDING_PAYMENT, &link.vendor, next, now);
                answer.finding.data = link.payment.to_data(link.expires_at);
                answer
            }
        }
    }
}
