//! What no single file can see: paths, ids, citations, parents, and names that must exist elsewhere.

use std::collections::{BTreeMap, BTreeSet};

use document::{LeadRule, PartRole, Role};

use crate::draft::DRAFT_TITLE;
use crate::file::{Diagnostics, Located, Place, Tree, meant};
use crate::pack::{Cite, Pack, Task};
use crate::policy_file::PART_ROLES;
use crate::regions::Regions;
use crate::units::Units;

/// Files of `shared/`.
const SHARED_FILES: [&str; 6] = [
    "facts.toml", "units.toml", "funds.toml", "regions.toml", "registers.toml", "situations.toml",
];
/// Folders of `shared/`.
const SHARED_FOLDERS: [&str; 3] = ["calendar", "checks", "parameters"];
/// Files of a pack.
const PACK_FILES: [&str; 4] = ["policy.toml", "tasks.toml", "targets.toml", "coverage.toml"];
/// Folders of a pack.
const PACK_FOLDERS: [&str; 4] = ["benefits", "cases", "checks", "parameters"];

/// Reports files that have no place in a tree of packs, and packs without `policy.toml`.
pub(crate) fn paths(tree: &Tree, diagnostics: &Diagnostics) {
    let report = |path: &str, message: &str, hint: String| {
        diagnostics.error(
            Place {
                file: tree.shown_path(path),
                line: 1,
                column: 1,
            },
            message,
            hint,
        );
    };
    for path in tree.paths() {
        let Some((folder, file)) = path.split_once('/') else {
            report(
                path,
                "政策文件库的根目录下不放文件",
                "请放入 shared 或某个政策文件的文件夹".to_owned(),
            );
            continue;
        };
        let (files, folders): (&[&str], &[&str]) = if folder == "shared" {
            (&SHARED_FILES, &SHARED_FOLDERS)
        } else {
            (&PACK_FILES, &PACK_FOLDERS)
        };
        match file.split_once('/') {
            None if files.contains(&file) => {}
            None => report(
                path,
                &format!("不认识的文件“{file}”"),
                meant(file, files.iter().copied()),
            ),
            Some((inner, name)) if folders.contains(&inner) && !name.contains('/') => {}
            Some((inner, _)) => {
                report(
                    path,
                    &format!("不认识的文件夹“{inner}”"),
                    meant(inner, folders.iter().copied()),
                );
            }
        }
    }
    for folder in pack_folders(tree) {
        let path = format!("{folder}/policy.toml");
        if tree.bytes(&path).is_none() {
            report(&path, "缺少 policy.toml", "请补上该文件，或删去这个文件夹".to_owned());
        }
    }
    for name in ["units.toml", "regions.toml"] {
        let path = format!("shared/{name}");
        if tree.bytes(&path).is_none() {
            report(&path, &format!("缺少 shared/{name}"), "请确认政策文件库完整".to_owned());
        }
    }
}

/// The folders that hold a pack, sorted.
pub(crate) fn pack_folders(tree: &Tree) -> BTreeSet<String> {
    tree.paths()
        .filter_map(|path| path.split_once('/'))
        .map(|(folder, _)| folder.to_owned())
        .filter(|folder| folder != "shared")
        .collect()
}

/// Reports an id that is not lower-case letters, digits and single hyphens.
pub(crate) fn kebab_case(id: &Located<String>, key: &str, diagnostics: &Diagnostics) {
    if !is_kebab_case(id) {
        let message = format!("“{key}”的值“{}”不合规范", **id);
        id.report(diagnostics, message, "只用小写英文字母、数字和单个“-”，如 dazu-2020");
    }
}

/// Lower-case letters and digits, in words joined by single hyphens.
pub(crate) fn is_kebab_case(text: &str) -> bool {
    let is_word = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    text.split('-').all(is_word)
}

/// Checks the packs against each other, the unit table and the regions.
pub(crate) fn packs(packs: &BTreeMap<String, Pack>, units: &Units, regions: &Regions, diagnostics: &Diagnostics) {
    let mut ids = Ids {
        seen: BTreeMap::new(),
        diagnostics,
    };
    for pack in packs.values() {
        let checker = Checker {
            pack,
            units,
            diagnostics,
        };
        checker.policy(packs, regions);
        checker.parts();
        checker.tasks();
        checker.windows_and_clauses();
        checker.targets_and_duties(&mut ids);
    }
    for pack in packs.values() {
        report_cycle(pack, packs, diagnostics);
    }
}

/// Ids that must be unique, with the place of the first.
struct Ids<'a> {
    seen: BTreeMap<String, Place>,
    diagnostics: &'a Diagnostics,
}

impl Ids<'_> {
    fn add(&mut self, id: &Located<String>) {
        if let Some(first) = self.seen.get(id.as_str()) {
            id.report(
                self.diagnostics,
                format!("编号“{}”重复", **id),
                format!("第一次出现在 {first}"),
            );
        } else {
            self.seen.insert(id.to_string(), id.place());
        }
    }
}

struct Checker<'a> {
    pack: &'a Pack,
    units: &'a Units,
    diagnostics: &'a Diagnostics,
}

