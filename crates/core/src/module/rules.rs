//! The settings of protection: `CIRCUIT` and `PLANS`, each JSON. `MAINTENANCE` is [`super::calendar`]'s.

use serde::Deserialize;

use super::calendar::Calendar;
use crate::account::Account;
use crate::time::{Millis, SECOND};
use crate::vendors;

/// The longest window, pause and the like, in seconds.
const HOUR: u32 = 3_600;
/// The longest that a vendor's own word is obeyed, in seconds.
const DAY: u32 = 24 * HOUR;
/// The most calls a second of a plan. Document 003 section 6.3 knows some 200.
const MOST_CALLS: u32 = 10_000;

/// When a circuit opens, and for how long. Times are in seconds.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Rules {
    /// It opens after so many failures one after another.
    pub consecutive: u32,
    /// It opens where so many calls of the window failed, of a hundred.
    pub failed_percent: u32,
    /// And so many calls were made in the window at least.
    pub calls: u32,
    /// The window.
    pub window_s: u32,
    /// How long it is open at first; twice as long after each probe that fails.
    pub pause_s: u32,
    /// And at most.
    pub longest_pause_s: u32,
    /// For how long at most a vendor that asks for patience is not called; 0: only the check that got the response waits.
    pub patience_s: u32,
}

impl Default for Rules {
    fn default() -> Self {
        Self { consecutive: 10, failed_percent: 50, calls: 20, window_s: 60, pause_s: 5, longest_pause_s: 60, patience_s: 900 }
    }
}

impl Rules {
    /// The rules of the setting `CIRCUIT`, a JSON object; what it leaves out is as by default. `None` for a text that is malformed.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        // A list would be taken for its members in order.
        let object: serde_json::Map<String, serde_json::Value> = serde_json::from_str(text).ok()?;
        let rules: Self = serde_json::from_value(object.into()).ok()?;
        let are_counts = [rules.consecutive, rules.calls].iter().all(|count| *count > 0);
        let are_times = (1..=HOUR).contains(&rules.window_s)
            && (1..=HOUR).contains(&rules.longest_pause_s)
            && (1..=rules.longest_pause_s).contains(&rules.pause_s)
            && rules.patience_s <= DAY;
        (are_counts && are_times && (1..=100).contains(&rules.failed_percent)).then_some(rules)
    }

    /// How long the circuit stays open after so many probes that failed.
    #[must_use]
    pub fn pause(&self, probes: u32) -> Millis {
        let longer = 1_u32.checked_shl(probes).unwrap_or(u32::MAX);
        Millis::from(self.pause_s.saturating_mul(longer).min(self.longest_pause_s)).saturating_mul(SECOND)
    }

    /// The window, in milliseconds.
    #[must_use]
    pub fn window(&self) -> Millis {
        Millis::from(self.window_s).saturating_mul(SECOND)
    }

    /// How long a vendor's word is obeyed, in milliseconds.
    #[must_use]
    pub fn patience(&self) -> Millis {
        Millis::from(self.patience_s).saturating_mul(SECOND)
    }
}

/// What the settings say of protection.
#[derive(Clone, Debug)]
pub struct Protection {
    /// When circuits open.
    pub rules: Rules,
    /// How many calls a second modules take.
    plans: Vec<Plan>,
    /// When modules are in maintenance.
    pub calendar: Calendar,
    /// The settings that are malformed, by name. In their place the default counts.
    pub malformed: Vec<&'static str>,
}

impl Protection {
    /// Reads it of the settings, as text.
    #[must_use]
    pub fn read<'a>(text: &dyn Fn(&str) -> Option<&'a str>) -> Self {
        let mut malformed = Vec::new();
        let mut read = |name: &'static str, is_read: &mut dyn FnMut(&str) -> bool| {
            if text(name).is_some_and(|text| !is_read(text)) {
                malformed.push(name);
            }
        };
        let (mut rules, mut agreed, mut calendar) = (None, None, None);
        read("CIRCUIT", &mut |text| {
            rules = Rules::read(text);
            rules.is_some()
        });
        read("PLANS", &mut |text| {
            agreed = plans(text);
            agreed.is_some()
        });
        read("MAINTENANCE", &mut |text| {
            calendar = Calendar::read(text);
            calendar.is_some()
        });
        let (rules, plans, calendar) = (rules.unwrap_or_default(), agreed.unwrap_or_default(), calendar.unwrap_or_default());
        Self { rules, plans, calendar, malformed }
    }

    /// The calls a second of a module under an account, where a plan says so.
    #[must_use]
    pub fn plan(&self, account: &Account, module: &str) -> Option<u32> {
        of(&self.plans, account, module)
    }

    /// Until when a vendor that asks not to be called for so many seconds is not; 0 where its word is not obeyed.
    #[must_use]
    pub fn paused_until(&self, seconds: Option<u32>, now: Millis) -> Millis {
        let asked = Millis::from(seconds.unwrap_or(0)).saturating_mul(SECOND).min(self.rules.patience());
        if asked > 0 { now.saturating_add(asked) } else { 0 }
    }
}

