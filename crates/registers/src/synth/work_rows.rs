//! What the registers of work say of one person: contracts, insurance, monthly contributions, times of unemployment.

use civil::Day;

use super::career::{self, Career, Registration, Spell, career};
use super::draw::{Draw, Purpose};
use super::out::Rows;
use super::people::{Person, Status};
use super::person_rows::id_of;
use super::plan::MONTHS;
use super::tables::Table;
use super::world::World;
use super::{codes, faults};

/// Pension, unemployment, medical and injury insurance together, employer and employee, in thousandths of the base.
const PREMIUM: u64 = 342;
/// What somebody in flexible work pays: pension and medical alone.
const PREMIUM_ALONE: u64 = 250;
/// Unemployment benefit of a month.
const BENEFIT_FEN: u64 = 166_000;
/// Months that a second employer pays in the fraud of that name.
const DOUBLE_MONTHS: i32 = 8;
/// Months that an employer pays for somebody who draws unemployment benefit.
const ELSEWHERE_MONTHS: i32 = 3;
/// The age at which people in the registers of a synthetic region draw a pension.
const RETIRED_AT: i32 = 60;
/// Serial numbers of employers that are nowhere.
const NOWHERE: u32 = 90_000_000;

/// Writes one person's work.
pub(super) fn write(world: &World, number: u32, person: &Person, rows: &mut Rows) {
    let mut career = career(&world.plan, &world.employers, person, number);
    let id = id_of(person, number);
    let fault = world.faults.of_person(number);
    let draw = &mut Draw::new(world.plan.seed, Purpose::Services, u64::from(number));
    if matches!(fault, Some(faults::OWNER_DRAWS_BENEFIT | faults::INSURED_ELSEWHERE)) {
        draw_benefit(world, &mut career);
    }
    for spell in &career.spells {
        contributions(world, &id, spell, career.base_fen, rows);
        if let Some(employer) = spell.employer {
            contract(world, (&id, fault), employer, spell, draw, rows);
            rows.insured.push((employer, spell.paid));
        }
    }
    if fault == Some(faults::DOUBLE_INSURANCE) {
        second_insurance(world, &id, &career, draw, rows);
    }
    if fault == Some(faults::INSURED_ELSEWHERE) {
        insured_elsewhere(world, &id, &career, draw, rows);
    }
    pension(world, &id, person, &career, rows);
    for registration in &career.registrations {
        unemployment(world, &id, registration, rows);
    }
    if let (Some(faults::OWNER_DRAWS_BENEFIT), Status::Unemployed) = (fault, person.status) {
        rows.plant(faults::OWNER_DRAWS_BENEFIT, Table::Unemployment, &id);
    }
    if fault == Some(faults::DUPLICATE_ROW) && !career.spells.is_empty() {
        rows.repeat(Table::Contribution);
        rows.plant(faults::DUPLICATE_ROW, Table::Contribution, &id);
    }
}

/// The registration of today comes last and draws benefit.
fn draw_benefit(world: &World, career: &mut Career) {
    let mut today: Vec<Registration> = career.registrations.extract_if(.., |r| r.cancelled.is_none()).collect();
    for registration in &mut today {
        let from = registration.on;
        registration.benefit = Some((from, from.add_months(12).unwrap_or(from).max(world.plan.as_of)));
    }
    career.registrations.append(&mut today);
}

fn contributions(world: &World, id: &str, spell: &Spell, base_fen: u64, rows: &mut Rows) {
    if spell.charged == 0 {
        return;
    }
    let employer = spell.employer.map(|number| world.code(number));
    // The base follows wages: about 6% less a year back, set in July.
    for back in (0..MONTHS).rev().filter(|back| spell.charged >> back & 1 == 1) {
        let Some(month) = world.months.get(back as usize).copied() else {
            continue;
        };
        let years = u64::from((back + 5) / 12);
        let base = base_fen / 100 * (100 - 6 * years) / 100 * 100;
        let paid = spell.paid >> back & 1 == 1;
        let alone = employer.is_none();
        let amount = base * if alone { PREMIUM_ALONE } else { PREMIUM } / 1000;
        let row = rows.row(Table::Contribution).text(id);
        let row = match &employer {
            Some(code) => row.text(code),
            None => row.empty(),
        };
        let row = row
            .month(month)
            .yuan(base)
            .flag(true)
            .flag(!alone)
            .flag(true)
            .flag(!alone)
            .flag(paid);
        if paid {
            // The twentieth, or what a file received on the day can tell of the month that is not over.
            let day = month.first_day().add_days(19).unwrap_or(month.first_day());
            row.yuan(amount).day(day.min(world.plan.as_of)).end();
        } else {
            row.number(0).empty().end();
        }
    }
}

