//! One person's working life as far as registers show it: spells with employers, months insured and missed, times of
//! unemployment. Months are counted back from the last one: 0 is the month of the day, 35 the first month written.

use civil::{Day, Month};

use super::draw::{Draw, Purpose};
use super::employers::Employers;
use super::people::{Person, Status};
use super::plan::{MONTHS, Plan};

/// Months that somebody has been with the employer of today: from, to, weight.
pub(super) const TENURE: [(i32, i32, u32); 6] = [
    (1, 3, 8),
    (4, 6, 7),
    (7, 12, 13),
    (13, 24, 20),
    (25, 36, 14),
    (37, 180, 38),
];
/// Months between one employer and the next: from, to, weight.
pub(super) const BETWEEN: [(i32, i32, u32); 5] = [(0, 0, 52), (1, 1, 16), (2, 3, 14), (4, 9, 12), (10, 20, 6)];
/// Months of a spell that is over.
const EARLIER: [(i32, i32, u32); 4] = [(2, 6, 22), (7, 12, 28), (13, 24, 30), (25, 60, 20)];
/// Spells in a thousand in which one to three months were missed.
pub(super) const SPELLS_WITH_GAP: u32 = 60;
/// Months in a thousand that were charged and not paid.
const UNPAID: u32 = 4;
/// Of a thousand spells that began within the months written, how many follow an earlier one.
const MORE: u32 = 870;
/// Of a thousand who neither work nor look for work, how many did within the months written.
const INACTIVE_WORKED: u32 = 340;
/// Of a thousand unemployed who lost their work against their will, how many draw unemployment benefit.
pub(super) const DRAWS_BENEFIT: u32 = 362;

/// Time with one employer, or in flexible work.
#[derive(Debug, Clone)]
pub(super) struct Spell {
    /// Nothing for somebody who pays alone.
    pub(super) employer: Option<u32>,
    /// First and last month, counted back; the first may lie before the months written.
    pub(super) first: i32,
    pub(super) last: i32,
    pub(super) contract: Day,
    pub(super) left: Option<Day>,
    pub(super) reason: Reason,
    /// Months charged, and of them those paid, as bits back from the last month.
    pub(super) charged: u64,
    pub(super) paid: u64,
}

/// Why a spell ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reason {
    Ended,
    Dismissed,
    Resigned,
    Agreed,
}

impl Reason {
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Ended => "合同期满终止",
            Self::Dismissed => "单位解除",
            Self::Resigned => "本人辞职",
            Self::Agreed => "协商解除",
        }
    }
}