/// How many calls a second a module takes, as it was agreed with the vendor.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Plan {
    account: Account,
    module: String,
    calls_a_second: u32,
}

/// A plan as the setting writes it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    account: String,
    module: String,
    calls_a_second: u32,
}

/// The plans of the setting `PLANS`, a JSON list of `{"account", "module", "calls_a_second"}`; `None` for a text that is malformed, or names what no vendor has.
fn plans(text: &str) -> Option<Vec<Plan>> {
    let written: Vec<Written> = serde_json::from_str(text).ok()?;
    let plan = |Written { account, module, calls_a_second }: Written| {
        let account = known(&account, &module).filter(|_| (1..=MOST_CALLS).contains(&calls_a_second))?;
        Some(Plan { account, module, calls_a_second })
    };
    written.into_iter().map(plan).collect()
}

/// The calls a second of a module under an account, where a plan says so.
fn of(plans: &[Plan], account: &Account, module: &str) -> Option<u32> {
    plans.iter().find(|plan| plan.account == *account && plan.module == module).map(|plan| plan.calls_a_second)
}

/// The account of this text at a vendor that has such a module.
pub(super) fn known(account: &str, module: &str) -> Option<Account> {
    let account = Account::parse(account)?;
    let vendor = vendors::named(account.vendor())?;
    vendors::modules(vendor).any(|known| known == module).then_some(account)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn what_the_setting_leaves_out_is_as_by_default_and_what_is_malformed_is_none() {
        assert_eq!(Rules::read("{}"), Some(Rules::default()));
        assert_eq!(Rules::read(r#"{"consecutive":3}"#), Some(Rules { consecutive: 3, ..Rules::default() }));
        for wrong in [
            "",
            "[]",
            r#"{"consecutive":0}"#,
            r#"{"failed_percent":0}"#,
            r#"{"failed_percent":101}"#,
            r#"{"calls":0}"#,
            r#"{"window_s":0}"#,
            r#"{"pause_s":0}"#,
            r#"{"pause_s":61}"#,
            r#"{"longest_pause_s":3601}"#,
            r#"{"patience_s":86401}"#,
            r#"{"consecutive":-1}"#,
            r#"{"other":1}"#,
        ] {
            assert_eq!(Rules::read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn each_pause_is_twice_as_long_up_to_the_longest() {
        let rules = Rules::default();
        let pauses: Vec<_> = [0, 1, 2, 3, 4, 31, 32, 99].map(|probes| rules.pause(probes).div_euclid(SECOND)).to_vec();
        assert_eq!(pauses, [5, 10, 20, 40, 60, 60, 60, 60]);
    }

    #[test]
    fn a_plan_is_for_an_account_and_a_module_that_its_vendor_has() {
        let plans = plans(r#"[{"account":"decentro/acme","module":"kyc","calls_a_second":50}]"#).unwrap();
        let calls = |account, module| of(&plans, &Account::parse(account).unwrap(), module);
        assert_eq!([calls("decentro/acme", "kyc"), calls("decentro", "kyc"), calls("decentro/acme", "ckyc")], [Some(50), None, None]);
        for wrong in [
            "{}",
            r#"[{"account":"decentro","module":"pan","calls_a_second":50}]"#,
            r#"[{"account":"nobody","module":"kyc","calls_a_second":50}]"#,
            r#"[{"account":"","module":"kyc","calls_a_second":50}]"#,
            r#"[{"account":"decentro","module":"kyc","calls_a_second":0}]"#,
            r#"[{"account":"decentro","module":"kyc","calls_a_second":10001}]"#,
            r#"[{"account":"decentro","module":"kyc"}]"#,
            r#"[{"account":"decentro","module":"kyc","calls_a_second":1,"more":1}]"#,
        ] {
            assert_eq!(super::plans(wrong), None, "{wrong}");
        }
    }
}
