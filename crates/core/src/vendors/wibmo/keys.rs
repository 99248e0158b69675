//! Document 002, Wibmo Retrieve Customer Record: its 28 response codes, in the document's order.
//!
//! The keys are the contract's, `wibmo_CODE`; the messages are the document's to the letter. A code for what only we put into a request (bank, client,
//! dates, references) is the operator's and never the customer's. `1054` and `5000` say that our reference was used: another try has a fresh one.

use super::{Action, Meaning, Row, SOURCE_UNAVAILABLE, Source, UNEXPECTED_RESPONSE};

impl Source {
    /// Document 002, response codes of Wibmo Retrieve Customer Record.
    pub const D002: Self = Self::new("002");
}

const REVIEW: Meaning = Meaning::Negative(Action::Review);
const REJECT: Meaning = Meaning::Negative(Action::Reject);
const OPERATOR: Meaning = Meaning::Operator;
const BROKEN: Meaning = Meaning::Trouble { ends_as: UNEXPECTED_RESPONSE, retry: true };
const USED_UP: Meaning = Meaning::Trouble { ends_as: SOURCE_UNAVAILABLE, retry: true };

const fn row(key: &'static str, message: &'static str, meaning: Meaning) -> Row {
    Row::new(Source::D002, key, message, meaning)
}

#[rustfmt::skip]
pub(super) static ROWS: &[Row] = &[
    row("wibmo_00", "SUCCESS", Meaning::Verified),
    row("wibmo_1001", "CARD_NOT_FOUND", REJECT),
    row("wibmo_1031", "INVALID_BANK_ID", OPERATOR),
    row("wibmo_1032", "INVALID CLIENT CHANNEL", OPERATOR),
    row("wibmo_1034", "INVALID_MOBILE_NUMBER", REJECT),
    row("wibmo_1052", "SYSTEM_ERROR", BROKEN),
    row("wibmo_1054", "DUPLICATE_REQUEST", USED_UP),
    row("wibmo_1055", "MALFORMED_REQUEST", OPERATOR),
    row("wibmo_1056", "INVALID MESSAGE CODE", OPERATOR),
    row("wibmo_1088", "INVALID REQUEST DATE format", OPERATOR),
    row("wibmo_1092", "INVALID_EMAIL_ADDRESS", REJECT),
    row("wibmo_1093", "INVALID_CLIENT_TXN_ID", OPERATOR),
    row("wibmo_1237", "DUPLICATE_MOBILE_NUMBER_WITH_MULTIPLE_ACCOUNT", REVIEW),
    row("wibmo_1248", "INVALID_JWT_TOKEN", OPERATOR),
    row("wibmo_1263", "CUSTOMER_ID_NOT_PRESENT", REJECT),
    row("wibmo_1264", "BANK ID NOT PRESENT IN THE REQUEST", OPERATOR),
    row("wibmo_1275", "INVALID_CUSTOMER_ID", REJECT),
    row("wibmo_1302", "INVALID_CUSTOMER", REJECT),
    row("wibmo_1303", "CUSTOMER_DETAILS_NOT_PRESENT", REJECT),
    row("wibmo_1304", "MORE THAN ONE CUSTOMER IDENTIFIER NOT ALLOWED", OPERATOR),
    row("wibmo_1307", "DUPLICATE_EMAIL_ID_LINKED_WITH_MULTIPLE_ACCOUNTS", REVIEW),
    row("wibmo_1320", "REQUEST_DATETIME_IS_MANDATORY", OPERATOR),
    row("wibmo_1500", "SYSTEM_ERROR_UNKNOWN", BROKEN),
    row("wibmo_1501", "SYSTEM_ERROR_DB", BROKEN),
    row("wibmo_1503", "SYSTEM_ERROR_CACHE", BROKEN),
    row("wibmo_1510", "SYSTEM_ERROR_DROP_REQ", BROKEN),
    row("wibmo_1511", "ORIGINAL_REQUEST_MISSING", OPERATOR),
    row("wibmo_5000", "DUPLICATE REQUEST", USED_UP),
    // What the Encrypt endpoint misses (the vendor's public page of it).
    row("wibmo_1262", "CLIENT ID NOT PRESENT IN THE REQUEST", OPERATOR).observed(),
    row("wibmo_1310", "XCONSUMERKEY NOT PRESENT IN THE REQUEST", OPERATOR).observed(),
    row("wibmo_1311", "SECURE CODE NOT PRESENT IN THE REQUEST", OPERATOR).observed(),
];
