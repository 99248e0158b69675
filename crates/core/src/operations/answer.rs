//! The answer to an operation: contract section 2.2, one shape whatever the vendor spoke.
//!
//! A [`Finding`] is what was found out; an [`Answer`] is the finding for one caller's reference. It is stored once, and rendered for
//! each [`Audience`]: servers see it whole, browser sessions masked.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::bank_notes::{PAYMENT_BANK, USE_UPI};
use super::{Audience, Operation, Refusal, audience};
use crate::ids::Ifsc;
use crate::keys::{self, Action, Outcome, Row, Source};
use crate::time::{Millis, rfc3339};

/// A machine-readable remark.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// What it is about: `amalgamated`, `non_individual`, `merged_ifsc`, ...
    pub code: Cow<'static, str>,
    /// For a person.
    pub message: Cow<'static, str>,
}

impl Note {
    /// A non-resident's account (document 003 section 5.5).
    pub(super) const NON_RESIDENT: Self = Self::new("nre_nro", "The account is a non-resident account (NRE or NRO).");

    /// The vendor refused what was sent, and says why.
    pub const CORRECT_AND_REPLACE: Self =
        Self::new("correct_and_replace", "Correct what refusal names, and send it under a new reference_id with this one in replaces.");
    /// The vendor refused us.
    pub const RETRY_WHEN_SETTLED: Self = Self::new(
        "retry_when_settled",
        "A reviewer decides retry once credentials, balance or settings are right again: it is sent as it is.",
    );
    /// The customer's consent ended.
    pub const ASK_CONSENT_AGAIN: Self =
        Self::new("ask_consent_again", "Ask the customer for consent again, and send it under a new reference_id.");
    /// A first person decided, and the tenant asks for a second one.
    pub const SECOND_DECISION: Self =
        Self::new("second_decision", "One person has decided. A second person, with credentials of their own, must decide the same.");

    pub(super) const fn new(code: &'static str, message: &'static str) -> Self {
        Self { code: Cow::Borrowed(code), message: Cow::Borrowed(message) }
    }

    /// What the vendor says does not fit together, or not with what was asked: these fields of it; `None` for none.
    pub(super) fn contradiction(fields: &[&str]) -> Option<Self> {
        let message = format!(
            "The answer does not fit together, or not with the request ({}): compare it with the customer's documents before going on.",
            fields.join(", ")
        );
        (!fields.is_empty()).then_some(Self { message: message.into(), ..Self::new("contradictory_answer", "") })
    }

    /// The bank of this code no longer exists (document 003 section 8.5).
    pub(super) fn merged_ifsc(code: &Ifsc) -> Option<Self> {
        let bank = code.merged()?;
        let message = format!("{} merged into {}; newer IFSC codes begin with {}.", bank.bank, bank.into, bank.new_prefix);
        Some(Self { message: message.into(), ..Self::new("merged_ifsc", "") })
    }
}

/// Whether a text says that an account is a non-resident's, in a word behind so many others: in the type of an account anywhere, in a name only as a suffix.
pub(super) fn says_non_resident(text: &str, behind: usize) -> bool {
    let mut words = text.split(|letter: char| !letter.is_alphanumeric()).skip(behind);
    words.any(|word| ["NRE", "NRO"].iter().any(|known| word.eq_ignore_ascii_case(known)))
}

/// Who said so.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VendorRef {
    /// The vendor's name.
    pub name: Cow<'static, str>,
    /// The vendor's own transaction id.
    pub transaction_id: Option<String>,
    /// The vendor's response code, or its response key where it has no code.
    pub code: Option<String>,
}

/// What one call found out and the next one needs. It may be personal, so it is not printed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clue(pub String);

impl std::fmt::Debug for Clue {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Clue(..)")
    }
}

/// What was found out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// What the caller is told.
    pub outcome: Outcome,
    /// The key of the catalogue.
    pub key: Cow<'static, str>,
    /// Its message.
    pub message: Cow<'static, str>,
    /// What to do next.
    pub action: Action,
    /// The vendor's data in the operation's own shape, unmasked.
    pub data: Value,
    /// The master data set's fields (document 003 sections 2.9 and 3.6).
    pub record: Value,
    /// Remarks.
    pub notes: Vec<Note>,
    /// Who said so.
    pub vendor: VendorRef,
    /// Why the vendor refuses it, while that waits for manual review.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<Box<Refusal>>,
}

impl Finding {
    /// A finding without data: `outcome` and `action` as given, the catalogue's message.
    #[must_use]
    pub fn bare(outcome: Outcome, action: Action, key: &'static str, vendor: VendorRef) -> Self {
        let message = Cow::Borrowed(keys::message(key));
        Self { outcome, key: key.into(), message, action, data: json!({}), record: json!({}), notes: Vec::new(), vendor, refusal: None }
    }

