//! Misbehaviour on request: what a fault does to the next calls of an operation.
//!
//! A fault either keeps the vendor from doing the work (`drop_request`, `reset`, `status`, `redirect`) or spoils an answer whose work is
//! done and recorded (all others). Faults wait in one queue per operation and kind, first in, first out; `times` calls take one. One that is meant for a check waits for
//! that check's calls alone.

use std::collections::VecDeque;

use serde::Deserialize;
use serde_json::Value;
use toran_core::operations::Operation;
use toran_core::vendors::sim::Kind;
use toran_core::vendors::sim::payments::{self, Act};

/// The longest delay, in milliseconds.
const MAX_DELAY: u64 = 600_000;
/// The largest number of calls that one order spoils.
const MAX_TIMES: u32 = 10_000;

/// What happens to one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The answer comes so many milliseconds late.
    Delay(u64),
    /// Nothing is done, and the connection is closed.
    DropRequest,
    /// The work is done, and the connection is closed.
    DropResponse,
    /// Nothing is done, and the connection is reset.
    Reset,
    /// Nothing is done, and a bare HTTP status says so, perhaps with `Retry-After` and `X-RateLimit-Reset` in seconds.
    Status(u16, Option<u32>, Option<u32>),
    /// The answer says that no call remains before so many seconds have passed: `X-RateLimit-Remaining` and `X-RateLimit-Reset`.
    UsedUp(u32),
    /// 200 and no body.
    Empty,
    /// The connection ends in the middle of the JSON.
    Truncate,
    /// Bytes that are no text.
    Garble,
    /// 200 and an error page.
    Html,
    /// The headers at once, the body byte by byte.
    SlowBody,
    /// The answer in three megabytes.
    Oversize,
    /// Every value has another type.
    WrongType,
    /// Nothing is done, and the caller is sent elsewhere.
    Redirect,
}

impl Fault {
    /// Whether the vendor does what it was asked.
    pub(crate) const fn works(self) -> bool {
        !matches!(self, Self::DropRequest | Self::Reset | Self::Status(..) | Self::Redirect)
    }

    /// Whether a patient caller can read the key in the answer.
    pub(crate) const fn legible(self) -> bool {
        matches!(self, Self::Delay(_) | Self::SlowBody | Self::Oversize | Self::UsedUp(_))
    }

    /// The HTTP status that goes out when the vendor means `status`; `None` when nothing goes out.
    pub(crate) const fn status(self, status: u16) -> Option<u16> {
        match self {
            Self::DropRequest | Self::DropResponse | Self::Reset => None,
            Self::Status(status, ..) => Some(status),
            Self::Empty | Self::Html => Some(200),
            Self::Redirect => Some(302),
            _ => Some(status),
        }
    }
}

/// The body of `POST /_sandbox/faults`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Order {
    operation: Operation,
    #[serde(default = "once")]
    times: u32,
    fault: Name,
    ms: Option<u64>,
    status: Option<u16>,
    retry_after: Option<u32>,
    reset: Option<u32>,
    /// What the customer does.
    act: Option<String>,
    #[serde(default)]
    kind: Target,
    /// The id of the check whose calls it is meant for.
    check: Option<String>,
}

