//! Who brings a one-time password to the telephone: one request of HTTP, which any provider of text messages can be put behind.
//!
//! `POST` to the setting `OTP_SENDER` with `Authorization: Bearer` and the setting `OTP_SENDER_SECRET`; the body is `{to, code, text}`: the number's ten digits, the six of the code, and a
//! sentence with both that is meant for the customer. Any 2xx means that the message was taken. Source: contract section 2.13.

use serde_json::json;

use super::Passcode;
use crate::http::{Exchange, HttpRequest, Method};
use crate::ids::MobileNumber;
use crate::keys;
use crate::problem::Problem;
use crate::secret::Secret;

/// The largest answer that is read, in bytes; nothing in it counts.
pub const MOST_ANSWER: usize = 16 * 1024;
/// When it is worth trying again, in seconds, where the sender does not say.
const AGAIN: u32 = 5;

/// Where codes are handed over, and under which secret.
pub struct Sender {
    url: String,
    secret: Secret<String>,
}

impl Sender {
    pub(crate) const fn new(url: String, secret: String) -> Self {
        Self { url, secret: Secret::new(secret) }
    }

    /// The request that has a code sent.
    #[must_use]
    pub fn request(&self, mobile: &MobileNumber, code: &Passcode) -> HttpRequest {
        let text = format!("{} is your code to confirm this mobile number. It is valid for 15 minutes. Tell it to nobody.", code.expose());
        let body = json!({ "to": mobile.expose(), "code": code.expose(), "text": text });
        HttpRequest {
            method: Method::Post,
            url: self.url.clone(),
            headers: vec![("authorization", Secret::new(format!("Bearer {}", self.secret.expose())))],
            body: Some(Secret::new(body.to_string())),
        }
    }
}

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handover {
    /// The sender took it.
    Taken,
    /// It certainly did not, and may take the next one after so many seconds.
    NotTaken(u32),
    /// It refuses us: the setting is wrong.
    RefusesUs,
    /// Nobody knows: it may arrive.
    Unknown,
}

impl Handover {
    /// What an exchange says.
    #[must_use]
    pub fn of(exchange: &Exchange) -> Self {
        match exchange {
            Exchange::Answered(response) => match response.status {
                200..=299 => Self::Taken,
                429 | 500.. => Self::NotTaken(response.retry_after.unwrap_or(AGAIN).max(1)),
                _ => Self::RefusesUs,
            },
            // It answered, more than anybody reads.
            Exchange::TooLarge => Self::Taken,
            Exchange::NotSent => Self::NotTaken(AGAIN),
            Exchange::TimedOut | Exchange::Broken => Self::Unknown,
        }
    }

    /// Whether the code is as good as never sent.
    #[must_use]
    pub const fn is_taken_back(self) -> bool {
        matches!(self, Self::NotTaken(_) | Self::RefusesUs)
    }

    /// What is told of it.
    ///
    /// # Errors
    /// 503 where the sender is down or did not answer, 502 where it refuses us.
    pub fn result(self) -> Result<(), Problem> {
        match self {
            Self::Taken => Ok(()),
            Self::NotTaken(seconds) => Err(Problem::new(keys::SOURCE_UNAVAILABLE).retry_after(seconds)),
            Self::Unknown => Err(Problem::new(keys::SOURCE_UNAVAILABLE).retry_after(AGAIN).detail(MAY_ARRIVE)),
            Self::RefusesUs => Err(Problem::new(keys::SERVICE_UNAVAILABLE)),
        }
    }
}

/// What is told where nobody knows.
const MAY_ARRIVE: &str = "The code may still arrive, and is good then.";

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
    use serde_json::Value;

    use super::*;
    use crate::http::HttpResponse;

    #[test]
    fn the_request_is_the_contracts() {
        let sender = Sender::new("https://sms.example/send".into(), "key".into());
        let request = sender.request(&MobileNumber::parse("9876543210").unwrap(), &Passcode::typed("012345").unwrap());
        assert_eq!((request.method, request.url.as_str()), (Method::Post, "https://sms.example/send"));
        assert_eq!(
            request.headers.iter().map(|(name, value)| (*name, value.expose().as_str())).collect::<Vec<_>>(),
            [("authorization", "Bearer key")]
        );
        let body: Value = serde_json::from_str(request.body.unwrap().expose()).unwrap();
        assert_eq!((&body["to"], &body["code"]), (&json!("9876543210"), &json!("012345")));
        assert!(body["text"].as_str().unwrap().starts_with("012345 is your code"));
    }

    #[test]
    fn only_a_2xx_is_taken_and_what_is_not_known_may_arrive() {
        let answered = |status, retry_after| Exchange::Answered(HttpResponse { status, retry_after, body: Secret::new(Vec::new()) });
        for (exchange, handover, status, retry_after) in [
            (answered(204, None), Handover::Taken, None, None),
            (answered(503, Some(7)), Handover::NotTaken(7), Some(503), Some(7)),
            (answered(500, None), Handover::NotTaken(5), Some(503), Some(5)),
            (answered(429, Some(0)), Handover::NotTaken(1), Some(503), Some(1)),
            (answered(401, None), Handover::RefusesUs, Some(502), None),
            (answered(302, None), Handover::RefusesUs, Some(502), None),
            (Exchange::NotSent, Handover::NotTaken(5), Some(503), Some(5)),
            (Exchange::TimedOut, Handover::Unknown, Some(503), Some(5)),
            (Exchange::Broken, Handover::Unknown, Some(503), Some(5)),
        ] {
            let known = Handover::of(&exchange);
            let problem = known.result().err();
            assert_eq!(
                (known, problem.as_ref().map(Problem::status), problem.and_then(|problem| problem.retry_after)),
                (handover, status, retry_after)
            );
            assert_eq!(known.is_taken_back(), status.is_some() && known != Handover::Unknown);
        }
    }
}
