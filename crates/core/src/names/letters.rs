//! Reads a name as people and banks write it into lower-case ASCII words, so that everything above compares letters only.
//!
//! Accents and full-width letters become plain, apostrophes and joiners vanish ("D'Souza"), all other punctuation separates, `/` stays for the
//! word splitter ("S/O"), `&` is "and". Devanagari is transliterated (`indic`). Letters of other scripts stay themselves: equal
//! ones are equal, and [`Reading::unread`] tells that nothing else is known of them. Nothing is ever refused.

use super::indic::{self, Script};

/// How many characters of a name count. A real one has at most 100 (`PersonName`); what stands behind is not read.
const LONGEST: usize = 200;

/// Accented letters, behind the plain one each; IAST's vowel `ṛ` is left to its consonant.
const ACCENTS: &str =
    "aàáâãäåāăą cçćč dďḍḏ eèéêëēĕėęě gğġ hḥḫ iìíîïĩīĭı kķ lĺļľłḷ mṃṁ nñńņňṅṇ oòóôõöøōŏő rŕřṛ sśŝşšṣ tţťṭ uùúûüũūŭůű yýÿ zźżž";

/// What was read.
pub(super) struct Reading {
    /// Words of `a` to `z`, `0` to `9`, `/` and unread letters, with spaces between.
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
    let mut characters = input.chars().take(LONGEST).peekable();
    while let Some(c) = characters.next() {
        if Script::of(c) == Script::None {
            reading.push(c);
        } else {
            let mut word = vec![c];
            while let Some(c) = characters.next_if(|&c| Script::of(c) != Script::None || is_joiner(c)) {
                word.push(c);
            }
            reading.script = reading.script.max(Script::of(c));
            indic::transliterate(&word, &mut reading.text);
        }
    }
    reading.cut = input.chars().nth(LONGEST).is_some();
    reading
}

impl Reading {
    fn push(&mut self, c: char) {
        let text = &mut self.text;
        match c {
            'a'..='z' | '0'..='9' | '/' => text.push(c),
            'A'..='Z' => text.push(c.to_ascii_lowercase()),
            '&' | '+' => text.push_str(" and "),
            '@' => text.push_str(" alias "),
            '\'' | '`' | '\u{2018}' | '\u{2019}' | '\u{2bc}' | '\u{300}'..='\u{36f}' => {}
            c if is_joiner(c) => {}
            '\u{ff21}'..='\u{ff5a}' => self.push(full_width(c)),
            c if c.is_alphanumeric() => self.push_foreign(c),
            _ => text.push(' '),
        }
    }

    fn push_foreign(&mut self, c: char) {
        let lower = small(c);
        match plain(lower) {
            Some(plain) => self.text.push(plain),
            None => {
                self.unread = true;
                self.text.push(lower);
            }
        }
    }
}

fn full_width(c: char) -> char {
    u32::from(c).checked_sub(0xfee0).and_then(char::from_u32).filter(char::is_ascii).unwrap_or(' ')
}

/// The small form of an accented Latin letter; `char::to_lowercase` would bring the case of every script, 11 KB of tables.
fn small(c: char) -> char {
    let code = u32::from(c);
    let small = match c {
        '\u{d7}' => code,
        '\u{c0}'..='\u{de}' => code.saturating_add(0x20),
        '\u{130}' => u32::from('i'),
        '\u{178}' => 0xff,
        '\u{100}'..='\u{137}' | '\u{14a}'..='\u{177}' | '\u{1e00}'..='\u{1eff}' => code | 1,
        '\u{139}'..='\u{148}' | '\u{179}'..='\u{17e}' => code.saturating_add(code & 1),
        _ => code,
    };
    char::from_u32(small).unwrap_or(c)
}

fn plain(c: char) -> Option<char> {
    ACCENTS.split(' ').find(|row| row.contains(c)).and_then(|row| row.chars().next())
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
            ("Jose\u{301}", "jose"),
            ("İpek", "ipek"),
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
