//! What the language has and the packs happen not to use: DataFusion and the kernel agree there, too.

use std::collections::BTreeMap;

use policy::file::Tree;
use rules::catalogue::Catalogue;
use rules::language::parse;
use rules::program::Builder;
use rules::sql::Printer;
use rules::typed::check;

use crate::oracle::{agreed, deep};

/// Each node, every rounding, and what fails at the edges of 64 and 128 bits.
const EXPRESSIONS: &[&str] = &[
    "round(loan.amount_fen * loan.rate / 7, 0, 'half_up')",
    "round(loan.amount_fen * loan.rate / 8, 1, 'half_even')",
    "round(loan.amount_fen * 3 / 8, 2, 'half_even')",
    "round(loan.amount_fen / employment.insured_months, 2, 'down')",
    "round(loan.amount_fen / employment.insured_months, 2, 'up')",
    "round(loan.rate / 3, 4, 'half_up')",
    "round(employment.insured_months / (0 - 2), 0, 'half_even')",
    "floor(employment.insured_months / (0 - 7))",
    "ceil(employment.insured_months / 7)",
    "floor((loan.rate - 20) / 3)",
    "ceil((loan.rate - 20) / 3)",
    "floor(loan.amount_fen / training.actual_fen)",
    "round(employment.insured_months / 4 + loan.rate / employment.insured_months, 3, 'half_up')",
    "loan.rate * loan.rate * loan.rate",
    "loan.rate * loan.rate * loan.amount_fen",
    "loan.rate * loan.rate * loan.rate * loan.rate >= employment.insured_months * 1000000",
    "employment.insured_months * employment.insured_months",
    "employment.insured_months + employment.insured_months - 3",
    "loan.amount_fen + training.actual_fen >= yuan(20000)",
    "loan.amount_fen - training.actual_fen",
    "-loan.rate",
    "least(loan.amount_fen, training.actual_fen, yuan(1200.5))",
    "greatest(loan.rate, 0.5)",
    "least(loan.issue_date, person.birth_date) < '2020-09-01'",
    "loan.rate BETWEEN 0.25 AND employment.insured_months",
    "loan.rate IN (0.5, 1, 12)",
    "employment.insured_months IN (1, 3, 12)",
    "NOT employer.size IN ('medium', 'small')",
    "CASE WHEN person.is_graduate THEN loan.rate WHEN employment.insured_months > 3 THEN 0.5 ELSE loan.rate * 2 END",
    "CASE WHEN person.is_graduate THEN person.is_hard_to_employ ELSE employment.insured_months > 3 END",
    "age(person.birth_date) >= 16",
    "age(person.birth_date, loan.issue_date)",
    "days_between(person.birth_date, loan.issue_date)",
    "full_months(loan.issue_date, as_of) >= 3",
    "add_months(loan.issue_date, employment.insured_months)",
    "year(person.birth_date) = 1990 OR month(person.birth_date) = 2",
    "claim.month >= '2020-02' AND add_months(claim.month, 3) > '2020-11'",
    "person.graduation_date IS NULL OR person.graduation_date < as_of",
    "in_region(employer.region, '330282') OR in_region(employer.region, '3302')",
    "in_region(employer.region, '330282101')",
    "at($lpr_1y, loan.issue_date) + 0.01 >= loan.rate",
    "$lpr_1y * loan.amount_fen",
    "loan.rate <> 12 AND person.is_graduate = FALSE",
];

#[test]
fn every_node_of_the_language_agrees_on_every_row() {
    deep(every_node);
}

fn every_node() {
    let catalogue = Catalogue::load(&Tree::built_in());
    let known_on = catalogue.latest_known();
    let mut builder = Builder::new(&catalogue.vocabulary, known_on, None);
    builder.records = Some(Vec::new());
    for text in EXPRESSIONS {
        let typed = parse(text).and_then(|syntax| check(&catalogue.vocabulary, &syntax));
        let typed = typed.unwrap_or_else(|error| panic!("{text}: {error}"));
        builder.record("", "", text, text, &typed);
    }
    let records = builder.records.take().expect("they were wanted");
    let (program, history) = builder.finish();
    let printer = Printer {
        vocabulary: &catalogue.vocabulary,
        history: &history,
        known_on,
        as_of: None,
        lineage: &[],
        supposed: &BTreeMap::new(),
    };
    let all = agreed(&program, records, printer, 7);
    assert_eq!(all.len(), EXPRESSIONS.len());
    for both in all {
        let known = both.seen.yes + both.seen.no;
        assert!(
            known > 0 && both.seen.unknown > 0,
            "{known} known, {} unknown: {}",
            both.seen.unknown,
            both.sql
        );
    }
}
