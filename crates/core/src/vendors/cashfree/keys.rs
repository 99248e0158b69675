//! Cashfree's words, by table: the codes of its errors, what it says of an account that it verified, and its HTTP statuses.
//!
//! A failure that its description calls certain ends as one; `CONNECTION_TIMEOUT` is none, for a credit that nobody waited for may still arrive, nor is
//! `VERIFICATION_ALREADY_UNDER_PROCESS`: what is under process may be our own request. Sources: the error
//! responses of the API reference, "BAV Response Description" and "Get BAV Status V2" (the folder's README has addresses and dates).

use super::{Action, Meaning, Moves, Row, SOURCE_UNAVAILABLE, Source, UNEXPECTED_RESPONSE};

impl Source {
    /// The codes of Cashfree's error responses.
    pub const CASHFREE_ERROR: Self = Self::new("cashfree/errors").between_us();
    /// `account_status_code` of a bank account verification.
    pub const CASHFREE_ACCOUNT: Self = Self::new("cashfree/accounts").of_money(Moves::AsItMeans);
    /// `status` of a reverse penny drop.
    pub const CASHFREE_PAYMENT: Self = Self::new("cashfree/payments");
    /// The HTTP statuses of Cashfree's API reference.
    pub const CASHFREE_HTTP: Self = Self::new("cashfree/http").between_us();
}

const INVALID: &str = "failure_bank_account_invalid";
const UNKNOWN: &str = "failure_bank_account_unknown_status";
const FAILED: &str = "error_validation_failed";

const REJECT: Meaning = Meaning::Negative(Action::Reject);
const REVIEW: Meaning = Meaning::Negative(Action::Review);
const RETRY: Meaning = Meaning::Negative(Action::Retry);
const WAIT: Meaning = Meaning::Pending(Action::Wait);
const UNAVAILABLE: Meaning = Meaning::Trouble { ends_as: SOURCE_UNAVAILABLE, retry: true };
const BROKEN: Meaning = Meaning::Trouble { ends_as: UNEXPECTED_RESPONSE, retry: true };

const fn error(key: &'static str, message: &'static str, meaning: Meaning) -> Row {
    Row::new(Source::CASHFREE_ERROR, key, message, meaning)
}

const fn account(key: &'static str, message: &'static str, meaning: Meaning) -> Row {
    Row::new(Source::CASHFREE_ACCOUNT, key, message, meaning)
}

const fn payment(key: &'static str, message: &'static str, meaning: Meaning) -> Row {
    Row::new(Source::CASHFREE_PAYMENT, key, message, meaning)
}

const fn http(key: &'static str, message: &'static str, meaning: Meaning) -> Row {
    Row::new(Source::CASHFREE_HTTP, key, message, meaning)
}

#[rustfmt::skip]
pub(super) static ERRORS: &[Row] = &[
    error("pan_missing", "pan is missing in the request.", Meaning::Input),
    error("pan_length_short", "Enter valid PAN.", Meaning::Input),
    error("x-client-id_missing", "x-client-id is missing in the request.", Meaning::Operator),
    error("x-client-secret_missing", "x-client-secret is missing in the request.", Meaning::Operator),
    error("x-client-secret_value_invalid", "Client secret belongs to test environment", Meaning::Operator),
    error("authentication_failed", "Invalid clientId and clientSecret combination", Meaning::Operator),
    error("ip_validation_failed", "IP not whitelisted", Meaning::Operator),
    error("verification_id_already_exists", "verification ID already exists", Meaning::Landed).answering(SOURCE_UNAVAILABLE),
    error("insufficient_balance", "Insufficient balance to process this request", Meaning::Operator),
    error("too_many_requests_per_operation", "Too many requests for this operation, rate limit reached", UNAVAILABLE),
    error("too_many_requests_per_ip", "Too many requests from the IP, rate limit reached", UNAVAILABLE),
    error("verification_failed", "something went wrong", UNAVAILABLE),
];

