//! Broken, lying and hostile files: a clear message, and the home as it was.

use std::io::{Cursor, Read, Write};
use std::path::Path;

use registers::import::ImportError;
use rust_xlsxwriter::Workbook;

use crate::small_disk::SmallDisk;
use crate::world::{Asked, World, credit, problems};

fn firms(count: u32) -> String {
    let lines: Vec<String> = (0..count).map(|n| format!("{},第{n}厂", credit(n))).collect();
    format!("统一社会信用代码,单位名称\n{}\n", lines.join("\n"))
}

/// Imports and expects these words, and that nothing has changed.
fn refused(world: &World, register: &str, file: &Path, words: &str) {
    let manifest = world.home().join("registers/manifest.jsonl");
    let before = std::fs::read(&manifest).unwrap_or_default();
    let error = world.try_import(register, file, &Asked::default()).unwrap_err();
    assert!(error.to_string().contains(words), "{error}");
    assert_eq!(std::fs::read(&manifest).unwrap_or_default(), before);
}

fn xlsx(change: impl Fn(String) -> String) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, header) in (0_u16..).zip(["统一社会信用代码", "单位名称"]) {
        sheet.write_string(0, column, header).unwrap();
    }
    sheet.write_string(1, 0, credit(1)).unwrap();
    sheet.write_string(1, 1, "某厂").unwrap();
    let bytes = book.save_to_buffer().unwrap();
    let mut from = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut to = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..from.len() {
        let mut part = from.by_index(index).unwrap();
        let name = part.name().unwrap().into_owned();
        let mut text = Vec::new();
        part.read_to_end(&mut text).unwrap();
        if name == "xl/worksheets/sheet1.xml" {
            text = change(String::from_utf8(text).unwrap()).into_bytes();
        }
        to.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        to.write_all(&text).unwrap();
    }
    to.finish().unwrap().into_inner()
}

