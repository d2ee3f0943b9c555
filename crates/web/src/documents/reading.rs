//! One uploaded document: what was read of it, and what people corrected since.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use document::comparison::Comparison;
use document::{Extraction, Task};
use policy::reading::Understood;
use report::ledger::Ledger;

use super::MarkedText;
use super::correction::{Correction, corrected};
use crate::ledger::documents;

/// Most memory that the corrections of one document may take.
const MOST_CORRECTION_BYTES: usize = 1 << 20;
/// Most pairs of a comparison that is kept.
const MOST_KEPT_PAIRS: usize = 5_000;
/// Most characters of a file's name that are shown.
const MOST_NAME: usize = 120;

/// A document that was read, with its corrections.
#[derive(Debug)]
pub struct Reading {
    /// Name of the file, as it may be shown.
    pub file: String,
    /// What was read.
    pub understood: Understood,
    /// Its text with marks, in leaves.
    pub text: MarkedText,
    /// One of our own samples: everybody sees the same, so nobody corrects it.
    pub is_sample: bool,
    corrections: RwLock<BTreeMap<usize, Correction>>,
    /// Counts the changes of the corrections.
    revision: AtomicU64,
    /// The last comparison with an older version: pages of it are turned.
    compared: Mutex<Option<Compared>>,
    bytes: usize,
}

/// A comparison with an older version, and what it was made of.
#[derive(Debug)]
struct Compared {
    word: String,
    revisions: [u64; 2],
    comparison: Arc<Comparison>,
}

impl Reading {
    /// Of a document; `file` is what the browser calls it.
    pub fn new(file: &str, understood: Understood) -> Self {
        let text = MarkedText::of(&understood.source, &understood.extraction);
        let bytes = bytes_of(&understood) + text.bytes() + MOST_CORRECTION_BYTES;
        Self {
            file: shown_name(file),
            understood,
            text,
            is_sample: false,
            corrections: RwLock::default(),
            revision: AtomicU64::new(0),
            compared: Mutex::default(),
            bytes,
        }
    }

    /// Memory that it takes, nearly, with room for its corrections.
    pub const fn bytes(&self) -> usize {
        self.bytes
    }

    /// What was read, without corrections.
    pub const fn extraction(&self) -> &Extraction {
        &self.understood.extraction
    }

    /// The document's title; its file's name where it has none.
    pub fn title(&self) -> &str {
        let title = self.extraction().document.title.as_deref();
        title.filter(|title| !title.trim().is_empty()).unwrap_or(&self.file)
    }

