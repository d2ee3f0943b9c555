//! What rows of one run take from each other, on registers of a few rows written by hand.

use screening::{Explainer, Request};

use crate::region::{catalogue, only, request};
use crate::tiny::{Tiny, day};

const EMPLOYERS: &str = "e1 甲厂 330282001000 1\ne2 乙厂 330282001000 1";

/// Two graduates, one of them hired by two small firms; a third was hired before, and paid for.
fn hires(history: bool) -> Tiny {
    let months = |who: &str| {
        (8..=11)
            .map(|month| format!("{who} 2020-{month:02} y y\n"))
            .collect::<String>()
    };
    let contributions: String = ["p1 e1", "p1 e2", "p2 e1", "p3 e2"].map(months).concat();
    let tiny = Tiny::on("2020-12-15")
        .rows("employer", "employer_key name region kind", EMPLOYERS)
        .rows("employer-size", "employer_key size", "e1 3\ne2 3")
        .rows(
            "person",
            "person_key birth_date",
            "p1 1998-02-01\np2 1998-03-01\np3 1998-04-01",
        )
        .rows(
            "graduate",
            "person_key is_graduate graduation_date",
            "p1 y 2020-06-30\np2 y 2020-06-30\np3 y 2020-06-30",
        )
        .rows(
            "employment",
            "person_key employer_key contract_date contract_kind contract_months",
            "p1 e1 2020-07-01 1 24\np1 e2 2020-05-06 1 24\np2 e1 2020-07-01 1 24\np3 e2 2020-07-01 1 24",
        )
        .rows(
            "contribution",
            "person_key employer_key month pension paid",
            &contributions,
        );
    if history {
        return tiny.rows(
            "benefit-history",
            "benefit person_key employer_key granted_on amount_fen",
            "cx-sme-graduate-bonus p3 e1 2020-09-01 300000",
        );
    }
    tiny
}

fn bonus() -> Request {
    Request {
        benefits: only(&["cx-sme-graduate-bonus"]),
        known_on: day("2021-01-31"),
        ..request()
    }
}

#[test]
fn of_two_hires_of_one_graduate_the_earlier_is_paid_and_the_later_fails_the_condition_once() {
    let tiny = hires(true);
    let (made, runs) = tiny.screened(&bonus()).expect("a run");
    let benefit = &made.summary.benefits[0];
    assert_eq!((benefit.eligible, benefit.ineligible, benefit.undetermined), (2, 2, 0));
    assert_eq!(benefit.amount_fen, Some(600_000));
    let once = benefit
        .funnel
        .iter()
        .find(|step| step.condition == "once")
        .expect("a condition");
    assert_eq!(once.refused, 2, "the second hire of p1, and p3 who had it before");
    assert_eq!((made.summary.resolved.rows, made.summary.resolved.refused), (1, 1));

    let mut explainer = Explainer::open(catalogue(), &runs, &made.run).expect("the run");
    let (first, second) = ("p1/e2/2020-05-06", "p1/e1/2020-07-01");
    let winner = explainer.explain("cx-sme-graduate-bonus", first).expect("a row");
    assert!(winner.agrees && winner.resolved.is_none());
    let loser = explainer.explain("cx-sme-graduate-bonus", second).expect("a row");
    assert!(loser.agrees, "{:?}", loser.decision.conditions);
    assert_eq!(loser.decision.decided_by.as_deref(), Some("once"));
    let before = &loser.resolved.expect("what came before").before;
    assert_eq!(before.len(), 1);
    assert_eq!((before[0].key.as_str(), before[0].amount_fen), (first, 300_000));
    assert_eq!(before[0].on, day("2020-12-15"));
}

#[test]
fn a_run_without_the_history_of_grants_is_refused_unless_told() {
    let tiny = hires(false);
    let mut request = bonus();
    let error = tiny.screened(&request).expect_err("a refusal");
    assert!(error.to_string().contains("补贴发放"), "{error}");
    request.without_history = true;
    let (made, _) = tiny.screened(&request).expect("a run");
    assert_eq!(made.summary.benefits[0].eligible, 3, "p3 counts as new");
    assert!(made.summary.without_history);
}
