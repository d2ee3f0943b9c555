//! Where pack files come from.

use std::path::Path;

use policy::Library;
use policy::file::{Diagnostics, Tree, TreeError};

#[test]
fn the_folder_and_what_is_compiled_in_are_the_same() {
    let folder = Tree::from_folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies")).unwrap();
    let built_in = Tree::built_in();
    assert_eq!(folder.paths().collect::<Vec<_>>(), built_in.paths().collect::<Vec<_>>());
    for path in folder.paths() {
        assert_eq!(folder.bytes(path), built_in.bytes(path), "{path}");
    }
}

#[test]
fn a_folder_that_is_not_there_is_refused_by_name() {
    let error = Tree::from_folder(Path::new("/没有这个文件夹")).unwrap_err();
    assert!(matches!(error, TreeError::Unreadable { .. }));
    assert_eq!(
        error.to_string(),
        "不能读取政策文件库 /没有这个文件夹：没有这个文件或文件夹。请确认路径是政策文件库所在文件夹，且有读取权限"
    );
}

#[test]
fn an_empty_tree_loads_and_says_what_is_missing() {
    let library = Library::load(&Tree::default());
    let findings: Vec<String> = library.diagnostics.iter().map(ToString::to_string).collect();
    assert_eq!(
        findings,
        [
            "shared/regions.toml:1:1 错误：缺少 shared/regions.toml。请确认政策文件库完整",
            "shared/units.toml:1:1 错误：缺少 shared/units.toml。请确认政策文件库完整",
        ]
    );
}

#[test]
fn a_file_in_another_encoding_is_reported_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    // 市 in GBK on the second line.
    std::fs::write(folder.path().join("a.toml"), b"format = 1\nname = \"\xca\xd0\"\n").unwrap();
    let tree = Tree::from_folder(folder.path()).unwrap();
    let diagnostics = Diagnostics::new();
    assert!(tree.open("a.toml", &diagnostics).is_none());
    let finding = diagnostics.into_sorted().remove(0);
    assert_eq!(
        (finding.place.line, finding.message.as_str()),
        (2, "文件不是 UTF-8 编码")
    );
}

#[test]
fn hidden_files_and_other_kinds_are_left_out() {
    let folder = tempfile::tempdir().unwrap();
    for name in [".a.toml", "b.toml", "c.toml~", "d.txt"] {
        std::fs::write(folder.path().join(name), "format = 1\n").unwrap();
    }
    let tree = Tree::from_folder(folder.path()).unwrap();
    assert_eq!(tree.paths().collect::<Vec<_>>(), ["b.toml"]);
}
