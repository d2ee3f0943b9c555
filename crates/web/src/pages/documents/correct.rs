//! A row corrected in its place; and a reading taken off the shelf before its time.

use std::sync::Arc;

use axum::extract::Path;
use axum::response::Response;
use tokio::time::Instant;

use super::reading::{Asked, show_leaf};
use super::{UPLOAD, files, find, go, gone, leaf_href};
use crate::documents::Reading;
use crate::documents::correction::{Correction, Part};
use crate::error::Error;
use crate::form::{Field, Form, Input};
use crate::visit::Visit;

/// Most characters of a task's words that stand in its form; the pane beside has all of them.
const MOST_PASSAGE: usize = 3_000;

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
    /// Something was corrected before.
    pub(super) is_corrected: bool,
    /// The leaf on which its row stands.
    leaf: usize,
}

impl Editing {
    /// The form of a task as it is now.
    pub(super) fn of(reading: &Reading, at: usize) -> Option<Self> {
        let task = reading.task(at)?;
        let values = Part::ALL.map(|part| part.of(&task));
        Some(Self::with(reading, at, values))
    }

    fn with(reading: &Reading, at: usize, values: [String; 5]) -> Self {
        let fields = Part::ALL.into_iter().zip(values).map(|(part, value)| {
            let field = Field::new(part.key(), part.word()).value(value);
            match part {
                Part::Lead => field.hint("几个单位用“、”隔开"),
                Part::Deadline => field.hint("照台账的写法，如 2024年6月底前、长期"),
                Part::Content => field.input(Input::Text),
                Part::Support | Part::Responsible => field,
            }
        });
        let task = reading.extraction().tasks.get(at);
        let start = task.map_or(0, |task| task.span.start);
        let words = task.map_or("", |task| task.span.of(&reading.understood.source.text));
        let shown: String = words.chars().take(MOST_PASSAGE).collect();
        let lines = shown.lines().flat_map(|line| line.split('\t'));
        let passage = lines.map(str::trim).filter(|line| !line.is_empty());
        Self {
            task: at,
            fields: fields.collect(),
            passage: passage.map(str::to_owned).collect(),
            is_cut: shown.len() < words.len(),
            is_corrected: !reading.correction(at).is_empty(),
            leaf: reading.text.leaf_at(start),
        }
    }

    /// The address of the row when nothing is being corrected.
    pub(super) fn back(&self, word: &str) -> String {
        leaf_href(word, self.leaf, &format!("row-{}", self.task + 1))
    }
}

pub(super) async fn answer(visit: Visit, Path(word): Path<String>, form: Form) -> Result<Response, Error> {
    let Some(reading) = find(&visit, &word) else {
        return gone(&visit);
    };
    if reading.is_sample {
        return Err(Error::unprocessable(
            "样例不能更正，也不能删除", "请上传自己的文件后再试",
        ));
    }
    match form.get("do") {
        "forget" => {
            visit.app.shelf.remove(&word, Instant::now());
            Ok(go(UPLOAD))
        }
        "correct" | "restore" => correct(&visit, &word, &reading, &form),
        _ => Err(Error::unprocessable("不知道要做什么", "请在页面上用按钮操作")),
    }
}

fn correct(visit: &Visit, word: &str, reading: &Arc<Reading>, form: &Form) -> Result<Response, Error> {
    let at = form
        .get("task")
        .parse::<usize>()
        .ok()
        .and_then(|task| task.checked_sub(1));
    let Some((at, original)) = at.and_then(|at| Some((at, reading.extraction().tasks.get(at)?))) else {
        return Err(Error::unprocessable("文件中没有这项任务", "请从台账中选择一项更正"));
    };
    let leaf = reading.text.leaf_at(original.span.start);
    let typed = Part::ALL.map(|part| clean(form.get(part.key())));
    let mut editing = Editing::with(reading, at, typed.clone());
    if form.get("do") == "restore" {
        reading.correct(at, Correction::default());
        return Ok(go(&editing.back(word)));
    }
    let mut wrong = false;
    for ((part, field), text) in Part::ALL.into_iter().zip(&mut editing.fields).zip(&typed) {
        let characters = text.chars().count();
        if characters > part.most() {
            field.wrong = format!("有 {characters} 个字，最多 {} 个字", part.most());
            wrong = true;
        } else if part == Part::Content && text.is_empty() && !part.of(original).is_empty() {
            field.wrong = "不能为空".to_owned();
            wrong = true;
        }
    }
    if !wrong {
        let value = |part: Part| {
            let at = Part::ALL.iter().position(|other| *other == part);
            at.and_then(|at| typed.get(at)).map_or("", String::as_str)
        };
        let correction = Correction::typed(original, value);
        if reading.correct(at, correction) {
            return Ok(go(&editing.back(word)));
        }
        if let Some(field) = editing.fields.last_mut() {
            field.wrong = "这份文件的更正内容已达上限，没有保存。请先下载台账，在 Excel 中继续更正".to_owned();
        }
    }
    let asked = Asked {
        leaf,
        editing: Some(editing),
        pack: files::pack_field(reading),
    };
    show_leaf(visit, word, reading, asked)
}

/// What was typed without signs that are not seen; line ends as one kind.
fn clean(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    text.chars().filter(|c| !c.is_control() || *c == '\n').collect()
}
