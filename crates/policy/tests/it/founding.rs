//! The founding documents: what the extractor finds is what the packs say, fact by fact.

use std::collections::BTreeSet;

use document::{Extraction, PartRole};
use policy::Pack;
use policy::matching::Matching;

use crate::shared::{built_in, extract, founding_text};

#[test]
fn every_fact_of_the_cixi_table_is_in_the_pack() {
    agrees("cixi-2020", "cixi-2020-division.txt", 47);
}

#[test]
fn every_fact_of_the_anshan_cover_is_in_the_pack() {
    agrees("anshan-2020", "anshan-liaoning-2020-measures.txt", 4);
}

#[test]
fn every_fact_of_the_liaoning_measures_is_in_the_pack() {
    agrees("liaoning-2020", "anshan-liaoning-2020-measures.txt", 22);
}

#[test]
fn every_fact_of_the_ziyang_table_is_in_the_pack() {
    agrees("ziyang-2019", "ziyang-2019-division.txt", 21);
}

#[test]
fn every_fact_of_the_dazu_annex_is_in_the_pack() {
    agrees("dazu-2020", "dazu-2020-division.txt", 63);
}

/// Compares the tasks of the parts the pack covers: number, units with their roles and marks, deadline.
fn agrees(pack: &str, document: &str, tasks: usize) {
    let Some(text) = founding_text(document) else {
        return;
    };
    let library = built_in();
    let pack = &library.packs[pack];
    let mut extraction = extract(&text);
    library.units.resolve(&mut extraction);

    assert_eq!(pack.tasks.len(), tasks, "tasks of the pack {}", pack.id());
    let found = extraction
        .tasks
        .iter()
        .filter(|task| covers(pack, extraction.parts[task.part].role))
        .count();
    assert_eq!(found, tasks, "tasks found in {document}");

    let matching = Matching::of(pack, &extraction);
    let mut lines = Vec::new();
    for item in &matching.items {
        let task = &pack.tasks[item.task];
        match item.found {
            None => lines.push(format!("第{}项：没有找到", *task.id)),
            Some(found) => {
                assert_eq!(extraction.tasks[found].no, task.no);
                lines.extend(
                    item.differences
                        .iter()
                        .map(|difference| format!("第{}项：{difference}", *task.id)),
                );
            }
        }
    }
    lines.extend(
        matching
            .extra
            .iter()
            .map(|index| format!("多出：第{}项", extraction.tasks[*index].no)),
    );
    assert!(lines.is_empty(), "{document}\n{}", lines.join("\n"));
    assert_eq!(
        f1(pack, &extraction, &matching),
        (1_000, 1_000),
        "precision and recall in thousandths"
    );
    assert_eq!(matching.identify(pack, &extraction), Ok(()));
    order_is_kept(pack, &extraction, &matching);
}

fn covers(pack: &Pack, role: PartRole) -> bool {
    pack.parts.iter().any(|part| *part.role == role)
}

/// Precision and recall of (item, unit, role), in thousandths, counted without the matcher's own comparison.
fn f1(pack: &Pack, extraction: &Extraction, matching: &Matching) -> (usize, usize) {
    let expected: BTreeSet<(usize, String, String)> = pack
        .tasks
        .iter()
        .enumerate()
        .flat_map(|(index, task)| {
            task.assignments
                .iter()
                .map(move |unit| (index, unit.unit.to_string(), format!("{:?}", unit.role)))
        })
        .collect();
    let found: BTreeSet<(usize, String, String)> = matching
        .items
        .iter()
        .filter_map(|item| Some((item.task, item.found?)))
        .flat_map(|(index, found)| {
            let units = &extraction.tasks[found].assignments;
            units
                .iter()
                .map(move |unit| (index, unit.unit.clone(), format!("{:?}", unit.role)))
        })
        .collect();
    let both = expected.intersection(&found).count();
    // The four city points name no unit: nothing to find, and nothing found.
    let share = |of: usize| (both * 1_000).checked_div(of).unwrap_or(1_000);
    (share(found.len()), share(expected.len()))
}

/// Within one role the units stand in the document's order, in the pack as in the extraction.
fn order_is_kept(pack: &Pack, extraction: &Extraction, matching: &Matching) {
    for item in &matching.items {
        let task = &pack.tasks[item.task];
        let found = &extraction.tasks[item.found.unwrap()];
        for role in [
            document::Role::Lead,
            document::Role::Support,
            document::Role::Responsible,
        ] {
            let ours: Vec<&str> = task.units(role).map(|unit| unit.unit.as_str()).collect();
            let theirs: Vec<&str> = found
                .assignments
                .iter()
                .filter(|unit| unit.role == role)
                .map(|unit| unit.unit.as_str())
                .collect();
            assert_eq!(ours, theirs, "第{}项 {role:?}", *task.id);
        }
    }
}

#[test]
fn every_unit_that_is_no_group_has_a_function() {
    let library = built_in();
    for document in [
        "cixi-2020-division.txt", "anshan-liaoning-2020-measures.txt", "ziyang-2019-division.txt",
        "dazu-2020-division.txt",
    ] {
        let Some(text) = founding_text(document) else {
            return;
        };
        let mut extraction = extract(&text);
        library.units.resolve(&mut extraction);
        let unknown: BTreeSet<&str> = extraction
            .tasks
            .iter()
            .flat_map(|task| &task.assignments)
            .filter(|unit| !unit.collective && unit.function.is_none())
            .map(|unit| unit.unit.as_str())
            .collect();
        assert_eq!(unknown, BTreeSet::new(), "{document}");
    }
}

#[test]
fn the_header_of_each_document_is_that_of_its_pack() {
    let library = built_in();
    for (pack, document) in [
        ("cixi-2020", "cixi-2020-division.txt"),
        ("anshan-2020", "anshan-liaoning-2020-measures.txt"),
        ("ziyang-2019", "ziyang-2019-division.txt"),
        ("dazu-2020", "dazu-2020-division.txt"),
    ] {
        let Some(text) = founding_text(document) else {
            return;
        };
        let (header, policy) = (extract(&text).document, &library.packs[pack].policy);
        assert_eq!(header.number, policy.number, "{document}");
        assert_eq!(header.date, policy.date, "{document}");
        assert_eq!(header.recipients, policy.recipients, "{document}");
        assert_eq!(header.issuer, policy.issuer, "{document}");
    }
}