/// One registration as unemployed.
#[derive(Debug, Clone)]
pub(super) struct Registration {
    pub(super) on: Day,
    pub(super) former: Option<u32>,
    pub(super) reason: &'static str,
    pub(super) benefit: Option<(Day, Day)>,
    pub(super) cancelled: Option<(Day, &'static str)>,
}

/// What the registers show of one person's work, latest first.
#[derive(Debug, Clone, Default)]
pub(super) struct Career {
    pub(super) spells: Vec<Spell>,
    pub(super) registrations: Vec<Registration>,
    /// Monthly base of the contributions in fen.
    pub(super) base_fen: u64,
}

/// The bits of the months from `first` back to `last`, as far as they are written.
pub(super) fn months(first: i32, last: i32) -> u64 {
    let upto = |month: i32| (1_u64 << u32::try_from(month.clamp(0, 36)).unwrap_or(0)) - 1;
    upto(first + 1) & !upto(last)
}

fn of_table(table: &[(i32, i32, u32)], draw: &mut Draw) -> i32 {
    let weights: Vec<u32> = table.iter().map(|(.., weight)| *weight).collect();
    table
        .get(draw.weighted(&weights))
        .map_or(0, |(from, to, _)| draw.between(*from, *to))
}

/// Whole months from a day to the last month.
fn back_to(plan: &Plan, day: Day) -> i32 {
    Month::of(day).months_until(plan.last_month())
}

/// Draws the career of person `number`.
pub(super) fn career(plan: &Plan, employers: &Employers, person: &Person, number: u32) -> Career {
    let draw = &mut Draw::new(plan.seed, Purpose::Career, u64::from(number));
    let mut maker = Maker {
        plan,
        employers,
        draw,
        // Nobody is insured before the age of sixteen; students and graduates not before they left school.
        oldest: back_to(plan, person.birth) - 16 * 12 - 1,
        career: Career::default(),
    };
    if let Some(graduation) = person.graduation.filter(|_| person.band <= 1) {
        maker.oldest = maker.oldest.min(back_to(plan, graduation));
    }
    maker.career.base_fen = u64::from(maker.draw.below(9_000) + maker.draw.below(5_000) + 3_957) * 100;
    match person.status {
        Status::Employee => {
            let employer = employers.of_person.get(number as usize).copied().unwrap_or(0);
            let tenure = of_table(&TENURE, maker.draw) - 1;
            let first = maker.spell(Some(employer), tenure, 0);
            maker.earlier(first);
        }
        Status::Flexible => {
            let tenure = of_table(&TENURE, maker.draw) - 1;
            let first = maker.spell(None, tenure, 0);
            maker.earlier(first);
        }
        Status::Founder => {
            let pays = maker.draw.chance(600);
            let tenure = of_table(&TENURE, maker.draw) - 1;
            let first = if pays { maker.spell(None, tenure, 0) } else { tenure };
            maker.earlier(first);
        }
        Status::Unemployed => maker.unemployed(),
        Status::Inactive => {
            if maker.draw.chance(INACTIVE_WORKED) {
                let since = maker.draw.between(3, 30);
                maker.earlier(since);
            }
        }
        Status::Student => {}
    }
    maker.career
}

struct Maker<'a> {
    plan: &'a Plan,
    employers: &'a Employers,
    draw: &'a mut Draw,
    oldest: i32,
    career: Career,
}

