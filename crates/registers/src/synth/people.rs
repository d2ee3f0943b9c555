//! Who lives in the region: age, sex, household, town, schooling, and what each does on the day the picture is taken.
//! Shares are dealt out, not drawn: see [`super::draw::Dealer`].

use civil::{Day, Sex};

use super::draw::{Dealer, Draw, Purpose};
use super::plan::Plan;

/// Ages of a band, both included, with the band's share of all people among a hundred thousand.
pub(super) const AGE_BANDS: [(i32, i32, usize); 6] = [
    (16, 24, 12_000),
    (25, 34, 23_000),
    (35, 44, 22_000),
    (45, 54, 22_000),
    (55, 59, 9_000),
    (60, 69, 12_000),
];
/// Men among a hundred thousand people.
pub(super) const MEN: usize = 51_500;
/// What the people of a band do, among a hundred thousand of the band; who is left is neither at work nor looking.
pub(super) const STATUS: [[(Status, usize); 5]; 6] = [
    [
        (Status::Student, 38_000),
        (Status::Employee, 46_000),
        (Status::Flexible, 4_000),
        (Status::Founder, 1_000),
        (Status::Unemployed, 1_500),
    ],
    [
        (Status::Student, 1_000),
        (Status::Employee, 77_000),
        (Status::Flexible, 7_000),
        (Status::Founder, 4_000),
        (Status::Unemployed, 2_000),
    ],
    [
        (Status::Student, 0),
        (Status::Employee, 77_000),
        (Status::Flexible, 8_000),
        (Status::Founder, 5_000),
        (Status::Unemployed, 1_800),
    ],
    [
        (Status::Student, 0),
        (Status::Employee, 67_000),
        (Status::Flexible, 10_000),
        (Status::Founder, 4_000),
        (Status::Unemployed, 2_600),
    ],
    [
        (Status::Student, 0),
        (Status::Employee, 42_000),
        (Status::Flexible, 12_000),
        (Status::Founder, 2_000),
        (Status::Unemployed, 4_000),
    ],
    [
        (Status::Student, 0),
        (Status::Employee, 3_000),
        (Status::Flexible, 2_000),
        (Status::Founder, 500),
        (Status::Unemployed, 0),
    ],
];
/// People registered elsewhere, among a hundred thousand.
pub(super) const MIGRANTS: usize = 38_000;
/// Graduates of universities among a hundred thousand people of the first three bands who are no students and old enough:
/// of those at work, and of those who are not. Fresh graduates look for work longer than others.
pub(super) const GRADUATES: [[usize; 2]; 3] = [[60_000, 60_000], [35_000, 45_000], [12_000, 11_000]];
/// Years from that of birth to that of graduation (专科, 本科, 研究生), with weights.
const GRADUATION_YEARS: [(i32, u32); 4] = [(21, 40), (22, 30), (23, 22), (25, 8)];
/// Holders of a skill certificate among a hundred thousand people at work: 264,200 of the 1.3 million between 16 and 69.
pub(super) const SKILLED: usize = 29_200;
/// Of a hundred thousand holders, how many hold each level, highest first; the first three are the high-skilled (34.9%).
pub(super) const SKILL_LEVELS: [usize; 5] = [1_500, 6_400, 27_000, 38_100, 27_000];
/// Veterans who look for work themselves, among a hundred thousand men between 22 and 45 or so.
pub(super) const VETERANS: usize = 2_500;
/// Disabled people of working age among a hundred thousand.
pub(super) const DISABLED: usize = 2_200;
/// Households on 低保 among a hundred thousand.
pub(super) const LOW_INCOME_HOUSEHOLDS: usize = 1_200;
/// Recognised as hard to employ, of a hundred thousand who are unemployed or in flexible work, and of those employed.
pub(super) const HARD_TO_EMPLOY: [usize; 2] = [15_000, 800];
/// How many adults share a household, of a hundred thousand households.
pub(super) const ADULTS_PER_HOUSEHOLD: [usize; 4] = [26_000, 48_000, 16_000, 10_000];

/// What somebody does on the day the picture is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Status {
    /// At school or university.
    Student,
    /// Insured with an employer.
    Employee,
    /// In flexible work, paying the premium alone.
    Flexible,
    /// Runs a business of their own.
    Founder,
    /// Registered as unemployed.
    Unemployed,
    /// Neither at work nor looking for it.
    Inactive,
}

