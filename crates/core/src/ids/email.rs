//! An e-mail address: `local@domain`, as far as mail can be delivered to it.
//!
//! Judged by the form of HTML's `input type=email`, with addresses and domains in other scripts beside it (India issues both).
//! Unlike HTML it refuses what no mail reaches: a domain without a dot, a last label of digits or of one letter, a local part
//! over 64 octets or an address over 254. Dots that RFC 5321 forbids pass with a warning, for some providers gave such addresses out;
//! quoted local parts and address literals do not, for no mailbox should need them (RFC 5321 section 4.1.2). A part that
//! mixes Latin with look-alike scripts is refused. The domain is lower-cased, the local part is its host's own and stays as typed.
//! Not checked: whether the domain or the mailbox exists. Source: WHATWG HTML, E-mail state; RFC 5321, 6531; ICANN's IDN guidelines.

use super::field::{ALL, Field, Wrong, one};
use super::form::Form;
use super::script;
use super::verdict::{Fault, Issue, Reason, Sound};
use super::{Row, checked};
use crate::mask;
use crate::secret::Secret;

pub(super) const ROW: Row = Row { name: "email", form, check: |text| checked(Email::parse(text), Email::sound), fault, mask: mask::email };

/// RFC 5321 section 4.5.3.1, in octets of UTF-8; the path's 256 have two angle brackets.
const LONGEST: usize = 254;
const LONGEST_LOCAL: usize = 64;
const LONGEST_LABEL: usize = 63;

/// A deliverable address.
#[derive(Clone, PartialEq, Eq)]
pub struct Email {
    address: Secret<String>,
    domain: String,
}

impl Email {
    /// The field's rule: trimmed, the domain ASCII lower-cased.
    ///
    /// # Errors
    /// [`Reason::Empty`], [`Reason::Length`] (over 254 octets, a local part over 64, a label over 63), [`Reason::Format`] (no or
    /// more than one `@`, a character that cannot stand there), [`Reason::Component`] (a domain that no mail reaches, mixed scripts).
    pub fn parse(input: &str) -> Result<Self, Fault> {
        let field = Field::of(input);
        let at = check(&field).map_err(|wrong| field.blame(wrong, fault))?;
        let (local, domain) = field.text.split_at(at);
        let domain = domain.trim_start_matches('@').to_ascii_lowercase();
        Ok(Self { address: Secret::new([local, "@", &domain].concat()), domain })
    }

    /// The address.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.address.expose()
    }

    /// What stands behind the `@`, in small letters.
    #[must_use]
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// `r***@host`.
    #[must_use]
    pub fn masked(&self) -> String {
        mask::email(self.expose())
    }

    fn sound(&self) -> Sound {
        let mut sound = Sound::of(self.expose(), self.masked());
        sound.tell("domain", self.domain().into());
        if self.expose().split('@').next().is_some_and(|local| local.split('.').any(str::is_empty)) {
            sound.warn("warning_email_dots", "Dots at the edge or side by side before the @ are unusual.");
        }
        if !self.expose().is_ascii() {
            sound.warn("warning_email_international", "Not every mail system reaches addresses with letters beyond a to z.");
        }
        sound.warnings.extend(self.typo());
        sound
    }

    /// A domain that is one slip away from that of a large provider, or ends in a slip for `com`.
    fn typo(&self) -> Option<Issue> {
        let known = PROVIDERS.iter().find(|known| is_slip(&self.domain, known));
        let last = self.domain.rsplit('.').next().unwrap_or_default();
        let meant = known.copied().or_else(|| SLIPS_FOR_COM.contains(&last).then_some(".com"))?;
        let hint = ["Did you mean ", meant, "?"].concat();
        let end = self.expose().encode_utf16().count();
        let span = (end.saturating_sub(self.domain.encode_utf16().count()), end);
        Some(Issue { hint: Some(hint.into()), ..Issue::new("warning_email_domain_typo", "The domain looks misspelt.").at(span) })
    }
}

/// The domains that most people in India mean.
const PROVIDERS: &[&str] =
    &["gmail.com", "yahoo.com", "yahoo.co.in", "yahoo.in", "hotmail.com", "outlook.com", "rediffmail.com", "icloud.com"];

/// No top-level domains, and one slip of the finger from one.
const SLIPS_FOR_COM: &[&str] = &["con", "cmo", "ocm", "comm", "coom", "ccom", "vom", "xom", "cpm", "cim"];

/// Whether one letter too many, too few or another, or two letters in the wrong order, make one word of the other. The first
/// letter must agree: `ymail.com` and `email.com` are themselves providers.
fn is_slip(word: &str, known: &str) -> bool {
    if PROVIDERS.contains(&word) {
        return false;
    }
    let head = word.bytes().zip(known.bytes()).take_while(|(a, b)| a == b).count();
    let rests = word.as_bytes().get(head..).zip(known.as_bytes().get(head..));
    let (a, b) = rests.unwrap_or_default();
    let tail = a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count();
    let middle = |rest: &'_ [u8]| rest.len().saturating_sub(tail);
    let is_one = match (middle(a), middle(b)) {
        (0, 1) | (1, 0 | 1) => true,
        (2, 2) => a.first() == b.get(1) && a.get(1) == b.first(),
        _ => false,
    };
    head > 0 && is_one
}

fn may_stand(c: char, in_domain: bool) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '-') || (!in_domain && "!#$%&'*+/=?^_`{|}~".contains(c))
}

/// Whether the character writes a word of another script. Full-width and other compatibility forms are ASCII in disguise, and
/// so are the dotless i, the long s and the Kelvin sign: IDNA refuses them or registries do.
fn writes(before: char, c: char) -> bool {
    let disguised = matches!(c, '\u{131}' | '\u{17f}' | '\u{212a}' | '\u{ff00}'..='\u{ffef}');
    !disguised && (script::is_digit(c) || script::spells(before, c))
}

