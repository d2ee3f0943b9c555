//! A duty that the reader missed, added by a person: a numbered paragraph is chosen, in it the sentences that state the
//! duty; units and deadline are typed. The words are always those of the text.

use std::sync::Arc;

use axum::response::Response;
use document::{Span, Task};
use report::wrap::{Ambiguous, shorten};

use super::correct::{FULL, clean, part_field, too_long};
use super::reading::{Asked, Doing, show_leaf};
use super::{files, go, leaf_href, row_href};
use crate::documents::correction::{Correction, MOST_CONTENT, Part};
use crate::documents::{NotAdded, Paragraph, Reading};
use crate::error::Error;
use crate::form::{Field, Form, Input, Summary};
use crate::visit::Visit;

/// Parts of a task that are typed: the words are chosen.
const TYPED: [Part; 4] = [Part::Lead, Part::Support, Part::Responsible, Part::Deadline];
/// Columns of a paragraph that its line of the menu shows.
const SHORT_PARAGRAPH: usize = 60;
/// Columns of a sentence that are shown.
const SHORT_SENTENCE: usize = 600;
/// The field of the address, and of its form, that chooses a paragraph.
const ADD: &str = "add";
/// The field of the form that is posted which does.
const PARAGRAPH: &str = "paragraph";
/// The paragraph whose sentences the form showed.
const PICKED: &str = "picked";
/// The field of each ticked sentence.
const SENTENCE: &str = "sentence";

/// The form of a row to be added.
pub(super) struct Adding {
    /// The menu of the numbered paragraphs of the leaf.
    pub(super) paragraph: Field,
    /// What is chosen and typed; nothing before there is a paragraph.
    pub(super) chosen: Option<Chosen>,
    /// The address of the leaf when nothing is being added.
    pub(super) back: String,
    /// The leaf whose paragraphs can be chosen.
    pub(super) leaf: usize,
}

/// A paragraph that was chosen, and what else the form holds.
pub(super) struct Chosen {
    /// Its number.
    pub(super) number: usize,
    /// Its sentences, or the cells of a row.
    pub(super) sentences: Vec<Sentence>,
    /// What is wrong with the choice of sentences.
    pub(super) choice: Field,
    /// One for each part that is typed.
    pub(super) fields: Vec<Field>,
}

/// A sentence to be ticked.
pub(super) struct Sentence {
    pub(super) text: String,
    pub(super) is_ticked: bool,
}

impl Adding {
    /// The form for what an address asks for: the paragraph of this number, or none yet.
    pub(super) fn of(reading: &Reading, word: &str, asked: &str, leaf: usize) -> Self {
        let number = asked.parse().unwrap_or_default();
        let paragraph = reading.text().paragraph(&reading.understood.source, number);
        let paragraph = paragraph.filter(|paragraph| !paragraph.pieces.is_empty());
        let chosen = paragraph.map(|paragraph| {
            let ticked = first_ticks(&paragraph);
            (Chosen::of(reading, &paragraph, &ticked, |_| String::new()), paragraph)
        });
        Self::with(reading, word, chosen, leaf)
    }

    fn with(reading: &Reading, word: &str, chosen: Option<(Chosen, Paragraph)>, leaf: usize) -> Self {
        let text = reading.text();
        let last = text.leaves().len().saturating_sub(1);
        let leaf = match &chosen {
            Some((_, paragraph)) => text.leaf_at(paragraph.span.start),
            None => leaf.min(last),
        };
        let source = &reading.understood.source.text;
        let paragraphs = text
            .leaves()
            .get(leaf)
            .into_iter()
            .flat_map(|leaf| text.paragraphs(leaf));
        let menu = paragraphs.map(|(number, span)| (number, span.of(source).replace(['\n', '\t'], " ")));
        let menu = menu.filter(|(_, words)| !words.trim().is_empty());
        let line = |(number, words): (usize, String)| {
            let words = shorten(words.trim(), SHORT_PARAGRAPH, Ambiguous::Narrow);
            (number.to_string(), format!("第 {number} 段　{words}"))
        };
        let (name, hint) = if chosen.is_some() {
            (PARAGRAPH, "只列本页的段落，段落号见原文")
        } else {
            (ADD, "也可以直接点原文中的段落号；只列本页的段落，在别页的先翻到那一页")
        };
        let number = chosen.as_ref().map(|(chosen, _)| chosen.number.to_string());
        Self {
            paragraph: Field::new(name, "原文段落")
                .hint(hint)
                .value(number.unwrap_or_default())
                .input(Input::Menu(menu.map(line).collect())),
            chosen: chosen.map(|(chosen, _)| chosen),
            back: leaf_href(word, leaf, ""),
            leaf,
        }
    }

