//! What the vendors charge for a check, in paise: document 003's estimates, unless the setting `PRICES` says what was agreed.
//!
//! Section 7's sums "per onboarding" where it has one, else the middle of its or section 2.10's range; Cashfree's are those of section 9's comparison. The rupee that a penny drop credits to the
//! customer is no part of a price and stands apart: it is debited only where the transfer succeeded. What no document prices is 0 until the setting says it.

use std::borrow::Cow;

use serde::Deserialize;

use crate::operations::Operation;

/// What a vendor charges for one way of carrying out an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Price {
    /// The operation.
    pub operation: Operation,
    /// The vendor's name.
    pub vendor: Cow<'static, str>,
    /// The word of the request that chooses among prices (`document_type`, `validation_type`); `None` where the operation has one price.
    pub way: Option<Cow<'static, str>>,
    /// Its price, in paise.
    pub paise: u32,
    /// What is credited to the customer beside it, in paise.
    pub credited: u32,
}

const fn price(operation: Operation, vendor: &'static str, way: &'static str, paise: u32, credited: u32) -> Price {
    let way = if way.is_empty() { None } else { Some(Cow::Borrowed(way)) };
    Price { operation, vendor: Cow::Borrowed(vendor), way, paise, credited }
}

#[rustfmt::skip]
/// The documents' estimates. Each vendor of each operation has a row for each way of it that it offers.
pub static ESTIMATES: &[Price] = &[
    // Section 7: "PAN verification: Rs. 2"; section 2.10: Rs. 2-4.
    price(Operation::PanVerify, "decentro", "PAN", 200, 0),
    price(Operation::PanVerify, "decentro", "PAN_DETAILED", 300, 0),
    price(Operation::PanVerify, "decentro", "PAN_COMPARE", 300, 0),
    // Section 9: Rs. 2-4.
    price(Operation::PanVerify, "cashfree", "PAN", 300, 0),
    price(Operation::PanVerify, "cashfree", "PAN_COMPARE", 300, 0),
    // Section 7: "Penny drop: Rs. 4", "+ Rs.1 credited to customer"; penniless Rs. 1-2. A hybrid is priced as what it may become.
    price(Operation::BankVerify, "decentro", "pennydrop", 400, 100),
    price(Operation::BankVerify, "decentro", "hybrid", 400, 100),
    price(Operation::BankVerify, "decentro", "penniless", 150, 0),
    // Section 9: Rs. 2-5.
    price(Operation::BankVerify, "cashfree", "pennydrop", 350, 100),
    // Section 9: Rs. 2-3; section 7: Rs. 1-2.
    price(Operation::BankCollect, "setu", "", 250, 0),
    price(Operation::BankCollect, "cashfree", "", 150, 0),
    // Section 7: "CKYC search: Rs. 4", Rs. 5-8, "CKYC upload: Rs. 9".
    price(Operation::CkycSearch, "decentro", "", 400, 0),
    price(Operation::CkycDownload, "decentro", "", 650, 0),
    price(Operation::CkycUpload, "decentro", "", 900, 0),
    // No document prices these.
    price(Operation::MobileAccount, "decentro", "", 0, 100),
    price(Operation::CustomerPrefill, "decentro", "", 0, 0),
    price(Operation::PrepaidCustomer, "wibmo", "", 0, 0),
    price(Operation::DmtCustomer, "iserveu", "", 0, 0),
];

/// A price that was agreed, as the setting writes it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Agreed {
    operation: Operation,
    vendor: String,
    way: Option<String>,
    paise: u32,
}

/// The prices of the setting `PRICES`, a JSON list of `{"operation", "vendor", "way"?, "paise"}`, over the estimates; `None` for a text that is malformed, or names what has no row.
#[must_use]
pub fn read(text: &str) -> Option<Vec<Price>> {
    let mut prices = ESTIMATES.to_vec();
    for Agreed { operation, vendor, way, paise } in serde_json::from_str::<Vec<Agreed>>(text).ok()? {
        let is_it = |price: &&mut Price| price.operation == operation && price.vendor == vendor && price.way.as_deref() == way.as_deref();
        prices.iter_mut().find(is_it)?.paise = paise;
    }
    Some(prices)
}

/// The price of a check, in paise: 0 where none is known.
#[must_use]
pub fn of(prices: &[Price], vendor: &str, way: Option<&str>) -> u32 {
    let known = prices.iter().find(|price| price.vendor == vendor && (price.way.is_none() || price.way.as_deref() == way));
    known.map_or(0, |price| price.paise)
}

/// Whether a cost is not written.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
pub(crate) const fn is_none(cost: &u32) -> bool {
    *cost == 0
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::operations::OPERATIONS;

    #[test]
    fn each_vendor_of_each_operation_has_a_price_and_none_has_two() {
        for row in OPERATIONS {
            for vendor in row.vendors {
                assert!(ESTIMATES.iter().any(|price| price.operation == row.operation && price.vendor == *vendor), "{} {vendor}", row.name);
            }
        }
        let rows: HashSet<_> =
            ESTIMATES.iter().map(|price| (price.operation.row().name, price.vendor.as_ref(), price.way.as_deref())).collect();
        assert_eq!(rows.len(), ESTIMATES.len());
        for price in ESTIMATES {
            let has_ways = [Operation::PanVerify, Operation::BankVerify].contains(&price.operation);
            assert_eq!(price.way.is_some(), has_ways, "{price:?}");
            assert!(price.operation.row().vendors.contains(&price.vendor.as_ref()), "{price:?}");
        }
    }

    #[test]
    fn what_was_agreed_takes_the_place_of_an_estimate_and_nothing_else_is_named() {
        let prices = read(
            r#"[{"operation":"pan.verify","vendor":"decentro","way":"PAN","paise":175},{"operation":"ckyc.search","vendor":"decentro","paise":0}]"#,
        );
        let prices = prices.unwrap_or_default();
        let pan: Vec<_> = prices.iter().filter(|price| price.operation == Operation::PanVerify).cloned().collect();
        assert_eq!(
            [of(&pan, "decentro", Some("PAN")), of(&pan, "decentro", Some("PAN_DETAILED")), of(&pan, "cashfree", Some("PAN"))],
            [175, 300, 300]
        );
        assert_eq!([of(&pan, "nobody", Some("PAN")), of(&pan, "decentro", None), of(&pan, "cashfree", Some("PAN_DETAILED"))], [0, 0, 0]);
        assert_eq!(read("[]").as_deref(), Some(ESTIMATES));
        for wrong in [
            "",
            "{}",
            "7",
            r#"[{"operation":"pan.verify","vendor":"decentro","paise":1}]"#,
            r#"[{"operation":"pan.verfy","vendor":"decentro","way":"PAN","paise":1}]"#,
            r#"[{"operation":"ckyc.search","vendor":"cashfree","paise":1}]"#,
            r#"[{"operation":"ckyc.search","vendor":"decentro","paise":-1}]"#,
            r#"[{"operation":"ckyc.search","vendor":"decentro","paise":1.5}]"#,
            r#"[{"operation":"ckyc.search","vendor":"decentro","rupees":1}]"#,
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
