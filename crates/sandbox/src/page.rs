//! The page at `/`: every scenario, searchable, with buttons that copy a fresh request.

use toran_core::vendors::sim::payments;

/// The page, for a gateway at this address.
pub(crate) fn html(gateway: &str) -> String {
    let acts = format!("<option>{}</option>", payments::names().replace(", ", "</option><option>"));
    include_str!("page.html").replace("{{gateway}}", gateway).replace("{{acts}}", &acts)
}
