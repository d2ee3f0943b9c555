//! Large texts read by the released binary.

use std::error::Error;
use std::fs;
use std::path::Path;

use super::measured;

/// Least speed of reading plain text, in MB (10^6 bytes) a second, on one core.
const MIN_MB_PER_SECOND: u128 = 5;
/// Most memory that reading 5 MB of text may take, in KiB.
const MAX_KIB: u64 = 200 * 1024;
/// Sizes read, in bytes: equal speed at both says that cost is linear.
const SIZES: &[usize] = &[1_250_000, 5_000_000];
/// Times each size is read; the median counts.
const RUNS: usize = 5;

/// Reads large texts made of the samples, prose and table, with the released binary; true when the bounds hold.
pub(crate) fn run(root: &Path) -> Result<bool, Box<dyn Error>> {
    let folder = root.join("target/long");
    fs::create_dir_all(&folder)?;
    let mut good = true;
    for sample in ["wangyu-2025-notice-annex.txt", "luting-2023-flattened-table.txt"] {
        let unit = fs::read_to_string(root.join("samples").join(sample))?;
        for size in SIZES {
            let path = folder.join(format!("{size}-{sample}"));
            fs::write(&path, unit.repeat(size / unit.len() + 1))?;
            let bytes = fs::metadata(&path)?.len();
            let mut runs = Vec::new();
            for _ in 0..RUNS {
                let arguments = ["extract", "--json", &path.to_string_lossy()];
                let run = measured::run(&root.join("target/release/leye"), &arguments, &folder, &[0])?;
                runs.push((run.millis, run.kib));
            }
            runs.sort_unstable();
            let (millis, _) = runs[RUNS / 2];
            let kib = runs.iter().map(|(_, kib)| *kib).max().unwrap_or_default();
            let tenths = u128::from(bytes) * 10 / 1000 / millis.max(1);
            good &= tenths >= MIN_MB_PER_SECOND * 10 && kib <= MAX_KIB;
            crate::say(&format!(
                "long: {sample} {bytes} bytes: median {millis} ms, {}.{} MB/s, at most {} MiB",
                tenths / 10,
                tenths % 10,
                kib / 1024
            ));
        }
    }
    if !good {
        crate::say(&format!(
            "long: reading is slower than {MIN_MB_PER_SECOND} MB/s or takes more than {} MiB",
            MAX_KIB / 1024
        ));
    }
    Ok(good)
}
