//! What is wrong on purpose: frauds that a check should find, and errors that an import should reject. Each stands in
//! the truth file with its register and row.

use std::collections::BTreeMap;

use super::draw::{Dealer, Draw, Purpose};
use super::employers::Employers;
use super::people::{Person, Status};
use super::plan::Plan;

/// Kinds as the truth file names them, with what they are.
pub(super) const KINDS: [(&str, &str); 11] = [
    (DOUBLE_INSURANCE, "同一人同月在两家单位全额参保"),
    (DECEASED_INSURED, "已死亡人员仍在参保缴费"),
    (OWNER_DRAWS_BENEFIT, "存续单位的法定代表人领取失业保险金"),
    (TWO_IDS, "同一人以15位和18位号码各登记一次"),
    (SHELL_FIRM, "成立不久的单位突击参保"),
    (CHECK_DIGIT, "公民身份号码校验位错误"),
    (IMPOSSIBLE_DATE, "日期不存在"),
    (DUPLICATE_ROW, "整行重复"),
    (DANGLING_REFERENCE, "引用了不存在的单位"),
    (THREE_DECIMALS, "金额有三位小数"),
    (TEXT_NUMBER, "数字写成文字"),
];
pub(super) const DOUBLE_INSURANCE: &str = "double-insurance";
pub(super) const DECEASED_INSURED: &str = "deceased-insured";
pub(super) const OWNER_DRAWS_BENEFIT: &str = "owner-draws-benefit";
pub(super) const TWO_IDS: &str = "two-ids";
pub(super) const SHELL_FIRM: &str = "shell-firm";
pub(super) const CHECK_DIGIT: &str = "check-digit";
pub(super) const IMPOSSIBLE_DATE: &str = "impossible-date";
pub(super) const DUPLICATE_ROW: &str = "duplicate-row";
pub(super) const DANGLING_REFERENCE: &str = "dangling-reference";
pub(super) const THREE_DECIMALS: &str = "three-decimals";
pub(super) const TEXT_NUMBER: &str = "text-number";

/// Who is wrong in which way; nobody in two.
#[derive(Debug, Default)]
pub(super) struct Faults {
    of_person: BTreeMap<u32, &'static str>,
    /// Legal persons of employers other than their founders.
    owners: BTreeMap<u32, u32>,
}

impl Faults {
    /// Chooses whom it concerns.
    pub(super) fn choose(plan: &Plan, people: &[Person], employers: &Employers) -> Self {
        let draw = &mut Draw::new(plan.seed, Purpose::Faults, 0);
        let of = |status| (0..people.len()).filter(move |n| people[*n].status == status);
        let mut employees = Dealer::new(of(Status::Employee).collect(), draw);
        let mut unemployed = Dealer::new(of(Status::Unemployed).filter(|n| people[*n].band >= 2).collect(), draw);
        let mut chosen = Self::default();
        let mut put = |kind, members: Vec<usize>| {
            for member in members {
                chosen.of_person.insert(u32::try_from(member).unwrap_or(0), kind);
            }
        };
        put(DOUBLE_INSURANCE, employees.take(plan.planted_frauds(1)));
        put(DECEASED_INSURED, employees.take(plan.planted_frauds(2)));
        let owners = unemployed.take(plan.planted_frauds(3));
        put(OWNER_DRAWS_BENEFIT, owners.clone());
        let mut rest = employees.take(usize::MAX);
        let old: Vec<usize> = rest
            .extract_if(.., |n| people[*n].band >= 2)
            .take(plan.planted_frauds(1))
            .collect();
        put(TWO_IDS, old);
        for kind in [
            CHECK_DIGIT, IMPOSSIBLE_DATE, DUPLICATE_ROW, DANGLING_REFERENCE, THREE_DECIMALS, TEXT_NUMBER,
        ] {
            let from = rest.len().saturating_sub(plan.planted_errors());
            put(kind, rest.split_off(from));
        }
        let firms = employers
            .list
            .iter()
            .enumerate()
            .filter(|(_, e)| e.staff > 0 && e.founder.is_none() && e.kind == 0 && !e.shell);
        chosen.owners = firms
            .map(|(number, _)| u32::try_from(number).unwrap_or(0))
            .zip(owners.into_iter().map(|owner| u32::try_from(owner).unwrap_or(0)))
            .collect();
        chosen
    }

    pub(super) fn of_person(&self, number: u32) -> Option<&'static str> {
        self.of_person.get(&number).copied()
    }

    pub(super) fn owner_of(&self, employer: u32) -> Option<u32> {
        self.owners.get(&employer).copied()
    }
}
