//! What the employment office did for people: training, internships, posts, placements, loans, and what was paid.
//! Each is a fixed share of all people over the months written.

use std::collections::BTreeMap;

use super::draw::{Dealer, Draw, Purpose};
use super::employer_rows::institution;
use super::employers::KINDS;
use super::out::Rows;
use super::people::{Person, Status};
use super::person_rows::id_of;
use super::tables::Table;
use super::world::World;
use super::{codes, faults};

/// Enrolments in training classes among a hundred thousand people.
pub(super) const TRAINED: usize = 3_600;
/// Internships: 1,961 in two and a half years among the 1.3 million people between 16 and 69 of the county city.
pub(super) const INTERNS: usize = 181;
/// Interns that a practice base has had (1,961 of 115).
pub(super) const INTERNS_PER_BASE: usize = 17;
/// Public-welfare posts: nearly 400.
pub(super) const POSTS: usize = 31;
/// Placements by an agency or the office.
pub(super) const PLACED: usize = 2_400;
/// Loans: ¥144m in two and a half years, a little over ¥200,000 each.
pub(super) const LOANS: usize = 66;
/// Of a hundred thousand start-ups that are there, how many draw each of the three subsidies.
pub(super) const FOUNDER_GRANTS: usize = 3_000;
/// Hiring subsidies, one a graduate.
pub(super) const HIRING_GRANTS: usize = 455;
/// Employers in a hundred thousand with staff whose premium was refunded, each of the years.
pub(super) const REFUNDS: usize = 42_000;
/// People in flexible work, in a hundred thousand, whose premium is subsidised.
pub(super) const FLEXIBLE_GRANTS: usize = 9_600;
const OCCUPATIONS: [&str; 6] = ["电工", "焊工", "养老护理员", "育婴员", "电子商务师", "叉车司机"];
const CLASS_SIZE: usize = 30;

/// What somebody was paid for a time: benefit, first and last day, row.
type Paid = (String, civil::Day, civil::Day, u64);

struct Services<'a> {
    world: &'a World,
    draw: Draw,
    rows: &'a mut Rows,
    /// By person, for the time of it.
    paid: BTreeMap<String, Vec<Paid>>,
}

/// Writes them all.
pub(super) fn write(world: &World, rows: &mut Rows) {
    let draw = Draw::new(world.plan.seed, Purpose::Services, 1 << 40);
    let mut services = Services {
        world,
        draw,
        rows,
        paid: BTreeMap::new(),
    };
    services.training();
    services.internships();
    services.posts();
    services.placements();
    let startups = services.startups();
    services.loans(&startups);
    services.grants(&startups);
    services.two_at_once();
    services.overlaps();
    services.broken();
}