/// One person; the name and the ID follow from the number.
#[derive(Debug, Clone, Copy)]
pub(super) struct Person {
    pub(super) birth: Day,
    pub(super) sex: Sex,
    pub(super) band: u8,
    pub(super) status: Status,
    pub(super) household: u32,
    pub(super) town: u8,
    /// Where the household register is, six digits.
    pub(super) origin: u32,
    pub(super) graduation: Option<Day>,
    /// 1 (高级技师) to 5, 9 for none.
    pub(super) skill: u8,
    pub(super) veteran: bool,
    pub(super) disabled: bool,
    pub(super) hard_to_employ: bool,
    pub(super) owns_home: bool,
}

/// One household.
#[derive(Debug, Clone, Copy)]
pub(super) struct Household {
    pub(super) head: u32,
    pub(super) adults: u8,
    pub(super) low_income: bool,
    /// All who can work are unemployed.
    pub(super) zero_employment: bool,
}

/// Regions that people come from: some provinces' counties, with weights.
const ORIGINS: &[(u32, u32)] = &[
    (341_221, 18),
    (520_522, 16),
    (511_722, 12),
    (411_522, 10),
    (360_121, 9),
    (341_523, 8),
    (530_626, 7),
    (500_237, 6),
    (420_281, 5),
    (321_322, 4),
    (330_226, 3),
    (330_281, 2),
];

/// All people with their households, in the order of households.
pub(super) fn people(plan: &Plan) -> (Vec<Person>, Vec<Household>) {
    let draw = &mut Draw::new(plan.seed, Purpose::People, 0);
    let mut people = born(plan, draw);
    statuses(&mut people, draw);
    let households = households(plan, &mut people);
    schooling(plan, &mut people, draw);
    traits(plan, &mut people, draw);
    let households = hardship(&people, households, plan);
    (people, households)
}

/// Ages, in random order, and sexes.
fn born(plan: &Plan, draw: &mut Draw) -> Vec<Person> {
    let count = plan.people as usize;
    let mut ages = Dealer::new((0..count).collect(), draw);
    let mut birth = vec![(plan.as_of, 0_u8); count];
    for (band, (youngest, oldest, share)) in AGE_BANDS.iter().enumerate() {
        let last = band + 1 == AGE_BANDS.len();
        let members = if last { ages.take(count) } else { ages.share(*share) };
        let years = oldest - youngest + 1;
        for (place, member) in members.into_iter().enumerate() {
            // Each year of age in turn; the day within it by chance.
            let age = youngest + i32::try_from(place).unwrap_or(0) % years;
            let back = draw.between(0, 364);
            let day = plan.as_of.add_months(-12 * age).and_then(|day| day.add_days(-back));
            birth[member] = (day.unwrap_or(plan.as_of), u8::try_from(band).unwrap_or(0));
        }
    }
    let mut sexes = Dealer::new((0..count).collect::<Vec<usize>>(), draw);
    let mut sex = vec![Sex::Female; count];
    for member in sexes.share(MEN) {
        sex[member] = Sex::Male;
    }
    birth
        .into_iter()
        .zip(sex)
        .map(|((birth, band), sex)| Person {
            birth,
            sex,
            band,
            status: Status::Inactive,
            household: 0,
            town: 0,
            origin: plan.county(),
            graduation: None,
            skill: 9,
            veteran: false,
            disabled: false,
            hard_to_employ: false,
            owns_home: false,
        })
        .collect()
}

fn of_band(people: &[Person], band: usize) -> Vec<usize> {
    (0..people.len())
        .filter(|number| usize::from(people[*number].band) == band)
        .collect()
}

fn statuses(people: &mut [Person], draw: &mut Draw) {
    for (band, shares) in STATUS.iter().enumerate() {
        let mut members = Dealer::new(of_band(people, band), draw);
        for (status, share) in shares {
            for member in members.share(*share) {
                people[member].status = *status;
            }
        }
    }
}

/// Neighbouring numbers share a household and a town.
fn households(plan: &Plan, people: &mut [Person]) -> Vec<Household> {
    let draw = &mut Draw::new(plan.seed, Purpose::Households, 0);
    let weights = ADULTS_PER_HOUSEHOLD.map(|share| u32::try_from(share).unwrap_or(0));
    let towns = plan.town_weights();
    let mut households = Vec::with_capacity(people.len() / 2);
    let mut next = 0;
    while next < people.len() {
        let adults = (draw.weighted(&weights) + 1).min(people.len() - next);
        let number = u32::try_from(households.len()).unwrap_or(u32::MAX);
        let town = u8::try_from(draw.weighted(&towns)).unwrap_or(0);
        let migrant = draw.below(100_000) < u32::try_from(MIGRANTS).unwrap_or(0);
        let origin = if migrant {
            let weights: Vec<u32> = ORIGINS.iter().map(|(_, weight)| *weight).collect();
            ORIGINS
                .get(draw.weighted(&weights))
                .map_or(plan.county(), |(code, _)| *code)
        } else {
            plan.county()
        };
        for person in people.iter_mut().skip(next).take(adults) {
            (person.household, person.town, person.origin) = (number, town, origin);
        }
        households.push(Household {
            head: u32::try_from(next).unwrap_or(0),
            adults: u8::try_from(adults).unwrap_or(1),
            low_income: false,
            zero_employment: false,
        });
        next += adults;
    }
    households
}

