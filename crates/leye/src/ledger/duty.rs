//! A task as the ledger shows it: wording, light, and who might take it up.

use std::collections::BTreeMap;

use civil::Day;
use document::{DeadlineClass, Role};
use policy::due::{Light, class_label, light};
use policy::pack::{Assignment, Task};
use policy::suggest::Suggestion;
use policy::{Library, Pack};

use super::scope::{Scope, suggested_name};
use crate::attachment::{Wording, wording};
use crate::failure::Failure;
use crate::home::Home;

/// Stands before our own summary where no document is attached.
pub(crate) const SUMMARY: &str = "摘要（非原文，未挂接文件）";
/// Stands before our own summary where a document is attached that lacks the item.
const SUMMARY_ITEM_MISSING: &str = "摘要（非原文，所挂接文件缺此项）";

/// What the home and the clock add to the packs.
pub(super) struct Sources<'a> {
    wordings: BTreeMap<&'a str, Wording>,
    day: Day,
    /// What could not be read of the home, in Chinese.
    pub(super) remarks: Vec<String>,
}

impl<'a> Sources<'a> {
    /// Reads the attached documents. One that cannot be read is said so, and the summaries stand in.
    pub(super) fn of(library: &'a Library, home: &Home, day: Day) -> Self {
        let mut sources = Self {
            wordings: BTreeMap::new(),
            day,
            remarks: Vec::new(),
        };
        match home.is_there() {
            Ok(true) => sources.read(library, home),
            Ok(false) => {}
            Err(failure) => sources.remark("原文", failure),
        }
        sources
    }

    fn read(&mut self, library: &'a Library, home: &Home) {
        for pack in library.packs.values() {
            match wording(home, pack.id()) {
                Ok(found) => drop(self.wordings.insert(pack.id(), found)),
                Err(failure) => self.remark(&format!("{} 的原文", pack.id()), failure),
            }
        }
    }

    fn remark(&mut self, what: &str, failure: Failure) {
        if let Failure::Told { message, hint, .. } = failure {
            self.remarks
                .push(format!("提示：{what}未能读取，以摘要代替：{message}。{hint}"));
        }
    }

    /// True where a document is attached to the pack.
    pub(super) fn is_attached(&self, pack: &str) -> bool {
        self.wordings.get(pack).is_some_and(|wording| wording.attached)
    }
}

/// A task of a pack, as of a day, seen from a region.
pub(super) struct Duty<'a> {
    pub(super) pack: &'a Pack,
    pub(super) task: &'a Task,
    /// True for a task of a region above the one asked for.
    pub(super) above: bool,
    /// The units, each with who might take it up in the region asked for.
    pub(super) units: Vec<(&'a Assignment, Option<Suggestion>)>,
    /// The official wording, where it is attached.
    pub(super) official: Option<String>,
    /// True where the attached item differs from the pack in some fact.
    pub(super) differs: bool,
    pub(super) light: Option<Light>,
    /// Days from the ledger's day to the due day; negative when it is past.
    pub(super) days_left: Option<i32>,
    item_missing: bool,
}

impl<'a> Duty<'a> {
    pub(super) fn new(scope: &Scope<'a>, sources: &Sources<'a>, pack: &'a Pack, task: &'a Task, above: bool) -> Self {
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
    pub(super) fn concerns(&self, scope: &Scope<'_>) -> bool {
        matches!(scope.wanted, super::scope::Wanted::All) || self.wanted_units(scope).next().is_some()
    }

    /// Its units that were asked for.
    pub(super) fn wanted_units<'s>(
        &'s self,
        scope: &'s Scope<'_>,
    ) -> impl Iterator<Item = (&'a Assignment, Option<&'s Suggestion>)> {
        self.units
            .iter()
            .map(|(unit, suggestion)| (*unit, suggestion.as_ref()))
            .filter(|(unit, suggestion)| scope.wants(unit, *suggestion))
    }

    /// The official wording, or our summary marked as one.
    pub(super) fn content(&self) -> String {
        match &self.official {
            Some(text) if self.differs => format!("{text}\n（所挂接文件与政策文件库有差异）"),
            Some(text) => text.clone(),
            None if self.item_missing => format!("{SUMMARY_ITEM_MISSING}：{}", self.task.title),
            None => format!("{SUMMARY}：{}", self.task.title),
        }
    }

    /// By when: as printed, then the day it means.
    pub(super) fn deadline(&self) -> String {
        let deadline = &self.task.deadline;
        let Some(raw) = &deadline.raw else {
            return crate::duties::NOT_STATED.to_owned();
        };
        match deadline.due.filter(|_| deadline.class == DeadlineClass::Date) {
            Some(due) if deadline.reading.is_some() => format!("{raw}\n（截至{due}，口径待确认）"),
            Some(due) => format!("{raw}\n（截至{due}）"),
            None => raw.clone(),
        }
    }

    /// The light with the days left, or the class of a deadline that has none.
    pub(super) fn light_text(&self) -> String {
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
    pub(super) fn units_text(&self) -> String {
        if self.units.is_empty() {
            let recipients = &self.pack.policy.recipients;
            let recipients = if recipients.is_empty() {
                crate::duties::NOT_STATED.to_owned()
            } else {
                recipients.join("、")
            };
            return format!("原文未写责任单位，主送机关：{recipients}");
        }
        let mut lines: Vec<String> = Vec::new();
        if self.units_with(Role::Lead).is_empty() {
            lines.push("牵头单位待明确".to_owned());
        }
        for role in super::scope::ROLES {
            let names = self.units_with(role);
            if !names.is_empty() {
                lines.push(format!("{}：{}", policy::matching::role_word(role), names.join("、")));
            }
        }
        lines.join("\n")
    }

    /// The names with one role, 等 after those it is printed after.
    pub(super) fn units_with(&self, role: Role) -> Vec<String> {
        self.task
            .units(role)
            .map(|unit| format!("{}{}", *unit.unit, if unit.open_ended { "等" } else { "" }))
            .collect()
    }

    /// Who might take it up in the region asked for, marked as a suggestion; empty for a task of its own.
    pub(super) fn suggestions_text(&self) -> String {
        let mut lines: Vec<String> = Vec::new();
        for (unit, suggestion) in &self.units {
            let Some(suggestion) = suggestion else {
                continue;
            };
            let role = policy::matching::role_word(unit.role);
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

    /// Where the task stands: 文号, else the title, and the item as printed.
    pub(super) fn basis(&self) -> String {
        let policy = &self.pack.policy;
        let document = match &policy.number {
            Some(number) => number.clone(),
            None => format!("《{}》", policy.title),
        };
        // The letter of a further row is ours, not the document's.
        let item = self.task.id.trim_end_matches(|c: char| c.is_ascii_lowercase());
        format!("{document}第{item}项")
    }

    /// The number as the ledger shows it: the id, which tells the rows of one item apart.
    pub(super) fn item_number(&self) -> &str {
        &self.task.id
    }
}
