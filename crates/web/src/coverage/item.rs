//! The items of a pack with everything that cites them, and the clauses of a copy that nothing cites.

use std::collections::BTreeSet;

use document::{Extraction, PartRole};
use policy::Pack;
use policy::pack::Cite;
use rules::catalogue::Catalogue;

/// A place of the document: a task by its id, or a heading of a part by its number as printed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    /// The part; `None` where the pack leaves it open.
    pub(super) part: Option<PartRole>,
    /// The item; empty for the part as a whole.
    pub(super) item: String,
}

impl Key {
    pub(super) fn of(cite: &Cite) -> Self {
        Self {
            part: cite.part.as_ref().map(|part| **part),
            item: cite.item.as_ref().map(|item| item.to_string()).unwrap_or_default(),
        }
    }
}

/// An item with what became of it.
#[derive(Debug, Clone)]
pub struct Item {
    pub(super) key: Key,
    /// On screen: 第24项, 通知正文三（一）.
    pub label: String,
    /// In our own words; empty for a heading that is no task.
    pub title: String,
    /// Tasks.
    pub tasks: usize,
    /// Ids of benefits.
    pub benefits: Vec<String>,
    /// Ids of targets.
    pub targets: Vec<String>,
    /// Ids of duties to report, publish and the like, and of windows.
    pub duties: Vec<String>,
    /// Clauses that a person must judge.
    pub untranslated: usize,
    /// Clauses marked as carrying no duty.
    pub no_duty: usize,
}

impl Item {
    /// The task's id, or the number of the heading as printed.
    pub fn id(&self) -> &str {
        &self.key.item
    }

    /// True where nothing carries it.
    pub fn is_nowhere(&self) -> bool {
        self.tasks + self.untranslated + self.no_duty == 0
            && self.benefits.is_empty()
            && self.targets.is_empty()
            && self.duties.is_empty()
    }
}

/// What a part is called on screen.
pub(super) fn part_name(role: PartRole) -> &'static str {
    match role {
        PartRole::Body => "正文",
        PartRole::Cover => "转发通知",
        PartRole::Forwarded => "被转发文件",
        PartRole::Notice => "通知正文",
        PartRole::Annex => "附件",
    }
}

/// Every task of the pack, then every heading that something cites.
pub(super) fn items(catalogue: &Catalogue, pack: &Pack) -> Vec<Item> {
    let mut items: Vec<Item> = pack
        .tasks
        .iter()
        .map(|task| Item {
            key: Key {
                part: Some(*task.part),
                item: task.id.to_string(),
            },
            label: policy::item::words(&task.id),
            title: task.title.clone(),
            tasks: 1,
            benefits: Vec::new(),
            targets: Vec::new(),
            duties: Vec::new(),
            untranslated: 0,
            no_duty: 0,
        })
        .collect();
    for benefit in catalogue.benefits.all().filter(|benefit| benefit.pack == pack.id()) {
        let own = std::iter::once(&benefit.cite).chain(
            benefit
                .conditions
                .iter()
                .filter_map(|condition| condition.cite.as_ref()),
        );
        let cited: BTreeSet<&str> = own
            .filter(|cite| cite.document == pack.id())
            .map(|cite| cite.item.as_str())
            .collect();
        for id in cited {
            let item = at(
                &mut items,
                &Key {
                    part: None,
                    item: id.to_owned(),
                },
            );
            item.benefits.push(benefit.id.to_string());
            // A benefit leaves a clause to a person once, however many items its conditions cite.
            if id == benefit.cite.item.as_str() {
                item.untranslated += benefit.untranslated.len();
            }
        }
    }
    for target in &pack.targets {
        with(&mut items, target.cite.as_ref(), |item| {
            item.targets.push(target.id.to_string())
        });
    }
    for duty in &pack.duties {
        with(&mut items, duty.cite.as_ref(), |item| {
            item.duties.push(duty.id.to_string())
        });
    }
    for window in &pack.windows {
        with(&mut items, window.cite.as_ref(), |item| {
            item.duties.push(window.id.to_string())
        });
    }
    for clause in &pack.untranslated {
        with(&mut items, clause.cite.as_ref(), |item| item.untranslated += 1);
    }
    for clause in &pack.no_duty {
        with(&mut items, Some(&clause.cite), |item| item.no_duty += 1);
    }
    items
}

fn with(items: &mut Vec<Item>, cite: Option<&Cite>, change: impl FnOnce(&mut Item)) {
    if let Some(cite) = cite {
        change(at(items, &Key::of(cite)));
    }
}

/// The item at a place, made where it is a heading that is no task.
fn at<'i>(items: &'i mut Vec<Item>, key: &Key) -> &'i mut Item {
    let found = items.iter().position(|item| {
        item.key.item == key.item && (key.part.is_none() || item.key.part.is_none() || item.key.part == key.part)
    });
    let place = found.unwrap_or_else(|| {
        let part = key.part.map_or("", part_name);
        items.push(Item {
            key: key.clone(),
            label: format!("{part}{}", key.item),
            title: String::new(),
            tasks: 0,
            benefits: Vec::new(),
            targets: Vec::new(),
            duties: Vec::new(),
            untranslated: 0,
            no_duty: 0,
        });
        items.len() - 1
    });
    &mut items[place]
}

/// Clauses of the copy that nothing cites: items without a task in the pack, and numbered points of parts that hold no
/// task at all.
pub(super) fn uncited_clauses(pack: &Pack, items: &[Item], extraction: &Extraction, text: &str) -> Vec<String> {
    let matching = policy::matching::Matching::of(pack, extraction);
    let mut found: Vec<String> = matching
        .extra
        .iter()
        .filter_map(|index| extraction.tasks.get(*index))
        .map(|task| format!("第{}项（政策文件库中没有对应任务）", task.no))
        .collect();
    for (at, part) in extraction.parts.iter().enumerate() {
        let covered = pack.parts.iter().any(|own| *own.role == part.role);
        if !covered || extraction.tasks.iter().any(|task| task.part == at) {
            continue;
        }
        let body = text.get(part.span.start..part.span.end).unwrap_or_default();
        let mut points = Points::default();
        for point in body.lines().filter_map(|line| points.at(line)) {
            let key = |item: &&Item| item.key.part == Some(part.role) && item.key.item == point;
            if !items.iter().any(|item| key(&item)) {
                found.push(format!("{}{point}", part_name(part.role)));
            }
        }
    }
    found
}

/// Follows the numbers of points through a text: 一、 begins 一, and （三） within it is 一（三）.
#[derive(Debug, Default)]
pub(super) struct Points {
    chapter: String,
}

impl Points {
    /// The place of the point that a paragraph begins; `None` where it begins none.
    pub(super) fn at(&mut self, line: &str) -> Option<String> {
        let line = line.trim();
        let digits = |text: &str| !text.is_empty() && text.chars().all(civil::numeral::is_numeral);
        if let Some((number, _)) = line.split_once('、').filter(|(number, _)| digits(number)) {
            number.clone_into(&mut self.chapter);
            return Some(self.chapter.clone());
        }
        let (number, _) = line.strip_prefix('（')?.split_once('）')?;
        digits(number).then(|| format!("{}（{number}）", self.chapter))
    }
}
