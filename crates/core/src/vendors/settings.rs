//! The settings of vendors: which of them count, and where a call goes. One place for all; no vendor's folder knows of it.
//!
//! - `<OPERATION>_URL`, `<OPERATION>_PATH` and `<OPERATION>_STATUS_PATH` (`BANK_VERIFY_URL`) count for more than the vendor's own address.
//! - Every setting may have a twin `NAME_NEXT`, which counts while `<VENDOR>_CREDENTIALS` is `next`: the second live set of a rotation.
//! - An account of a vendor ([`super::Account`]) may have any of them for its own: `DECENTRO_CLIENT_SECRET__ACME`, its twin `DECENTRO_CLIENT_SECRET_NEXT__ACME`.
//! - With `<VENDOR>_EGRESS_URL` a vendor's calls leave through a proxy whose address the vendor knows, for a Worker has none that stays.
//!
//! A vendor that is no operation's first needs its settings only where it is in use: one of them is there, or an account at it is a tenant's.
//!
//! An address is `https`, or plain on the machine's own loopback; that production uses none of those is the shell's to see to ([`names`]).

use std::borrow::Cow;

use super::{Account, CallKind, VENDORS, Vendor};
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

/// The settings of a vendor as they count now for an account of this name: what the account has of its own, else the common ones. Each of the two has its own choice
/// between the live set and the second one.
pub(super) fn in_force<'a>(
    vendor: &dyn Vendor,
    account: Option<&str>,
    settings: Settings<'a>,
) -> Result<impl Fn(&str) -> Option<String> + 'a, Misconfigured> {
    let is_next_common = is_next(of(vendor, CREDENTIALS), settings)?;
    let suffix = account.map(|account| format!("{ACCOUNT}{}", account.to_ascii_uppercase()));
    let is_next_own = match &suffix {
        Some(suffix) => is_next(Cow::Owned(of(vendor, CREDENTIALS).into_owned() + suffix), settings)?,
        None => false,
    };
    Ok(move |name: &str| {
        let own = suffix.as_ref().and_then(|suffix| {
            let twin = is_next_own.then(|| present(settings, &format!("{name}{NEXT}{suffix}"))).flatten();
            twin.or_else(|| present(settings, &format!("{name}{suffix}")))
        });
        own.or_else(|| is_next_common.then(|| twin(settings, name)).flatten()).or_else(|| settings(name))
    })
}

fn twin(settings: Settings<'_>, name: &str) -> Option<String> {
    present(settings, &format!("{name}{NEXT}"))
}

/// Whether the setting of this name chooses the second set.
fn is_next(name: Cow<'static, str>, settings: Settings<'_>) -> Result<bool, Misconfigured> {
    match settings(&name).as_deref().map(str::trim) {
        None | Some("" | "current") => Ok(false),
        Some("next") => Ok(true),
        Some(_) => Err(Misconfigured(name)),
    }
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
pub(super) fn is_in_use(vendor: &dyn Vendor, settings: Settings<'_>) -> bool {
    own_names(vendor).any(|name| present(settings, name).is_some())
}

/// What is wrong with the settings of all vendors, by name: missing, no address that may be called, or a word that is none of its words. `accounts`: all tenants' own.
#[must_use]
pub fn faults<'a>(accounts: impl Iterator<Item = &'a Account> + Clone, settings: Settings<'_>) -> Vec<Cow<'static, str>> {
    let is_needed = |vendor: &&&dyn Vendor| {
        let is_first = OPERATIONS.iter().any(|row| row.vendor() == vendor.name());
        is_first || is_in_use(**vendor, settings) || accounts.clone().any(|account| account.vendor() == vendor.name())
    };
    let of_each = |vendor: &&dyn Vendor| match in_force(*vendor, None, settings) {
        Ok(in_force) => vendor_faults(*vendor, &in_force, settings),
        Err(Misconfigured(name)) => vec![name],
    };
    VENDORS.iter().filter(is_needed).flat_map(of_each).chain(accounts.clone().flat_map(|account| account_faults(account, settings))).collect()
}

/// What is wrong with the settings that an account has for its own.
fn account_faults(account: &Account, settings: Settings<'_>) -> Vec<Cow<'static, str>> {
    let named = account.name().zip(super::named(account.vendor()));
    let Some((name, vendor)) = named else { return Vec::new() };
    let own = |known: &str| format!("{known}{ACCOUNT}{}", name.to_ascii_uppercase());
    match in_force(vendor, Some(name), settings) {
        Err(Misconfigured(name)) => vec![name],
        Ok(in_force) => {
            let addresses = own_names(vendor).filter(|known| known.ends_with(URL) && present(settings, &own(known)).is_some());
            addresses.filter(|known| called(&in_force, Cow::Borrowed(*known)).is_err()).map(|known| own(known).into()).collect()
        }
    }
}

fn vendor_faults(vendor: &dyn Vendor, in_force: Settings<'_>, settings: Settings<'_>) -> Vec<Cow<'static, str>> {
    let is_missing = |name: &&&'static str| present(in_force, name).is_none();
    let one_of_them = vendor.one_of().first().filter(|_| vendor.one_of().iter().all(|name| is_missing(&name)));
    let missing = vendor.settings().iter().filter(is_missing).chain(one_of_them).map(|name| Cow::Borrowed(*name));
    let operations = OPERATIONS.iter().filter(|row| row.vendor() == vendor.name()).map(|row| row.operation.setting("URL").into());
    let own = own_names(vendor).filter(|name| name.ends_with(URL)).map(Cow::Borrowed);
    let addresses = own.chain(operations).chain([of(vendor, EGRESS_URL)]).filter_map(|name| called(in_force, name).err());
    // A second set that nobody gave is a misspelt one.
    let is_empty = is_next(of(vendor, CREDENTIALS), settings) == Ok(true) && own_names(vendor).all(|name| twin(settings, name).is_none());
    let empty = is_empty.then(|| of(vendor, CREDENTIALS));
    missing.chain(addresses.map(|Misconfigured(name)| name)).chain(empty).collect()
}

fn own_names(vendor: &dyn Vendor) -> impl Iterator<Item = &'static str> {
    vendor.settings().iter().chain(vendor.one_of()).copied()
}

/// The settings of all vendors that hold an address or a credential, by name; those that may be left out too. `accounts`: all tenants' own.
#[must_use]
pub fn names<'a>(accounts: impl Iterator<Item = &'a Account>) -> Vec<Cow<'static, str>> {
    let vendors = VENDORS.iter().flat_map(|vendor| {
        let own = own_names(*vendor).map(Cow::Borrowed);
        own.chain([of(*vendor, EGRESS_URL), of(*vendor, EGRESS_KEY)])
    });
    let operations = OPERATIONS.iter().map(|row| row.operation.setting("URL").into());
    let own = accounts.filter_map(|account| account.name().zip(super::named(account.vendor()))).flat_map(|(name, vendor)| {
        let suffix = format!("{ACCOUNT}{}", name.to_ascii_uppercase());
        own_names(vendor).flat_map(move |known| [format!("{known}{suffix}").into(), format!("{known}{NEXT}{suffix}").into()])
    });
    vendors.chain(operations).flat_map(|name| [format!("{name}{NEXT}").into(), name]).chain(own).collect()
}
