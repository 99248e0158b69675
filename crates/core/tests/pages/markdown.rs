//! What the pages are made of: tables, and texts in which nothing is taken for markup.

/// A text as it stands.
pub(crate) fn text(raw: &str) -> String {
    let marked = |character: char| "\\`*<>|[]~".contains(character);
    raw.chars().flat_map(|character| marked(character).then_some('\\').into_iter().chain([character])).collect()
}

/// A word to the letter.
pub(crate) fn code(word: &str) -> String {
    format!("`{}`", word.replace('|', "\\|"))
}

/// A table. A cell has no line breaks.
pub(crate) fn table<Cell: AsRef<str>>(head: &[&str], rows: impl IntoIterator<Item = Vec<Cell>>) -> String {
    let line = |cells: &[&str]| format!("| {} |\n", cells.join(" | "));
    let rows = rows.into_iter().map(|cells| line(&cells.iter().map(AsRef::as_ref).collect::<Vec<_>>()));
    [line(head), line(&vec!["---"; head.len()])].into_iter().chain(rows).collect()
}

/// The place of a heading in its page.
pub(crate) fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter(|character| character.is_alphanumeric() || "- _".contains(*character));
    kept.map(|character| if character == ' ' { '-' } else { character.to_ascii_lowercase() }).collect()
}

/// The page with another text between the two comments that name the part.
pub(crate) fn between(page: &str, part: &str, text: &str) -> String {
    let [begin, end] = [format!("<!-- {part}: npm run generate -->\n"), format!("<!-- end of {part} -->\n")];
    let (head, rest) = page.split_once(&begin).unwrap_or_else(|| panic!("no {begin}"));
    let (_, tail) = rest.split_once(&end).unwrap_or_else(|| panic!("no {end}"));
    format!("{head}{begin}{text}{end}{tail}")
}
