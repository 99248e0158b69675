//! The page at `/`: every scenario, searchable, with buttons that copy a fresh request.

/// The page, for a gateway at this address.
pub(crate) fn html(gateway: &str) -> String {
    include_str!("page.html").replace("{{gateway}}", gateway)
}
