//! A disk that is soon full.

use std::path::Path;

/// A small disk of its own; `None`, and said so, where there is none to be had. With `LEYE_REQUIRE_ALL=1` that is a
/// failure.
pub(crate) struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    pub(crate) fn mount(kilobytes: u32) -> Option<Self> {
        let folder = tempfile::tempdir().expect("a folder");
        let mounted = std::process::Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={kilobytes}k"), "tmpfs"])
            .arg(folder.path())
            .output()
            .is_ok_and(|output| output.status.success());
        if mounted {
            return Some(Self(folder));
        }
        assert!(
            std::env::var("LEYE_REQUIRE_ALL").as_deref() != Ok("1"),
            "no tmpfs can be mounted and LEYE_REQUIRE_ALL=1"
        );
        eprintln!("skipped: no tmpfs can be mounted");
        None
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = std::process::Command::new("umount").arg(self.0.path()).output();
    }
}
