//! `cargo xtask long`: everything at full size. The tests with `LEYE_SCALE=long`, the benches, and the reading of large
//! texts by the released binary, with its speed and its greatest memory.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

/// Least speed of reading plain text, in MB (10^6 bytes) a second, on one core.
const MIN_MB_PER_SECOND: u128 = 5;
/// Most memory that reading 5 MB of text may take, in KiB.
const MAX_KIB: u64 = 200 * 1024;
/// Sizes read, in bytes: equal speed at both says that cost is linear.
const SIZES: &[usize] = &[1_250_000, 5_000_000];
/// Times each size is read; the median counts.
const RUNS: usize = 5;

/// Runs it all; true when every bound holds.
pub(crate) fn run(root: &Path) -> Result<bool, Box<dyn Error>> {
    cargo(root, &["test", "--workspace"])?;
    cargo(root, &["bench", "--workspace"])?;
    reading(root)
}

fn cargo(root: &Path, arguments: &[&str]) -> Result<(), Box<dyn Error>> {
    crate::say(&format!("long: cargo {}", arguments.join(" ")));
    let status = Command::new(env!("CARGO"))
        .args(arguments)
        .current_dir(root)
        .env("LEYE_SCALE", "long")
        .status()?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("cargo {} failed", arguments.join(" ")).into())
    }
}

/// Reads large texts made of the samples, prose and table, with the released binary; true when the bounds hold.
pub(crate) fn reading(root: &Path) -> Result<bool, Box<dyn Error>> {
    cargo(root, &["build", "--release"])?;
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
                runs.push(extract(root, &path)?);
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

/// One run of `leye extract --json`: milliseconds from start to end, and the greatest memory seen, in KiB.
fn extract(root: &Path, path: &Path) -> Result<(u128, u64), Box<dyn Error>> {
    #[expect(clippy::disallowed_methods, reason = "this chore measures")]
    let now = std::time::Instant::now;
    let begun = now();
    let mut child = Command::new(root.join("target/release/leye"))
        .arg("extract")
        .arg("--json")
        .arg(path)
        .stdout(Stdio::null())
        .spawn()?;
    let status = format!("/proc/{}/status", child.id());
    let mut kib = 0;
    loop {
        // The kernel keeps the high-water mark; the last look before the end tells it.
        if let Ok(text) = fs::read_to_string(&status) {
            let mark = text
                .lines()
                .find_map(|l| l.strip_prefix("VmHWM:"))
                .and_then(|l| l.trim().strip_suffix(" kB"))
                .and_then(|n| n.parse().ok());
            kib = kib.max(mark.unwrap_or_default());
        }
        if let Some(ended) = child.try_wait()? {
            let millis = begun.elapsed().as_millis();
            return if ended.success() {
                Ok((millis, kib))
            } else {
                Err(format!("leye extract {} failed", path.display()).into())
            };
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}
