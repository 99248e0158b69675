//! Browsers: who may open a session, for which page, and whether a request comes from the page of its session; what it is to be good for is [`super::wanted`]'s. Contract section 2.6.

use std::net::Ipv6Addr;

use super::Caller;
use crate::http::is_loopback;
use crate::keys;
use crate::operations::Audience;
use crate::problem::Problem;

/// The credential of a header `Authorization: Bearer ...`; `None` for another scheme, or none.
#[must_use]
pub fn bearer(header: &str) -> Option<&str> {
    let (scheme, token) = header.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
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

/// Whether a text is an origin as a browser writes it: `https` but on a loopback address, a host in small letters, perhaps a port, and nothing behind it.
#[must_use]
pub fn is_origin(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else { return false };
    let (host, port) = match rest.rsplit_once(':') {
        Some((host, port)) if !rest.ends_with(']') => (host, Some(port)),
        _ => (rest, None),
    };
    let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'_');
    let is_address =
        host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).is_some_and(|inside| inside.parse::<Ipv6Addr>().is_ok());
    let is_host = !host.is_empty() && (is_address || host.bytes().all(is_letter));
    let is_port = port.is_none_or(|port| port.parse::<u16>().is_ok_and(|number| number.to_string() == port));
    // The last two are the pages of apps (Capacitor, Ionic).
    is_host && is_port && (scheme == "http" && is_loopback(text) || ["https", "capacitor", "ionic"].contains(&scheme))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::super::{Tenant, of_key, of_session, read};
    use super::*;

    const OWN: &str = "http://127.0.0.1:8787";
    const SHOP: &str = "https://shop.example";

    fn tenants() -> Vec<Tenant> {
        read(&format!(r#"[{{"id":"acme","keys":["{}"],"scopes":["*"],"origins":["https://shop.example"]}}]"#, "1".repeat(64))).unwrap()
    }

    fn opening<'a>(named: Option<&'a str>, page: Option<&'a str>, is_development: bool) -> Opening<'a> {
        Opening { named, own: OWN, page, is_development }
    }

    #[test]
    fn a_server_opens_sessions_for_its_tenants_origins_and_in_development_for_the_gateways_own() {
        let tenants = tenants();
        let caller = of_key(&tenants, &"1".repeat(64)).unwrap();
        let by_server = |named, is_development| opening(named, None, is_development).by_server(&caller).map_err(|problem| problem.status());
        assert_eq!(by_server(Some(SHOP), false), Ok(SHOP));
        assert_eq!(by_server(Some("https://other.example"), true), Err(403));
        assert_eq!((by_server(Some(OWN), true), by_server(Some(OWN), false)), (Ok(OWN), Err(403)));
        assert_eq!(by_server(None, true), Err(400));
        let browser = of_session(&tenants, super::super::tests::session("acme", &["pan.verify"])).unwrap();
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
    fn a_credential_is_a_bearers() {
        assert_eq!((bearer("Bearer  a "), bearer("bearer a"), bearer("Basic a"), bearer("Bearer")), (Some("a"), Some("a"), None, None));
    }
}
