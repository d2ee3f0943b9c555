//! axe-core: fetched once by npm into the target folder, used by tests alone.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use super::driver::found;

/// The version tested with; another one finds other things.
const PACKAGE: &str = "axe-core@4.14.1";

static SOURCE: LazyLock<Option<String>> = LazyLock::new(|| {
    let folder = target().join("axe");
    let file = folder.join("node_modules/axe-core/axe.min.js");
    if !file.is_file() {
        std::fs::create_dir_all(&folder).ok()?;
        let fetched = Command::new(found("npm")?)
            .args([
                "install", "--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix",
            ])
            .arg(&folder)
            .arg(PACKAGE)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        fetched.ok().filter(std::process::ExitStatus::success)?;
    }
    std::fs::read_to_string(file).ok()
});

/// Its text; none where it is not there and cannot be fetched.
pub(super) fn source() -> Option<&'static str> {
    SOURCE.as_deref()
}

/// The target folder of this build.
pub(super) fn target() -> PathBuf {
    let own = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    own.unwrap_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../target")))
}
