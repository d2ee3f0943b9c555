//! A document against the pack made of it: item by item, what agrees, what differs, what is missing.

use std::collections::BTreeMap;
use std::fmt;

use document::{DeadlineClass, Extraction, PartRole, Role};

use crate::due::class_label;
use crate::pack::{Deadline, Pack, Task};

/// Share of common units, in percent, from which an item counts as the same although its part or order is not.
const SAME_ITEM_PERCENT: usize = 50;
/// Share of the pack's items, in percent, that must agree for a document without number and title to be taken for it.
const SAME_DOCUMENT_PERCENT: usize = 50;
/// Most pairs of items compared when numbers are of no use: enough for any ledger, a bound for a hostile file.
const MAX_COMPARISONS: usize = 1_000_000;
/// Likeness of titles, in percent of common pairs of characters, from which they count as the same.
const SAME_TITLE_PERCENT: usize = 80;

/// How a document compares with a pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matching {
    /// One entry for each task of the pack, in order.
    pub items: Vec<Item>,
    /// Indices of the document's tasks that no task of the pack stands for, in the parts the pack covers.
    pub extra: Vec<usize>,
}

/// A task of the pack and the item of the document that stands for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Index into [`Pack::tasks`].
    pub task: usize,
    /// Index into [`Extraction::tasks`]; `None` where the document lacks the item.
    pub found: Option<usize>,
    /// The facts that differ; empty where everything agrees or the item is missing.
    pub differences: Vec<Difference>,
}

/// A fact that differs; prints as a Chinese clause, first the pack's side, then the document's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    /// The document does not name this unit.
    UnitMissing(String, Role),
    /// The pack does not name this unit.
    UnitExtra(String, Role),
    /// The unit is there with another role.
    Role(String, Role, Role),
    /// The unit is a group in one and not in the other; the value is the pack's.
    Collective(String, bool),
    /// 等 stands after the unit in one and not in the other; the value is the pack's.
    OpenEnded(String, bool),
    /// A rule of the document puts the unit here in one and not in the other; the value is the pack's.
    Inherited(String, bool),
    /// The item bears another number, or none: the pack's, the document's.
    Number(String, String),
    /// Class or due day differ: the pack's, the document's.
    Deadline(String, String),
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = |f: &mut fmt::Formatter<'_>, unit: &str, what: &str, ours: bool| {
            let (in_pack, in_file) = if ours { ("是", "否") } else { ("否", "是") };
            write!(f, "“{unit}”{what}：文件库为{in_pack}，所附文件为{in_file}")
        };
        match self {
            Self::UnitMissing(unit, role) => {
                write!(f, "单位：所附文件缺“{unit}”（{}）", role_word(*role))
            }
            Self::UnitExtra(unit, role) => {
                write!(f, "单位：所附文件多“{unit}”（{}）", role_word(*role))
            }
            Self::Role(unit, ours, theirs) => {
                let (ours, theirs) = (role_word(*ours), role_word(*theirs));
                write!(f, "分工：“{unit}”文件库为{ours}，所附文件为{theirs}")
            }
            Self::Collective(unit, ours) => mark(f, unit, "是否统称", *ours),
            Self::OpenEnded(unit, ours) => mark(f, unit, "后是否有“等”", *ours),
            Self::Inherited(unit, ours) => mark(f, unit, "是否依统一规定列入", *ours),
            Self::Number(ours, theirs) if theirs.is_empty() => {
                write!(f, "序号：文件库为{ours}，所附文件没有")
            }
            Self::Number(ours, theirs) => write!(f, "序号：文件库为{ours}，所附文件为{theirs}"),
            Self::Deadline(ours, theirs) => {
                write!(f, "完成时限：文件库为{ours}，所附文件为{theirs}")
            }
        }
    }
}

/// 牵头, 配合 or 责任.
pub fn role_word(role: Role) -> &'static str {
    match role {
        Role::Lead => "牵头",
        Role::Support => "配合",
        Role::Responsible => "责任",
    }
}

