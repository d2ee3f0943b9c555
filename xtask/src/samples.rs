//! `xtask samples`: writes every sample that is generated, or, with `--check`, says which files on disk differ.

mod description;
mod docx;
mod package;
mod qinghe;
mod yanhu;
mod yingchuan;

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::{error, fs};

use description::Document;

/// The table, the prose and the list, each under the name its expected ledger bears.
const DOCUMENTS: [(&str, &Document); 3] = [
    ("qinghe-2024-table", &qinghe::DOCUMENT),
    ("yanhu-2024-prose", &yanhu::DOCUMENT),
    ("yingchuan-2023-policy-list", &yingchuan::DOCUMENT),
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
            writeln!(out, "samples/{name} differs from what xtask generates; run `cargo xtask samples`")?;
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

/// Every generated file: name below `samples/` and bytes.
fn generated() -> Result<Vec<(String, Vec<u8>)>, Box<dyn error::Error>> {
    let mut files = Vec::new();
    for (name, document) in DOCUMENTS {
        files.push((format!("{name}.docx"), docx::write(document)?));
    }
    Ok(files)
}
