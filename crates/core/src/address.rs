//! Addresses on the network in their one form (RFC 5952).
//!
//! Read by the standard library, and written as it would write them (but for IPv4 inside of IPv6, which is hexadecimal too), without its formatting,
//! which would be shipped to browsers.

use std::net::{IpAddr, Ipv6Addr};

use crate::pieces::push_number;

/// The one form of an address, if the text is one.
pub(crate) fn one_form(text: &str) -> Option<String> {
    Some(match text.parse().ok()? {
        // They are read in no other form.
        IpAddr::V4(_) => text.to_owned(),
        IpAddr::V6(address) => written(address),
    })
}

fn written(address: Ipv6Addr) -> String {
    let segments = address.segments();
    let (first, behind) = zeros(&segments);
    let mut text = String::new();
    for (place, &segment) in segments.iter().enumerate() {
        if place == first {
            text.push_str("::");
        } else if place < first || place >= behind {
            if place > 0 && place != behind {
                text.push(':');
            }
            push_number(&mut text, segment.into(), 16);
        }
    }
    text
}

/// The first of the longest rows of two and more zeros, and the place behind it; beyond the end if there is none.
fn zeros(segments: &[u16]) -> (usize, usize) {
    let (mut longest, mut row) = ((9_usize, 9_usize), 0_usize);
    for (place, segment) in segments.iter().enumerate() {
        row = if *segment == 0 { row.wrapping_add(1) } else { 0 };
        let behind = place.wrapping_add(1);
        if row > 1 && row > longest.1.wrapping_sub(longest.0) {
            longest = (behind.wrapping_sub(row), behind);
        }
    }
    longest
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn an_address_is_written_as_the_standard_library_does(segments in prop::array::uniform8(prop_oneof![Just(0), Just(0xffff), any::<u16>()])) {
            let address = Ipv6Addr::from(segments);
            prop_assume!(address.to_ipv4_mapped().is_none());
            prop_assert_eq!(written(address), address.to_string());
        }
    }

    #[test]
    fn what_is_no_address_has_no_form() {
        for (text, form) in [
            ("192.0.2.1", Some("192.0.2.1")),
            ("2001:0DB8::0:1", Some("2001:db8::1")),
            ("::", Some("::")),
            ("192.0.2.01", None),
            ("a", None),
        ] {
            assert_eq!(one_form(text).as_deref(), form);
        }
    }
}
