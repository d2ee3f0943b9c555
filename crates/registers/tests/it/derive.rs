//! Each derived fact on a tiny register, with the answer worked out by hand.

use registers::derive::{Date, GROUPS, HistoryColumn, Measure, REACHES, Reach, Subject, Window, defined};

use crate::tiny::{Tiny, columns, day, schema};

/// Columns of a contribution that count.
const PAID: &str = "person_key employer_key month paid unemployment";

/// Contributions of a person to an employer, all paid, with unemployment insurance.
fn months(person: &str, employer: &str, months: &[&str]) -> String {
    months
        .iter()
        .map(|month| format!("{person} {employer} {month} y y\n"))
        .collect()
}

#[test]
fn every_derived_fact_of_the_dictionary_has_a_definition_and_every_definition_a_column() {
    let (dictionary, _) = schema();
    let known: Vec<String> = GROUPS.iter().flat_map(defined).collect();
    let missing: Vec<&str> = dictionary
        .facts()
        .filter(|fact| fact.derived && !known.contains(&fact.name))
        .map(|fact| fact.name.as_str())
        .collect();
    assert!(missing.is_empty(), "no file of sql/ defines {missing:?}");
    for group in GROUPS {
        for fact in defined(group) {
            let column = fact.split_once('.').expect("entity.name").1;
            assert!(
                group.sql.contains(&format!(" AS {column}")),
                "{}: no column {column}",
                group.name
            );
            assert!(
                dictionary.fact(&fact).is_some_and(|fact| fact.derived),
                "{fact} is no derived fact"
            );
        }
    }
}

#[test]
fn months_insured_count_each_month_once_and_leave_out_what_is_not_paid() {
    let rows = months("p1", "e1", &["2020-01", "2020-02", "2020-02", "2020-04"]) + "p1 e1 2020-03 n y\n";
    let tiny = Tiny::on("2020-04-30").rows("contribution", PAID, &rows);
    let facts = "person_key employer_key employment.insured_months employment.consecutive_insured_months";
    assert_eq!(tiny.flat("employment", facts), ["p1 e1 3 1"]);
}

#[test]
fn consecutive_months_end_at_the_last_month_of_the_register_by_that_day() {
    let rows = months("p1", "e1", &["2019-12", "2020-01", "2020-02", "2020-03"])
        + &months("p2", "e1", &["2019-12", "2020-01"])
        + &months("p3", "e2", &["2020-02", "2020-04"]);
    let facts = "person_key employment.consecutive_insured_months";
    let tiny = Tiny::on("2020-03-31").rows("contribution", PAID, &rows);
    assert_eq!(tiny.flat("employment", facts), ["p1 4", "p2 0", "p3 0"]);
    // In the middle of March p3's premium may still arrive; p2 missed February too.
    let tiny = Tiny::on("2020-03-15").rows("contribution", PAID, &rows);
    assert_eq!(tiny.flat("employment", facts), ["p1 4", "p2 0", "p3 1"]);
    let tiny = Tiny::on("2020-01-31").rows("contribution", PAID, &rows);
    assert_eq!(tiny.flat("employment", facts), ["p1 2", "p2 2"]);
}

#[test]
fn a_month_counts_from_the_day_its_premium_arrived() {
    let rows = "p1 e1 2020-10 y y 2020-10-20\np1 e1 2020-11 y y 2020-11-20\np1 e1 2020-12 y y 2020-12-20\n\
                p2 e1 2020-10 y y -\np2 e1 2020-11 y y -\n";
    let tiny = |as_of: &str| {
        Tiny::on(as_of)
            .rows("contribution", &format!("{PAID} paid_on"), rows)
            .rows("person", "person_key", "p1\np2")
            .rows("employer", "employer_key", "e1")
    };
    let months = "person_key employment.insured_months employment.consecutive_insured_months person.ui_insured_months";
    for (as_of, expected, staff) in [
        // December's premium of p1 is known and has not arrived.
        ("2020-12-19", ["p1 2 2 2", "p2 2 2 2"], "e1 2"),
        // It has, and December is still being paid: p2 is not yet late.
        ("2020-12-20", ["p1 3 3 3", "p2 2 2 2"], "e1 2"),
        ("2020-12-31", ["p1 3 3 3", "p2 2 0 2"], "e1 1"),
    ] {
        let tiny = tiny(as_of);
        assert_eq!(tiny.flat("employment", months), expected, "on {as_of}");
        let now = tiny.flat("employer", "employer_key employer.insured_staff_now");
        assert_eq!(now, [staff], "on {as_of}");
    }
}