    /// A task as corrected.
    pub fn task(&self, at: usize) -> Option<Cow<'_, Task>> {
        let task = self.extraction().tasks.get(at)?;
        let corrections = self.corrections.read().unwrap_or_else(PoisonError::into_inner);
        Some(match corrections.get(&at) {
            Some(correction) => Cow::Owned(correction.applied(task, self.extraction().year())),
            None => Cow::Borrowed(task),
        })
    }

    /// What was corrected of a task.
    pub fn correction(&self, at: usize) -> Correction {
        let corrections = self.corrections.read().unwrap_or_else(PoisonError::into_inner);
        corrections.get(&at).cloned().unwrap_or_default()
    }

    /// How many tasks were corrected.
    pub fn corrected_tasks(&self) -> usize {
        self.corrections.read().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Puts a correction in the place of the one before; an empty one takes it away. False where there is no room for it.
    pub fn correct(&self, at: usize, correction: Correction) -> bool {
        let mut corrections = self.corrections.write().unwrap_or_else(PoisonError::into_inner);
        self.revision.fetch_add(1, Ordering::AcqRel);
        if correction.is_empty() {
            corrections.remove(&at);
            return true;
        }
        let others = corrections.iter().filter(|(other, _)| **other != at);
        let taken: usize = others.map(|(_, other)| other.bytes() + size_of::<Correction>()).sum();
        if taken + correction.bytes() > MOST_CORRECTION_BYTES {
            return false;
        }
        corrections.insert(at, correction);
        true
    }

    /// What was read, as corrected.
    pub fn corrected(&self) -> Extraction {
        self.corrected_at().1
    }

    /// What was read, as corrected; and after how many changes.
    pub fn corrected_at(&self) -> (u64, Extraction) {
        let corrections = self.corrections.read().unwrap_or_else(PoisonError::into_inner);
        // Counted under the lock, so that the two belong together.
        let revision = self.revision.load(Ordering::Acquire);
        (revision, corrected(self.extraction(), corrections.iter()))
    }

    /// This document against an older version that lies under `word`; both as they were after so many changes.
    pub fn compared_with(&self, word: &str, revisions: [u64; 2], extractions: &[Extraction; 2]) -> Arc<Comparison> {
        let kept = || self.compared.lock().unwrap_or_else(PoisonError::into_inner);
        let same = |compared: &&Compared| compared.word == word && compared.revisions == revisions;
        if let Some(compared) = kept().as_ref().filter(same) {
            return Arc::clone(&compared.comparison);
        }
        let [older, newer] = extractions;
        let comparison = Arc::new(Comparison::of(older, newer));
        if comparison.pairs.len() <= MOST_KEPT_PAIRS {
            *kept() = Some(Compared {
                word: word.to_owned(),
                revisions,
                comparison: Arc::clone(&comparison),
            });
        }
        comparison
    }

    /// The ledger as corrected, each correction with a remark that says so.
    pub fn ledger(&self) -> Ledger {
        let extraction = self.corrected();
        let mut ledger = documents::ledger(&[(&self.file, &extraction)]);
        let corrections = self.corrections.read().unwrap_or_else(PoisonError::into_inner);
        for (at, correction) in corrections.iter() {
            let (Some(entry), Some(original)) = (ledger.entries.get_mut(*at), self.extraction().tasks.get(*at)) else {
                continue;
            };
            let corrected = extraction.tasks.get(*at);
            if let Some(wrong) = corrected.and_then(|task| documents::not_of_document(&extraction, original, task)) {
                let kept = entry.remarks.lines().filter(|line| *line != wrong);
                entry.remarks = kept.collect::<Vec<_>>().join("\n");
            }
            let remark = correction.remark(original).unwrap_or_default();
            if !entry.remarks.is_empty() {
                entry.remarks.push('\n');
            }
            entry.remarks.push_str(&remark);
        }
        ledger
    }
}

/// A name that a stranger's browser sent, as it may be shown: without signs that are not seen or turn the text around.
fn shown_name(name: &str) -> String {
    let turns =
        |c: char| matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    let shown: String = name
        .chars()
        .filter(|c| !c.is_control() && !turns(*c))
        .take(MOST_NAME)
        .collect();
    let shown = shown.trim();
    if shown.is_empty() {
        "未命名文件".to_owned()
    } else {
        shown.to_owned()
    }
}

/// Memory of what was read, nearly: text, blocks and tasks.
fn bytes_of(understood: &Understood) -> usize {
    use document::source::{Block, Cell, Row};
    let source = &understood.source;
    let blocks: usize = source
        .blocks
        .iter()
        .map(|block| match block {
            Block::Paragraph(_) => 0,
            Block::Table(table) => table
                .rows
                .iter()
                .map(|row| size_of::<Row>() + row.cells.capacity() * size_of::<Cell>())
                .sum(),
        })
        .sum();
    let tasks: usize = understood.extraction.tasks.iter().map(bytes_of_task).sum();
    source.text.capacity() + source.blocks.capacity() * size_of::<Block>() + blocks + tasks
}

fn bytes_of_task(task: &Task) -> usize {
    let texts = task.text.capacity() + task.path.iter().map(String::capacity).sum::<usize>();
    let units: usize = task
        .assignments
        .iter()
        .map(|unit| size_of_val(unit) + unit.unit.capacity() + unit.raw.capacity())
        .sum();
    let figures: usize = task
        .quantities
        .iter()
        .map(|figure| size_of_val(figure) + figure.raw.capacity() + figure.value.capacity() + figure.measure.capacity())
        .sum();
    size_of::<Task>() + texts + units + figures
}
