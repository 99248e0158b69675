//! What happened to a check beside its calls, as it is kept with it: a bounded list with nothing personal in it.
//!
//! Calls and the kinds of their replies are in the register's ledger, the end is in the phase. Kept here is what neither knows: the keys of replies that were no end, alarms,
//! callbacks, decisions, and answers that were withdrawn. A check that is answered at once keeps nothing, so the list costs it nothing. The list is dropped together with the personal data.

use serde::{Deserialize, Serialize};

use super::{Check, Event, Output, Phase};
use crate::place::attempt_of;
use crate::time::Millis;
use crate::vendors::{Account, CallKind, Reading};

/// So many moments are kept.
const MOST: usize = 64;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum What {
    /// The vendor replied, and that was no end.
    Replied,
    /// The operator was alerted.
    Alarm,
    /// The vendor said something by itself.
    Callback,
    /// A person decided.
    Decided,
    /// An answer was given that did not stand.
    Published,
    /// It was withdrawn.
    Withdrawn,
    /// A corrected request took its place.
    Replaced,
    /// It ended without an answer.
    Ended,
}

impl What {
    /// Its name in a timeline.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Replied => "replied",
            Self::Alarm => "alarm",
            Self::Callback => "callback",
            Self::Decided => "decided",
            Self::Published => "published",
            Self::Withdrawn => "withdrawn",
            Self::Replaced => "replaced",
            Self::Ended => "ended",
        }
    }

    /// Its place among what happened at the same time.
    pub(super) const fn rank(self) -> u8 {
        match self {
            Self::Replied | Self::Callback => 1,
            Self::Alarm => 2,
            Self::Decided | Self::Replaced => 3,
            Self::Ended => 4,
            Self::Published => 5,
            Self::Withdrawn => 6,
        }
    }
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Moment {
    /// When.
    pub(super) at: Millis,
    /// What.
    pub(super) what: What,
    /// The vendor account that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) account: Option<Account>,
    /// The attempt that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) attempt: Option<u8>,
    /// The kind of call that was replied to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) call: Option<CallKind>,
    /// The vendor's key or code, or ours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) key: Option<String>,
    /// The name of an alarm, or of a decision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<String>,
}

impl Moment {
    /// Something about no attempt.
    pub(super) const fn new(at: Millis, what: What) -> Self {
        Self { at, what, account: None, attempt: None, call: None, key: None, name: None }
    }

    /// With the name of an alarm or of a decision.
    pub(super) fn named(self, name: &str) -> Self {
        Self { name: Some(name.to_owned()), ..self }
    }

    /// With a key.
    pub(super) fn keyed(self, key: impl Into<String>) -> Self {
        Self { key: Some(key.into()), ..self }
    }

    fn about(self, account: &Account, wire_reference: &str) -> Self {
        Self { account: Some(account.clone()), attempt: attempt_of(wire_reference), ..self }
    }

    /// Whether it may be left out once there are too many: one of many replies or alarms.
    const fn is_of_many(&self) -> bool {
        matches!(self.what, What::Replied | What::Alarm)
    }
}

/// What happened, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct History {
    moments: Vec<Moment>,
    /// How many replies and alarms were left out.
    #[serde(default, skip_serializing_if = "super::is_default")]
    left_out: u32,
}

impl History {
    pub(super) const fn is_none(&self) -> bool {
        self.moments.is_empty()
    }

    /// What is kept of it.
    pub(super) fn moments(&self) -> &[Moment] {
        &self.moments
    }

    /// How many replies and alarms were left out.
    pub(super) const fn left_out(&self) -> u32 {
        self.left_out
    }

    /// Adds a moment. Of too many the oldest reply or alarm goes, before what happened once.
    pub(super) fn add(&mut self, moment: Moment) {
        if self.moments.len() >= MOST {
            let at = self.moments.iter().position(Moment::is_of_many).unwrap_or(0);
            self.moments.remove(at);
            self.left_out = self.left_out.saturating_add(1);
        }
        self.moments.push(moment);
    }
}

/// What an event tells that neither the ledger nor the phase will know.
pub(super) fn moment_of(event: &Event, now: Millis) -> Option<Moment> {
    match event {
        Event::Reply { reading: Reading::Final(_), .. } => None,
        Event::Reply { call, reading } => {
            let moment = Moment { call: Some(call.kind), ..Moment::new(now, What::Replied) };
            Some(moment.about(&call.account, &call.wire_reference).keyed(reading.key()?))
        }
        Event::Callback { account, wire_reference, reading, .. } => {
            let moment = Moment::new(now, What::Callback).about(account, wire_reference);
            Some(Moment { key: reading.key().map(str::to_owned), ..moment })
        }
        _ => None,
    }
}

impl Check {
    /// Keeps what an event told and what the operator was told, unless nothing of the check is kept any more.
    pub(super) fn remember(&mut self, moment: Option<Moment>, outputs: &[Output], now: Millis) {
        if matches!(self.phase, Phase::Released | Phase::Tombstone { .. }) {
            self.history = History::default();
            return;
        }
        let alarms = outputs.iter().filter_map(|output| match output {
            Output::Alert { event, account, vendor_key } => {
                let moment = Moment::new(now, What::Alarm).named(event).keyed(vendor_key);
                Some(Moment { account: Some(account.clone()), ..moment })
            }
            _ => None,
        });
        for moment in moment.into_iter().chain(alarms) {
            self.history.add(moment);
        }
    }
}
