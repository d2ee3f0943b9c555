//! Two versions of a document against each other.

use document::comparison::{Change, Comparison, Fate, MAX_COMPARISONS};
use document::{Extraction, Role, extract, read};

fn extraction(text: &str) -> Extraction {
    extract(&read(text.as_bytes()).unwrap())
}

/// A document of these rows: number, content, lead, support, deadline.
fn table(rows: &[&str]) -> Extraction {
    let mut text = String::from("青禾县责任分工表\n序号\t工作内容\t牵头单位\t配合单位\t完成时限\n");
    for row in rows {
        text.push_str(&row.replace('|', "\t"));
        text.push('\n');
    }
    extraction(&text)
}

/// `old>new fate` of every pair, by the numbers of the items.
fn show(old: &Extraction, new: &Extraction) -> Vec<String> {
    let number = |side: &Extraction, at: Option<usize>| at.map_or("-".to_owned(), |at| side.tasks[at].no.clone());
    Comparison::of(old, new)
        .pairs
        .iter()
        .map(|pair| {
            let fate = match pair.fate() {
                Fate::Added => "added",
                Fate::LeftOut => "left out",
                Fate::Changed => "changed",
                Fate::Kept => "kept",
            };
            format!("{}>{} {fate}", number(old, pair.old), number(new, pair.new))
        })
        .collect()
}

const STABLE: &str = "落实失业保险稳岗返还，返还比例为60%|县人社局|县财政局|2024年6月底";
const FAIR: &str = "每季度举办一场专场招聘会，邀请企业不少于30家|县人社局|各乡镇|长期";
const TRAIN: &str = "开展职业技能提升培训，全年培训1000人次|县教育局|县财政局|2024年12月底";
const LOAN: &str = "发放创业担保贷款，建立入库名册|县人民银行|县财政局|2024年12月底";

#[test]
fn tasks_are_paired_by_what_they_say_whatever_their_numbers() {
    let row = |no: usize, rest: &str| format!("{no}|{rest}");
    let of = |rows: &[&str]| {
        let rows: Vec<String> = rows.iter().enumerate().map(|(at, rest)| row(at + 1, rest)).collect();
        table(&rows.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let old = of(&[STABLE, FAIR, TRAIN]);
    let cases: &[(&[&str], &[&str])] = &[
        (&[STABLE, FAIR, TRAIN], &["1>1 kept", "2>2 kept", "3>3 kept"]),
        (
            &[LOAN, STABLE, FAIR, TRAIN],
            &["->1 added", "1>2 kept", "2>3 kept", "3>4 kept"],
        ),
        (&[STABLE, TRAIN], &["1>1 kept", "2>- left out", "3>2 kept"]),
        (&[FAIR, TRAIN], &["1>- left out", "2>1 kept", "3>2 kept"]),
        (&[TRAIN, STABLE, FAIR], &["3>1 kept", "1>2 kept", "2>3 kept"]),
        (&[LOAN], &["1>- left out", "2>- left out", "3>- left out", "->1 added"]),
    ];
    for (rows, expected) in cases {
        assert_eq!(show(&old, &of(rows)), *expected, "{rows:?}");
    }
}

/// The changes of the only pair.
fn changes(old: &str, new: &str) -> Vec<Change> {
    let mut comparison = Comparison::of(&table(&[old]), &table(&[new]));
    assert_eq!(comparison.pairs.len(), 1, "{old} {new}: {comparison:?}");
    comparison.pairs.remove(0).changes
}

#[test]
fn what_changed_in_a_task_is_said_one_by_one() {
    let old = "1|每户补贴不超过3000元，覆盖企业200家|县人社局|县财政局、县税务局|2024年6月底";
    let figures = |old: &[&str], new: &[&str]| Change::Figures {
        old: old.iter().map(ToString::to_string).collect(),
        new: new.iter().map(ToString::to_string).collect(),
    };
    let cases: &[(&str, Vec<Change>)] = &[
        (old, vec![]),
        (
            "1|每户补贴不超过3500元，覆盖企业200家|县人社局|县财政局、县税务局|2024年6月底",
            vec![figures(&["不超过3000元"], &["不超过3500元"]), Change::Wording],
        ),
        (
            "1|每户补贴不少于3000元，覆盖企业200家|县人社局|县财政局、县税务局|2024年6月底",
            vec![figures(&["不超过3000元"], &["不少于3000元"]), Change::Wording],
        ),
        (
            "1|每户补贴不超过3000元，覆盖企业200家|县人社局|县财政局、县税务局|2024年6月30日前",
            vec![],
        ),
        (
            "1|每户补贴不超过3000元，覆盖企业200家|县人社局|县财政局、县税务局|2024年9月底",
            vec![Change::Deadline],
        ),
        (
            "1|每户补贴不超过3000元，覆盖企业200家|县财政局|县人社局、县发改局|2024年6月底",
            vec![
                Change::UnitRole("县人社局".into(), Role::Lead, Role::Support),
                Change::UnitLeftOut("县税务局".into(), Role::Support),
                Change::UnitRole("县财政局".into(), Role::Support, Role::Lead),
                Change::UnitAdded("县发改局".into(), Role::Support),
            ],
        ),
        (
            "1|每户补贴不超过3000元，覆盖企业200家，培训16学时|县人社局|县财政局、县税务局|2024年6月底",
            vec![figures(&[], &["16学时"]), Change::Wording],
        ),
        // Only set otherwise: full width, white space.
        (
            "1|每户补贴不超过 ３０００元，覆盖企业200家|县人社局|县财政局、县税务局|2024年6月底",
            vec![],
        ),
    ];
    for (new, expected) in cases {
        let mut found = changes(old, new);
        let mut expected = expected.clone();
        let key = |change: &Change| format!("{change:?}");
        found.sort_by_key(key);
        expected.sort_by_key(key);
        assert_eq!(found, expected, "{new}");
    }
}

#[test]
fn equal_texts_that_stand_several_times_are_paired_by_number_then_in_order() {
    let same = "落实责任|县人社局|县财政局|长期";
    let old = table(&[&format!("1|{same}"), &format!("2|{same}"), &format!("3|{same}")]);
    let new = table(&[&format!("2|{same}"), &format!("3|{same}")]);
    assert_eq!(show(&old, &new), ["1>- left out", "2>2 kept", "3>3 kept"]);
}

#[test]
fn versions_of_thousands_of_tasks_are_compared_in_bounded_work() {
    let of = |year: u32| {
        let mut text = String::from("青禾县责任分工表\n序号\t工作内容\t牵头单位\n");
        for number in 0..2_000 {
            text.push_str(&format!(
                "{}\t第{number}批企业共{year}家落实稳岗返还政策\t县人社局\n",
                number + 1
            ));
        }
        extraction(&text)
    };
    let (old, new) = (of(2023), of(2024));
    assert!(old.tasks.len() * new.tasks.len() > MAX_COMPARISONS);
    let found = Comparison::of(&old, &new);
    assert_eq!(found.count(Fate::Changed), 2_000);
    assert!(found.pairs.iter().all(|pair| pair.old == pair.new));
}

#[test]
fn nothing_against_nothing_is_nothing() {
    let empty = extraction("通知");
    assert!(
        Comparison::of(&empty, &empty)
            .pairs
            .iter()
            .all(|pair| pair.fate() == Fate::Kept)
    );
}
