//! The States and Union Territories, by the codes that identifiers carry.
//!
//! Two digits (the census', used by the goods and services tax) and two letters (transport offices: number plates and driving
//! licences, with the letters of before a renaming). Source: CGST state codes; the transport ministry's notifications under section 41(6) of the Motor Vehicles Act.

use crate::pieces;

/// By their codes from 01. 25 became a part of 26 in 2020, and 28 was Andhra Pradesh before its division.
const STATES: &str = "Jammu and Kashmir|Himachal Pradesh|Punjab|Chandigarh|Uttarakhand|Haryana|Delhi|Rajasthan|Uttar Pradesh|Bihar|Sikkim|\
    Arunachal Pradesh|Nagaland|Manipur|Mizoram|Tripura|Meghalaya|Assam|West Bengal|Jharkhand|Odisha|Chhattisgarh|Madhya Pradesh|Gujarat|\
    Daman and Diu|Dadra and Nagar Haveli and Daman and Diu|Maharashtra|Andhra Pradesh|Karnataka|Goa|Lakshadweep|Kerala|Tamil Nadu|Puducherry|\
    Andaman and Nicobar Islands|Telangana|Andhra Pradesh|Ladakh";

/// The letters of transport offices in the same order, those of before a renaming behind the present ones.
const PLATES: &str =
    "JK|HP|PB|CH|UKUA|HR|DL|RJ|UP|BR|SK|AR|NL|MN|MZ|TR|ML|AS|WB|JH|ODOR|CG|MP|GJ||DDDN|MH||KA|GA|LD|KL|TN|PY|AN|TGTS|AP|LA";

/// The name behind a two-digit code of the goods and services tax, which has two that are no State's.
pub(super) fn by_number(code: &str) -> Option<&'static str> {
    match crate::time::digits(code, 2)?.into() {
        97 => Some("Other Territory"),
        99 => Some("Centre Jurisdiction"),
        number => pieces::between(STATES, b"|").nth(usize::checked_sub(number, 1)?),
    }
}

/// The name behind a two-letter code in capitals.
pub(super) fn by_plate(code: &str) -> Option<&'static str> {
    let known = |plates: &str| plates.as_bytes().chunks(2).any(|plate| plate == code.as_bytes());
    let index = pieces::between(PLATES, b"|").position(known)?;
    pieces::between(STATES, b"|").nth(index)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_has_its_letters_at_its_place() {
        assert_eq!(PLATES.split('|').count(), STATES.split('|').count());
        for (code, name) in [("JK", "Jammu and Kashmir"), ("UA", "Uttarakhand"), ("OR", "Odisha"), ("MH", "Maharashtra"), ("LA", "Ladakh")]
        {
            assert_eq!(by_plate(code), Some(name));
        }
        assert_eq!((by_plate("AP"), by_number("28"), by_number("37")), (by_number("37"), by_plate("AP"), Some("Andhra Pradesh")));
    }

    #[test]
    fn what_is_no_code_names_no_state() {
        for code in ["", "X", "XX", "KU", "mh", "MHA", "|H"] {
            assert_eq!(by_plate(code), None, "{code}");
        }
        for code in ["", "00", "39", "96", "98", "-1", "MH"] {
            assert_eq!(by_number(code), None, "{code}");
        }
    }

    #[test]
    fn every_number_has_its_state() {
        let named = [
            ("01", "Jammu and Kashmir"),
            ("27", "Maharashtra"),
            ("38", "Ladakh"),
            ("97", "Other Territory"),
            ("99", "Centre Jurisdiction"),
        ];
        assert!(named.into_iter().all(|(code, name)| by_number(code) == Some(name)));
    }
}