#[test]
fn a_workbook_that_only_claims_two_million_rows_is_read_for_what_it_has() {
    let world = World::new();
    let bytes = xlsx(|text| text.replace(r#"ref="A1:B2""#, r#"ref="A1:B2000000""#));
    let report = world.import("employer", &world.file("a.xlsx", bytes));
    assert_eq!(report.accepted(), 1);
    assert!(report.notices[0].contains("自称有 2000000 行"), "{:?}", report.notices);
}

#[test]
fn a_workbook_with_a_row_beyond_the_last_is_refused() {
    let world = World::new();
    let bytes = xlsx(|text| {
        text.replace(r#"<row r="2""#, r#"<row r="2000000""#)
            .replace(r#"r="A2""#, r#"r="A2000000""#)
            .replace(r#"r="B2""#, r#"r="B2000000""#)
    });
    refused(
        &world,
        "employer",
        &world.file("a.xlsx", bytes),
        "超过工作表上限 1048576 行",
    );
}

#[test]
fn a_truncated_workbook_and_one_of_another_kind_are_refused() {
    let world = World::new();
    let bytes = xlsx(|text| text);
    let half = &bytes[..bytes.len() / 2];
    refused(&world, "employer", &world.file("a.xlsx", half), "已损坏或不完整");
    refused(
        &world,
        "employer",
        &world.file("b.xlsx", "%PDF-1.4"),
        "格式不能导入（PDF）",
    );
    refused(&world, "employer", &world.file("c.csv", ""), "是空的");
    refused(&world, "employer", &world.folder.path().join("d.csv"), "找不到文件");
}

#[test]
fn a_truncated_parquet_file_is_refused_wherever_it_ends() {
    let world = World::new();
    world.import("employer", &world.file("a.csv", firms(2_000)));
    let path = world.manifest().files("employer", None)[0].path(world.store().root());
    let bytes = std::fs::read(path).unwrap();
    for length in [5, 100, bytes.len() / 2, bytes.len() - 1] {
        let file = world.file("b.parquet", &bytes[..length]);
        refused(&world, "employer", &file, "已损坏或不完整");
    }
    // Damaged pages behind an intact footer.
    let mut pages = bytes.clone();
    let middle = bytes.len() / 3;
    pages[middle..middle + 2_000].fill(0);
    let damaged = world.file("c.parquet", &pages);
    assert!(world.try_import("employer", &damaged, &Asked::default()).is_err());
}

#[test]
fn a_damaged_file_of_the_home_is_named_and_nothing_is_written() {
    let world = World::new();
    world.import("employer", &world.file("a.csv", firms(100)));
    let path = world.manifest().files("employer", None)[0].path(world.store().root());
    let bytes = std::fs::read(&path).unwrap();
    std::fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    refused(
        &world,
        "employer",
        &world.file("b.csv", firms(101)),
        "请从备份恢复该文件",
    );
}

#[test]
fn text_in_no_encoding_is_refused_with_its_line() {
    let world = World::new();
    let mut bytes = firms(3).into_bytes();
    bytes.extend(b"\xff\xff\x80,x\n");
    refused(
        &world,
        "employer",
        &world.file("a.csv", &bytes),
        "第5行起的文字既不是 UTF-8 也不是 GB18030",
    );
}

#[test]
fn text_read_in_the_wrong_encoding_is_no_data() {
    let world = World::new();
    // UTF-8 taken for GB18030 by whoever saved it: the header is rubbish, and it is said so.
    let text = firms(3);
    let (mojibake, _) = encoding_rs::GB18030.decode_without_bom_handling(text.as_bytes());
    refused(
        &world,
        "employer",
        &world.file("a.csv", mojibake.as_bytes()),
        "没有找到“市场主体和法人登记”的表头",
    );
}

#[test]
fn a_missing_column_is_named_and_nothing_is_taken() {
    let world = World::new();
    let file = world.file(
        "a.csv",
        format!("统一社会信用代码,成立日期\n{},2019-01-01\n", credit(1)),
    );
    refused(&world, "employer", &file, "缺少必填列：单位名称");
}

#[test]
fn a_newer_manifest_is_refused_by_name() {
    let world = World::new();
    world.import("employer", &world.file("a.csv", firms(1)));
    let path = world.home().join("registers/manifest.jsonl");
    let text = std::fs::read_to_string(&path)
        .unwrap()
        .replace("\"format\":1", "\"format\":2");
    std::fs::write(&path, text).unwrap();
    let error = world.store().manifest().unwrap_err().to_string();
    assert!(
        error.contains("第1行的格式为 format = 2，本程序只能读取 format = 1"),
        "{error}"
    );
}

#[test]
fn what_an_import_that_broke_off_has_left_is_swept_up() {
    let world = World::new();
    world.import("employer", &world.file("a.csv", firms(1)));
    let root = world.home().join("registers");
    std::fs::create_dir_all(root.join(".staging")).unwrap();
    std::fs::write(root.join(".staging/run-000000.arrow"), "rest").unwrap();
    std::fs::write(root.join("employer/330282/snapshot/000099.parquet"), "rest").unwrap();
    let report = world.import("employer", &world.file("b.csv", firms(2)));
    assert_eq!((report.vintage, report.accepted()), (Some(2), 2));
    assert!(!root.join(".staging").exists());
    assert!(!root.join("employer/330282/snapshot/000099.parquet").exists());
}

#[test]
fn two_imports_at_once_are_one_after_the_other() {
    let world = World::new();
    let held = world.store().begin(1).unwrap();
    refused(
        &world,
        "employer",
        &world.file("a.csv", firms(1)),
        "正在被另一个导入使用",
    );
    drop(held);
    world.import("employer", &world.file("a.csv", firms(1)));
}

#[test]
fn a_full_disk_leaves_the_earlier_state_and_a_message() {
    let Some(disk) = SmallDisk::mount(600) else { return };
    let world = World::in_folder(tempfile::tempdir_in(disk.path()).unwrap());
    world.import("employer", &world.file("a.csv", firms(50)));
    let before = world.rows("employer", None);
    let outside = tempfile::tempdir().unwrap();
    let large = outside.path().join("b.csv");
    std::fs::write(&large, firms(20_000)).unwrap();
    let error = world.try_import("employer", &large, &Asked::default()).unwrap_err();
    assert!(
        matches!(error, ImportError::Writing { .. } | ImportError::Folder(_)),
        "{error:?}"
    );
    assert!(error.to_string().contains("磁盘空间不足"), "{error}");
    assert_eq!(world.rows("employer", None), before);
    assert!(!world.home().join("registers/.staging").exists());
    // With less to write it goes on as if nothing had been.
    let report = world.import("employer", &world.file("c.csv", firms(60)));
    assert_eq!((problems(&report), report.vintage), (Vec::new(), Some(2)));
    drop(world);
}

#[test]
fn two_columns_of_a_text_file_for_one_are_refused_in_a_whole_sentence() {
    let world = World::new();
    let file = world.file(
        "a.csv",
        format!("统一社会信用代码,名 称,单位名称\n{},甲,乙\n", credit(1)),
    );
    let words = "文件中“名 称”和“单位名称”两列都是“单位名称”";
    refused(&world, "employer", &file, words);
}
