//! What the Worker asks of a check's register, and what it is told.
//!
//! During a deploy old and new code speak to each other, so a message says its version, and the forms of this version and the one before it are pinned by
//! tests. Unknown members are ignored; a message of a later version is refused, and its sender tries again.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Claim, Ruling, View};
use crate::keys;
use crate::operations::subject::Named;
use crate::operations::{Audience, Operation};
use crate::place::Place;
use crate::problem::Problem;
use crate::seal::Index;
use crate::session::Subject;
use crate::time::{Millis, seconds_until};
use crate::vendors::Account;
use crate::vendors::callback::Delivery;

/// The version of the messages that this release writes.
pub const VERSION: u8 = 1;

/// How soon to ask again about a check that waits for manual review, in seconds.
const REVIEW_RETRY_AFTER: u32 = 3_600;

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asker {
    /// For whom the answer is rendered.
    pub audience: Audience,
    /// The family of the browser's session; none for a server.
    pub session: Option<String>,
    /// The operations whose checks may be seen; none for all.
    pub sees: Option<Vec<Operation>>,
    /// The customer of the session.
    pub subject: Option<Subject>,
}

impl Asker {
    /// A server that may see everything of its tenant.
    #[must_use]
    pub const fn server() -> Self {
        Self { audience: Audience::Server, session: None, sees: None, subject: None }
    }

    /// What is told of a check of an operation that may not be seen.
    #[must_use]
    pub fn refused(&self, operation: Operation) -> Option<Problem> {
        let is_seen = self.sees.as_ref().is_none_or(|sees| sees.contains(&operation));
        let detail = || format!("The credentials' scopes do not include {}.", operation.row().name);
        (!is_seen).then(|| Problem::new(keys::FORBIDDEN).detail(detail()))
    }

    /// For whom the data of an answer is rendered. `is_asked_of`: whether the request named the customer of the session.
    ///
    /// # Errors
    /// 403 for an answer about somebody else than the customer of the session.
    pub fn reads(&self, data: &Value, is_asked_of: bool, tenant: &str, index: &Index) -> Result<Audience, Problem> {
        let Some(subject) = &self.subject else { return Ok(self.audience) };
        match Named::in_answer(data).tells_of(subject, index, tenant) {
            Some(false) => Err(Problem::of_another_subject()),
            told => Ok(if is_asked_of || told == Some(true) { Audience::Subject } else { self.audience }),
        }
    }
}

/// A question about the check at one place, as it is written.
#[derive(Serialize, Deserialize)]
struct Question<A> {
    v: u8,
    place: String,
    audience: Audience,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    session: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sees: Option<Vec<Operation>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    subject: Option<Subject>,
    ask: A,
}

/// What is asked.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ask {
    /// Run this claim, or join what runs.
    Run(Box<Claim>),
    /// Show the check when it is settled, or after so many milliseconds. Unlike [`Ask::Run`] it never begins anything.
    Show {
        /// The owning tenant: the check of another one is unknown to it.
        tenant: String,
        /// The caller's key, where it was asked by that.
        reference_id: Option<String>,
        /// How long to wait, in milliseconds; 0 for not at all.
        wait: Millis,
    },
    /// Hear a vendor's callback.
    Hear(Box<Heard>),
    /// Take a person's decision.
    Decide {
        /// The owning tenant.
        tenant: String,
        /// The caller's key, where it was asked by that.
        reference_id: Option<String>,
        /// The decision.
        ruling: Ruling,
    },
    /// End a refused upload, for another one takes its place.
    Replace {
        /// The owning tenant.
        tenant: String,
        /// The public id of the other's check.
        by: String,
    },
    /// Tell what happened, in order.
    Timeline {
        /// The owning tenant.
        tenant: String,
    },
    /// Tell an operator how it stands.
    Summary {
        /// The owning tenant.
        tenant: String,
        /// The reference that one of its requests must have gone by, where it was asked by that.
        wire_reference: Option<String>,
    },
    /// Tell the journal's entries about the checks of a register after this place, as they stand.
    Entries {
        /// The owning tenant.
        tenant: String,
        /// The place, as text; empty for the beginning.
        after: String,
    },
    /// Compare it with what the vendor says became of its money.
    Reconcile {
        /// The owning tenant.
        tenant: String,
        /// The vendor account that was asked.
        account: Account,
        /// The reference that the request went by, as the vendor writes it.
        reference: String,
        /// Whether the journal says that a rupee moved.
        moved: bool,
    },
}

