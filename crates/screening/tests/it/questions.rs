//! Questions: whom they name, beside which rows they are seen, to which towns they belong, what of them is counted.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch, StringArray};
use parquet::arrow::ArrowWriter;
use screening::checks::hits::{self, Hit, NAMED};
use screening::lists::{related, towns};
use screening::{CheckCount, Runs, ScreeningError};

use crate::tiny::Tiny;

const PEOPLE: &str = "person_key name phone account residence_region household_region";

/// Two numbers with one name and telephone, in two towns; three people under one account, of one of whom nobody knows
/// where; somebody else.
fn sides() -> Tiny {
    Tiny::on("2020-12-31").rows(
        "person",
        PEOPLE,
        "p1 李小明 10000000001 - 330282105000 330282101000\n\
         p2 李小明 10000000001 - - 330282102000\n\
         p3 甲一 10000000003 9900000000000001 330282102000 -\n\
         p4 乙二 10000000004 9900000000000001 - -\n\
         p5 丙三 10000000005 9900000000000001 330282101000 -\n\
         p6 丁四 10000000006 9900000000000006 330282102000 -",
    )
}

#[test]
fn a_question_about_a_pair_is_counted_once_and_found_from_either_side() {
    let tiny = sides();
    let (summaries, found) = tiny.run("unlinked-ids");
    assert_eq!((summaries[0].hits, summaries[0].subjects), (1, 2));
    let out = tiny.folder.path().join("hits.parquet");
    for side in ["p1", "p2"] {
        assert_eq!(hits::about(&out, &BTreeSet::from([side])).expect("hits"), found);
        assert_eq!(hits::by_subject(&found)[side], [&found[0]]);
        assert!(found[0].is_about_row(side));
    }
    assert!(
        hits::about(&out, &BTreeSet::from(["p3", "p6"]))
            .expect("hits")
            .is_empty()
    );
}

#[test]
fn everybody_under_one_account_sees_the_one_question_about_it() {
    let tiny = sides();
    let (summaries, found) = tiny.run("shared-account");
    assert_eq!((summaries[0].hits, summaries[0].subjects), (1, 3));
    let out = tiny.folder.path().join("hits.parquet");
    for side in ["p3", "p4", "p5"] {
        assert_eq!(hits::about(&out, &BTreeSet::from([side])).expect("hits"), found);
    }
    let word = |key: &str| format!("**{key}");
    assert_eq!(related(&found[0], word), "**p4、**p5，共2人");
}

#[test]
fn of_very_many_a_question_names_some_and_says_how_many_there_are() {
    let rows: Vec<String> = (1..=40)
        .map(|number| format!("p{number:02} 某{number} - 9900000000000001 330282{number:03}000 -"))
        .collect();
    let tiny = Tiny::on("2020-12-31").rows("person", PEOPLE, &rows.join("\n"));
    let (summaries, found) = tiny.run("shared-account");
    assert_eq!((summaries[0].hits, summaries[0].subjects), (1, 40));
    let said = related(&found[0], str::to_owned);
    assert!(
        said.starts_with("p02、p03、") && said.ends_with("、p11等39人"),
        "{said}"
    );
    assert_eq!(said.split('、').count(), NAMED);
    // Nobody beyond those it names has to be looked up, but all of them find it.
    assert_eq!(found[0].named().count(), 1 + NAMED);
    let out = tiny.folder.path().join("hits.parquet");
    assert_eq!(hits::about(&out, &BTreeSet::from(["p40"])).expect("hits").len(), 1);
    let said = towns(&found[0]);
    assert!(said.starts_with("330282001、") && said.ends_with("等40个"), "{said}");
}

#[test]
fn a_question_about_two_rows_of_the_run_is_asked_once_and_seen_beside_both() {
    let tiny = Tiny::on("2020-12-31").eligible(
        "benefit per key person_key on_date months",
        "ln-temp-public-post post k1 p1 2020-05-01 2\nln-flex-si person p1 p1 2020-06-01 3\n\
         cx-sme-graduate-bonus employment k3 p1 2020-05-01 -",
    );
    let (summaries, found) = tiny.run("overlap");
    assert_eq!((summaries[0].failed.as_deref(), summaries[0].hits), (None, 1));
    for row in ["k1", "p1"] {
        assert!(found[0].is_about_row(row), "{:?}", found[0].row_keys);
    }
    assert!(!found[0].is_about_row("k3"));
}