    /// What can be wrong.
    pub(super) fn fields(&self) -> impl Iterator<Item = &Field> {
        let chosen = self.chosen.iter();
        std::iter::once(&self.paragraph)
            .chain(chosen.flat_map(|chosen| std::iter::once(&chosen.choice).chain(&chosen.fields)))
    }
}

impl Chosen {
    fn of(reading: &Reading, paragraph: &Paragraph, ticked: &[usize], typed: impl Fn(Part) -> String) -> Self {
        let source = &reading.understood.source.text;
        let sentence = |(at, span): (usize, &Span)| Sentence {
            text: shorten(span.of(source).trim(), SHORT_SENTENCE, Ambiguous::Narrow),
            is_ticked: ticked.contains(&at),
        };
        let label = if paragraph.is_row {
            "列入工作内容的单元格"
        } else {
            "列入工作内容的句子"
        };
        Self {
            number: paragraph.number,
            sentences: paragraph.pieces.iter().enumerate().map(sentence).collect(),
            choice: Field::new(SENTENCE, label),
            fields: TYPED.into_iter().map(|part| part_field(part, typed(part))).collect(),
        }
    }
}

/// What is ticked before a person looked: all sentences; of a row of a table the longest cell, which says what is to be done.
fn first_ticks(paragraph: &Paragraph) -> Vec<usize> {
    let length = |at: &usize| paragraph.pieces.get(*at).map_or(0, |span| span.end - span.start);
    let all = 0..paragraph.pieces.len();
    if paragraph.is_row {
        all.max_by_key(length).into_iter().collect()
    } else {
        all.collect()
    }
}

/// A form that was sent.
struct Sent {
    paragraph: Option<Paragraph>,
    /// The sentences of this very paragraph were seen and ticked.
    is_seen: bool,
    ticked: Vec<usize>,
    typed: [String; TYPED.len()],
}

impl Sent {
    fn of(reading: &Reading, form: &Form) -> Self {
        let number = form.get(PARAGRAPH).parse().unwrap_or_default();
        let paragraph = reading.text().paragraph(&reading.understood.source, number);
        let paragraph = paragraph.filter(|paragraph| !paragraph.pieces.is_empty());
        let is_seen = form.get(PICKED) == form.get(PARAGRAPH);
        let ticked = match &paragraph {
            Some(paragraph) if !is_seen => first_ticks(paragraph),
            Some(paragraph) => {
                let ticked = form
                    .all(SENTENCE)
                    .filter_map(|at| at.parse::<usize>().ok()?.checked_sub(1));
                let mut ticked: Vec<usize> = ticked.filter(|at| *at < paragraph.pieces.len()).collect();
                ticked.sort_unstable();
                ticked.dedup();
                ticked
            }
            None => Vec::new(),
        };
        Self {
            paragraph,
            is_seen,
            ticked,
            typed: TYPED.map(|part| clean(form.get(part.key()))),
        }
    }

    fn typed(&self, part: Part) -> String {
        let at = TYPED.iter().position(|other| *other == part);
        at.and_then(|at| self.typed.get(at)).cloned().unwrap_or_default()
    }

    /// The ticked sentences; those that follow each other as one piece.
    fn pieces(&self) -> Vec<Span> {
        let mut pieces: Vec<Span> = Vec::new();
        let spans = self
            .paragraph
            .iter()
            .flat_map(|paragraph| &paragraph.pieces)
            .enumerate();
        for (_, span) in spans.filter(|(at, _)| self.ticked.contains(at)) {
            match pieces.last_mut().filter(|last| last.end == span.start) {
                Some(last) => last.end = span.end,
                None => pieces.push(*span),
            }
        }
        pieces
    }