#[test]
fn months_awaited_count_over_the_borders_of_words_too() {
    let rows: String = (2015..=2020)
        .flat_map(|year| (1..=12).map(move |month| format!("p1 e1 {year}-{month:02} y y\n")))
        .filter(|row| !row.contains("2020-12"))
        .collect();
    let tiny = Tiny::on("2020-12-15").rows("contribution", PAID, &(rows + "p2 e1 2020-12 y y\n"));
    let facts = "person_key employment.consecutive_insured_months";
    assert_eq!(tiny.flat("employment", facts), ["p1 71", "p2 1"]);
}

#[test]
fn months_go_back_over_the_borders_of_words_and_stop_at_a_hundred_and_eighty() {
    let since = |from: i16| -> String {
        (from..=2020)
            .flat_map(|year| (1..=12).map(move |month| format!("p{from} e1 {year}-{month:02} y y\n")))
            .collect()
    };
    let rows = since(2015) + &since(2012) + &since(2001);
    let people = "p2001\np2012\np2015";
    let tiny = Tiny::on("2020-12-31")
        .rows("contribution", PAID, &rows)
        .rows("person", "person_key", people);
    let facts = "person_key employment.insured_months employment.consecutive_insured_months person.ui_insured_months";
    assert_eq!(
        tiny.flat("employment", facts),
        ["p2001 180 180 180", "p2012 108 108 108", "p2015 72 72 72"]
    );
}

#[test]
fn unemployment_insurance_counts_each_month_once_over_all_employers() {
    let rows = months("p1", "e1", &["2020-01", "2020-02"]) + "p1 e2 2020-02 y y\np1 - 2020-03 y n\np1 e2 2020-04 y y\n";
    let tiny = Tiny::on("2020-04-30")
        .rows("contribution", PAID, &rows)
        .rows("person", "person_key", "p1\np2");
    assert_eq!(
        tiny.flat("person", "person_key person.ui_insured_months"),
        ["p1 3", "p2 -"]
    );
}

#[test]
fn the_first_job_is_the_only_employer_in_contributions_and_contracts() {
    let rows = months("p1", "e1", &["2020-01"]) + &months("p2", "e1", &["2020-01"]) + "p4 - 2020-01 y n\n";
    let tiny = Tiny::on("2020-06-30")
        .rows("contribution", PAID, &rows)
        .rows("person", "person_key", "p1\np2\np3\np4\np5")
        .rows(
            "employment",
            "person_key employer_key contract_date",
            "p1 e1 2020-01-01\np2 e2 2015-05-01\np5 e3 2020-07-01",
        );
    let facts = "person_key person.first_job_in_city";
    assert_eq!(tiny.flat("person", facts), ["p1 y", "p2 n", "p3 -", "p4 -", "p5 -"]);
}

#[test]
fn the_graduation_year_is_the_calendar_year() {
    let graduates = "g1 2020-06-30\ng2 2019-06-30\ng3 -";
    let facts = "person_key person.in_graduation_year";
    for (as_of, expected) in [
        ("2020-01-01", ["g1 y", "g2 n", "g3 -"]),
        ("2020-12-31", ["g1 y", "g2 n", "g3 -"]),
        ("2019-12-31", ["g1 n", "g2 y", "g3 -"]),
    ] {
        let tiny = Tiny::on(as_of)
            .rows("person", "person_key", "g1\ng2\ng3")
            .rows("graduate", "person_key graduation_date", graduates);
        assert_eq!(tiny.flat("person", facts), expected, "on {as_of}");
    }
}

