//! A person's decision about a check: when it may be given, what it leads to, and what is kept of it.
//!
//! Only a check that waits for manual review, or that may wait for long, is decided. The same decision of the same person counts once, and a check that is final takes no other.
//! Where the tenant asks for four eyes, a decision is recorded and waits until another person decides the same; a different one takes its place. Money is never
//! sent again by a decision; a write is. Reasons and evidence are kept sealed with the check until it is forgotten, and are told nowhere.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::history::{Moment, What};
use super::{Cause, Check, Context, Output, Phase, View, Write};
use crate::ids::aadhaar;
use crate::json;
use crate::keys::{self, Action, Outcome};
use crate::operations::{Class, Finding, VendorRef};
use crate::problem::Problem;
use crate::time::Millis;

/// The longest reason and the longest note of evidence, in characters.
const LONGEST: usize = 500;
/// So many decisions are kept with a check; the oldest go first.
const MOST_KEPT: usize = 8;
/// The key of a check that a person decided for, and of one that a person decided against.
const DECIDED_FOR: &str = keys::SUCCESS_DECIDED;
const DECIDED_AGAINST: &str = keys::FAILURE_DECIDED;
/// The key of an upload that was replaced, and the field with the public id of the one that took its place.
const REPLACED: &str = keys::FAILURE_REPLACED;
const REPLACED_BY: &str = "replaced_by";

/// What a person decided about a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// What was asked is true, or was done.
    Verified,
    /// It is not true.
    Negative,
    /// Nothing happened.
    Failed,
    /// It is tried again: a write is sent again, a read's reference is free. Money is never sent again: it ends as failed.
    Retry,
}

/// Every decision, by its name in requests and timelines.
const DECISIONS: &[(&str, Decision)] =
    &[("verified", Decision::Verified), ("negative", Decision::Negative), ("failed", Decision::Failed), ("retry", Decision::Retry)];

impl Decision {
    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        DECISIONS.iter().find(|(_, decision)| *decision == self).map_or("", |(name, _)| name)
    }
}

/// A decision as it was given. Why may be personal, so it is not printed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ruling {
    /// What.
    pub decision: Decision,
    /// The person, as their credential names them.
    pub by: String,
    /// Why, in at most 500 characters.
    pub reason: String,
    /// What it rests on, in at most 500 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<String>,
    /// Whether it needs a second person, who decides the same.
    #[serde(default)]
    pub four_eyes: bool,
}

impl fmt::Debug for Ruling {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Ruling({})", self.decision.name())
    }
}

impl Ruling {
    /// Reads the body of a decision, given by a person. Full Aadhaar numbers in its texts are masked.
    ///
    /// # Errors
    /// [`Problem::malformed`], which quotes no value.
    pub fn read(body: &[u8], by: &str, four_eyes: bool) -> Result<Self, Problem> {
        let map = json::object(body).map_err(|malformed| Problem::malformed(malformed.0, None))?;
        Problem::of_unknown(&map, &["decision", "reason", "evidence"], "")?;
        let named = map.get("decision").and_then(Value::as_str);
        let decision = DECISIONS.iter().find(|(name, _)| Some(*name) == named).map(|(_, decision)| *decision);
        let decision = decision.ok_or_else(|| refused("decision", "decision should be verified, negative, failed or retry."))?;
        let reason = text(&map, "reason")?.ok_or_else(|| refused("reason", "reason should say why."))?;
        Ok(Self { decision, by: by.to_owned(), reason, evidence: text(&map, "evidence")?, four_eyes })
    }
}

fn refused(field: &str, detail: impl Into<String>) -> Problem {
    Problem::malformed(detail.into(), Some(field.to_owned()))
}

/// A text of a decision; `None` where it is not there.
fn text(map: &Map<String, Value>, field: &str) -> Result<Option<String>, Problem> {
    let Some(value) = map.get(field) else { return Ok(None) };
    let is_sound = |text: &&str| !text.is_empty() && text.chars().count() <= LONGEST && !text.chars().any(is_unprintable);
    let text = value.as_str().map(str::trim).filter(is_sound);
    let detail = || format!("{field} should be a text of at most {LONGEST} characters, without control characters but line breaks.");
    text.map(|text| Some(aadhaar::hide(text))).ok_or_else(|| refused(field, detail()))
}

