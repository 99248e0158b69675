//! What can happen to a check, and what it wants done.

use super::{Debt, Ruling};
use crate::problem::Problem;
use crate::velocity::Verdict as Permit;
use crate::vendors::callback::Delivery;
use crate::vendors::{Account, Call, Reading};

/// What happened.
#[derive(Clone, Debug)]
pub enum Event {
    /// The claim was taken: begin.
    Claimed,
    /// A connection is free for a check that waits for one.
    Slot,
    /// The subject's register decided.
    Permit {
        /// For which attempt: the permit's name.
        permit: String,
        /// What.
        verdict: Permit,
    },
    /// One of those who pay for its rupee cannot.
    Unpaid {
        /// For which claim: the permit's name.
        permit: String,
        /// What the caller is told.
        problem: Problem,
    },
    /// The registers that a debt is owed to have confirmed it.
    Settled(Debt),
    /// The permit is not there yet: its register failed, or the caller leaves with a 202.
    NoPermit,
    /// The vendor replied to a call.
    Reply {
        /// Which.
        call: Call,
        /// What the reply means.
        reading: Reading,
    },
    /// The vendor's own, authenticated word about an earlier call.
    Callback {
        /// The account that it came for.
        account: Account,
        /// The request that it is about.
        wire_reference: String,
        /// By what it is known again.
        delivery: Delivery,
        /// What it means.
        reading: Reading,
    },
    /// Somebody who did not prove to be the vendor says that there is news about the check.
    Hinted,
    /// A person decided.
    Decided(Ruling),
    /// Another upload takes the place of this one: its check's public id.
    Replaced(String),
    /// Another meaning came under its reference, from this family of sessions or from a server.
    Conflicted(Option<String>),
    /// The alarm.
    Alarm,
    /// This instance found the check in storage: what an earlier instance had sent is lost.
    Restarted,
}

/// What is to be done, in order.
#[derive(Clone, Debug, PartialEq)]
pub enum Output {
    /// Save the state, the ledger and the alarm, in one transaction, before anything else.
    Persist,
    /// Keep the state in memory alone, for nothing is sent to the vendor: what dies with its instance was never claimed.
    Hold,
    /// Ask the subject's register for a permit, under this name, which stays the same for this claim after any crash.
    TakePermit(String),
    /// Tell the registers that a debt is owed to, which then confirm it.
    Settle(Debt),
    /// Send a call to the vendor.
    Send(Call),
    /// Copy the finished answer, sealed, until it expires.
    Publish,
    /// Delete that copy: the answer does not stand.
    Withdraw,
    /// Tell the operator.
    Alert {
        /// The event's name, as the runbook lists it.
        event: &'static str,
        /// The vendor account that it is about.
        account: Account,
        /// The vendor's own key, code or status.
        vendor_key: String,
    },
    /// Delete everything about the check: the tombstone's time is over.
    Forget,
}

/// What a caller's request under a reference is, before anything is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// Nothing is known: claim it.
    Claim,
    /// The same meaning, running or waiting for a person.
    Join,
    /// The same meaning, finished.
    Replay,
    /// Another meaning, or forgotten; for a browser's session also what it did not open.
    Conflict,
    /// Too many conflicts before.
    Guessed,
}
