//! What to do about an answer that does not let the onboarding go on: each such answer carries at least one note that says it.
//!
//! The advice follows from the key, so that no path to an answer can leave it out. Sources: documents 001 and 004 (response codes), 003 sections 2.5, 3.2 and 8.

use super::Action;

/// What the answers under some keys advise, or all answers with an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Advice {
    keys: &'static [&'static str],
    /// For programs.
    pub code: &'static str,
    /// For a person.
    pub message: &'static str,
}

const fn advice(keys: &'static [&'static str], code: &'static str, message: &'static str) -> Advice {
    Advice { keys, code, message }
}

#[rustfmt::skip]
static ADVICE: &[Advice] = &[
    // 003 section 2.5.
    advice(&["failure_pan_invalid", "failure_pan_not_found"], "check_pan", "Ask the customer to compare the PAN with the card, character by character."),
    advice(&["failure_pan_deleted"], "another_pan", "This PAN stays invalid. Ask the customer which PAN is theirs now."),
    advice(&["failure_pan_deceased"], "escalate_compliance", "Escalate to the compliance team."),
    advice(&["failure_pan_unknown_status"], "check_pan_status", "Look the PAN's status up at the Income Tax Department before going on."),
    advice(&["failure_pan_mismatch"], "compare_with_pan", "Ask the customer to enter name and date of birth exactly as on the PAN card; a married name is a common reason."),
    // 003 section 8.7.
    advice(&["failure_pan_deactivated"], "link_aadhaar", "Ask the customer to link Aadhaar with the PAN on the Income Tax e-filing portal, and verify it again then."),
    // 003 sections 3.2 and 8.4.
    advice(&["success_bank_account"], "statement_or_passbook", "Ask for a bank statement or a copy of the passbook, and decide by it. Where names differ, initials, a missing middle name and a married name are common reasons."),
    advice(&["failure_bank_account_no_match"], "check_bank_details", "Ask the customer to check the bank details, or for another account."),
    // 003 sections 8.2 and 8.5.
    advice(&["failure_bank_account_invalid"], "check_passbook", "Ask the customer to compare account number and IFSC with the latest passbook, or for another account."),
    advice(&["failure_bank_account_closed", "failure_account_closed", "failure_account_frozen", "error_dormant_account"], "another_account", "Ask the customer for an active bank account."),
    advice(&["failure_bank_account_unknown_status"], "check_account_status", "Do not use an account that vendor.code reports as blocked or fraudulent. Else ask for a cancelled cheque or a bank statement, and decide by it."),
    // 001: the account of a mobile number.
    advice(
        &["error_invalid_vpa_mapped", "error_mobile_mapping_not_supported", "error_mapping_inactive", "error_vpa_mapping_changed", "error_vpa_not_mapped_to_psp", "failure_no_account_mapped", "failure_no_account_mapped_to_vpa"],
        "enter_account", "This number leads to no account. Ask the customer for account number and IFSC, and verify them with bank.verify.",
    ),
    advice(&["error_invalid_mobile_number", "wibmo_1034", "iserveu_-1"], "check_mobile_number", "Ask the customer to check the mobile number."),
    // 003 section 4.2.
    advice(&["failure_ckyc_invalid"], "check_ckyc_number", "Check the number with the customer, and the authentication factor where one was sent."),
    // 002 and 004.
    advice(&["wibmo_1237", "wibmo_1307"], "several_customers", "Several customers share this mobile number or e-mail address. Ask for the customer's id or URN."),
    advice(&["iserveu_1"], "finish_onboarding", "Finish the customer's verification at iServeU first."),
    advice(&["pending_review"], "await_review", "Manual review must settle it. Nothing is sent again before."),
    advice(&["failure_replaced"], "follow_replacement", "Follow the check that took its place: data.replaced_by is its id."),
    advice(&["failure_decided"], "ask_reviewer", "Manual review decided this: ask the reviewer for the reason."),
];

static REVIEW: Advice = advice(&[], "manual_review", "Compare the answer with the customer's documents, and decide by them.");
static REJECT: Advice = advice(&[], "check_with_customer", "Check with the customer what was entered, or ask for other details.");
static RETRY: Advice = advice(&[], "retry_later", "Try again later, under a new reference_id.");

/// Remarks of the operations that say themselves what to do.
const INSTRUCTIONS: &[&str] = &[
    "other_person",
    "death_flag",
    "pan_not_valid",
    "name_mismatch",
    "name_review",
    "name_not_matched",
    "joint_account",
    "fresh_kyc_required",
    "non_individual",
    "ovd_not_verified",
    "contradictory_answer",
    "correct_and_replace",
    "retry_when_settled",
    "ask_consent_again",
    "dob_differs",
    "dob_not_matched",
    "use_penny_drop",
    "pay_from_bank_account",
];

/// Whether a note with this code says what to do.
#[must_use]
pub fn is_instruction(code: &str) -> bool {
    INSTRUCTIONS.contains(&code) || ADVICE.iter().chain([&REVIEW, &REJECT, &RETRY]).any(|advice| advice.code == code)
}

/// What an answer with this key and action advises: its key's, else its action's. `None` where it goes on, or is waited for.
#[must_use]
pub fn advice_of(key: &str, action: Action) -> Option<&'static Advice> {
    let general = match action {
        Action::Review => &REVIEW,
        Action::Reject => &REJECT,
        // That is the whole advice, whatever else the key may mean.
        Action::Retry => return Some(&RETRY),
        Action::Proceed | Action::Wait => return None,
    };
    Some(ADVICE.iter().find(|advice| advice.keys.contains(&key)).unwrap_or(general))
}

#[cfg(test)]
mod tests {
    use super::super::{message, rows};
    use super::*;

    #[test]
    fn whatever_does_not_go_on_says_what_to_do() {
        for key in rows().map(|row| row.answers_with) {
            let advised = |action| advice_of(key, action).is_some_and(|advice| advice.message.ends_with('.'));
            assert_eq!([Action::Review, Action::Reject, Action::Retry].map(advised), [true; 3], "{key}");
            assert!(ADVICE.iter().filter(|advice| advice.keys.contains(&key)).count() <= 1, "{key}");
            assert_eq!([Action::Proceed, Action::Wait].map(advised), [false; 2], "{key}");
        }
    }

    #[test]
    fn the_documents_own_advice_goes_before_that_of_the_action() {
        let code = |key, action| advice_of(key, action).map(|advice| advice.code);
        assert_eq!(code("failure_pan_deactivated", Action::Reject), Some("link_aadhaar"), "003 section 8.7");
        assert_eq!(code("success_bank_account", Action::Review), Some("statement_or_passbook"), "003 section 8.4");
        assert_eq!(code("failure_bank_account_closed", Action::Reject), Some("another_account"), "003 section 8.2");
        assert_eq!(code("wibmo_1001", Action::Reject), Some("check_with_customer"));
        assert_eq!(code("error_validation_failed", Action::Retry), Some("retry_later"));
    }

    #[test]
    fn each_advice_is_of_keys_that_exist() {
        for key in ADVICE.iter().flat_map(|advice| advice.keys) {
            assert!(!message(key).is_empty(), "{key}");
        }
    }
}
