//! 建议承接单位: which unit of a child region would take up a parent's task, by function. Only ever a suggestion.

use crate::library::Library;
use crate::pack::Pack;
use crate::regions::{Level, Region};

/// Why a unit is suggested, or why none is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Suggestion {
    /// A unit with the same function.
    Unit {
        /// Its name in the child region.
        name: String,
        /// True where a document of the child region uses this name; otherwise it is formed from the parent's.
        attested: bool,
    },
    /// The unit answers to its own ministry; the local government cannot task it.
    Vertical,
    /// The name means a group, and the child region's own government is one of it.
    Government {
        /// The child region's government.
        name: String,
    },
    /// The function is unknown, or the name means a group of other units.
    Open,
}

impl Library {
    /// The unit of `child` that has the function of `unit`, which a document of a region above names.
    pub fn suggest(&self, unit: &str, child: &Region) -> Suggestion {
        if self.units.is_vertical(unit) {
            return Suggestion::Vertical;
        }
        if let Some(level) = self.units.collective_level(unit) {
            let own = child.level == Level::Prefecture && level == "prefecture"
                || child.level == Level::County && level == "county";
            return match level_word(&child.name) {
                Some(word) if own => Suggestion::Government {
                    name: format!("{word}人民政府"),
                },
                _ => Suggestion::Open,
            };
        }
        let Some(function) = self.units.function_of(unit) else {
            return Suggestion::Open;
        };
        if let Some(name) = self.attested(&function.id, child) {
            return Suggestion::Unit { name, attested: true };
        }
        let Some(word) = level_word(&child.name) else {
            return Suggestion::Open;
        };
        // The parent's own wording, one level down (厅 becomes 局), where the table knows it; else the usual name.
        let own_stem = self.units.stem_of(unit).map(|stem| match stem.strip_suffix('厅') {
            Some(head) => format!("{head}局"),
            None => stem.to_owned(),
        });
        // 厅 is a province's and 部 the centre's, but for the departments of a Party committee (委宣传部).
        let is_local = |stem: &str| !stem.ends_with('厅') && (!stem.ends_with('部') || stem.starts_with('委'));
        let stem = own_stem
            .filter(|stem| is_local(stem) && function.stems.contains(stem))
            .or_else(|| {
                function
                    .stems
                    .iter()
                    .find(|stem| is_local(stem) && !stem.ends_with("部门"))
                    .cloned()
            });
        match stem {
            Some(stem) => Suggestion::Unit {
                name: format!("{word}{stem}"),
                attested: false,
            },
            None => Suggestion::Open,
        }
    }

    /// The name of the unit with this function that documents of the region use most; the first of several.
    fn attested(&self, function: &str, region: &Region) -> Option<String> {
        let mut uses: Vec<(String, usize)> = Vec::new();
        let assignments = self
            .packs_of(&region.code)
            .flat_map(|pack: &Pack| &pack.tasks)
            .flat_map(|task| &task.assignments);
        for assignment in assignments.filter(|assignment| !assignment.collective) {
            let name = assignment.unit.as_str();
            if self.units.function_of(name).is_none_or(|known| *known.id != function) || self.units.is_vertical(name) {
                continue;
            }
            match uses.iter_mut().find(|(known, _)| known == name) {
                Some((_, count)) => *count += 1,
                None => uses.push((name.to_owned(), 1)),
            }
        }
        let most = uses.iter().map(|(_, count)| *count).max()?;
        uses.into_iter().find(|(_, count)| *count == most).map(|(name, _)| name)
    }
}

/// The word by which a region's own units are known: 市 of 鞍山市, 区 of 大足区, 省 of 辽宁省.
pub(crate) fn level_word(name: &str) -> Option<&'static str> {
    const WORDS: [(&str, &str); 11] = [
        ("自治区", "自治区"),
        ("自治州", "州"),
        ("自治县", "县"),
        ("自治旗", "旗"),
        ("省", "省"),
        ("市", "市"),
        ("区", "区"),
        ("县", "县"),
        ("州", "州"),
        ("盟", "盟"),
        ("旗", "旗"),
    ];
    WORDS.iter().find(|(end, _)| name.ends_with(end)).map(|(_, word)| *word)
}
