//! What of a document can be kept: its ledger, its text, its JSON, a draft pack.

use std::sync::Arc;

use axum::response::{IntoResponse as _, Response};
use document::Task;
use policy::draft::is_pack_id;
use policy::reading::Extracted;
use report::ledger::{Sheets, workbook};
use serde::Serialize;

use crate::documents::{Reading, draft_pack};
use crate::error::Error;
use crate::form::Field;
use crate::layout::{Link, download};
use crate::table::XLSX;
use crate::visit::Visit;

/// Longest name of a file that is offered, in characters.
const MOST_NAME: usize = 60;

/// Links to the files of a document, the draft pack excepted, which needs an id.
pub(super) fn links(word: &str) -> Vec<Link> {
    let link = |text: &str, file: &str| Link::new(text, format!("/documents/{word}?file={file}"));
    vec![
        link("责任台账（Excel）", "xlsx"),
        link("责任台账，按单位分表（Excel）", "units"),
        link("文件文字（txt）", "text"),
        link("识别结果（JSON）", "json"),
    ]
}

/// The field for the id of a draft pack.
pub(super) fn pack_field(reading: &Reading) -> Field {
    let year = reading.extraction().year();
    let id = year.map_or_else(|| "draft".to_owned(), |year| format!("draft-{year}"));
    Field::new("pack", "政策文件编号")
        .hint("小写英文字母、数字和“-”，如 dazu-2020")
        .value(id)
}

/// The file of this name; where its id is wrong, the field that says so.
///
/// # Errors
/// Where there is no such file, it cannot be written, or too much is being done already.
pub(super) async fn file(
    visit: &Visit,
    reading: &Arc<Reading>,
    name: &str,
) -> Result<Result<Response, Box<Field>>, Error> {
    let title = file_name(reading.title());
    let own = Arc::clone(reading);
    let answer = match name {
        "xlsx" | "units" => {
            let sheets = if name == "units" { Sheets::ByUnit } else { Sheets::Whole };
            let written = visit
                .app
                .heavy
                .run(move || workbook(&own.kept().ledger, sheets))
                .await?;
            let bytes = written.map_err(|error| Error::unprocessable(error.to_string(), "请改为下载不分表的台账"))?;
            let kind = if name == "units" {
                "责任台账（按单位分表）"
            } else {
                "责任台账"
            };
            download(&format!("{title} {kind}.xlsx"), XLSX, bytes)
        }
        "text" => {
            let text = reading.understood.source.text.clone();
            download(&format!("{title}.txt"), "text/plain; charset=utf-8", text.into_bytes())
        }
        "json" => {
            let written = visit.app.heavy.run(move || json(&own)).await?;
            let text = written.map_err(|error| Error::inside(format!("json: {error}")))?;
            download(&format!("{title}.json"), "application/json", text.into_bytes())
        }
        "pack" => return pack(visit, own).await,
        _ => return Err(Error::not_found("没有这种文件", "请从页面上的链接下载")),
    };
    Ok(Ok(answer.into_response()))
}

/// What `leye extract --json` prints, of the tasks as people left them; where they changed something, also what, and what
/// had been read.
#[derive(Serialize)]
struct Changed<'a> {
    #[serde(flatten)]
    extracted: Extracted<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    corrections: Vec<CorrectedPart>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    added: Vec<Added>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    struck: Vec<&'a Task>,
}

/// A part of a task that a person corrected.
#[derive(Serialize)]
struct CorrectedPart {
    /// Its place in `tasks`, from 0.
    task: usize,
    /// Its number in the document.
    no: String,
    part: &'static str,
    /// What was read before.
    read: String,
}

/// A task that a person added.
#[derive(Serialize)]
struct Added {
    /// Its place in `tasks`, from 0.
    task: usize,
    /// The number of the paragraph in which it begins, from 1.
    paragraph: usize,
    /// Its words in the document.
    words: String,
}

/// One line.
fn json(reading: &Reading) -> serde_json::Result<String> {
    let corrected = reading.corrected();
    let text = reading.text();
    let (mut corrections, mut added) = (Vec::new(), Vec::new());
    for (task, row) in corrected.rows.iter().enumerate() {
        let Some(original) = reading.original(*row) else {
            continue;
        };
        if reading.is_added(*row) {
            added.push(Added {
                task,
                paragraph: text.number_at(original.span.start),
                words: original.text.clone(),
            });
            continue;
        }
        let parts = reading.correction(*row).parts();
        corrections.extend(parts.map(|part| CorrectedPart {
            task,
            no: original.no.clone(),
            part: part.key(),
            read: part.of(&original),
        }));
    }
    let read = reading.extraction().tasks.iter().enumerate();
    let text = serde_json::to_string(&Changed {
        extracted: Extracted::new(&reading.file, &corrected.extraction),
        corrections,
        added,
        struck: read
            .filter(|(row, _)| reading.is_struck(*row))
            .map(|(_, task)| task)
            .collect(),
    })?;
    Ok(format!("{text}\n"))
}

async fn pack(visit: &Visit, reading: Arc<Reading>) -> Result<Result<Response, Box<Field>>, Error> {
    let id = visit.address.get("pack").unwrap_or_default().to_owned();
    if !is_pack_id(&id) || id.len() > MOST_NAME {
        let field = pack_field(&reading).value(id);
        return Ok(Err(Box::new(field.wrong(format!(
            "不能作为编号，请用小写英文字母、数字和“-”，不超过 {MOST_NAME} 个字符"
        )))));
    }
    let app = Arc::clone(&visit.app);
    let folder = id.clone();
    let write = move || {
        let mut extraction = reading.corrected().extraction;
        app.catalogue.library.units.resolve(&mut extraction);
        draft_pack(&folder, &extraction, &app.catalogue.library.regions)
    };
    let bytes = visit.app.heavy.run(write).await?.map_err(Error::inside)?;
    Ok(Ok(download(&format!("{id}.zip"), "application/zip", bytes)))
}

/// A title as the name of a file.
fn file_name(title: &str) -> String {
    let kept = |c: &char| !c.is_control() && !matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|');
    let name: String = title.chars().filter(kept).take(MOST_NAME).collect();
    let name = name.trim().trim_end_matches('.');
    if name.is_empty() {
        "文件".to_owned()
    } else {
        name.to_owned()
    }
}
