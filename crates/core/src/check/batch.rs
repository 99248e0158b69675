//! A batch: many requests of one operation in one body, each a check of its own (contract section 2.3).
//!
//! Items with the same reference are found before anything is sent: only the first of them is run.

use serde_json::Value;

use super::Claim;
use crate::ids::ReferenceId;
use crate::json;
use crate::keys;
use crate::operations::{Operation, Request};
use crate::problem::Problem;

/// The most items of one batch.
const MOST: usize = 100;
/// When an item that had not begun is worth sending again, in seconds.
const RETRY_AFTER: u32 = 5;

/// What there is to do about an item.
pub enum Item {
    /// Run its check.
    Run(Claim),
    /// Nothing: the item at this place of the batch asks the same.
    Same(usize),
    /// Nothing: it is refused.
    Refused(Problem),
}

/// The items of a body.
///
/// # Errors
/// [`Problem::malformed`]: no JSON, no list, too many or none.
pub fn items(body: &[u8]) -> Result<Vec<Value>, Problem> {
    let mut map = json::object(body).map_err(|malformed| Problem::malformed(malformed.0, None))?;
    Problem::of_unknown(&map, &["items"], "")?;
    match map.get_mut("items").map(Value::take) {
        Some(Value::Array(items)) if (1..=MOST).contains(&items.len()) => Ok(items),
        _ => Err(Problem::malformed(format!("items should be a list of 1 to {MOST} requests."), Some("items".into()))),
    }
}

/// The request of an item.
///
/// # Errors
/// [`Problem::malformed`] for what is no object, else those of [`Request::parse`].
pub fn request(operation: Operation, item: &Value) -> Result<Request, Problem> {
    let map = item.as_object().ok_or_else(|| Problem::malformed("Each item should be an object.".into(), None))?;
    Request::parse(operation, map)
}

/// The reference of an item, where it is a sound one.
#[must_use]
pub fn reference(item: &Value) -> Option<String> {
    let text = item.get("reference_id")?.as_str()?;
    ReferenceId::faults(text).is_empty().then(|| text.trim().to_owned())
}

/// What there is to do about each item. Under one reference the same meaning is the same check, and another meaning a conflict.
#[must_use]
pub fn classified(claims: impl Iterator<Item = Result<Claim, Problem>>) -> Vec<Item> {
    let mut known: Vec<(String, String, usize)> = Vec::new();
    let mut classify = |place: usize, claim: Claim| match known.iter().find(|(reference, ..)| *reference == claim.reference_id) {
        Some((_, meaning, first)) if *meaning == claim.fingerprint => Item::Same(*first),
        Some(_) => Item::Refused(Problem::of_conflict()),
        None => {
            known.push((claim.reference_id.clone(), claim.fingerprint.clone(), place));
            Item::Run(claim)
        }
    };
    claims.enumerate().map(|(place, claim)| claim.map_or_else(Item::Refused, |claim| classify(place, claim))).collect()
}

/// The problem of an item that was not begun within the batch's time. Nothing was claimed.
#[must_use]
pub fn not_begun() -> Problem {
    Problem::new(keys::SOURCE_UNAVAILABLE).retry_after(RETRY_AFTER).detail("Not begun in this batch.")
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::seal::Index;
    use serde_json::json;

    fn claim(reference: &str, purpose: &str) -> Result<Claim, Problem> {
        let item =
            json!({ "reference_id": reference, "document_type": "PAN", "id_number": "ABCPE1234F", "consent": "Y", "purpose": purpose });
        let index = Index::from_hex(&"33".repeat(32)).unwrap();
        Claim::of(&request(Operation::PanVerify, &item)?, "acme", Vec::new(), None, &index)
    }

    #[test]
    fn of_one_reference_the_first_is_run_the_same_again_is_the_same_and_another_meaning_a_conflict() {
        let claims = [
            claim("R1", "KYC onboarding"),
            claim("R2", "KYC onboarding"),
            claim("R1", "KYC onboarding"),
            claim("R1", "Another purpose"),
            claim("", "KYC"),
        ];
        let classified: Vec<_> = classified(claims.into_iter())
            .into_iter()
            .map(|item| match item {
                Item::Run(claim) => format!("run {}", claim.reference_id),
                Item::Same(first) => format!("same as {first}"),
                Item::Refused(problem) => format!("refused {}", problem.status()),
            })
            .collect();
        assert_eq!(classified, ["run R1", "run R2", "same as 0", "refused 409", "refused 400"]);
    }

    #[test]
    fn a_batch_is_a_list_of_one_to_a_hundred_objects() {
        let of = |list: &Value| items(json!({ "items": list }).to_string().as_bytes()).map(|items| items.len());
        assert_eq!(of(&json!([{}])).unwrap(), 1);
        assert_eq!(of(&Value::Array(vec![json!({}); MOST])).unwrap(), MOST);
        for wrong in [json!([]), json!({}), json!(null), Value::Array(vec![json!({}); MOST.saturating_add(1)])] {
            assert_eq!(of(&wrong).err().unwrap().status(), 400);
        }
        assert_eq!(items(br#"{"items":[{}],"more":1}"#).err().unwrap().status(), 400);
        assert_eq!(request(Operation::PanVerify, &json!(7)).err().unwrap().status(), 400);
        assert_eq!(
            [json!({ "reference_id": " R_1 " }), json!({ "reference_id": "R 1" }), json!(7)].map(|item| reference(&item)),
            [Some("R_1".into()), None, None]
        );
        assert_eq!((not_begun().status(), not_begun().retry_after), (503, Some(RETRY_AFTER)));
    }
}
