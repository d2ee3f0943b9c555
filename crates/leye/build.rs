//! Compiles the sample documents into the binary: `samples/*`, without the expectations beside them.

use std::env;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// What the readers can open; a README in the folder is no sample.
const DOCUMENTS: [&str; 8] = ["docx", "txt", "html", "htm", "pdf", "ofd", "xlsx", "xls"];

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("../../samples");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut documents = Vec::new();
    if folder.is_dir() {
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            let known = path
                .extension()
                .is_some_and(|e| DOCUMENTS.iter().any(|d| e.eq_ignore_ascii_case(d)));
            if path.is_file() && known {
                documents.push(path.canonicalize()?);
            }
        }
    }
    documents.sort();
    let mut table = String::from("pub(crate) const DOCUMENTS: &[(&str, &[u8])] = &[\n");
    for path in documents {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        writeln!(
            table,
            "    ({name:?}, include_bytes!({:?})),",
            path.display().to_string()
        )?;
    }
    table.push_str("];\n");
    fs::write(Path::new(&env::var("OUT_DIR")?).join("samples.rs"), table)?;
    Ok(())
}
