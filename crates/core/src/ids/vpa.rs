//! A UPI ID (virtual payment address): `name@handle`.
//!
//! The handle behind the `@` names the bank or app that resolves it. NPCI's own addresses have dots there and hold an account or
//! a card number before it: `account@IFSC.ifsc.npci`, `card@rupay.npci`. Since any of them may be a mobile, account or card number, an
//! address is personal data. Letters mean the same in either case, so they are small, but for an IFSC. White space inside is never
//! removed: without it the address may be somebody else's, and money goes there. Of a payment link, as QR codes have it, only the payee is read. Not checked: whether the handle or the address exists.
//! Source: the pattern that payment APIs agree on; NPCI has published none. UPI's message limit of 255 characters.

use super::draft::{ALL, Draft, Wrong, one};
use super::form::Form;
use super::row::{Row, Words};
use super::verdict::Reason;
use super::{Kind, ifsc};
use crate::mask;
use crate::pieces;

pub(super) const ROW: Row = Row { name: "vpa", labels: "UPI|VPA", words: WORDS, form, check, mask: mask::vpa };

const LONGEST: usize = 255;
const LONGEST_HANDLE: usize = 64;
/// NPCI lists the handles, and has none that is shorter.
const SHORTEST_HANDLE: usize = 2;
/// What follows the code of a bank branch.
const BY_IFSC: &str = ".ifsc.npci";

secret_text! {
    /// A well-formed UPI ID in its customary case.
    Vpa of Vpa,
    /// The field's rule: trimmed, ASCII lower-cased, an IFSC in it upper-cased.
    ///
    /// # Errors
    /// [`Reason::Empty`], [`Reason::Length`] (over 255 characters, a handle under 2 or over 64), [`Reason::Format`] (no or more
    /// than one `@`, a character that cannot stand there), [`Reason::Component`] (`@....ifsc.npci` without an IFSC).
    parse
}

impl Vpa {
    /// What stands behind the `@`.
    #[must_use]
    pub fn handle(&self) -> &str {
        handle_of(self.expose())
    }
}

fn check(draft: &mut Draft<'_>) {
    draft.sound.value = customary(draft.text);
    if let Some(wrong) = wrong_with(draft) {
        return draft.blame(wrong);
    }
    let sound = &mut draft.sound;
    let handle = handle_of(&sound.value).to_owned();
    if sound.value.as_bytes().get(1) == Some(&b'@') {
        sound.warn_at("warning_vpa_short", "A single character before the @ is unusual.", "", one(0));
    }
    sound.tell_text("handle", Some(&handle));
    if let Some(code) = handle.strip_suffix(BY_IFSC) {
        sound.tell_text("ifsc", Some(code));
        ifsc::warn_of_merger(sound, code);
    }
}

fn handle_of(address: &str) -> &str {
    pieces::at_first(address, b"@").map_or("", |(_, handle)| handle)
}

fn wrong_with(draft: &Draft<'_>) -> Option<Wrong> {
    match draft.count() {
        0 => return Some(Wrong(Reason::Empty, "", ALL)),
        1..=LONGEST => {}
        _ => return Some(Wrong(Reason::Length, "", ALL)),
    }
    let address = &draft.sound.value;
    let at = address.chars().position(|c| c == '@').unwrap_or(usize::MAX);
    if let Some(offender) = draft.offender(&mut |position, c| position == at || may_stand(c, position > at)) {
        return Some(Wrong(Reason::Format, "", one(offender)));
    }
    let Some((name, handle)) = pieces::at_first(address, b"@") else {
        return Some(Wrong(Reason::Format, "Behind the name stands an @ and the handle of its app, such as @okbank.", ALL));
    };
    if name.is_empty() || handle.is_empty() {
        return Some(Wrong(Reason::Format, "", one(at)));
    }
    if !(SHORTEST_HANDLE..=LONGEST_HANDLE).contains(&handle.len()) {
        return Some(Wrong(Reason::Length, "", ALL));
    }
    wrong_with_handle(handle, at.saturating_add(1))
}

