//! JSON as it is written: keys may come twice, in their order. `serde_json` keeps one of them, and whoever judges a reader must see both.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

/// The fields of an object, as they stand there.
pub(crate) type Fields = Vec<(String, Tree)>;

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Tree {
    Leaf(Value),
    List(Vec<Tree>),
    Object(Fields),
}

impl Tree {
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok()
    }

    pub(crate) fn text(&self) -> String {
        let joined = |parts: Vec<String>| parts.join(",");
        match self {
            Self::Leaf(value) => value.to_string(),
            Self::List(items) => format!("[{}]", joined(items.iter().map(Self::text).collect())),
            Self::Object(fields) => {
                format!(
                    "{{{}}}",
                    joined(fields.iter().map(|(name, value)| format!("{}:{}", Value::from(name.as_str()), value.text())).collect())
                )
            }
        }
    }

    /// Every field below, by its dotted path without casing; the `n`th is what [`Tree::edited`] edits.
    pub(crate) fn paths(&self) -> Vec<String> {
        let mut paths = Vec::new();
        self.collect("", &mut paths);
        paths
    }

    fn collect(&self, above: &str, paths: &mut Vec<String>) {
        match self {
            Self::Leaf(_) => {}
            Self::List(items) => items.iter().for_each(|item| item.collect(above, paths)),
            Self::Object(fields) => {
                for (name, value) in fields {
                    let path = format!("{above}{}{}", if above.is_empty() { "" } else { "." }, letters(name));
                    paths.push(path.clone());
                    value.collect(&path, paths);
                }
            }
        }
    }

    /// How many fields there are below.
    pub(crate) fn count(&self) -> usize {
        match self {
            Self::Leaf(_) => 0,
            Self::List(items) => items.iter().map(Self::count).sum(),
            Self::Object(fields) => fields.iter().map(|(_, value)| 1 + value.count()).sum(),
        }
    }

    /// The `n`th field below.
    pub(crate) fn field(&self, n: usize) -> Option<&(String, Self)> {
        let mut left = n;
        self.find(&mut left)
    }

    fn find(&self, left: &mut usize) -> Option<&(String, Self)> {
        match self {
            Self::Leaf(_) => None,
            Self::List(items) => items.iter().find_map(|item| item.find(left)),
            Self::Object(fields) => fields.iter().find_map(|field| {
                if *left == 0 {
                    return Some(field);
                }
                *left -= 1;
                field.1.find(left)
            }),
        }
    }

    /// With the object that holds the `n`th field edited.
    pub(crate) fn edited(&self, n: usize, edit: impl FnOnce(&mut Fields, usize)) -> Self {
        let mut tree = self.clone();
        tree.edit(&mut n.clone(), &mut Some(edit));
        tree
    }

    fn edit(&mut self, n: &mut usize, edit: &mut Option<impl FnOnce(&mut Fields, usize)>) {
        match self {
            Self::Leaf(_) => {}
            Self::List(items) => items.iter_mut().for_each(|item| item.edit(n, edit)),
            Self::Object(fields) => {
                for index in 0..fields.len() {
                    if edit.is_none() {
                        return;
                    }
                    if *n == 0 {
                        return edit.take().unwrap()(fields, index);
                    }
                    *n -= 1;
                    fields[index].1.edit(n, edit);
                }
            }
        }
    }

    /// With every object changed.
    pub(crate) fn each_object(&self, change: &dyn Fn(&mut Fields)) -> Self {
        match self {
            Self::Leaf(_) => self.clone(),
            Self::List(items) => Self::List(items.iter().map(|item| item.each_object(change)).collect()),
            Self::Object(fields) => {
                let mut fields: Vec<_> = fields.iter().map(|(name, value)| (name.clone(), value.each_object(change))).collect();
                change(&mut fields);
                Self::Object(fields)
            }
        }
    }
}

/// A name as readers compare it: casing and underscores do not count.
pub(crate) fn letters(name: &str) -> String {
    name.chars().filter(|letter| *letter != '_').map(|letter| letter.to_ascii_lowercase()).collect()
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TreeVisitor)
    }
}

struct TreeVisitor;

macro_rules! leaves {
    ($($visit:ident: $kind:ty),*) => {
        $(fn $visit<E>(self, value: $kind) -> Result<Tree, E> { Ok(Tree::Leaf(value.into())) })*
    };
}

impl<'de> Visitor<'de> for TreeVisitor {
    type Value = Tree;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    leaves!(visit_bool: bool, visit_i64: i64, visit_u64: u64, visit_f64: f64, visit_str: &str, visit_string: String);

    fn visit_unit<E>(self) -> Result<Tree, E> {
        Ok(Tree::Leaf(Value::Null))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Tree, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Tree::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Tree, A::Error> {
        let mut fields = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            fields.push(entry);
        }
        Ok(Tree::Object(fields))
    }
}
