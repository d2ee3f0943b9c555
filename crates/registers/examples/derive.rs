//! Derives all facts of a folder of Parquet registers: `bench/peers/derive.py` runs and times it.
//!
//! With `LEYE_PRINT_SQL` set it prints the queries instead, each behind a line `--- name`.
//!
//! `derive FOLDER AS_OF THREADS MEMORY_MIB PER…`; a register is a folder or a file of FOLDER called by its id.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use policy::file::{Diagnostics, Tree};
use registers::derive::{ARRIVED, Basis, Derivation, Reach, arrived};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, as_of, threads, memory, per @ ..] = arguments.as_slice() else {
        return Err("derive FOLDER AS_OF THREADS MEMORY_MIB PER…".into());
    };
    let (tree, diagnostics) = (Tree::built_in(), Diagnostics::new());
    let dictionary = policy::fact::load(&tree, &diagnostics);
    let registers = policy::register::load(&tree, &dictionary, &diagnostics);
    let folder = Path::new(folder);
    let mut files = BTreeMap::new();
    for register in registers.all() {
        files.insert(register.id.clone(), parquet_below(&folder.join(&register.id))?);
    }
    let as_of = civil::Day::parse(as_of)?;
    let derivation = Derivation {
        dictionary: &dictionary,
        registers: &registers,
        basis: &Basis::of_files(files),
        as_of,
        known_on: as_of,
        reduction: None,
        months: None,
        history: Vec::new(),
        per: per
            .iter()
            .filter_map(|per| Reach::of(per))
            .map(|reach| reach.per)
            .collect(),
        out: folder.join("flat"),
        memory_bytes: memory.parse::<usize>()? << 20,
        rows_at_once: registers::derive::rows_within(memory.parse::<usize>()? << 20),
        threads: threads.parse()?,
        told: &|_| {},
        stop: &AtomicBool::new(false),
    };
    let mut text = String::new();
    if std::env::var_os("LEYE_PRINT_SQL").is_some() {
        text.push_str(&format!("--- {ARRIVED}\n{}\n", arrived(as_of)));
        for statement in derivation.statements()? {
            text.push_str(&format!("--- {}\n{}\n", statement.name, statement.sql));
        }
        std::io::Write::write_all(&mut std::io::stdout(), text.as_bytes())?;
        return Ok(());
    }
    let flats = derivation.run()?;
    for flat in flats {
        text.push_str(&format!("{} {}\n", flat.per, flat.rows));
    }
    std::io::Write::write_all(&mut std::io::stdout(), text.as_bytes())?;
    Ok(())
}

/// The Parquet files of a folder, in order; none where there is no such folder.
fn parquet_below(folder: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "parquet") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
