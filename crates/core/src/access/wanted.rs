//! What a session is to be good for, as the body of a request for one says: the page, the operations, the budget, the customer and the number that they proved. Contract section 2.6.
//!
//! Left out, the operations are those that a form may call unasked: of the opener's own those that leave no record anywhere and ask no credit bureau. Nothing of the customer's numbers
//! is kept or told: a session holds keyed hashes.

use serde_json::{Map, Value};

use super::{Caller, Scope};
use crate::ids::{MobileNumber, Pan};
use crate::json;
use crate::keys;
use crate::operations::{OPERATIONS, Operation, OperationRow};
use crate::problem::Problem;
use crate::seal::Index;
use crate::session::{Budget, FAMILY_LIFETIME, LIFETIME, Session, Subject, Verified};
use crate::time::{HOUR, Millis, SECOND, moment};

/// How old a proof may be that a tenant's server vouches for: numbers change hands, and a customer comes back within a day.
const VOUCHED_FOR: Millis = 24 * HOUR;
/// How far the clock of a tenant's server may be ahead.
const AHEAD: Millis = 5 * SECOND;
/// The longest word for how a number was proved.
const LONGEST_METHOD: usize = 32;
/// What is told of a proof that a page vouches for.
const NO_VOUCHER: &str =
    "Only a tenant's server says which mobile number was proved. A page proves one by POST /v1/otp and POST /v1/otp/verify.";

/// What is asked for.
pub struct Wanted {
    /// The page.
    pub origin: Option<String>,
    operations: Option<Vec<Operation>>,
    budget: Budget,
    pan: Option<Pan>,
    mobile: Option<MobileNumber>,
    verified: Option<Vouched>,
    application: Option<String>,
}

/// A mobile number that was proved, as a tenant's server says.
struct Vouched {
    mobile: MobileNumber,
    at: Millis,
}

impl Wanted {
    /// Reads the body of a request for a session, which may be empty.
    ///
    /// # Errors
    /// [`Problem::malformed`], which quotes no value.
    pub fn read(body: &[u8]) -> Result<Self, Problem> {
        let map =
            if body.is_empty() { Map::new() } else { json::object(body).map_err(|malformed| Problem::malformed(malformed.0, None))? };
        Problem::of_unknown(&map, &["origin", "operations", "budget", "subject", "verified", "application_id"], "")?;
        let origin = map.get("origin").map(|origin| {
            origin
                .as_str()
                .map(str::to_owned)
                .ok_or_else(|| refused("origin", "origin should be a string such as https://www.example.com."))
        });
        let (pan, mobile) = map.get("subject").map_or(Ok((None, None)), subject)?;
        Ok(Self {
            origin: origin.transpose()?,
            operations: map.get("operations").map(operations).transpose()?,
            budget: map.get("budget").map_or(Ok(Budget::DEFAULT), budget)?,
            pan,
            mobile,
            verified: map.get("verified").map(verified).transpose()?,
            application: map.get("application_id").map(application).transpose()?,
        })
    }

    /// Lets development's own page ask for it, which nobody vouches for.
    ///
    /// # Errors
    /// 403 where it says which number was proved.
    pub fn by_own_page(&self) -> Result<(), Problem> {
        if self.verified.is_none() { Ok(()) } else { Err(Problem::new(keys::FORBIDDEN).detail(NO_VOUCHER)) }
    }

    /// The first session of a family, for a page.
    ///
    /// # Errors
    /// 403 for an operation that the opener may not call itself, 400 for a proof of the future or one that is too old.
    pub fn session(self, opener: &Caller<'_>, origin: String, family: String, index: &Index, now: Millis) -> Result<Session, Problem> {
        let (tenant, until) = (opener.tenant.id.clone(), now.saturating_add(FAMILY_LIFETIME));
        let (pan, mobile) = (self.pan.as_ref().map(Pan::expose), self.mobile.as_ref().map(MobileNumber::expose));
        let subject = (pan.is_some() || mobile.is_some()).then(|| Subject::of(index, &tenant, pan, mobile));
        let operations = self.allowed(opener)?;
        let verified = self.verified.map(|vouched| vouched.verified(&tenant, index, now)).transpose()?;
        let (expires_at, budget, application) = (now.saturating_add(LIFETIME), self.budget, self.application);
        Ok(Session { tenant, origin, expires_at, family, until, operations, budget, subject, verified, application })
    }

