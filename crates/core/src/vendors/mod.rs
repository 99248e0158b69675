//! The vendors: one folder each, the same file names, one line in [`VENDORS`].
//!
//! A vendor turns a typed request into plain HTTP and what came back into a [`Reading`]; it sends nothing and remembers nothing. What a
//! reading leads to is [`crate::check`]'s. Everything a vendor says is outside the gateway's control: a reader never trusts a type, a casing or
//! a status, and what it does not recognise is never a yes.

pub mod callback;
pub mod cashfree;
pub mod decentro;
pub mod iserveu;
mod lenient;
pub mod proof;
mod read;
pub mod settings;
pub mod settlement;
pub mod setu;
#[cfg(feature = "sim")]
pub mod sim;
pub mod wibmo;

use std::borrow::Cow;

pub use settings::{Misconfigured, Settings};
use settings::{address, address_below, setting};

pub use crate::account::Account;
use crate::http::{Exchange, HttpRequest};
use crate::ids::aadhaar;
use crate::keys;
pub use crate::operations::Clue;
use crate::operations::bank_collect::Offer;
use crate::operations::{Finding, OPERATIONS, Operation, Request, VendorRef, VendorWords};
use crate::problem::Problem;
use crate::time::{Millis, seconds_until};

/// What a call is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallKind {
    /// The operation itself.
    Post,
    /// What became of an earlier one.
    Status,
}

/// One call to a vendor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// What it is for.
    pub kind: CallKind,
    /// The account under which it is made.
    pub account: Account,
    /// The reference the vendor sees: 66 hex digits ([`crate::place::Identity::wire_reference`]).
    pub wire_reference: String,
    /// What an earlier call found out that this one needs.
    pub clue: Option<Clue>,
}

impl Call {
    /// A call that needs nothing from an earlier one.
    #[must_use]
    pub const fn new(kind: CallKind, account: Account, wire_reference: String) -> Self {
        Self { kind, account, wire_reference, clue: None }
    }
}

/// What a call needs next.
pub enum Step {
    /// Send this, and hand in what came of it.
    Send(HttpRequest),
    /// Nothing: this is what it came to.
    Read(Reading),
}

/// What a vendor's reply means, in words that no vendor owns.
#[derive(Clone, Debug, PartialEq)]
pub enum Reading {
    /// The vendor answered what was asked.
    Final(Box<Finding>),
    /// The vendor says that it is still working.
    Working(VendorRef),
    /// It cannot be told what happened. A read is not read this way.
    Unknown {
        /// As far as the vendor said who it is.
        vendor: VendorRef,
        /// The key or code with which it refused us, where it did.
        refused_us: Option<String>,
    },
    /// Reads: trouble on the way or at the vendor that may pass.
    Trouble {
        /// What the caller sees if it does not pass.
        problem: Problem,
        /// The vendor's `Retry-After`, in seconds.
        retry_after: Option<u32>,
    },
    /// The vendor has this very request already.
    Landed(VendorRef),
    /// Writes: the vendor understood the request and will never take it. A person must look.
    Rejected {
        /// As far as the vendor said who it is.
        vendor: VendorRef,
        /// Its key or code.
        vendor_key: String,
        /// What it says.
        words: VendorWords,
    },
    /// Nothing was sent: the vendor's module takes no call before this time.
    Held(Millis),
    /// Money in: there is a link that the customer can pay.
    Offered(Box<Offer>),
    /// The answer leads to another call, which needs this.
    Further(Clue),
    /// It is certain that nothing happened, and trying again now would not help.
    Ended {
        /// What the caller sees.
        problem: Problem,
        /// The vendor's key, code or status, where an operator must be alerted.
        refused_us: Option<String>,
    },
}

impl Reading {
    /// The vendor refused *us*: one public key, and the vendor's own for the operator.
    #[must_use]
    pub fn refused_us(vendor_key: impl Into<String>) -> Self {
        Self::Ended { problem: Problem::new(keys::SERVICE_UNAVAILABLE), refused_us: Some(vendor_key.into()) }
    }

