//! Tasks under the units that have them, and what must be said above a ledger.

use document::Role;

use super::duty::{Duty, NOT_STATED, SUMMARY, Sources};
use super::scope::{ROLES, Scope, Wanted, suggested_name};
use super::{AsOf, AsOfBasis};
use crate::Pack;
use crate::matching::role_word;

/// Heading of tasks whose document names units and no lead.
pub const LEAD_OPEN: &str = "牵头单位待明确";
/// Heading of tasks whose document names no unit.
const NO_UNIT: &str = "原文未写责任单位";
/// Heading of a parent's tasks for which no unit can be suggested.
const NO_SUGGESTION: &str = "建议承接单位待明确";

/// The tasks under one unit.
#[derive(Debug)]
pub struct Group<'a, 'd> {
    /// Name of the region.
    pub region: String,
    /// The unit, or what is said where none is stated.
    pub heading: String,
    /// The unit is only suggested.
    pub suggested: bool,
    /// The tasks, each with the unit's role.
    pub rows: Vec<(&'d Duty<'a>, Option<Role>)>,
}

/// The line under a ledger's heading: day, region, unit, count.
pub fn note(scope: &Scope<'_>, as_of: AsOf, count: usize) -> String {
    let basis = match as_of.basis {
        AsOfBasis::Asked => "",
        AsOfBasis::LatestKnownFrom => "（未指定，取所载文件最晚的知悉日）",
        AsOfBasis::Today => "（今天）",
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
pub fn pack_remarks(scope: &Scope<'_>, sources: &Sources<'_>, as_of: AsOf, duties: &[Duty<'_>]) -> Vec<String> {
    let mut remarks = Vec::new();
    for (pack, _) in &scope.packs {
        if !duties.iter().any(|duty| duty.pack.id() == pack.id()) {
            continue;
        }
        let number = pack.policy.number.as_deref().unwrap_or(NOT_STATED);
        let wording = if sources.is_attached(pack.id()) {
            "已挂接原文"
        } else {
            SUMMARY
        };
        remarks.push(format!(
            "{}{}（文号：{number}）：{wording}",
            pack.id(),
            pack.policy.titled()
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
    pub fn title(&self, scope: &Scope<'_>, as_of: AsOf) -> String {
        let count = |wanted: Role| self.rows.iter().filter(|(_, role)| *role == Some(wanted)).count();
        let roles: Vec<String> = ROLES
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
pub fn groups<'a, 'd>(scope: &Scope<'a>, duties: &'d [Duty<'a>]) -> Vec<Group<'a, 'd>> {
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
                (false, _) => (scope.unit_name(duty.pack, &unit.unit), false),
                (true, Some(name)) => (scope.suggested_unit_name(name), true),
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
    let rows = &mut groups[index].rows;
    // A unit that a task names twice, by two of its names, has one row for each part it has.
    if !rows
        .iter()
        .any(|(known, part)| std::ptr::eq(*known, duty) && *part == role)
    {
        rows.push((duty, role));
    }
}

/// The region a task is shown under: the one asked for, for tasks from above, else the document's own.
pub(super) fn region_of(scope: &Scope<'_>, duty: &Duty<'_>) -> String {
    match scope.region.filter(|_| duty.above) {
        Some(region) => region.name.clone(),
        None => region_name(scope, duty.pack),
    }
}

/// Name of the region a pack is for.
pub fn region_name(scope: &Scope<'_>, pack: &Pack) -> String {
    let code = pack.policy.region.as_ref();
    code.and_then(|code| scope.library.regions.get(code))
        .map_or_else(|| "地区未载明".to_owned(), |region| region.name.clone())
}
