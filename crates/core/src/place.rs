//! Where a machine is kept: the keyed hash of what it is about, and what follows from it.
//!
//! The first 16 bytes of the hash name the machine: its row, its register, its public id. The other 16 name the copy of a finished answer, so that
//! neither name leads to the other.

use std::fmt;

use crate::seal::Index;

/// What a public id begins with.
const ID: &str = "chk_";

/// The name of a machine: 16 bytes of a keyed hash, written as 32 hex digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place([u8; 16]);

/// Where a check is kept, and the copy of its finished answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckAddress {
    /// The check's place.
    pub place: Place,
    /// The name of the copy: 32 hex digits.
    pub copy: String,
}

impl CheckAddress {
    /// The address of a tenant's reference.
    #[must_use]
    pub fn new(index: &Index, tenant: &str, reference_id: &str) -> Self {
        let (place, copy) = halves(index.bytes("check", &[tenant, reference_id]));
        Self { place: Place(place), copy: hex::encode(copy) }
    }
}

impl Place {
    /// The place of a mobile number's velocity permits: over all tenants, for the vendor counts per number.
    #[must_use]
    pub fn of_mobile(index: &Index, number: &str) -> Self {
        Self(halves(index.bytes("velocity", &[number])).0)
    }

    /// The place of a bank account's velocity permits, likewise: by the first four letters of its bank's codes and its number without leading zeros.
    #[must_use]
    pub fn of_account(index: &Index, bank: &str, number: &str) -> Self {
        Self(halves(index.bytes("velocity_account", &[bank, number])).0)
    }

    /// The place of a family of browser sessions.
    #[must_use]
    pub fn of_family(index: &Index, family: &str) -> Self {
        Self(halves(index.bytes("session", &[family])).0)
    }

    /// The place of what a tenant paid on a day ([`crate::time::indian_day`]).
    #[must_use]
    pub fn of_day(index: &Index, tenant: &str, day: i64) -> Self {
        Self(halves(index.bytes("day", &[tenant, &day.to_string()])).0)
    }

    /// The place of how often a tenant calls an operation.
    #[must_use]
    pub fn of_calls(index: &Index, tenant: &str, operation: &str) -> Self {
        Self(halves(index.bytes("calls", &[tenant, operation])).0)
    }

    /// The place of the journal of a tenant's day.
    #[must_use]
    pub fn of_journal(index: &Index, tenant: &str, day: i64) -> Self {
        Self(halves(index.bytes("journal", &[tenant, &day.to_string()])).0)
    }

    /// The place of the list of a tenant's checks that wait for a person.
    #[must_use]
    pub fn of_waiting(index: &Index, tenant: &str) -> Self {
        Self(halves(index.bytes("waiting", &[tenant])).0)
    }

    /// The place of a tenant's endpoints.
    #[must_use]
    pub fn of_endpoints(index: &Index, tenant: &str) -> Self {
        Self(halves(index.bytes("endpoints", &[tenant])).0)
    }

    /// The place of the one-time passwords of a mobile number: over all tenants, for it belongs to somebody who asked none of them.
    #[must_use]
    pub fn of_proof(index: &Index, number: &str) -> Self {
        Self(halves(index.bytes("proof", &[number])).0)
    }

    /// The place of how many one-time passwords a tenant had sent on a day ([`crate::time::indian_day`]).
    #[must_use]
    pub fn of_otps(index: &Index, tenant: &str, day: i64) -> Self {
        Self(halves(index.bytes("otps", &[tenant, &day.to_string()])).0)
    }

    /// The place of a tenant's consent, by its id.
    #[must_use]
    pub fn of_consent(index: &Index, tenant: &str, id: &str) -> Self {
        Self(halves(index.bytes("consent", &[tenant, id])).0)
    }

    /// The place of a vendor's module under an account.
    #[must_use]
    pub fn of_module(index: &Index, account: &str, module: &str) -> Self {
        Self(halves(index.bytes("module", &[account, module])).0)
    }

    /// The place that 32 hex digits write.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let is_lower = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        let bytes = hex::decode(text).ok().filter(|_| is_lower)?;
        bytes.try_into().ok().map(Self)
    }

    /// The place that a public id names.
    #[must_use]
    pub fn of_id(id: &str) -> Option<Self> {
        Self::parse(id.strip_prefix(ID)?)
    }

    /// The public id of the check at this place: `chk_` and 32 hex digits.
    #[must_use]
    pub fn id(self) -> String {
        format!("{ID}{self}")
    }

    /// The number of its register, of so many: the first bits of the hash. `count` is a power of two, at most 65,536.
    #[must_use]
    pub fn register(self, count: u32) -> u32 {
        let [first, second, ..] = self.0;
        let bits = u32::from(u16::from_be_bytes([first, second]));
        bits.saturating_mul(count) >> 16
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&hex::encode(self.0))
    }
}