    /// A call that could not be made for want of a setting. For a POST that is certain; for a status lookup it says nothing about the
    /// request that is looked up, which may have moved a rupee.
    #[must_use]
    pub fn misconfigured(kind: CallKind, setting: &str) -> Self {
        let vendor_key = format!("setting_{setting}");
        match kind {
            CallKind::Post => Self::refused_us(vendor_key),
            CallKind::Status => Self::Unknown { vendor: VendorRef::default(), refused_us: Some(vendor_key) },
        }
    }

    /// Whether nothing was sent: the vendor's module takes no call, or the customer's consent has ended.
    #[must_use]
    pub fn is_unsent(&self) -> bool {
        match self {
            Self::Held(_) => true,
            Self::Ended { problem, refused_us: None } => problem.key == keys::CONSENT_REQUIRED,
            _ => false,
        }
    }

    /// What kind of reply it is, for the ledger.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Final(_) => "final",
            Self::Working(_) => "working",
            Self::Unknown { .. } => "unknown",
            Self::Trouble { .. } => "trouble",
            Self::Landed(_) => "landed",
            Self::Held(_) => "held",
            Self::Rejected { .. } => "rejected",
            Self::Offered(_) => "offered",
            Self::Further(_) => "further",
            Self::Ended { .. } => "ended",
        }
    }

    /// The key or code that it says: the vendor's, or where that said none, the one under which the caller would be told of it.
    #[must_use]
    pub fn key(&self) -> Option<&str> {
        match self {
            Self::Final(finding) => Some(&finding.key),
            Self::Unknown { refused_us: Some(key), .. }
            | Self::Ended { refused_us: Some(key), .. }
            | Self::Rejected { vendor_key: key, .. } => Some(key),
            Self::Working(vendor) | Self::Unknown { vendor, .. } | Self::Landed(vendor) => vendor.code.as_deref(),
            Self::Offered(offer) => offer.vendor.code.as_deref(),
            Self::Trouble { problem, .. } | Self::Ended { problem, .. } => Some(&problem.key),
            Self::Held(_) | Self::Further(_) => None,
        }
    }

    /// With the record of an answer that has none yet.
    #[must_use]
    pub fn recorded(self, record: impl FnOnce(Finding) -> Finding) -> Self {
        match self {
            Self::Final(finding) if finding.has_no_record() => Self::Final(Box::new(record(*finding))),
            reading => reading,
        }
    }

    /// The same without any Aadhaar number in what is told or kept. What the next call needs goes to the vendor alone.
    #[must_use]
    pub fn without_aadhaar(self) -> Self {
        let key = |key: String| aadhaar::hide(&key);
        match self {
            Self::Final(finding) => Self::Final(Box::new(finding.without_aadhaar())),
            Self::Working(vendor) => Self::Working(vendor.without_aadhaar()),
            Self::Unknown { vendor, refused_us } => Self::Unknown { vendor: vendor.without_aadhaar(), refused_us: refused_us.map(key) },
            Self::Landed(vendor) => Self::Landed(vendor.without_aadhaar()),
            Self::Rejected { vendor, vendor_key, words } => {
                Self::Rejected { vendor: vendor.without_aadhaar(), vendor_key: key(vendor_key), words }
            }
            Self::Ended { problem, refused_us } => Self::Ended { problem, refused_us: refused_us.map(key) },
            Self::Offered(offer) => Self::Offered(Box::new(Offer { vendor: offer.vendor.without_aadhaar(), ..*offer })),
            other @ (Self::Trouble { .. } | Self::Held(_) | Self::Further(_)) => other,
        }
    }

    /// Certain, and nobody's alert.
    #[must_use]
    pub fn ended(problem: Problem) -> Self {
        Self::Ended { problem, refused_us: None }
    }

    /// Trouble that ends as the named gateway key if it lasts.
    #[must_use]
    pub fn trouble(ends_as: &'static str, retry_after: Option<u32>) -> Self {
        Self::Trouble { problem: Problem::new(ends_as), retry_after }
    }

    /// The problem of a request whose vendor takes no call before a time. Nothing was sent.
    #[must_use]
    pub fn held_back(until: Millis, now: Millis) -> Problem {
        let problem = Problem::new(keys::SOURCE_UNAVAILABLE).retry_after(seconds_until(until, now).max(1));
        problem.detail("The vendor is not called at the moment. Nothing was sent.")
    }

    /// Not to be told, without a refusal.
    #[must_use]
    pub const fn unknown(vendor: VendorRef) -> Self {
        Self::Unknown { vendor, refused_us: None }
    }
}

