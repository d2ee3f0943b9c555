//! The founding documents, which lie outside the repository.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use document::Extraction;
use policy::Library;
use policy::file::Tree;

/// The text of a founding document; `None`, and said so, where the documents are not at hand. With
/// `LEYE_REQUIRE_ALL=1` their absence is a failure.
pub(crate) fn founding_text(name: &str) -> Option<String> {
    let folder = std::env::var_os("LEYE_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    let path = folder.join("documents").join(name);
    if path.exists() {
        return Some(std::fs::read_to_string(&path).unwrap());
    }
    assert!(
        std::env::var("LEYE_REQUIRE_ALL").as_deref() != Ok("1"),
        "{} is not there and LEYE_REQUIRE_ALL=1",
        path.display()
    );
    eprintln!("skipped: {} is not there", path.display());
    None
}

/// What the extractor makes of a text.
pub(crate) fn extract(text: &str) -> Extraction {
    document::extract(&document::read(text.as_bytes()).unwrap())
}

/// The packs compiled into the program, loaded once.
pub(crate) fn built_in() -> &'static Library {
    static LIBRARY: OnceLock<Library> = OnceLock::new();
    LIBRARY.get_or_init(|| Library::load(&Tree::built_in()))
}
