//! Reforms over the rows of a run.

use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::AtomicBool;

use arrow_array::cast::AsArray as _;
use arrow_array::types::UInt64Type;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use policy::file::{SourceFile, Tree};
use policy::reform::Reform;
use rules::catalogue::Catalogue;
use screening::simulation::{BenefitChange, Change, Comparison, LEAST_TOLD, Simulation, SimulationError};
use screening::{Made, Runs, Screening, ScreeningError};

use crate::region::{catalogue, home, request, screen};

/// The run that most tests ask about, made once.
pub(crate) fn run() -> &'static (PathBuf, Made) {
    static RUN: OnceLock<(tempfile::TempDir, (PathBuf, Made))> = OnceLock::new();
    let (_, run) = RUN.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder");
        let made = screen(home(), &request(), folder.path()).expect("a run");
        let path = folder.path().to_owned();
        (folder, (path, made))
    });
    run
}

fn reformed(text: &str) -> (Catalogue, Reform) {
    let file = SourceFile::new(
        "reform.toml",
        "reform.toml",
        format!("format = 1\nname = \"测算\"\n{text}"),
    );
    let (catalogue, reform) = Catalogue::load_reformed(&Tree::built_in(), &file);
    let errors: Vec<String> = catalogue.errors().map(ToString::to_string).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    (catalogue, reform.expect("a reform"))
}

/// A simulation over the shared run.
pub(crate) fn asked<T>(threads: usize, ask: impl FnOnce(&Simulation<'_>) -> T) -> T {
    let (folder, made) = run();
    ask(&Simulation {
        catalogue: catalogue(),
        registers: &home().registers(),
        runs: &Runs::of(folder),
        run: &made.run,
        threads,
        memory_bytes: 1 << 30,
        progress: &|_| {},
        stop: &AtomicBool::new(false),
    })
}

fn simulated(text: &str) -> Comparison {
    let (catalogue, reform) = reformed(text);
    let comparison = asked(2, |simulation| simulation.reform(&catalogue, &reform));
    comparison.expect("a comparison").expect("nobody stopped it")
}

fn of<'c>(comparison: &'c Comparison, id: &str) -> &'c BenefitChange {
    let found = comparison.benefits.iter().find(|benefit| benefit.id == id);
    found.expect("a benefit of the run")
}

/// What is before, gained, lost and after must fit together, in rows and in money.
fn assert_conserved(change: &Change) {
    let rows = i128::from(change.before.rows) + i128::from(change.gained.rows)
        - i128::from(change.lost.rows)
        - i128::from(change.unsettled.rows);
    assert_eq!(rows, i128::from(change.after.rows), "{change:?}");
    let kept = change.more.rows + change.less.rows + change.same;
    assert_eq!(kept + change.gained.rows, change.after.rows, "{change:?}");
    let money = i128::from(change.before.amount_fen) + i128::from(change.gained.amount_fen)
        - i128::from(change.lost.amount_fen)
        - i128::from(change.unsettled.amount_fen)
        + i128::from(change.more.amount_fen)
        - i128::from(change.less.amount_fen);
    assert_eq!(money, i128::from(change.after.amount_fen), "{change:?}");
}

#[test]
fn a_reform_that_changes_nothing_changes_nothing_and_says_what_the_run_says() {
    let comparison = simulated(
        "[[benefit]]\nid = \"cx-sme-graduate-bonus\"\namount = { is = \"yuan(3000)\" }\n\
         effective = { to = 2020-12-31 }\n",
    );
    assert!(comparison.total.is_none(), "{:?}", comparison.total);
    let (_, made) = run();
    assert_eq!(comparison.benefits.len(), made.summary.benefits.len());
    for benefit in &made.summary.benefits {
        let change = &of(&comparison, &benefit.id).change;
        assert!(change.is_none(), "{} {change:?}", benefit.id);
        assert_eq!(change.before, change.after);
        assert_eq!(change.before.rows, benefit.eligible, "{}", benefit.id);
        assert_eq!(
            change.before.amount_fen,
            benefit.amount_fen.unwrap_or(0),
            "{}",
            benefit.id
        );
        assert_eq!(change.undetermined_before, benefit.undetermined, "{}", benefit.id);
    }
    for flow in &comparison.funds {
        assert_eq!(flow.flow.before, flow.flow.after, "{flow:?}");
    }
}

