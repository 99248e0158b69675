//! The page at `/`: every scenario, searchable, with buttons that copy a fresh request.

use toran_core::vendors::sim::payments;

/// The page, for a gateway at this address.
pub(crate) fn html(gateway: &str) -> String {
    let acts: String = payments::names().split(", ").map(|act| format!("<option>{act}</option>")).collect();
    include_str!("page.html").replace("{{gateway}}", gateway).replace("{{acts}}", &acts)
}
