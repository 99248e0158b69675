//! Consents: what customers agreed to, by an id that a request may name, until they withdraw it.
//!
//! A consent is a machine that answers at once ([`crate::count`]); its register knows it by a keyed hash of tenant and id, so nobody finds one without its id, and no other tenant finds it with
//! it. One that a session of a browser recorded is open to its family and to its tenant's servers; one of a server's to servers alone. It is kept for 8 years after it was recorded, ended or
//! withdrawn (document 003 section 10.4): as long as what was checked under it.

mod asked;
mod record;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub(crate) use asked::CONSENT_RECORD;
pub use asked::{ConsentRule, GivenConsent, refused, unknown};
pub use record::{ConsentRecord, FIELDS};

use crate::count::{self, Counter};
use crate::pieces;
use crate::seal::Index;
use crate::time::{DAY, Millis, rfc3339};

/// The layout of a stored consent (pinned by a test).
const FORMAT: u8 = 1;
/// How long the evidence of a consent is kept once nothing of it happens any more: 8 years.
const KEEP: Millis = (8 * 365 + 2) * DAY;
/// What an id begins with, and how many hex digits follow.
const ID: &str = "con_";
const ID_DIGITS: usize = 32;

/// Whether a text has the form of a consent's id: `con_` and 32 hex digits.
#[must_use]
pub fn is_id(text: &str) -> bool {
    let is_digit = |byte: &u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    text.strip_prefix(ID).is_some_and(|digits| digits.len() == ID_DIGITS && pieces::all(digits, is_digit))
}

/// The id of a new consent. Under an idempotency key it follows from the key, the tenant and who records it (`session`: the family of a browser's session), so that the same request finds the
/// same consent; else it is `drawn`.
#[must_use]
pub fn new_id(index: &Index, tenant: &str, session: Option<&str>, key: Option<&str>, drawn: u128) -> String {
    let hash = key.map(|key| index.hash("consent id", &[tenant, session.unwrap_or_default(), key]));
    let digits = hash.as_deref().and_then(|hash| hash.get(..ID_DIGITS)).map_or_else(|| format!("{drawn:032x}"), str::to_owned);
    format!("{ID}{digits}")
}

/// How a consent stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsentState {
    /// It is good.
    Granted,
    /// The customer withdrew it.
    Withdrawn,
    /// It ended by itself.
    Expired,
}

/// A consent as it is shown to who may see it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownConsent {
    state: ConsentState,
    record: ConsentRecord,
    recorded_at: Millis,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    withdrawn_at: Option<Millis>,
}

impl ShownConsent {
    /// The response to who recorded or withdrew it: `{consent_id, state, granted_at, expires_at?, withdrawn_at?}`.
    #[must_use]
    pub fn receipt(&self, id: &str) -> Value {
        self.response(id, |field| ["granted_at", "expires_at"].contains(&field))
    }

    /// The whole consent: the same, with every field of its record and `recorded_at`.
    #[must_use]
    pub fn whole(&self, id: &str) -> Value {
        let mut response = self.response(id, |_| true);
        if let Some(map) = response.as_object_mut() {
            map.insert("recorded_at".to_owned(), rfc3339(self.recorded_at).into());
        }
        response
    }

    fn response(&self, id: &str, is_shown: impl Fn(&str) -> bool) -> Value {
        let mut response = json!({ "consent_id": id, "state": self.state });
        if let Some(map) = response.as_object_mut() {
            map.extend(self.record.shown().into_iter().filter(|(field, _)| is_shown(field)));
            map.extend(self.withdrawn_at.map(|at| ("withdrawn_at".to_owned(), rfc3339(at).into())));
        }
        response
    }
}

/// What a consent is asked.
#[derive(Clone, Serialize, Deserialize)]
pub struct ConsentQuestion {
    /// The family of the browser's session that asks; none for a server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<String>,
    /// What.
    pub ask: ConsentAsk,
}

/// What a consent is asked.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsentAsk {
    /// To be recorded.
    Record(Box<ConsentRecord>),
    /// To be shown.
    Show,
    /// Whether something may be asked under it.
    Stand,
    /// To end.
    Withdraw,
}

