//! Cashfree (Secure ID): the standing of a PAN, bank account verification by penny drop, and reverse penny drop, as a second vendor.
//!
//! A PAN is verified by verify-PAN-sync, compared by PAN Lite. An account is verified by the asynchronous call, whose `user_id` is our reference: by it the
//! verification is found again whatever became of the reply. The folder's README states capabilities, quirks and sources.

mod auth;
mod callback;
mod outcomes;
#[cfg(feature = "sim")]
pub mod sim;
mod wire;

use std::borrow::Cow;

use auth::{CLIENT_ID, CLIENT_SECRET};
use serde_json::Value;

use crate::http::{Exchange, HttpRequest, Method};
use crate::ids::Ifsc;
use crate::operations::bank_verify::ValidationType;
use crate::operations::pan_verify::DocumentType;
use crate::operations::{Asked, BankCollect, BankVerify, Operation, PanVerify, Request};
use crate::secret::Secret;
use crate::time::Millis;
use crate::vendors::callback::Callbacks;
use crate::vendors::settlement::Settlement;
use crate::vendors::{Call, CallKind, Misconfigured, NOT_OFFERED, Reading, Settings, Vendor, address_below};

/// The base address: `https://api.cashfree.com/verification` in production.
const URL: &str = "CASHFREE_URL";

const PAN: &str = "/pan";
const PAN_LITE: &str = "/pan-lite";
const BANK_ACCOUNT: &str = "/bank-account/async";
const BANK_ACCOUNT_STATUS: &str = "/bank-account";
const REVERSE_PENNY_DROP: &str = "/reverse-penny-drop";
const REMITTER_STATUS: &str = "/remitter/status";

/// The banks whose accounts Cashfree does not verify, by the first four letters of their codes (document 003 section 9; the notes of "Bank Account Verification
/// Async V2", the last one of an older edition).
const UNSUPPORTED_BANKS: &[(&str, &str)] =
    &[("DEUT", "Deutsche Bank"), ("PYTM", "Paytm Payments Bank"), ("FSFB", "Fincare Small Finance Bank")];

/// The want of a wire reference that can be written in Cashfree's alphabet.
const NO_REFERENCE: Misconfigured = Misconfigured(Cow::Borrowed("reference"));

/// The vendor.
pub struct Cashfree;

