//! Who pays what a run found, on registers of a few rows written by hand.

use civil::RegionCode;
use screening::Request;

use crate::region::{only, request};
use crate::tiny::{Tiny, day};

#[test]
fn money_stands_under_the_levels_among_which_the_document_shares_it() {
    let tiny = Tiny::on("2021-11-01")
        .of("210300")
        .rows("person", "person_key birth_date", "p1 1990-02-01\np2 1991-03-01")
        .rows("employer", "employer_key name region kind", "e1 甲店 210302001000 5\ne2 乙店 210302001000 5")
        .rows(
            "startup",
            "founder_key employer_key founder_was_unemployed venture",
            "p1 e1 y 1\np2 e2 y 2",
        )
        .rows(
            "loan",
            "loan_no borrower_key application_date amount_fen interest_months fiscal_interest_fen is_startup_guaranteed",
            "L1 p1 2020-11-01 10000000 12 235001 y\nL2 p2 2020-12-31 10000000 12 100000 y",
        );
    let request = Request {
        region: RegionCode::parse("210300").expect("a region"),
        as_of: day("2021-11-01"),
        known_on: day("2021-11-30"),
        month: day("2021-11-01").month(),
        benefits: only(&["as-night-loan"]),
        without_history: true,
        ..request()
    };
    let (made, _) = tiny.screened(&request).expect("a run");
    let benefit = &made.summary.benefits[0];
    assert_eq!(
        (benefit.eligible, benefit.amount_fen),
        (2, Some(335_001)),
        "{benefit:#?}"
    );
    let lines: Vec<(&str, u64, i64)> = made
        .summary
        .funds
        .iter()
        .map(|fund| (fund.level.as_str(), fund.rows, fund.amount_fen))
        .collect();
    // 30, 50 and 20 percent, each row split by itself so that its parts add up to it.
    let expected = [
        ("centre", 2, 100_500),
        ("province", 2, 167_501),
        ("city-county", 2, 67_000),
    ];
    assert_eq!(lines, expected);
}
