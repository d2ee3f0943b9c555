//! Later documents that reach back to a run.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;

use policy::file::Tree;
use rules::catalogue::Catalogue;
use screening::simulation::{Comparison, Question, Simulation, SimulationError};
use screening::{Explainer, Runs, lists};

use crate::reform::run;
use crate::region::{catalogue, home};
use crate::tiny::day;

const BENEFIT: &str = "cx-sme-graduate-bonus";
const LATER: &str = r#"format = 1
id = "cixi-2021"
title = "调整一次性吸纳就业补贴"
region = "330282"
known_from = { date = 2021-03-01, basis = "测试用文件" }
lead_rule = "labelled"

[[part]]
role = "annex"
title = "调整一次性吸纳就业补贴"
"#;

/// The packs with a later document that gives micro firms 3,500 instead of 3,000 for contracts since July, and small and
/// medium ones nothing.
fn packs() -> Catalogue {
    let change = format!(
        r#"format = 1
id = "{BENEFIT}"
amends = "cixi-2020/{BENEFIT}"
effective = {{ on = "employment.contract_date", from = 2020-07-01, to = 2020-12-31 }}
cite = {{ document = "cixi-2020", item = "24" }}

[[condition]]
id = "sme"
text = "用人单位为微型企业"
when = "employer.size = 'micro'"

[amount]
is = "yuan(3500)"
"#
    );
    let tree = Tree::built_in().with("cixi-2021/policy.toml", LATER, |_| true).with(
        &format!("cixi-2021/benefits/{BENEFIT}.toml"),
        &change,
        |_| true,
    );
    let catalogue = Catalogue::load(&tree);
    let errors: Vec<String> = catalogue.errors().map(ToString::to_string).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    catalogue
}

fn retro(catalogue: &Catalogue, later: &str) -> Result<Comparison, SimulationError> {
    let (folder, made) = run();
    let simulation = Simulation {
        catalogue,
        registers: &home().registers(),
        runs: &Runs::of(folder),
        run: &made.run,
        threads: 2,
        memory_bytes: 1 << 30,
        progress: &|_| {},
        stop: &AtomicBool::new(false),
    };
    Ok(simulation.retro(day(later))?.expect("nobody stopped it"))
}

#[test]
fn each_case_has_what_it_was_paid_too_little_or_too_much_and_by_which_version() {
    let comparison = retro(&packs(), "2021-06-30").expect("a comparison");
    assert_eq!(comparison.question, Question::Retro);
    let told = comparison.retro.as_ref().expect("what is owed");
    assert_eq!(told.documents, ["cixi-2021"]);
    assert!(told.not_compared.is_empty() && !told.shared_changed);

    // By hand: whom the run found, with the size of the firm and the day of the contract.
    let (folder, made) = run();
    let runs = Runs::of(folder);
    let rows = lists::eligible(&runs, &made.run, |id| id == BENEFIT).expect("rows");
    let mut explainer = Explainer::open(catalogue(), &runs, &made.run).expect("the run");
    let (mut under, mut over) = (0_u64, 0_u64);
    let mut ends: BTreeMap<String, (i64, i64)> = BTreeMap::new();
    for row in &rows[BENEFIT] {
        let facts = explainer.explain(BENEFIT, &row.key).expect("a row").facts;
        let micro = facts["employer"]["size"] == "micro";
        let since_july = facts["employment"]["contract_date"].as_str().expect("a date") >= "2020-07-01";
        let expected = match (since_july, micro) {
            (false, _) => continue,
            (true, true) => (50_000, 0),
            (true, false) => (0, 300_000),
        };
        under += u64::from(micro);
        over += u64::from(!micro);
        let key: Vec<&str> = row.key.split('/').collect();
        let covered = format!("****{}/****{}/{}", &key[0][22..], &key[1][22..], key[2]);
        ends.insert(covered, expected);
    }
    assert!(under + over > 0, "the region has such cases");
    assert_eq!((told.under.rows, told.over.rows), (under, over));
    assert_eq!(told.under.amount_fen, i64::try_from(under).expect("few") * 50_000);
    assert_eq!(told.over.amount_fen, i64::try_from(over).expect("few") * 300_000);
    assert_eq!(told.cases.len(), ends.len());
    for case in &told.cases {
        assert_eq!(case.benefit, BENEFIT);
        assert_eq!(ends.get(&case.key), Some(&(case.under_fen, case.over_fen)), "{case:?}");
        assert_eq!(case.before.version, "cixi-2020@2020-01-01..2020-12-31");
        assert_eq!(case.after.version, "cixi-2021@2020-07-01..2020-12-31");
        assert_eq!(case.before.amount_fen, Some(300_000));
    }
}

#[test]
fn before_the_later_document_is_known_nothing_is_owed() {
    let comparison = retro(&packs(), "2021-02-28").expect("a comparison");
    assert!(comparison.total.is_none());
    let told = comparison.retro.expect("what is owed");
    assert!(told.cases.is_empty() && told.documents.is_empty());
}

#[test]
fn a_day_that_is_not_later_is_refused() {
    let refused = retro(catalogue(), "2020-12-31");
    assert!(matches!(refused, Err(SimulationError::NotLater { .. })), "{refused:?}");
}
