//! `leye policy coverage`: what each clause of a document became, and which figures of the text nothing cites.

use std::path::{Path, PathBuf};

use policy::Pack;
use policy::reading::{Understood, understand};
use report::table::{Column, Table};
use rules::catalogue::Catalogue;
use web::coverage::{self, Item, identify};

use crate::failure::{DONE, FAILED, Failure, SOME_UNREADABLE};
use crate::packs;
use crate::reading::read_bytes;
use crate::screen::Screen;

pub(crate) const USAGE: &str = "leye policy coverage [--document <文件>] [--pack <编号>] [文件夹]";
pub(crate) const AFTER_HELP: &str = "\
逐项列出条款对应情况：任务、补贴项目、目标、职责、需人工判断条款、不含职责的条款。
用 --document 给出本单位留存的文件原文时，再逐个核对原文中的数字，列出没有着落的条款和数字。
退出码：0 没有遗漏；1 有遗漏，或读不出；2 文件读不出；64 命令写法有误。
";

/// Arguments of `leye policy coverage`.
#[derive(Debug, clap::Args)]
pub(crate) struct Coverage {
    /// 本单位留存的文件原文
    #[arg(long, value_name = "文件")]
    document: Option<PathBuf>,
    /// 只查这一份政策文件，如 cixi-2020
    #[arg(long, value_name = "编号")]
    pack: Option<String>,
    /// 政策文件库所在文件夹；不写则查随程序附带的
    #[arg(value_name = "文件夹", help_heading = "参数")]
    folder: Option<PathBuf>,
}

impl Coverage {
    /// Prints what became of each item; with a document also what of it is nowhere.
    pub(crate) fn run(&self, screen: &mut Screen) -> Result<u8, Failure> {
        let catalogue = Catalogue::load(&packs::tree(self.folder.as_deref())?);
        if let Some(wanted) = &self.pack {
            packs::find(&catalogue.library, wanted)?;
        }
        let document = self
            .document
            .as_deref()
            .map(|path| open(path, &catalogue))
            .transpose()?;
        let wanted = catalogue.library.packs.values().filter(|pack| {
            let named = self.pack.as_deref().is_none_or(|wanted| wanted == pack.id());
            named
                && document
                    .as_ref()
                    .is_none_or(|copy| identify(pack, &copy.extraction).is_ok())
        });
        let wanted: Vec<&Pack> = wanted.collect();
        if let (true, Some(named)) = (wanted.is_empty(), &self.pack) {
            return Err(Failure::new(
                format!("所给文件与政策文件“{named}”不是同一份文件"),
                "请核对 --document 和 --pack；不写 --pack 时由系统按文号、标题辨认",
            ));
        }
        if wanted.is_empty() {
            return Err(Failure::new(
                "政策文件库中没有与所给文件对应的政策文件",
                "请先用 leye extract --pack 建立这份文件的草稿，或核对是不是所要的文件",
            ));
        }
        let mut nowhere = 0_usize;
        for pack in wanted {
            nowhere += report(&catalogue, pack, document.as_ref(), screen)?;
        }
        Ok(if nowhere == 0 { DONE } else { FAILED })
    }
}

/// The user's copy of a document.
fn open(path: &Path, catalogue: &Catalogue) -> Result<Understood, Failure> {
    let unreadable = |error: String| Failure::Told {
        message: format!("读不出文件 {}：{error}", path.display()),
        hint: "请确认路径，或换用 docx、带文字的 PDF".to_owned(),
        code: SOME_UNREADABLE,
    };
    let bytes = read_bytes(path).map_err(unreadable)?;
    understand(&bytes, &catalogue.library.units).map_err(unreadable)
}

/// Prints one pack; how many clauses and figures are nowhere.
fn report(
    catalogue: &Catalogue,
    pack: &Pack,
    document: Option<&Understood>,
    screen: &mut Screen,
) -> Result<usize, Failure> {
    let coverage = coverage::Coverage::of(catalogue, pack, document);
    screen.line(&format!("{}{}", pack.id(), pack.policy.titled()))?;
    let mut table = Table::new(vec![
        Column::new("条款", 4, 10),
        Column::new("摘要", 12, 44),
        Column::new("任务", 4, 4),
        Column::new("补贴项目", 8, 44),
        Column::new("目标", 4, 24),
        Column::new("职责", 4, 20),
        Column::new("需人工判断", 4, 10),
        Column::new("不含职责", 4, 8),
    ]);
    for item in &coverage.items {
        table.rows.push(row(item));
    }
    screen.raw(&table.render(screen.width()))?;
    for clause in &coverage.nowhere {
        screen.line(&format!("没有着落的条款：{clause}"))?;
    }
    for figure in coverage.figures.iter().flat_map(|figures| &figures.loose) {
        screen.line(&format!(
            "没有着落的数字：{}“{}”（所给文件第 {} 行）",
            figure.label, figure.raw, figure.line
        ))?;
    }
    let checked = coverage.figures.as_ref().map_or_else(
        || "未给出原文，未核对数字".to_owned(),
        |figures| format!("核对数字 {} 个，没有着落的 {} 个", figures.count, figures.loose.len()),
    );
    screen.line(&format!(
        "条款 {} 项，没有着落的 {} 项；{checked}。",
        coverage.items.len(),
        coverage.nowhere.len()
    ))?;
    screen.line("")?;
    Ok(coverage.gaps())
}

fn row(item: &Item) -> Vec<String> {
    let count = |count: usize| if count == 0 { String::new() } else { count.to_string() };
    vec![
        item.label.clone(),
        item.title.clone(),
        count(item.tasks),
        item.benefits.join("、"),
        item.targets.join("、"),
        item.duties.join("、"),
        count(item.untranslated),
        count(item.no_duty),
    ]
}
