//! Compiles the files of `policies/` into the crate: path and bytes, sorted by path.
//!
//! A build step rather than a macro, because cargo then sees new files as well as changed ones.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("../../policies");
    println!("cargo:rerun-if-changed={}", root.display());
    println!("cargo:rerun-if-changed=build.rs");
    let mut files = Vec::new();
    collect(&root, &mut files)?;
    files.sort();
    let mut out = String::from(
        "/// The files of `policies/` as they were when the program was built.\nstatic BUILT_IN: &[(&str, &[u8])] = &[\n",
    );
    for file in &files {
        let path = file.strip_prefix(&root)?.to_string_lossy().replace('\\', "/");
        writeln!(
            out,
            "    ({path:?}, include_bytes!({:?})),",
            fs::canonicalize(file)?.display().to_string()
        )?;
    }
    out.push_str("];\n");
    fs::write(Path::new(&env::var("OUT_DIR")?).join("built_in.rs"), out)?;
    Ok(())
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Box<dyn Error>> {
    if !folder.is_dir() {
        return Ok(());
    }
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "toml") {
            files.push(path);
        }
    }
    Ok(())
}
