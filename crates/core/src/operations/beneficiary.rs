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
    /// change, and of a merged bank and its successor either may be said (section 8.5).
    #[must_use]
    pub fn is_another(&self, number: Option<&str>, ifsc: Option<&str>) -> bool {
        let own = self.account_number.expose();
        let is_number = |said: &str| match AccountNumber::parse(said) {
            Ok(said) => said.expose().trim_start_matches('0') == own.trim_start_matches('0'),
            // Masked: what stands behind the mask.
            Err(_) => own.ends_with(said.rsplit(|letter: char| !letter.is_ascii_digit()).next().unwrap_or_default()),
        };
        // What is no IFSC names no bank, nor does a masked one.
        let said = ifsc.and_then(|said| Ifsc::parse(said).ok()).filter(|said| said.bank_code() != "XXXX");
        let is_bank = |said: &Ifsc| {
            let (own, its) = (&self.ifsc, said);
            let took_over = |old: &Ifsc, new: &Ifsc| old.merged().is_some_and(|row| row.new_prefix == new.bank_code());
            own.bank_code() == its.bank_code() || took_over(own, its) || took_over(its, own)
        };
        number.is_some_and(|said| !is_number(said)) || said.is_some_and(|said| !is_bank(&said))
    }

    /// The name without the characters that the vendor refuses: each becomes a space, and spaces are single.
    #[must_use]
    pub fn sanitized_name(&self) -> String {
        sanitized(self.name.expose())
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn beneficiary(ifsc: &str) -> Beneficiary {
        Beneficiary {
            account_number: AccountNumber::parse("50100123457890").unwrap(),
            ifsc: Ifsc::parse(ifsc).unwrap(),
            name: PersonName::parse("RAHUL SHARMA").unwrap(),
        }
    }

    #[test]
    fn another_account_is_one_of_another_number_or_bank() {
        let (own, successor) = (beneficiary("SYNB0000001"), beneficiary("CNRB0000001"));
        for (number, ifsc) in [
            ("50100123457890", "SYNB0009999"),
            ("XXXXXX7890", "CNRB0000001"),
            ("0050100123457890", "NA"),
            ("50100123457890", "XXXX0000001"),
        ] {
            assert!(!own.is_another(Some(number), Some(ifsc)), "{number} {ifsc}");
        }
        assert!(!successor.is_another(None, Some("SYNB0000001")), "the code of the bank that it took over");
        for (number, ifsc) in [("50100123457891", "SYNB0000001"), ("XXXXXX7891", "SYNB0000001"), ("50100123457890", "HDFC0000001")] {
            assert!(own.is_another(Some(number), Some(ifsc)), "{number} {ifsc}");
        }
    }
}
