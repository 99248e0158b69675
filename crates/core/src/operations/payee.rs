//! Who gets the rupee of a check, as velocity controls count it (document 001: "the same mobile number, or bank account").
//!
//! A mobile number counts as it is. An account counts by its number without leading zeros and by the bank that keeps it: IMPS finds the bank by the first four letters
//! of the IFSC, and the account by its number within the bank, so that another branch's code, or one more zero in front, sends the rupee to the same account. The letters of a merged bank
//! count as those of its successor, which keeps its accounts now (document 003 section 8.5). Whoever verifies, the rupee is the same: neither vendor nor tenant is part of it.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::beneficiary::Beneficiary;
use crate::ids::{AccountNumber, Ifsc, MobileNumber};
use crate::place::Place;
use crate::seal::Index;

/// Who gets a rupee. Personal, so it is not printed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Payee {
    /// Whose number this is: 10 digits.
    Mobile(String),
    /// A bank account.
    Account {
        /// The first four letters of its bank's codes.
        bank: String,
        /// Its number, without leading zeros.
        number: String,
    },
}

impl fmt::Debug for Payee {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Mobile(_) => "Mobile",
            Self::Account { .. } => "Account",
        })
    }
}

impl Payee {
    pub(super) fn of_mobile(number: &MobileNumber) -> Self {
        Self::Mobile(number.expose().to_owned())
    }

    pub(super) fn of_beneficiary(beneficiary: &Beneficiary) -> Self {
        Self::of_account(&beneficiary.account_number, &beneficiary.ifsc)
    }

    fn of_account(number: &AccountNumber, ifsc: &Ifsc) -> Self {
        let successor = ifsc.merged().map(|bank| bank.new_prefix).filter(|prefix| !prefix.is_empty());
        let bank = successor.unwrap_or_else(|| ifsc.bank_code()).to_owned();
        Self::Account { bank, number: number.expose().trim_start_matches('0').to_owned() }
    }

    /// The account that the `data` of an answer names; `None` where its number is masked, or it names none.
    #[must_use]
    pub fn of_answer(data: &Value) -> Option<Self> {
        let text = |field: &str| data.get(field).and_then(Value::as_str);
        let number = AccountNumber::parse(text("account_number")?).ok()?;
        Some(Self::of_account(&number, &Ifsc::parse(text("ifsc")?).ok()?))
    }

    /// Where its permits are kept.
    #[must_use]
    pub fn place(&self, index: &Index) -> Place {
        match self {
            Self::Mobile(number) => Place::of_mobile(index, number),
            Self::Account { bank, number } => Place::of_account(index, bank, number),
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use serde_json::json;

    use super::*;

    fn account(number: &str, ifsc: &str) -> Option<Payee> {
        Payee::of_answer(&json!({ "account_number": number, "ifsc": ifsc }))
    }

    #[test]
    fn an_account_is_the_same_whatever_its_branch_its_zeros_and_its_merged_bank_are_called() {
        let own = account("1234567890", "CNRB0000001").unwrap();
        for (number, ifsc) in [("1234567890", "cnrb0009999"), ("0001234567890", "CNRB0000001"), (" 1234567890", "SYNB0000001")] {
            assert_eq!(account(number, ifsc).as_ref(), Some(&own), "{number} {ifsc}");
        }
        for (number, ifsc) in [("1234567891", "CNRB0000001"), ("1234567890", "HDFC0000001")] {
            assert_ne!(account(number, ifsc).unwrap(), own, "{number} {ifsc}");
        }
    }

    #[test]
    fn what_is_masked_or_left_out_names_no_account() {
        for (number, ifsc) in [("XXXXXX7890", "CNRB0000001"), ("1234567890", ""), ("", "CNRB0000001"), ("000000", "CNRB0000001")] {
            assert_eq!(account(number, ifsc), None, "{number} {ifsc}");
        }
        assert_eq!(Payee::of_answer(&json!({ "account_number": 1_234_567_890, "ifsc": "CNRB0000001" })), None);
        assert_eq!(Payee::of_answer(&Value::Null), None);
    }

    #[test]
    fn a_number_and_an_account_of_the_same_digits_are_kept_apart() {
        let index = Index::from_hex(&"33".repeat(32)).unwrap();
        let mobile = Payee::Mobile("9876543210".into());
        assert_ne!(mobile.place(&index), account("9876543210", "CNRB0000001").unwrap().place(&index));
        assert_ne!(account("11234567", "CNRB0000001").unwrap().place(&index), account("1234567", "CNRB0000001").unwrap().place(&index));
    }
}
