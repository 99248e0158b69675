//! The settings of vendors: which of them count, and where a call goes. One place for all; no vendor's folder knows of it.
//!
//! - `<OPERATION>_URL`, `<OPERATION>_PATH` and `<OPERATION>_STATUS_PATH` (`BANK_VERIFY_URL`) count for more than the vendor's own address.
//! - Every setting may have a twin `NAME_NEXT`, which counts while `<VENDOR>_CREDENTIALS` is `next`: the second live set of a rotation.
//! - An account of a vendor ([`super::Account`]) has its own under its name: `DECENTRO_CLIENT_SECRET__ACME`, its twin `DECENTRO_CLIENT_SECRET_NEXT__ACME`. Every credential must be
//!   there, for those of two accounts are never mixed; addresses and whatever may be left out are the common ones where the account has none.
//! - With `<VENDOR>_EGRESS_URL` a vendor's calls leave through a proxy whose address the vendor knows, for a Worker has none that stays.
//!
//! A vendor that is no operation's first, or only that of one that an installation may go without, is asked once it has every setting that it needs. `GET /readyz` asks for them once one of them is there, or an account at it is a
//! tenant's.
//!
//! An address is `https`, or plain on the machine's own loopback; that production uses none of those is the shell's to see to ([`names`]).

use std::borrow::Cow;

use super::{Account, CallKind, VENDORS, Vendor, proof};
use crate::http::{HttpRequest, is_allowed, origin};
use crate::operations::{OPERATIONS, Operation};
use crate::secret::Secret;

/// The settings of a vendor, by name: base addresses and credentials.
pub type Settings<'a> = &'a dyn Fn(&str) -> Option<String>;

/// A setting that is missing, or an address that must not be called; by name.
#[derive(Debug, PartialEq, Eq)]
pub struct Misconfigured(pub Cow<'static, str>);

impl From<&'static str> for Misconfigured {
    fn from(name: &'static str) -> Self {
        Self(name.into())
    }
}

const CREDENTIALS: &str = "CREDENTIALS";
const EGRESS_URL: &str = "EGRESS_URL";
const EGRESS_KEY: &str = "EGRESS_KEY";
/// What the name of the setting ends in that holds the headers by which a vendor's callbacks are known.
const CALLBACK_HEADERS: &str = "CALLBACK_HEADERS";
/// What the name of a twin ends in.
const NEXT: &str = "_NEXT";
/// What stands between a setting and the account that has it for its own.
const ACCOUNT: &str = "__";
/// What the name of an address ends in.
const URL: &str = "_URL";

/// What the proxy is told: for whom the call is, and by what it knows us.
const UPSTREAM_HEADER: &str = "x-toran-upstream";
const KEY_HEADER: &str = "x-toran-egress-key";

/// A setting that is there and not blank.
fn present(settings: Settings<'_>, name: &str) -> Option<String> {
    settings(name).filter(|value| !value.trim().is_empty())
}

/// A setting that must be there and not blank.
pub(super) fn setting(settings: Settings<'_>, name: &'static str) -> Result<String, Misconfigured> {
    present(settings, name).ok_or_else(|| name.into())
}

/// A setting that holds an address to call, where it is there.
fn called(settings: Settings<'_>, name: Cow<'static, str>) -> Result<Option<String>, Misconfigured> {
    match present(settings, &name) {
        Some(url) if !is_base(&url) => Err(Misconfigured(name)),
        url => Ok(url),
    }
}

fn is_base(url: &str) -> bool {
    is_allowed(url) && !url.contains(['?', '#'])
}

/// The address of a call: a path below the address that the setting `base` holds, unless the operation has settings of its own.
pub(super) fn address(
    settings: Settings<'_>,
    operation: Operation,
    kind: CallKind,
    base: &'static str,
    path: &str,
) -> Result<String, Misconfigured> {
    let own_path = operation.setting(match kind {
        CallKind::Post => "PATH",
        CallKind::Status => "STATUS_PATH",
    });
    let path = present(settings, &own_path).unwrap_or_else(|| path.to_owned());
    match called(settings, operation.setting("URL").into())? {
        Some(url) => Ok(below(&url, &path)),
        None => address_below(settings, base, &path),
    }
}

/// The address of a path below the one that a setting holds.
pub(super) fn address_below(settings: Settings<'_>, base: &'static str, path: &str) -> Result<String, Misconfigured> {
    let url = called(settings, base.into())?.ok_or(base)?;
    Ok(below(&url, path))
}

fn below(base: &str, path: &str) -> String {
    format!("{}/{}", base.trim_end_matches('/'), path.trim_start_matches('/'))
}

/// A vendor's own setting of something that every vendor may have.
fn of(vendor: &dyn Vendor, name: &str) -> Cow<'static, str> {
    format!("{}_{name}", vendor.name().to_ascii_uppercase()).into()
}

