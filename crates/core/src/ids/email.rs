//! An e-mail address: `local@domain`, as far as mail can be delivered to it.
//!
//! Judged by the form of HTML's `input type=email`, with addresses and domains in other scripts beside it (India issues both).
//! Unlike HTML it refuses what no mail reaches: a domain without a dot, a last label of digits or of one letter, a local part
//! over 64 octets or an address over 254. Dots that RFC 5321 forbids pass with a warning, for some providers gave such addresses out;
//! quoted local parts and address literals do not, for no mailbox should need them (RFC 5321 section 4.1.2). A part that
//! mixes Latin with look-alike scripts is refused. The domain is lower-cased, the local part is its host's own and stays as typed.
//! Not checked: whether the domain or the mailbox exists. Source: WHATWG HTML, E-mail state; RFC 5321, 6531; ICANN's IDN guidelines.

use super::draft::{ALL, Draft, Wrong, one};
use super::form::Form;
use super::row::{Row, Words};
use super::verdict::{Reason, Sound};
use crate::mask;
use crate::pieces;
use crate::script;

pub(super) const ROW: Row = Row { name: "email", labels: "EMAIL|MAIL|MAILTO", words: WORDS, form, check, mask: mask::email };

/// RFC 5321 section 4.5.3.1, in octets of UTF-8; the path's 256 have two angle brackets.
const LONGEST: usize = 254;
const LONGEST_LOCAL: usize = 64;
const LONGEST_LABEL: usize = 63;

secret_text! {
    /// A deliverable address.
    Email of Email,
    /// The field's rule: trimmed, the domain ASCII lower-cased.
    ///
    /// # Errors
    /// [`Reason::Empty`], [`Reason::Length`] (over 254 octets, a local part over 64, a label over 63), [`Reason::Format`] (no or
    /// more than one `@`, a character that cannot stand there), [`Reason::Component`] (a domain that no mail reaches, mixed scripts).
    parse
}

fn check(draft: &mut Draft<'_>) {
    if let Some(wrong) = wrong_with(draft) {
        return draft.blame(wrong);
    }
    let Some((local, domain)) = pieces::at_last(draft.text, b"@") else { return };
    let (sound, domain) = (&mut draft.sound, domain.to_ascii_lowercase());
    sound.value = [local, "@", &domain].concat();
    sound.tell_text("domain", Some(&domain));
    if pieces::between(local, b".").any(str::is_empty) {
        sound.warn("warning_email_dots", "Dots at the edge or side by side before the @ are unusual.");
    }
    if !sound.value.is_ascii() {
        sound.warn("warning_email_international", "Not every mail system reaches addresses with letters beyond a to z.");
    }
    warn_of_typo(sound, &domain);
}

