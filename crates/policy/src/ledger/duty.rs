//! A task as the ledger shows it: wording, light, and who might take it up.

use std::collections::BTreeMap;

use civil::Day;
use document::{DeadlineClass, Role};

use super::scope::{ROLES, Scope, Wanted, suggested_name};
use crate::Pack;
use crate::due::{Light, class_label, light};
use crate::item;
use crate::matching::role_word;
use crate::pack::{Assignment, Task};
use crate::suggest::Suggestion;

/// Stands before our own summary where no document is attached.
pub const SUMMARY: &str = "摘要（非原文，未挂接文件）";
/// Stands before our own summary where a document is attached that lacks the item.
const SUMMARY_ITEM_MISSING: &str = "摘要（非原文，所挂接文件缺此项）";

/// What is shown where the document says nothing.
pub const NOT_STATED: &str = "原文未载明";

/// What an installation and the day add to the packs.
#[derive(Debug)]
pub struct Sources<'a> {
    /// Official wording by pack, where a document is attached.
    pub wordings: &'a BTreeMap<String, Wording>,
    /// The day the lights are about.
    pub day: Day,
}

impl Sources<'_> {
    /// True where a document is attached to the pack.
    pub fn is_attached(&self, pack: &str) -> bool {
        self.wordings.get(pack).is_some_and(|wording| wording.attached)
    }
}

/// The official wording of a pack's tasks, out of the copy of the document that an installation keeps.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wording {
    /// True where a document is attached, whether or not it holds every item.
    pub attached: bool,
    /// By task: the wording, and whether facts of the item differ from the pack's.
    pub texts: BTreeMap<String, (String, bool)>,
}

impl Wording {
    /// The wording of a task, and whether facts of the item differ from the pack's.
    pub fn of(&self, task: &str) -> Option<(&str, bool)> {
        self.texts.get(task).map(|(text, differs)| (text.as_str(), *differs))
    }
}

/// 文号 of a document, else its title.
pub(super) fn title_or_number(pack: &Pack) -> String {
    let policy = &pack.policy;
    policy.number.clone().unwrap_or_else(|| policy.titled())
}

/// A task of a pack, as of a day, seen from a region.
#[derive(Debug)]
pub struct Duty<'a> {
    /// Its document.
    pub pack: &'a Pack,
    /// The task.
    pub task: &'a Task,
    /// True for a task of a region above the one asked for.
    pub above: bool,
    /// The units, each with who might take it up in the region asked for.
    pub units: Vec<(&'a Assignment, Option<Suggestion>)>,
    /// The official wording, where it is attached.
    pub official: Option<String>,
    /// True where the attached item differs from the pack in some fact.
    pub differs: bool,
    /// Its light; only a deadline of class `date` has one.
    pub light: Option<Light>,
    /// Days from the ledger's day to the due day; negative when it is past.
    pub days_left: Option<i32>,
    item_missing: bool,
}

impl<'a> Duty<'a> {
    /// The task as the scope and the sources show it.
    pub fn new(scope: &Scope<'a>, sources: &Sources<'_>, pack: &'a Pack, task: &'a Task, above: bool) -> Self {
        let wording = sources.wordings.get(pack.id());
        let found = wording.and_then(|wording| wording.of(&task.id));
        let light = light(&task.deadline, sources.day);
        Self {
            pack,
            task,
            above,
            units: task
                .assignments
                .iter()
                .map(|unit| (unit, scope.suggestion(unit, above)))
                .collect(),
            official: found.map(|(text, _)| text.to_owned()),
            differs: found.is_some_and(|(_, differs)| differs),
            light,
            days_left: task
                .deadline
                .due
                .filter(|_| light.is_some())
                .map(|due| sources.day.days_until(due)),
            item_missing: found.is_none() && wording.is_some_and(|wording| wording.attached),
        }
    }

    /// True where one of its units was asked for.
    pub fn concerns(&self, scope: &Scope<'_>) -> bool {
        matches!(scope.wanted, Wanted::All) || self.wanted_units(scope).next().is_some()
    }