/// What the names of an account's own settings end in.
fn suffix(account: Option<&str>) -> String {
    account.map(|account| format!("{ACCOUNT}{}", account.to_ascii_uppercase())).unwrap_or_default()
}

/// What a setting of an account's callbacks is called: its own, never a common one.
pub(super) fn callback_setting(account: &Account, name: &str) -> String {
    format!("{name}{}", suffix(account.name()))
}

/// The secrets of a vendor's callbacks, but for one that it shares with its calls.
fn callback_secrets(vendor: &'static dyn Vendor) -> impl Iterator<Item = Cow<'static, str>> {
    let callbacks =
        vendor.callbacks().map(|callbacks| Cow::Borrowed(callbacks.secret)).filter(|name| own_names(vendor).all(|own| own != name));
    callbacks.into_iter().chain(vendor.callbacks().map(|_| of(vendor, CALLBACK_HEADERS)))
}

/// The settings of a vendor on one level: the common ones, or those that an account has of its own, whose names end in the account's. Each level chooses for itself
/// between its live set and its second one.
struct Level<'a> {
    vendor: &'static dyn Vendor,
    /// What the names of this level end in.
    suffix: String,
    is_next: bool,
    settings: Settings<'a>,
}

impl<'a> Level<'a> {
    fn of(vendor: &'static dyn Vendor, account: Option<&str>, settings: Settings<'a>) -> Result<Self, Misconfigured> {
        let suffix = suffix(account);
        let mut level = Self { vendor, suffix, is_next: false, settings };
        let choice = level.name(&of(vendor, CREDENTIALS));
        level.is_next = match settings(&choice).as_deref().map(str::trim) {
            None | Some("" | "current") => false,
            Some("next") => true,
            Some(_) => return Err(Misconfigured(choice.into())),
        };
        Ok(level)
    }

    /// What a setting is called on this level.
    fn name(&self, name: &str) -> String {
        format!("{name}{}", self.suffix)
    }

    fn twin(&self, name: &str) -> Option<String> {
        present(self.settings, &self.name(&format!("{name}{NEXT}")))
    }

    fn get(&self, name: &str) -> Option<String> {
        let twin = self.is_next.then(|| self.twin(name)).flatten();
        twin.or_else(|| present(self.settings, &self.name(name)))
    }

    /// Whether a setting counts on this level only, also where it is missing: a credential, for half of one account's and half of another's are nobody's, and the key
    /// of a proxy of this level's own.
    fn is_alone(&self, name: &str) -> bool {
        own_names(self.vendor).any(|known| known == name && !known.ends_with(URL))
            || of(self.vendor, EGRESS_KEY) == name && self.get(&of(self.vendor, EGRESS_URL)).is_some()
    }
}

/// The settings of a vendor as they count now for an account of this name. A named account has credentials of its own, all of them; addresses and whatever may be left out
/// are the common ones where it has none.
pub(super) fn in_force<'a>(
    vendor: &'static dyn Vendor,
    account: Option<&str>,
    settings: Settings<'a>,
) -> Result<impl Fn(&str) -> Option<String> + 'a, Misconfigured> {
    let common = Level::of(vendor, None, settings)?;
    let own = account.map(|account| Level::of(vendor, Some(account), settings)).transpose()?;
    Ok(move |name: &str| match &own {
        Some(own) => own.get(name).or_else(|| if own.is_alone(name) { None } else { common.get(name) }),
        None => common.get(name),
    })
}

/// The request as it leaves: to the vendor, or where a proxy is set, to that. The path and query stay.
pub(super) fn leaving(vendor: &dyn Vendor, mut request: HttpRequest, settings: Settings<'_>) -> Result<HttpRequest, Misconfigured> {
    let Some(proxy) = called(settings, of(vendor, EGRESS_URL))? else { return Ok(request) };
    let (upstream, rest) = origin(&request.url);
    let key = present(settings, &of(vendor, EGRESS_KEY)).map(|key| (KEY_HEADER, Secret::new(key)));
    request.headers.extend(std::iter::once((UPSTREAM_HEADER, Secret::new(upstream.to_owned()))).chain(key));
    request.url = below(&proxy, rest);
    Ok(request)
}

/// Whether a vendor has any setting of its own.
fn is_in_use(vendor: &'static dyn Vendor, settings: Settings<'_>) -> bool {
    // One that is misspelt is one.
    Level::of(vendor, None, settings)
        .map_or(true, |level| own_names(vendor).any(|name| level.get(name).or_else(|| level.twin(name)).is_some()))
}