/// What a consent tells.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsentVerdict {
    /// How it is.
    Shown {
        /// The consent.
        consent: Box<ShownConsent>,
        /// Whether the same was asked before.
        is_repeated: bool,
    },
    /// How it stands.
    Stands(ConsentState),
    /// Another one has its id: its idempotency key was used for another request.
    Another,
    /// There is none that who asks may see.
    Unknown,
}

/// What happens to a consent.
pub type ConsentEvent = count::Event<ConsentQuestion>;
/// What is to be done for one.
pub type ConsentOutput = count::Output<ConsentVerdict>;

/// A consent.
#[derive(Clone, Serialize, Deserialize)]
pub struct Consent {
    format: u8,
    /// Counts the saves.
    version: u64,
    /// The family of browser sessions that recorded it; none for a server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    session: Option<String>,
    /// What was agreed to; none where nothing was recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    record: Option<ConsentRecord>,
    recorded_at: Millis,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    withdrawn_at: Option<Millis>,
    /// When its evidence is kept no longer.
    forget_at: Millis,
}

impl Default for Consent {
    fn default() -> Self {
        Self { format: FORMAT, version: 0, session: None, record: None, recorded_at: 0, withdrawn_at: None, forget_at: 0 }
    }
}

impl Consent {
    /// What was agreed to, where who asks may see it: a server, or the family that recorded it.
    fn seen_by(&self, session: Option<&str>) -> Option<&ConsentRecord> {
        self.record.as_ref().filter(|_| session.is_none() || self.session.as_deref() == session)
    }

    fn state(&self, record: &ConsentRecord, now: Millis) -> ConsentState {
        if self.withdrawn_at.is_some() {
            ConsentState::Withdrawn
        } else if record.ends_at().is_some_and(|at| at <= now) {
            ConsentState::Expired
        } else {
            ConsentState::Granted
        }
    }

    fn shown(&self, record: &ConsentRecord, is_repeated: bool, now: Millis) -> ConsentVerdict {
        let (state, recorded_at, withdrawn_at) = (self.state(record, now), self.recorded_at, self.withdrawn_at);
        ConsentVerdict::Shown { consent: Box::new(ShownConsent { state, record: record.clone(), recorded_at, withdrawn_at }), is_repeated }
    }

    fn record(&mut self, record: &ConsentRecord, session: Option<String>, now: Millis) -> (ConsentVerdict, bool) {
        if let Some(known) = &self.record {
            let is_same = known == record && self.session == session;
            return (if is_same { self.shown(known, true, now) } else { ConsentVerdict::Another }, false);
        }
        let forget_at = record.ends_at().map_or(now, |at| at.max(now)).saturating_add(KEEP);
        *self = Self {
            session,
            record: Some(record.clone()),
            recorded_at: now,
            forget_at,
            ..Self { version: self.version, ..Self::default() }
        };
        (self.shown(record, false, now), true)
    }

    fn withdraw(&mut self, session: Option<&str>, now: Millis) -> (ConsentVerdict, bool) {
        let Some(record) = self.seen_by(session).cloned() else { return (ConsentVerdict::Unknown, false) };
        let is_repeated = self.withdrawn_at.is_some();
        if !is_repeated {
            self.withdrawn_at = Some(now);
            self.forget_at = self.forget_at.max(now.saturating_add(KEEP));
        }
        (self.shown(&record, is_repeated, now), !is_repeated)
    }
}

impl Counter for Consent {
    type Question = ConsentQuestion;
    type Verdict = ConsentVerdict;
    type Surroundings<'a> = Millis;

    const NAME: &'static str = "consent";
    const LAYOUT: u8 = FORMAT;

    fn answer(&mut self, ConsentQuestion { session, ask }: ConsentQuestion, now: &Millis) -> (ConsentVerdict, bool) {
        let seen = self.seen_by(session.as_deref());
        match ask {
            ConsentAsk::Record(record) => self.record(&record, session, *now),
            ConsentAsk::Withdraw => self.withdraw(session.as_deref(), *now),
            ConsentAsk::Show => (seen.map_or(ConsentVerdict::Unknown, |record| self.shown(record, false, *now)), false),
            ConsentAsk::Stand => (seen.map_or(ConsentVerdict::Unknown, |record| ConsentVerdict::Stands(self.state(record, *now))), false),
        }
    }

    fn now(now: &Millis) -> Millis {
        *now
    }

    fn stored(&self) -> (u8, u64) {
        (self.format, self.version)
    }

