//! What the program that calls the gateway does about a problem (contract section 2.4): one word for programs, one sentence for the people who read its log.

use super::{
    BODY_TOO_LARGE, DUPLICATE_REFERENCE, FORBIDDEN, INTERNAL, KEY_NOT_FOUND, METHOD_NOT_ALLOWED, NOT_FOUND, Owner, REFERENCE_ID_NOT_FOUND,
    Row, SERVICE_UNAVAILABLE, SOURCE_TIMEOUT, SOURCE_UNAVAILABLE, UNAUTHORIZED, UNEXPECTED_RESPONSE, UNSANITIZED_VALUES,
    UNSUPPORTED_MEDIA_TYPE, problem_row,
};

/// What the program that calls the gateway does about a problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Remedy {
    /// Changes the request.
    Fix,
    /// Sends the same request again.
    Retry,
    /// Sends it again after the time in `Retry-After`.
    Wait,
    /// Asks whoever runs the gateway.
    Contact,
}

impl Row {
    /// What the caller does about it, where the key is that of a problem.
    #[must_use]
    pub fn remedy(&self) -> Option<Remedy> {
        Some(match (self.http_status(), self.owner()) {
            (..400, _) => return None,
            (429, _) => Remedy::Wait,
            (_, Owner::Operator | Owner::Us) => Remedy::Contact,
            (_, Owner::Vendor) => Remedy::Retry,
            (_, Owner::Caller | Owner::Customer) => Remedy::Fix,
        })
    }
}

/// The keys whose next step is more than their [`Remedy`] says.
#[rustfmt::skip]
const NEXT: &[(&str, &str)] = &[
    (UNAUTHORIZED, "Send a server key, or open a session with POST /v1/sessions."),
    (FORBIDDEN, "Use credentials that may do this. The operator of the gateway grants them."),
    (NOT_FOUND, "Check the path for a typing error."),
    (REFERENCE_ID_NOT_FOUND, "Check the id or the reference_id. A request that was never answered can be sent again as it was."),
    (KEY_NOT_FOUND, "Look for it in GET /v1/keys."),
    (METHOD_NOT_ALLOWED, "Use a method that the Allow header names."),
    (BODY_TOO_LARGE, "Send less at once."),
    (UNSUPPORTED_MEDIA_TYPE, "Send plain JSON, and say so in Content-Type."),
    (DUPLICATE_REFERENCE, "Use a new reference_id."),
    (UNSANITIZED_VALUES, "Leave these characters out: write D Souza for D'Souza. Nothing was sent to a vendor."),
    (INTERNAL, "Send the same request again: it joins what is under way. If this goes on, ask the operator of the gateway and quote the request_id."),
    (UNEXPECTED_RESPONSE, "Send the same request again. If this goes on, ask the operator of the gateway and quote the request_id."),
    (SERVICE_UNAVAILABLE, "Nothing was decided. Send the same request again once the operator of the gateway has settled it with the vendor."),
    (SOURCE_UNAVAILABLE, "Nothing was decided. Send the same request again after the time in Retry-After."),
    (SOURCE_TIMEOUT, "Nothing was decided. Send the same request again."),
];

/// What the caller does next under the key of a problem, as a word and a sentence.
#[must_use]
pub fn next_step(key: &str) -> (Remedy, &'static str) {
    let remedy = problem_row(key).and_then(Row::remedy).unwrap_or(Remedy::Contact);
    let own = NEXT.iter().find(|(known, _)| *known == key).map(|(_, step)| *step);
    let step = own.unwrap_or(match remedy {
        Remedy::Fix => "Correct the request and send it again. Nothing was sent to a vendor.",
        Remedy::Retry => "Send the same request again.",
        Remedy::Wait => "Send it again after the time in Retry-After.",
        Remedy::Contact => "Ask the operator of the gateway, and quote the request_id.",
    });
    (remedy, step)
}

#[cfg(test)]
mod tests {
    use super::super::rows;
    use super::*;

    #[test]
    fn every_problem_says_what_to_do_next() {
        for row in rows() {
            let is_problem = row.http_status() >= 400;
            assert_eq!(row.remedy().is_some(), is_problem, "{}", row.key);
            if is_problem && super::super::public(row.key).is_some_and(|public| public.http_status() >= 400) {
                let (remedy, step) = next_step(row.key);
                assert!(step.ends_with('.') && problem_row(row.key).and_then(Row::remedy) == Some(remedy), "{}: {step}", row.key);
            }
        }
    }

    #[test]
    fn what_a_key_says_beyond_its_remedy_is_of_a_key_that_exists() {
        for (key, _) in NEXT {
            assert!(problem_row(key).and_then(Row::remedy).is_some(), "{key}");
        }
        let of = |key| next_step(key).0;
        assert_eq!(
            ["error_pan_length", SOURCE_TIMEOUT, "error_rate_limited", SERVICE_UNAVAILABLE, INTERNAL].map(of),
            [Remedy::Fix, Remedy::Retry, Remedy::Wait, Remedy::Contact, Remedy::Contact]
        );
    }
}
