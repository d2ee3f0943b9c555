//! What the registers of persons say of one person.

use civil::Day;

use super::draw::{Draw, Purpose};
use super::out::Rows;
use super::people::{Person, Status};
use super::tables::Table;
use super::world::World;
use super::{codes, faults, names};

/// Skill levels by number, as the register words them.
const SKILLS: [&str; 5] = ["高级技师", "技师", "高级工", "中级工", "初级工"];
const OCCUPATIONS: [&str; 8] = [
    "电工", "焊工", "钳工", "车工", "数控铣工", "养老护理员", "育婴员", "电子商务师",
];
const SCHOOLS: [&str; 6] = [
    "甬东大学", "海曙理工学院", "三北职业技术学院", "余姚江工程学院", "杭湾大学", "越州师范学院",
];

/// Months since the death, the imprisonment, the first pension of those whose premiums are still paid.
const DEAD_FOR: u32 = 2;
const IN_PRISON_FOR: u32 = 4;
const RETIRED_FOR: u32 = 5;

/// The ID of a person.
pub(super) fn id_of(person: &Person, number: u32) -> String {
    codes::resident_id(person.birth, person.sex, number)
}

/// Writes one person.
pub(super) fn write(world: &World, number: u32, person: &Person, rows: &mut Rows) {
    let draw = &mut Draw::new(world.plan.seed, Purpose::Person, u64::from(number));
    let id = id_of(person, number);
    let name = names::person(draw);
    let fault = world.faults.of_person(number);
    main_row(world, number, person, (&id, &name), draw.clone(), rows);
    match fault {
        Some(faults::DECEASED_INSURED) => rows.plant(faults::DECEASED_INSURED, Table::Person, &id),
        Some(faults::CHECK_DIGIT) => {
            let wrong = codes::wrong_check(&id);
            main_row(world, number, person, (&wrong, &name), draw.clone(), rows);
            rows.plant(faults::CHECK_DIGIT, Table::Person, &wrong);
        }
        Some(faults::TWO_IDS) => {
            if let Some(old) = codes::fifteen_digits(&id) {
                main_row(world, number, person, (&old, &name), draw.clone(), rows);
                rows.plant(faults::TWO_IDS, Table::Person, &old);
            }
        }
        Some(faults::UNLINKED_IDS) => {
            let birth = person.birth.add_months(-12).unwrap_or(person.birth);
            let before = Person { birth, ..*person };
            let old = id_of(&before, number);
            main_row(world, number, &before, (&old, &name), draw.clone(), rows);
            rows.plant(faults::UNLINKED_IDS, Table::Person, &old);
        }
        Some(faults::SHARED_ACCOUNT) => rows.plant(faults::SHARED_ACCOUNT, Table::Person, &id),
        _ => {}
    }
    departments(world, number, &id, rows);
    household(world, number, person, &id, rows);
    groups(world, person, &id, draw, rows);
}

fn education(person: &Person, draw: &mut Draw) -> &'static str {
    if person.graduation.is_some() {
        return ["研究生", "大学本科", "大学专科"][draw.weighted(&[6, 46, 48])];
    }
    ["中等职业教育", "高中", "初中", "小学"][draw.weighted(&[14, 16, 52, 18])]
}

fn main_row(world: &World, number: u32, person: &Person, (id, name): (&str, &str), mut draw: Draw, rows: &mut Rows) {
    let plan = &world.plan;
    let education = education(person, &mut draw);
    let started = person
        .birth
        .add_months(12 * draw.between(18, 23))
        .filter(|day| *day < plan.as_of);
    let started = started.filter(|_| !matches!(person.status, Status::Student));
    let status = match world.faults.of_person(number) {
        Some(faults::DECEASED_INSURED) => "死亡",
        Some(faults::IN_PRISON) => "服刑",
        _ => "正常",
    };
    rows.row(Table::Person)
        .text(id)
        .text(name)
        .text(person.sex.chinese())
        .day(person.birth)
        .text(&format!("P{number:08}"))
        // No number of a mobile network begins with 100.
        .text(&format!("100{number:08}"))
        .text(education)
        .day_or_empty(started)
        .text(&plan.town_code(person.town))
        .text(status)
        .text(&names::account(world.faults.account_of(number)))
        .number(u64::from(person.origin))
        .flag(matches!(person.status, Status::Unemployed | Status::Inactive))
        .end();
}