/// A vendor.
pub trait Vendor: Sync {
    /// Its name in answers, logs and routes.
    fn name(&self) -> &'static str;

    /// The settings it cannot work without.
    fn settings(&self) -> &'static [&'static str];

    /// Settings of which it needs one; the first is what `GET /readyz` names.
    fn one_of(&self) -> &'static [&'static str] {
        &[]
    }

    /// Whether it can carry out a request: every one of its operations, unless the vendor says otherwise.
    fn offers(&self, request: &Request) -> bool {
        request.operation().row().vendors.contains(&self.name())
    }

    /// The module of its interface that carries out an operation: what is down, and limited, by itself. Each operation is one by itself, unless the vendor says otherwise.
    fn module(&self, operation: Operation) -> &'static str {
        operation.row().name
    }

    /// How its callbacks are read; `None` where it sends none.
    fn callbacks(&self) -> Option<&'static callback::Callbacks> {
        None
    }

    /// How it is asked whether money reached its account, when the request is gone; `None` where it moves none.
    fn settlement(&self) -> Option<&'static settlement::Settlement> {
        None
    }

    /// The request that carries out a call. `now` is what it is dated, where the vendor wants a date.
    ///
    /// # Errors
    /// The name of a setting that is missing or not allowed; then nothing may be sent.
    fn request(&self, call: &Call, request: &Request, settings: Settings<'_>, now: Millis) -> Result<HttpRequest, Misconfigured>;

    /// What came of a call means. Total: any bytes get a reading. The settings are those of the request: an answer may be encrypted.
    fn read(&self, call: &Call, request: &Request, exchange: &Exchange, settings: Settings<'_>) -> Reading;

    /// The next step of a call, given what came of the steps before it, in order: one request and its reading. Only a read may need more, all of
    /// them within the time of one attempt; what acts is one request, for nothing is saved between two steps.
    ///
    /// # Errors
    /// Those of [`Vendor::request`].
    fn step(&self, call: &Call, request: &Request, said: &[Exchange], settings: Settings<'_>, now: Millis) -> Result<Step, Misconfigured> {
        match said.last() {
            None => self.request(call, request, settings, now).map(Step::Send),
            Some(exchange) => Ok(Step::Read(self.read(call, request, exchange, settings))),
        }
    }

    /// The vendor as the sandbox plays it, in its first state.
    #[cfg(feature = "sim")]
    fn simulation(&self) -> Box<dyn sim::Simulation>;

    /// Every scenario of the simulation, each request under a `reference_id` that begins with the seed. A seed of letters, digits, `_` and `-`
    /// that was not used before makes them fresh.
    #[cfg(feature = "sim")]
    fn scenarios(&self, seed: &str) -> Vec<sim::Scenario>;
}

/// Every vendor.
pub static VENDORS: &[&dyn Vendor] = &[&decentro::Decentro, &iserveu::Iserveu, &wibmo::Wibmo, &cashfree::Cashfree, &setu::Setu];

/// The want of an operation that a vendor does not offer. [`of`] never asks for one; if something else does, nothing is sent.
const NOT_OFFERED: Misconfigured = Misconfigured(Cow::Borrowed("operation"));

/// The next step of a call, given what came of the steps before it, in order; an answer is told in the documents' words. The settings are all that there are: which of them count, and where the
/// call leaves, is seen to here.
pub fn step(call: &Call, request: &Request, said: &[Exchange], settings: Settings<'_>, now: Millis) -> Step {
    let Some(vendor) = named(call.account.vendor()) else { return Step::Read(Reading::misconfigured(call.kind, "vendor")) };
    let step = settings::in_force(vendor, call.account.name(), settings).and_then(|in_force| {
        match vendor.step(call, request, said, &in_force, now)? {
            Step::Send(request) => settings::leaving(vendor, request, &in_force).map(Step::Send),
            Step::Read(Reading::Final(finding)) => Ok(Step::Read(Reading::Final(Box::new(finding.told())))),
            read @ Step::Read(_) => Ok(read),
        }
    });
    step.unwrap_or_else(|Misconfigured(name)| Step::Read(Reading::misconfigured(call.kind, &name)))
}

/// The accounts that may carry out a request, in the order in which they are asked. Of a tenant that has accounts of its own, those that offer it; else the common accounts of
/// the operation's vendors that offer it, of which the first always counts, and any other, or any of an optional operation, once it has every setting that it needs. None where the first vendor alone is asked:
/// also for a tenant none of whose accounts offers the request.
#[must_use]
pub fn accounts(request: &Request, own: &[Account], settings: Settings<'_>) -> Vec<Account> {
    let offers = |account: &Account| named(account.vendor()).is_some_and(|vendor| vendor.offers(request));
    let row = request.operation().row();
    let is_always = |name: &str| name == row.vendor() && !row.is_optional;
    let is_asked = |name: &str| is_always(name) || named(name).is_some_and(|vendor| settings::is_whole(vendor, settings));
    let accounts: Vec<_> = if own.is_empty() {
        row.vendors.iter().filter(|name| is_asked(name)).map(|name| Account::common(name)).filter(offers).collect()
    } else {
        own.iter().filter(|account| offers(account)).cloned().collect()
    };
    if accounts == [Account::common(row.vendor())] { Vec::new() } else { accounts }
}

/// The modules of a vendor, each once.
pub fn modules(vendor: &'static dyn Vendor) -> impl Iterator<Item = &'static str> {
    let mut modules: Vec<_> = operations_of(vendor).map(|operation| vendor.module(operation)).collect();
    modules.sort_unstable();
    modules.dedup();
    modules.into_iter()
}

/// The operations that a vendor carries out.
pub fn operations_of(vendor: &'static dyn Vendor) -> impl Iterator<Item = Operation> {
    OPERATIONS.iter().filter(|row| row.vendors.contains(&vendor.name())).map(|row| row.operation)
}

/// The accounts that may be called at all: the common ones of the vendors in use, and those that tenants have, each once.
#[must_use]
pub fn callable(own: &[&Account], settings: Settings<'_>) -> Vec<(Account, &'static dyn Vendor)> {
    let is_first = |vendor: &dyn Vendor| OPERATIONS.iter().any(|row| row.vendor() == vendor.name());
    let common = VENDORS.iter().filter(|vendor| is_first(**vendor) || settings::is_whole(**vendor, settings));
    let common = common.map(|vendor| (Account::common(vendor.name()), *vendor));
    let mut accounts: Vec<(Account, &'static dyn Vendor)> = common.collect();
    for account in own {
        if let (Some(vendor), false) = (named(account.vendor()), accounts.iter().any(|(known, _)| known == *account)) {
            accounts.push(((*account).clone(), vendor));
        }
    }
    accounts
}

/// The vendor of this name.
#[must_use]
pub fn named(name: &str) -> Option<&'static dyn Vendor> {
    VENDORS.iter().find(|vendor| vendor.name() == name).copied()
}

/// The vendor that is asked first for an operation.
#[must_use]
pub fn of(operation: Operation) -> Option<&'static dyn Vendor> {
    named(operation.row().vendor())
}