impl Maker<'_> {
    /// A spell from `first` to `last`; gives the month it began, which employer and age may have moved.
    fn spell(&mut self, employer: Option<u32>, first: i32, last: i32) -> i32 {
        let mut first = first.min(self.oldest.max(last));
        let firm = employer.and_then(|number| self.employers.list.get(number as usize));
        if let Some(firm) = firm {
            first = first.min(back_to(self.plan, firm.registered).max(last));
            if firm.shell {
                first = 1.max(last);
            }
        }
        let charged = months(first, last);
        let (mut charged, mut paid) = (charged, charged);
        let length = first - last + 1;
        if length >= 6 && self.draw.chance(SPELLS_WITH_GAP) {
            let gap = self.draw.between(1, 3);
            let from = self.draw.between(last + 1, first - 1 - gap);
            let missed = months(from + gap - 1, from);
            paid &= !missed;
            if self.draw.chance(600) {
                charged &= !missed;
            }
        }
        if self.draw.chance(UNPAID * 10) {
            let month = self.draw.between(last, first);
            paid &= !months(month, month);
        }
        // The last month is what today's status rests on.
        if last == 0 {
            charged |= 1;
            paid |= 1;
        }
        let start = u32::try_from(first).unwrap_or(0);
        let contract = self.plan.day_back(start, self.draw.between(1, 26));
        let left = (last > 0).then(|| {
            let day = self
                .plan
                .day_back(u32::try_from(last).unwrap_or(0), self.draw.between(20, 31));
            day.max(contract)
        });
        let reason = [Reason::Ended, Reason::Dismissed, Reason::Resigned, Reason::Agreed];
        let reason = reason[self.draw.weighted(&[25, 18, 45, 12])];
        self.career.spells.push(Spell {
            employer,
            first,
            last,
            contract,
            left,
            reason,
            charged,
            paid,
        });
        first
    }

    /// What came before the month `first`, back to the first month written.
    fn earlier(&mut self, mut first: i32) {
        let written = i32::try_from(MONTHS).unwrap_or(0);
        while first < written && first < self.oldest && self.draw.chance(MORE) {
            let between = of_table(&BETWEEN, self.draw);
            let last = first + 1 + between;
            if last >= written || last > self.oldest {
                return;
            }
            let length = of_table(&EARLIER, self.draw);
            let Some(employer) = self.employer_of(last) else {
                return;
            };
            first = self.spell(Some(employer), last + length - 1, last);
            if between >= 2 {
                self.registered_between(last, last - between);
            }
        }
    }

    /// An employer that was there in a month, and with which this person has no other spell.
    fn employer_of(&mut self, month: i32) -> Option<u32> {
        for _ in 0..4 {
            let employer = self.employers.any(self.draw);
            let firm = self.employers.list.get(employer as usize)?;
            let known = self.career.spells.iter().any(|spell| spell.employer == Some(employer));
            if !known && !firm.shell && back_to(self.plan, firm.registered) >= month {
                return Some(employer);
            }
        }
        None
    }

    /// Some who lost their work registered, and were struck off when they found the next.
    fn registered_between(&mut self, last: i32, next: i32) {
        let Some(spell) = self.career.spells.last() else {
            return;
        };
        if spell.reason == Reason::Resigned || !self.draw.chance(420) {
            return;
        }
        let (former, reason) = (spell.employer, spell.reason.label());
        let on = self
            .plan
            .day_back(u32::try_from(last - 1).unwrap_or(0), self.draw.between(3, 28));
        let end = self.plan.day_back(u32::try_from(next.max(0)).unwrap_or(0), 1);
        let benefit = (self.draw.chance(DRAWS_BENEFIT) && end > on).then_some((on, end));
        let cancelled = Some((end.max(on), "就业"));
        self.career.registrations.push(Registration {
            on,
            former,
            reason,
            benefit,
            cancelled,
        });
    }

    /// Registered today: somebody who lost work, or who never had any.
    fn unemployed(&mut self) {
        let since = self.draw.between(1, 20).min(self.oldest.max(1));
        let employer = if self.oldest > since + 2 && self.draw.chance(850) {
            self.employer_of(since)
        } else {
            None
        };
        let on = self
            .plan
            .day_back(u32::try_from(since - 1).unwrap_or(0), self.draw.between(1, 15));
        let on = on.min(self.plan.as_of);
        let Some(employer) = employer else {
            self.career.registrations.push(Registration {
                on,
                former: None,
                reason: "新成长未就业",
                benefit: None,
                cancelled: None,
            });
            return;
        };
        let length = of_table(&EARLIER, self.draw).max(3);
        let first = self.spell(Some(employer), since + length - 1, since);
        let involuntary = !self.draw.chance(300);
        if let Some(spell) = self.career.spells.last_mut()
            && involuntary
            && spell.reason == Reason::Resigned
        {
            spell.reason = Reason::Dismissed;
        }
        let reason = self.career.spells.last().map_or(Reason::Ended, |spell| spell.reason);
        let draws = reason != Reason::Resigned && length >= 12 && self.draw.chance(DRAWS_BENEFIT);
        let most = if length >= 48 { 18 } else { 12 };
        let benefit = draws.then(|| (on, on.add_months(most).unwrap_or(on)));
        self.career.registrations.push(Registration {
            on,
            former: Some(employer),
            reason: reason.label(),
            benefit,
            cancelled: None,
        });
        self.earlier(first);
    }
}

#[cfg(test)]
mod tests {
    use super::months;

    #[test]
    fn months_are_bits_back_from_the_last() {
        assert_eq!(months(0, 0), 1);
        assert_eq!(months(2, 1), 0b110);
        assert_eq!(months(80, 34), 0b11 << 34);
        assert_eq!(months(90, 40), 0);
    }
}
