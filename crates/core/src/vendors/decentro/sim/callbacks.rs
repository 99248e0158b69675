//! The callbacks that the vendor sends about earlier requests (document 003 section 6.5): only once they have ended, with what they came to.
//!
//! The members are those of `decentro/callback.rs`, and as uncertain.

use serde_json::{Map, Value, json};

use super::{World, bank, mobile_account};
use crate::operations::Operation;
use crate::time::rfc3339;
use crate::vendors::decentro::callback::{TRANSFER, UPLOAD};
use crate::vendors::sim::{Callback, Notice, set, transaction_id, without};

/// An uploaded record, as its callback tells it.
#[derive(Debug)]
pub(super) struct Upload {
    /// The answer to the POST.
    pub(super) answer: Value,
}

/// The callback about a request; `None` where the vendor knows of none that ended.
pub(super) fn call_back(world: &mut World, notice: &Notice<'_>) -> Option<Callback> {
    let reference = notice.reference;
    if let Some(transfer) = world.transfers.get_mut(reference) {
        let (said, credited) = transfer.called_back(notice.is_opposite);
        return Some(Callback { operation: Operation::BankVerify, body: delivered(notice, TRANSFER, said), credited });
    }
    if let Some(verification) = world.verifications.get_mut(reference) {
        let (said, credited) = verification.called_back(notice.is_opposite)?;
        return Some(Callback { operation: Operation::MobileAccount, body: delivered(notice, TRANSFER, said), credited });
    }
    let upload = world.uploads.get(reference)?;
    let refused = || json!({ "status": "FAILURE", "responseCode": "E00009", "message": "The record is not valid" });
    let said = if notice.is_opposite { refused() } else { upload.answer.clone() };
    Some(Callback { operation: Operation::CkycUpload, body: delivered(notice, UPLOAD, said), credited: None })
}

/// What is said, with what every callback has.
fn delivered(notice: &Notice<'_>, event: &str, said: Value) -> Value {
    let id = |delivery| transaction_id(&format!("callback:{}", notice.reference), delivery);
    let event = notice.event.unwrap_or(event);
    let mut body = Map::new();
    if !event.is_empty() {
        body.insert("event".into(), event.into());
    }
    body.extend([
        ("attempt".to_owned(), notice.delivery.into()),
        ("timestamp".to_owned(), rfc3339(notice.at).trim_end_matches('Z').into()),
        ("callbackTxnId".to_owned(), id(notice.delivery.into()).into()),
        ("originalCallbackTxnId".to_owned(), id(1).into()),
        ("referenceId".to_owned(), notice.reference.into()),
    ]);
    if let Value::Object(said) = said {
        body.extend(said);
    }
    Value::Object(body)
}

impl bank::Transfer {
    /// What became of it, and the account that is credited with that.
    fn called_back(&mut self, is_opposite: bool) -> (Value, Option<String>) {
        let (found, credited) = self.ended();
        let member = |name: &str| found.get(name).cloned().unwrap_or_default();
        let is_yes = member("transactionStatus") == "Success";
        let status = if is_yes == is_opposite { "FAILURE" } else { "SUCCESS" };
        let said = without(without(found.clone(), "originalDecentroTxnId"), "status");
        (set(set(said, "decentroTxnId", member("originalDecentroTxnId")), "transactionStatus", status.into()), credited)
    }
}

impl mobile_account::Verification {
    fn called_back(&mut self, is_opposite: bool) -> Option<(Value, Option<String>)> {
        let (said, credited) = self.ended()?;
        let refused =
            || json!({ "api_status": "FAILURE", "response_key": "failure_account_closed", "message": "Beneficiary account is closed." });
        Some((if is_opposite { refused() } else { said }, credited))
    }
}
