//! What the registers of employers say, and the bodies that help: trainers, banks, agencies.

use super::draw::{Draw, Purpose};
use super::employers::{Employer, KINDS, TRADES};
use super::out::Rows;
use super::person_rows::id_of;
use super::plan::MONTHS;
use super::tables::Table;
use super::world::World;
use super::{SynthError, codes, faults, names};

/// Institutions: kind as the register words it, what its name ends with, how many.
pub(super) const INSTITUTIONS: [(&str, &str, u32); 5] = [
    ("培训机构", "职业培训学校", 12),
    ("银行", "村镇银行", 5),
    ("担保机构", "融资担保有限公司", 2),
    ("孵化机构", "创业孵化园", 4),
    ("人力资源服务机构", "人力资源服务有限公司", 8),
];
/// Serial numbers of institutions begin here, above those of employers.
const FIRST_INSTITUTION: u32 = 80_000_000;
/// Premium of a month and head, employer and employee, in fen; and its part for unemployment.
const PREMIUM_FEN: u64 = 310_000;
const UNEMPLOYMENT_FEN: u64 = 9_000;
/// Accounts of employers begin here, above those of people.
const FIRST_ACCOUNT: u32 = 10_000_000;

/// The code of the `place`-th institution of a kind.
pub(super) fn institution(kind: usize, place: u32) -> String {
    codes::credit_code("52", FIRST_INSTITUTION + u32::try_from(kind).unwrap_or(0) * 100 + place)
}

/// Writes all employers. `headcounts` holds for each employer and month, the last one first, the insured.
/// `full` takes the rows made so far.
pub(super) fn write(
    world: &World,
    headcounts: &[[u32; MONTHS as usize]],
    rows: &mut Rows,
    mut full: impl FnMut(&mut Rows) -> Result<(), SynthError>,
) -> Result<(), SynthError> {
    for (number, employer) in world.employers.list.iter().enumerate() {
        let serial = u32::try_from(number).unwrap_or(0);
        let counts = headcounts.get(number).copied().unwrap_or([0; MONTHS as usize]);
        one(world, serial, employer, &counts, rows);
        if number % 4096 == 4095 {
            full(rows)?;
        }
    }
    institutions(world, rows);
    full(rows)
}

fn size(staff: u32) -> &'static str {
    match staff {
        0..=19 => "微型",
        20..=299 => "小型",
        300..=999 => "中型",
        _ => "大型",
    }
}

fn one(world: &World, serial: u32, employer: &Employer, counts: &[u32; MONTHS as usize], rows: &mut Rows) {
    let plan = &world.plan;
    let draw = &mut Draw::new(plan.seed, Purpose::Employer, u64::from(serial));
    let code = world.code(serial);
    let kind = KINDS.get(usize::from(employer.kind)).map_or("企业", |kind| kind.0);
    let (trade, word, _) = TRADES
        .get(usize::from(employer.trade))
        .copied()
        .unwrap_or(("C38", "电器", 1));
    let ending = match employer.kind {
        0 => "有限公司",
        1 => "经营部",
        2 => "服务中心",
        3 => "协会",
        4 => "事务中心",
        _ => "管理局",
    };
    let name = format!("{}{word}{ending}", names::firm(draw));
    let owner = world.faults.owner_of(serial).or(employer.founder);
    let row = rows
        .row(Table::Employer)
        .text(code)
        .text(&name)
        .text(&format!("E{serial:08}"))
        .text(&format!("{trade}{:02}", draw.below(9) * 10 + 10))
        .day(employer.registered)
        .text(if employer.closed.is_some() { "注销" } else { "存续" });
    let row = match owner.and_then(|owner| world.people.get(owner as usize).map(|person| id_of(person, owner))) {
        Some(id) => row.text(&id),
        None => row.empty(),
    };
    row.text(&name)
        .text(&names::account(FIRST_ACCOUNT + serial))
        .text(kind)
        .text(&plan.town_code(employer.town))
        .end();
    if employer.shell {
        rows.plant(faults::SHELL_FIRM, Table::Employer, code);
    }
    let now = counts.first().copied().unwrap_or(0);
    if employer.kind == 0 {
        rows.row(Table::EmployerSize).text(code).text(size(now)).end();
    }
    if counts.iter().any(|count| *count > 0) {
        let staff = u64::from(now + now / 25);
        rows.row(Table::EmployerInsurance)
            .text(code)
            .text(&format!("E{serial:08}"))
            .number(staff)
            .number(u64::from(now))
            .end();
    }
    for (month, count) in world.months.iter().zip(counts).rev().filter(|(_, count)| **count > 0) {
        let heads = u64::from(*count);
        let late = draw.chance(8);
        rows.row(Table::Premium)
            .text(code)
            .month(*month)
            .number(heads)
            .yuan(heads * PREMIUM_FEN)
            .yuan(if late { 0 } else { heads * PREMIUM_FEN })
            .yuan(if late { 0 } else { heads * UNEMPLOYMENT_FEN })
            .end();
    }
}

fn institutions(world: &World, rows: &mut Rows) {
    let plan = &world.plan;
    for (kind, (label, ending, count)) in INSTITUTIONS.iter().enumerate() {
        for place in 0..*count {
            let serial = FIRST_INSTITUTION + u32::try_from(kind).unwrap_or(0) * 100 + place;
            let draw = &mut Draw::new(plan.seed, Purpose::Employer, u64::from(serial));
            let name = format!("{}{ending}", names::firm(draw));
            let registered = plan.day_back(60 + draw.below(100), draw.between(1, 28));
            let town = u8::try_from(draw.weighted(&plan.town_weights())).unwrap_or(0);
            rows.row(Table::Institution)
                .text(&institution(kind, place))
                .text(&name)
                .text(&plan.town_code(town))
                .day(registered)
                .text(&name)
                .text(&names::account(serial))
                .text(label)
                .end();
        }
    }
}
