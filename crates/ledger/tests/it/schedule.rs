//! Staged schedules.

use std::path::PathBuf;

use civil::{Calendar, Day, Money, Rate, Rounding};
use ledger::{Part, Schedule, ScheduleError, Settlement, Stage, settle};
use proptest::prelude::*;

fn rate(text: &str) -> Rate {
    Rate::parse(text).expect(text)
}

fn stage(id: &str, part: Part) -> Stage {
    Stage {
        id: id.to_owned(),
        event: id.to_owned(),
        within_working_days: None,
        part,
    }
}

fn advances(parts: &[Part]) -> Result<Schedule, ScheduleError> {
    let mut stages: Vec<Stage> = parts
        .iter()
        .enumerate()
        .map(|(index, part)| stage(&format!("s{index}"), *part))
        .collect();
    stages.push(stage("balance", Part::Balance));
    Schedule::new(stages, Rounding::HalfUp)
}

/// 50% of the estimate at the start, 25% at half of the course, the rest after acceptance and notice.
fn training() -> Schedule {
    let stages = vec![
        Stage {
            within_working_days: Some(10),
            ..stage("start", Part::OfEstimate(rate("50%")))
        },
        stage("half", Part::OfEstimate(rate("25%"))),
        Stage {
            within_working_days: Some(5),
            ..stage("accepted", Part::Balance)
        },
    ];
    Schedule::new(stages, Rounding::HalfUp).expect("a schedule")
}

fn plan(schedule: &Schedule, estimate: i64) -> Vec<i64> {
    let plan = schedule.plan(Money::from_fen(estimate)).expect("a plan");
    plan.iter().map(|instalment| instalment.amount.fen()).collect()
}

#[test]
fn training_is_paid_half_at_the_start_a_quarter_midway_and_the_rest_after_acceptance() {
    let schedule = training();
    assert_eq!(plan(&schedule, 10_000_000), [5_000_000, 2_500_000, 2_500_000]);
    let paid = [Money::from_fen(5_000_000), Money::from_fen(2_500_000)];
    for (actual, settlement) in [
        (10_000_000, Settlement::Pay(Money::from_fen(2_500_000))),
        (9_000_000, Settlement::Pay(Money::from_fen(1_500_000))),
        (7_500_001, Settlement::Pay(Money::from_fen(1))),
        (7_500_000, Settlement::Even),
        (7_499_999, Settlement::Recover(Money::from_fen(1))),
        // Not accepted: what was advanced is taken back.
        (0, Settlement::Recover(Money::from_fen(7_500_000))),
        // The last tranche is what is really due, not a quarter of the estimate.
        (11_000_000, Settlement::Pay(Money::from_fen(3_500_000))),
    ] {
        assert_eq!(settle(Money::from_fen(actual), &paid), Ok(settlement), "{actual}");
    }
}

#[test]
fn the_other_reading_of_the_second_share_is_of_the_rest() {
    let schedule = advances(&[Part::OfEstimate(rate("50%")), Part::OfRest(rate("25%"))]).expect("a schedule");
    assert_eq!(plan(&schedule, 10_000_000), [5_000_000, 1_250_000, 3_750_000]);
}

#[test]
fn odd_fen_end_in_the_balance() {
    let schedule = training();
    for (estimate, amounts) in [
        (0, [0, 0, 0]),
        (1, [1, 0, 0]),
        (2, [1, 1, 0]),
        (3, [2, 1, 0]),
        (101, [51, 25, 25]),
        (103, [52, 26, 25]),
    ] {
        assert_eq!(plan(&schedule, estimate), amounts, "{estimate}");
    }
    let all = advances(&[Part::OfEstimate(rate("50%")), Part::OfEstimate(rate("50%"))]).expect("a schedule");
    // 50.5 and 50.5 would both round up to 51: the second is cut to what is left.
    assert_eq!(plan(&all, 101), [51, 50, 0]);
    assert_eq!(
        plan(&all, i64::MAX),
        [4_611_686_018_427_387_904, 4_611_686_018_427_387_903, 0]
    );
}

