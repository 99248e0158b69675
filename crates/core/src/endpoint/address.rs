//! Where deliveries may go: `https` to a public host name. Whoever may register an endpoint must not make the gateway call what only the gateway can reach.
//!
//! The rule is stricter than URLs are: lower-case ASCII letters, digits and hyphens in a host that ends in a word, so that no two programs read an address in two ways. Literal addresses are refused
//! in every notation (dotted, decimal, octal, hexadecimal, IPv6), and so are names that never lead to the public network (RFC 6761, RFC 6762, RFC 7686, RFC 8375, RFC 9476) or that resolve to addresses
//! that their name says (`10.0.0.1.nip.io`). Where a public name leads is the platform's to judge: a Worker reaches no private network. Development also takes plain `http` on loopback.

use crate::http;

/// The longest address, in bytes.
pub const LONGEST: usize = 500;
/// The longest host name (RFC 1035) and the longest of its parts.
const LONGEST_HOST: usize = 253;
const LONGEST_LABEL: usize = 63;

/// Last words of names that do not lead to the public network, or are kept for other uses.
const SPECIAL: &[&str] = &[
    "localhost",
    "localdomain",
    "local",
    "internal",
    "intranet",
    "corp",
    "home",
    "lan",
    "private",
    "test",
    "invalid",
    "example",
    "onion",
    "alt",
    "arpa",
    "i2p",
    "consul",
    "cluster",
    "svc",
    "docker",
    "kubernetes",
    "workgroup",
    "mail",
];
/// Names that are kept for examples, that lead to the machine itself, or to whatever address stands in the name.
const SPECIAL_NAMES: &[&str] = &[
    "example.com",
    "example.net",
    "example.org",
    "nip.io",
    "sslip.io",
    "xip.io",
    "localtest.me",
    "lvh.me",
    "vcap.me",
    "lacolhost.com",
    "yoogle.com",
    "rebind.it",
    "rbndr.us",
    "1u.ms",
    "traefik.me",
    "backname.io",
    "nip.lol",
];

/// Why an address is refused, as a sentence.
pub type Refused = &'static str;

/// Reads the address of an endpoint.
///
/// # Errors
/// Why it is refused.
pub fn read(text: &str, is_development: bool) -> Result<&str, Refused> {
    if text.len() > LONGEST {
        return Err("url should have at most 500 characters.");
    }
    if !text.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'\\' | b'"' | b'<' | b'>' | b'^' | b'`' | b'{' | b'|' | b'}')) {
        return Err("url should have nothing but the characters of a URL.");
    }
    if text.contains('#') {
        return Err("url should have no fragment.");
    }
    if is_development && http::is_loopback(text) {
        return port(text.strip_prefix("http://").unwrap_or_default()).map(|_| text);
    }
    let rest = text.strip_prefix("https://").ok_or("url should begin with https://.")?;
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    if authority.contains(['@', '%', '[', ']']) {
        return Err("url should have a plain host name: no user, no literal address.");
    }
    host(port(rest)?).map(|()| text)
}

/// What stands before the port, which must be one.
fn port(rest: &str) -> Result<&str, Refused> {
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    // A loopback address of IPv6 has colons of its own.
    let after_address = authority.rfind(']').map_or(0, |end| end.saturating_add(1));
    let Some((_, port)) = authority.get(after_address..).and_then(|rest| rest.split_once(':')) else { return Ok(authority) };
    let is_port =
        !port.is_empty() && !port.starts_with('0') && port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok();
    let host = authority.strip_suffix(port).and_then(|host| host.strip_suffix(':')).unwrap_or_default();
    if is_port { Ok(host) } else { Err("url should have a port from 1 to 65535, or none.") }
}