/// Where the `@` stands, in bytes.
fn check(field: &Field<'_>) -> Result<usize, Wrong> {
    match field.text.len() {
        0 => return Err(Wrong(Reason::Empty, "", ALL)),
        1..=LONGEST => {}
        _ => return Err(Wrong(Reason::Length, "", ALL)),
    }
    let local = field.text.rsplit_once('@').map(|(local, _)| local);
    let at = local.map_or(usize::MAX, |local| local.chars().count());
    let mut previous = ' ';
    let fits = |position: usize, c: char| {
        let before = std::mem::replace(&mut previous, c);
        may_stand(c, position > at) || position == at || (!c.is_ascii() && writes(before, c))
    };
    if let Some(offender) = field.position(fits) {
        return Err(Wrong(Reason::Format, "", one(offender)));
    }
    match local.map(str::len) {
        None => Err(Wrong(Reason::Format, "There is no @ in it.", ALL)),
        Some(0) => Err(Wrong(Reason::Format, "There is nothing before the @.", one(at))),
        Some(octets @ 1..=LONGEST_LOCAL) => check_parts(field, at).map(|()| octets),
        Some(_) => Err(Wrong(Reason::Length, "", (0, at))),
    }
}

/// What stands between dots, on either side of the `@`.
fn check_parts(field: &Field<'_>, at: usize) -> Result<(), Wrong> {
    let count = field.count();
    let mut start = 0_usize;
    for part in field.text.split(['.', '@']) {
        let end = start.saturating_add(part.chars().count());
        if start > at {
            check_label(part, (start, end), end == count)?;
        }
        if script::is_mixed(part) {
            let hint = "Letters or digits of different scripts stand in one word; some look alike.";
            return Err(Wrong(Reason::Component, hint, (start, end)));
        }
        if start > at && end == count {
            check_ending(part, (start, end), start.saturating_sub(1) == at)?;
        }
        start = end.saturating_add(1);
    }
    Ok(())
}

/// One label of the domain, at its place.
fn check_label(label: &str, (start, end): (usize, usize), is_last: bool) -> Result<(), Wrong> {
    let last = end.saturating_sub(1);
    if label.is_empty() {
        // The dot behind it; at the end of the address what stands before it, a dot or the @.
        return Err(Wrong(Reason::Format, "", one(if is_last { last } else { end })));
    }
    if label.starts_with('-') || label.ends_with('-') {
        return Err(Wrong(Reason::Format, "", one(if label.starts_with('-') { start } else { last })));
    }
    if end.saturating_sub(start) > LONGEST_LABEL { Err(Wrong(Reason::Length, "", (start, end))) } else { Ok(()) }
}

/// The last label of the domain.
fn check_ending(label: &str, place: (usize, usize), is_only: bool) -> Result<(), Wrong> {
    if is_only {
        return Err(Wrong(Reason::Component, "The domain needs its ending, such as .com or .in.", place));
    }
    let is_none = label.len() == 1 || label.bytes().all(|byte| byte.is_ascii_digit());
    if is_none { Err(Wrong(Reason::Component, "", place)) } else { Ok(()) }
}

fn fault(reason: Reason) -> Fault {
    let message = match reason {
        Reason::Missing => "An e-mail address is required.",
        Reason::Type => "An e-mail address should be a string.",
        Reason::Empty => "The e-mail address is empty.",
        Reason::Length => "An e-mail address has at most 64 characters before the @, 63 between two dots and 254 in all.",
        Reason::Component => "No mail reaches a domain like this.",
        _ => "An e-mail address is a name, an @ and a domain, such as name@example.com, without spaces.",
    };
    Fault::new(ROW.name, reason, message)
}

/// Digits are folded only where the address then is ASCII; in an address of another script they are at home.
fn form(form: &mut Form) {
    if form.text().chars().all(|c| c.is_ascii() || script::is_digit(c)) {
        form.fold_digits();
    }
    let text = form.text();
    let Some((local, domain)) = text.rsplit_once('@') else { return };
    form.recase(&[local, "@", &domain.to_ascii_lowercase()].concat());
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn suggested(domain: &str) -> Option<String> {
        let email = Email::parse(&["rahul@", domain].concat()).ok()?;
        email.typo().and_then(|issue| issue.hint).map(Into::into)
    }

    #[test]
    fn a_slip_in_the_domain_gets_what_was_meant_suggested() {
        for (slip, meant) in [
            ("gmial.com", "gmail.com"),
            ("gmail.con", "gmail.com"),
            ("yahoo.com.in", "yahoo.co.in"),
            ("rediffmal.com", "rediffmail.com"),
            ("example.con", ".com"),
        ] {
            assert_eq!(suggested(slip), Some(["Did you mean ", meant, "?"].concat()), "{slip}");
        }
    }

    #[test]
    fn no_provider_is_taken_for_a_slip_of_another() {
        for domain in PROVIDERS.iter().chain(&["ymail.com", "email.com", "mail.com", "example.co"]) {
            assert_eq!(suggested(domain), None, "{domain}");
        }
    }

    #[test]
    fn the_misspelt_domain_is_shown_in_the_input() {
        let verdict = crate::ids::validate(crate::ids::Kind::Email, " rahul@gmial.com").into_record().to_value();
        assert_eq!(verdict.pointer("/warnings/1/span"), Some(&json!([7, 16])));
    }

    #[test]
    fn an_address_tells_its_domain() {
        let info = Email::parse("Rahul@Example.COM").ok().map(|email| email.sound().info.to_value());
        assert_eq!(info, Some(json!({ "domain": "example.com" })));
    }
}