/// Why a document is not taken for the pack's, in Chinese.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WrongDocument {
    /// Both carry a 发文字号, and they differ.
    #[error("所附文件的文号为“{theirs}”，政策文件库中为“{ours}”，不是同一份文件")]
    Number {
        /// The pack's.
        ours: String,
        /// The document's.
        theirs: String,
    },
    /// Neither number nor title says so, and too few items agree.
    #[error("所附文件没有相同的文号或标题，{total} 项任务中只有 {alike} 项的责任单位相符，不像是“{title}”")]
    Unlike {
        /// The pack's title.
        title: String,
        /// Items whose units mostly agree.
        alike: usize,
        /// Tasks of the pack.
        total: usize,
    },
    /// Not one item was found.
    #[error("所附文件中没有找到“{title}”的任何一项任务")]
    NoItem {
        /// The pack's title.
        title: String,
    },
}

impl Matching {
    /// Compares item by item: by part and number, in order where several rows share a number, and by the units they
    /// name; what is left over by number and units across parts, then, for copies that lost their numbers, by order and
    /// units alone.
    pub fn of(pack: &Pack, extraction: &Extraction) -> Self {
        let mut pairs: Vec<Option<usize>> = vec![None; pack.tasks.len()];
        let mut free = vec![true; extraction.tasks.len()];
        for (key, ours) in groups(pack.tasks.iter().map(|task| (*task.part, task.no.as_str()))) {
            let theirs = (0..extraction.tasks.len()).filter(|index| {
                let task = &extraction.tasks[*index];
                part_role(extraction, task.part) == Some(key.0) && task.no == key.1
            });
            let theirs: Vec<usize> = theirs.collect();
            for (our, their) in align(pack, extraction, &ours, &theirs) {
                pairs[our] = Some(their);
                free[their] = false;
            }
        }
        for (our, pair) in pairs.iter_mut().enumerate().filter(|(_, pair)| pair.is_none()) {
            let task = &pack.tasks[our];
            let found = (0..extraction.tasks.len()).find(|their| {
                free[*their]
                    && extraction.tasks[*their].no == task.no
                    && likeness(task, &extraction.tasks[*their]) >= SAME_ITEM_PERCENT
            });
            if let Some(their) = found {
                *pair = Some(their);
                free[their] = false;
            }
        }
        pair_in_order(pack, extraction, &mut pairs, &mut free);
        let covered = |role: PartRole| pack.parts.iter().any(|part| *part.role == role);
        let extra = (0..extraction.tasks.len())
            .filter(|index| free[*index])
            .filter(|index| part_role(extraction, extraction.tasks[*index].part).is_none_or(covered))
            .collect();
        let items = pairs.into_iter().enumerate().map(|(task, found)| Item {
            task,
            found,
            differences: found.map_or_else(Vec::new, |found| {
                differences(&pack.tasks[task], &extraction.tasks[found])
            }),
        });
        Self {
            items: items.collect(),
            extra,
        }
    }

    /// Says whether the document can be the pack's own: by number, else by title, else by the units of its items.
    ///
    /// # Errors
    /// [`WrongDocument`], with both sides.
    pub fn identify(&self, pack: &Pack, extraction: &Extraction) -> Result<(), WrongDocument> {
        let title = || pack.policy.title.clone();
        if self.items.iter().all(|item| item.found.is_none()) {
            return Err(WrongDocument::NoItem { title: title() });
        }
        let numbers = pack.parts.iter().filter_map(|part| {
            let ours = part.number.as_deref()?;
            let theirs = extraction
                .parts
                .iter()
                .find(|other| other.role == *part.role)?
                .number
                .as_deref()?;
            Some((ours, theirs))
        });
        let mut numbers = numbers.collect::<Vec<_>>();
        if let Some(at) = numbers.iter().position(|(ours, theirs)| folded(ours) != folded(theirs)) {
            let (ours, theirs) = numbers.swap_remove(at);
            return Err(WrongDocument::Number {
                ours: ours.to_owned(),
                theirs: theirs.to_owned(),
            });
        }
        if !numbers.is_empty() || same_title(pack, extraction) {
            return Ok(());
        }
        let alike = self.items.iter().filter(|item| {
            let task = &pack.tasks[item.task];
            !task.assignments.is_empty()
                && item
                    .found
                    .is_some_and(|found| likeness(task, &extraction.tasks[found]) >= SAME_ITEM_PERCENT)
        });
        let (alike, total) = (alike.count(), pack.tasks.len());
        if alike * 100 >= total * SAME_DOCUMENT_PERCENT {
            return Ok(());
        }
        Err(WrongDocument::Unlike {
            title: title(),
            alike,
            total,
        })
    }
}

