//! Who employs: a long tail of sizes by Zipf's law, trades by the letters of GB/T 4754, kinds of bodies.

use civil::Day;

use super::codes;
use super::draw::{Dealer, Draw, Purpose};
use super::people::{Person, Status};
use super::plan::Plan;

/// Insured staff to one employer that has any.
pub(super) const STAFF_PER_EMPLOYER: usize = 12;
/// The rank at which Zipf's law begins to fall: without it the largest employer would hold a tenth of all staff.
const FLAT_RANKS: u64 = 6;
/// Founders who closed a business within the months written, among a hundred thousand people.
pub(super) const CLOSED_STARTUPS: usize = 3_300;
/// Of a hundred thousand businesses of today's founders, how many were registered within the months written.
pub(super) const NEW_STARTUPS: usize = 70_000;
/// Kinds of bodies, by the words of `employer_kind`: number, prefix of the credit code, share in a hundred thousand
/// among employers with at least ten insured, and among the others.
pub(super) const KINDS: [(&str, &str, [usize; 2]); 6] = [
    ("企业", "91", [90_000, 62_000]),
    ("个体工商户", "92", [2_000, 33_000]),
    ("民办非企业单位", "52", [2_000, 2_500]),
    ("社会组织", "51", [500, 1_000]),
    ("事业单位", "12", [4_000, 1_000]),
    ("机关", "11", [1_500, 500]),
];
/// Trades: letter and first two digits, words for the name, share in a hundred thousand.
pub(super) const TRADES: [(&str, &str, u32); 14] = [
    ("C38", "电器", 21_000),
    ("C29", "塑料制品", 9_000),
    ("C33", "五金", 9_000),
    ("C34", "轴承", 8_000),
    ("C17", "纺织", 5_000),
    ("F52", "商贸", 16_000),
    ("E47", "建筑工程", 6_000),
    ("G54", "物流", 4_000),
    ("H62", "餐饮", 5_000),
    ("I65", "软件", 3_000),
    ("L72", "服务外包", 5_000),
    ("O80", "生活服务", 4_000),
    ("A01", "农业", 3_000),
    ("K70", "置业", 2_000),
];

/// What a body is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Employer {
    /// Place in [`KINDS`].
    pub(super) kind: u8,
    /// Place in [`TRADES`].
    pub(super) trade: u8,
    /// Insured on the last day, as planned.
    pub(super) staff: u32,
    pub(super) registered: Day,
    pub(super) closed: Option<Day>,
    pub(super) founder: Option<u32>,
    pub(super) town: u8,
    /// Registered a few weeks ago and already full of staff.
    pub(super) shell: bool,
}

/// All employers, largest first, and whose staff each employee is.
#[derive(Debug)]
pub(super) struct Employers {
    pub(super) list: Vec<Employer>,
    /// For each person the employer of today; only for employees.
    pub(super) of_person: Vec<u32>,
    /// Each planned post once, by employer: a random entry is an employer by its size.
    posts: Vec<u32>,
}

impl Employers {
    pub(super) fn code(&self, number: u32) -> String {
        let kind = self
            .list
            .get(number as usize)
            .and_then(|e| KINDS.get(usize::from(e.kind)));
        codes::credit_code(kind.map_or("91", |kind| kind.1), number)
    }

    /// An employer by its size.
    pub(super) fn any(&self, draw: &mut Draw) -> u32 {
        draw.one_of(&self.posts).copied().unwrap_or(0)
    }
}