fn is_unprintable(letter: char) -> bool {
    letter.is_control() && letter != '\n'
}

/// A decision as it is kept with its check.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Given {
    at: Millis,
    ruling: Ruling,
    state: State,
}

/// What became of a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum State {
    /// It waits for a second person.
    Waits,
    /// It was carried out.
    CarriedOut,
    /// Another one took its place, or the check waits for manual review anew.
    Past,
}

/// The decisions that were given about a check, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Rulings(Vec<Given>);

impl Rulings {
    pub(super) const fn is_none(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether one waits for a second person.
    pub(super) fn await_second(&self) -> bool {
        self.0.iter().any(|given| given.state == State::Waits)
    }

    /// None of them counts any more.
    pub(super) fn pass(&mut self) {
        for given in &mut self.0 {
            given.state = State::Past;
        }
    }

    /// Whether the same person has decided the same before. Such a repetition changes nothing.
    fn has(&self, ruling: &Ruling) -> bool {
        let counts = |state| state == State::CarriedOut || state == State::Waits && ruling.four_eyes;
        self.0.iter().any(|given| counts(given.state) && given.ruling.decision == ruling.decision && given.ruling.by == ruling.by)
    }

    /// Adds one. Answers whether it is carried out now.
    fn add(&mut self, ruling: Ruling, at: Millis) -> bool {
        let agrees = |given: &Given| given.state == State::Waits && given.ruling.decision == ruling.decision;
        let is_second = self.0.iter().any(|given| agrees(given) && given.ruling.by != ruling.by);
        let is_carried_out = is_second || !ruling.four_eyes;
        for given in &mut self.0 {
            given.state = if is_second && agrees(given) { State::CarriedOut } else { State::Past };
        }
        if self.0.len() >= MOST_KEPT {
            self.0.remove(0);
        }
        self.0.push(Given { at, ruling, state: if is_carried_out { State::CarriedOut } else { State::Waits } });
        is_carried_out
    }

    /// When the last one that was carried out was.
    fn carried_out_at(&self) -> Option<Millis> {
        self.0.iter().rev().find(|given| given.state == State::CarriedOut).map(|given| given.at)
    }
}

/// What a decision is to a check, before anything is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hearing {
    /// It is taken.
    Taken,
    /// The same person decided the same before.
    Repeated,
    /// It cannot be decided so.
    Refused(Problem),
}

/// What a decision leads to.
enum End {
    Finished(Outcome, Action, &'static str),
    /// A read's reference is free.
    Free,
    /// A write is sent again.
    Again,
}

impl Check {
    /// What a person's decision is to this check.
    #[must_use]
    pub fn hears(&self, ruling: &Ruling) -> Hearing {
        if self.rulings.has(ruling) {
            return Hearing::Repeated;
        }
        self.end_of(ruling.decision).map_or_else(Hearing::Refused, |_| Hearing::Taken)
    }

    /// What a decision would lead to, with the vendor that is named and the attempt of a write that may have arrived.
    fn end_of(&self, decision: Decision) -> Result<(End, VendorRef, u8), Problem> {
        let not_now = |detail: &str| Problem::new(keys::NOT_IN_REVIEW).detail(detail);
        let (vendor, cause, posted) = match &self.phase {
            Phase::Review { vendor, cause, posted, .. } => (vendor.clone(), Some(*cause), *posted),
            // A write whose POST is under way ends by itself soon.
            Phase::Writing(write) if write.is_posting() => return Err(not_now("It is being sent.")),
            Phase::Unsettled { vendor, .. } | Phase::Writing(Write { vendor, .. }) => (vendor.clone(), None, 0),
            Phase::Collecting(collect) if self.shows_link() => (collect.vendor(), None, 0),
            Phase::Finished { .. } | Phase::Ended { .. } | Phase::Tombstone { .. } => return Err(Problem::new(keys::CHECK_IS_FINAL)),
            Phase::Released => return Err(Problem::new(keys::REFERENCE_ID_NOT_FOUND)),
            Phase::Queued { .. } | Phase::AwaitingPermit { .. } | Phase::Sending { .. } | Phase::Backoff { .. } | Phase::Collecting(_) => {
                return Err(not_now("It ends by itself within a minute."));
            }
        };
        let end = match (decision, self.class, cause) {
            (Decision::Verified, ..) => End::Finished(Outcome::Verified, Action::Proceed, DECIDED_FOR),
            (Decision::Negative, ..) => End::Finished(Outcome::Negative, Action::Reject, DECIDED_AGAINST),
            // A read has no third end: its reference is free.
            (Decision::Failed | Decision::Retry, Class::Read, _) => End::Free,
            (Decision::Failed, ..) | (Decision::Retry, Class::Money | Class::Collect, _) => {
                End::Finished(Outcome::Failed, Action::Retry, DECIDED_AGAINST)
            }
            (Decision::Retry, Class::Write, Some(Cause::Unknown | Cause::Rejected)) => End::Again,
            (Decision::Retry, Class::Write, None) => return Err(not_now("It is being sent again by itself.")),
            (Decision::Retry, Class::Write, Some(Cause::Contradicted)) => {
                return Err(not_now("Its request is gone with the answer that was contradicted: decide verified, negative or failed."));
            }
        };
        Ok((end, vendor, posted))
    }

