//! The lists of a run as files.

use std::path::{Path, PathBuf};

use report::roster::Roster;
use rules::catalogue::Catalogue;
use screening::Summary;
use screening::lists::{eligible, hits, keys_of, keys_of_hits, questions, workbook};

use super::failure;
use crate::failure::Failure;
use crate::home::{Home, cannot};
use crate::saving;
use crate::screen::Screen;

/// Writes one workbook for each benefit with anybody in it.
pub(crate) fn save_lists(
    screen: &mut Screen,
    home: &Home,
    catalogue: &Catalogue,
    summary: &Summary,
    to: &Path,
    quiet: bool,
) -> Result<(), Failure> {
    let opened = screening::Home::of(home.folder());
    let runs = opened.runs();
    let rows = eligible(&runs, &summary.run, |_| true).map_err(failure)?;
    let hits = hits(&runs, &summary.run).map_err(failure)?;
    let mut keys = keys_of(rows.values().flatten());
    keys.extend(keys_of_hits(&hits));
    let known_as = opened.known_as(&summary.run, keys).map_err(failure)?;
    std::fs::create_dir_all(to).map_err(|error| cannot("建立文件夹", to, &error))?;
    let (mut written, mut kept) = (0, Vec::new());
    for benefit in &summary.benefits {
        let Some(rows) = rows.get(&benefit.id) else { continue };
        let roster = workbook(catalogue, summary, benefit, (rows, None), &hits, &known_as);
        kept.extend(write(&to.join(format!("{}-疑似符合名单.xlsx", benefit.id)), &roster)?);
        written += 1;
    }
    kept.extend(write(
        &to.join("疑点核实清单.xlsx"),
        &questions(summary, (&hits, None), &known_as),
    )?);
    if !quiet {
        screen.line(&format!(
            "疑似符合名单 {written} 份、疑点核实清单 1 份已存入 {}。名单供核实用，不得外传、公示。",
            to.display()
        ))?;
        if !kept.is_empty() {
            let names = kept.iter().filter_map(|path| path.file_name());
            let names: Vec<String> = names.map(|name| name.to_string_lossy().into_owned()).collect();
            screen.line(&format!("原有的同名文件已保留，改名为：{}", names.join("、")))?;
        }
    }
    Ok(())
}

/// Writes a list that its owner alone may read; the new name of a file that was there with other content.
fn write(path: &Path, roster: &Roster) -> Result<Option<PathBuf>, Failure> {
    let bytes = report::roster::workbook(roster)
        .map_err(|error| Failure::new(format!("名单写不成表格：{error}"), "请将该情况告知维护人员"))?;
    let kept = saving::save(path, &bytes)?;
    saving::make_private(path)?;
    Ok(kept)
}
