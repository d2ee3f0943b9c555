//! What the home keeps of an attached document.
//!
//! `documents/<sm3>/original` holds the user's bytes, `documents/<sm3>/text.txt` what was read of them,
//! `documents/<sm3>/<pack>.json` which item stands where, and `documents/<pack>.json`, written last, which document is
//! the pack's. One file can be the copy of two packs (a notice and the document it forwards).

use std::path::Path;

use document::Span;
use policy::Pack;
use policy::ledger::Wording;
use policy::matching::Matching;
use policy::reading::Understood;
use serde::{Deserialize, Serialize};
use sm3::{Digest as _, Sm3};

use crate::failure::Failure;
use crate::home::{FORMAT, Home, from_json, to_json};

/// `documents/<sm3>/<pack>.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Attachment {
    format: u32,
    /// Id of the pack.
    pack: String,
    /// Name of the file as the user had it, without its folder.
    file: String,
    /// SM3 of its bytes, in hexadecimal.
    file_sm3: String,
    /// SM3 of `text.txt`, in hexadecimal; spans are only good for this text.
    text_sm3: String,
    /// One entry for each task of the pack.
    items: Vec<AttachedItem>,
    /// Where items stand that the pack does not know.
    extra: Vec<Span>,
}

/// A task of the pack in the document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct AttachedItem {
    /// Id of the task.
    task: String,
    /// Where the whole item stands in `text.txt`; absent where the document lacks it.
    span: Option<Span>,
    /// The measure as printed, white space folded.
    text: Option<String>,
    /// The facts that differ, in Chinese.
    differences: Vec<String>,
}

/// `documents/<pack>.json`.
#[derive(Debug, Serialize, Deserialize)]
struct Pointer {
    format: u32,
    pack: String,
    document: String,
}

impl Attachment {
    /// What is to be kept of `understood` for `pack`.
    pub(crate) fn new(pack: &Pack, file: &Path, bytes: &[u8], understood: &Understood, matching: &Matching) -> Self {
        let tasks = &understood.extraction.tasks;
        let items = matching.items.iter().map(|item| {
            let found = item.found.map(|index| &tasks[index]);
            AttachedItem {
                task: pack.tasks[item.task].id.to_string(),
                span: found.map(|task| task.span),
                text: found.map(|task| web::ledger::documents::content(task).to_owned()),
                differences: item.differences.iter().map(ToString::to_string).collect(),
            }
        });
        Self {
            format: FORMAT,
            pack: pack.id().to_owned(),
            file: file.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            file_sm3: sm3_of(bytes),
            text_sm3: sm3_of(understood.source.text.as_bytes()),
            items: items.collect(),
            extra: matching.extra.iter().map(|index| tasks[*index].span).collect(),
        }
    }
}

/// Keeps the document. The pointer is written last: before that the home shows the old attachment or none.
pub(crate) fn keep(home: &Home, attachment: &Attachment, bytes: &[u8], text: &str) -> Result<(), Failure> {
    let folder = format!("documents/{}", attachment.file_sm3);
    home.write(&format!("{folder}/original"), bytes)?;
    home.write(&format!("{folder}/text.txt"), text.as_bytes())?;
    home.write(&format!("{folder}/{}.json", attachment.pack), &to_json(attachment)?)?;
    let pointer = Pointer {
        format: FORMAT,
        pack: attachment.pack.clone(),
        document: attachment.file_sm3.clone(),
    };
    home.write(&format!("documents/{}.json", attachment.pack), &to_json(&pointer)?)
}

/// The official wording of a pack's tasks, from the home.
///
/// # Errors
/// [`Failure`] where the home or what it keeps of the document cannot be read.
pub(crate) fn wording(home: &Home, pack: &str) -> Result<Wording, Failure> {
    let path = format!("documents/{pack}.json");
    let Some(bytes) = home.read(&path)? else {
        return Ok(Wording::default());
    };
    let pointer: Pointer = from_json(&bytes, &path)?;
    let path = format!("documents/{}/{pack}.json", pointer.document);
    let Some(bytes) = home.read(&path)? else {
        return Err(Failure::new(
            format!("数据文件夹中缺少 {path}"),
            format!("请重新运行 leye attach {pack} <文件>"),
        ));
    };
    let attachment: Attachment = from_json(&bytes, &path)?;
    let texts = attachment.items.into_iter().filter_map(|item| {
        let differs = !item.differences.is_empty();
        Some((item.task, (item.text.filter(|text| !text.trim().is_empty())?, differs)))
    });
    Ok(Wording {
        attached: true,
        texts: texts.collect(),
    })
}

fn sm3_of(bytes: &[u8]) -> String {
    Sm3::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