impl Ask {
    /// What follows the message: it may be large, and is not written into it.
    fn behind(&self) -> &str {
        match self {
            Self::Run(claim) => &claim.request,
            Self::Hear(heard) => &heard.body,
            Self::Show { .. }
            | Self::Decide { .. }
            | Self::Replace { .. }
            | Self::Timeline { .. }
            | Self::Summary { .. }
            | Self::Entries { .. }
            | Self::Reconcile { .. } => "",
        }
    }
}

/// A callback on its way to the check that it is about.
#[derive(Debug, Serialize, Deserialize)]
pub struct Heard {
    /// The vendor account that it came for.
    pub account: Account,
    /// The attempt that its reference names.
    pub attempt: u8,
    /// Our reference as the vendor wrote it.
    pub reference: String,
    /// Whether the vendor is proved to have sent it.
    pub is_proven: bool,
    /// By what it is known again.
    pub delivery: Delivery,
    /// What it says: JSON. It follows the message.
    #[serde(skip)]
    pub body: String,
}

/// What became of a callback.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Receipt {
    /// It was taken.
    Taken,
    /// It was taken before.
    Repeated,
    /// Another text came under its id before: it is refused.
    Altered,
    /// It is about no request of ours.
    Unknown,
    /// It proved nothing: the check is looked up sooner, where it waits for that.
    Hint,
}

/// Writes a question: the message on the first line, behind it the request of a claim or the body of a callback, as it is.
#[must_use]
pub fn question(place: Place, asker: Asker, ask: &Ask) -> String {
    let Asker { audience, session, sees, subject } = asker;
    let question = Question { v: VERSION, place: place.to_string(), audience, session, sees, subject, ask };
    let head = serde_json::to_string(&question).unwrap_or_default();
    framed(&head, ask.behind())
}

/// A message of one line, and the text behind it. In one piece: that may have 8 MB, and is not copied while the message grows.
fn framed(head: &str, body: &str) -> String {
    let mut text = String::with_capacity(head.len().saturating_add(body.len()).saturating_add(1));
    text.extend([head, "\n", body]);
    text
}

/// What is told of a check. Where it is an answer, its rendered body follows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Told {
    /// The check as it stands.
    Answer {
        /// The HTTP status: 200 or 202.
        status: u16,
        /// Whether it was finished before.
        replayed: bool,
        /// When to ask again, in seconds.
        retry_after: Option<u32>,
    },
    /// It ended without an answer, or was refused.
    Problem(Problem),
    /// What became of a callback.
    Heard(Receipt),
}

impl Told {
    /// What is told of a view, and the body beside it. `id` is the check's public id; `replayed`, whether it was finished before.
    #[must_use]
    pub fn of_view(view: &View, replayed: bool, audience: Audience, id: &str, now: Millis) -> (Self, String) {
        let (status, answer, retry_after) = match view {
            View::Problem(problem) => return (Self::Problem(problem.clone().about(id.to_owned())), String::new()),
            View::Answer(answer) | View::Forgotten(answer) => (200, answer, None),
            View::Pending(answer) => {
                let seconds = answer.next_check_at.map_or(REVIEW_RETRY_AFTER, |at| seconds_until(at, now));
                (202, answer, Some(seconds))
            }
        };
        (Self::Answer { status, replayed, retry_after }, answer.to_json(id, audience))
    }
}

/// A reply as one text: the message on the first line, the body behind it.
#[derive(Serialize, Deserialize)]
struct Reply {
    v: u8,
    told: Told,
}

