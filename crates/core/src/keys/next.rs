//! What the program that calls the gateway does about a problem (contract section 2.4): one word for programs, one sentence for the people who read its log.

use super::{
    BODY_TOO_LARGE, CHECK_IS_FINAL, CONSENT_REQUIRED, DUPLICATE_REFERENCE, FORBIDDEN, INTERNAL, KEY_NOT_FOUND, METHOD_NOT_ALLOWED,
    MOBILE_NOT_PROVED, NOT_FOUND, NOT_IN_REVIEW, OTP_WRONG, Owner, REFERENCE_ID_NOT_FOUND, Row, SERVICE_UNAVAILABLE, SOURCE_TIMEOUT,
    SOURCE_UNAVAILABLE, UNAUTHORIZED, UNEXPECTED_RESPONSE, UNSANITIZED_VALUES, UNSUPPORTED_MEDIA_TYPE, problem_row,
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
            (429 | 503, _) => Remedy::Wait,
            (_, Owner::Operator) => Remedy::Contact,
            (_, Owner::Vendor | Owner::Us) => Remedy::Retry,
            (_, Owner::Caller | Owner::Customer) => Remedy::Fix,
        })
    }
}

/// The keys whose next step is more than their [`Remedy`] says.
#[rustfmt::skip]
const NEXT: &[(&str, &str)] = &[
    (UNAUTHORIZED, "Send valid credentials: from a server its key, from a page the token of a new session."),
    (FORBIDDEN, "Use credentials that may do this. The operator of the gateway grants them."),
    (MOBILE_NOT_PROVED, "Send the same request again with the token that POST /v1/otp/verify answers. Nothing was sent to a vendor."),
    (OTP_WRONG, "Enter the latest code, or have another sent."),
    (CONSENT_REQUIRED, "Ask the customer for consent, record it with POST /v1/consents, and send its consent_id as consent_record. Nothing was sent to a vendor."),
    (NOT_FOUND, "Check the path for a typing error."),
    (REFERENCE_ID_NOT_FOUND, "Check the id or the reference_id. A request that was never answered can be sent again as it was."),
    (KEY_NOT_FOUND, "Look for it in GET /v1/keys."),
    (METHOD_NOT_ALLOWED, "Use a method that the Allow header names."),
    (BODY_TOO_LARGE, "Send less at once."),
    (UNSUPPORTED_MEDIA_TYPE, "Send JSON, not compressed, as Content-Type: application/json."),
    (DUPLICATE_REFERENCE, "Use a new reference_id."),
    (CHECK_IS_FINAL, "Ask for the check: it says how it ended."),
    (NOT_IN_REVIEW, "Ask for the check, and decide it once it waits for manual review."),
    (UNSANITIZED_VALUES, "Leave these characters out: write D Souza for D'Souza. Nothing was sent to a vendor."),
    (INTERNAL, "Send the same request again, with the same reference_id where it has one. If this goes on, ask the operator of the gateway and quote the request_id."),
    (UNEXPECTED_RESPONSE, "Send the same request again. If this goes on, ask the operator of the gateway and quote the request_id."),
    (SERVICE_UNAVAILABLE, "Nothing was decided. Send the same request again once the operator of the gateway has settled it."),
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
    use super::super::{RATE_LIMITED, Source, VELOCITY, rows, rows_of};
    use super::*;

    #[test]
    fn every_problem_has_a_remedy_and_nothing_else_has() {
        for row in rows() {
            assert_eq!(row.remedy().is_some(), row.http_status() >= 400, "{}", row.key);
        }
        let of = |remedy| {
            let keys = rows_of(Source::GATEWAY).filter(|row| row.remedy() == Some(remedy)).map(|row| row.key);
            keys.collect::<Vec<_>>()
        };
        assert_eq!(of(Remedy::Contact), [SERVICE_UNAVAILABLE]);
        assert_eq!(of(Remedy::Retry), [INTERNAL, UNEXPECTED_RESPONSE, SOURCE_TIMEOUT]);
        assert_eq!(of(Remedy::Wait), [RATE_LIMITED, SOURCE_UNAVAILABLE]);
    }

    #[test]
    fn what_a_key_says_beyond_its_remedy_is_of_a_key_that_exists() {
        for (key, _) in NEXT {
            assert!(problem_row(key).and_then(Row::remedy).is_some(), "{key}");
        }
        assert_eq!(next_step("error_pan_length"), (Remedy::Fix, "Correct the request and send it again. Nothing was sent to a vendor."));
        assert_eq!(next_step(VELOCITY), (Remedy::Wait, "Send it again after the time in Retry-After."));
    }
}