    /// The finding that the vendor understood the values and refuses them (HTTP 422): what they stand for nobody said.
    #[must_use]
    pub fn refused(operation: Operation, action: Action, vendor: VendorRef) -> Self {
        let finding = Self::bare(Outcome::Negative, action, operation.row().refused, vendor);
        let row = keys::find(Source::GATEWAY, &finding.key, Some(keys::VALUES_REFUSED)).filter(|row| row.message == keys::VALUES_REFUSED);
        Self { message: row.map_or(finding.message, |row| row.message.into()), ..finding }
    }

    /// With one more remark.
    pub(super) fn with(mut self, note: Note) -> Self {
        self.notes.push(note);
        self
    }

    /// Whether nothing is recorded of it yet.
    pub(crate) fn has_no_record(&self) -> bool {
        self.record.as_object().is_none_or(serde_json::Map::is_empty)
    }

    /// The finding that a row of a document's own keys means, without data; `None` for rows that end no check.
    #[must_use]
    pub fn of_row(row: &'static Row, vendor: VendorRef) -> Option<Self> {
        let (outcome, action) = (row.outcome()?, row.action()?);
        let message = if row.answers_with == row.key { row.message } else { keys::message(row.answers_with) };
        Some(Self { message: message.into(), ..Self::bare(outcome, action, row.answers_with, vendor) })
    }
}

/// The finding for one reference of one caller.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// The caller's key.
    pub reference_id: String,
    /// Which operation.
    pub operation: Operation,
    /// What was found out.
    pub finding: Finding,
    /// When that was.
    pub checked_at: Millis,
    /// When we look again; `None` when the answer is final or a person must look.
    pub next_check_at: Option<Millis>,
    /// What the vendor charges for the check, in paise; 0 until it has ended. Of an earlier release 0, too.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub cost: u32,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
const fn is_nothing(cost: &u32) -> bool {
    *cost == 0
}

impl Answer {
    /// The body of the answer, a JSON text: the same bytes for the same answer and audience. `id` is the check's public id.
    #[must_use]
    pub fn to_json(&self, id: &str, audience: Audience) -> String {
        let Finding { outcome, key, message, action, data, record, notes, vendor, refusal } = &self.finding;
        let body = Body {
            id,
            reference_id: Some(self.reference_id.as_str()).filter(|reference_id| !reference_id.is_empty()),
            operation: self.operation,
            outcome: *outcome,
            key,
            message,
            action: *action,
            data: audience::render(data, audience),
            record: audience::render(record, audience),
            notes: notes
                .iter()
                .map(Cow::Borrowed)
                .chain(advised(key, *action, notes).into_iter().chain(self.way_out()).map(Cow::Owned))
                .collect(),
            vendor: audience::render_vendor(vendor, audience),
            cost: (audience == Audience::Server).then_some(self.cost),
            checked_at: rfc3339(self.checked_at),
            next_check_at: self.next_check_at.map(rfc3339),
            // It may quote what was sent.
            refusal: refusal.as_deref().filter(|_| audience == Audience::Server),
        };
        // Texts and numbers are always written; the fallback keeps this total.
        serde_json::to_string(&body).unwrap_or_default()
    }
}

impl Answer {
    /// Document 003 section 8.6: what no transfer verified, a payment may.
    fn way_out(&self) -> Option<Note> {
        let Finding { outcome, key, notes, .. } = &self.finding;
        let is_failed = matches!(outcome, Outcome::Negative | Outcome::Failed) && *key != keys::FAILURE_BANK_ACCOUNT_NO_MATCH;
        let is_at_payment_bank = self.operation == Operation::BankVerify && notes.iter().any(|note| note.code == PAYMENT_BANK);
        (is_failed && is_at_payment_bank).then_some(USE_UPI)
    }
}

/// What to do about an answer that does not go on, where no note says it yet.
fn advised(key: &str, action: Action, notes: &[Note]) -> Option<Note> {
    let advice = keys::advice_of(key, action)?;
    let is_said = notes.iter().any(|note| keys::is_instruction(&note.code));
    (!is_said).then_some(Note::new(advice.code, advice.message))
}

/// The body of an answer, in the order of its members.
#[derive(Serialize)]
struct Body<'a> {
    id: &'a str,
    reference_id: Option<&'a str>,
    operation: Operation,
    outcome: Outcome,
    key: &'a str,
    message: &'a str,
    action: Action,
    data: Cow<'a, Value>,
    record: Cow<'a, Value>,
    notes: Vec<Cow<'a, Note>>,
    vendor: Cow<'a, VendorRef>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cost: Option<u32>,
    checked_at: String,
    next_check_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refusal: Option<&'a Refusal>,
}
