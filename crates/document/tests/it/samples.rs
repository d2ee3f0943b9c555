//! The sample documents, in every format they exist in, against the ledgers written by hand beside them.

use std::path::{Path, PathBuf};

use document::{Extraction, Task};
use serde_json::Value;

fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples")
}

/// Everything an expected ledger states of a task, as one comparable text.
fn stated(no: &str, part: &str, assignments: &[(String, String, bool, bool, bool)], class: &str, due: &str) -> String {
    let units: Vec<String> = assignments
        .iter()
        .map(|(unit, role, collective, open, inherited)| {
            format!(
                "{unit}:{role}{}{}{}",
                if *collective { " 各" } else { "" },
                if *open { " 等" } else { "" },
                if *inherited { " 承" } else { "" }
            )
        })
        .collect();
    format!("{no} [{part}] {} <{class} {due}>", units.join("、"))
}

fn of_task(extraction: &Extraction, task: &Task) -> String {
    let word = |value: Value| value.as_str().unwrap().to_owned();
    let assignments: Vec<_> = task
        .assignments
        .iter()
        .map(|a| {
            (
                a.unit.clone(),
                word(serde_json::to_value(a.role).unwrap()),
                a.collective,
                a.open_ended,
                a.inherited,
            )
        })
        .collect();
    let part = word(serde_json::to_value(extraction.parts[task.part].role).unwrap());
    let class = word(serde_json::to_value(task.deadline.class).unwrap());
    stated(
        &task.no,
        &part,
        &assignments,
        &class,
        &task.deadline.due.map_or(String::new(), |d| d.to_string()),
    )
}

fn of_expected(row: &Value) -> String {
    let assignments: Vec<_> = row["assignments"]
        .as_array()
        .unwrap()
        .iter()
        .map(|a| {
            let flag = |key: &str| a[key].as_bool().unwrap();
            (
                a["unit"].as_str().unwrap().to_owned(),
                a["role"].as_str().unwrap().to_owned(),
                flag("collective"),
                flag("open_ended"),
                flag("inherited"),
            )
        })
        .collect();
    let deadline = &row["deadline"];
    let class = deadline["class"].as_str().unwrap_or("none");
    stated(
        row["no"].as_str().unwrap(),
        row["part"].as_str().unwrap(),
        &assignments,
        class,
        deadline["due"].as_str().unwrap_or_default(),
    )
}

#[test]
fn every_sample_in_every_format_gives_the_ledger_written_by_hand() {
    let mut problems = Vec::new();
    let mut checked = 0;
    let mut ledgers: Vec<PathBuf> = std::fs::read_dir(samples().join("expected"))
        .unwrap()
        .map(|e| e.unwrap().path())
        .collect();
    ledgers.sort();
    assert!(ledgers.len() >= 6, "at least six samples");
    for ledger in ledgers {
        let stem = ledger.file_stem().unwrap().to_str().unwrap().to_owned();
        let expected: Value = serde_json::from_slice(&std::fs::read(&ledger).unwrap()).unwrap();
        let expected: Vec<String> = expected.as_array().unwrap().iter().map(of_expected).collect();
        let mut files: Vec<PathBuf> = std::fs::read_dir(samples())
            .unwrap()
            .map(|e| e.unwrap().path())
            .filter(|p| p.is_file() && p.file_stem().is_some_and(|s| s == stem.as_str()))
            .collect();
        files.sort();
        assert!(!files.is_empty(), "{stem} has a ledger and no document");
        for file in files {
            let name = file.file_name().unwrap().to_str().unwrap().to_owned();
            checked += 1;
            let source = match document::read(&std::fs::read(&file).unwrap()) {
                Ok(source) => source,
                Err(error) => {
                    problems.push(format!("{name}: {error}"));
                    continue;
                }
            };
            let extraction = document::extract(&source);
            let found: Vec<String> = extraction.tasks.iter().map(|t| of_task(&extraction, t)).collect();
            for index in 0..expected.len().max(found.len()) {
                let (want, got) = (expected.get(index), found.get(index));
                if want != got {
                    problems.push(format!(
                        "{name} {index}:\n  expected {}\n  found    {}",
                        want.map_or("-", |s| s),
                        got.map_or("-", |s| s)
                    ));
                }
            }
        }
    }
    assert!(checked >= 16, "only {checked} sample files");
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn spans_of_tasks_and_figures_lie_in_the_text() {
    for entry in std::fs::read_dir(samples()).unwrap() {
        let path = entry.unwrap().path();
        if !path.is_file()
            || path.extension().is_some_and(|e| e == "md")
            || path.file_name().is_some_and(|n| n.to_str().unwrap().starts_with('.'))
        {
            continue;
        }
        let source = document::read(&std::fs::read(&path).unwrap()).unwrap();
        let extraction = document::extract(&source);
        for task in &extraction.tasks {
            assert!(
                source
                    .text
                    .get(task.span.start..task.span.end)
                    .is_some_and(|t| !t.trim().is_empty()),
                "{path:?} {}",
                task.no
            );
            for (assignment, place) in task.assignments.iter().zip(&task.places.units) {
                match place {
                    Some(place) => assert!(
                        !place.of(&source.text).trim().is_empty(),
                        "{path:?} {}",
                        assignment.unit
                    ),
                    None => assert!(assignment.inherited, "{path:?} {}", assignment.unit),
                }
            }
            if let Some(raw) = &task.deadline.raw {
                let place = task.places.deadline.unwrap();
                let printed: String = place.of(&source.text).split_whitespace().collect();
                // A page number may stand in the same cell.
                let raw: String = raw.split_whitespace().collect();
                assert!(printed.starts_with(&raw), "{path:?} {}: {printed}", task.no);
            }
            for quantity in &task.quantities {
                let printed = quantity.span.of(&source.text);
                assert!(
                    task.span.start <= quantity.span.start && quantity.span.end <= task.span.end,
                    "{path:?} {} {}",
                    task.no,
                    quantity.raw
                );
                assert!(
                    printed.chars().any(char::is_numeric) || !printed.is_empty(),
                    "{path:?} {printed}"
                );
            }
        }
    }
}
