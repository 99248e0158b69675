//! Every decision Toran takes.
//!
//! Pure: no clock, no randomness, no I/O, no `worker`. The Worker (`src/`), the npm package (`crates/web`) and the vendor
//! sandbox (`crates/sandbox`) only load, ask this crate, save and perform. Time is always a parameter: milliseconds since the Unix epoch.

pub mod access;
pub mod account;
mod address;
pub mod banks;
pub mod body;
pub mod budget;
pub mod check;
pub mod consent;
pub mod count;
pub mod endpoint;
pub mod http;
pub mod ids;
pub mod ifsc;
pub mod journal;
pub mod json;
pub mod keys;
pub mod limits;
pub mod machine;
pub mod mask;
pub mod module;
pub mod names;
pub mod operations;
mod pieces;
pub mod place;
pub mod prices;
pub mod problem;
pub mod proof;
pub mod readiness;
pub mod reconciliation;
pub mod reply;
pub mod route;
mod script;
pub mod seal;
pub mod secret;
pub mod session;
pub mod settings;
pub mod time;
pub mod velocity;
pub mod vendors;
