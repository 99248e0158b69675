//! Finding one check for an operator: by the caller's reference, the public id, or a reference that a vendor knows. What is told of it has nothing personal.

use serde_json::{Value, json};

use super::exits::is_yes;
use super::{Check, Phase};
use crate::ids::ReferenceId;
use crate::journal::RUPEE;
use crate::keys;
use crate::machine::{Facts, Machine};
use crate::operations::Class;
use crate::place::{CheckAddress, Identity, Place};
use crate::problem::Problem;
use crate::seal::Index;
use crate::time::rfc3339;
use crate::vendors::callback;

/// By what a check is searched: `POST /v1/ops/search`.
#[derive(Debug, PartialEq, Eq)]
pub enum Wanted {
    /// The caller's reference.
    ReferenceId(String),
    /// The public id.
    Id(Place),
    /// A reference as a vendor knows it, and the place that it names.
    WireReference(String, Place),
}

impl Wanted {
    /// Reads a body: an object with exactly one member.
    ///
    /// # Errors
    /// 400 for anything else, and 404 for what cannot name a check.
    pub fn read(body: &[u8]) -> Result<Self, Problem> {
        const NAMES: [&str; 3] = ["reference_id", "id", "wire_reference"];
        let map = crate::json::object(body).map_err(|malformed| Problem::malformed(malformed.0, None))?;
        Problem::of_unknown(&map, &NAMES, "")?;
        let text = |name: &str| map.get(name).and_then(Value::as_str).map(str::trim);
        let unknown = || Problem::new(keys::REFERENCE_ID_NOT_FOUND);
        match (map.len(), NAMES.map(text)) {
            (1, [Some(reference_id), ..]) => {
                let known = ReferenceId::parse(reference_id).map_err(|_| unknown())?;
                Ok(Self::ReferenceId(known.as_str().to_owned()))
            }
            (1, [_, Some(id), _]) => Place::of_id(id).map(Self::Id).ok_or_else(unknown),
            (1, [.., Some(reference)]) => {
                let (place, _) = callback::named(reference).ok_or_else(unknown)?;
                Ok(Self::WireReference(reference.to_ascii_lowercase(), place))
            }
            _ => Err(Problem::malformed("One of reference_id, id and wire_reference should be there, as a text.".into(), None)),
        }
    }

    /// The place of the check, if there is one.
    #[must_use]
    pub fn place(&self, index: &Index, tenant: &str) -> Place {
        match self {
            Self::ReferenceId(reference_id) => CheckAddress::new(index, tenant, reference_id).place,
            Self::Id(place) | Self::WireReference(_, place) => *place,
        }
    }

    /// The reference that one of the check's requests must have gone by.
    #[must_use]
    pub fn into_wire_reference(self) -> Option<String> {
        match self {
            Self::WireReference(reference, _) => Some(reference),
            Self::ReferenceId(_) | Self::Id(_) => None,
        }
    }
}

impl Check {
    /// Whether a request of it went by this reference, as some vendor writes it.
    #[must_use]
    pub fn went_by(&self, identity: &Identity, reference: &str) -> bool {
        callback::named(reference).is_some_and(|(_, attempt)| {
            (1..=self.attempts).contains(&attempt) && callback::is_written(&identity.wire_reference(attempt), reference)
        })
    }

    /// What an operator sees of it, and the way to its timeline; as JSON text.
    #[must_use]
    pub fn summary(&self, identity: &Identity) -> String {
        let Facts { operation, phase, outcome, key, .. } = self.facts();
        let (account, id) = (self.account(), identity.place.id());
        let is_named = self.class != Class::Read && self.attempts > 0;
        let paise = match &self.phase {
            _ if self.class != Class::Money => Some(0),
            Phase::Finished { answer, .. } => Some(if is_yes(&answer.finding) { RUPEE } else { 0 }),
            Phase::Ended { .. } | Phase::Released => Some(0),
            _ => None,
        };
        let check = json!({
            "id": id,
            "operation": operation,
            "phase": phase,
            "outcome": outcome,
            "key": key,
            "vendor": account.vendor(),
            "account": account.name(),
            "attempts": self.attempts,
            "wire_reference": is_named.then(|| identity.wire_reference(self.attempts)),
            "began": rfc3339(self.claimed_at),
            "cost": self.cost,
            "paise": paise,
        });
        json!({ "check": check, "timeline": format!("/v1/checks/{id}/timeline") }).to_string()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    const PLACE: &str = "00112233445566778899aabbccddeeff";

    #[test]
    fn a_check_is_searched_by_one_of_three_names() {
        let place = Place::parse(PLACE).unwrap();
        let read = |body: Value| Wanted::read(body.to_string().as_bytes());
        assert_eq!(read(json!({ "id": format!("chk_{PLACE}") })), Ok(Wanted::Id(place)));
        assert_eq!(read(json!({ "reference_id": "REF_0001" })), Ok(Wanted::ReferenceId("REF_0001".into())));
        let wire = format!("{PLACE}{}01", "AB".repeat(16));
        assert_eq!(read(json!({ "wire_reference": wire })), Ok(Wanted::WireReference(wire.to_lowercase(), place)));
        for (body, status) in [
            (json!({}), 400),
            (json!({ "id": 1 }), 400),
            (json!({ "id": "chk_1", "reference_id": "REF_0001" }), 400),
            (json!({ "reference": "REF_0001" }), 400),
            (json!({ "id": "chk_1" }), 404),
            (json!({ "wire_reference": "UTR123" }), 404),
        ] {
            assert_eq!(read(body.clone()).unwrap_err().status(), status, "{body}");
        }
    }
}
