//! What is wrong on purpose: frauds that a check should find, and errors that an import should reject. Each stands in
//! the truth file with its register and row.

use std::collections::BTreeMap;

use super::career::{Career, career};
use super::draw::{Dealer, Draw, Purpose};
use super::employers::Employers;
use super::people::{Person, Status};
use super::plan::Plan;

/// Kinds as the truth file names them, with what they are.
pub(super) const KINDS: [(&str, &str); 17] = [
    (DOUBLE_INSURANCE, "同一人同月在两家单位全额参保"),
    (DECEASED_INSURED, "已死亡人员仍在参保缴费"),
    (OWNER_DRAWS_BENEFIT, "存续单位的法定代表人领取失业保险金"),
    (TWO_IDS, "同一人以15位和18位号码各登记一次"),
    (SHELL_FIRM, "成立不久的单位突击参保"),
    (IN_PRISON, "服刑期间仍在参保缴费"),
    (PENSION_DRAWN, "领取养老保险待遇后仍由单位参保缴费"),
    (INSURED_ELSEWHERE, "领取失业保险金期间由其他单位参保缴费"),
    (UNLINKED_IDS, "同一人更正号码后新旧号码各登记一次，未登记变更"),
    (SHARED_ACCOUNT, "多人共用一个银行账户"),
    (OVERLAP, "同一人同期享受两项补贴"),
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
pub(super) const IN_PRISON: &str = "in-prison";
pub(super) const PENSION_DRAWN: &str = "pension-drawn";
pub(super) const INSURED_ELSEWHERE: &str = "insured-elsewhere";
pub(super) const UNLINKED_IDS: &str = "unlinked-ids";
pub(super) const SHARED_ACCOUNT: &str = "shared-account";
pub(super) const OVERLAP: &str = "overlap";
pub(super) const CHECK_DIGIT: &str = "check-digit";
pub(super) const IMPOSSIBLE_DATE: &str = "impossible-date";
pub(super) const DUPLICATE_ROW: &str = "duplicate-row";
pub(super) const DANGLING_REFERENCE: &str = "dangling-reference";
pub(super) const THREE_DECIMALS: &str = "three-decimals";
pub(super) const TEXT_NUMBER: &str = "text-number";

/// People whose subsidies go to one account.
const ACCOUNT_SHARERS: usize = 4;
/// Months that a job must have lasted, or a time of unemployment, for a fraud to show in them.
const SHOWS_AFTER: i32 = 3;

/// Who is wrong in which way; nobody in two.
#[derive(Debug, Default)]
pub(super) struct Faults {
    of_person: BTreeMap<u32, &'static str>,
    /// Legal persons of employers other than their founders.
    owners: BTreeMap<u32, u32>,
    /// Whose account it is that somebody gives.
    accounts: BTreeMap<u32, u32>,
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
        let lived = |n: usize| career(plan, employers, &people[n], u32::try_from(n).unwrap_or(0));
        // Somebody who just came has no months that could overlap.
        let (double, newcomers) = some(&mut employees, plan.planted_frauds(1), |n| {
            lived(n).spells.first().is_some_and(|spell| spell.first >= SHOWS_AFTER)
        });
        put(DOUBLE_INSURANCE, double);
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
        rest.extend(newcomers);
        let from = rest.len().saturating_sub(plan.planted_frauds(2));
        put(IN_PRISON, rest.split_off(from));
        let retired = rest.extract_if(.., |n| people[*n].band >= 4);
        put(PENSION_DRAWN, retired.take(plan.planted_frauds(2)).collect());
        let (elsewhere, _) = some(&mut unemployed, plan.planted_frauds(3), |n| long_open(plan, &lived(n)));
        put(INSURED_ELSEWHERE, elsewhere);
        let mut inactive = Dealer::new(of(Status::Inactive).filter(|n| people[*n].band < 5).collect(), draw);
        put(UNLINKED_IDS, inactive.take(plan.planted_frauds(1)));
        let mut flexible = Dealer::new(of(Status::Flexible).collect(), draw);
        let sharers = flexible.take(ACCOUNT_SHARERS * plan.planted_frauds(2));
        put(SHARED_ACCOUNT, sharers.clone());
        put(OVERLAP, flexible.take(plan.planted_frauds(1)));
        for group in sharers.chunks(ACCOUNT_SHARERS) {
            let number = |n: &usize| u32::try_from(*n).unwrap_or(0);
            let holder = group.first().map_or(0, number);
            chosen.accounts.extend(group.iter().map(|n| (number(n), holder)));
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

    /// The person whose account somebody gives: their own as a rule.
    pub(super) fn account_of(&self, number: u32) -> u32 {
        self.accounts.get(&number).copied().unwrap_or(number)
    }

    pub(super) fn owner_of(&self, employer: u32) -> Option<u32> {
        self.owners.get(&employer).copied()
    }
}

/// The next `count` that will do, and those that were passed over.
fn some(dealer: &mut Dealer<usize>, count: usize, will_do: impl Fn(usize) -> bool) -> (Vec<usize>, Vec<usize>) {
    let (mut taken, mut passed) = (Vec::new(), Vec::new());
    while taken.len() < count {
        let Some(next) = dealer.take(1).pop() else { break };
        if will_do(next) {
            taken.push(next);
        } else {
            passed.push(next);
        }
    }
    (taken, passed)
}

/// Registered as unemployed for some months, and still so.
fn long_open(plan: &Plan, career: &Career) -> bool {
    let open = career
        .registrations
        .iter()
        .find(|registration| registration.cancelled.is_none());
    open.is_some_and(|registration| registration.on.month().months_until(plan.last_month()) >= SHOWS_AFTER)
}