    /// Takes a person's decision.
    pub(super) fn decided(&mut self, ruling: Ruling, context: &Context<'_>) -> Vec<Output> {
        if self.hears(&ruling) != Hearing::Taken {
            return Vec::new();
        }
        let Ok((end, vendor, posted)) = self.end_of(ruling.decision) else { return Vec::new() };
        self.history.add(Moment::new(context.now, What::Decided).named(ruling.decision.name()));
        if !self.rulings.add(ruling, context.now) {
            return vec![Output::Persist];
        }
        match end {
            End::Finished(outcome, action, key) => self.finish(Finding::bare(outcome, action, key, vendor), context),
            End::Free => self.end(Problem::new(keys::SOURCE_UNAVAILABLE), None, context),
            End::Again => self.write_again(posted, vendor, context),
        }
    }

    /// What it is to this check that another upload, which has this public id, takes its place: a refused one is replaced once.
    #[must_use]
    pub fn hears_replacement(&self, by: &str) -> Hearing {
        match &self.phase {
            Phase::Review { refusal: Some(_), cause: Cause::Rejected, posted: 0, .. } if self.class == Class::Write => Hearing::Taken,
            Phase::Finished { answer, .. } if answer.finding.data.get(REPLACED_BY).is_some_and(|id| id == by) => Hearing::Repeated,
            Phase::Released => Hearing::Refused(Problem::new(keys::REFERENCE_ID_NOT_FOUND)),
            Phase::Finished { .. } | Phase::Ended { .. } | Phase::Tombstone { .. } => Hearing::Refused(Problem::new(keys::CHECK_IS_FINAL)),
            _ => {
                Hearing::Refused(Problem::new(keys::NOT_IN_REVIEW).detail(
                    "Only an upload that the vendor refused, and that cannot have arrived, can be replaced. Let a person decide it.",
                ))
            }
        }
    }

    /// Ends a refused upload, for a corrected one takes its place.
    pub(super) fn replaced(&mut self, by: &str, context: &Context<'_>) -> Vec<Output> {
        let vendor = match &self.phase {
            Phase::Review { vendor, .. } if self.hears_replacement(by) == Hearing::Taken => vendor.clone(),
            _ => return Vec::new(),
        };
        self.history.add(Moment::new(context.now, What::Replaced).keyed(REPLACED));
        let finding = Finding::bare(Outcome::Failed, Action::Reject, REPLACED, vendor);
        self.finish(Finding { data: json!({ REPLACED_BY: by }), ..finding }, context)
    }

    /// How the check looks to the person who decided: as to any caller. But a read that the decision ended is told as `failed`, and not as the problem that its callers see.
    #[must_use]
    pub fn decided_view(&self, now: Millis, reference_id: Option<&str>) -> View {
        match (&self.phase, self.rulings.carried_out_at()) {
            (Phase::Ended { .. }, Some(at)) => {
                let finding = Finding::bare(Outcome::Failed, Action::Retry, DECIDED_AGAINST, self.nobody());
                View::Answer(Box::new(self.answer(finding, at, None)))
            }
            _ => self.view(now, reference_id),
        }
    }
}

/// Whether a person ended it: by a decision, or by a corrected upload.
pub(super) fn is_decided(finding: &Finding) -> bool {
    [DECIDED_FOR, DECIDED_AGAINST, REPLACED].contains(&finding.key.as_ref())
}