#[test]
fn a_payment_is_due_so_many_working_days_after_its_event() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../policies/shared/calendar");
    let text = std::fs::read_to_string(folder.join("2020.toml")).expect("a calendar file");
    let calendar = Calendar::from_years([toml::from_str(&text).expect("a year")]).expect("a calendar");
    let schedule = training();
    let day = |text| Day::parse(text).expect(text);
    let due = |index: usize, event| schedule.stages()[index].due(day(event), &calendar);
    assert_eq!(due(0, "2020-09-21"), Ok(Some(day("2020-10-10"))));
    assert_eq!(due(1, "2020-09-21"), Ok(None));
    assert_eq!(due(2, "2020-04-30"), Ok(Some(day("2020-05-11"))));
    let error = due(2, "2020-12-30").expect_err("no calendar of 2021").to_string();
    assert!(error.contains("没有2021年的工作日历"), "{error}");
}

#[test]
fn schedules_that_cannot_be_right_are_refused() {
    let schedule = |stages| Schedule::new(stages, Rounding::Down);
    let half = Part::OfEstimate(rate("50%"));
    for (result, part) in [
        (schedule(vec![]), "没有任何拨付阶段"),
        (
            schedule(vec![stage("a", half)]),
            "应是最后一个阶段，且只有一个；请核对拨付阶段“a”",
        ),
        (
            schedule(vec![stage("a", Part::Balance), stage("b", Part::Balance)]),
            "拨付阶段“a”",
        ),
        (
            schedule(vec![stage("a", Part::Balance), stage("b", half)]),
            "拨付阶段“a”",
        ),
        (
            schedule(vec![stage("a", half), stage("a", Part::Balance)]),
            "“a”的编号为空或重复",
        ),
        (schedule(vec![stage(" ", Part::Balance)]), "编号为空"),
        (advances(&[Part::OfEstimate(rate("0%"))]), "比例为0%"),
        (advances(&[Part::OfEstimate(rate("-5%"))]), "比例为-5%"),
        (advances(&[Part::OfEstimate(rate("100.01%"))]), "比例为100.01%"),
        (advances(&[Part::OfRest(rate("0%"))]), "比例为0%"),
        (advances(&[half, Part::OfEstimate(rate("50.01%"))]), "到拨付阶段“s1”时"),
        (advances(&[half; 64]), "拨付阶段共65个"),
    ] {
        let message = result.expect_err(part).to_string();
        assert!(message.contains(part), "{message}");
    }
    assert!(advances(&[half, half]).is_ok());
    assert!(advances(&[Part::OfEstimate(rate("100%"))]).is_ok());
    assert!(advances(&[]).is_ok());
    assert!(advances(&[Part::OfEstimate(rate("1%")); 63]).is_ok());
    let error = training().plan(Money::from_fen(-1)).expect_err("negative");
    assert_eq!(
        error,
        ScheduleError::NegativeEstimate {
            estimate: Money::from_fen(-1)
        }
    );
}

fn any_part() -> impl Strategy<Value = Part> {
    let rate = |percent: i32| Rate::from_percent(percent).expect("a rate");
    prop_oneof![
        (1..=30).prop_map(move |percent| Part::OfEstimate(rate(percent))),
        (1..=100).prop_map(move |percent| Part::OfRest(rate(percent))),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn instalments_are_never_negative_and_add_up_to_the_estimate(
        parts in proptest::collection::vec(any_part(), 0..4),
        estimate in prop_oneof![0_i64..200, 0_i64..=i64::MAX],
    ) {
        let schedule = advances(&parts).expect("at most 90%");
        let plan = plan(&schedule, estimate);
        prop_assert!(plan.iter().all(|amount| *amount >= 0));
        prop_assert_eq!(plan.iter().map(|amount| i128::from(*amount)).sum::<i128>(), i128::from(estimate));
    }

    #[test]
    fn in_the_end_exactly_what_was_due_has_been_paid(
        parts in proptest::collection::vec(any_part(), 0..4),
        estimate in 0_i64..10_000_000,
        actual in 0_i64..10_000_000,
    ) {
        let schedule = advances(&parts).expect("at most 90%");
        let mut plan = plan(&schedule, estimate);
        plan.pop();
        let paid: Vec<Money> = plan.into_iter().map(Money::from_fen).collect();
        let sum = Money::checked_sum(paid.iter().copied()).expect("fits");
        let end = match settle(Money::from_fen(actual), &paid).expect("settled") {
            Settlement::Pay(more) => {
                prop_assert!(more > Money::ZERO);
                sum.checked_add(more)
            }
            Settlement::Recover(back) => {
                prop_assert!(back > Money::ZERO && back <= sum);
                sum.checked_sub(back)
            }
            Settlement::Even => Some(sum),
        };
        prop_assert_eq!(end, Some(Money::from_fen(actual)));
    }
}
