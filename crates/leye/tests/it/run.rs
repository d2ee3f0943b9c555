//! Running the built binary.

use std::path::Path;
use std::process::{Command, Output, Stdio};

/// The binary with `arguments`, in `folder`, without a terminal.
pub(crate) fn leye(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_leye"))
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .expect("the binary starts")
}

/// What a user sees: exit code, standard output, standard error.
pub(crate) fn shown(folder: &Path, arguments: &[&str]) -> String {
    let output = leye(folder, arguments);
    format!(
        "退出码 {}\n--- stdout\n{}--- stderr\n{}",
        output.status.code().expect("ended by itself"),
        text(&output.stdout),
        text(&output.stderr),
    )
}

/// Output as text.
pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("output is UTF-8")
}

/// An empty folder that goes away by itself.
pub(crate) fn empty_folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

/// Starts the binary in `folder` and kills it as soon as `sign` is there.
pub(crate) fn killed_at(folder: &Path, arguments: &[&str], sign: &Path) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_leye"))
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the binary starts");
    while !sign.exists() {
        assert!(
            child.try_wait().expect("asked").is_none(),
            "it ended before {} was there",
            sign.display()
        );
        std::thread::yield_now();
    }
    child.kill().expect("killed");
    assert!(!child.wait().expect("waited").success());
}