#[test]
fn raising_an_amount_raises_the_sum_by_as_much_for_each_row() {
    const MORE: i64 = 50_000;
    let comparison = simulated("[[benefit]]\nid = \"cx-jobseek-subsidy\"\namount = { is = \"yuan(3500)\" }\n");
    let change = &of(&comparison, "cx-jobseek-subsidy").change;
    let rows = i64::try_from(change.before.rows).expect("few");
    assert!(rows > 0);
    assert_eq!(change.more.rows, change.before.rows);
    assert_eq!(change.difference_fen(), rows * MORE);
    assert_eq!(comparison.total.difference_fen(), rows * MORE);
    let funds: i64 = comparison
        .funds
        .iter()
        .map(|one| one.flow.after.amount_fen - one.flow.before.amount_fen)
        .sum();
    let levels: i64 = comparison
        .levels
        .iter()
        .map(|one| one.flow.after.amount_fen - one.flow.before.amount_fen)
        .sum();
    assert_eq!((funds, levels), (rows * MORE, rows * MORE));
}

/// Rows of which every condition holds but one, which does not or is not known.
fn kept_out_by_one_alone(benefit: &str, condition: &str) -> u64 {
    let (folder, made) = run();
    let summary = made
        .summary
        .benefits
        .iter()
        .find(|one| one.id == benefit)
        .expect("a benefit");
    let place = summary
        .funnel
        .iter()
        .position(|step| step.condition == condition)
        .expect("a condition");
    let all = (1_u64 << summary.funnel.len()) - 1;
    let path = Runs::of(folder)
        .folder(&made.run)
        .join(format!("decisions/{}.parquet", summary.per));
    let file = std::fs::File::open(path).expect("decisions");
    let reader = ParquetRecordBatchReaderBuilder::try_new(file)
        .expect("Parquet")
        .build()
        .expect("rows");
    let mut count = 0;
    for batch in reader {
        let batch = batch.expect("rows");
        let mask = |what: &str| {
            let column = batch.column_by_name(&format!("{benefit}.{what}")).expect("a mask");
            column.as_primitive::<UInt64Type>().clone()
        };
        let (yes, known) = (mask("true_mask"), mask("known_mask"));
        for row in 0..batch.num_rows() {
            let others = all & !(1 << place);
            let held = known.value(row) & yes.value(row) & all;
            let alone = held == others;
            count += u64::from(alone);
        }
    }
    count
}

#[test]
fn without_a_condition_those_gain_whom_it_alone_kept_out() {
    let mut gained = 0;
    let (_, made) = run();
    for id in ["cx-jobseek-subsidy", "cx-graduate-status-kept"] {
        let summary = made
            .summary
            .benefits
            .iter()
            .find(|one| one.id == id)
            .expect("a benefit");
        let version = &catalogue().benefits.versions(id)[0];
        for condition in &version.conditions {
            let text = format!(
                "[[benefit]]\nid = \"{id}\"\nremove_conditions = [\"{}\"]\n",
                *condition.id
            );
            let comparison = simulated(&text);
            let change = &of(&comparison, id).change;
            assert_conserved(change);
            assert_eq!(
                change.gained.rows,
                kept_out_by_one_alone(id, &condition.id),
                "{id} {}",
                *condition.id
            );
            assert_eq!(change.lost.rows + change.unsettled.rows, 0);
            assert_eq!(change.before.rows, summary.eligible);
            gained += change.gained.rows;
        }
    }
    assert!(gained > 0, "some condition refuses somebody");
}

