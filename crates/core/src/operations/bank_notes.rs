//! The remarks about a bank account, however it was asked about (document 003 sections 3.2, 3.5, 5.7 and 8.6).

use super::Note;
use crate::ids::Ifsc;

pub(super) const NOT_COMPARED: Note =
    Note::new("name_not_matched", "No name was compared: compare the bank's name with the customer's before going on.");
pub(super) const CONTRADICTION: Note =
    Note::new("name_match_unclear", "The vendor's name match score and result contradict each other, or one of them is not known.");
pub(super) const COMPARED_BY_US: Note = Note::new("name_matched_here", "The vendor compared no names: score and result are our own.");
pub(super) const DISAGREEMENT: Note =
    Note::new("name_match_differs", "Our own comparison of the bank's name with the customer's comes to another result than the vendor's.");
pub(super) const JOINT: Note = Note::new(
    "joint_account",
    "The bank names only the first holder of a joint account. If this is one, ask for a cancelled cheque or a bank statement that shows both names, for a manual review.",
);

/// The code of the remark that an account is at a payments bank.
pub(super) const PAYMENT_BANK: &str = "payment_bank";

/// Section 8.6.
pub(super) fn payment_bank(ifsc: &Ifsc) -> Option<Note> {
    let bank = ifsc.payment_bank()?;
    let message = format!(
        "{bank} is a payments bank: the account may not be suitable as the primary one for broking. If it cannot be verified, verify its UPI address instead."
    );
    Some(Note { message: message.into(), ..Note::new(PAYMENT_BANK, "") })
}

/// The way out where a bank account at a payments bank could not be verified.
pub(super) const USE_UPI: Note = Note::new(
    "use_upi",
    "Ask the customer to pay one rupee from this account by UPI instead: bank.collect verifies it without a transfer to it.",
);

pub(super) const PAY_FROM_BANK_ACCOUNT: Note = Note::new(
    "pay_from_bank_account",
    "The payment came from a prepaid wallet, and transfers do not reach one. Ask the customer to pay from a bank account under a new reference_id, or verify one by a penny drop.",
);
pub(super) const IFSC_NOT_LISTED: Note =
    Note::new("ifsc_not_listed", "The IFSC of the account that paid is not among the known branches: check it with the customer.");
pub(super) const USE_PENNY_DROP: Note = Note::new(
    "use_penny_drop",
    "Offer the customer another payment link under a new reference_id; or, without UPI, ask for account number and IFSC, and verify them by a penny drop (bank.verify).",
);
