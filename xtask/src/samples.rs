//! `xtask samples`: writes every sample that is generated, or, with `--check`, says which files on disk differ.

mod description;
mod docx;
mod html;
mod layout;
mod layout_table;
mod ofd;
mod package;
mod pdf;
mod qinghe;
mod xlsx;
mod yanhu;
mod yingchuan;

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::{error, fs};

use description::Document;

/// A document that is generated in every format.
struct InEveryFormat {
    /// Name of its files and of its expected ledger.
    name: &'static str,
    document: &'static Document,
    title: &'static str,
    site: &'static str,
    html: html::Flavour,
    pdf: pdf::Flavour,
}

const IN_EVERY_FORMAT: [InEveryFormat; 2] = [
    InEveryFormat {
        name: "qinghe-2024-table",
        document: &qinghe::DOCUMENT,
        title: "青禾市2024年“百业稳岗”行动任务分解表",
        site: "青禾市人民政府",
        html: html::Flavour::Utf8,
        pdf: pdf::Flavour::Gbk,
    },
    InEveryFormat {
        name: "yanhu-2024-prose",
        document: &yanhu::DOCUMENT,
        title: "关于帮助青年和零散务工人员就业的若干措施",
        site: "砚湖区人民政府",
        html: html::Flavour::Gbk,
        pdf: pdf::Flavour::Ucs2,
    },
];

/// Writes or checks the generated samples; true when there is nothing to complain of.
///
/// # Errors
/// A folder or file that cannot be read or written.
pub(crate) fn run(check: bool) -> Result<bool, Box<dyn error::Error>> {
    let folder = folder();
    let mut out = io::stdout().lock();
    let mut clean = true;
    for (name, bytes) in generated()? {
        let path = folder.join(&name);
        let same = fs::read(&path).is_ok_and(|there| there == bytes);
        if same {
            continue;
        }
        clean = false;
        if check {
            writeln!(
                out,
                "samples/{name} differs from what xtask generates; run `cargo xtask samples`"
            )?;
        } else {
            fs::write(&path, &bytes)?;
            writeln!(out, "samples/{name} written ({} bytes)", bytes.len())?;
        }
    }
    if clean {
        writeln!(out, "every generated sample is up to date")?;
    }
    Ok(clean || !check)
}

/// `samples/` of this repository.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../samples")
}

/// A generated file: its name below `samples/`, and its bytes.
type File = (String, Vec<u8>);

/// Every generated file.
fn generated() -> Result<Vec<File>, Box<dyn error::Error>> {
    let mut files = Vec::new();
    for sample in &IN_EVERY_FORMAT {
        let &InEveryFormat {
            name,
            document,
            title,
            site,
            html,
            pdf,
        } = sample;
        let layout = layout::lay_out(document);
        files.push((format!("{name}.docx"), docx::write(document)?));
        files.push((format!("{name}.html"), html::write(document, site, title, html)?));
        files.push((format!("{name}.pdf"), pdf::write(&layout, title, pdf)?));
        files.push((format!("{name}.ofd"), ofd::write(&layout, title)?));
        files.push((format!("{name}.xlsx"), xlsx::write(document)?));
    }
    files.push((
        "yingchuan-2023-policy-list.docx".to_owned(),
        docx::write(&yingchuan::DOCUMENT)?,
    ));
    Ok(files)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Names, without their extension, of the files in a folder that have one of these extensions.
    fn names(folder: &Path, extensions: &[&str]) -> BTreeSet<String> {
        let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let wanted = paths.filter(|path| path.extension().is_some_and(|e| extensions.iter().any(|&x| e == x)));
        wanted
            .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
            .collect()
    }

    #[test]
    fn the_files_on_disk_are_the_generated_ones() {
        for (name, bytes) in generated().unwrap() {
            assert!(fs::read(folder().join(&name)).unwrap() == bytes, "{name} differs");
        }
    }

    #[test]
    fn every_sample_has_an_expected_ledger_and_every_ledger_a_sample() {
        let samples = names(&folder(), &["txt", "docx", "html", "pdf", "ofd", "xlsx"]);
        assert_eq!(samples, names(&folder().join("expected"), &["json"]));
    }

    #[test]
    fn samples_stay_small() {
        for entry in fs::read_dir(folder()).unwrap() {
            let entry = entry.unwrap();
            assert!(entry.metadata().unwrap().len() < 100_000, "{:?}", entry.path());
        }
    }
}