const fn once() -> u32 {
    1
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Name {
    Delay,
    DropRequest,
    DropResponse,
    Reset,
    Status,
    UsedUp,
    Empty,
    Truncate,
    Garble,
    Html,
    SlowBody,
    Oversize,
    WrongType,
    Redirect,
    /// What the next customer does who is given a payment link.
    Customer,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Target {
    #[default]
    Post,
    Status,
    Encrypt,
    Decrypt,
}

impl Order {
    fn fault(&self) -> Result<Fault, String> {
        match (self.fault, self.ms, self.status) {
            (Name::Delay, Some(ms @ 0..=MAX_DELAY), None) => Ok(Fault::Delay(ms)),
            (Name::Delay, ..) => Err(format!("`delay` needs `ms`, from 0 to {MAX_DELAY}, and no `status`.")),
            (Name::Status, None, Some(status @ 200..=599)) => Ok(Fault::Status(status, self.retry_after, self.reset)),
            (Name::UsedUp, None, None) if self.retry_after.is_none() => {
                self.reset.map(Fault::UsedUp).ok_or_else(|| "`used_up` needs `reset`.".into())
            }
            (Name::Status, ..) => Err("`status` needs `status`, from 200 to 599, and no `ms`.".into()),
            (_, None, None) if self.retry_after.is_none() && self.reset.is_none() => self.plain(),
            _ => Err("Only `delay` takes `ms`, only `status` takes `status` and `retry_after`, and `reset` is `status`'s and `used_up`'s."
                .into()),
        }
    }

    fn plain(&self) -> Result<Fault, String> {
        Ok(match self.fault {
            Name::DropRequest => Fault::DropRequest,
            Name::DropResponse => Fault::DropResponse,
            Name::Reset => Fault::Reset,
            Name::Empty => Fault::Empty,
            Name::Truncate => Fault::Truncate,
            Name::Garble => Fault::Garble,
            Name::Html => Fault::Html,
            Name::SlowBody => Fault::SlowBody,
            Name::Oversize => Fault::Oversize,
            Name::WrongType => Fault::WrongType,
            Name::Redirect => Fault::Redirect,
            Name::Delay | Name::Status | Name::UsedUp | Name::Customer => return Err("This fault needs more fields.".into()),
        })
    }
}

#[derive(Debug)]
struct Waiting {
    operation: Operation,
    kind: Kind,
    fault: Fault,
    times: u32,
    /// What the wire references begin with that it is meant for: a check's place.
    place: Option<String>,
}

impl Waiting {
    fn is_for(&self, reference: Option<&str>) -> bool {
        self.place.as_ref().is_none_or(|place| reference.is_some_and(|reference| reference.starts_with(place)))
    }
}

/// The faults that wait for their calls.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    waiting: VecDeque<Waiting>,
    /// What the next customers do who are given a payment link.
    customers: VecDeque<&'static Act>,
}

impl Faults {
    /// Takes an order.
    ///
    /// # Errors
    /// What is wrong with it, for a person.
    pub(crate) fn order(&mut self, body: &[u8]) -> Result<(), String> {
        let order: Order = serde_json::from_slice(body).map_err(|error| error.to_string())?;
        if let (Name::Customer, act) = (order.fault, order.act.as_deref()) {
            let act = act.and_then(payments::named).ok_or_else(|| format!("`customer` needs `act`: {}.", payments::names()))?;
            self.customers.push_back(act);
            return Ok(());
        }
        let fault = order.fault()?;
        if !(1..=MAX_TIMES).contains(&order.times) {
            return Err(format!("`times` is a number from 1 to {MAX_TIMES}."));
        }
        let kind = match order.kind {
            Target::Post => Kind::Post,
            Target::Status => Kind::Status,
            Target::Encrypt => Kind::Encrypt,
            Target::Decrypt => Kind::Decrypt,
        };
        let place =
            order.check.as_deref().map(|check| check.strip_prefix("chk_").ok_or("`check` is a check's id: `chk_...`.")).transpose()?;
        let place = place.map(str::to_owned);
        self.waiting.push_back(Waiting { operation: order.operation, kind, fault, times: order.times, place });
        Ok(())
    }

    /// What the next customer does; `does` says whether they could.
    pub(crate) fn customer(&mut self, does: impl FnOnce(&'static Act) -> bool) {
        if self.customers.front().is_some_and(|act| does(act)) {
            self.customers.pop_front();
        }
    }

    /// The fault of the next call, under this reference, if one waits for it.
    pub(crate) fn take(&mut self, operation: Operation, kind: Kind, reference: Option<&str>) -> Option<Fault> {
        let is_meant = |waiting: &Waiting| (waiting.operation, waiting.kind) == (operation, kind) && waiting.is_for(reference);
        let index = self.waiting.iter().position(is_meant)?;
        let waiting = self.waiting.get_mut(index)?;
        let fault = waiting.fault;
        waiting.times = waiting.times.saturating_sub(1);
        if waiting.times == 0 {
            self.waiting.remove(index);
        }
        Some(fault)
    }
}

/// The same structure with every value of another type.
pub(crate) fn mistyped(value: &Value) -> Value {
    match value {
        Value::Object(map) => Value::Object(map.iter().map(|(key, value)| (key.clone(), mistyped(value))).collect()),
        Value::Array(items) => Value::Array(items.iter().map(mistyped).collect()),
        Value::String(_) => 7.into(),
        Value::Number(number) => number.to_string().into(),
        Value::Bool(flag) => Value::Array(vec![Value::Bool(*flag)]),
        Value::Null => Value::Bool(true),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn ordered(body: &str) -> Result<Faults, String> {
        let mut faults = Faults::default();
        faults.order(body.as_bytes()).map(|()| faults)
    }

    #[test]
    fn faults_are_taken_in_order_and_as_often_as_asked() {
        let mut faults = ordered(r#"{"operation":"pan.verify","times":2,"fault":"reset"}"#).unwrap();
        faults.order(br#"{"operation":"pan.verify","fault":"status","status":429,"retry_after":3}"#).unwrap();
        let taken: Vec<_> = (0..4).map(|_| faults.take(Operation::PanVerify, Kind::Post, None)).collect();
        assert_eq!(taken, [Some(Fault::Reset), Some(Fault::Reset), Some(Fault::Status(429, Some(3), None)), None]);
    }

    #[test]
    fn a_fault_waits_for_its_own_operation_and_kind() {
        let mut faults = ordered(r#"{"operation":"mobile.account","kind":"status","fault":"empty"}"#).unwrap();
        assert_eq!(faults.take(Operation::PanVerify, Kind::Post, None), None);
        assert_eq!(faults.take(Operation::MobileAccount, Kind::Post, None), None);
        assert_eq!(faults.take(Operation::MobileAccount, Kind::Status, None), Some(Fault::Empty));
    }

    #[test]
    fn an_order_that_cannot_be_carried_out_is_refused_with_the_reason() {
        for (body, reason) in [
            (r#"{"operation":"pan.verify","fault":"explode"}"#, "drop_request"),
            (r#"{"operation":"pan.guess","fault":"reset"}"#, "mobile.account"),
            (r#"{"operation":"pan.verify","fault":"delay"}"#, "ms"),
            (r#"{"operation":"pan.verify","fault":"status"}"#, "from 200"),
            (r#"{"operation":"pan.verify","fault":"status","status":7}"#, "from 200"),
            (r#"{"operation":"pan.verify","fault":"empty","ms":7}"#, "Only"),
            (r#"{"operation":"pan.verify","fault":"empty","reset":7}"#, "Only"),
            (r#"{"operation":"pan.verify","fault":"used_up"}"#, "reset"),
            (r#"{"operation":"pan.verify","fault":"empty","times":0}"#, "times"),
            (r#"{"operation":"pan.verify","fault":"empty","time":1}"#, "time"),
            (r#"{"fault":"empty"}"#, "operation"),
            ("", "EOF"),
        ] {
            let said = ordered(body).unwrap_err();
            assert!(said.contains(reason), "{body}: {said}");
        }
    }

    #[test]
    fn no_value_keeps_its_type() {
        let value = serde_json::json!({ "a": "x", "b": 1, "c": true, "d": null, "e": [{ "f": "y" }] });
        assert_eq!(mistyped(&value), serde_json::json!({ "a": 7, "b": "1", "c": [true], "d": true, "e": [{ "f": 7 }] }));
    }
}