#[test]
fn men_retire_at_sixty_and_later_once_that_decision_is_known() {
    let people = "m1 1 1960-03-31\nm2 1 1965-01-05\nm3 1 1965-05-01\nm4 1 1976-08-31\nm5 1 1980-02-29\nw1 2 1970-01-01";
    let facts = "person_key person.retirement_date";
    let tiny = |known_on: &str| {
        Tiny::on("2020-12-31")
            .known_on(known_on)
            .rows("person", "person_key sex birth_date", people)
            .flat("person", facts)
    };
    let before = [
        "m1 2020-03-31", "m2 2025-01-05", "m3 2025-05-01", "m4 2036-08-31", "m5 2040-02-29", "w1 -",
    ];
    assert_eq!(tiny("2024-09-12"), before);
    let after = [
        "m1 2020-03-31", "m2 2025-02-05", "m3 2025-07-01", "m4 2039-07-31", "m5 2043-02-28", "w1 -",
    ];
    assert_eq!(tiny("2024-09-13"), after);
}

#[test]
fn insured_staff_average_and_new_hires_of_the_year() {
    // January: p1 and p2; February: p1, p2 and p3; March: p1 and p3. p1 was there in 2019.
    let rows = months("p1", "e1", &["2019-11", "2020-01", "2020-02", "2020-03"])
        + &months("p2", "e1", &["2020-01", "2020-02"])
        + &months("p3", "e1", &["2020-02", "2020-03"])
        + &months("p4", "e2", &["2019-05"]);
    let tiny = Tiny::on("2020-03-31")
        .rows("contribution", PAID, &rows)
        .rows("employer", "employer_key", "e1\ne2\ne3");
    let facts = "employer_key employer.insured_staff_now employer.average_insured_staff employer.new_hires_in_year";
    assert_eq!(
        tiny.flat("employer", facts),
        ["e1 2 2.333333 2", "e2 0 - 0", "e3 - - -"]
    );
}

#[test]
fn the_layoff_rate_is_new_claimants_by_the_monthly_average_of_the_year_before() {
    // In 2019 e1 insured three people in January and two in February: 2.5 on average.
    let rows = months("p1", "e1", &["2019-01", "2019-02", "2020-01"])
        + &months("p2", "e1", &["2019-01", "2019-02"])
        + &months("p3", "e1", &["2019-01"])
        + &months("p4", "e2", &["2019-01"])
        + &months("p5", "e3", &["2020-01"]);
    // p3 claims twice in 2019 and counts once; p2 in 2020; p6 without benefit.
    let claims =
        "p3 2019-02-10 e1 2019-02-10\np3 2019-09-01 e1 2019-09-01\np2 2020-02-01 e1 2020-02-01\np6 2019-03-01 e2 -";
    let tiny = Tiny::on("2020-06-30")
        .rows("contribution", PAID, &rows)
        .rows(
            "unemployment",
            "person_key registered_date former_employer_key benefit_from",
            claims,
        )
        .rows("employer", "employer_key", "e1\ne2\ne3");
    let facts = "employer_key employer.layoff_rate_last_year";
    assert_eq!(tiny.flat("employer", facts), ["e1 0.400000", "e2 0.000000", "e3 -"]);
}

#[test]
fn a_rate_is_rounded_half_up_at_the_sixth_digit() {
    // One claimant by three people in each of two months: 1/3.
    let rows: String = ["p1", "p2", "p3"]
        .iter()
        .map(|p| months(p, "e1", &["2019-01", "2019-02"]))
        .collect();
    let tiny = Tiny::on("2020-01-31")
        .rows("contribution", PAID, &rows)
        .rows(
            "unemployment",
            "person_key registered_date former_employer_key benefit_from",
            "p1 2019-03-01 e1 2019-03-01\np2 2019-03-01 e1 2019-03-01",
        )
        .rows("employer", "employer_key", "e1");
    assert_eq!(tiny.flat("employer", "employer.layoff_rate_last_year"), ["0.666667"]);
}