/// Reforms of every kind, against a whole screening by the reformed rules: the same rows, money and towns, benefit by
/// benefit, what rows of one run take from each other included.
#[test]
fn a_simulation_says_what_a_screening_by_the_reformed_rules_says() {
    let cases = [
        (
            "a window moved, a condition changed, one removed, an amount raised",
            "[[benefit]]\nid = \"cx-sme-graduate-bonus\"\namount = { is = \"yuan(3210)\" }\n\
             effective = { from = 2020-04-01 }\n\
             [[benefit.condition]]\nid = \"sme\"\ntext = \"用人单位为小微企业\"\nwhen = \"employer.size IN ('small', 'micro')\"\n\
             [[benefit]]\nid = \"cx-jobseek-subsidy\"\nremove_conditions = [\"hardship\"]\n",
            false,
        ),
        (
            "a limit removed, conditions removed",
            "[[benefit]]\nid = \"cx-sme-graduate-bonus\"\nremove = [\"once\"]\n\
             remove_conditions = [\"contract-one-year\", \"insured\", \"graduate-year\"]\n",
            false,
        ),
        (
            "a parameter that nobody has set, and what another document should say taken as said",
            "[[parameter]]\nid = \"cx_startup_jobs_subsidy\"\nfrom = 2020-01-01\nis = \"2000\"\n\
             [[benefit]]\nid = \"cx-startup-jobs\"\nstatus = \"computable\"\nremove = [\"open\", \"at_most\"]\n",
            false,
        ),
        (
            "not beside another benefit: more is asked of the history than the run has",
            "[[benefit]]\nid = \"cx-jobseek-subsidy\"\nremove_conditions = [\"hardship\"]\n\
             [[benefit.not_with]]\nbenefit = \"cx-sme-graduate-bonus\"\nname = \"一次性吸纳就业补贴\"\nsubject = \"person\"\n\
             [[benefit.not_with]]\nbenefit = \"cx-graduate-status-kept\"\nname = \"户籍档案保留\"\nsubject = \"person\"\n",
            true,
        ),
    ];
    for (name, text, derived_anew) in cases {
        let (other, reform) = reformed(text);
        let comparison = asked(2, |simulation| simulation.reform(&other, &reform))
            .expect("a comparison")
            .expect("nobody stopped it");
        assert_eq!(comparison.derived_anew, derived_anew, "{name}");
        let folder = tempfile::tempdir().expect("a folder");
        let (request, runs) = (request(), Runs::of(folder.path()));
        let whole = Screening {
            catalogue: &other,
            registers: &home().registers(),
            runs: &runs,
            ring: &home().ring,
            request: &request,
            progress: &|_| {},
            stop: &AtomicBool::new(false),
        };
        let whole = whole.make().expect("a run").expect("nobody stopped it").summary;
        assert_eq!(comparison.benefits.len(), whole.benefits.len());
        for benefit in &whole.benefits {
            let change = &of(&comparison, &benefit.id).change;
            assert_conserved(change);
            assert_eq!(change.after.rows, benefit.eligible, "{name}: {}", benefit.id);
            assert_eq!(
                change.after.amount_fen,
                benefit.amount_fen.unwrap_or(0),
                "{name}: {}",
                benefit.id
            );
            assert_eq!(
                change.undetermined_after, benefit.undetermined,
                "{name}: {}",
                benefit.id
            );
        }
        for line in &comparison.towns {
            let Some(change) = &line.change else { continue };
            assert_conserved(change);
            let towns = whole.benefits.iter().flat_map(|benefit| &benefit.towns);
            let (mut rows, mut money) = (0, 0);
            for town in towns.filter(|town| town.region == line.region) {
                rows += town.eligible;
                money += town.amount_fen;
            }
            assert_eq!(
                (change.after.rows, change.after.amount_fen),
                (rows, money),
                "{name}: {}",
                line.region
            );
        }
        assert!(!comparison.total.is_none(), "{name}: something must change");
    }
}

