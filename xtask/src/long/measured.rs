//! A program run once: how long it took, how much memory it held at most, what it said.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

/// One run.
#[derive(Debug, Clone)]
pub(super) struct Run {
    /// From start to end.
    pub(super) millis: u128,
    /// The greatest memory seen, in KiB.
    pub(super) kib: u64,
    /// How it ended.
    pub(super) code: i32,
    /// Standard output, then standard error.
    pub(super) output: String,
}

impl Run {
    /// Seconds with two digits, and MiB.
    pub(super) fn shown(&self) -> String {
        format!(
            "{}.{:02} s, at most {} MiB",
            self.millis / 1000,
            self.millis % 1000 / 10,
            self.kib / 1024
        )
    }

    /// Whether it kept within these bounds.
    pub(super) fn within(&self, seconds: u128, mib: u64) -> bool {
        self.millis < seconds * 1000 && self.kib < mib * 1024
    }
}

/// Runs a program in a folder; `known` are the exit codes that are no failure.
pub(super) fn run(program: &Path, arguments: &[&str], folder: &Path, known: &[i32]) -> Result<Run, Box<dyn Error>> {
    let (out, err) = (folder.join(".stdout"), folder.join(".stderr"));
    #[expect(clippy::disallowed_methods, reason = "this chore measures")]
    let now = std::time::Instant::now;
    let begun = now();
    let mut child = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(fs::File::create(&out)?)
        .stderr(fs::File::create(&err)?)
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
        let Some(ended) = child.try_wait()? else {
            std::thread::sleep(Duration::from_millis(2));
            continue;
        };
        let millis = begun.elapsed().as_millis();
        let mut output = String::from_utf8_lossy(&fs::read(&out)?).into_owned();
        output.push_str(&String::from_utf8_lossy(&fs::read(&err)?));
        let code = ended.code().unwrap_or(-1);
        if known.contains(&code) {
            return Ok(Run {
                millis,
                kib,
                code,
                output,
            });
        }
        let words = arguments.join(" ");
        return Err(format!("{} {words} ended with {code}:\n{output}", program.display()).into());
    }
}