/// Graduates and the day they left; students of the last years have the day they will.
fn schooling(plan: &Plan, people: &mut [Person], draw: &mut Draw) {
    let graduation = |person: &Person, years: i32| {
        let year = i32::from(person.birth.year()) + years;
        Day::new(i16::try_from(year).unwrap_or(2000), 6, 30)
    };
    let at_work = |person: &Person| matches!(person.status, Status::Employee | Status::Flexible | Status::Founder);
    let weights = GRADUATION_YEARS.map(|(_, weight)| weight);
    for (band, shares) in GRADUATES.iter().enumerate() {
        let mut old_enough = Vec::new();
        for member in of_band(people, band) {
            let person = &people[member];
            let years = GRADUATION_YEARS[draw.weighted(&weights)].0;
            let day = graduation(person, years).filter(|day| *day <= plan.as_of);
            if let Some(day) = day.filter(|_| person.status != Status::Student) {
                old_enough.push((member, day));
            }
        }
        let (working, others): (Vec<_>, Vec<_>) = old_enough.into_iter().partition(|(n, _)| at_work(&people[*n]));
        for (members, share) in [working, others].into_iter().zip(shares) {
            for (member, day) in Dealer::new(members, draw).share(*share) {
                people[member].graduation = Some(day);
            }
        }
    }
    for person in people.iter_mut().filter(|person| person.status == Status::Student) {
        let years = if civil::age(person.birth, plan.as_of).is_some_and(|age| age >= 19) {
            23
        } else {
            0
        };
        if years > 0 {
            person.graduation = graduation(person, years).filter(|day| *day > plan.as_of);
        }
    }
}

fn traits(plan: &Plan, people: &mut [Person], draw: &mut Draw) {
    let pick = |people: &[Person], wanted: &dyn Fn(&Person) -> bool| -> Vec<usize> {
        (0..people.len()).filter(|number| wanted(&people[*number])).collect()
    };
    let at_work = |p: &Person| matches!(p.status, Status::Employee | Status::Flexible | Status::Founder);
    let mut skilled = Dealer::new(pick(people, &at_work), draw);
    let holders = skilled.share(SKILLED);
    let mut levels = Dealer::new(holders, draw);
    for (level, share) in SKILL_LEVELS.iter().enumerate() {
        for member in levels.share(*share) {
            people[member].skill = u8::try_from(level + 1).unwrap_or(9);
        }
    }
    let may_be_veteran = |p: &Person| p.sex == Sex::Male && matches!(p.band, 1 | 2) && p.status != Status::Student;
    for member in Dealer::new(pick(people, &may_be_veteran), draw).share(VETERANS) {
        people[member].veteran = true;
    }
    for member in Dealer::new(pick(people, &|_| true), draw).share(DISABLED) {
        people[member].disabled = true;
    }
    let loose = |p: &Person| matches!(p.status, Status::Unemployed | Status::Flexible);
    for member in Dealer::new(pick(people, &loose), draw).share(HARD_TO_EMPLOY[0]) {
        people[member].hard_to_employ = true;
    }
    for member in Dealer::new(pick(people, &|p| p.status == Status::Employee), draw).share(HARD_TO_EMPLOY[1]) {
        people[member].hard_to_employ = true;
    }
    for person in people.iter_mut() {
        let per_mille = if person.origin == plan.county() { 700 } else { 120 };
        person.owns_home = person.band > 0 && draw.chance(per_mille);
    }
}

/// 低保 households, and households in which nobody who could work has work.
fn hardship(people: &[Person], mut households: Vec<Household>, plan: &Plan) -> Vec<Household> {
    let draw = &mut Draw::new(plan.seed, Purpose::Households, 1);
    for number in Dealer::new((0..households.len()).collect(), draw).share(LOW_INCOME_HOUSEHOLDS) {
        households[number].low_income = true;
    }
    for household in &mut households {
        let members = people
            .iter()
            .skip(household.head as usize)
            .take(usize::from(household.adults));
        let mut can_work = members
            .filter(|p| p.band < 5 && !matches!(p.status, Status::Student | Status::Inactive))
            .peekable();
        household.zero_employment = can_work.peek().is_some() && can_work.all(|p| p.status == Status::Unemployed);
    }
    households
}