/// A machine's place and the nonce that was drawn when its row was made. Its wire references begin with the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Its place.
    pub place: Place,
    /// 16 random bytes: a row that was deleted and made again has other wire references.
    pub nonce: [u8; 16],
}

impl Identity {
    /// The wire reference of an attempt: place, nonce and attempt, 33 bytes as 66 hex digits. It names one request for ever.
    #[must_use]
    pub fn wire_reference(&self, attempt: u8) -> String {
        format!("{}{}{attempt:02x}", self.place, self.nonce_text())
    }

    /// The nonce as 32 hex digits.
    #[must_use]
    pub fn nonce_text(&self) -> String {
        hex::encode(self.nonce)
    }

    /// The identity that a row holds.
    #[must_use]
    pub fn parse(place: &str, nonce: &str) -> Option<Self> {
        Some(Self { place: Place::parse(place)?, nonce: hex::decode(nonce).ok()?.try_into().ok()? })
    }
}

/// The attempt that a wire reference says; `None` where it says none.
#[must_use]
pub fn attempt_of(wire_reference: &str) -> Option<u8> {
    u8::from_str_radix(wire_reference.get(64..)?, 16).ok()
}

/// The two halves of a hash.
fn halves(hash: [u8; 32]) -> ([u8; 16], [u8; 16]) {
    let (mut first, mut second) = ([0; 16], [0; 16]);
    let (front, back) = hash.split_at(16);
    first.copy_from_slice(front);
    second.copy_from_slice(back);
    (first, second)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn index() -> Index {
        Index::from_hex(&"33".repeat(32)).unwrap()
    }

    #[test]
    fn an_id_leads_back_to_its_place_and_nothing_else_does() {
        let place = CheckAddress::new(&index(), "acme", "REF_0001").place;
        assert_eq!(Place::of_id(&place.id()), Some(place));
        let upper = place.id().to_ascii_uppercase();
        for wrong in ["", "chk_", "chk_12", &upper, &place.to_string(), &format!("{}0", place.id()), &format!("chk_{}", "g".repeat(32))] {
            assert_eq!(Place::of_id(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn registers_share_the_places_evenly_and_by_the_first_bits() {
        let at = |text: &str| Place::parse(&format!("{text}{}", "0".repeat(28))).unwrap();
        assert_eq!([at("0000"), at("1fff"), at("2000"), at("ffff")].map(|place| place.register(8)), [0, 0, 1, 7]);
        assert_eq!([at("0000"), at("ffff")].map(|place| (place.register(1), place.register(65_536))), [(0, 0), (0, 65_535)]);
        let mut counts = [0_u32; 8];
        for number in 0..8_000 {
            let place = CheckAddress::new(&index(), "acme", &format!("REF_{number}")).place;
            let count = counts.get_mut(usize::try_from(place.register(8)).unwrap()).unwrap();
            *count = count.saturating_add(1);
        }
        assert!(counts.iter().all(|count| (880..1_120).contains(count)), "{counts:?}");
    }

    #[test]
    fn a_wire_reference_is_33_bytes_of_place_nonce_and_attempt() {
        let identity = Identity::parse(&"01".repeat(16), &"ab".repeat(16)).unwrap();
        assert_eq!(identity.wire_reference(99), format!("{}{}63", "01".repeat(16), "ab".repeat(16)));
        assert_eq!((attempt_of(&identity.wire_reference(99)), attempt_of(""), attempt_of(&"0".repeat(64))), (Some(99), None, None));
    }

    /// Other names would orphan every check.
    #[test]
    fn the_names_are_pinned() {
        let address = CheckAddress::new(&index(), "acme", "REF_0001");
        assert_eq!(
            (address.place.to_string().as_str(), address.copy.as_str()),
            ("f4abb690698d3c934ec9d255033868f1", "7646945f23caedba55859bb199ade72a")
        );
        assert_eq!(Place::of_mobile(&index(), "9876543210").to_string(), "3ea626360eac448ed66c31cb3ac4ba76");
    }
}