/// NPCI's address of an account names a branch. Dots stand in no other handle than NPCI's.
fn wrong_with_handle(handle: &str, start: usize) -> Option<Wrong> {
    if let Some(code) = handle.strip_suffix(BY_IFSC) {
        let place = (start, start.saturating_add(code.len()));
        return Kind::Ifsc.read(code).is_err().then_some(Wrong(Reason::Component, "", place));
    }
    let (front, _) = pieces::at_first(handle, b".")?;
    let is_npci = pieces::at_last(handle, b".").is_some_and(|(_, last)| last == "npci");
    let place = one(start.saturating_add(front.len()));
    (!is_npci).then_some(Wrong(Reason::Format, "A handle has no dot; an e-mail address is no UPI ID.", place))
}

fn may_stand(c: char, in_handle: bool) -> bool {
    c.is_ascii_alphanumeric() || c == '.' || (!in_handle && matches!(c, '-' | '_'))
}

/// Small letters, but for the IFSC of NPCI's address of an account.
fn customary(text: &str) -> String {
    let small = text.to_ascii_lowercase();
    match small.strip_suffix(BY_IFSC).and_then(|rest| pieces::at_last(rest, b"@")) {
        Some((name, code)) => [name, "@", &code.to_ascii_uppercase(), BY_IFSC].concat(),
        None => small,
    }
}

/// The payee of a payment link (`upi://pay?pa=...`, also an app's own), its signs as themselves.
fn in_link(text: &str) -> Option<String> {
    let (link, parameters) = pieces::at_first(text, b"?")?;
    let payee = |piece: &str| piece.get(..3).is_some_and(|name| name.eq_ignore_ascii_case("pa="));
    let payee = pieces::between(parameters, b"&").find(|piece| payee(piece)).filter(|_| pieces::at_first(link, b":").is_some())?;
    let mut address = String::new();
    for (index, piece) in pieces::between(payee.get(3..)?, b"%").enumerate() {
        let (code, rest) = if index > 0 { piece.split_at_checked(2)? } else { ("", piece) };
        match code {
            "" => {}
            "40" => address.push('@'),
            "2E" | "2e" => address.push('.'),
            "2D" | "2d" => address.push('-'),
            "5F" | "5f" => address.push('_'),
            _ => return None,
        }
        address.push_str(rest);
    }
    Some(address)
}

const WORDS: Words = Words::Own(
    "A UPI ID",
    &[
        (Reason::Length, "A UPI ID has 2 to 64 characters behind the @ and at most 255 in all.", ""),
        (Reason::Component, "Between the @ and .ifsc.npci stands the IFSC of a branch.", ""),
        (
            Reason::Format,
            "A UPI ID is letters, digits, dots, hyphens or underscores, an @ and a handle of letters and digits, such as name@okbank.",
            "",
        ),
    ],
);

fn form(form: &mut Form) {
    if let Some(address) = in_link(&form.text()) {
        form.rewrite(&address);
        form.warn("warning_link_read", "The UPI ID was taken out of a payment link; nothing else of it was read.");
    }
    form.fold_digits();
    let text = form.text();
    form.recase(&customary(&text));
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn info(address: &str) -> Option<serde_json::Value> {
        Some(Kind::Vpa.drafted(address)).filter(|draft| draft.faults.is_empty()).map(|draft| draft.sound.info.to_value())
    }

    #[test]
    fn an_address_tells_its_handle_and_npcis_the_branch() {
        assert_eq!(info("Rahul@OkBank"), Some(json!({ "handle": "okbank" })));
        assert_eq!(info("12345@hdfc0000001.ifsc.npci"), Some(json!({ "handle": "HDFC0000001.ifsc.npci", "ifsc": "HDFC0000001" })));
        assert_eq!(info("1234123412341234@rupay.npci"), Some(json!({ "handle": "rupay.npci" })));
    }

    #[test]
    fn the_mask_never_shows_an_account_or_card_number() {
        for address in ["1234123412341234@rupay.npci", "9876543210@ybl", "12345678901@SBIN0001234.ifsc.npci"] {
            assert!(Vpa::parse(address).is_ok_and(|vpa| vpa.masked().chars().filter(char::is_ascii_digit).count() == 1), "{address}");
        }
    }

    #[test]
    fn an_email_address_gets_told_that_it_is_one() {
        let hint = Vpa::parse("rahul@gmail.com").err().and_then(|fault| fault.hint);
        assert!(hint.is_some_and(|hint| hint.contains("e-mail")));
    }
}