#[rustfmt::skip]
pub(super) static ACCOUNTS: &[Row] = &[
    account("ACCOUNT_IS_VALID", "Bank account has been successfully verified.", Meaning::Verified).answering("success_bank_account"),
    account("INVALID_ACCOUNT_FAIL", "The transaction failed because the provided account details are invalid.", REJECT).answering(INVALID),
    account("INVALID_BANK_ACCOUNT", "Invalid account number or IFSC provided", REJECT).answering(INVALID),
    account("INVALID_IFSC_FAIL", "The transaction failed because the provided IFSC code is invalid or incorrect.", REJECT).answering(INVALID),
    account("INVALID_IFSC", "IFSC is invalid", REJECT).answering(INVALID),
    account("NRE_ACCOUNT_FAIL", "The transaction failed because the account is a Non-Resident External (NRE) account.", REVIEW).answering(UNKNOWN),
    account("NRE_ACCOUNT", "Given account is an NRE account", REVIEW).answering(UNKNOWN),
    account("ACCOUNT_BLOCKED", "The transaction failed because the account is blocked and cannot process transactions.", REVIEW).answering(UNKNOWN),
    account("FRAUD_ACCOUNT", "Fraudulent activity has been detected involving the bank account and IFSC.", REVIEW).answering(UNKNOWN),
    account("INSUFFICIENT_BALANCE", "The transaction failed due to insufficient funds in the merchant account.", Meaning::Operator),
    account("BAV_BLOCKED", "Bank account verification is blocked for the merchant.", Meaning::Operator),
    account("VERIFICATION_ALREADY_UNDER_PROCESS", "The verification is already in progress, and another verification request cannot be processed at this time.", WAIT).answering("pending_vendor"),
    account("FAILED_AT_BANK", "The transaction failed due to an error or issue at the bank's end.", Meaning::Unsettled).answering(FAILED),
    account("NPCI_UNAVAILABLE", "The transaction could not be processed because NPCI is currently unavailable.", Meaning::Unsettled).answering(FAILED),
    account("SOURCE_BANK_DECLINED", "The transaction was declined by the source bank due to issues at their end.", Meaning::Unsettled).answering(FAILED),
    account("BENE_BANK_DECLINED", "The transaction was declined by the beneficiary's bank due to issues at their end.", Meaning::Unsettled).answering(FAILED),
    account("IMPS_MODE_FAIL", "The transaction failed because it could not be processed through the IMPS mode.", Meaning::Unsettled).answering(FAILED),
    account("BENEFICIARY_BANK_OFFLINE", "The transaction could not be processed because the beneficiary's bank is currently offline or unreachable.", Meaning::Unsettled).answering(FAILED),
    account("CONNECTION_TIMEOUT", "The transaction failed due to a timeout while trying to establish a connection with the bank.", WAIT).answering("pending_vendor"),
    account("VALIDATION_IN_PROGRESS", "The transaction is currently being validated and is awaiting confirmation.", WAIT).answering("pending_vendor"),
];

#[rustfmt::skip]
pub(super) static PAYMENTS: &[Row] = &[
    payment("CREATED", "The request is created, but no payment has been made yet.", WAIT).answering("pending_payment"),
    payment("SUCCESS", "The payment was made, and the account that made it is known.", Meaning::Verified).answering("success_bank_account"),
    payment("FAILURE", "The payment attempt failed for an unspecified reason.", RETRY).answering("failure_payment_failed"),
    payment("EXPIRED", "The link expired before a payment was made.", RETRY).answering("failure_payment_expired"),
];

#[rustfmt::skip]
pub(super) static HTTP: &[Row] = &[
    http("200", "Success", Meaning::Answered),
    http("400", "Validation error", Meaning::Input),
    http("401", "Invalid client ID and client secret combination", Meaning::Operator),
    http("403", "IP not whitelisted, or the signature is missing", Meaning::Operator),
    http("404", "Not found", Meaning::Input),
    http("409", "The ID exists already", Meaning::Landed).answering(SOURCE_UNAVAILABLE),
    http("429", "Rate limit reached", UNAVAILABLE),
    http("500", "Internal error", BROKEN),
    http("502", "Gateway error", UNAVAILABLE),
    http("503", "Service unavailable", UNAVAILABLE),
];
