//! How expressions read as SQL. That the SQL means the same is tested where DataFusion is: in `screening`.

use std::collections::BTreeMap;

use rules::sql::{Decision, Printer};

use crate::support::{day, typed, vocabulary};

fn printed(text: &str) -> String {
    let vocabulary = vocabulary();
    let supposed = BTreeMap::new();
    let typed = typed(&vocabulary, text).unwrap_or_else(|error| panic!("{text}: {error}"));
    let printer = Printer {
        vocabulary: &vocabulary,
        history: &[],
        known_on: day("2020-12-31"),
        as_of: Some(day("2020-09-01")),
        lineage: &[],
        supposed: &supposed,
    };
    printer.print(&typed)
}

#[test]
fn comparisons_stay_as_they_are_written() {
    for (text, sql) in [
        ("person.a >= 3", r#"("person.a" >= 3)"#),
        ("employer.x_fen <= yuan(1200.5)", r#"("employer.x_fen" <= 120050)"#),
        ("employer.size IN ('medium', 'small')", r#"("employer.size" IN (2, 3))"#),
        (
            "training.d < as_of AND NOT person.f",
            r#"(("training.d" < DATE '2020-09-01') AND (NOT "person.f"))"#,
        ),
        ("age(training.d) = 16", r#"(age("training.d", DATE '2020-09-01') = 16)"#),
    ] {
        assert_eq!(printed(text), sql, "{text}");
    }
}

#[test]
fn what_may_overflow_is_null_where_it_does() {
    let sql = printed("person.a * person.b");
    let exact = r#"CAST("person.a" AS DECIMAL(19, 0)) * CAST("person.b" AS DECIMAL(19, 0))"#;
    assert_eq!(sql, format!("TRY_CAST({exact} AS BIGINT)"));
    let sql = printed("loan.p + 0.25");
    assert_eq!(
        sql,
        r#"fits_128(CAST("loan.p" AS DECIMAL(76, 6)) + CAST('0.250000' AS DECIMAL(76, 6)))"#
    );
}

#[test]
fn what_sql_would_pass_over_stays_unknown() {
    let sql = printed("least(person.a, person.b)");
    let unknown = r#""person.a" IS NULL OR "person.b" IS NULL"#;
    assert_eq!(
        sql,
        format!(r#"(CASE WHEN {unknown} THEN NULL ELSE least("person.a", "person.b") END)"#)
    );
    let sql = printed("CASE WHEN person.f THEN 1 ELSE 2 END");
    assert_eq!(sql, r#"(CASE "person.f" WHEN TRUE THEN 1 WHEN FALSE THEN 2 END)"#);
    let sql = printed("training.e IS NULL");
    assert_eq!(
        sql,
        r#"(CASE WHEN "training.e" IS NOT NULL THEN FALSE WHEN "training.e.none" THEN TRUE END)"#
    );
    let sql = printed("in_region(employer.region, '330282')");
    assert!(
        sql.contains(r#"WHEN "employer.region" IN (330000000000, 330200000000) THEN NULL"#),
        "{sql}"
    );
}

#[test]
fn a_parameter_is_a_choice_of_days_the_latest_first() {
    let sql = printed("at($lpr, training.d)");
    let (later, earlier) = (
        "CAST('0.038500' AS DECIMAL(76, 6))", "CAST('0.042500' AS DECIMAL(76, 6))",
    );
    assert_eq!(
        sql,
        format!(
            r#"(CASE WHEN "training.d" >= DATE '2020-04-20' THEN {later} WHEN "training.d" >= DATE '2019-08-20' THEN {earlier} END)"#
        )
    );
    assert_eq!(printed("$wage"), "CAST(NULL AS BIGINT)");
}

#[test]
fn a_benefit_is_an_outcome_and_an_amount() {
    let (vocabulary, supposed) = (vocabulary(), BTreeMap::new());
    let printer = Printer {
        vocabulary: &vocabulary,
        history: &[],
        known_on: day("2020-12-31"),
        as_of: None,
        lineage: &[],
        supposed: &supposed,
    };
    let of = |text| typed(&vocabulary, text).expect("typed");
    let decision = printer.decision(&[of("person.f"), of("person.a > 0")], Some(&of("employer.x_fen")));
    let all = r#"("person.f" AND ("person.a" > 0))"#;
    let outcome = format!(
        r#"CASE {all} WHEN FALSE THEN 0 WHEN TRUE THEN CASE WHEN "employer.x_fen" IS NULL THEN 2 ELSE 1 END ELSE 2 END"#
    );
    let amount_fen = format!(r#"CASE WHEN {all} THEN "employer.x_fen" END"#);
    assert_eq!(decision, Decision { outcome, amount_fen });
}