/// Whether a vendor has every setting that it needs, on the common level.
pub(super) fn is_whole(vendor: &'static dyn Vendor, settings: Settings<'_>) -> bool {
    in_force(vendor, None, settings).is_ok_and(|in_force| missing(vendor, &in_force).next().is_none())
}

/// What is wrong with the settings of all vendors, by name: missing, no address that may be called, or a word that is none of its words. `accounts`: all tenants' own.
#[must_use]
pub fn faults(accounts: &[&Account], settings: Settings<'_>) -> Vec<Cow<'static, str>> {
    let is_needed = |vendor: &&&'static dyn Vendor| {
        let is_first = OPERATIONS.iter().any(|row| row.vendor() == vendor.name() && !row.is_optional);
        let is_common = |account: &Account| account.name().is_none() && account.vendor() == vendor.name();
        is_first || is_in_use(**vendor, settings) || accounts.iter().copied().any(is_common)
    };
    let common = VENDORS.iter().filter(is_needed).map(|vendor| (*vendor, None));
    common.chain(named(accounts)).flat_map(|(vendor, name)| level_faults(vendor, name, settings)).collect()
}

/// What is wrong with the settings of a vendor for its common account, or for one that has a name: there what it has of its own, and what it would have to have.
fn level_faults(vendor: &'static dyn Vendor, account: Option<&str>, settings: Settings<'_>) -> Vec<Cow<'static, str>> {
    let level = Level::of(vendor, account, settings);
    let (level, in_force) = match (level, in_force(vendor, account, settings)) {
        (Ok(level), Ok(in_force)) => (level, in_force),
        (Err(Misconfigured(name)), _) | (_, Err(Misconfigured(name))) => return vec![name],
    };
    let addresses = addresses(vendor).filter(|name| level.get(name).is_some_and(|url| !is_base(&url)));
    // A second set that nobody gave is a misspelt one.
    let is_empty = level.is_next && own_names(vendor).all(|name| level.twin(name).is_none());
    let empty = is_empty.then(|| of(vendor, CREDENTIALS));
    let faults = missing(vendor, &in_force).map(Cow::Borrowed).chain(addresses).chain(empty).map(|name| level.name(&name).into());
    let of_account = |account: Option<&str>| {
        account.map_or_else(|| Some(Account::common(vendor.name())), |name| Account::parse(&format!("{}/{name}", vendor.name())))
    };
    let callbacks = vendor.callbacks().and_then(|_| of_account(account)).and_then(|account| proof::fault(&account, settings));
    faults.chain(callbacks).collect()
}

/// The settings that a vendor lacks.
fn missing(vendor: &'static dyn Vendor, in_force: Settings<'_>) -> impl Iterator<Item = &'static str> {
    let is_missing = |name: &&str| present(in_force, name).is_none();
    let one_of_them = vendor.one_of().first().filter(|_| vendor.one_of().iter().all(is_missing));
    vendor.settings().iter().filter(move |name| is_missing(name)).chain(one_of_them).copied()
}

/// The settings of a vendor that hold an address: its own, its operations' and its proxy's.
fn addresses(vendor: &'static dyn Vendor) -> impl Iterator<Item = Cow<'static, str>> {
    let operations = OPERATIONS.iter().filter(|row| row.vendor() == vendor.name()).map(|row| row.operation.setting("URL").into());
    own_names(vendor).filter(|name| name.ends_with(URL)).map(Cow::Borrowed).chain(operations).chain([of(vendor, EGRESS_URL)])
}

fn own_names(vendor: &'static dyn Vendor) -> impl Iterator<Item = &'static str> {
    vendor.settings().iter().chain(vendor.one_of()).copied()
}

/// The accounts that have a name, with their vendors.
fn named<'a>(accounts: &[&'a Account]) -> impl Iterator<Item = (&'static dyn Vendor, Option<&'a str>)> {
    accounts.iter().filter_map(|account| Some((super::named(account.vendor())?, Some(account.name()?))))
}

/// The settings of all vendors that hold an address or a credential, by name; those that may be left out too. `accounts`: all tenants' own.
#[must_use]
pub fn names(accounts: &[&Account]) -> Vec<Cow<'static, str>> {
    let common = VENDORS.iter().map(|vendor| (*vendor, None));
    let of_each = |(vendor, account): (&'static dyn Vendor, Option<&str>)| {
        let suffix = suffix(account);
        let credentials = own_names(vendor).filter(|name| !name.ends_with(URL)).map(Cow::Borrowed).chain([of(vendor, EGRESS_KEY)]);
        let names = addresses(vendor).chain(credentials).chain(callback_secrets(vendor));
        names.flat_map(|name| [format!("{name}{NEXT}{suffix}").into(), format!("{name}{suffix}").into()]).collect::<Vec<_>>()
    };
    common.chain(named(accounts)).flat_map(of_each).collect()
}