    fn allowed(&self, opener: &Caller<'_>) -> Result<Vec<String>, Problem> {
        let name = |operation: Operation| operation.row().name.to_owned();
        let may = |operation: Operation| opener.may(Scope::Operation(operation));
        match &self.operations {
            None => Ok(OPERATIONS.iter().filter(|row| row.is_for_pages() && may(row.operation)).map(|row| name(row.operation)).collect()),
            Some(named) => match named.iter().find(|operation| !may(**operation)) {
                Some(other) => {
                    let detail = format!("The credentials' scopes do not include {}.", other.row().name);
                    Err(Problem::new(keys::FORBIDDEN).detail(detail))
                }
                None => Ok(named.iter().map(|operation| name(*operation)).collect()),
            },
        }
    }
}

impl Vouched {
    fn verified(&self, tenant: &str, index: &Index, now: Millis) -> Result<Verified, Problem> {
        if self.at > now.saturating_add(AHEAD) {
            return Err(refused("verified", "verified.mobile_at should not be in the future."));
        }
        if self.at < now.saturating_sub(VOUCHED_FOR) {
            return Err(refused(
                "verified",
                "verified.mobile_at should not be more than 24 hours ago. Let the customer prove the number again.",
            ));
        }
        Ok(Verified::of(index, tenant, self.mobile.expose(), self.at.min(now)))
    }
}

fn refused(field: &str, detail: impl Into<String>) -> Problem {
    Problem::malformed(detail.into(), Some(field.to_owned()))
}

fn operations(value: &Value) -> Result<Vec<Operation>, Problem> {
    let known = || OPERATIONS.iter().map(|row: &OperationRow| row.name).collect::<Vec<_>>().join(", ");
    let read = |list: &Vec<Value>| list.iter().map(|name| Operation::from_name(name.as_str()?)).collect::<Option<Vec<_>>>();
    let named = value.as_array().and_then(read).filter(|named| !named.is_empty() && named.len() <= OPERATIONS.len());
    named.ok_or_else(|| refused("operations", format!("operations should be a list of one or more of {}.", known())))
}

fn budget(value: &Value) -> Result<Budget, Problem> {
    let Budget { calls, paise } = Budget::MOST;
    let wrong =
        || refused("budget", format!("budget should be {{calls, paise}}: whole numbers, calls from 1 to {calls}, paise to {paise}."));
    let map = value.as_object().ok_or_else(wrong)?;
    Problem::of_unknown(map, &["calls", "paise"], "budget.")?;
    let part = |name: &str, least: u32, most: u32, default: u32| match map.get(name) {
        None => Ok(default),
        Some(number) => {
            number.as_u64().and_then(|number| u32::try_from(number).ok()).filter(|number| (least..=most).contains(number)).ok_or_else(wrong)
        }
    };
    Ok(Budget { calls: part("calls", 1, calls, Budget::DEFAULT.calls)?, paise: part("paise", 0, paise, Budget::DEFAULT.paise)? })
}

fn subject(value: &Value) -> Result<(Option<Pan>, Option<MobileNumber>), Problem> {
    let wrong = || refused("subject", "subject should be {pan, mobile} with a PAN, a mobile number of ten digits, or both.");
    let map = value.as_object().filter(|map| !map.is_empty()).ok_or_else(wrong)?;
    Problem::of_unknown(map, &["pan", "mobile"], "subject.")?;
    let text = |name: &str| map.get(name).map(|value| value.as_str().ok_or_else(wrong)).transpose();
    let pan = text("pan")?.map(|text| Pan::parse(text).map_err(|_| wrong())).transpose()?;
    let mobile = text("mobile")?.map(|text| MobileNumber::parse(text).map_err(|_| wrong())).transpose()?;
    Ok((pan, mobile))
}

fn verified(value: &Value) -> Result<Vouched, Problem> {
    let wrong = || {
        let fields = "a mobile number of ten digits, the time of its proof (RFC 3339), and how it was proved, such as otp";
        refused("verified", format!("verified should be {{mobile, mobile_at, method}}: {fields}."))
    };
    let map = value.as_object().ok_or_else(wrong)?;
    Problem::of_unknown(map, &["mobile", "mobile_at", "method"], "verified.")?;
    let text = |name: &str| map.get(name).and_then(Value::as_str).ok_or_else(wrong);
    let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    let method = text("method")?;
    if !(1..=LONGEST_METHOD).contains(&method.len()) || !method.bytes().all(is_letter) {
        return Err(wrong());
    }
    let mobile = MobileNumber::parse(text("mobile")?).map_err(|_| wrong())?;
    Ok(Vouched { mobile, at: moment(text("mobile_at")?).ok_or_else(wrong)? })
}

