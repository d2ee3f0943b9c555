//! The ledger on the terminal, by unit, and as the rows of a workbook.

use document::Role;
use policy::Pack;
use policy::matching::role_word;
use report::ledger::{Entry, Involvement, Ledger, Part};
use report::table::{Column, Table};

use super::AsOf;
use super::duty::{Duty, SUMMARY, Sources};
use super::scope::{Scope, Wanted, suggested_name};
use crate::failure::Failure;
use crate::screen::Screen;

/// Heading of tasks whose document names units and no lead.
const LEAD_OPEN: &str = "牵头单位待明确";
/// Heading of tasks whose document names no unit.
const NO_UNIT: &str = "原文未写责任单位";
/// Heading of a parent's tasks for which no unit can be suggested.
const NO_SUGGESTION: &str = "建议承接单位待明确";

/// The tasks under one unit.
struct Group<'a, 'd> {
    region: String,
    heading: String,
    /// The unit is only suggested.
    suggested: bool,
    rows: Vec<(&'d Duty<'a>, Option<Role>)>,
}

/// Prints the ledger.
pub(super) fn print(
    screen: &mut Screen,
    scope: &Scope<'_>,
    sources: &Sources<'_>,
    as_of: AsOf,
    duties: &[Duty<'_>],
) -> Result<(), Failure> {
    screen.line(&format!("责任台账　{}", note(scope, as_of, duties.len())))?;
    for remark in pack_remarks(scope, sources, as_of, duties) {
        screen.line(&remark)?;
    }
    for group in groups(scope, duties) {
        screen.line("")?;
        screen.line(&group.title(scope, as_of))?;
        let mut table = Table::new(vec![
            Column::new("编号", 4, 6),
            Column::new("分工", 4, 4),
            Column::new("工作内容", 20, 72),
            Column::new("责任单位", 12, 44),
            Column::new("完成时限", 8, 24),
            Column::new("到期灯", 6, 14),
            Column::new("文件依据", 10, 26),
        ]);
        for (duty, role) in &group.rows {
            let mut units = duty.units_text();
            let suggestions = duty.suggestions_text();
            if !suggestions.is_empty() {
                units = format!("{units}\n{suggestions}");
            }
            table.rows.push(vec![
                duty.item_number().to_owned(),
                role.map_or("", role_word).to_owned(),
                duty.content(),
                units,
                duty.deadline(),
                duty.light_text(),
                duty.basis(),
            ]);
        }
        let rendered = table.render(screen.width());
        screen.raw(&rendered)?;
    }
    Ok(())
}

/// The same tasks as a workbook: one row a task.
pub(super) fn workbook(scope: &Scope<'_>, sources: &Sources<'_>, as_of: AsOf, duties: &[Duty<'_>]) -> Ledger {
    let mut note = note(scope, as_of, duties.len());
    for remark in pack_remarks(scope, sources, as_of, duties) {
        note.push('\n');
        note.push_str(&remark);
    }
    let mut regions: Vec<String> = duties.iter().map(|duty| region_name(scope, duty.pack)).collect();
    regions.dedup();
    // 市财政局 of two cities are two units, and each has its own sheet.
    let names_region = regions.len() > 1 && scope.region.is_none();
    Ledger {
        title: "责任台账".to_owned(),
        note,
        entries: duties.iter().map(|duty| entry(scope, duty, names_region)).collect(),
    }
}

fn note(scope: &Scope<'_>, as_of: AsOf, count: usize) -> String {
    let basis = if as_of.asked {
        ""
    } else {
        "（未指定，取所载文件最晚的知悉日）"
    };
    let region = match scope.region {
        Some(region) => format!("{}（{}）及上级文件", region.name, *region.code),
        None => "全部地区".to_owned(),
    };
    let wanted = match &scope.wanted {
        Wanted::All => String::new(),
        Wanted::Unit { asked, .. } => format!("　单位：{asked}"),
        Wanted::Function(function) => format!("　职能：{}（{}）", function.name, *function.id),
    };
    format!("基准日：{}{basis}　范围：{region}{wanted}　共 {count} 项", as_of.day)
}

/// What must be known of each pack whose tasks are listed before its rows are read.
fn pack_remarks(scope: &Scope<'_>, sources: &Sources<'_>, as_of: AsOf, duties: &[Duty<'_>]) -> Vec<String> {
    let mut remarks = Vec::new();
    for (pack, _) in &scope.packs {
        if !duties.iter().any(|duty| duty.pack.id() == pack.id()) {
            continue;
        }
        let number = crate::duties::stated(pack.policy.number.as_deref());
        let wording = if sources.is_attached(pack.id()) {
            "已挂接原文"
        } else {
            SUMMARY
        };
        remarks.push(format!(
            "{}《{}》（文号：{number}）：{wording}",
            pack.id(),
            pack.policy.title
        ));
        if let Some(known) = pack.policy.known_from.as_ref().filter(|known| as_of.day < *known.date) {
            remarks.push(format!(
                "{}：基准日早于该文件的知悉日 {}（{}）",
                pack.id(),
                *known.date,
                known.basis
            ));
        }
    }
    if duties.iter().any(|duty| duty.above) {
        remarks.push("上级文件任务的建议承接单位按职能推算，仅供参考，未作指派。".to_owned());
    }
    remarks
}

impl Group<'_, '_> {
    /// The unit, the name it bears on the ledger's day if that is another, and how many tasks it has.
    fn title(&self, scope: &Scope<'_>, as_of: AsOf) -> String {
        let count = |wanted: Role| self.rows.iter().filter(|(_, role)| *role == Some(wanted)).count();
        let roles: Vec<String> = super::scope::ROLES
            .into_iter()
            .filter(|role| count(*role) > 0)
            .map(|role| format!("{} {} 项", role_word(role), count(role)))
            .collect();
        let mark = if self.suggested {
            "（建议承接单位，仅供参考，未指派）"
        } else {
            ""
        };
        let counts = if roles.is_empty() {
            format!("{} 项", self.rows.len())
        } else {
            roles.join("，")
        };
        let now = scope.library.units.successor(&self.heading, as_of.day);
        let now = now.map(|name| format!("（现名：{name}）")).unwrap_or_default();
        format!("【{}】{}{now}{mark}：{counts}", self.region, self.heading)
    }
}

/// By unit, in order of first appearance; tasks without a unit to stand under come last. Without a filter a task
/// stands under its leads only, with one under every unit asked for.
fn groups<'a, 'd>(scope: &Scope<'a>, duties: &'d [Duty<'a>]) -> Vec<Group<'a, 'd>> {
    let mut groups: Vec<Group<'a, 'd>> = Vec::new();
    let mut open: Vec<Group<'a, 'd>> = Vec::new();
    for duty in duties {
        let region = region_of(scope, duty);
        let mut stands = false;
        for (unit, suggestion) in duty.wanted_units(scope) {
            if matches!(scope.wanted, Wanted::All) && unit.role != Role::Lead {
                continue;
            }
            let (heading, suggested) = match (duty.above, suggested_name(suggestion)) {
                (false, _) => (unit.unit.as_str(), false),
                (true, Some(name)) => (name, true),
                (true, None) => continue,
            };
            add(&mut groups, &region, heading, suggested, duty, Some(unit.role));
            stands = true;
        }
        if !stands {
            let heading = match (duty.units.is_empty(), duty.above, duty.task.units(Role::Lead).next()) {
                (true, ..) => NO_UNIT,
                (false, true, Some(_)) => NO_SUGGESTION,
                (false, ..) => LEAD_OPEN,
            };
            add(&mut open, &region, heading, false, duty, None);
        }
    }
    groups.extend(open);
    groups
}

fn add<'a, 'd>(
    groups: &mut Vec<Group<'a, 'd>>,
    region: &str,
    heading: &str,
    suggested: bool,
    duty: &'d Duty<'a>,
    role: Option<Role>,
) {
    let known = groups
        .iter()
        .position(|group| group.region == region && group.heading == heading && group.suggested == suggested);
    let index = known.unwrap_or_else(|| {
        let (region, heading) = (region.to_owned(), heading.to_owned());
        groups.push(Group {
            region,
            heading,
            suggested,
            rows: Vec::new(),
        });
        groups.len() - 1
    });
    groups[index].rows.push((duty, role));
}

/// The region a task is shown under: the one asked for, for tasks from above, else the document's own.
fn region_of(scope: &Scope<'_>, duty: &Duty<'_>) -> String {
    match scope.region.filter(|_| duty.above) {
        Some(region) => region.name.clone(),
        None => region_name(scope, duty.pack),
    }
}

fn region_name(scope: &Scope<'_>, pack: &Pack) -> String {
    let code = pack.policy.region.as_ref();
    code.and_then(|code| scope.library.regions.get(code))
        .map_or_else(|| "地区未载明".to_owned(), |region| region.name.clone())
}

fn entry(scope: &Scope<'_>, duty: &Duty<'_>, names_region: bool) -> Entry {
    let region = region_name(scope, duty.pack);
    let lead = duty.units_with(Role::Lead);
    let mut support = duty.units_with(Role::Support).join("、");
    let responsible = duty.units_with(Role::Responsible);
    if !responsible.is_empty() {
        let line = format!("责任单位：{}", responsible.join("、"));
        support = if support.is_empty() {
            line
        } else {
            format!("{support}\n{line}")
        };
    }
    let mut remarks = vec![format!("到期灯：{}", duty.light_text())];
    if duty.units.is_empty() {
        remarks.push(duty.units_text());
    }
    remarks.push(duty.suggestions_text());
    remarks.retain(|remark| !remark.is_empty());
    Entry {
        no: duty.item_number().to_owned(),
        project: format!("{}\n{}", region, duty.task.section.join(" ")).trim().to_owned(),
        content: duty.content(),
        basis: duty.basis(),
        lead: if lead.is_empty() {
            crate::duties::LEAD_OPEN.to_owned()
        } else {
            lead.join("、")
        },
        support,
        deadline: duty.deadline(),
        remarks: remarks.join("\n"),
        units: duty
            .units
            .iter()
            .map(|(unit, _)| Involvement {
                unit: if names_region {
                    format!("{region} {}", *unit.unit)
                } else {
                    unit.unit.to_string()
                },
                part: part(unit.role),
            })
            .collect(),
        ..Entry::default()
    }
}

fn part(role: Role) -> Part {
    match role {
        Role::Lead => Part::Lead,
        Role::Support => Part::Support,
        Role::Responsible => Part::Responsible,
    }
}
