//! What crosses into the wasm modules of the npm package: one text per call, in the notation of `crates/web/js/question.js`.
//!
//! Read where it stands: texts are borrowed, nothing is unescaped. What is not in the notation is nothing, and so is all behind it.

use super::{List, Node, Object, Record};

/// The values of a question, one after the other.
#[derive(Debug)]
pub struct Question<'a>(&'a str);

/// One value.
#[derive(Debug)]
pub enum Held<'a> {
    /// Nothing, and whatever is not in the notation.
    Null,
    /// `true` or `false`.
    Flag(bool),
    /// A number that counts something.
    Count(u32),
    /// Any other number.
    Number,
    /// A text, as it was written.
    Text(&'a str),
    /// An array.
    List(Items<'a>),
    /// An object.
    Object(Fields<'a>),
}

/// An array's items.
#[derive(Debug)]
pub struct Items<'a>(Vec<Held<'a>>);

/// An object's fields, in order.
#[derive(Debug)]
pub struct Fields<'a>(Vec<(&'a str, Held<'a>)>);

impl<'a> Question<'a> {
    /// The question that a text asks.
    #[must_use]
    pub const fn new(text: &'a str) -> Self {
        Self(text)
    }

    /// The answers, as a JSON array, to a list of which so many items make one question.
    pub fn each(&mut self, items: u32, answer: fn(&mut Self) -> Record) -> String {
        let count = self.items().checked_div(items).unwrap_or_default();
        let mut json = String::from("[");
        for index in 0..count {
            if index > 0 {
                json.push(',');
            }
            answer(self).write(&mut json);
        }
        json.push(']');
        json
    }

    /// The next letter; the first of all names what is asked.
    pub fn letter(&mut self) -> Option<char> {
        let mut letters = self.0.chars();
        let letter = letters.next();
        self.0 = letters.as_str();
        letter
    }

    /// The next value.
    #[expect(clippy::should_implement_trait, reason = "a question has no end: behind its last value there is nothing")]
    pub fn next(&mut self) -> Held<'a> {
        match self.letter() {
            Some('t') => Held::Flag(true),
            Some('f') => Held::Flag(false),
            Some('#') => Held::Count(self.count()),
            Some('~') => Held::Number,
            Some('"') => Held::Text(self.text()),
            Some('[') => {
                let mut items = Vec::new();
                for _ in 0..self.count() {
                    items.push(self.next());
                }
                Held::List(Items(items))
            }
            Some('{') => {
                let mut fields = Vec::new();
                for _ in 0..self.count() {
                    fields.push((self.next().text().unwrap_or_default(), self.next()));
                }
                Held::Object(Fields(fields))
            }
            _ => Held::Null,
        }
    }

    /// The items of a list, to be read one after the other: how many there are.
    fn items(&mut self) -> u32 {
        self.0 = self.0.strip_prefix('[').unwrap_or_default();
        self.count()
    }

    /// Digits, and the sign behind them.
    fn count(&mut self) -> u32 {
        let mut count = 0_u32;
        let mut letters = self.0.chars();
        while let Some(digit) = letters.next().and_then(|letter| letter.to_digit(10)) {
            count = count.saturating_mul(10).saturating_add(digit);
        }
        self.0 = letters.as_str();
        count
    }

    fn text(&mut self) -> &'a str {
        let mut units = self.count();
        let mut letters = self.0.chars();
        while units > 0
            && letters.next().is_some_and(|letter| {
                units = units.saturating_sub(if letter > '\u{ffff}' { 2 } else { 1 });
                true
            })
        {}
        let (text, rest) = self.0.split_at_checked(self.0.len().saturating_sub(letters.as_str().len())).unwrap_or_default();
        self.0 = rest;
        text
    }
}

impl<'a> Held<'a> {
    /// The text, where it is one.
    #[must_use]
    pub const fn text(&self) -> Option<&'a str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The count, where it is one.
    #[must_use]
    pub const fn count(&self) -> u32 {
        match self {
            Self::Count(count) => *count,
            _ => 0,
        }
    }

    /// As the core reads it.
    #[must_use]
    pub fn node(&self) -> Node<'_> {
        match self {
            Self::Null => Node::Null,
            Self::Flag(flag) => Node::Flag(*flag),
            Self::Count(count) => Node::Number(f64::from(*count)),
            Self::Number => Node::Number(f64::NAN),
            Self::Text(text) => Node::Text(text),
            Self::List(items) => Node::List(items),
            Self::Object(fields) => Node::Object(fields),
        }
    }
}

impl List for Items<'_> {
    fn items(&self) -> Vec<Node<'_>> {
        self.0.iter().map(Held::node).collect()
    }
}

impl Object for Fields<'_> {
    fn get(&self, name: &str) -> Option<Node<'_>> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, held)| held.node())
    }

    fn names(&self) -> Vec<&str> {
        self.0.iter().map(|(name, _)| *name).collect()
    }
}
