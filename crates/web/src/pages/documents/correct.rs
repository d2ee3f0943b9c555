//! A row corrected in its place.

use std::sync::Arc;

use axum::response::Response;

use super::reading::{Asked, Doing, show_leaf};
use super::{files, go, leaf_of, row_href};
use crate::documents::Reading;
use crate::documents::correction::{Correction, Part};
use crate::error::Error;
use crate::form::{Field, Form, Input};
use crate::visit::Visit;

/// Most characters of a task's words that stand in its form; the pane beside has all of them.
const MOST_PASSAGE: usize = 3_000;

/// Said where nothing more can be kept.
pub(super) const FULL: &str = "这份文件的更正、增列内容已达上限，没有保存。请先下载台账，在 Excel 中继续处理";

/// A row as a form.
pub(super) struct Editing {
    /// The task, from 0.
    pub(super) task: usize,
    /// One for each [`Part`].
    pub(super) fields: Vec<Field>,
    /// Its words in the document, line by line, to be looked at beside the fields.
    pub(super) passage: Vec<String>,
    /// The document has more of it than is shown.
    pub(super) is_cut: bool,
    /// Something was corrected before, of what was read.
    pub(super) is_corrected: bool,
    /// A person added it.
    pub(super) is_added: bool,
    /// The address of the row when nothing is being corrected.
    pub(super) back: String,
}

/// A field for a part of a task.
pub(super) fn part_field(part: Part, value: impl Into<String>) -> Field {
    let field = Field::new(part.key(), part.word()).value(value);
    match part {
        Part::Lead => field.hint("几个单位用“、”隔开"),
        Part::Deadline => field.hint("照台账的写法，如 2024年6月底前、长期"),
        Part::Content => field.input(Input::Text),
        Part::Support | Part::Responsible => field,
    }
}

/// What is wrong with what was typed for a part: it is too long.
pub(super) fn too_long(part: Part, text: &str) -> Option<String> {
    let characters = text.chars().count();
    (characters > part.most()).then(|| format!("有 {characters} 个字，最多 {} 个字", part.most()))
}

impl Editing {
    /// The form of a task as it is now.
    pub(super) fn of(reading: &Reading, word: &str, at: usize) -> Option<Self> {
        let task = reading.task(at)?;
        let values = Part::ALL.map(|part| part.of(&task));
        Some(Self::with(reading, word, at, values))
    }

    fn with(reading: &Reading, word: &str, at: usize, values: [String; 5]) -> Self {
        let fields = Part::ALL.into_iter().zip(values);
        let fields = fields.map(|(part, value)| part_field(part, value));
        let task = reading.original(at);
        let words = task
            .as_ref()
            .map_or("", |task| task.span.of(&reading.understood.source.text));
        let shown: String = words.chars().take(MOST_PASSAGE).collect();
        let lines = shown.lines().flat_map(|line| line.split('\t'));
        let passage = lines.map(str::trim).filter(|line| !line.is_empty());
        Self {
            task: at,
            fields: fields.collect(),
            passage: passage.map(str::to_owned).collect(),
            is_cut: shown.len() < words.len(),
            is_corrected: !reading.is_added(at) && !reading.correction(at).is_empty(),
            is_added: reading.is_added(at),
            back: row_href(word, reading, at),
        }
    }
}

/// Takes what was typed of row `at`, or what was corrected of it back.
pub(super) fn correct(
    visit: &Visit,
    word: &str,
    reading: &Arc<Reading>,
    at: usize,
    form: &Form,
) -> Result<Response, Error> {
    let Some(original) = reading.original(at).filter(|_| !reading.is_struck(at)) else {
        return Err(Error::unprocessable("这项任务已经剔除，不能更正", "请先在台账中恢复"));
    };
    let typed = Part::ALL.map(|part| clean(form.get(part.key())));
    let mut editing = Editing::with(reading, word, at, typed.clone());
    if form.get("do") == "restore" {
        if reading.is_added(at) {
            return Err(Error::unprocessable(
                "增列的任务没有识别结果可以恢复",
                "请在台账中更正或撤销增列",
            ));
        }
        reading.correct(at, Correction::default());
        return Ok(go(&editing.back));
    }
    let mut wrong = false;
    for ((part, field), text) in Part::ALL.into_iter().zip(&mut editing.fields).zip(&typed) {
        if let Some(too_long) = too_long(part, text) {
            field.wrong = too_long;
        } else if part == Part::Content && text.is_empty() && !part.of(&original).is_empty() {
            field.wrong = "不能为空".to_owned();
        }
        wrong |= !field.wrong.is_empty();
    }
    if !wrong {
        let value = |part: Part| {
            let at = Part::ALL.iter().position(|other| *other == part);
            at.and_then(|at| typed.get(at)).map_or("", String::as_str)
        };
        let correction = Correction::typed(&original, value);
        if reading.correct(at, correction) {
            return Ok(go(&editing.back));
        }
        if let Some(field) = editing.fields.last_mut() {
            field.wrong = FULL.to_owned();
        }
    }
    let asked = Asked {
        leaf: leaf_of(reading, at),
        doing: Doing::Correcting(editing),
        pack: files::pack_field(reading),
    };
    show_leaf(visit, word, reading, asked)
}

/// What was typed without signs that are not seen; line ends as one kind.
pub(super) fn clean(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    text.chars().filter(|c| !c.is_control() || *c == '\n').collect()
}
