//! Reads a name as people and banks write it into lower-case ASCII words, so that everything above compares letters only.
//!
//! Accents and full-width letters become plain, apostrophes and joiners vanish ("D'Souza"), all other punctuation separates, `/` stays for the
//! word splitter ("S/O"), `&` is "and". Devanagari is transliterated (`indic`). Letters of other scripts stay themselves: equal
//! ones are equal, and [`Reading::unread`] tells that nothing else is known of them. Nothing is ever refused.

use super::indic::{self, Script};
use crate::script::is_letter;

/// How many characters of a name count. A real one has at most 100 (`PersonName`); what stands behind is not read.
const LONGEST: usize = 128;

/// Accented letters, behind the plain one each; IAST's vowel `ṛ` is left to its consonant.
const ACCENTS: &str =
    "aàáâãäåāăą cçćč dďḍḏ eèéêëēĕėęě gğġ hḥḫ iìíîïĩīĭı kķ lĺļľłḷ mṃṁ nñńņňṅṇ oòóôõöøōŏő rŕřṛ sśŝşšṣ tţťṭ uùúûüũūŭůű yýÿŸ zźżž";

/// What was read.
pub(super) struct Reading {
    /// Words of `a` to `z`, `0` to `9`, `/`, `?` within a word and unread letters, with spaces between.
    pub(super) text: String,
    /// The script that was transliterated, if any was.
    pub(super) script: Script,
    /// There are letters that nobody here can read.
    pub(super) unread: bool,
    /// There was more than is read.
    pub(super) cut: bool,
}

/// Reads a name.
pub(super) fn read(input: &str) -> Reading {
    let mut reading = Reading { text: String::with_capacity(input.len().min(LONGEST)), script: Script::None, unread: false, cut: false };
    // Where a word of an Indian script began, and its last character.
    let mut word: Option<(usize, char)> = None;
    let mut characters = input.chars();
    for c in characters.by_ref().take(LONGEST).filter(|&c| !is_joiner(c)) {
        let script = Script::of(c);
        if script == Script::None {
            reading.end(word.take());
            reading.push(c);
        } else {
            word = Some((word.map_or(reading.text.len(), |(start, _)| start), c));
            reading.script = reading.script.max(script);
            indic::transliterate(c, &mut reading.text);
        }
    }
    reading.end(word);
    reading.cut = characters.next().is_some();
    reading
}

impl Reading {
    fn end(&mut self, word: Option<(usize, char)>) {
        if let Some((start, last)) = word {
            indic::finish(last, &mut self.text, start);
        }
    }

    fn push(&mut self, c: char) {
        let text = &mut self.text;
        match c {
            'a'..='z' | '0'..='9' | '/' => text.push(c),
            'A'..='Z' => text.push(c.to_ascii_lowercase()),
            '\\' => text.push('/'),
            '&' | '+' => text.push_str(" and "),
            '@' => text.push_str(" alias "),
            // A letter that was lost on the way.
            '?' if text.ends_with(|c: char| c.is_ascii_lowercase()) => text.push(c),
            '\'' | '`' | '\u{2018}' | '\u{2019}' | '\u{2bc}' | '\u{300}'..='\u{36f}' => {}
            '\u{ff21}'..='\u{ff5a}' => self.push(full_width(c)),
            c if is_letter(c) => {
                let plain = plain(c);
                self.unread |= plain.is_none();
                self.text.push(plain.unwrap_or(c));
            }
            _ => text.push(' '),
        }
    }
}

fn full_width(c: char) -> char {
    u32::from(c).checked_sub(0xfee0).and_then(char::from_u32).filter(char::is_ascii).unwrap_or(' ')
}

/// The letter without its accent; of a capital, that of the small letter, which stands 32 places or one behind.
fn plain(c: char) -> Option<char> {
    let small = |by: u32| char::from_u32(u32::from(c).saturating_add(by)).unwrap_or(c);
    let row = |c: char| {
        let mut plain = None;
        ACCENTS.chars().find(|&letter| {
            if letter.is_ascii() {
                plain = Some(letter);
            }
            letter == c
        })?;
        plain
    };
    match c {
        '\u{c0}'..='\u{de}' => row(small(32)),
        _ => row(c).or_else(|| row(small(1))),
    }
}

const fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{ad}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_width_and_apostrophes_do_not_count() {
        for (input, text) in [
            ("José D’Souza", "jose dsouza"),
            ("ＲＡＨＵＬ", "rahul"),
            ("Rāmānuja", "ramanuja"),
            ("A.K. S/O X&Y", "a k  s/o x and y"),
            ("A S\\O B", "a s/o b"),
            ("Jose\u{301}", "jose"),
            ("ŚIVA Émile", "siva emile"),
        ] {
            assert_eq!(read(input).text, text, "{input}");
        }
    }

    #[test]
    fn letters_that_nobody_here_reads_stay_and_are_told() {
        let reading = read("Рахул");
        assert!(reading.unread && reading.text == "Рахул");
        assert!(read(&"a".repeat(500)).cut);
    }
}
