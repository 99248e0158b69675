//! What a tenant may cost in a day, and how often it may call an operation in a second, as its row of `TENANTS` says. One without limits is asked nothing.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::budget::{Charge, Payer, Purse};
use crate::limits;
use crate::operations::Operation;
use crate::place::Place;
use crate::problem::Problem;
use crate::seal::Index;
use crate::session::Budget;
use crate::time::{Millis, SECOND, indian_day, seconds_until};

/// The most that may be set: what is counted is kept one by one.
const MOST_RUPEES: u32 = 10_000;
const MOST_CALLS: u32 = 1_000;
const MOST_OTPS: u32 = 1_000_000;
/// One-time passwords a day of a tenant that does not say: each costs a message.
const OTPS: u32 = 10_000;
/// Paise.
const RUPEE: u32 = 100;

/// A tenant's limits.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TenantLimits {
    /// Rupees that are sent on the way in a day, from midnight to midnight in India; 0 for none.
    rupees_a_day: Option<u32>,
    /// Calls of an operation in any second, an item of a batch being one.
    #[serde(default)]
    calls_a_second: BTreeMap<Operation, u32>,
    /// One-time passwords that are sent in such a day; 0 for none.
    otps_a_day: Option<u32>,
}

impl TenantLimits {
    pub(super) fn is_sound(&self) -> bool {
        let is_number = |calls: &u32| (1..=MOST_CALLS).contains(calls);
        self.rupees_a_day.is_none_or(|rupees| rupees <= MOST_RUPEES)
            && self.otps_a_day.is_none_or(|otps| otps <= MOST_OTPS)
            && self.calls_a_second.values().all(is_number)
    }

    /// Who pays for a rupee of the tenant now, where its days are limited.
    #[must_use]
    pub fn payer(&self, index: &Index, tenant: &str, now: Millis) -> Option<Payer> {
        let (day, until) = indian_day(now);
        let paise = self.rupees_a_day?.saturating_mul(RUPEE);
        Some(Payer { purse: Purse::Tenant, place: Place::of_day(index, tenant, day).to_string(), paise, until })
    }

    /// What so many calls of an operation take, where its seconds are limited. A batch that is larger than the limit takes a second for itself.
    #[must_use]
    pub fn calls(&self, operation: Operation, calls: u32, now: Millis) -> Option<Charge> {
        let most = *self.calls_a_second.get(&operation)?;
        let budget = Budget { calls: most, paise: 0 };
        Some(Charge { calls: calls.min(most), payments: Vec::new(), budget, until: now.saturating_add(SECOND), within: Some(SECOND) })
    }
}

impl TenantLimits {
    /// What a one-time password takes of the tenant's day, and where that is counted.
    #[must_use]
    pub fn otp(&self, index: &Index, tenant: &str, now: Millis) -> (Place, Charge) {
        let (day, until) = indian_day(now);
        let budget = Budget { calls: self.otps_a_day.unwrap_or(OTPS), paise: 0 };
        (Place::of_otps(index, tenant, day), Charge { calls: 1, payments: Vec::new(), budget, until, within: None })
    }
}

/// The problem of a one-time password that was one too many for the tenant's day.
#[must_use]
pub fn too_many_otps(charge: &Charge, now: Millis) -> Problem {
    let most = charge.budget.calls;
    let problem = Problem::of_limit(&limits::policy("otps_a_day", most, 86_400), seconds_until(charge.until, now));
    problem.detail(format!("The {most} one-time passwords of this day (IST) are used up."))
}

/// The problem of a charge of calls that were too many.
#[must_use]
pub fn too_often(charge: &Charge) -> Problem {
    let most = charge.budget.calls;
    Problem::of_limit(&limits::policy("calls_a_second", most, 1), 1).detail(format!("This operation may be called {most} times a second."))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::super::read;
    use super::*;
    use crate::time::{DAY, HOUR, MINUTE};

    fn limits(text: &str) -> Option<TenantLimits> {
        let tenants = read(&format!(r#"[{{"id":"a","keys":[],"scopes":[],"origins":[],"limits":{text}}}]"#))?;
        tenants.into_iter().next().map(|tenant| tenant.limits)
    }

    #[test]
    fn limits_are_whole_numbers_of_known_names_and_may_be_left_out() {
        let known = limits(r#"{"rupees_a_day":50,"calls_a_second":{"pan.verify":10}}"#).unwrap();
        assert_eq!(known.calls(Operation::PanVerify, 3, 0).map(|charge| (charge.calls, charge.budget.calls)), Some((3, 10)));
        assert_eq!(known.calls(Operation::PanVerify, 30, 0).map(|charge| charge.calls), Some(10), "a large batch");
        assert!(known.calls(Operation::BankVerify, 1, 0).is_none());
        assert!(limits("{}").unwrap().calls(Operation::PanVerify, 1, 0).is_none());
        for wrong in [
            r#"{"rupees_a_day":-1}"#,
            r#"{"rupees_a_day":10001}"#,
            r#"{"rupees_a_day":1.5}"#,
            r#"{"rupees":1}"#,
            r#"{"calls_a_second":{"pan.verfy":1}}"#,
            r#"{"calls_a_second":{"*":1}}"#,
            r#"{"calls_a_second":{"pan.verify":0}}"#,
            r#"{"calls_a_second":7}"#,
            "7",
        ] {
            assert!(limits(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn a_tenant_has_so_many_one_time_passwords_a_day() {
        let index = Index::from_hex(&"33".repeat(32)).unwrap();
        let of = |text: &str| limits(text).map(|limits| limits.otp(&index, "acme", 0).1.budget.calls);
        assert_eq!([of("{}"), of(r#"{"otps_a_day":7}"#), of(r#"{"otps_a_day":0}"#)], [Some(10_000), Some(7), Some(0)]);
        assert_eq!((of(r#"{"otps_a_day":1000001}"#), of(r#"{"otps_a_day":-1}"#)), (None, None));
        let (place, charge) = TenantLimits::default().otp(&index, "acme", 0);
        assert_ne!(place, TenantLimits::default().otp(&index, "acme", DAY).0);
        let problem = too_many_otps(&charge, charge.until - 9 * SECOND);
        assert_eq!((problem.status(), problem.retry_after), (429, Some(9)));
    }

    #[test]
    fn a_day_is_indias() {
        let index = Index::from_hex(&"33".repeat(32)).unwrap();
        let midnight = 20_000 * DAY - 5 * HOUR - 30 * MINUTE;
        let limits = limits(r#"{"rupees_a_day":50}"#).unwrap();
        let payer = |now| limits.payer(&index, "acme", now).unwrap();
        assert_eq!((payer(midnight).paise, payer(midnight).until), (5_000, midnight + DAY));
        assert_eq!(payer(midnight).place, payer(midnight + DAY - 1).place);
        assert_ne!(payer(midnight).place, payer(midnight - 1).place);
        assert_ne!(payer(midnight).place, limits.payer(&index, "other", midnight).unwrap().place);
        assert!(TenantLimits::default().payer(&index, "acme", midnight).is_none());
    }
}