impl Checker<'_> {
    fn policy(&self, packs: &BTreeMap<String, Pack>, regions: &Regions) {
        let policy = &self.pack.policy;
        if let Some(code) = &policy.region
            && regions.get(code).is_none()
        {
            code.report(
                self.diagnostics,
                format!("没有区划代码“{}”", **code),
                regions.hint(code),
            );
        }
        if let (Some(known), Some(date)) = (&policy.known_from, policy.date)
            && *known.date < date
        {
            let message = format!("知悉日期 {} 早于成文日期 {date}", *known.date);
            known
                .date
                .report(self.diagnostics, message, "成文之前无从知悉，请核对 known_from");
        }
        if let Some(parent) = &policy.parent {
            self.parent(parent, packs, regions);
        }
    }

    fn parent(&self, parent: &Located<String>, packs: &BTreeMap<String, Pack>, regions: &Regions) {
        let Some(above) = packs.get(parent.as_str()) else {
            let others = packs.keys().map(String::as_str).filter(|id| *id != self.pack.id());
            parent.report(
                self.diagnostics,
                format!("没有上级文件“{}”", **parent),
                meant(parent, others),
            );
            return;
        };
        if let (Some(here), Some(there)) = (&self.pack.policy.region, &above.policy.region)
            && regions.get(here).is_some()
            && regions.get(there).is_some()
            && !regions.is_within(here, there)
        {
            let message = format!("上级文件“{}”适用于 {}，不包含本文件的 {}", **parent, **there, **here);
            parent.report(self.diagnostics, message, "请核对 parent 和两个文件的 region");
        }
    }

    fn parts(&self) {
        let mut seen: Vec<PartRole> = Vec::new();
        for part in &self.pack.parts {
            if seen.contains(&part.role) {
                let message = format!("“{}”这一部分重复", word_of(*part.role));
                part.role.report(self.diagnostics, message, "每个部分只写一次");
            }
            seen.push(*part.role);
        }
    }

    fn has_part(&self, role: &Located<PartRole>) -> bool {
        let parts = &self.pack.parts;
        if parts.iter().any(|part| *part.role == **role) {
            return true;
        }
        // Without any part the file itself is broken, and that has been reported.
        if !parts.is_empty() {
            let known: Vec<&str> = parts.iter().map(|part| word_of(*part.role)).collect();
            let message = format!("本文件没有“{}”这一部分", word_of(**role));
            role.report(self.diagnostics, message, format!("可用的有：{}", known.join("、")));
        }
        false
    }

    fn tasks(&self) {
        let drafts: Vec<&Task> = self
            .pack
            .tasks
            .iter()
            .filter(|task| task.title == DRAFT_TITLE)
            .collect();
        if let Some(first) = drafts.first() {
            let message = format!("有 {} 项任务的摘要尚未拟写，第一项是“{}”", drafts.len(), *first.id);
            first
                .id
                .warn(self.diagnostics, message, "请对照原文，用自己的话概括成一个动作");
        }
        let mut ids = Ids {
            seen: BTreeMap::new(),
            diagnostics: self.diagnostics,
        };
        let mut unknown_units: BTreeSet<&str> = BTreeSet::new();
        for task in &self.pack.tasks {
            ids.add(&task.id);
            if !task_id_fits(&task.id, &task.no) {
                let message = format!("编号“{}”与序号“{}”不相符", *task.id, task.no);
                task.id.report(
                    self.diagnostics,
                    message,
                    "应为序号本身；同一序号的第二行起加 b、c…（如 3b），或用中文数字（如 三）",
                );
            }
            if let Some(before) = row_before(&task.id)
                && self
                    .pack
                    .task(&before)
                    .is_none_or(|row| row.no != task.no || *row.part != *task.part)
            {
                let message = format!("“{}”是续行，但前一行“{before}”不在同一部分中", *task.id);
                task.id
                    .report(self.diagnostics, message, "续行从 b 起依次编号，同一项的第一行不加字母");
            }
            self.has_part(&task.part);
            for assignment in &task.assignments {
                let name = assignment.unit.as_str();
                if self.pack.policy.lead_rule == LeadRule::None && assignment.role == Role::Lead {
                    let message = format!("“{name}”列为牵头单位，但 lead_rule 为 none");
                    assignment
                        .unit
                        .report(self.diagnostics, message, "原文未写牵头的，请列入 responsible");
                }
                if !assignment.collective && self.units.function_of(name).is_none() && unknown_units.insert(name) {
                    let message = format!("单位“{name}”不能归入任何职能");
                    assignment
                        .unit
                        .warn(self.diagnostics, message, "请在 shared/units.toml 中补上名称");
                }
            }
        }
    }

    fn windows_and_clauses(&self) {
        let mut ids = Ids {
            seen: BTreeMap::new(),
            diagnostics: self.diagnostics,
        };
        for window in &self.pack.windows {
            kebab_case(&window.id, "id", self.diagnostics);
            ids.add(&window.id);
            self.cite(window.cite.as_ref());
        }
        let mut ids = Ids {
            seen: BTreeMap::new(),
            diagnostics: self.diagnostics,
        };
        for cite in self.pack.no_duty.iter().map(|clause| &clause.cite) {
            self.cite(Some(cite));
        }
        for cite in self.pack.plain.iter().map(|figures| &figures.cite) {
            self.cite(Some(cite));
        }
        for clause in &self.pack.untranslated {
            kebab_case(&clause.id, "id", self.diagnostics);
            ids.add(&clause.id);
            self.cite(clause.cite.as_ref());
            // A word in Latin letters is meant as a function's id; anything else is a unit's name.
            if let Some(decides) = &clause.decides
                && decides.is_ascii()
            {
                self.function(decides);
            }
        }
    }

    fn targets_and_duties(&self, ids: &mut Ids<'_>) {
        for target in &self.pack.targets {
            kebab_case(&target.id, "id", self.diagnostics);
            ids.add(&target.id);
            self.cite(target.cite.as_ref());
        }
        for duty in &self.pack.duties {
            kebab_case(&duty.id, "id", self.diagnostics);
            ids.add(&duty.id);
            self.cite(duty.cite.as_ref());
            for function in &duty.by_function {
                self.function(function);
            }
        }
    }

    fn function(&self, id: &Located<String>) {
        if self.units.function(id).is_none() {
            let known = self
                .units
                .functions()
                .map(|function| function.id.as_str())
                .collect::<Vec<_>>();
            id.report(
                self.diagnostics,
                format!("没有职能“{}”", **id),
                meant(id, known.iter().copied()),
            );
        }
    }

    fn cite(&self, cite: Option<&Cite>) {
        let Some(cite) = cite else { return };
        let part_exists = cite.part.as_ref().is_none_or(|role| self.has_part(role));
        let Some(item) = &cite.item else { return };
        if !part_exists {
            return;
        }
        match &cite.part {
            // A heading of a part is no task; what it is numbered as printed can only be judged by its form.
            Some(role) => {
                let is_task = self.pack.task(item).is_some_and(|task| *task.part == **role);
                if !is_task && !is_heading_number(item) {
                    item.report(
                        self.diagnostics,
                        format!("“{}”不是条目编号", **item),
                        "应为任务编号或原文标题的序号，如 \"24\"、\"一\"、\"（三）\"",
                    );
                }
            }
            None => {
                if self.pack.task(item).is_none() {
                    let known = self.pack.tasks.iter().map(|task| task.id.as_str()).collect::<Vec<_>>();
                    let message = format!("本文件没有任务“{}”", **item);
                    item.report(self.diagnostics, message, meant(item, known.iter().copied()));
                }
            }
        }
    }
}