    fn chosen(&self, reading: &Reading) -> Option<(Chosen, Paragraph)> {
        let paragraph = self.paragraph.clone()?;
        let chosen = Chosen::of(reading, &paragraph, &self.ticked, |part| self.typed(part));
        Some((chosen, paragraph))
    }
}

/// Shows the sentences of the paragraph that was chosen; what was typed stays.
pub(super) fn pick(visit: &Visit, word: &str, reading: &Arc<Reading>, form: &Form) -> Result<Response, Error> {
    let sent = Sent::of(reading, form);
    again(visit, word, reading, sent.chosen(reading))
}

/// Adds the row.
pub(super) async fn add(visit: &Visit, word: &str, reading: &Arc<Reading>, form: &Form) -> Result<Response, Error> {
    let sent = Sent::of(reading, form);
    let Some((mut chosen, paragraph)) = sent.chosen(reading) else {
        return again(visit, word, reading, None);
    };
    for (field, part) in chosen.fields.iter_mut().zip(TYPED) {
        field.wrong = too_long(part, &sent.typed(part)).unwrap_or_default();
    }
    let pieces = sent.pieces();
    chosen.choice.wrong = wrong_choice(reading, &sent, &pieces);
    if Summary::of(chosen.fields.iter().chain([&chosen.choice]))
        .lines
        .is_empty()
    {
        let own = Arc::clone(reading);
        let work = move || own.add(&pieces, |task| typed(task, &sent));
        match visit.app.heavy.run(work).await? {
            Ok(at) => return Ok(go(&row_href(word, reading, at))),
            Err(NotAdded::Same(at)) => {
                let struck = if reading.is_struck(at) {
                    "（已撤销，可以在台账中恢复）"
                } else {
                    ""
                };
                chosen.choice.wrong = format!("这些文字已经增列为任务{}{struck}", at + 1);
            }
            Err(NotAdded::Full) => chosen.choice.wrong = FULL.to_owned(),
        }
    }
    again(visit, word, reading, Some((chosen, paragraph)))
}

/// What was typed of a task whose words are these.
fn typed(task: &Task, sent: &Sent) -> Correction {
    let content = Part::Content.of(task);
    let values: Vec<(Part, String)> = TYPED.into_iter().map(|part| (part, sent.typed(part))).collect();
    let value = |part: Part| {
        let found = values.iter().find(|(own, _)| *own == part);
        found.map_or(content.as_str(), |(_, value)| value.as_str())
    };
    Correction::typed(task, value)
}

/// What is wrong with the choice of sentences; empty for nothing.
fn wrong_choice(reading: &Reading, sent: &Sent, pieces: &[Span]) -> String {
    let source = &reading.understood.source.text;
    let characters: usize = pieces.iter().map(|span| span.of(source).chars().count()).sum();
    let several = sent
        .paragraph
        .as_ref()
        .is_some_and(|paragraph| paragraph.pieces.len() > 1);
    if several && !sent.is_seen {
        "换了段落，请核对要列入的文字后再保存".to_owned()
    } else if pieces.is_empty() {
        "请至少选一处".to_owned()
    } else if characters > MOST_CONTENT {
        format!("所选文字有 {characters} 个字，最多 {MOST_CONTENT} 个字，请少选一些")
    } else {
        String::new()
    }
}

fn again(
    visit: &Visit,
    word: &str,
    reading: &Arc<Reading>,
    chosen: Option<(Chosen, Paragraph)>,
) -> Result<Response, Error> {
    let is_missing = chosen.is_none();
    let mut adding = Adding::with(reading, word, chosen, 0);
    if is_missing {
        adding.paragraph.wrong = "请选择原文中的一段".to_owned();
    }
    let asked = Asked {
        leaf: adding.leaf,
        doing: Doing::Adding(Box::new(adding)),
        pack: files::pack_field(reading),
    };
    show_leaf(visit, word, reading, asked)
}
