//! The account that `bank.verify` asks about, and who is said to hold it (document 003 section 3.1).

use super::fields::sanitized;
use crate::ids::{AccountNumber, Ifsc, PersonName};
use crate::json::Record;

/// The account, and who is said to hold it.
pub struct Beneficiary {
    /// The account.
    pub account_number: AccountNumber,
    /// The bank's branch.
    pub ifsc: Ifsc,
    /// The customer's name, as it was given.
    pub name: PersonName,
}

impl Beneficiary {
    pub(super) fn of(record: &Record) -> Option<Self> {
        Some(Self {
            account_number: AccountNumber::parse(record.text("account_number")?).ok()?,
            ifsc: Ifsc::parse(record.text("ifsc")?).ok()?,
            name: PersonName::parse(record.text("name")?).ok()?,
        })
    }

    /// Whether a number and an IFSC, as far as they are said, are another account's: the number as far as it is not masked, and the bank; codes of branches
    /// change, and a merged bank's code is its successor's (section 8.5).
    #[must_use]
    pub fn is_another(&self, number: Option<&str>, ifsc: Option<&str>) -> bool {
        let own = self.account_number.expose();
        let is_number = |said: &str| match AccountNumber::parse(said) {
            Ok(said) => said.expose().trim_start_matches('0') == own.trim_start_matches('0'),
            // Masked: what stands behind the mask.
            Err(_) => own.ends_with(said.rsplit(|letter: char| !letter.is_ascii_digit()).next().unwrap_or_default()),
        };
        let is_of = |said: &str, bank: &str| said.get(..bank.len()).is_some_and(|said| said.eq_ignore_ascii_case(bank));
        let is_bank = |said: &str| {
            is_of(said, self.ifsc.bank_code()) || self.ifsc.merged().is_some_and(|successor| is_of(said, successor.new_prefix))
        };
        number.is_some_and(|said| !is_number(said)) || ifsc.is_some_and(|said| !is_bank(said))
    }

    /// The name without the characters that the vendor refuses: each becomes a space, and spaces are single.
    #[must_use]
    pub fn sanitized_name(&self) -> String {
        sanitized(self.name.expose())
    }
}