/// Indices by key, in order of first appearance within a key.
fn groups<K: Ord>(keys: impl Iterator<Item = K>) -> BTreeMap<K, Vec<usize>> {
    let mut groups: BTreeMap<K, Vec<usize>> = BTreeMap::new();
    for (index, key) in keys.enumerate() {
        groups.entry(key).or_default().push(index);
    }
    groups
}

fn part_role(extraction: &Extraction, part: usize) -> Option<PartRole> {
    extraction.parts.get(part).map(|part| part.role)
}

/// Pairs the rows of one item in order so that as many as possible are paired, and those whose units agree best.
fn align(pack: &Pack, extraction: &Extraction, ours: &[usize], theirs: &[usize]) -> Vec<(usize, usize)> {
    // A pair counts for more than any agreement it costs.
    best_pairs(ours, theirs, |our, their| {
        Some(1_000 + likeness(&pack.tasks[our], &extraction.tasks[their]))
    })
}

/// The pairs, in order on both sides, that are worth most together; those worth nothing are not made.
fn best_pairs(ours: &[usize], theirs: &[usize], worth: impl Fn(usize, usize) -> Option<usize>) -> Vec<(usize, usize)> {
    // best[i][j]: the most that ours[i..] and theirs[j..] can be worth.
    let mut best = vec![vec![0_usize; theirs.len() + 1]; ours.len() + 1];
    let mut worths = vec![vec![None; theirs.len()]; ours.len()];
    for i in (0..ours.len()).rev() {
        for j in (0..theirs.len()).rev() {
            worths[i][j] = worth(ours[i], theirs[j]);
            let paired = worths[i][j].map_or(0, |worth| best[i + 1][j + 1] + worth);
            best[i][j] = paired.max(best[i + 1][j]).max(best[i][j + 1]);
        }
    }
    let (mut i, mut j, mut pairs) = (0, 0, Vec::new());
    while i < ours.len() && j < theirs.len() {
        if worths[i][j].is_some_and(|worth| best[i][j] == best[i + 1][j + 1] + worth) {
            pairs.push((ours[i], theirs[j]));
            (i, j) = (i + 1, j + 1);
        } else if best[i][j] == best[i + 1][j] {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs
}

/// Pairs what is left over in order, where the units mostly agree; a task without units agrees with nothing here.
fn pair_in_order(pack: &Pack, extraction: &Extraction, pairs: &mut [Option<usize>], free: &mut [bool]) {
    let ours: Vec<usize> = (0..pairs.len())
        .filter(|our| pairs[*our].is_none() && !pack.tasks[*our].assignments.is_empty())
        .collect();
    let theirs: Vec<usize> = (0..free.len()).filter(|their| free[*their]).collect();
    if ours.len() * theirs.len() > MAX_COMPARISONS {
        return;
    }
    let worth = |our: usize, their: usize| {
        let likeness = likeness(&pack.tasks[our], &extraction.tasks[their]);
        (likeness >= SAME_ITEM_PERCENT).then_some(likeness)
    };
    for (our, their) in best_pairs(&ours, &theirs, worth) {
        pairs[our] = Some(their);
        free[their] = false;
    }
}

/// Share of common unit names, in percent; two tasks without units are alike.
fn likeness(ours: &Task, theirs: &document::Task) -> usize {
    let total = ours.assignments.len() + theirs.assignments.len();
    if total == 0 {
        return 100;
    }
    let names: Vec<String> = theirs
        .assignments
        .iter()
        .map(|assignment| folded(&assignment.unit))
        .collect();
    let common = ours
        .assignments
        .iter()
        .filter(|assignment| names.contains(&folded(&assignment.unit)))
        .count();
    (common * 200 / total).min(100)
}

fn differences(ours: &Task, theirs: &document::Task) -> Vec<Difference> {
    let mut differences = Vec::new();
    if ours.no != theirs.no {
        differences.push(Difference::Number(ours.no.clone(), theirs.no.clone()));
    }
    let mut left: Vec<&document::Assignment> = theirs.assignments.iter().collect();
    let mut unpaired = Vec::new();
    for assignment in &ours.assignments {
        let name = folded(&assignment.unit);
        let found = left
            .iter()
            .position(|other| folded(&other.unit) == name && other.role == assignment.role);
        match found.map(|at| left.remove(at)) {
            Some(other) => marks(assignment, other, &mut differences),
            None => unpaired.push(assignment),
        }
    }
    for assignment in unpaired {
        let name = folded(&assignment.unit);
        let unit = assignment.unit.to_string();
        match left
            .iter()
            .position(|other| folded(&other.unit) == name)
            .map(|at| left.remove(at))
        {
            Some(other) => {
                differences.push(Difference::Role(unit, assignment.role, other.role));
                marks(assignment, other, &mut differences);
            }
            None => differences.push(Difference::UnitMissing(unit, assignment.role)),
        }
    }
    differences.extend(
        left.iter()
            .map(|other| Difference::UnitExtra(other.unit.clone(), other.role)),
    );
    if (ours.deadline.class, ours.deadline.due) != (theirs.deadline.class, theirs.deadline.due) {
        differences.push(Difference::Deadline(
            pack_deadline(&ours.deadline),
            file_deadline(&theirs.deadline),
        ));
    }
    differences
}

fn marks(ours: &crate::pack::Assignment, theirs: &document::Assignment, differences: &mut Vec<Difference>) {
    let unit = ours.unit.to_string();
    if ours.collective != theirs.collective {
        differences.push(Difference::Collective(unit.clone(), ours.collective));
    }
    if ours.open_ended != theirs.open_ended {
        differences.push(Difference::OpenEnded(unit.clone(), ours.open_ended));
    }
    if ours.inherited != theirs.inherited {
        differences.push(Difference::Inherited(unit, ours.inherited));
    }
}

fn pack_deadline(deadline: &Deadline) -> String {
    described(deadline.class, deadline.due, deadline.raw.as_deref())
}

fn file_deadline(deadline: &document::Deadline) -> String {
    described(deadline.class, deadline.due, deadline.raw.as_deref())
}

fn described(class: DeadlineClass, due: Option<civil::Day>, raw: Option<&str>) -> String {
    let what = match due {
        Some(due) => due.to_string(),
        None => class_label(class).to_owned(),
    };
    match raw {
        Some(raw) => format!("{what}（{raw}）"),
        None => what,
    }
}

fn same_title(pack: &Pack, extraction: &Extraction) -> bool {
    let ours = pack
        .parts
        .iter()
        .filter_map(|part| part.title.as_deref())
        .chain([pack.policy.title.as_str()]);
    let theirs: Vec<String> = extraction
        .parts
        .iter()
        .filter_map(|part| part.title.as_deref())
        .chain(extraction.document.title.as_deref())
        .map(folded)
        .collect();
    ours.map(folded)
        .any(|ours| theirs.iter().any(|theirs| alike(&ours, theirs)))
}

/// True where one title is the other, or nearly: offices drop 关于 or the issuer's name.
fn alike(ours: &str, theirs: &str) -> bool {
    let pairs = |text: &str| -> Vec<(char, char)> { text.chars().zip(text.chars().skip(1)).collect() };
    let (a, mut b) = (pairs(ours), pairs(theirs));
    let total = a.len() + b.len();
    let common = a.iter().filter(|pair| {
        b.iter()
            .position(|other| other == *pair)
            .map(|at| b.swap_remove(at))
            .is_some()
    });
    let common = common.count();
    total > 0 && common * 200 >= total * SAME_TITLE_PERCENT
}

/// White space and punctuation removed, brackets as one kind: two spellings of one name are equal.
fn folded(name: &str) -> String {
    name.chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| match c {
            '(' | '〔' | '[' | '［' | '（' | '【' => '（',
            ')' | '〕' | ']' | '］' | '）' | '】' => '）',
            c => c,
        })
        .collect()
}