/// What other departments know.
fn departments(world: &World, number: u32, id: &str, rows: &mut Rows) {
    match world.faults.of_person(number) {
        Some(faults::DECEASED_INSURED) => {
            let died = world.plan.day_back(DEAD_FOR, 5);
            rows.row(Table::Death).text(id).day(died).end();
        }
        Some(faults::IN_PRISON) => {
            let from = world.plan.day_back(IN_PRISON_FOR, 10);
            rows.row(Table::Imprisonment).text(id).day(from).end();
            rows.plant(faults::IN_PRISON, Table::Imprisonment, id);
        }
        Some(faults::PENSION_DRAWN) => {
            let from = world.plan.day_back(RETIRED_FOR, 1);
            rows.row(Table::Pension).text(id).day(from).flag(true).end();
            rows.plant(faults::PENSION_DRAWN, Table::Pension, id);
        }
        _ => {}
    }
}

fn household(world: &World, number: u32, person: &Person, id: &str, rows: &mut Rows) {
    let low_income = world
        .households
        .get(person.household as usize)
        .is_some_and(|household| household.low_income);
    let head = world
        .households
        .get(person.household as usize)
        .map_or(number, |household| household.head);
    let status = match person.status {
        Status::Student => "在校学生",
        _ if person.band == 5 => "退休人员",
        _ => "法定劳动年龄内",
    };
    let relation = match number - head {
        0 => "户主",
        1 => "配偶",
        _ if person.band <= 1 => "子女",
        _ if person.band >= 4 => "父母",
        _ => "其他",
    };
    rows.row(Table::HouseholdMember)
        .text(&format!("H{:08}", person.household))
        .text(id)
        .text(relation)
        .text(status)
        .flag(low_income)
        .end();
}

/// Registers that hold only some.
fn groups(world: &World, person: &Person, id: &str, draw: &mut Draw, rows: &mut Rows) {
    let plan = &world.plan;
    let Some(household) = world.households.get(person.household as usize) else {
        return;
    };
    let recently = |draw: &mut Draw, most: i32| {
        let back = u32::try_from(draw.between(1, most)).unwrap_or(1);
        plan.day_back(back, draw.between(1, 28))
    };
    if let Some(graduation) = person.graduation {
        let degree = education(person, &mut draw.clone());
        rows.row(Table::Graduate)
            .text(id)
            .text(draw.one_of(&SCHOOLS).unwrap_or(&""))
            .text(degree)
            // Who still studies is no graduate yet: the day is the one expected.
            .flag(graduation <= plan.as_of)
            .day(graduation)
            .flag(person.status == Status::Student && draw.chance(600))
            .flag(person.status == Status::Student)
            .day_or_empty(Some(graduation).filter(|day| *day <= plan.as_of))
            .end();
    }
    if person.hard_to_employ || household.zero_employment {
        let kind = match () {
            () if household.zero_employment => "零就业家庭成员",
            () if person.disabled => "残疾",
            () if household.low_income => "享受最低生活保障",
            () if person.band >= 3 => "大龄",
            () => ["失地", "连续失业1年以上"][draw.weighted(&[40, 60])],
        };
        rows.row(Table::HardToEmploy)
            .text(id)
            .text(kind)
            .day(recently(draw, 24))
            .flag(true)
            .flag(household.zero_employment)
            .end();
    }
    if person.veteran {
        rows.row(Table::Veteran)
            .text(id)
            .day(recently(draw, 60))
            .flag(true)
            .flag(true)
            .end();
    }
    if person.disabled {
        let issued = recently(draw, 100);
        let grade = ["一级", "二级", "三级", "四级"][draw.weighted(&[12, 28, 30, 30])];
        rows.row(Table::Disabled)
            .text(id)
            .text(grade)
            .day(issued)
            .day_or_empty(issued.add_months(120))
            .flag(true)
            .end();
    }
    if household.low_income {
        rows.row(Table::Hardship)
            .text(id)
            .text("最低生活保障")
            .day(recently(draw, 36))
            .flag(true)
            .end();
    }
    if let Some(level) = SKILLS.get(usize::from(person.skill).wrapping_sub(1)) {
        let issued: Day = recently(draw, 90);
        let number = format!("S{}", id.get(6..17).unwrap_or(""));
        rows.row(Table::Certificate)
            .text(id)
            .text(&number)
            .text(draw.one_of(&OCCUPATIONS).unwrap_or(&""))
            .day(issued)
            .text(level)
            .end();
    }
    if person.status == Status::Flexible {
        rows.row(Table::FlexibleWork)
            .text(id)
            .day(recently(draw, 30))
            .flag(true)
            .end();
    }
    // Only what somebody had reason to look up is known of homes.
    if person.owns_home || person.skill <= 2 {
        rows.row(Table::PersonFinding)
            .text(id)
            .day(recently(draw, 6))
            .flag(person.owns_home)
            .end();
    }
}