#[test]
fn loans_add_up_for_persons_and_for_bodies_and_later_ones_do_not_count() {
    let loans = "l1 p1 - 2018-01-05 10000001\nl2 p1 - 2020-06-30 20000002\nl3 p1 - 2020-07-01 5\nl4 - e1 2019-01-01 7";
    let tiny = Tiny::on("2020-06-30")
        .rows("loan", "loan_no borrower_key employer_key issue_date amount_fen", loans)
        .rows("person", "person_key", "p1")
        .rows("employer", "employer_key", "e1");
    assert_eq!(tiny.flat("person", "person.cumulative_loans_fen"), ["30000003"]);
    assert_eq!(tiny.flat("employer", "employer.cumulative_loans_fen"), ["7"]);
}

#[test]
fn the_first_startup_is_the_one_registered_first() {
    let startups = "f1 e2 2018-05-01\nf1 e1 2020-01-01\nf2 e3 2020-02-02\nf3 e4 -\nf3 e5 2020-01-01\nf4 e7 2020-01-01\nf4 e6 2020-01-01";
    let tiny = Tiny::on("2020-06-30").rows("startup", "founder_key employer_key registration_date", startups);
    let facts = "founder_key employer_key startup.is_first_entity startup.first_in_ningbo";
    let expected = [
        "f1 e1 n n", "f1 e2 y y", "f2 e3 y y", "f3 e4 - -", "f3 e5 - -", "f4 e6 y y", "f4 e7 n n",
    ];
    assert_eq!(tiny.flat("startup", facts), expected);
}

#[test]
fn stable_months_run_from_the_first_day_to_the_day_of_leaving() {
    let contracts = "p1 e1 2020-01-15 - -\np2 e1 2020-01-15 2020-02-01 -\np3 e1 2019-01-01 - 2019-06-30\np4 e1 2020-08-01 - -\np5 e1 2020-01-31 - 2020-02-29";
    let tiny = Tiny::on("2020-07-14").rows(
        "employment",
        "person_key employer_key contract_date start_date left_on",
        contracts,
    );
    let facts = "person_key employment.stable_months";
    assert_eq!(tiny.flat("employment", facts), ["p1 5", "p2 5", "p3 5", "p4 -", "p5 1"]);
}

#[test]
fn months_of_the_reduction_lie_inside_the_subsidy() {
    let contracts =
        "p1 e1 2019-06-01 2019-07-01\np2 e1 2020-01-01 2020-06-10\np3 e1 2020-01-01 2021-01-01\np4 e1 2020-01-01 -";
    let tiny = |tiny: Tiny| {
        let tiny = tiny.rows(
            "employment",
            "person_key employer_key contract_date si_subsidy_start_date",
            contracts,
        );
        tiny.flat("employment", "person_key employment.si_reduction_months")
    };
    let reduced = tiny(Tiny::on("2021-03-31").reduced("2020-02", "2020-12"));
    assert_eq!(reduced, ["p1 11", "p2 7", "p3 0", "p4 -"]);
    let still = tiny(Tiny::on("2020-08-31").reduced("2020-02", "2020-12"));
    assert_eq!(still, ["p1 7", "p2 3", "p3 0", "p4 -"]);
    assert_eq!(tiny(Tiny::on("2021-03-31")), ["p1 -", "p2 -", "p3 -", "p4 -"]);
}

fn column(name: &str, subject: Subject, measure: Measure, window: Window) -> HistoryColumn {
    HistoryColumn {
        name: name.to_owned(),
        benefits: vec!["a".to_owned(), "b".to_owned()],
        subject,
        measure,
        window,
    }
}

/// Columns of a grant.
const GRANT: &str = "benefit person_key employer_key granted_on months amount_fen";

