//! The figures of a prose report, every one, as facts: value, measure, and the word that qualifies it.

use std::path::{Path, PathBuf};

/// Where the founding documents are, if they are there; with `LEYE_REQUIRE_ALL=1` they must be.
pub(crate) fn founding(name: &str) -> Option<PathBuf> {
    let shared = std::env::var_os("LEYE_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    let path = shared.join("documents").join(name);
    if path.is_file() {
        return Some(path);
    }
    assert!(
        std::env::var_os("LEYE_REQUIRE_ALL").is_none_or(|v| v != "1"),
        "{} is required",
        path.display()
    );
    eprintln!("skipped: {} is not there", path.display());
    None
}

/// In the order of the text; years stand apart below.
const REPORTED: &[(&str, &str, &str)] = &[
    ("99000", "人", ""),
    ("3.5", "%", "at-most"),
    ("18300000000", "fen", ""),
    ("1124000000", "fen", ""),
    ("100", "%", ""),
    ("888000000", "fen", ""),
    ("6060240000", "fen", ""),
    ("20200000000", "fen", ""),
    ("3710580000", "fen", ""),
    ("6220170000", "fen", ""),
    ("115", "家", ""),
    ("1961", "人", ""),
    ("400", "个", "nearly"),
    ("23", "批次", ""),
    ("1275", "名", ""),
    ("984", "人", ""),
    ("750", "人", ""),
    ("5", "大省", ""),
    ("14000", "名", ""),
    ("168", "个", ""),
    ("302", "场", ""),
    ("11768", "家", ""),
    ("174800", "个", ""),
    ("36500", "人", ""),
    ("2200000000", "fen", "and-more"),
    ("14400000000", "fen", ""),
    ("59000", "家", ""),
    ("264200", "人", ""),
    ("92100", "人", ""),
    ("5", "省", ""),
    ("50", "县市", ""),
];

#[test]
fn every_figure_of_the_reply_comes_out_with_its_qualifier() {
    let Some(path) = founding("cixi-2023-reply.txt") else {
        return;
    };
    let source = document::read(&std::fs::read(path).unwrap()).unwrap();
    let found = document::quantities(&source.text, 0);
    let word = |bound: Option<document::Bound>| {
        bound.map_or(String::new(), |b| {
            serde_json::to_value(b).unwrap().as_str().unwrap().to_owned()
        })
    };
    let (dates, figures): (Vec<_>, Vec<_>) = found.iter().partition(|q| q.kind == document::QuantityKind::Date);
    let figures: Vec<(String, String, String)> = figures
        .iter()
        .map(|q| (q.value.clone(), q.measure.clone(), word(q.bound)))
        .collect();
    let expected: Vec<(String, String, String)> = REPORTED
        .iter()
        .map(|(v, m, b)| ((*v).to_owned(), (*m).to_owned(), (*b).to_owned()))
        .collect();
    assert_eq!(figures, expected);
    let years: Vec<&str> = dates.iter().map(|q| q.value.as_str()).collect();
    assert_eq!(years, ["2021", "2021", "2021", "2021", "2021", "2021", "2021", "2022"]);
    for quantity in &found {
        assert_eq!(quantity.span.of(&source.text).replace([' ', '\n'], ""), quantity.raw);
    }
}