impl Services<'_> {
    /// People by what they are, dealt; in order of their numbers.
    fn some(&mut self, per_hundred_thousand: usize, wanted: impl Fn(&Person) -> bool) -> Vec<u32> {
        let people = &self.world.people;
        let members = (0..people.len()).filter(|n| wanted(&people[*n])).collect();
        let count = (people.len() * per_hundred_thousand + 50_000) / 100_000;
        let mut some: Vec<u32> = Dealer::new(members, &mut self.draw)
            .take(count)
            .into_iter()
            .map(|n| u32::try_from(n).unwrap_or(0))
            .collect();
        some.sort_unstable();
        some
    }

    fn id(&self, person: u32) -> String {
        self.world
            .people
            .get(person as usize)
            .map_or(String::new(), |p| id_of(p, person))
    }

    fn recently(&mut self, least: i32, most: i32) -> civil::Day {
        let back = u32::try_from(self.draw.between(least, most)).unwrap_or(0);
        let day = self.draw.between(1, 28);
        self.world.plan.day_back(back, day)
    }

    fn training(&mut self) {
        let mut trained = self.some(TRAINED, |p| {
            !matches!(p.status, Status::Student | Status::Inactive) && p.band < 5
        });
        self.draw.shuffle(&mut trained);
        for (class, members) in trained.chunks(CLASS_SIZE).enumerate() {
            let (start, days) = (self.recently(0, 35), self.draw.between(5, 45));
            let end = start.add_days(days - 1).filter(|end| *end < self.world.plan.as_of);
            let trainer = institution(0, u32::try_from(class % 12).unwrap_or(0));
            let occupation = self.draw.one_of(&OCCUPATIONS).copied().unwrap_or("");
            let estimate = u64::from(self.draw.below(14) + 4) * 10_000;
            for member in members {
                let id = self.id(*member);
                let attended = u64::try_from(days - self.draw.between(0, days / 4)).unwrap_or(1);
                let accepted = end.is_some() && self.draw.chance(930);
                let row = |id: &str, start: &str, rows: &mut Rows| {
                    let row = rows
                        .row(Table::Training)
                        .text(id)
                        .text(&format!("B{class:06}"))
                        .text(&trainer)
                        .text(occupation)
                        .text(start)
                        .day_or_empty(end)
                        .number(attended)
                        .yuan(estimate);
                    match end {
                        Some(_) => row.yuan(if accepted { estimate } else { 0 }).flag(accepted).end(),
                        None => row.empty().empty().end(),
                    }
                };
                row(&id, &start.to_string(), self.rows);
            }
        }
    }

    /// People in flexible work who are paid for a public-welfare post too.
    fn two_at_once(&mut self) {
        let world = self.world;
        for (number, person) in world.people.iter().enumerate() {
            let number = u32::try_from(number).unwrap_or(0);
            if world.faults.of_person(number) != Some(faults::OVERLAP) {
                continue;
            }
            let id = id_of(person, number);
            let (from, later) = (world.plan.day_back(9, 1), world.plan.day_back(8, 15));
            let on = world.plan.day_back(2, 20);
            self.grant("ln-flex-si", Some(&id), None, (on, from), 3, 150_000);
            self.grant("ln-temp-public-post", Some(&id), None, (on, later), 6, 1_206_000);
        }
    }

    /// Notes in the truth file whoever was paid two subsidies for the same days, by chance too.
    fn overlaps(&mut self) {
        for (who, grants) in std::mem::take(&mut self.paid) {
            let overlapping = grants.iter().enumerate().find_map(|(place, one)| {
                let later = grants.iter().skip(place + 1);
                later
                    .clone()
                    .find(|other| other.0 != one.0 && other.1 <= one.2 && one.1 <= other.2)
            });
            if let Some((.., row)) = overlapping {
                self.rows.plant_at(faults::OVERLAP, Table::BenefitHistory, *row, &who);
            }
        }
    }

    /// Rows of training that are wrong or that belong to somebody under the old number.
    fn broken(&mut self) {
        let world = self.world;
        for (number, person) in world.people.iter().enumerate() {
            let number = u32::try_from(number).unwrap_or(0);
            let Some(fault) = world.faults.of_person(number) else {
                continue;
            };
            let id = id_of(person, number);
            let class = |id: &str, start: &str, rows: &mut Rows| {
                let row = rows.row(Table::Training).text(id).text(&format!("B9{number:08}"));
                let row = row.text(&institution(0, 0)).text("电工").text(start).empty().number(5);
                row.yuan(80_000).empty().empty().end();
            };
            match fault {
                faults::IMPOSSIBLE_DATE => {
                    class(&id, "2020-02-30", self.rows);
                    self.rows.plant(faults::IMPOSSIBLE_DATE, Table::Training, &id);
                }
                faults::TWO_IDS => {
                    if let Some(old) = codes::fifteen_digits(&id) {
                        class(&old, &world.plan.day_back(7, 6).to_string(), self.rows);
                        self.rows.plant(faults::TWO_IDS, Table::Training, &old);
                    }
                }
                faults::THREE_DECIMALS => {
                    let row = self
                        .rows
                        .row(Table::BenefitHistory)
                        .text("cx-training")
                        .text(&id)
                        .empty();
                    row.day(world.plan.day_back(5, 9))
                        .empty()
                        .empty()
                        .empty()
                        .text("800.125")
                        .end();
                    self.rows.plant(faults::THREE_DECIMALS, Table::BenefitHistory, &id);
                }
                _ => {}
            }
        }
    }

    fn internships(&mut self) {
        let as_of = self.world.plan.as_of;
        let lately = as_of.add_months(-36).unwrap_or(as_of);
        let young = |p: &Person| p.band == 0 || p.graduation.is_some_and(|day| day >= lately);
        let interns = self.some(INTERNS, |p| {
            young(p) && matches!(p.status, Status::Unemployed | Status::Student | Status::Employee)
        });
        let bases: Vec<u32> = (0..interns.len().div_ceil(INTERNS_PER_BASE))
            .map(|_| self.world.employers.any(&mut self.draw))
            .collect();
        for intern in interns {
            let Some(person) = self.world.people.get(intern as usize) else {
                continue;
            };
            let (group, most) = match person.status {
                Status::Student => ("毕业学年学生", 6),
                _ if person.graduation.is_some() => ("毕业2年内未就业高校毕业生", 12),
                _ => ("16至24岁未就业青年", 6),
            };
            let base = self.draw.one_of(&bases).copied().unwrap_or(0);
            let mut start = self.recently(1, 35);
            // A graduate is an intern within two years of leaving school.
            let left = person.graduation.filter(|_| person.status != Status::Student);
            let in_time = |day: civil::Day| (day..=day.add_months(24).unwrap_or(day)).contains(&start);
            if let Some(day) = left.filter(|day| !in_time(*day)) {
                let later = day.add_months(self.draw.between(1, 18)).unwrap_or(day);
                start = later.min(as_of);
            }
            let months = self.draw.between(3, most);
            let planned = start
                .add_months(months)
                .and_then(|day| day.add_days(-1))
                .unwrap_or(start);
            let ended = (planned < as_of).then_some(planned);
            let retained = ended.is_some() && self.draw.chance(420);
            let interrupted = if self.draw.chance(150) {
                self.draw.below(3) + 1
            } else {
                0
            };
            let (id, code) = (self.id(intern), self.world.code(base));
            let row = self
                .rows
                .row(Table::Internship)
                .text(&id)
                .text(code)
                .day(start)
                .day(planned);
            let row = match ended {
                Some(day) => row.day(day).flag(retained),
                None => row.empty().empty(),
            };
            row.text(group).number(u64::from(interrupted)).end();
            let paid = u64::try_from(start.month().months_until(planned.min(as_of).month())).unwrap_or(0);
            if paid > 0 && ended.is_some() {
                self.grant(
                    "cx-internship",
                    Some(&id),
                    Some(code),
                    (planned, start),
                    paid,
                    180_000 * paid,
                );
            }
        }
    }

    /// One row of the benefit history: granted on the first day, paid for months from the second.
    fn grant(
        &mut self,
        benefit: &str,
        person: Option<&str>,
        employer: Option<&str>,
        (on, from): (civil::Day, civil::Day),
        months: u64,
        fen: u64,
    ) {
        let row = self.rows.row(Table::BenefitHistory).text(benefit);
        let row = row.text(person.unwrap_or("")).text(employer.unwrap_or("")).day(on);
        let until = i32::try_from(months).ok().filter(|months| *months > 0);
        let until = until
            .and_then(|months| from.add_months(months))
            .and_then(|day| day.add_days(-1));
        let row = match until {
            Some(until) => row.day(from).day(until).number(months),
            None => row.empty().empty().empty(),
        };
        row.yuan(fen).end();
        if let (Some(person), Some(until)) = (person, until) {
            let paid = (benefit.to_owned(), from, until, self.rows.count(Table::BenefitHistory));
            self.paid.entry(person.to_owned()).or_default().push(paid);
        }
    }

    fn posts(&mut self) {
        for person in self.some(POSTS, |p| p.hard_to_employ && p.status == Status::Unemployed) {
            let start = self.recently(2, 30);
            let end = start.add_months(36).unwrap_or(start);
            let (id, employer) = (self.id(person), self.world.employers.any(&mut self.draw));
            let name = ["社区保洁员", "劳动保障协理员", "交通协管员"][self.draw.weighted(&[50, 25, 25])];
            let row = self.rows.row(Table::Post).text(&id).text(self.world.code(employer));
            row.day(start)
                .day_or_empty(Some(end).filter(|end| *end <= self.world.plan.as_of))
                .text(name)
                .end();
            // Paid for half a year, once it is over.
            let paid = start.add_months(6).filter(|on| *on <= self.world.plan.as_of);
            if let Some(on) = paid {
                self.grant("ln-temp-public-post", Some(&id), None, (on, start), 6, 1_206_000);
            }
        }
    }

    fn placements(&mut self) {
        for person in self.some(PLACED, |p| p.status == Status::Employee) {
            let employer = self
                .world
                .employers
                .of_person
                .get(person as usize)
                .copied()
                .unwrap_or(0);
            let agency = institution(4, self.draw.below(8));
            let (id, day) = (self.id(person), self.recently(1, 35));
            let row = self
                .rows
                .row(Table::Placement)
                .text(&id)
                .text(self.world.code(employer));
            row.text(&agency).day(day).end();
        }
    }

    /// Writes the start-ups; gives founder and employer of those that are still there.
    fn startups(&mut self) -> Vec<(u32, u32)> {
        let mut there = Vec::new();
        for (number, employer) in self.world.employers.list.iter().enumerate() {
            let Some(founder) = employer.founder else {
                continue;
            };
            let serial = u32::try_from(number).unwrap_or(0);
            let venture = ["夜经济", "小店经济", "网约车", "网络平台", "其他"][self.draw.weighted(&[6, 34, 5, 20, 35])];
            let id = self.id(founder);
            let row = self.rows.row(Table::Startup).text(&id).text(self.world.code(serial));
            let row = row.day_or_empty(employer.closed).day(employer.registered);
            row.number(u64::from(employer.staff))
                .text(venture)
                .text(&self.world.plan.town_code(employer.town))
                .text(KINDS.get(usize::from(employer.kind)).map_or("企业", |kind| kind.0))
                .end();
            if employer.closed.is_none() {
                there.push((founder, serial));
            }
        }
        there
    }

    fn loans(&mut self, startups: &[(u32, u32)]) {
        let count = (self.world.people.len() * LOANS + 50_000) / 100_000;
        let as_of = self.world.plan.as_of;
        for (number, (founder, _)) in Dealer::new(startups.to_vec(), &mut self.draw)
            .take(count)
            .into_iter()
            .enumerate()
        {
            let applied = self.recently(1, 35);
            let issued = applied.add_days(self.draw.between(5, 40)).unwrap_or(applied).min(as_of);
            let due = issued.add_months(12 * self.draw.between(1, 3)).unwrap_or(issued);
            let amount = u64::from([10, 20, 30, 40, 50][self.draw.weighted(&[35, 38, 17, 6, 4])] * 1_000_000_u32);
            let rate = 385 + self.draw.below(100);
            let (id, lender) = (self.id(founder), institution(1, self.draw.below(5)));
            let row = self
                .rows
                .row(Table::Loan)
                .text(&format!("L{number:07}"))
                .text(&id)
                .text(&lender)
                .day(due);
            let row = row.day_or_empty(Some(due).filter(|due| *due <= as_of)).day(applied);
            row.day(issued)
                .yuan(amount)
                .text(&format!("0.0{rate}"))
                .flag(true)
                .end();
        }
    }

    /// What was paid so far, beside unemployment benefit, internships and posts.
    fn grants(&mut self, startups: &[(u32, u32)]) {
        let graduates = self.some(HIRING_GRANTS, |p| {
            p.status == Status::Employee && p.band <= 1 && p.graduation.is_some()
        });
        for person in graduates {
            let employer = self
                .world
                .employers
                .of_person
                .get(person as usize)
                .copied()
                .unwrap_or(0);
            let (id, on) = (self.id(person), self.recently(1, 11));
            self.grant(
                "cx-sme-graduate-bonus",
                Some(&id),
                Some(self.world.code(employer)),
                (on, on),
                0,
                300_000,
            );
        }
        for (benefit, months, fen) in [
            ("cx-entrepreneur-si-subsidy", 12, 1_000_000),
            ("cx-startup-rent", 12, 500_000),
            ("cx-startup-jobs", 12, 200_000),
        ] {
            let count = startups.len() * FOUNDER_GRANTS / 100_000;
            for (founder, employer) in Dealer::new(startups.to_vec(), &mut self.draw).take(count) {
                let on = self.recently(1, 30);
                let from = on.add_months(-12).unwrap_or(on);
                let (id, code) = (self.id(founder), self.world.code(employer));
                let person = (benefit != "cx-startup-jobs").then_some(id.as_str());
                self.grant(benefit, person, Some(code), (on, from), months, fen);
            }
        }
        for year in 0..3 {
            let firms = (0..self.world.employers.list.len())
                .filter(|n| self.world.employers.list[*n].staff > 0)
                .collect();
            for firm in Dealer::new(firms, &mut self.draw).share(REFUNDS) {
                let staff = u64::from(self.world.employers.list[firm].staff);
                let on = self.recently(12 * year, 12 * year + 6);
                let code = self.world.code(u32::try_from(firm).unwrap_or(0));
                self.grant(
                    "cx-job-stabilisation-refund",
                    None,
                    Some(code),
                    (on, on),
                    0,
                    staff * 19_600,
                );
            }
        }
        let flexible: Vec<usize> = (0..self.world.people.len())
            .filter(|n| self.world.people[*n].status == Status::Flexible)
            .filter(|n| self.world.faults.of_person(u32::try_from(*n).unwrap_or(0)) != Some(faults::OVERLAP))
            .collect();
        for person in Dealer::new(flexible, &mut self.draw).share(FLEXIBLE_GRANTS) {
            let id = self.id(u32::try_from(person).unwrap_or(0));
            let quarters = self.draw.between(1, 8);
            for quarter in 1..=quarters {
                let from = self.world.plan.day_back(u32::try_from(quarter * 3).unwrap_or(3), 1);
                let on = from.add_months(3).unwrap_or(from);
                self.grant("ln-flex-si", Some(&id), None, (on, from), 3, 150_000);
            }
        }
    }
}