/// Sizes by rank that add up to `staff`: `scale / (rank + FLAT_RANKS)`, none below one.
fn sizes(staff: usize) -> Vec<u32> {
    let count = (staff / STAFF_PER_EMPLOYER).max(1);
    let staff = u64::try_from(staff).unwrap_or(0);
    let size = |scale: u64, rank: usize| (scale / (u64::try_from(rank).unwrap_or(0) + FLAT_RANKS)).max(1);
    let total = |scale: u64| (0..count).map(|rank| size(scale, rank)).sum::<u64>();
    let (mut low, mut high) = (1, staff * FLAT_RANKS + 1);
    while low < high {
        let middle = low.midpoint(high + 1).max(low + 1).min(high);
        if total(middle) <= staff {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    let mut sizes: Vec<u64> = (0..count).map(|rank| size(low, rank)).collect();
    // What rounding left over goes to the middle, one each.
    let mut rest = staff.saturating_sub(sizes.iter().sum());
    let mut place = count / 10;
    while rest > 0 {
        if let Some(size) = sizes.get_mut(place % count.max(1)) {
            *size += 1;
        }
        place += 1;
        rest -= 1;
    }
    sizes
        .into_iter()
        .map(|size| u32::try_from(size).unwrap_or(u32::MAX))
        .collect()
}

/// Makes the employers and gives every employee one.
pub(super) fn employers(plan: &Plan, people: &[Person]) -> Employers {
    let draw = &mut Draw::new(plan.seed, Purpose::Employers, 0);
    let of_status = |status| (0..people.len()).filter(move |n| people[*n].status == status);
    let employees: Vec<usize> = of_status(Status::Employee).collect();
    let sizes = sizes(employees.len());
    let mut list: Vec<Employer> = sizes.iter().map(|staff| one(plan, *staff, draw)).collect();
    kinds(&mut list, draw);
    let founders: Vec<usize> = of_status(Status::Founder).collect();
    startups(plan, &mut list, founders, draw);
    closed_startups(plan, &mut list, people, draw);
    shells(plan, &mut list, draw);
    let mut posts = Vec::with_capacity(employees.len());
    for (number, employer) in list.iter().enumerate() {
        for _ in 0..employer.staff {
            posts.push(u32::try_from(number).unwrap_or(0));
        }
    }
    let mut of_person = vec![0; people.len()];
    let mut seats = posts.clone();
    draw.shuffle(&mut seats);
    for (person, employer) in employees.into_iter().zip(seats) {
        of_person[person] = employer;
    }
    Employers { list, of_person, posts }
}

fn one(plan: &Plan, staff: u32, draw: &mut Draw) -> Employer {
    let weights = TRADES.map(|(.., weight)| weight);
    // Older firms are larger ones.
    let least = match staff {
        0..=2 => 4,
        3..=19 => 12,
        _ => 40,
    };
    let back = u32::try_from(draw.between(least, 240)).unwrap_or(0);
    Employer {
        kind: 0,
        trade: u8::try_from(draw.weighted(&weights)).unwrap_or(0),
        staff,
        registered: plan.day_back(back, draw.between(1, 28)),
        closed: None,
        founder: None,
        town: u8::try_from(draw.weighted(&plan.town_weights())).unwrap_or(0),
        shell: false,
    }
}

fn kinds(list: &mut [Employer], draw: &mut Draw) {
    for (column, large) in [(0, true), (1, false)] {
        let members = (0..list.len()).filter(|n| (list[*n].staff >= 10) == large).collect();
        let mut dealer = Dealer::new(members, draw);
        for (kind, (.., shares)) in KINDS.iter().enumerate() {
            for member in dealer.share(shares[column]) {
                list[member].kind = u8::try_from(kind).unwrap_or(0);
            }
        }
    }
}

/// Each founder has a business: one of the small ones with staff, or one without.
fn startups(plan: &Plan, list: &mut Vec<Employer>, founders: Vec<usize>, draw: &mut Draw) {
    let small = |e: &Employer| e.staff <= 6 && e.kind <= 1;
    let with_staff: Vec<usize> = (0..list.len()).filter(|n| small(&list[*n])).collect();
    let mut with_staff = Dealer::new(with_staff, draw);
    let mut founders = Dealer::new(founders, draw);
    let new = founders.share(NEW_STARTUPS);
    let old = founders.take(usize::MAX);
    for (founder, is_new) in new
        .into_iter()
        .map(|f| (f, true))
        .chain(old.into_iter().map(|f| (f, false)))
    {
        let firm = if draw.chance(350) {
            with_staff.take(1).pop()
        } else {
            None
        };
        let firm = firm.unwrap_or_else(|| {
            let mut bare = one(plan, 0, draw);
            bare.kind = u8::from(draw.chance(750));
            list.push(bare);
            list.len() - 1
        });
        let (from, to) = if is_new { (1, 35) } else { (36, 160) };
        let back = u32::try_from(draw.between(from, to)).unwrap_or(0);
        list[firm].registered = plan.day_back(back, draw.between(1, 28));
        list[firm].founder = u32::try_from(founder).ok();
    }
}

/// Businesses that were opened and closed within the months written, by people who do something else today.
fn closed_startups(plan: &Plan, list: &mut Vec<Employer>, people: &[Person], draw: &mut Draw) {
    let may = |p: &Person| {
        matches!(p.band, 1..=4) && matches!(p.status, Status::Employee | Status::Flexible | Status::Inactive)
    };
    let members: Vec<usize> = (0..people.len()).filter(|n| may(&people[*n])).collect();
    let count = (people.len() * CLOSED_STARTUPS + 50_000) / 100_000;
    for founder in Dealer::new(members, draw).take(count) {
        let back = draw.between(4, 35);
        let months = draw.between(2, back - 1);
        let mut firm = one(plan, 0, draw);
        firm.kind = u8::from(draw.chance(850));
        firm.registered = plan.day_back(u32::try_from(back).unwrap_or(0), draw.between(1, 28));
        firm.closed = Some(plan.day_back(u32::try_from(back - months).unwrap_or(0), 28));
        firm.founder = u32::try_from(founder).ok();
        list.push(firm);
    }
}

/// Firms of a few weeks that hired all their staff at once.
fn shells(plan: &Plan, list: &mut [Employer], draw: &mut Draw) {
    let members = (0..list.len())
        .filter(|n| (8..=30).contains(&list[*n].staff) && list[*n].kind == 0 && list[*n].founder.is_none())
        .collect();
    for member in Dealer::new(members, draw).take(plan.planted_frauds(4)) {
        list[member].shell = true;
        list[member].registered = plan.day_back(2, draw.between(1, 28));
    }
}

#[cfg(test)]
mod tests {
    use super::sizes;

    #[test]
    fn sizes_fall_with_the_rank_and_add_up() {
        for staff in [1, 13, 500, 12_000, 600_000] {
            let sizes = sizes(staff);
            assert_eq!(sizes.iter().map(|s| *s as usize).sum::<usize>(), staff);
            assert!(sizes.iter().all(|size| *size >= 1));
        }
        let sizes = sizes(12_000);
        assert!(sizes[0] > 150 && sizes[0] < 1_200, "largest {}", sizes[0]);
    }
}
