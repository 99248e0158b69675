//! Browsers: who may open a session, for which page, and whether a request comes from the page of its session. Contract section 2.6.

use serde_json::Value;

use super::Caller;
use crate::http::is_loopback;
use crate::json;
use crate::keys;
use crate::operations::Audience;
use crate::problem::Problem;

/// The credential of a header `Authorization: Bearer ...`; `None` for another scheme, or none.
#[must_use]
pub fn bearer(header: &str) -> Option<&str> {
    let (scheme, token) = header.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// The origin that the body of a request for a session names. The body may be empty.
///
/// # Errors
/// [`Problem::malformed`].
pub fn named_origin(body: &[u8]) -> Result<Option<String>, Problem> {
    if body.is_empty() {
        return Ok(None);
    }
    let map = json::object(body).map_err(|malformed| Problem::malformed(malformed.0, None))?;
    Problem::of_unknown(&map, &["origin"], "")?;
    match map.get("origin") {
        None => Ok(None),
        Some(Value::String(origin)) => Ok(Some(origin.clone())),
        Some(_) => Err(Problem::malformed("origin should be a string such as https://www.example.com.".into(), Some("origin".into()))),
    }
}

/// What a request for a session says of itself.
#[derive(Clone, Copy, Debug)]
pub struct Opening<'a> {
    /// The origin that its body names.
    pub named: Option<&'a str>,
    /// The gateway's own origin, as the request reached it.
    pub own: &'a str,
    /// The page that it comes from (`Origin`).
    pub page: Option<&'a str>,
    /// Whether this is somebody's own machine.
    pub is_development: bool,
}

impl<'a> Opening<'a> {
    /// The page for which a tenant's server may open a session: one of the tenant's origins, in development the gateway's own too.
    ///
    /// # Errors
    /// 403 for a browser and for another page, 400 where none is named.
    pub fn by_server(self, caller: &Caller<'_>) -> Result<&'a str, Problem> {
        let forbidden = |detail: &str| Problem::new(keys::FORBIDDEN).detail(detail);
        if caller.audience != Audience::Server {
            return Err(forbidden("A session cannot open another one."));
        }
        let missing = || Problem::malformed("The body must name the origin of the page.".into(), Some("origin".into()));
        let named = self.named.ok_or_else(missing)?;
        let is_own = self.is_development && self.own == named;
        let is_listed = || caller.tenant.origins.iter().any(|origin| origin == named);
        if is_own || is_listed() { Ok(named) } else { Err(forbidden("This origin is not one of the tenant's origins.")) }
    }

    /// The page that may open a session for itself, without a key: in development the gateway's own, of this machine. A foreign host
    /// name that resolves to this machine is another origin.
    ///
    /// # Errors
    /// 401 for any other.
    pub fn by_own_page(self) -> Result<&'a str, Problem> {
        let is_here = self.is_development && is_loopback(self.own);
        match self.page {
            Some(page) if is_here && page == self.own && self.named.is_none_or(|named| named == page) => Ok(page),
            _ => Err(Problem::new(keys::UNAUTHORIZED).detail("Ask with a server key, from your server.")),
        }
    }
}

/// Whether a browser says that a request comes from this origin. `page`: `Origin`, which a browser leaves out of a same-origin GET; it says so in `Sec-Fetch-Site` then,
/// which a page cannot set. `own`: the gateway's own origin.
#[must_use]
pub fn comes_from(origin: &str, page: Option<&str>, fetch_site: Option<&str>, own: &str) -> bool {
    match page {
        Some(page) => page == origin,
        None => fetch_site == Some("same-origin") && own == origin,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::super::{Tenant, of_key, of_session, read};
    use super::*;

    const OWN: &str = "http://127.0.0.1:8787";
    const SHOP: &str = "https://shop.example";

    fn tenants() -> Vec<Tenant> {
        read(r#"[{"id":"acme","keys":["d1"],"scopes":["*"],"origins":["https://shop.example"]}]"#).unwrap()
    }

    fn opening<'a>(named: Option<&'a str>, page: Option<&'a str>, is_development: bool) -> Opening<'a> {
        Opening { named, own: OWN, page, is_development }
    }

    #[test]
    fn a_server_opens_sessions_for_its_tenants_origins_and_in_development_for_the_gateways_own() {
        let tenants = tenants();
        let caller = of_key(&tenants, "d1").unwrap();
        let by_server = |named, is_development| opening(named, None, is_development).by_server(&caller).map_err(|problem| problem.status());
        assert_eq!(by_server(Some(SHOP), false), Ok(SHOP));
        assert_eq!(by_server(Some("https://other.example"), true), Err(403));
        assert_eq!((by_server(Some(OWN), true), by_server(Some(OWN), false)), (Ok(OWN), Err(403)));
        assert_eq!(by_server(None, true), Err(400));
        let browser = of_session(&tenants, "acme").unwrap();
        assert_eq!(opening(Some(SHOP), None, true).by_server(&browser).map_err(|problem| problem.status()), Err(403));
    }

    #[test]
    fn only_developments_own_page_on_this_machine_opens_a_session_for_itself() {
        let by_page = |opening: Opening<'_>| opening.by_own_page().map(str::to_owned).map_err(|problem| problem.status());
        assert_eq!(by_page(opening(None, Some(OWN), true)), Ok(OWN.to_owned()));
        assert_eq!(by_page(opening(Some(OWN), Some(OWN), true)), Ok(OWN.to_owned()));
        for refused in [
            opening(None, Some(OWN), false),
            opening(None, None, true),
            opening(None, Some("http://127.0.0.1:1"), true),
            opening(Some(SHOP), Some(OWN), true),
            Opening { own: SHOP, ..opening(None, Some(SHOP), true) },
        ] {
            assert_eq!(by_page(refused), Err(401), "{refused:?}");
        }
    }

    #[test]
    fn a_request_belongs_to_its_sessions_page() {
        assert!(comes_from(SHOP, Some(SHOP), None, OWN));
        assert!(comes_from(OWN, None, Some("same-origin"), OWN));
        for (page, site) in
            [(Some(OWN), None), (None, Some("same-origin")), (None, Some("cross-site")), (None, None), (Some("null"), Some("same-origin"))]
        {
            assert!(!comes_from(SHOP, page, site, OWN), "{page:?} {site:?}");
        }
    }

    #[test]
    fn a_body_names_an_origin_or_none() {
        assert_eq!(named_origin(b"").unwrap(), None);
        assert_eq!(named_origin(b"{}").unwrap(), None);
        assert_eq!(named_origin(br#"{"origin":"https://a.example"}"#).unwrap().as_deref(), Some("https://a.example"));
        for wrong in [&b"[]"[..], b"x", br#"{"origin":7}"#, br#"{"origin":"a","more":1}"#] {
            assert_eq!(named_origin(wrong).err().unwrap().status(), 400);
        }
    }

    #[test]
    fn a_credential_is_a_bearers() {
        assert_eq!((bearer("Bearer  a "), bearer("bearer a"), bearer("Basic a"), bearer("Bearer")), (Some("a"), Some("a"), None, None));
    }
}