#[test]
fn what_was_received_counts_by_benefit_and_is_zero_for_whoever_received_nothing() {
    let grants = "a p1 - 2019-05-01 3 300000\na p1 e1 2020-02-01 2 200001\nb p1 - 2020-07-01 9 9\n\
                  c p1 - 2020-01-01 1 1\nb p2 - 2020-01-01 - 50";
    let year = || Window::YearOf(Date::Day(day("2020-06-30")));
    let tiny = Tiny::on("2020-06-30")
        .rows("benefit-history", GRANT, grants)
        .rows("person", "person_key", "p1\np2\np3")
        .rows("employer", "employer_key", "e1\ne2")
        .rows("household-member", "household_no person_key", "h1 p1\nh1 p2\nh2 p3")
        .asking(column("times", Subject::Person, Measure::Times, Window::Ever))
        .asking(column("months", Subject::Person, Measure::Months, Window::Ever))
        .asking(column("money", Subject::Person, Measure::AmountFen, Window::Ever))
        .asking(column("money_in_year", Subject::Person, Measure::AmountFen, year()))
        .asking(column(
            "household_times",
            Subject::Household,
            Measure::Times,
            Window::Ever,
        ))
        .asking(column("firm_times", Subject::Employer, Measure::Times, year()));
    let facts = "person_key times months money money_in_year household_times";
    assert_eq!(
        tiny.flat("person", facts),
        ["p1 2 5 500001 200001 3", "p2 1 - 50 50 3", "p3 0 0 0 0 0"]
    );
    assert_eq!(tiny.flat("household", "household_no household_times"), ["h1 3", "h2 0"]);
    assert_eq!(tiny.flat("employer", "employer_key firm_times"), ["e1 1", "e2 0"]);
}

#[test]
fn windows_hang_on_the_dates_of_the_row_and_are_unknown_without_them() {
    let grants =
        "a p1 2019-12-20 2019-11-01 2019-11-30 1\na p1 2020-01-10 2020-01-01 2020-03-31 3\nb p2 2020-02-05 - - 1";
    let classes = "p1 c1 2019-05-01 2019-11-15\np1 c2 2020-03-31 2020-04-30\np1 c3 - -\np2 c4 2020-02-05 2020-02-05\np3 c5 2020-01-01 2020-12-31";
    let fact = |name: &str| Date::Fact(format!("training.{name}"));
    let tiny = Tiny::on("2020-12-31")
        .rows(
            "benefit-history",
            "benefit person_key granted_on from to months",
            grants,
        )
        .rows("training", "person_key class_no start_date end_date", classes)
        .asking(column(
            "year",
            Subject::Person,
            Measure::Times,
            Window::YearOf(fact("start_date")),
        ))
        .asking(column(
            "during",
            Subject::Person,
            Measure::Months,
            Window::During(fact("start_date"), fact("end_date")),
        ))
        .asking(column(
            "month",
            Subject::Person,
            Measure::Times,
            Window::MonthOf(fact("start_date")),
        ))
        .asking(column(
            "claimed",
            Subject::Person,
            Measure::Times,
            Window::MonthOf(Date::Day(day("2020-02-29"))),
        ));
    let expected = ["c1 1 1 0 1", "c2 1 3 1 1", "c3 - - - 1", "c4 1 1 1 1", "c5 0 0 0 0"];
    assert_eq!(tiny.flat("training", "class_no year during month claimed"), expected);
}

#[test]
fn an_employment_reaches_its_person_the_household_and_the_employer() {
    let tiny = Tiny::on("2020-06-30")
        .rows(
            "employment",
            "person_key employer_key contract_date contract_months",
            "p1 e1 2020-01-01 12",
        )
        .rows("contribution", PAID, &months("p2", "e1", &["2020-05"]))
        .rows("person", "person_key birth_date", "p1 1990-01-01\np2 1991-01-01")
        .rows(
            "certificate", "person_key certificate_no skill_level", "p1 c1 4\np1 c2 2\np2 c3 -",
        )
        .rows("employer", "employer_key kind", "e1 1");
    let facts = "person_key employment.contract_date employment.contract_months person.birth_date person.skill_level \
                 employer.kind employer.insured_staff_now";
    let flat = tiny.flat("employment", facts);
    assert_eq!(flat, ["p1 2020-01-01 12 1990-01-01 2 1 1", "p2 - - 1991-01-01 - 1 1"]);
}

