//! What a request says of its customer's consent, and whether its tenant is content with that.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{ConsentRecord, ConsentState, ConsentVerdict};
use crate::json::{Node, Object};
use crate::keys;
use crate::problem::Problem;
use crate::time::Millis;

/// The name of the record of a consent in the request of an operation.
pub(crate) const CONSENT_RECORD: &str = "consent_record";

/// What a tenant asks of its requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsentRule {
    /// Nothing is asked of a vendor without a consent that is good.
    Required,
    /// A request may come without one; the one that it names must be good.
    Recorded,
}

/// The consent that a request gives. It may say something of a person, so it is not printed.
#[derive(Default)]
pub enum GivenConsent {
    /// None.
    #[default]
    Nothing,
    /// The id of one that was recorded.
    Named(String),
    /// A record, whole or in part.
    Carried(Map<String, Value>),
}

impl GivenConsent {
    /// The consent in a request whose fields were found sound.
    #[must_use]
    pub fn of(request: &dyn Object) -> Self {
        match request.get(CONSENT_RECORD) {
            Some(Node::Text(id)) => Self::Named(id.to_owned()),
            Some(Node::Object(record)) => {
                let field = |name: &str| Some((name.to_owned(), value(record.get(name)?)));
                Self::Carried(record.names().into_iter().filter_map(field).collect())
            }
            _ => Self::Nothing,
        }
    }

    /// The id of the consent that must still be asked for; `None` where nothing is to be asked.
    ///
    /// # Errors
    /// 403 for what the tenant's rule does not take.
    pub fn demanded(&self, rule: ConsentRule, now: Millis) -> Result<Option<&str>, Problem> {
        match (self, rule) {
            (Self::Named(id), _) => Ok(Some(id)),
            (Self::Nothing | Self::Carried(_), ConsentRule::Recorded) => Ok(None),
            (Self::Nothing, ConsentRule::Required) => Err(refused("The request has no consent_record.")),
            (Self::Carried(record), ConsentRule::Required) => match ConsentRecord::of(record, CONSENT_RECORD, now) {
                Ok(_) => Ok(None),
                Err(errors) => Err(Problem { errors, ..refused("consent_record does not hold a whole consent that is good.") }),
            },
        }
    }
}

/// A value of a record: a text or a list of texts, which is what its fields were found to be.
fn value(node: Node<'_>) -> Value {
    match node {
        Node::Text(text) => text.into(),
        Node::List(list) => list.items().into_iter().map(|item| item.text().map_or(Value::Null, Value::from)).collect(),
        _ => Value::Null,
    }
}

/// The problem of a request that may not be sent to a vendor for want of a consent.
#[must_use]
pub fn refused(detail: &str) -> Problem {
    Problem::new(keys::CONSENT_REQUIRED).detail(detail)
}

/// The problem of a consent that is not there, or not the caller's.
#[must_use]
pub fn unknown() -> Problem {
    Problem::new(keys::CONSENT_NOT_FOUND)
}

impl ConsentVerdict {
    /// Why nothing may be asked under the consent; `None` where it is good.
    #[must_use]
    pub fn refusal(&self) -> Option<Problem> {
        match self {
            Self::Stands(ConsentState::Granted) => None,
            Self::Stands(ConsentState::Withdrawn) => Some(refused("The customer withdrew this consent.")),
            Self::Stands(ConsentState::Expired) => Some(refused("This consent has expired.")),
            Self::Shown { .. } | Self::Another | Self::Unknown => Some(refused("No consent with this id is known here.")),
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use serde_json::json;

    /// 2026-12-01T00:00:00Z.
    const NOW: Millis = 1_796_083_200_000;

    fn demanded(request: &Value, rule: ConsentRule) -> Result<Option<String>, Problem> {
        GivenConsent::of(request.as_object().unwrap()).demanded(rule, NOW).map(|id| id.map(str::to_owned))
    }

    fn whole(changes: &Value) -> Value {
        let mut record = json!({
            "text_version": "v3", "notice_hash": "ab".repeat(32), "language": "en", "purposes": ["KYC"], "items": ["PAN"],
            "granted_at": "2026-11-30T18:30:00Z", "channel": "web",
        });
        record.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        json!({ "consent_record": record })
    }

    #[test]
    fn a_tenant_that_requires_consent_takes_an_id_or_a_whole_record_and_nothing_less() {
        let id = format!("con_{}", "0".repeat(32));
        assert_eq!(demanded(&json!({ "consent_record": id }), ConsentRule::Required).unwrap(), Some(id));
        assert_eq!(demanded(&whole(&json!({})), ConsentRule::Required).unwrap(), None);
        for (request, faults) in [
            (json!({}), vec![]),
            (
                json!({ "consent_record": {} }),
                vec!["text_version", "notice_hash", "language", "purposes", "items", "granted_at", "channel"],
            ),
            (whole(&json!({ "expires_at": "2026-11-30T23:59:59Z" })), vec!["expires_at"]),
            (whole(&json!({ "granted_at": "2026-12-02T00:00:00Z" })), vec!["granted_at"]),
            (whole(&json!({ "items": [] })), vec!["items"]),
        ] {
            let problem = demanded(&request, ConsentRule::Required).err().unwrap();
            assert_eq!((problem.status(), problem.key.as_ref()), (403, keys::CONSENT_REQUIRED), "{request}");
            let named: Vec<_> = problem.errors.iter().map(|fault| fault.field.strip_prefix("consent_record.").unwrap()).collect();
            assert_eq!(named, faults, "{request}");
            assert!(problem.to_json("r").contains("POST /v1/consents"), "the next step");
        }
    }

    #[test]
    fn a_tenant_that_records_consent_asks_about_an_id_alone() {
        for request in
            [json!({}), json!({ "consent_record": {} }), json!({ "consent_record": { "channel": "web" } }), whole(&json!({ "items": [] }))]
        {
            assert_eq!(demanded(&request, ConsentRule::Recorded).unwrap(), None, "{request}");
        }
        let id = format!("con_{}", "0".repeat(32));
        assert_eq!(demanded(&json!({ "consent_record": id }), ConsentRule::Recorded).unwrap(), Some(id));
    }

    #[test]
    fn nothing_is_asked_under_a_consent_that_is_not_good() {
        assert!(ConsentVerdict::Stands(ConsentState::Granted).refusal().is_none());
        let all = [ConsentVerdict::Stands(ConsentState::Withdrawn), ConsentVerdict::Stands(ConsentState::Expired), ConsentVerdict::Unknown];
        for verdict in all {
            assert_eq!(verdict.refusal().unwrap().key, keys::CONSENT_REQUIRED);
        }
    }
}
