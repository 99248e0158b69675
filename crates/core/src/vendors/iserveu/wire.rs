//! iServeU's JSON, and nothing else: what goes out, and how an answer is read.
//!
//! Out goes document 004's dialect. Read are names in any casing, and codes and flags as texts, numbers or booleans. Nothing here decides.
//! Sources: document 004; the README.

use serde_json::{Map, Value, json};

use crate::operations::DmtCustomer;
use crate::vendors::lenient::{self, flag, text, word};

/// An answer.
pub(super) struct Reply {
    /// `status`: `SUCCESS`, `FAILED`. The document's samples have lost it.
    pub(super) status: Option<String>,
    /// `statusCode`: `0` to `4`, `-1`.
    pub(super) code: Option<String>,
    /// `statusDesc`.
    pub(super) description: Option<String>,
    /// `name`.
    pub(super) name: Option<String>,
    /// `mobileNumber`.
    pub(super) mobile_number: Option<String>,
    /// `KYCTypeFlag`.
    pub(super) kyc_type_flag: Option<bool>,
}

/// Reads an answer; `None` when the bytes are no JSON object.
pub(super) fn reply(body: &[u8]) -> Option<Reply> {
    let map = lenient::object(body)?;
    Some(Reply {
        status: text(&map, "status"),
        code: text(&map, "statusCode"),
        description: text(&map, "statusDesc"),
        name: text(&map, "name"),
        mobile_number: word(&map, "mobileNumber"),
        kyc_type_flag: flag(&map, "KYCTypeFlag"),
    })
}

impl Reply {
    /// The document's response fields in snake case, as far as they are there.
    pub(super) fn fields(&self) -> Map<String, Value> {
        let named = [
            ("status", self.status.clone().map(Value::from)),
            ("name", self.name.clone().map(Value::from)),
            ("mobile_number", self.mobile_number.clone().map(Value::from)),
            ("status_code", self.code.clone().map(Value::from)),
            ("status_desc", self.description.clone().map(Value::from)),
            ("kyc_type_flag", self.kyc_type_flag.map(Value::from)),
        ];
        named.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
    }
}

/// The body of get-customer; `None` without the customer's address.
pub(super) fn get_customer(request: &DmtCustomer, username: &str) -> Option<Value> {
    Some(json!({
        "mobileNumber": request.mobile_number.expose(),
        "username": username,
        "latlong": request.latlong.expose(),
        "publicIP": request.public_ip?.to_string(),
    }))
}