fn contract(
    world: &World,
    (id, fault): (&str, Option<&'static str>),
    employer: u32,
    spell: &Spell,
    draw: &mut Draw,
    rows: &mut Rows,
) {
    let code = world.code(employer);
    let months = [12_i32, 24, 36, 60][draw.weighted(&[30, 15, 45, 10])];
    // A contract that ran out while its holder stayed was made again.
    let mut start = spell.contract;
    let until = spell.left.unwrap_or(world.plan.as_of);
    while let Some(next) = start.add_months(months).filter(|next| *next < until) {
        start = next;
    }
    let end = start.add_months(months).and_then(|day| day.add_days(-1));
    let kind = if world.employers.list.get(employer as usize).is_some_and(|e| e.kind == 4) {
        "聘用合同"
    } else {
        "劳动合同"
    };
    let write = |code: &str, months: &str, left: Option<Day>, rows: &mut Rows| {
        let row = rows
            .row(Table::Employment)
            .text(id)
            .text(code)
            .day(spell.contract)
            .day(spell.contract)
            .day_or_empty(end)
            .day_or_empty(left);
        let row = if left.is_some() {
            row.text(spell.reason.label())
        } else {
            row.empty()
        };
        row.text(kind).text(months).end();
    };
    write(code, &months.to_string(), spell.left, rows);
    if spell.last == 0 {
        match fault {
            Some(faults::DANGLING_REFERENCE) => {
                let nowhere = codes::credit_code("91", NOWHERE + employer);
                write(&nowhere, "12", None, rows);
                rows.plant(faults::DANGLING_REFERENCE, Table::Employment, id);
            }
            Some(faults::TEXT_NUMBER) => {
                let other = world.code(employer ^ 1);
                write(other, "十二个月", None, rows);
                rows.plant(faults::TEXT_NUMBER, Table::Employment, id);
            }
            _ => {}
        }
    }
    rows.row(Table::EmploymentInsurance)
        .text(id)
        .text(code)
        .day_or_empty(spell.left)
        .flag(spell.last == 0)
        .day(spell.contract.month().first_day())
        .end();
}

/// A second employer that pays in full for the same months.
fn second_insurance(world: &World, id: &str, career: &Career, draw: &mut Draw, rows: &mut Rows) {
    let Some(now) = career.spells.first() else {
        return;
    };
    let first = DOUBLE_MONTHS.min(now.first);
    let mut employer = world.employers.any(draw);
    while career.spells.iter().any(|spell| spell.employer == Some(employer)) {
        employer = (employer + 1) % u32::try_from(world.employers.list.len()).unwrap_or(1);
    }
    let charged = career::months(first, 0);
    let second = Spell {
        employer: Some(employer),
        first,
        contract: world.plan.day_back(u32::try_from(first).unwrap_or(0), 1),
        left: None,
        charged,
        paid: charged,
        ..now.clone()
    };
    contributions(world, id, &second, career.base_fen, rows);
    rows.plant(faults::DOUBLE_INSURANCE, Table::Contribution, id);
    contract(world, (id, None), employer, &second, draw, rows);
    rows.insured.push((employer, charged));
}

/// An employer that pays for somebody who draws unemployment benefit.
fn insured_elsewhere(world: &World, id: &str, career: &Career, draw: &mut Draw, rows: &mut Rows) {
    let first = ELSEWHERE_MONTHS - 1;
    let mut employer = world.employers.any(draw);
    while career.spells.iter().any(|spell| spell.employer == Some(employer)) {
        employer = (employer + 1) % u32::try_from(world.employers.list.len()).unwrap_or(1);
    }
    let charged = career::months(first, 0);
    let spell = Spell {
        employer: Some(employer),
        first,
        last: 0,
        contract: world.plan.day_back(u32::try_from(first).unwrap_or(0), 1),
        left: None,
        reason: career::Reason::Ended,
        charged,
        paid: charged,
    };
    contributions(world, id, &spell, career.base_fen, rows);
    rows.plant(faults::INSURED_ELSEWHERE, Table::Contribution, id);
    contract(world, (id, None), employer, &spell, draw, rows);
    rows.insured.push((employer, charged));
}

/// The pension of people past sixty who have left work for good: from the age of retirement, or from the month after all
/// else ended.
fn pension(world: &World, id: &str, person: &Person, career: &Career, rows: &mut Rows) {
    if person.band < 5 || person.status != Status::Inactive {
        return;
    }
    let ended = career.registrations.iter().filter_map(|registration| {
        let (benefit, cancelled) = (
            registration.benefit.map(|(_, to)| to),
            registration.cancelled.map(|(day, _)| day),
        );
        benefit.max(cancelled).max(Some(registration.on))
    });
    let left = career.spells.iter().filter_map(|spell| spell.left);
    let last = ended.chain(left).max().and_then(|day| day.add_months(1));
    let retired = person.birth.add_months(12 * RETIRED_AT);
    if let Some(from) = retired.max(last).filter(|from| *from <= world.plan.as_of) {
        rows.row(Table::Pension).text(id).day(from).flag(true).end();
    }
}

fn unemployment(world: &World, id: &str, registration: &Registration, rows: &mut Rows) {
    let row = rows.row(Table::Unemployment).text(id).day(registration.on);
    let row = match registration.former {
        Some(employer) => row.text(world.code(employer)),
        None => row.empty(),
    };
    let row = row
        .text(registration.reason)
        .day_or_empty(registration.benefit.map(|(from, _)| from))
        .day_or_empty(registration.benefit.map(|(_, to)| to));
    let row = match registration.cancelled {
        Some((day, why)) => row.day(day).text(why),
        None => row.empty().empty(),
    };
    // Who registered had left by the end of the month before.
    let left = registration.on.add_days(-i32::from(registration.on.day_of_month()));
    row.day_or_empty(left.filter(|_| registration.former.is_some()))
        .day_or_empty(registration.benefit.map(|(_, to)| to))
        .flag(registration.former.is_some())
        .end();
    let Some((from, to)) = registration.benefit else {
        return;
    };
    let mut month = from.month();
    while let Some(next) = month
        .add_months(1)
        .filter(|next| next.first_day() <= to.min(world.plan.as_of))
    {
        rows.row(Table::BenefitHistory)
            .text("dz-ui")
            .text(id)
            .empty()
            .day(next.first_day())
            .day(month.first_day())
            .day(month.last_day())
            .number(1)
            .yuan(BENEFIT_FEN)
            .end();
        month = next;
    }
}