fn application(value: &Value) -> Result<String, Problem> {
    let is_hex = |rest: &str| rest.len() == 32 && rest.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let id = value.as_str().filter(|text| text.strip_prefix("app_").is_some_and(is_hex));
    id.map(str::to_owned).ok_or_else(|| refused("application_id", "application_id should be app_ and 32 hex digits."))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::super::{of_key, read};
    use super::*;
    use crate::time::rfc3339;
    use serde_json::json;

    fn session(scopes: &str, body: &Value) -> Result<Session, Problem> {
        let tenants = read(&format!(r#"[{{"id":"acme","keys":["{}"],"scopes":{scopes},"origins":[]}}]"#, "1".repeat(64))).unwrap();
        let index = Index::from_hex(&"3".repeat(64)).unwrap();
        let opener = of_key(&tenants, &"1".repeat(64)).unwrap();
        Wanted::read(body.to_string().as_bytes())?.session(&opener, "https://a.example".into(), "f".repeat(32), &index, 0)
    }

    #[test]
    fn left_out_the_operations_neither_write_nor_ask_a_bureau_and_are_the_openers_own() {
        let all = session(r#"["*"]"#, &json!({})).unwrap().operations;
        let others: Vec<_> = OPERATIONS.iter().map(|row| row.name).filter(|name| !all.iter().any(|known| known == name)).collect();
        assert_eq!(others, ["customer.prefill", "ckyc.upload"]);
        assert_eq!(session(r#"["pan.verify","ckyc.upload"]"#, &json!({})).unwrap().operations, ["pan.verify"]);
        assert_eq!(session(r#"["review"]"#, &json!({})).unwrap().operations, [""; 0]);
    }

    #[test]
    fn named_operations_are_the_openers_own_or_nobodys() {
        let named = |scopes: &str, names: &[&str]| session(scopes, &json!({ "operations": names })).map(|session| session.operations);
        assert_eq!(named(r#"["*"]"#, &["ckyc.upload", "customer.prefill"]).unwrap(), ["ckyc.upload", "customer.prefill"]);
        assert_eq!(named(r#"["pan.verify"]"#, &["pan.verify", "bank.verify"]).err().unwrap().status(), 403);
        for wrong in [json!([]), json!(["pan.verfy"]), json!("pan.verify"), json!([7]), json!(null), json!(["*"])] {
            assert_eq!(session(r#"["*"]"#, &json!({ "operations": wrong })).err().unwrap().status(), 400, "{wrong}");
        }
    }

    #[test]
    fn a_budget_is_whole_numbers_of_calls_and_paise() {
        let of = |budget: Value| session(r#"["*"]"#, &json!({ "budget": budget })).map(|session| session.budget);
        assert_eq!(session(r#"["*"]"#, &json!({})).unwrap().budget, Budget::DEFAULT);
        assert_eq!(of(json!({ "calls": 3, "paise": 0 })).unwrap(), Budget { calls: 3, paise: 0 });
        assert_eq!(of(json!({ "calls": 3 })).unwrap(), Budget { calls: 3, ..Budget::DEFAULT });
        for wrong in [
            json!({ "calls": 0 }),
            json!({ "calls": 1.5 }),
            json!({ "paise": -1 }),
            json!({ "calls": "3" }),
            json!({ "rupees": 1 }),
            json!(3),
            json!({ "paise": 1e9 }),
        ] {
            assert_eq!(of(wrong.clone()).err().unwrap().status(), 400, "{wrong}");
        }
    }

    #[test]
    fn a_subject_is_kept_as_keyed_hashes_and_told_nowhere() {
        let of = |subject: Value| session(r#"["*"]"#, &json!({ "subject": subject }));
        let said = serde_json::to_string(&of(json!({ "pan": "abcpe1234f ", "mobile": "9876543210" })).unwrap()).unwrap();
        assert!(!said.to_ascii_uppercase().contains("ABCPE1234F") && !said.contains("9876543210"), "{said}");
        assert!(of(json!({ "mobile": "9876543210" })).unwrap().subject.unwrap().pan.is_none());
        for wrong in [
            json!({}),
            json!({ "pan": "ABCDE1234F" }),
            json!({ "mobile": "12345" }),
            json!({ "pan": null }),
            json!({ "name": "x" }),
            json!("ABCPE1234F"),
        ] {
            let problem = of(wrong.clone()).err().unwrap();
            assert_eq!(problem.status(), 400, "{wrong}");
            assert!(!problem.to_json("r").contains("ABCDE1234F"));
        }
    }

    const NOW: Millis = 1_800_000_000_000;

    fn opened(body: &Value) -> Result<Session, Problem> {
        let tenants = read(&format!(r#"[{{"id":"acme","keys":["{}"],"scopes":["*"],"origins":[]}}]"#, "1".repeat(64))).unwrap();
        let index = Index::from_hex(&"3".repeat(64)).unwrap();
        let opener = of_key(&tenants, &"1".repeat(64)).unwrap();
        Wanted::read(body.to_string().as_bytes())?.session(&opener, "https://a.example".into(), "f".repeat(32), &index, NOW)
    }

    #[test]
    fn a_proof_is_kept_as_a_keyed_hash_and_its_time_and_only_a_recent_one_counts() {
        let of = |mobile: &str, at: Millis| opened(&json!({ "verified": { "mobile": mobile, "mobile_at": rfc3339(at), "method": "otp" } }));
        let index = Index::from_hex(&"3".repeat(64)).unwrap();
        let kept = of("9876543210", NOW - 1_000).unwrap();
        assert_eq!(kept.verified, Some(Verified::of(&index, "acme", "9876543210", NOW - 1_000)));
        assert!(!serde_json::to_string(&kept).unwrap().contains("9876543210"));
        for (at, status) in
            [(NOW, None), (NOW - 24 * HOUR, None), (NOW - 24 * HOUR - 1_000, Some(400)), (NOW + 5_000, None), (NOW + 6_000, Some(400))]
        {
            assert_eq!(of("9876543210", at).err().map(|problem| problem.status()), status, "{}", at - NOW);
        }
        assert_eq!(of("9876543210", NOW + 5_000).unwrap().verified.unwrap().at, NOW, "a clock that is ahead");
        for wrong in [
            json!({ "mobile": "98765", "mobile_at": rfc3339(NOW), "method": "otp" }),
            json!({ "mobile": "9876543210", "mobile_at": "yesterday", "method": "otp" }),
            json!({ "mobile": "9876543210", "mobile_at": NOW, "method": "otp" }),
            json!({ "mobile": "9876543210", "mobile_at": rfc3339(NOW), "method": "One time" }),
            json!({ "mobile": "9876543210", "mobile_at": rfc3339(NOW), "method": "" }),
            json!({ "mobile": "9876543210", "mobile_at": rfc3339(NOW) }),
            json!({ "mobile": "9876543210", "method": "otp" }),
            json!({ "mobile": "9876543210", "mobile_at": rfc3339(NOW), "method": "otp", "name": "x" }),
            json!("9876543210"),
        ] {
            let problem = opened(&json!({ "verified": wrong })).err().unwrap();
            assert_eq!((problem.status(), problem.to_json("r").contains("98765")), (400, false), "{wrong}");
        }
    }

    #[test]
    fn nobody_vouches_for_a_proof_that_a_page_claims() {
        let by_page = |body: Value| Wanted::read(body.to_string().as_bytes()).unwrap().by_own_page().map_err(|problem| problem.status());
        let verified = json!({ "mobile": "9876543210", "mobile_at": rfc3339(NOW), "method": "otp" });
        assert_eq!((by_page(json!({ "verified": verified })), by_page(json!({}))), (Err(403), Ok(())));
    }

    #[test]
    fn an_application_is_named_by_its_id() {
        let id = format!("app_{}", "0a".repeat(16));
        assert_eq!(opened(&json!({ "application_id": id })).unwrap().application, Some(id.clone()));
        assert_eq!(opened(&json!({})).unwrap().application, None);
        for wrong in
            [json!(""), json!("app_"), json!(id.to_ascii_uppercase()), json!(format!("{id}0")), json!(id.replace("app_", "chk_")), json!(7)]
        {
            assert_eq!(opened(&json!({ "application_id": wrong })).err().unwrap().status(), 400, "{wrong}");
        }
    }

    #[test]
    fn a_body_names_an_origin_or_none() {
        let origin = |body: &[u8]| Wanted::read(body).map(|wanted| wanted.origin);
        assert_eq!((origin(b"").unwrap(), origin(b"{}").unwrap()), (None, None));
        assert_eq!(origin(br#"{"origin":"https://a.example"}"#).unwrap().as_deref(), Some("https://a.example"));
        for wrong in [&b"[]"[..], b"x", br#"{"origin":7}"#, br#"{"origin":"a","more":1}"#] {
            assert_eq!(origin(wrong).err().unwrap().status(), 400);
        }
    }
}