/// Writes a reply.
#[must_use]
pub fn reply(told: Told, body: &str) -> String {
    // A message is always written; the fallback is no message, which is refused.
    let head = serde_json::to_string(&Reply { v: VERSION, told }).unwrap_or_default();
    framed(&head, body)
}

/// Reads a reply: what is told, and the body beside it. `None` for anything else, and for a later version.
#[must_use]
pub fn read_reply(text: &str) -> Option<(Told, &str)> {
    let (head, body) = text.split_once('\n')?;
    let reply: Reply = serde_json::from_str(head).ok()?;
    (reply.v <= VERSION).then_some((reply.told, body))
}

/// Reads a question: the check's place, who asks, and what is asked. `None` for anything else, and for a later version.
#[must_use]
pub fn read_question(mut text: String) -> Option<(Place, Asker, Ask)> {
    let end = text.find('\n')?;
    let question: Question<Ask> = serde_json::from_str(text.get(..end)?).ok()?;
    let Question { v, place, audience, session, sees, subject, mut ask } = question;
    let behind = match &mut ask {
        Ask::Run(claim) => Some(&mut claim.request),
        Ask::Hear(heard) => Some(&mut heard.body),
        Ask::Show { .. }
        | Ask::Decide { .. }
        | Ask::Replace { .. }
        | Ask::Timeline { .. }
        | Ask::Summary { .. }
        | Ask::Entries { .. }
        | Ask::Reconcile { .. } => None,
    };
    if let Some(behind) = behind {
        text.drain(..=end);
        *behind = text;
    }
    // A release before this one named no family: its browsers are of one that has opened nothing, for without one they would see what servers see.
    let session = session.or_else(|| (audience != Audience::Server).then(String::new));
    Some((Place::parse(&place)?, Asker { audience, session, sees, subject }, ask)).filter(|_| v <= VERSION)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    const PLACE: &str = "00112233445566778899aabbccddeeff";

    /// The messages of version 1, as the release before and the one after may send them.
    #[test]
    fn the_messages_of_version_1_are_pinned() {
        let place = Place::parse(PLACE).unwrap();
        let show = Ask::Show { tenant: "acme".into(), reference_id: None, wait: 0 };
        let text = format!(
            r#"{{"v":1,"place":"{PLACE}","audience":"server","ask":{{"show":{{"tenant":"acme","reference_id":null,"wait":0}}}}}}{}"#,
            "\n"
        );
        let asker = |audience| Asker { audience, session: None, sees: None, subject: None };
        assert_eq!(question(place, asker(Audience::Server), &show), text);
        let run = format!(
            r#"{{"v":1,"place":"{PLACE}","audience":"browser","ask":{{"run":{{"operation":"pan.verify","class":"read","tenant":"acme","reference_id":"REF_0001","fingerprint":"f00d"}}}}}}{}{}"#,
            "\n", r#"{"a":1}"#
        );
        let (read, by, ask) = read_question(run.clone()).unwrap();
        assert_eq!(by, Asker { session: Some(String::new()), ..asker(Audience::Browser) }, "of an earlier release");
        assert!(matches!(&ask, Ask::Run(claim) if claim.request == r#"{"a":1}"#));
        assert_eq!(question(read, asker(Audience::Browser), &ask), run);
        let of_session = run.replace(r#""browser","#, r#""browser","session":"f00d","sees":["pan.verify"],"#);
        let (_, by, _) = read_question(of_session.clone()).unwrap();
        assert_eq!(
            by,
            Asker { audience: Audience::Browser, session: Some("f00d".into()), sees: Some(vec![Operation::PanVerify]), subject: None }
        );
        assert_eq!(question(read, by, &ask), of_session);
        let hear = format!(
            r#"{{"v":1,"place":"{PLACE}","audience":"server","ask":{{"hear":{{"account":"decentro","attempt":1,"reference":"r","is_proven":true,"delivery":{{"id":"i","digest":"d"}}}}}}}}{}{}"#,
            "\n", r#"{"a":1}"#
        );
        let (read, by, ask) = read_question(hear.clone()).unwrap();
        assert!(matches!(&ask, Ask::Hear(heard) if heard.body == r#"{"a":1}"#));
        assert_eq!(question(read, by, &ask), hear);
        assert_eq!(reply(Told::Heard(Receipt::Altered), ""), "{\"v\":1,\"told\":{\"heard\":\"altered\"}}\n");
        let reply = reply(Told::Answer { status: 202, replayed: false, retry_after: Some(2) }, "{}");
        assert_eq!(reply, "{\"v\":1,\"told\":{\"answer\":{\"status\":202,\"replayed\":false,\"retry_after\":2}}}\n{}");
        assert_eq!(read_reply(&reply).unwrap().1, "{}");
    }

    /// An earlier release refuses them, and its caller sends them again.
    #[test]
    fn the_messages_of_reviews_are_pinned() {
        let place = Place::parse(PLACE).unwrap();
        for ask in [
            r#"{"decide":{"tenant":"acme","reference_id":null,"ruling":{"decision":"retry","by":"asha","reason":"The wallet is filled.","four_eyes":true}}}"#,
            r#"{"decide":{"tenant":"acme","reference_id":"REF_0001","ruling":{"decision":"verified","by":"asha","reason":"Seen.","evidence":"CASE_7","four_eyes":false}}}"#,
            r#"{"timeline":{"tenant":"acme"}}"#,
            r#"{"summary":{"tenant":"acme","wire_reference":null}}"#,
            r#"{"entries":{"tenant":"acme","after":""}}"#,
            r#"{"reconcile":{"tenant":"acme","account":"decentro","reference":"00","moved":true}}"#,
            r#"{"replace":{"tenant":"acme","by":"chk_00"}}"#,
        ] {
            let text = format!(r#"{{"v":1,"place":"{PLACE}","audience":"server","ask":{ask}}}{}"#, "\n");
            let (read, by, asked) = read_question(text.clone()).unwrap();
            assert_eq!((read, question(read, by, &asked)), (place, text));
        }
    }

    #[test]
    fn an_answer_about_another_than_the_sessions_customer_is_refused_and_without_one_all_is_masked() {
        let index = Index::from_hex(&"3".repeat(64)).unwrap();
        let subject = Some(Subject::of(&index, "acme", Some("ABCPE1234F"), None));
        let asker = |subject| Asker { audience: Audience::Browser, session: Some("f".into()), sees: None, subject };
        let read = |asker: Asker, pan: &str, is_asked_of| {
            asker.reads(&serde_json::json!({ "number": pan }), is_asked_of, "acme", &index).map_err(|problem| problem.status())
        };
        assert_eq!(read(asker(subject.clone()), "ABCPE1234F", false), Ok(Audience::Subject));
        assert_eq!(
            [read(asker(subject.clone()), "", true), read(asker(subject.clone()), "", false)],
            [Ok(Audience::Subject), Ok(Audience::Browser)]
        );
        assert_eq!(read(asker(subject), "ABCPE1234G", true), Err(403));
        assert_eq!(read(asker(None), "ABCPE1234F", true), Ok(Audience::Browser));
    }

    #[test]
    fn unknown_members_are_ignored_and_a_later_version_is_refused() {
        let with = |v: u8| {
            format!(
                r#"{{"v":{v},"new":1,"place":"{PLACE}","audience":"server","ask":{{"show":{{"tenant":"a","reference_id":"R1","wait":5,"new":2}}}}}}{}"#,
                "\n"
            )
        };
        assert!(read_question(with(1)).is_some() && read_question(with(2)).is_none());
        let told =
            |v: u8| format!(r#"{{"v":{v},"new":1,"told":{{"answer":{{"status":200,"replayed":true,"retry_after":null,"new":3}}}}}}"#);
        assert!(read_reply(&format!("{}\nbody", told(1))).is_some() && read_reply(&format!("{}\nbody", told(2))).is_none());
        assert!(read_reply("").is_none() && read_reply("{}\n").is_none() && read_question(String::new()).is_none());
    }
}