/// What Cashfree can be asked.
enum Question<'a> {
    /// The standing of a PAN, by verify-PAN-sync.
    Pan(&'a PanVerify),
    /// Whether name and date of birth are the PAN holder's, by PAN Lite.
    PanLite(&'a PanVerify),
    /// A bank account, by penny drop.
    BankAccount(&'a BankVerify),
    /// The bank account that a customer pays from, by reverse penny drop.
    Payment(&'a BankCollect),
}

impl<'a> Question<'a> {
    /// The question of a request; `None` where Cashfree has none: a PAN holder's details, a comparison with what is no person, an account without a rupee.
    fn of(request: &'a Request) -> Option<Self> {
        match request.asked() {
            Asked::PanVerify(asked) => match asked.document_type {
                DocumentType::Pan => Some(Self::Pan(asked)),
                DocumentType::PanCompare if asked.id_number.holder().is_individual() => Some(Self::PanLite(asked)),
                DocumentType::PanCompare | DocumentType::PanDetailed => None,
            },
            Asked::BankVerify(asked) => (asked.validation_type == ValidationType::PennyDrop).then_some(Self::BankAccount(asked)),
            Asked::BankCollect(asked) => Some(Self::Payment(asked)),
            _ => None,
        }
    }

    /// Path and body of the POST.
    fn posted(&self, reference: &str) -> Option<(&'static str, Value)> {
        Some(match self {
            Self::Pan(asked) => (PAN, wire::pan(asked)),
            Self::PanLite(asked) => (PAN_LITE, wire::pan_lite(asked, reference)?),
            Self::BankAccount(asked) => (BANK_ACCOUNT, wire::bank_account(asked, reference)),
            Self::Payment(_) => (REVERSE_PENNY_DROP, wire::reverse_penny_drop(reference)),
        })
    }
}

/// Whether a rupee reached its account, asked when the request is gone.
static SETTLEMENT: Settlement = Settlement {
    request: |operation, call, settings| {
        let reference = wire::reference(&call.wire_reference).filter(|_| operation == Operation::BankVerify).ok_or(NO_REFERENCE)?;
        let url = format!("{}?user_id={reference}", address_below(settings, URL, BANK_ACCOUNT_STATUS)?);
        Ok(HttpRequest { method: Method::Get, url, headers: auth::headers(settings, &call.wire_reference)?, body: None })
    },
    read: |_, call, exchange| outcomes::bank_verify::settled(&wire::reference(&call.wire_reference).unwrap_or_default(), exchange),
};

fn is_supported(ifsc: &Ifsc) -> bool {
    !UNSUPPORTED_BANKS.iter().any(|(code, _)| *code == ifsc.bank_code())
}

impl Vendor for Cashfree {
    fn name(&self) -> &'static str {
        outcomes::VENDOR
    }

    fn settings(&self) -> &'static [&'static str] {
        &[URL, CLIENT_ID, CLIENT_SECRET]
    }

    fn callbacks(&self) -> Option<&'static Callbacks> {
        Some(&callback::CALLBACKS)
    }

    fn settlement(&self) -> Option<&'static Settlement> {
        Some(&SETTLEMENT)
    }

    fn offers(&self, request: &Request) -> bool {
        match Question::of(request) {
            // Only here: what was asked before a bank joined the list is still looked up.
            Some(Question::BankAccount(asked)) => is_supported(&asked.beneficiary_details.ifsc),
            question => question.is_some(),
        }
    }

    fn request(&self, call: &Call, request: &Request, settings: Settings<'_>, _now: Millis) -> Result<HttpRequest, Misconfigured> {
        let question = Question::of(request).ok_or(NOT_OFFERED)?;
        let reference = wire::reference(&call.wire_reference).ok_or(NO_REFERENCE)?;
        let headers = auth::headers(settings, &call.wire_reference)?;
        match (call.kind, question) {
            (CallKind::Post, _) if !self.offers(request) => Err(NOT_OFFERED),
            (CallKind::Post, question) => {
                let (path, body) = question.posted(&reference).ok_or(NOT_OFFERED)?;
                let url = address_below(settings, URL, path)?;
                Ok(HttpRequest { method: Method::Post, url, headers, body: Some(Secret::new(body.to_string())) })
            }
            (CallKind::Status, Question::BankAccount(_)) => {
                let url = format!("{}?user_id={reference}", address_below(settings, URL, BANK_ACCOUNT_STATUS)?);
                Ok(HttpRequest { method: Method::Get, url, headers, body: None })
            }
            (CallKind::Status, Question::Payment(_)) => {
                let url = format!("{}?verification_id={reference}", address_below(settings, URL, REMITTER_STATUS)?);
                Ok(HttpRequest { method: Method::Get, url, headers, body: None })
            }
            (CallKind::Status, Question::Pan(_) | Question::PanLite(_)) => Err(NOT_OFFERED),
        }
    }

    fn read(&self, call: &Call, request: &Request, exchange: &Exchange, _settings: Settings<'_>) -> Reading {
        let reference = wire::reference(&call.wire_reference).unwrap_or_default();
        match (call.kind, Question::of(request)) {
            (CallKind::Post, Some(Question::Pan(asked))) => outcomes::pan_verify::pan(asked, exchange),
            (CallKind::Post, Some(Question::PanLite(asked))) => outcomes::pan_verify::pan_lite(asked, &reference, exchange),
            (CallKind::Post, Some(Question::BankAccount(asked))) => outcomes::bank_verify::post(asked, &reference, exchange),
            (CallKind::Status, Some(Question::BankAccount(asked))) => outcomes::bank_verify::status(asked, &reference, exchange),
            (CallKind::Post, Some(Question::Payment(_))) => outcomes::bank_collect::post(&reference, exchange),
            (CallKind::Status, Some(Question::Payment(asked))) => outcomes::bank_collect::status(asked, &reference, exchange),
            (CallKind::Status, Some(Question::Pan(_) | Question::PanLite(_))) | (_, None) => Reading::unknown(outcomes::nobody()),
        }
    }

    #[cfg(feature = "sim")]
    fn simulation(&self) -> Box<dyn crate::vendors::sim::Simulation> {
        Box::new(sim::World::default())
    }

    #[cfg(feature = "sim")]
    fn scenarios(&self, seed: &str) -> Vec<crate::vendors::sim::Scenario> {
        sim::scenarios(seed)
    }
}