#[test]
fn what_a_reform_changes_is_told_without_a_sign_of_the_rule_language() {
    let comparison = simulated(
        "[[benefit]]\nid = \"cx-sme-graduate-bonus\"\namount = { is = \"yuan(3210)\" }\n\
         effective = { from = 2020-04-01 }\nremove = [\"once\"]\nremove_conditions = [\"insured\"]\n\
         [[benefit.condition]]\nid = \"sme\"\ntext = \"用人单位为小微企业\"\nwhen = \"employer.size IN ('small', 'micro')\"\n",
    );
    let changes = comparison.reform.expect("a reform").changes;
    for expected in [
        "一次性吸纳就业补贴：金额 3000元 → 3210元（提高）",
        "一次性吸纳就业补贴：取消只享受一次（每人）",
        "一次性吸纳就业补贴：取消申领条件“缴纳社会保险费满3个月”",
    ] {
        assert!(changes.iter().any(|line| line == expected), "{expected}: {changes:#?}");
    }
    let window = changes.iter().find(|line| line.contains("实施期限")).expect("a window");
    assert!(
        window.contains("2020-01-01 至 2020-12-31 → ") && window.ends_with("2020-04-01 至 2020-12-31（收紧）"),
        "{window}"
    );
    let condition = changes
        .iter()
        .find(|line| line.contains("改动申领条件"))
        .expect("a condition");
    assert!(
        condition.contains("“用人单位为中小微企业”，改为“用人单位为小微企业：企业规模"),
        "{condition}"
    );
    assert_eq!(changes.len(), 5, "{changes:#?}");
    for sign in ["employer.", "employment.", "yuan(", " IN ", "'"] {
        assert!(!changes.iter().any(|line| line.contains(sign)), "{sign}: {changes:#?}");
    }
}

#[test]
fn numbers_that_could_point_at_a_person_are_withheld() {
    let comparison = simulated("[[benefit]]\nid = \"cx-jobseek-subsidy\"\nremove_conditions = [\"hardship\"]\n");
    let told = |change: &Change| {
        let numbers = [
            change.before.rows, change.after.rows, change.gained.rows, change.lost.rows, change.unsettled.rows,
            change.more.rows, change.less.rows, change.same, change.undetermined_before, change.undetermined_after,
            change.newly_undetermined,
        ];
        numbers.iter().all(|number| *number == 0 || *number >= LEAST_TOLD)
    };
    let towns: Vec<Option<Change>> = comparison.towns.iter().map(|line| line.change).collect();
    let ages = comparison.groups.iter().filter(|line| line.dimension == "年龄");
    let ages: Vec<Option<Change>> = ages.map(|line| line.change).collect();
    assert!(towns.len() > 3 && ages.len() > 3);
    let groups: Vec<Option<Change>> = comparison.groups.iter().map(|line| line.change).collect();
    let withheld = |lines: &[Option<Change>]| lines.iter().filter(|line| line.is_none()).count();
    assert!(
        withheld(&towns) + withheld(&groups) > 0,
        "a small region has small numbers"
    );
    for lines in [&towns, &groups] {
        assert!(lines.iter().flatten().all(told));
    }
    for partition in [&towns, &ages] {
        assert_ne!(withheld(partition), 1, "one alone follows from the total");
    }
}

#[test]
fn threads_change_no_byte() {
    let (other, reform) = reformed("[[benefit]]\nid = \"cx-sme-graduate-bonus\"\nremove_conditions = [\"insured\"]\n");
    let text = |threads| {
        let comparison = asked(threads, |simulation| simulation.reform(&other, &reform));
        serde_json::to_string(&comparison.expect("a comparison")).expect("JSON")
    };
    assert_eq!(text(1), text(4));
}

#[test]
fn a_benefit_that_the_run_did_not_decide_is_refused() {
    let (other, reform) = reformed("[[benefit]]\nid = \"zy-job-intro\"\npriority = 3\n");
    let refused = asked(1, |simulation| simulation.reform(&other, &reform));
    let Err(SimulationError::Screening(ScreeningError::NotInRun { id, .. })) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!(id, "zy-job-intro");
}