#[test]
fn rows_under_an_earlier_id_count_for_the_person_of_today() {
    let tiny = Tiny::on("2020-02-28")
        .rows(
            "contribution",
            PAID,
            &(months("old", "e1", &["2020-01"]) + &months("new", "e1", &["2020-02"])),
        )
        .rows(
            "id-change", "old_person_key person_key", "oldest old\nold new\nx y\ny x",
        )
        .rows("person", "person_key", "new");
    let facts = "person_key employment.insured_months employment.consecutive_insured_months";
    assert_eq!(tiny.flat("employment", facts), ["new 2 2"]);
}

#[test]
fn rows_of_one_key_after_a_change_of_id_are_one_row_and_that_of_the_present_id_counts() {
    let tiny = Tiny::on("2020-02-28")
        .rows("id-change", "old_person_key person_key", "old new")
        .rows("person", "person_key is_migrant_worker", "old y\nnew n\nother y")
        .rows(
            "employment",
            "person_key employer_key contract_date contract_months",
            "new e1 2020-01-01 12\nold e1 2020-01-01 24\nold e1 2019-01-01 6",
        );
    assert_eq!(
        tiny.flat("person", "person_key person.is_migrant_worker"),
        ["new n", "other y"]
    );
    assert_eq!(
        tiny.flat(
            "employment",
            "person_key employment.contract_date employment.contract_months"
        ),
        ["new 2019-01-01 6", "new 2020-01-01 12"]
    );
}

#[test]
fn however_the_people_are_cut_the_same_bytes_come_out() {
    // Keys as they are: evenly spread over eight first digits. A change of ID leads from the last slice to the first.
    let people = ["0AAA", "1BBB", "3CCC", "4DDD", "5EEE", "7ZZZ"];
    let each = |row: &dyn Fn(&str) -> String| people.map(row).join("\n");
    let contributions = people
        .map(|person| months(person, "E1", &["2020-10", "2020-11", "2020-12"]))
        .concat()
        + &months("7YYY", "E2", &["2020-08", "2020-12"]);
    let tiny = |at_once: u64| {
        Tiny::on("2020-12-31")
            .at_once(at_once)
            .rows(
                "person",
                "person_key birth_date sex",
                &each(&|person| format!("{person} 1990-05-01 1")),
            )
            .rows(
                "graduate",
                "person_key graduation_date",
                &each(&|person| format!("{person} 2020-06-30")),
            )
            .rows("contribution", PAID, &contributions)
            .rows(
                "employment", "person_key employer_key contract_date", "1BBB E1 2020-03-01\n7YYY E2 2020-04-01",
            )
            .rows(
                "unemployment", "person_key registered_date", "1BBB 2020-02-01\n7ZZZ 2020-01-01",
            )
            .rows(
                "household-member", "household_no person_key", "h1 0AAA\nh1 7YYY\nh2 4DDD",
            )
            .rows("employer", "employer_key", "E1\nE2")
            .rows(
                "startup",
                "founder_key employer_key registration_date",
                "3CCC E1 2019-01-01\n3CCC E2 2020-01-01",
            )
            .rows("id-change", "old_person_key person_key", "7YYY 0AAA")
            .rows(
                "benefit-history",
                "person_key benefit granted_on amount_fen",
                "5EEE dz-ui 2020-05-01 100",
            )
            .asking(column("history.times", Subject::Person, Measure::Times, Window::Ever))
    };
    let derived = |at_once: u64| -> Vec<(&'static str, Vec<u8>)> {
        let tiny = tiny(at_once);
        let flats = tiny.derive(vec![
            "person", "household", "employer", "employment", "unemployment", "startup",
        ]);
        let bytes = flats
            .iter()
            .map(|flat| (flat.per, std::fs::read(&flat.path).expect("the flat table")));
        bytes.collect()
    };
    let facts = "person_key employer_key employment.insured_months person.ui_insured_months person.first_job_in_city \
                 subject.household";
    let expected = [
        "0AAA E1 3 4 n h1", "0AAA E2 2 4 n h1", "1BBB E1 3 3 y -", "3CCC E1 3 3 y -", "4DDD E1 3 3 y h2",
        "5EEE E1 3 3 y -", "7ZZZ E1 3 3 y -",
    ];
    let whole = derived(u64::MAX);
    for at_once in [9, 20] {
        assert_eq!(
            tiny(at_once).flat("employment", facts),
            expected,
            "{at_once} rows at once"
        );
        for ((per, whole), (_, cut)) in whole.iter().zip(derived(at_once)) {
            assert!(*whole == cut, "{per}: {at_once} rows at once give other bytes");
        }
    }
}