    fn count_save(&mut self) {
        self.version = self.version.saturating_add(1);
    }

    fn over_at(&self) -> Millis {
        self.forget_at
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::unreachable, clippy::indexing_slicing, reason = "tests")]
    use super::*;
    use crate::machine::Machine;
    use serde_json::json;

    /// 2026-12-01T00:00:00Z.
    const NOW: Millis = 1_796_083_200_000;

    fn record(changes: &Value) -> ConsentRecord {
        let mut body = json!({
            "text_version": "v3", "notice_hash": "ab".repeat(32), "language": "en", "purposes": ["KYC"], "items": ["PAN"],
            "granted_at": "2026-11-30T18:30:00Z", "channel": "web",
        });
        body.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        ConsentRecord::read(body.to_string().as_bytes(), NOW).ok().unwrap()
    }

    fn ask(consent: &mut Consent, session: Option<&str>, ask: ConsentAsk, now: Millis) -> (ConsentVerdict, bool) {
        let question = ConsentQuestion { session: session.map(str::to_owned), ask };
        let mut outputs = consent.advance(ConsentEvent::Ask(question), &now);
        match (outputs.pop(), outputs.pop()) {
            (Some(ConsentOutput::Tell(verdict)), before) => (verdict, before == Some(ConsentOutput::Persist)),
            _ => (ConsentVerdict::Another, false),
        }
    }

    fn granted(session: Option<&str>, changes: &Value) -> Consent {
        let mut consent = Consent::default();
        let (verdict, is_saved) = ask(&mut consent, session, ConsentAsk::Record(Box::new(record(changes))), NOW);
        assert!(matches!(verdict, ConsentVerdict::Shown { is_repeated: false, .. }) && is_saved);
        consent
    }

    fn state(consent: &mut Consent, session: Option<&str>, now: Millis) -> Option<ConsentState> {
        match ask(consent, session, ConsentAsk::Stand, now) {
            (ConsentVerdict::Stands(state), false) => Some(state),
            _ => None,
        }
    }

    #[test]
    fn what_was_never_recorded_is_unknown_and_asking_saves_nothing() {
        for question in [ConsentAsk::Show, ConsentAsk::Stand, ConsentAsk::Withdraw] {
            assert!(ask(&mut Consent::default(), None, question, NOW) == (ConsentVerdict::Unknown, false));
        }
    }

    #[test]
    fn a_consent_is_good_until_it_is_withdrawn_which_happens_once() {
        let mut consent = granted(None, &json!({}));
        assert_eq!(state(&mut consent, None, NOW), Some(ConsentState::Granted));
        let (first, is_saved) = ask(&mut consent, None, ConsentAsk::Withdraw, NOW + 5_000);
        let ConsentVerdict::Shown { consent: shown, is_repeated: false } = first else { unreachable!("it is withdrawn") };
        assert!(is_saved);
        assert_eq!(
            shown.receipt("con_1"),
            json!({ "consent_id": "con_1", "state": "withdrawn", "granted_at": "2026-11-30T18:30:00Z", "withdrawn_at": "2026-12-01T00:00:05Z" })
        );
        let (again, is_saved) = ask(&mut consent, None, ConsentAsk::Withdraw, NOW + 9_000);
        assert!(
            !is_saved
                && matches!(again, ConsentVerdict::Shown { is_repeated: true, consent } if consent.receipt("con_1") == shown.receipt("con_1"))
        );
        assert_eq!(state(&mut consent, None, NOW + 9_000), Some(ConsentState::Withdrawn));
    }

    #[test]
    fn a_consent_ends_by_itself_to_the_millisecond_and_may_be_withdrawn_all_the_same() {
        let mut consent = granted(None, &json!({ "expires_at": "2026-12-01T00:00:10Z" }));
        assert_eq!(state(&mut consent, None, NOW + 9_999), Some(ConsentState::Granted));
        assert_eq!(state(&mut consent, None, NOW + 10_000), Some(ConsentState::Expired));
        ask(&mut consent, None, ConsentAsk::Withdraw, NOW + 20_000);
        assert_eq!(state(&mut consent, None, NOW + 20_000), Some(ConsentState::Withdrawn));
    }

    #[test]
    fn a_sessions_consent_is_its_familys_and_its_servers_and_a_servers_is_no_sessions() {
        let (mut of_session, mut of_server) = (granted(Some("f1"), &json!({})), granted(None, &json!({})));
        for (session, owns, serves) in [(Some("f1"), true, false), (Some("f2"), false, false), (None, true, true)] {
            assert_eq!(state(&mut of_session, session, NOW).is_some(), owns, "{session:?}");
            assert_eq!(state(&mut of_server, session, NOW).is_some(), serves, "{session:?}");
        }
        for question in [ConsentAsk::Show, ConsentAsk::Withdraw] {
            assert!(ask(&mut of_session, Some("f2"), question, NOW) == (ConsentVerdict::Unknown, false));
        }
    }

    #[test]
    fn the_same_record_again_is_told_as_it_stands_and_another_one_is_refused() {
        let mut consent = granted(Some("f1"), &json!({}));
        let again =
            |consent: &mut Consent, session, changes: &Value| ask(consent, session, ConsentAsk::Record(Box::new(record(changes))), NOW + 1);
        assert!(matches!(again(&mut consent, Some("f1"), &json!({})), (ConsentVerdict::Shown { is_repeated: true, .. }, false)));
        assert!(again(&mut consent, Some("f1"), &json!({ "channel": "app" })) == (ConsentVerdict::Another, false));
        assert!(again(&mut consent, None, &json!({})) == (ConsentVerdict::Another, false));
        ask(&mut consent, None, ConsentAsk::Withdraw, NOW + 2);
        let (verdict, _) = again(&mut consent, Some("f1"), &json!({}));
        assert!(matches!(verdict, ConsentVerdict::Shown { consent, .. } if consent.receipt("")["state"] == "withdrawn"));
    }

    #[test]
    fn an_id_is_drawn_or_follows_from_an_idempotency_key_its_tenant_and_who_records() {
        let index = Index::from_hex(&"33".repeat(32)).unwrap();
        let id = |tenant, session, key| new_id(&index, tenant, session, key, 7);
        assert_eq!(id("acme", None, None), format!("con_{:032x}", 7));
        let of_key = id("acme", None, Some("k1"));
        assert_eq!(of_key, id("acme", None, Some("k1")));
        for other in [id("other", None, Some("k1")), id("acme", Some("f1"), Some("k1")), id("acme", None, Some("k2"))] {
            assert!(is_id(&other) && other != of_key);
        }
        for wrong in [
            "",
            "con_",
            "con_12",
            &of_key.to_uppercase(),
            &format!("{of_key}0"),
            &of_key.replace("con_", "chk_"),
            "con_gggggggggggggggggggggggggggggggg",
        ] {
            assert!(!is_id(wrong), "{wrong}");
        }
    }

    #[test]
    fn its_evidence_is_kept_for_eight_years_after_it_was_recorded_ended_or_withdrawn() {
        let mut consent = granted(None, &json!({}));
        assert_eq!(rfc3339(consent.over_at()), "2034-12-01T00:00:00Z");
        ask(&mut consent, None, ConsentAsk::Withdraw, NOW + 365 * DAY);
        assert_eq!(rfc3339(consent.over_at()), "2035-12-01T00:00:00Z");
        let ending = granted(None, &json!({ "expires_at": "2028-12-01T00:00:00Z" }));
        assert_eq!(rfc3339(ending.over_at()), "2036-12-01T00:00:00Z");
        let over = consent.over_at();
        assert!(consent.advance(ConsentEvent::Alarm, &over.saturating_sub(1)).is_empty());
        assert!(consent.advance(ConsentEvent::Alarm, &over) == [ConsentOutput::Forget]);
    }

    #[test]
    fn the_stored_form_is_pinned() {
        let text = serde_json::to_string(&granted(Some("f1"), &json!({}))).unwrap();
        let hash = "ab".repeat(32);
        assert_eq!(
            text,
            format!(
                r#"{{"format":1,"version":1,"session":"f1","record":{{"text_version":"v3","notice_hash":"{hash}","language":"en","purposes":["KYC"],"items":["PAN"],"granted_at":"2026-11-30T18:30:00Z","channel":"web"}},"recorded_at":1796083200000,"forget_at":2048544000000}}"#
            )
        );
        assert!(serde_json::from_str::<Consent>(&text).unwrap().is_readable());
    }
}
