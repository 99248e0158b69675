//! The matrix of `tests/README.md`: each row of the catalogue with the scenarios that reach it, and each requirement of `tests/matrix.json` with
//! what shows it. That every named test and heading exists is asked by `tests/tidy/matrix.test.mjs`, which needs no build.

use serde::Deserialize;
use serde_json::{Map, Value};
use toran_core::keys::{self, Row, Source};
use toran_core::vendors::VENDORS;
use toran_core::vendors::sim::Scenario;

use super::catalogue::{Document, capitalised, documents};
use super::markdown::{anchor, code, table, text};

/// `tests/matrix.json`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Matrix {
    /// The test that plays every scenario.
    scenarios: String,
    /// What Toran does not do yet: name, and what it will be.
    later: Map<String, Value>,
    sections: Vec<Group>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    document: String,
    section: String,
    rows: Vec<Shown>,
}

/// Requirements, and the one thing that shows all of them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Shown {
    requirements: Vec<String>,
    test: Option<String>,
    operator: Option<String>,
    later: Option<String>,
}

pub(crate) fn part(json: &str) -> String {
    let matrix: Matrix = serde_json::from_str(json).expect("tests/matrix.json");
    let scenarios: Vec<_> = VENDORS.iter().flat_map(|vendor| vendor.scenarios("MATRIX")).collect();
    demand_named(&matrix, &scenarios);
    format!("\n{}\n{}\n{}", summary(&matrix), of_catalogue(&matrix, &scenarios), of_requirements(&matrix))
}

/// A requirement may say which scenario of the test shows it: that one exists.
fn demand_named(matrix: &Matrix, scenarios: &[Scenario]) {
    let requirements = matrix.sections.iter().flat_map(|group| &group.rows).flat_map(|shown| &shown.requirements);
    for id in requirements.filter_map(|words| words.split_once("(scenario `")?.1.strip_suffix("`)")) {
        assert!(scenarios.iter().any(|scenario| scenario.id == id), "no scenario {id}");
    }
}

fn summary(matrix: &Matrix) -> String {
    let shown = || matrix.sections.iter().flat_map(|section| &section.rows);
    let count = |is: fn(&Shown) -> bool| shown().filter(|shown| is(shown)).map(|shown| shown.requirements.len()).sum::<usize>();
    let later = matrix.later.iter().map(|(name, what)| format!("- {name}: {}\n", what.as_str().unwrap_or_default()));
    format!(
        "{} rows of the documents' key and code tables, each played by a scenario. {} requirements: {} shown by a test, {} the operator's \
         (`docs/RUNBOOK.md`), {} later.\n\nLater:\n\n{}",
        keys::rows().filter(|row| row.source != Source::GATEWAY).count(),
        count(|_| true),
        count(|shown| shown.test.is_some()),
        count(|shown| shown.operator.is_some()),
        count(|shown| shown.later.is_some()),
        later.collect::<String>(),
    )
}

// --- the catalogue's rows ---

fn of_catalogue(matrix: &Matrix, scenarios: &[Scenario]) -> String {
    let documents = documents(keys::CATALOGUE).into_iter().map(|document| of_document(&document, scenarios));
    let played = proof(&matrix.scenarios);
    format!("### Keys, codes and statuses\n\nEach scenario is a part of {played}, under its own name.\n{}", documents.collect::<String>())
}

fn of_document(document: &Document, scenarios: &[Scenario]) -> String {
    let sections = document.sections.iter().filter(|(source, _)| *source != Source::GATEWAY).map(|(source, rows)| {
        let section = source.as_str().split_once(' ').map(|(_, section)| format!(", {section}")).unwrap_or_default();
        let lines = rows.iter().map(|row| vec![named(row, rows), reached_by(row, scenarios)]);
        format!("\n#### {}{section}\n\n{}", document.title, table(&["row", "scenarios"], lines))
    });
    sections.collect()
}

/// A row's key, with its message where it needs one to be told from others.
fn named(row: &Row, rows: &[&Row]) -> String {
    let is_alone = rows.iter().filter(|other| other.key == row.key).count() == 1;
    if is_alone { code(row.key) } else { format!("{}: {}", code(row.key), text(row.message)) }
}

fn reached_by(row: &Row, scenarios: &[Scenario]) -> String {
    let reaches = |scenario: &&Scenario| scenario.covers.is_some_and(|covered| std::ptr::eq(covered, row));
    let ids: Vec<_> = scenarios.iter().filter(reaches).map(|scenario| code(&scenario.id)).collect();
    assert!(!ids.is_empty(), "{}: {} has no scenario", row.source.as_str(), row.key);
    ids.join(", ")
}

// --- the requirements ---

fn of_requirements(matrix: &Matrix) -> String {
    let sections = matrix.sections.iter().map(|Group { document, section, rows }| {
        let lines = rows.iter().map(|shown| vec![shown.requirements.join("; "), shown_by(shown)]);
        format!("\n#### {}\n\n{}", capitalised(&format!("{document}, {section}")), table(&["requirement", "shown by"], lines))
    });
    format!("### Requirements\n{}", sections.collect::<String>())
}

fn shown_by(shown: &Shown) -> String {
    match (&shown.test, &shown.operator, &shown.later) {
        (Some(test), None, None) => proof(test),
        (None, Some(heading), None) => format!("operator: [{heading}](../docs/RUNBOOK.md#{})", anchor(heading)),
        (None, None, Some(capability)) => format!("later: {capability}"),
        _ => panic!("{:?}: exactly one of test, operator, later", shown.requirements),
    }
}

/// `file: name`.
fn proof(test: &str) -> String {
    let (file, name) = test.split_once(": ").unwrap_or_else(|| panic!("{test}: file and name"));
    format!("{}: {}", code(file), code(name))
}