/// A domain that is one slip away from that of a large provider, or ends in a slip for `com`.
fn warn_of_typo(sound: &mut Sound, domain: &str) {
    let last = pieces::at_last(domain, b".").map_or(domain, |(_, last)| last);
    let slip_for_com = SLIPS_FOR_COM.contains(&last).then_some(".com");
    let Some(meant) = PROVIDERS.iter().find(|known| is_slip(domain, known)).copied().or(slip_for_com) else { return };
    let end = sound.value.encode_utf16().count();
    let place = (end.saturating_sub(domain.encode_utf16().count()), end);
    sound.warn_at("warning_email_domain_typo", "The domain looks misspelt.", "", place);
    if let Some(warning) = sound.warnings.last_mut() {
        warning.hint = Some(["Did you mean ", meant, "?"].concat().into());
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
    let (word, known) = (word.as_bytes(), known.as_bytes());
    let (head, tail) = pieces::shared(word, known);
    let tail = tail.min(word.len().min(known.len()).saturating_sub(head));
    let is_one = match (pieces::middle(word, head, tail), pieces::middle(known, head, tail)) {
        ([], [_]) | ([_], [] | [_]) => true,
        ([a, b], [c, d]) => a == d && b == c,
        _ => false,
    };
    head > 0 && is_one
}

/// Whether a text is an address at all: printable ASCII, something before one `@`, and a host with a point behind it. For the fields of vendors whose
/// documents name no rule, and who are to judge it themselves.
pub(crate) fn is_address(text: &str) -> bool {
    let Some((local, host)) = pieces::at_first(text, b"@") else { return false };
    let is_host = pieces::at_first(host, b".").is_some() && !pieces::between(host, b".").any(str::is_empty);
    is_host && !local.is_empty() && pieces::at_first(host, b"@").is_none() && pieces::all(text, u8::is_ascii_graphic)
}

fn may_stand(c: char, in_domain: bool) -> bool {
    c.is_ascii_alphanumeric()
        || matches!(c, '.' | '-')
        || (!in_domain && matches!(c, '!' | '#'..='\'' | '*' | '+' | '/' | '=' | '?' | '^'..='`' | '{'..='~'))
}

/// Whether the character writes a word of another script. Full-width and other compatibility forms are ASCII in disguise, and
/// so are the dotless i, the long s and the Kelvin sign: IDNA refuses them or registries do.
fn writes(before: char, c: char) -> bool {
    let disguised = matches!(c, '\u{131}' | '\u{17f}' | '\u{212a}' | '\u{ff00}'..='\u{ffef}');
    !disguised && (script::is_digit(c) || script::spells(before, c))
}

fn wrong_with(draft: &Draft<'_>) -> Option<Wrong> {
    match draft.text.len() {
        0 => return Some(Wrong(Reason::Empty, "", ALL)),
        1..=LONGEST => {}
        _ => return Some(Wrong(Reason::Length, "", ALL)),
    }
    let local = pieces::at_last(draft.text, b"@").map(|(local, _)| local);
    let at = local.map_or(usize::MAX, |local| local.chars().count());
    let mut previous = ' ';
    let mut fits = |position: usize, c: char| {
        let before = std::mem::replace(&mut previous, c);
        may_stand(c, position > at) || position == at || (!c.is_ascii() && writes(before, c))
    };
    if let Some(offender) = draft.offender(&mut fits) {
        return Some(Wrong(Reason::Format, "", one(offender)));
    }
    match local.map(str::len) {
        None => Some(Wrong(Reason::Format, "There is no @ in it.", ALL)),
        Some(0) => Some(Wrong(Reason::Format, "There is nothing before the @.", one(at))),
        Some(1..=LONGEST_LOCAL) => wrong_with_parts(draft, at),
        Some(_) => Some(Wrong(Reason::Length, "", (0, at))),
    }
}

/// What stands between dots, on either side of the `@`.
fn wrong_with_parts(draft: &Draft<'_>, at: usize) -> Option<Wrong> {
    if script::mixes_digits(draft.text) {
        let first = draft.offender(&mut |_, c| c.is_ascii() || !script::is_digit(c));
        return first.map(|position| Wrong(Reason::Format, "", one(position)));
    }
    let count = draft.count();
    let mut start = 0_usize;
    for part in pieces::between(draft.text, b".@") {
        let place = (start, start.saturating_add(part.chars().count()));
        let (is_domain, is_last) = (start > at, place.1 == count);
        let wrong = if is_domain { wrong_with_label(part, place, is_last) } else { None };
        if wrong.is_some() {
            return wrong;
        }
        if script::is_mixed(part) {
            return Some(Wrong(Reason::Component, script::MIXED, place));
        }
        if is_domain && is_last {
            return wrong_with_ending(part, place, start.saturating_sub(1) == at);
        }
        start = place.1.saturating_add(1);
    }
    None
}

/// One label of the domain, at its place.
fn wrong_with_label(label: &str, (start, end): (usize, usize), is_last: bool) -> Option<Wrong> {
    let last = end.saturating_sub(1);
    let offender = match label.as_bytes() {
        // The dot behind it; at the end of the address what stands before it, a dot or the @.
        [] => {
            if is_last {
                last
            } else {
                end
            }
        }
        [b'-', ..] => start,
        [.., b'-'] => last,
        _ => return (end.saturating_sub(start) > LONGEST_LABEL).then_some(Wrong(Reason::Length, "", (start, end))),
    };
    Some(Wrong(Reason::Format, "", one(offender)))
}

/// The last label of the domain.
fn wrong_with_ending(label: &str, place: (usize, usize), is_only: bool) -> Option<Wrong> {
    if is_only {
        return Some(Wrong(Reason::Component, "The domain needs its ending, such as .com or .in.", place));
    }
    let is_none = label.len() == 1 || pieces::all(label, u8::is_ascii_digit);
    is_none.then_some(Wrong(Reason::Component, "", place))
}

const WORDS: Words = Words::Own(
    "An e-mail address",
    &[
        (Reason::Length, "An e-mail address has at most 64 characters before the @, 63 between two dots and 254 in all.", ""),
        (Reason::Component, "No mail reaches a domain like this.", ""),
        (Reason::Format, "An e-mail address is a name, an @ and a domain, such as name@example.com, without spaces.", ""),
    ],
);

/// Digits are folded only where the address then is ASCII; in an address of another script they are at home.
fn form(form: &mut Form) {
    // An address may begin with an apostrophe by its rules, but this one is a spreadsheet's or a mail program's.
    form.strip_marks(|c| matches!(c, '<' | '>' | '\''));
    if form.text().chars().all(|c| c.is_ascii() || script::is_digit(c)) {
        form.fold_digits();
    }
    let text = form.text();
    let Some((local, domain)) = pieces::at_last(&text, b"@") else { return };
    form.recase(&[local, "@", &domain.to_ascii_lowercase()].concat());
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::Kind;
    use super::*;

    fn suggested(domain: &str) -> Option<String> {
        let address = ["rahul@", domain].concat();
        Kind::Email.drafted(&address).sound.warnings.into_iter().find_map(|issue| issue.hint).map(Into::into)
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
        let verdict = crate::ids::validate(Kind::Email, " rahul@gmial.com").into_record().to_value();
        assert_eq!(verdict.pointer("/warnings/1/span"), Some(&json!([7, 16])));
    }

    #[test]
    fn an_address_tells_its_domain() {
        let info = Some(Kind::Email.drafted("Rahul@Example.COM").sound.info.to_value());
        assert_eq!(info, Some(json!({ "domain": "example.com" })));
    }
}