    /// Its units that were asked for.
    pub fn wanted_units<'s>(
        &'s self,
        scope: &'s Scope<'_>,
    ) -> impl Iterator<Item = (&'a Assignment, Option<&'s Suggestion>)> {
        self.units
            .iter()
            .map(|(unit, suggestion)| (*unit, suggestion.as_ref()))
            .filter(|(unit, suggestion)| scope.wants(self.pack, unit, *suggestion))
    }

    /// The official wording, or our summary marked as one.
    pub fn content(&self) -> String {
        match &self.official {
            Some(text) if self.differs => format!("{text}\n（所挂接文件与政策文件库有差异）"),
            Some(text) => text.clone(),
            None if self.item_missing => format!("{SUMMARY_ITEM_MISSING}：{}", self.task.title),
            None => format!("{SUMMARY}：{}", self.task.title),
        }
    }

    /// By when: as printed, then the day it means.
    pub fn deadline(&self) -> String {
        let deadline = &self.task.deadline;
        let Some(raw) = &deadline.raw else {
            return NOT_STATED.to_owned();
        };
        match deadline.due.filter(|_| deadline.class == DeadlineClass::Date) {
            Some(due) if deadline.reading.is_some() => format!("{raw}\n（截至{due}，口径待确认）"),
            Some(due) => format!("{raw}\n（截至{due}）"),
            None => raw.clone(),
        }
    }

    /// The light with the days left, or the class of a deadline that has none.
    pub fn light_text(&self) -> String {
        match (self.light, self.days_left) {
            (Some(light), Some(days)) if days < 0 => {
                format!("{}（已过{}天）", light.word(), days.unsigned_abs())
            }
            (Some(light), Some(0)) => format!("{}（今日到期）", light.word()),
            (Some(light), Some(days)) => format!("{}（剩{days}天）", light.word()),
            _ => class_label(self.task.deadline.class).to_owned(),
        }
    }

    /// The units by role: 牵头：甲 / 配合：乙、丙等.
    pub fn units_text(&self) -> String {
        if self.units.is_empty() {
            let recipients = &self.pack.policy.recipients;
            let recipients = if recipients.is_empty() {
                NOT_STATED.to_owned()
            } else {
                recipients.join("、")
            };
            return format!("原文未写责任单位，主送机关：{recipients}");
        }
        let mut lines: Vec<String> = Vec::new();
        if self.units_with(Role::Lead).is_empty() {
            lines.push("牵头单位待明确".to_owned());
        }
        for role in ROLES {
            let names = self.units_with(role);
            if !names.is_empty() {
                lines.push(format!("{}：{}", role_word(role), names.join("、")));
            }
        }
        lines.join("\n")
    }

    /// The names with one role, 等 after those it is printed after.
    pub fn units_with(&self, role: Role) -> Vec<String> {
        self.task
            .units(role)
            .map(|unit| format!("{}{}", *unit.unit, if unit.open_ended { "等" } else { "" }))
            .collect()
    }

    /// Who might take it up in the region asked for, marked as a suggestion; empty for a task of its own.
    pub fn suggestions_text(&self) -> String {
        let mut lines: Vec<String> = Vec::new();
        for (unit, suggestion) in &self.units {
            let Some(suggestion) = suggestion else {
                continue;
            };
            let role = role_word(unit.role);
            let what = match (suggested_name(Some(suggestion)), suggestion) {
                (Some(name), _) => name.to_owned(),
                (None, Suggestion::Vertical) => "垂直管理机构，不作建议".to_owned(),
                (None, _) => "待明确".to_owned(),
            };
            lines.push(format!("{what}（对应{}，{role}）", *unit.unit));
        }
        if lines.is_empty() {
            return String::new();
        }
        format!("建议承接单位（仅供参考，未指派）：{}", lines.join("；"))
    }

    /// Where the task stands: 文号, else the title, and the item.
    pub fn basis(&self) -> String {
        format!("{}{}", title_or_number(self.pack), item::words(&self.task.id))
    }

    /// The number as the ledger shows it, which tells the parts of one item apart.
    pub fn item_number(&self) -> String {
        item::number(&self.task.id)
    }
}
