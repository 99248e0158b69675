//! An e-mail address: `local@domain`, as far as mail can be delivered to it.
//!
//! Judged by the form of HTML's `input type=email`, with addresses and domains in other scripts beside it (India issues both).
//! Unlike HTML it refuses what no mail reaches: a domain without a dot, a last label of digits or of one letter, a local part
//! over 64 octets or an address over 254. Dots that RFC 5321 forbids pass with a warning, for some providers gave such addresses out;
//! quoted local parts and address literals do not, for no mailbox should need them (RFC 5321 section 4.1.2). A part that
//! mixes Latin with look-alike scripts is refused. The domain is lower-cased, the local part is its host's own and stays as typed.
//! Not checked: whether the domain or the mailbox exists. Source: WHATWG HTML, E-mail state; RFC 5321, 6531; ICANN's IDN guidelines.

use serde_json::Map;

use super::field::Field;
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
        match field.text.len() {
            0 => return Err(fault(Reason::Empty)),
            1..=LONGEST => {}
            _ => return Err(fault(Reason::Length)),
        }
        let at = at(field.text).unwrap_or(usize::MAX);
        let mut previous = ' ';
        let fits = |position: usize, c: char| {
            let before = std::mem::replace(&mut previous, c);
            may_stand(c, position > at) || position == at || (!c.is_ascii() && writes(before, c))
        };
        if let Some(span) = field.offender(fits) {
            return Err(fault(Reason::Format).at(span));
        }
        let Some((local, domain)) = field.text.rsplit_once('@') else {
            return Err(fault(Reason::Format).hint("There is no @ in it."));
        };
        check_local(&field, local, at)?;
        check_domain(&field, domain, at.saturating_add(1))?;
        let domain = domain.to_ascii_lowercase();
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
        let info = Map::from_iter([("domain".to_owned(), self.domain().into())]);
        Sound { value: self.expose().to_owned(), masked: self.masked(), info, warnings: self.warnings() }
    }

    fn warnings(&self) -> Vec<Issue> {
        let local = self.expose().rsplit_once('@');
        let dots = local.is_some_and(|(local, _)| local.split('.').any(str::is_empty));
        let dots = dots.then_some(Issue::new("warning_email_dots", "Dots at the edge or side by side before the @ are unusual."));
        let foreign = !self.expose().is_ascii();
        let foreign = foreign
            .then_some(Issue::new("warning_email_international", "Not every mail system reaches addresses with letters beyond a to z."));
        [dots, foreign, self.typo()].into_iter().flatten().collect()
    }

    /// A domain that is one slip away from that of a large provider, or ends in a slip for `com`.
    fn typo(&self) -> Option<Issue> {
        let known = PROVIDERS.iter().find(|known| is_slip(&self.domain, known));
        let last = self.domain.rsplit('.').next().unwrap_or_default();
        let meant = known.copied().or_else(|| SLIPS_FOR_COM.contains(&last).then_some(".com"))?;
        let hint = ["Did you mean ", meant, "?"].concat();
        Some(Issue { hint: Some(hint.into()), ..Issue::new("warning_email_domain_typo", "The domain looks misspelt.") })
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

/// The position of the `@` in characters.
fn at(text: &str) -> Option<usize> {
    text.rsplit_once('@').map(|(local, _)| local.chars().count())
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

fn check_local(field: &Field<'_>, local: &str, at: usize) -> Result<(), Fault> {
    match local.len() {
        0 => Err(fault(Reason::Format).hint("There is nothing before the @.").at(field.span(at, at.saturating_add(1)))),
        1..=LONGEST_LOCAL => parts(local, 0).try_for_each(|(part, start)| check_script(field, part, start)),
        _ => Err(fault(Reason::Length).at(field.span(0, at))),
    }
}

fn check_domain(field: &Field<'_>, domain: &str, start: usize) -> Result<(), Fault> {
    parts(domain, start).try_for_each(|(label, start)| check_label(field, label, start))?;
    let Some((_, last)) = domain.rsplit_once('.') else {
        let span = field.span(start, end(domain, start));
        return Err(fault(Reason::Component).hint("The domain needs its ending, such as .com or .in.").at(span));
    };
    if last.len() == 1 || last.bytes().all(|byte| byte.is_ascii_digit()) {
        let end = end(domain, start);
        return Err(fault(Reason::Component).at(field.span(end.saturating_sub(last.len()), end)));
    }
    Ok(())
}

/// One label of the domain, where it begins.
fn check_label(field: &Field<'_>, label: &str, start: usize) -> Result<(), Fault> {
    let end = end(label, start);
    let character = |position: usize| field.span(position, position.saturating_add(1));
    if label.is_empty() {
        // The dot behind it, or before it at the end of the address, or the @ of an address without a domain.
        let dot = if end < field.count() { end } else { end.saturating_sub(1) };
        return Err(fault(Reason::Format).at(character(dot)));
    }
    if label.starts_with('-') || label.ends_with('-') {
        return Err(fault(Reason::Format).at(character(if label.starts_with('-') { start } else { end.saturating_sub(1) })));
    }
    if label.len() > LONGEST_LABEL && label.chars().count() > LONGEST_LABEL {
        return Err(fault(Reason::Length).at(field.span(start, end)));
    }
    check_script(field, label, start)
}

fn check_script(field: &Field<'_>, part: &str, start: usize) -> Result<(), Fault> {
    if script::is_mixed(part) {
        let fault = fault(Reason::Component).hint("Letters or digits of different scripts stand in one word; some look alike.");
        return Err(fault.at(field.span(start, end(part, start))));
    }
    Ok(())
}

/// What stands between dots, with its position in the address.
fn parts(text: &str, start: usize) -> impl Iterator<Item = (&str, usize)> {
    text.split('.').scan(start, |next, part| {
        let start = *next;
        *next = end(part, start).saturating_add(1);
        Some((part, start))
    })
}

fn end(part: &str, start: usize) -> usize {
    start.saturating_add(part.chars().count())
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
    fn an_address_tells_its_domain() {
        let info = Email::parse("Rahul@Example.COM").ok().map(|email| serde_json::Value::from(email.sound().info));
        assert_eq!(info, Some(json!({ "domain": "example.com" })));
    }
}