/// The word of a part's role in pack files.
fn word_of(role: PartRole) -> &'static str {
    PART_ROLES
        .iter()
        .find(|(_, known)| *known == role)
        .map_or("", |(word, _)| word)
}

/// `3` is the item 3, 三 the item 3 under its printed number, `3b` and 三b its second row.
fn task_id_fits(id: &str, no: &str) -> bool {
    if no.is_empty() || !no.bytes().all(|b| b.is_ascii_digit()) {
        return false;
    }
    let number = without_row(id);
    number == no
        || number.parse::<u64>().is_err() && civil::numeral::read(number).is_some_and(|value| value.to_string() == no)
}

/// The id of the row before: `3b` of `3c`, `3` of `3b`; `None` for the first row of an item.
fn row_before(id: &str) -> Option<String> {
    let row = id.bytes().next_back().filter(|row| matches!(row, b'b'..=b'z'))?;
    let number = without_row(id);
    Some(if row == b'b' {
        number.to_owned()
    } else {
        format!("{number}{}", char::from(row - 1))
    })
}

/// The number of an id without the letter of its row; a letter `a` is none.
fn without_row(id: &str) -> &str {
    id.strip_suffix(|c| matches!(c, 'b'..='z')).unwrap_or(id)
}

/// Numbers of headings as printed: 一, （三）, 1, 二（三）.
fn is_heading_number(text: &str) -> bool {
    text.chars()
        .all(|c| c.is_ascii_digit() || civil::numeral::is_numeral(c) || matches!(c, '（' | '）' | '.' | '．'))
        && text
            .chars()
            .any(|c| c.is_ascii_digit() || civil::numeral::is_numeral(c))
}

/// Reports a chain of parents that comes back to where it began.
fn report_cycle(pack: &Pack, packs: &BTreeMap<String, Pack>, diagnostics: &Diagnostics) {
    let mut chain = vec![pack.id()];
    let mut current = pack;
    while let Some(parent) = current.policy.parent.as_ref().and_then(|id| packs.get(id.as_str())) {
        if parent.id() == pack.id() {
            if let Some(id) = &pack.policy.parent {
                chain.push(pack.id());
                id.report(
                    diagnostics,
                    format!("上级文件成环：{}", chain.join(" → ")),
                    "请核对各文件的 parent",
                );
            }
            return;
        }
        if chain.contains(&parent.id()) {
            return;
        }
        chain.push(parent.id());
        current = parent;
    }
}
