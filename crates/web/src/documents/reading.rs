//! One uploaded document: what was read of it, and what people changed since.

use std::borrow::Cow;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard};

use document::comparison::Comparison;
use document::{Extraction, Span, Task, pointed};
use policy::reading::Understood;

use super::MarkedText;
use super::changes::{Changes, MOST_BYTES, Tally};
use super::correction::Correction;
use super::kept::Kept;

/// Most pairs of a comparison that is kept.
const MOST_KEPT_PAIRS: usize = 5_000;
/// Most characters of a file's name that are shown.
const MOST_NAME: usize = 120;

/// A document that was read, with what people changed of it.
#[derive(Debug)]
pub struct Reading {
    /// Name of the file, as it may be shown.
    pub file: String,
    /// What was read.
    pub understood: Understood,
    /// One of our own samples: everybody sees the same, so nobody changes it.
    pub is_sample: bool,
    /// Its text with marks, in leaves, as it was read.
    read: Arc<MarkedText>,
    changed: RwLock<Changed>,
    /// Counts the changes.
    revision: AtomicU64,
    /// The last comparison with an older version: pages of it are turned.
    compared: Mutex<Option<Compared>>,
    bytes: usize,
}

/// What people changed, and the text with what they added.
#[derive(Debug)]
struct Changed {
    changes: Changes,
    text: Arc<MarkedText>,
}

/// Why a row was not added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotAdded {
    /// These words were added before, as this row.
    Same(usize),
    /// There is no room for more.
    Full,
}

/// A document as people left it.
#[derive(Debug, Clone)]
pub struct Corrected {
    /// After how many changes.
    pub revision: u64,
    /// What was read, as corrected, with what was added and without what was struck out.
    pub extraction: Extraction,
    /// The row of each of its tasks.
    pub rows: Vec<usize>,
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
        let text = Arc::new(MarkedText::of(&understood.source, &understood.extraction));
        // Once as it was read, once with what people added.
        let bytes = bytes_of(&understood) + 2 * text.bytes() + MOST_BYTES;
        Self {
            file: shown_name(file),
            understood,
            is_sample: false,
            read: Arc::clone(&text),
            changed: RwLock::new(Changed {
                changes: Changes::default(),
                text,
            }),
            revision: AtomicU64::new(0),
            compared: Mutex::default(),
            bytes,
        }
    }

    /// Memory that it takes, nearly, with room for what people change.
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

    /// Its text with marks, in leaves, with what people added.
    pub fn text(&self) -> Arc<MarkedText> {
        Arc::clone(&self.now().text)
    }

    /// How many rows there are, struck out or not: those that were read, then those added.
    pub fn rows(&self) -> usize {
        self.now().changes.rows(self.tasks())
    }

    /// True for a row that a person added.
    pub const fn is_added(&self, at: usize) -> bool {
        at >= self.extraction().tasks.len()
    }

    /// True for a row that a person struck out.
    pub fn is_struck(&self, at: usize) -> bool {
        self.now().changes.is_struck(at)
    }

    /// A row as it was read, or as the text says it where a person added it.
    pub fn original(&self, at: usize) -> Option<Cow<'_, Task>> {
        if let Some(task) = self.tasks().get(at) {
            return Some(Cow::Borrowed(task));
        }
        let now = self.now();
        now.changes.original(self.tasks(), at).cloned().map(Cow::Owned)
    }

    /// A row as corrected.
    pub fn task(&self, at: usize) -> Option<Task> {
        let now = self.now();
        let task = now.changes.task(self.tasks(), at, self.extraction().year())?;
        Some(task.into_owned())
    }

    /// What was corrected of a row.
    pub fn correction(&self, at: usize) -> Correction {
        self.now().changes.correction(at).cloned().unwrap_or_default()
    }

    /// How many rows there are, and how many of them are people's doing.
    pub fn tally(&self) -> Tally {
        self.now().changes.tally(self.tasks())
    }

    /// Puts a correction in the place of the one before; an empty one takes it away. False where there is no room for it.
    pub fn correct(&self, at: usize, correction: Correction) -> bool {
        self.change(self.is_added(at), |changes| changes.correct(at, correction))
    }

    /// Adds a row whose words are these pieces of the text; `typed` says what a person makes of the task they state.
    ///
    /// # Errors
    /// [`NotAdded`].
    pub fn add(&self, pieces: &[Span], typed: impl FnOnce(&Task) -> Correction) -> Result<usize, NotAdded> {
        let task = pointed(&self.understood.source, self.extraction(), pieces);
        let typed = typed(&task);
        self.change(true, |changes| {
            if let Some(row) = changes.same(self.tasks(), &task) {
                return Err(NotAdded::Same(row));
            }
            changes.add(self.tasks(), task, typed).ok_or(NotAdded::Full)
        })
    }

    /// Strikes a row out, or takes that back.
    pub fn strike(&self, at: usize, is_struck: bool) {
        self.change(false, |changes| changes.strike(at, is_struck));
    }

    /// What was read, as people left it.
    pub fn corrected(&self) -> Corrected {
        let now = self.now();
        // Counted under the lock, so that the two belong together.
        let revision = self.revision.load(Ordering::Acquire);
        let (extraction, rows) = now.changes.laid_over(self.extraction());
        Corrected {
            revision,
            extraction,
            rows,
        }
    }

    /// The ledger as people left it.
    pub fn kept(&self) -> Kept {
        let now = self.now();
        Kept::of(&self.file, self.extraction(), &now.changes, &now.text)
    }

    fn tasks(&self) -> &[Task] {
        &self.extraction().tasks
    }

    fn now(&self) -> RwLockReadGuard<'_, Changed> {
        self.changed.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes something; the text follows where it concerns a row that was added.
    fn change<T>(&self, of_added: bool, change: impl FnOnce(&mut Changes) -> T) -> T {
        let mut changed = self.changed.write().unwrap_or_else(PoisonError::into_inner);
        self.revision.fetch_add(1, Ordering::AcqRel);
        let done = change(&mut changed.changes);
        if of_added {
            let source = &self.understood.source;
            let added = changed.changes.added_in(source, self.tasks(), self.extraction().year());
            let order = changed.changes.order(self.tasks());
            changed.text = Arc::new(self.read.with(source, self.tasks(), &added, &order));
        }
        done
    }

    /// This document against an older version that lies under `word`; the older one and this, as people left them.
    pub fn compared_with(&self, word: &str, corrected: &[Corrected; 2]) -> Arc<Comparison> {
        let [older, newer] = corrected;
        let revisions = [older.revision, newer.revision];
        let kept = || self.compared.lock().unwrap_or_else(PoisonError::into_inner);
        let same = |compared: &&Compared| compared.word == word && compared.revisions == revisions;
        if let Some(compared) = kept().as_ref().filter(same) {
            return Arc::clone(&compared.comparison);
        }
        let comparison = Arc::new(Comparison::of(&older.extraction, &newer.extraction));
        if comparison.pairs.len() <= MOST_KEPT_PAIRS {
            *kept() = Some(Compared {
                word: word.to_owned(),
                revisions,
                comparison: Arc::clone(&comparison),
            });
        }
        comparison
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

/// Memory of a task, nearly.
pub(super) fn bytes_of_task(task: &Task) -> usize {
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