#[test]
fn every_flat_table_can_be_made_of_empty_registers() {
    let tiny = Tiny::on("2020-06-30");
    let all: Vec<&'static str> = REACHES.iter().map(|reach: &Reach| reach.per).collect();
    let flats = tiny.derive(all.clone());
    assert_eq!(flats.iter().map(|flat| flat.per).collect::<Vec<_>>(), all);
    assert!(flats.iter().all(|flat| flat.rows == 0));
}

#[test]
fn a_flat_table_is_keyed_as_the_register_it_comes_from() {
    let (_, registers) = schema();
    for reach in REACHES.iter().filter(|reach| reach.per != "household") {
        let register = registers.get(reach.register).expect("a register");
        let key: Vec<String> = register.key_columns().map(policy::register::Column::stored).collect();
        assert_eq!(reach.key, key, "{}", reach.per);
    }
}

#[test]
fn a_hire_leads_to_the_last_registration_as_unemployed_before_it() {
    let tiny = Tiny::on("2020-12-15")
        .rows(
            "unemployment",
            "person_key registered_date",
            "p1 2019-03-01\np1 2020-02-01\np1 2020-11-02\np2 2020-09-01",
        )
        .rows(
            "employment",
            "person_key employer_key contract_date",
            "p1 e1 2020-06-01\np1 e2 2020-11-02\np2 e1 2020-08-01\np3 e1 2020-08-01",
        );
    let facts = "person_key employer_key unemployment.registered_date";
    let expected = ["p1 e1 2020-02-01", "p1 e2 2020-11-02", "p2 e1 -", "p3 e1 -"];
    assert_eq!(tiny.flat("employment", facts), expected);
}

#[test]
fn a_loan_leads_to_the_borrowers_start_up_where_there_is_one_and_only_one() {
    let tiny = Tiny::on("2020-12-15")
        .rows(
            "startup",
            "founder_key employer_key registration_date in_government_incubator",
            "p1 e1 2020-01-01 y\np2 e2 2020-01-01 y\np2 e3 2020-02-01 n",
        )
        .rows("loan", "loan_no borrower_key", "L1 p1\nL2 p2\nL3 p3\nL4 -");
    let facts = "loan_no startup.registration_date";
    assert_eq!(tiny.flat("loan", facts), ["L1 2020-01-01", "L2 -", "L3 -", "L4 -"]);
    // An empty cell of it would say 否, also where it is only not known which start-up is meant: the table has no such column.
    let columns = columns(&tiny.derive(vec!["loan"])[0].path);
    assert!(columns.contains(&"startup.registration_date".to_owned()));
    assert!(!columns.contains(&"startup.in_government_incubator".to_owned()));
}

#[test]
fn a_placement_leads_to_the_first_contract_that_came_of_it() {
    let tiny = Tiny::on("2020-12-15")
        .rows(
            "employment",
            "person_key employer_key contract_date contract_months",
            "p1 e1 2020-05-01 12\np1 e1 2020-07-01 24\np1 e1 2020-09-01 36\np1 e2 2020-07-01 6",
        )
        .rows(
            "placement", "person_key employer_key placed_on", "p1 e1 2020-06-10\np1 e2 2020-08-01",
        );
    let facts = "employer_key employment.contract_date employment.contract_months";
    assert_eq!(tiny.flat("placement", facts), ["e1 2020-07-01 24", "e2 - -"]);
}