fn host(host: &str) -> Result<(), Refused> {
    let labels: Vec<&str> = host.split('.').collect();
    let is_label = |label: &&str| {
        let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        (1..=LONGEST_LABEL).contains(&label.len()) && label.bytes().all(is_letter) && !label.starts_with('-') && !label.ends_with('-')
    };
    if host.len() > LONGEST_HOST || !labels.iter().all(is_label) {
        return Err("url should have a host name of lower-case letters, digits and hyphens.");
    }
    let last = labels.last().copied().unwrap_or_default();
    // Where the last part is a number, programs read an address (WHATWG URL, "ends in a number").
    let is_number = |label: &str| label.starts_with("0x") || label.bytes().all(|byte| byte.is_ascii_digit());
    if is_number(last) {
        return Err("url should have a host name, and no literal address.");
    }
    if labels.len() < 2 || SPECIAL.contains(&last) {
        return Err("url should have the name of a host in the public network.");
    }
    let is_below = |name: &str| host == name || host.strip_suffix(name).is_some_and(|head| head.ends_with('.'));
    if SPECIAL_NAMES.iter().any(|name| is_below(name)) {
        return Err("url should have the name of a host in the public network.");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deliveries_go_to_a_public_host_by_https() {
        for url in [
            "https://hooks.acme.in/toran",
            "https://acme.in",
            "https://acme.in:8443/a/b?tenant=7&x=%20",
            "https://a-b.c0.co.in/",
            "https://xn--11b4c3d.in/x",
            "https://10.acme.in/",
            "https://localhost.acme.in/",
            "https://nip.io.acme.in/",
            "https://testhost.dev/",
        ] {
            assert_eq!(read(url, false), Ok(url));
            assert_eq!(read(url, true), Ok(url));
        }
    }

    const REFUSED: &[&str] = &[
        // Another scheme, or none.
        "",
        "acme.in",
        "//acme.in",
        "http://acme.in/",
        "HTTPS://acme.in/",
        "ftp://acme.in/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https:acme.in",
        "https:/acme.in",
        "https://",
        // Somebody else's host behind another.
        "https://user@acme.in/",
        "https://user:word@acme.in/",
        "https://acme.in@127.0.0.1/",
        "https://acme.in%40127.0.0.1/",
        "https://acme.in\\@127.0.0.1/",
        "https:///acme.in",
        "https://acme.in#@127.0.0.1/",
        // Literal addresses in every notation.
        "https://127.0.0.1/",
        "https://8.8.8.8/",
        "https://10.0.0.1/",
        "https://192.168.1.1/",
        "https://172.16.0.1/",
        "https://169.254.169.254/latest/meta-data",
        "https://100.64.0.1/",
        "https://0.0.0.0/",
        "https://0/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0x7f.0x0.0x0.0x1/",
        "https://0177.0.0.1/",
        "https://127.1/",
        "https://127.0.1/",
        "https://1.2.3.4.5/",
        "https://acme.0x1/",
        "https://acme.1/",
        "https://0xa9fea9fe/",
        "https://0X7F000001/",
        "https://[::1]/",
        "https://[fd00::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[fe80::1%25eth0]/",
        "https://\u{ff11}27.0.0.1/",
        "https://\u{2460}.acme.in/",
        "https://127\u{3002}0\u{3002}0\u{3002}1/",
        // Names of this machine, of a network of one's own, of nowhere.
        "https://localhost/",
        "https://localhost:8443/",
        "https://a.localhost/",
        "https://localhost.localdomain/",
        "https://printer.local/",
        "https://metadata.google.internal/",
        "https://db.corp/",
        "https://x.home.arpa/",
        "https://1.0.0.127.in-addr.arpa/",
        "https://a.test/",
        "https://a.invalid/",
        "https://a.example/",
        "https://example.com/",
        "https://a.example.org/",
        "https://abc.onion/",
        "https://a.alt/",
        "https://router.lan/",
        "https://x.intranet/",
        "https://metadata/",
        "https://kubernetes.default.svc/",
        "https://10.0.0.1.nip.io/",
        "https://127-0-0-1.sslip.io/",
        "https://localtest.me/",
        "https://a.lvh.me/",
        // What two programs may read in two ways.
        "https://acme.in./",
        "https://.acme.in/",
        "https://acme..in/",
        "https://-acme.in/",
        "https://acme-.in/",
        "https://ACME.in/",
        "https://acme_x.in/",
        "https://acme.in /",
        "https://acme.in/\n",
        "https://acme.in/ x",
        "https://\u{905}.in/",
        "https://acme.in:/",
        "https://acme.in:0/",
        "https://acme.in:080/",
        "https://acme.in:65536/",
        "https://acme.in:x/",
        "https://acme.in:80:80/",
        "https://acme.in/#x",
        "https://acme.in/\u{905}",
    ];

    #[test]
    fn what_is_no_public_host_or_may_be_read_in_two_ways_is_refused() {
        for url in REFUSED {
            assert!(read(url, false).is_err() && read(url, true).is_err(), "{url}");
        }
        let long = |length: usize| format!("https://acme.in/{}", "a".repeat(length.saturating_sub(16)));
        assert!(read(&long(500), false).is_ok() && read(&long(501), false).is_err());
        assert!(read(&format!("https://{}.in/", "a".repeat(64)), false).is_err());
        assert!(read(&format!("https://{}in/", "abcd.".repeat(51)), false).is_err());
    }

    #[test]
    fn development_takes_plain_http_on_loopback_too() {
        for url in ["http://127.0.0.1:9400/_sandbox/receive/a", "http://localhost:3000/", "http://[::1]:3000/", "http://127.0.0.1"] {
            assert!(read(url, true).is_ok() && read(url, false).is_err(), "{url}");
        }
        for url in [
            "http://127.0.0.1.acme.in/",
            "http://127.0.0.1@acme.in/",
            "http://127.0.0.2/",
            "http://127.0.0.1:0/",
            "http://127.0.0.1:x/",
            "http://0x7f.1/",
            "http://localhost:80@acme.in",
        ] {
            assert!(read(url, true).is_err(), "{url}");
        }
    }
}