#[test]
fn questions_stand_in_the_towns_of_all_whom_they_concern() {
    let tiny = sides();
    let (summaries, found) = tiny.run("unlinked-ids");
    // Residence before household; the subject's town first.
    assert_eq!(found[0].towns, [330_282_105, 330_282_102]);
    assert_eq!(towns(&found[0]), "330282105、330282102");
    assert_eq!(summaries[0].towns, BTreeMap::from([(330_282_102, 1), (330_282_105, 1)]));
    let (_, found) = tiny.run("shared-account");
    assert_eq!(found[0].towns, [330_282_102, 330_282_101]);

    let firms = Tiny::on("2020-12-31")
        .rows(
            "employer",
            "employer_key name region",
            "e1 某劳务派遣公司 330282103000\ne2 另一劳务派遣 -",
        )
        .eligible(
            "benefit per key person_key employer_key on_date",
            "cx-sme-graduate-bonus employment k1 p1 e1 2020-12-01\ncx-sme-graduate-bonus employment k2 p2 e2 2020-12-01",
        );
    let (summaries, found) = firms.run("dispatch-agency");
    assert_eq!(summaries[0].towns, BTreeMap::from([(0, 1), (330_282_103, 1)]));
    assert_eq!(
        (towns(&found[0]).as_str(), towns(&found[1]).as_str()),
        ("330282103", "未载明")
    );
}

#[test]
fn the_questions_of_a_town_come_in_windows_of_their_own() {
    let rows: Vec<String> = (0..60)
        .map(|number| format!("p{number:02} - 33028210{}000", number % 3))
        .collect();
    let months: Vec<String> = (0..60).map(|number| format!("p{number:02} e1 2020-11 y")).collect();
    let dead: Vec<String> = (0..60).map(|number| format!("p{number:02} 2020-10-05")).collect();
    let tiny = Tiny::on("2020-12-31")
        .rows("person", "person_key status residence_region", &rows.join("\n"))
        .rows("death", "person_key died_on", &dead.join("\n"))
        .rows("contribution", "person_key employer_key month paid", &months.join("\n"));
    let (summaries, _) = tiny.run("deceased");
    let town = 330_282_101;
    assert_eq!((summaries[0].hits, summaries[0].towns[&town]), (60, 20));
    let out = tiny.folder.path().join("hits.parquet");
    let window = |place, skip, take| {
        let hits = hits::of_town(&out, place, town, (skip, take)).expect("hits");
        assert!(hits.iter().all(|hit| hit.towns == [town]), "{hits:?}");
        hits.into_iter().map(|hit| hit.subject_key).collect::<Vec<_>>()
    };
    assert_eq!(window((0, 60), 0, 3), ["p01", "p04", "p07"]);
    assert_eq!(window((0, 60), 18, 50), ["p55", "p58"]);
    // Of the hits from the tenth on, six of them.
    assert_eq!(window((10, 6), 0, 50), ["p10", "p13"]);
    assert!(window((0, 60), 20, 50).is_empty());
    assert_eq!(hits::of_town(&out, (0, 60), 0, (0, 50)).expect("hits"), []);
}

fn people(prefix: &str, count: usize) -> impl Iterator<Item = String> {
    (1..=count).map(move |number| format!("{prefix}{number}"))
}

