//! The maintenance that vendors announce: daily windows, in Indian time, in which a module is not called. None by default, for document 003 section 8.9 names no times.

use serde::{Deserialize, Serialize};

use super::rules::known;
use crate::account::Account;
use crate::time::{DAY, MINUTE, Millis, indian_day};

/// So many minutes a day has.
const DAY_MINUTES: u32 = 24 * 60;

/// A window of every day.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Window {
    account: Account,
    module: String,
    /// When it begins, in minutes after midnight in India.
    from: u32,
    /// When it ends, likewise; one that is not after its beginning ends on the next day.
    to: u32,
}

/// The windows of all modules.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar(Vec<Window>);

/// When a window begins and ends every day, as `HH:MM` in Indian time.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Daily {
    from: String,
    to: String,
}

/// A window as the setting writes it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    account: String,
    module: String,
    from: String,
    to: String,
}

impl Calendar {
    /// The calendar of the setting `MAINTENANCE`, a JSON list of `{"account", "module", "from", "to"}`, with times as `HH:MM`; `None` for a text that is malformed, or names what no vendor has.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let written: Vec<Written> = serde_json::from_str(text).ok()?;
        let window = |Written { account, module, from, to }: Written| {
            let account = known(&account, &module)?;
            let (from, to) = (minutes(&from)?, minutes(&to)?);
            (from != to).then_some(Window { account, module, from, to })
        };
        written.into_iter().map(window).collect::<Option<_>>().map(Self)
    }

    /// The first window of a module, as the setting writes it.
    #[must_use]
    pub fn daily(&self, account: &Account, module: &str) -> Option<Daily> {
        let window =
            self.0.iter().filter(|window| window.account == *account && window.module == module).min_by_key(|window| window.from)?;
        let clock = |minutes: u32| format!("{:02}:{:02}", minutes.div_euclid(60), minutes.rem_euclid(60));
        Some(Daily { from: clock(window.from), to: clock(window.to) })
    }

    /// When the window ends in which a module is now.
    #[must_use]
    pub fn held(&self, account: &Account, module: &str, now: Millis) -> Option<Millis> {
        let of_it = self.0.iter().filter(|window| window.account == *account && window.module == module);
        of_it.filter_map(|window| window.end(now)).max()
    }
}

impl Window {
    /// When it ends, where it has begun.
    fn end(&self, now: Millis) -> Option<Millis> {
        let (_, tomorrow) = indian_day(now);
        let midnight = tomorrow.saturating_sub(DAY);
        let at = |minutes: u32| midnight.saturating_add(Millis::from(minutes).saturating_mul(MINUTE));
        let (from, to) = (at(self.from), at(self.to));
        if self.from < self.to {
            return (from <= now && now < to).then_some(to);
        }
        // Over midnight: it began today, or yesterday.
        if from <= now { Some(to.saturating_add(DAY)) } else { (now < to).then_some(to) }
    }
}

/// `HH:MM` as minutes after midnight.
fn minutes(text: &str) -> Option<u32> {
    let (hours, minutes) = text.split_once(':')?;
    let number = |text: &str| text.parse::<u32>().ok().filter(|_| text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit()));
    let at = number(hours)?.checked_mul(60)?.checked_add(number(minutes).filter(|minutes| *minutes < 60)?)?;
    (at < DAY_MINUTES).then_some(at)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::arithmetic_side_effects, clippy::integer_division_remainder_used, clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::time::HOUR;

    /// 1 December 2026, midnight in India.
    const MIDNIGHT: Millis = 1_796_063_400_000;

    fn calendar(from: &str, to: &str) -> Calendar {
        Calendar::read(&format!(r#"[{{"account":"decentro","module":"ckyc","from":"{from}","to":"{to}"}}]"#)).unwrap()
    }

    fn end(calendar: &Calendar, minutes: Millis) -> Option<Millis> {
        let account = Account::common("decentro");
        calendar.held(&account, "ckyc", MIDNIGHT + minutes * MINUTE).map(|end| (end - MIDNIGHT) / MINUTE)
    }

    #[test]
    fn a_window_is_of_every_day_in_indian_time() {
        let early = calendar("02:00", "04:30");
        let at = [119, 120, 269, 270, 1_439, 1_440 + 120].map(|minutes| end(&early, minutes));
        assert_eq!(at, [None, Some(270), Some(270), None, None, Some(1_440 + 270)]);
    }

    #[test]
    fn a_window_may_go_over_midnight() {
        let night = calendar("23:30", "04:00");
        let at = [-30, -1, 0, 239, 240, 1_409, 1_410].map(|minutes| end(&night, minutes));
        assert_eq!(at, [Some(240), Some(240), Some(240), Some(240), None, None, Some(1_440 + 240)]);
    }

    #[test]
    fn a_window_is_of_one_account_and_one_module_and_the_longest_counts() {
        let both = Calendar::read(
            r#"[{"account":"decentro","module":"ckyc","from":"00:00","to":"01:00"},{"account":"decentro","module":"ckyc","from":"00:30","to":"03:00"}]"#,
        )
        .unwrap();
        assert_eq!([end(&both, 15), end(&both, 45)], [Some(60), Some(180)]);
        let held = |account, module| both.held(&Account::parse(account).unwrap(), module, MIDNIGHT + HOUR / 4);
        assert_eq!([held("decentro/acme", "ckyc"), held("decentro", "kyc")], [None, None]);
        assert_eq!(Calendar::default().held(&Account::common("decentro"), "ckyc", MIDNIGHT), None);
    }

    #[test]
    fn what_is_no_time_or_no_module_is_malformed() {
        let of =
            |module: &str, from: &str, to: &str| format!(r#"[{{"account":"decentro","module":"{module}","from":"{from}","to":"{to}"}}]"#);
        for (from, to) in [("24:00", "01:00"), ("1:00", "02:00"), ("01:60", "02:00"), ("01:00", "01:00"), ("", "01:00"), ("+1:00", "02:00")]
        {
            assert_eq!(Calendar::read(&of("ckyc", from, to)), None, "{from} to {to}");
        }
        for wrong in ["", "{}", &of("cersai", "01:00", "02:00"), r#"[{"account":"decentro","module":"ckyc","from":"01:00"}]"#] {
            assert_eq!(Calendar::read(wrong), None, "{wrong}");
        }
    }
}
