//! `docs/KEYS.md`: the catalogue for people. Everything in its tables follows from the rows.

use serde_json::Value;
use toran_core::keys::{Row, Source, THE_OPERATIONS_OWN};
use toran_core::operations::OPERATIONS;

use super::markdown::{code, table, text};

const INTRODUCTION: &str = "\
# Response keys

<!-- Made from crates/core/src/keys by: npm run generate -->

What every key, code, status and letter of the vendors' documents means, and Toran's own keys. As JSON: `GET /v1/keys`, and of one key
`GET /v1/keys/{key}`, which a problem's `type` points to. A key with several messages has a row for each.

| column | what |
| --- | --- |
| key | to the letter. `error_FIELD_REASON` stands for one key per field and reason. *Observed* marks what no document has, but its vendor has been seen to say |
| message | the document's words; of Toran's own keys ours |
| HTTP | the status of the gateway's answer |
| outcome, action | what an answer says, and what to do next; a problem (4xx, 5xx) has no outcome, and its action is one for the calling program |
| a vendor's becomes | the key that the caller sees when a vendor says this one: *itself*, another, or *the operation's own*, where it depends on what was asked |
| owner | who can do something about it: the calling program, the customer, the operator of the gateway, the vendor, or we |
| retry | `read`: the gateway tries again by itself; `lookup`: it finds out what became of it and sends nothing again; `caller`: later, with a new `reference_id`; `never` |
| money | what became of the rupee, where the document's operations move one |

Outcomes: `verified`, the vendor confirmed it; `negative`, it answered no; `failed`, it is certain that nothing happened; `pending`, not known yet.
Actions of an answer: `proceed`; `review`, a person must look; `reject`; `retry`, later and with a new `reference_id`; `wait`, ask again for the same one.
Actions of a problem: `fix`, change the request; `retry`, send the same request again, with the same `reference_id`; `wait`, the same after `Retry-After`; `contact`, ask whoever runs the gateway.

A caller's mistake (400) never reaches a vendor. Should a vendor name one all the same, the mistake is ours: the caller sees `error_service_unavailable`, the operator an
alert with the vendor's key, as for everything that concerns our credentials (`docs/RUNBOOK.md`).
";

/// The names under which the documents are known here.
const DOCUMENTS: &[(&str, &str)] = &[
    ("000", "Document 000: Decentro Customer Data Pull"),
    ("001", "Document 001: Decentro Mobile to Account"),
    ("002", "Document 002: Wibmo Retrieve Customer Record"),
    ("003", "Document 003: Decentro integration specification"),
    ("004", "Document 004: iServeU get-customer"),
    ("cashfree", "Cashfree: the API reference of Secure ID"),
    ("setu", "Setu: reverse penny drop"),
    ("observed", "Observed at Decentro, in no document"),
    ("gateway", "Toran's own keys"),
];

/// The tables of one document: its rows by section, in order.
pub(crate) struct Document {
    pub(crate) title: &'static str,
    pub(crate) sections: Vec<(Source, Vec<&'static Row>)>,
}

/// The catalogue by document; what two tables say of one section stands together.
pub(crate) fn documents(tables: &'static [&'static [Row]]) -> Vec<Document> {
    let mut documents: Vec<_> = DOCUMENTS.iter().map(|(_, title)| Document { title, sections: Vec::new() }).collect();
    for row in tables.iter().copied().flatten() {
        let number = row.source.as_str().split(' ').next().unwrap_or_default();
        let place = DOCUMENTS.iter().position(|(known, _)| *known == number).unwrap_or_else(|| panic!("{number} needs a title"));
        let sections = &mut documents.get_mut(place).unwrap().sections;
        match sections.iter_mut().find(|(source, _)| source.as_str() == row.source.as_str()) {
            Some((_, rows)) => rows.push(row),
            None => sections.push((row.source, vec![row])),
        }
    }
    documents.retain(|document| !document.sections.is_empty());
    documents
}

pub(crate) fn page(tables: &'static [&'static [Row]]) -> String {
    let documents: String = documents(tables).iter().map(of_document).collect();
    format!("{INTRODUCTION}{documents}")
}

fn of_document(document: &Document) -> String {
    let sections = document.sections.iter().map(|(source, rows)| {
        let heading = source.as_str().split_once(' ').map(|(_, section)| format!("### {}\n\n", capitalised(section))).unwrap_or_default();
        format!("\n{heading}{}", of_rows(rows))
    });
    format!("\n## {}\n{}{}", document.title, operations(document), sections.collect::<String>())
}

/// Which operations are answered with these rows.
fn operations(document: &Document) -> String {
    let is_here = |source: Source| document.sections.iter().any(|(here, _)| here.as_str() == source.as_str());
    let names: Vec<_> = OPERATIONS.iter().filter(|row| is_here(row.source)).map(|row| code(row.name)).collect();
    if names.is_empty() { String::new() } else { format!("\nOperations: {}.\n", names.join(", ")) }
}

pub(crate) fn capitalised(words: &str) -> String {
    let mut characters = words.chars();
    characters.next().map(|first| first.to_uppercase().chain(characters).collect()).unwrap_or_default()
}

const COLUMNS: [&str; 9] = ["key", "message", "HTTP", "outcome", "action", "a vendor's becomes", "owner", "retry", "money"];
const ITSELF: &str = "itself";

/// The rows as a table, without the columns that say nothing of any of them.
fn of_rows(rows: &[&Row]) -> String {
    let entries: Vec<_> = rows.iter().map(|row| entry(row)).collect();
    let tells = |column: usize| entries.iter().any(|entry| !["", ITSELF].contains(&entry.get(column).unwrap().as_str()));
    let kept: Vec<_> = (0..COLUMNS.len()).filter(|column| tells(*column)).collect();
    let head: Vec<_> = kept.iter().map(|column| *COLUMNS.get(*column).unwrap()).collect();
    table(&head, entries.iter().map(|entry| kept.iter().map(|column| entry.get(*column).unwrap()).collect()))
}

fn entry(row: &Row) -> [String; 9] {
    let json = row.to_json();
    let of = |field: &str| json.get(field).map(word).unwrap_or_default();
    let observed = if row.document() == row.source.as_str() { "" } else { " (*observed*)" };
    let becomes = match row.answers_with {
        THE_OPERATIONS_OWN => "the operation's own".to_owned(),
        own if own == row.key => ITSELF.to_owned(),
        other => code(other),
    };
    let key = format!("{}{observed}", code(row.key));
    [key, text(row.message), of("status"), of("outcome"), of("action"), becomes, of("owner"), of("retry"), of("money")]
}

/// A value of a row as `GET /v1/keys` tells it; nothing for null.
fn word(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(word) => word.clone(),
        other => other.to_string(),
    }
}
