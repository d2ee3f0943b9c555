//! Whole runs over a synthetic region.

use screening::{Explainer, Runs};

use crate::region::{catalogue, home, request, screen};

#[test]
fn a_region_is_screened_and_rows_explained_one_by_one_agree() {
    let folder = tempfile::tempdir().expect("a folder");
    let made = screen(home(), &request(), folder.path()).expect("a run");
    for benefit in &made.summary.benefits {
        let rows = made
            .summary
            .tables
            .iter()
            .find(|table| table.per == benefit.per)
            .expect("a table")
            .rows;
        assert_eq!(
            benefit.eligible + benefit.ineligible + benefit.undetermined,
            rows,
            "{}",
            benefit.id
        );
    }
    let runs = Runs::of(folder.path());
    let mut explainer = Explainer::open(catalogue(), &runs, &made.run).expect("the run");
    let mut rows = 0_u64;
    for benefit in &made.summary.benefits {
        let of = explainer.rows(&benefit.id).expect("rows");
        for step in 0..25 {
            let row = step * 7_919 % of.max(1);
            if row >= of {
                continue;
            }
            let explained = explainer.explain_number(&benefit.id, row).expect("a decision");
            assert!(
                explained.agrees,
                "{} row {row}: {:#?}\n{}",
                benefit.id,
                explained
                    .decision
                    .conditions
                    .iter()
                    .map(|c| (&c.id, c.result))
                    .collect::<Vec<_>>(),
                explained.facts
            );
            rows += 1;
        }
    }
    assert!(rows >= 1_000, "{rows} rows");
}