#[test]
fn a_premium_that_has_not_arrived_by_the_day_raises_no_question() {
    let asked = |arrived: &str| {
        let mut months = vec!["d1 e1 2020-11", "j1 e1 2020-05", "r1 e1 2020-06", "u1 e1 2020-04"]
            .into_iter()
            .map(str::to_owned)
            .collect::<Vec<_>>();
        for month in ["2020-01", "2020-02"] {
            months.extend(["e1", "e2"].map(|firm| format!("p1 {firm} {month}")));
        }
        months.extend(people("h", 8).map(|person| format!("{person} young 2020-11")));
        months.extend(people("c", 8).map(|person| format!("{person} old 2020-11")));
        let months: Vec<String> = months.iter().map(|row| format!("{row} y y y {arrived}")).collect();
        let left: Vec<String> = people("c", 5)
            .map(|person| format!("{person} 2020-12-01 old - -"))
            .collect();
        let tiny = Tiny::on("2020-12-31")
            .rows("death", "person_key died_on", "d1 2020-10-05")
            .rows("imprisonment", "person_key from to", "j1 2020-03-10 -")
            .rows("pension", "person_key from draws_basic_pension", "r1 2020-05-01 y")
            .rows(
                "unemployment",
                "person_key registered_date former_employer_key benefit_from benefit_to",
                &format!("u1 2020-03-01 - 2020-03-02 2020-12-31\n{}", left.join("\n")),
            )
            .rows(
                "employer",
                "employer_key name registered_on",
                "young 新厂 2020-10-05\nold 老厂 2010-01-01",
            )
            .rows(
                "contribution",
                "person_key employer_key month paid pension unemployment paid_on",
                &months.join("\n"),
            );
        let (summaries, _) = tiny.run("");
        let failed: Vec<_> = summaries.iter().filter_map(|summary| summary.failed.clone()).collect();
        assert_eq!(failed, Vec::<String>::new());
        let asked = summaries.into_iter().filter(|summary| summary.hits > 0);
        asked.map(|summary| summary.id).collect::<Vec<_>>()
    };
    let all = [
        "deceased", "in-prison", "pension-drawn", "insured-while-drawing", "double-insurance", "burst-of-hires",
        "burst-of-claims",
    ];
    assert_eq!(asked("-"), all);
    assert_eq!(asked("2020-12-31"), all);
    // Who was hired is told by the months that a firm declares, whether or not it pays.
    assert_eq!(asked("2021-01-01"), ["burst-of-hires"]);
}

/// A file of hits as runs of format 1 have it.
fn of_format_1(path: &std::path::Path) {
    let column = |cell: Option<&str>| -> ArrayRef { Arc::new(StringArray::from(vec![cell])) };
    let rows = RecordBatch::try_from_iter_with_nullable([
        ("check", column(Some("unlinked-ids")), false),
        ("about", column(Some("person")), false),
        ("subject_key", column(Some("p1")), false),
        ("row_key", column(Some("k1")), true),
        ("other_key", column(Some("p2")), true),
        ("evidence", column(Some("姓名相同")), false),
    ])
    .expect("rows");
    let file = std::fs::File::create(path).expect("a file");
    let mut writer = ArrowWriter::try_new(file, rows.schema(), None).expect("a writer");
    writer.write(&rows).expect("rows");
    writer.close().expect("a whole file");
}

#[test]
fn questions_of_an_earlier_format_are_still_read_and_a_later_format_says_what_to_do() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("hits.parquet");
    of_format_1(&out);
    let found = hits::read(&out).expect("hits");
    let hit = Hit {
        check: "unlinked-ids".to_owned(),
        about: "person".to_owned(),
        subject_key: "p1".to_owned(),
        row_keys: vec!["k1".to_owned()],
        party_keys: Vec::new(),
        other_keys: vec!["p2".to_owned()],
        towns: Vec::new(),
        month: None,
        evidence: "姓名相同".to_owned(),
        source: None,
        other_source: None,
    };
    assert_eq!(found, [hit]);
    assert_eq!(hits::about(&out, &BTreeSet::from(["p1"])).expect("hits"), found);
    let count = r#"{"id": "deceased", "label": "疑", "question": "问", "hits": 3, "subjects": 2, "missing": [], "failed": null}"#;
    let count: CheckCount = serde_json::from_str(count).expect("a count");
    assert_eq!((count.hits_of(None), count.towns.len()), (3, 0));

    let run = folder.path().join("runs").join("2020-12-31-330282-1");
    std::fs::create_dir_all(&run).expect("a folder");
    std::fs::write(run.join("manifest.json"), r#"{"format": 3}"#).expect("a manifest");
    let refused = Runs::of(folder.path()).manifest("2020-12-31-330282-1");
    assert!(
        matches!(refused, Err(ScreeningError::Newer { format: 3, .. })),
        "{refused:?}"
    );
}
