//! Paths: whether one fits a pattern, and which methods a set of routes takes.

/// The parameters with which a path fits a pattern, percent-decoded, in order; `None` where it does not. A pattern's segment in braces (`/v1/checks/{id}`) stands for
/// any segment that is not empty.
#[must_use]
pub fn matched(pattern: &str, path: &str) -> Option<Vec<String>> {
    // Most patterns have none.
    if !pattern.contains('{') {
        return (pattern == path).then(Vec::new);
    }
    let (mut wanted, mut given) = (pattern.split('/'), path.split('/'));
    let mut parameters = Vec::new();
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return Some(parameters),
            (Some(wanted), Some(given)) if wanted.starts_with('{') => parameters.push(decoded(given)?),
            (Some(wanted), Some(given)) if wanted == given => {}
            _ => return None,
        }
    }
}

/// The parameters of a query (`a=1&b=%20`), decoded, in order; `None` where one is no UTF-8 text.
#[must_use]
pub fn parameters(query: &str) -> Option<Vec<(String, String)>> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty()).map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    let text = |part: &str| if part.is_empty() { Some(String::new()) } else { decoded(&part.replace('+', " ")) };
    pairs.map(|(name, value)| Some((decoded(name)?, text(value)?))).collect()
}

/// A segment of a path without its percent-encoding; `None` for an empty one, and for what is no UTF-8 text.
fn decoded(segment: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.bytes();
    while let Some(byte) = rest.next() {
        let byte = if byte == b'%' { hex_digit(rest.next()?)?.saturating_mul(16).saturating_add(hex_digit(rest.next()?)?) } else { byte };
        bytes.push(byte);
    }
    String::from_utf8(bytes).ok().filter(|text| !text.is_empty())
}

fn hex_digit(byte: u8) -> Option<u8> {
    u8::try_from(char::from(byte).to_digit(16)?).ok()
}

/// The value of `Allow` for a path whose routes take these methods. HEAD is GET without the body (RFC 9110 section 9.3.2).
#[must_use]
pub fn allow<'a>(methods: impl Iterator<Item = &'a str>) -> String {
    methods.map(|method| if method == "GET" { "GET, HEAD" } else { method }).collect::<Vec<_>>().join(", ")
}

/// The method by which a request finds its route.
#[must_use]
pub fn method(method: &str) -> &str {
    if method == "HEAD" { "GET" } else { method }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_fits_a_pattern_segment_by_segment() {
        let fits = |pattern, path| matched(pattern, path).map(|parameters| parameters.join(","));
        for (pattern, path, parameters) in [
            ("/v1/keys", "/v1/keys", Some("")),
            ("/v1/keys", "/v1/keys/", None),
            ("/v1/keys/{key}", "/v1/keys/a", Some("a")),
            ("/v1/keys/{key}", "/v1/keys/%20a%2Fb%E0%A4%A8", Some(" a/b\u{928}")),
            ("/v1/keys/{key}", "/v1/keys/", None),
            ("/v1/keys/{key}", "/v1/keys/a/b", None),
            ("/v1/keys/{key}", "/v1/keys/a/", None),
            ("/v1/keys/{key}", "/v1/other/a", None),
            ("/v1/applications/{id}/steps/{step}", "/v1/applications/app_1/steps/pan", Some("app_1,pan")),
            ("/v1/applications/{id}/steps/{step}", "/v1/applications/app_1/steps", None),
            ("/v1/applications/{id}/events", "/v1/applications/app_1/events", Some("app_1")),
        ] {
            assert_eq!(fits(pattern, path).as_deref(), parameters, "{pattern} {path}");
        }
        for broken in ["%", "%2", "%zz", "%ff", "%c3%28", "a%"] {
            assert_eq!(matched("/{a}", &format!("/{broken}")), None, "{broken}");
        }
    }

    #[test]
    fn a_query_is_read_pair_by_pair() {
        let read = |query: &str| {
            parameters(query).map(|pairs| pairs.iter().map(|(name, value)| format!("{name}:{value}")).collect::<Vec<_>>().join(","))
        };
        for (query, pairs) in [
            ("", Some("")),
            ("a=1&b=%20x+y&c=&d", Some("a:1,b: x y,c:,d:")),
            ("&a=1&&a=2", Some("a:1,a:2")),
            ("a=%ff", None),
            ("=1", None),
            ("a=%", None),
        ] {
            assert_eq!(read(query).as_deref(), pairs, "{query}");
        }
    }

    #[test]
    fn head_is_get() {
        assert_eq!((method("HEAD"), method("POST")), ("GET", "POST"));
        assert_eq!(allow(["GET", "POST"].into_iter()), "GET, HEAD, POST");
    }
}
