//! `leye extract`, from documents of the tests' own to what the user sees.

use std::fs;
use std::io::Read as _;
use std::path::Path;
use std::process::{Command, Stdio};

use insta::assert_snapshot;
use serde_json::Value;

use crate::run::{empty_folder, leye, shown, text};

/// A division of duties as a table, with each class of deadline.
const TABLE: &str = "\
青禾县促进就业工作责任分工表
序号\t项目\t工作内容\t牵头单位\t配合单位\t完成时限
1\t稳定岗位\t落实稳岗返还，资金不少于500万元。\t县人社局\t县财政局、县税务局，各乡镇\t2024年6月底
2\t稳定岗位\t每季度举办一场招聘会。\t县人社局、县总工会\t各乡镇\t长期
";

/// Prose whose second item names no unit, and in which nothing says who leads.
const PROSE: &str = "\
青禾县人民政府办公室关于促进就业的通知
青政办发〔2024〕8号
各乡镇人民政府，县政府各部门：
为促进就业，现将有关事项通知如下。
一、支持企业稳定岗位。对不裁员的企业给予支持。（责任单位：县人社局、县财政局）
二、做好就业服务。常年开展招聘活动。
三、开展技能培训。全年培训不少于1000人次。（责任单位：县人社局、县总工会等）
";

fn write(folder: &Path, name: &str, content: &str) {
    fs::write(folder.join(name), content).expect("the file is written");
}

fn json_lines(output: &[u8]) -> Vec<Value> {
    text(output)
        .lines()
        .map(|line| serde_json::from_str(line).expect("each line is JSON"))
        .collect()
}

#[test]
fn the_ledger_is_a_table_under_the_header_of_the_document() {
    let folder = empty_folder();
    write(folder.path(), "分工.txt", TABLE);
    assert_snapshot!("table", shown(folder.path(), &["extract", "分工.txt"]));
}

#[test]
fn no_lead_is_invented_and_a_task_without_unit_says_to_whom_the_document_went() {
    let folder = empty_folder();
    write(folder.path(), "通知.txt", PROSE);
    assert_snapshot!("prose", shown(folder.path(), &["extract", "通知.txt"]));
}

#[test]
fn json_keeps_the_contract_key_by_key() {
    let folder = empty_folder();
    write(folder.path(), "分工.txt", TABLE);
    let output = leye(folder.path(), &["extract", "--json", "分工.txt"]);
    assert_eq!(output.status.code(), Some(0));
    let line = text(&output.stdout);
    assert_eq!(line.lines().count(), 1);
    let mut rest = line.as_str();
    for key in [
        "format", "file", "document", "title", "number", "issuer", "date", "region", "recipients", "publicity",
        "parts", "role", "title", "number", "issuer", "date", "span", "lead_rule", "tasks", "no", "part", "path",
        "title", "text", "assignments", "unit", "raw", "role", "collective", "open_ended", "inherited", "function",
        "deadline", "raw", "class", "due", "reading", "quantities", "raw", "kind", "value", "measure", "bound", "span",
        "diagnostics",
    ] {
        let quoted = format!("\"{key}\":");
        let at = rest
            .find(&quoted)
            .unwrap_or_else(|| panic!("{key} is missing or out of order in {line}"));
        rest = &rest[at + quoted.len()..];
    }
    let value = &json_lines(&output.stdout)[0];
    assert_eq!(value["format"], 1);
    assert_eq!(value["file"], "分工.txt");
    let assignment = &value["tasks"][0]["assignments"][0];
    assert_eq!(
        (&assignment["unit"], &assignment["role"]),
        (&"县人社局".into(), &"lead".into())
    );
    assert_eq!(assignment["function"], "human-resources");
}

#[test]
fn spans_are_byte_offsets_into_what_text_prints() {
    let folder = empty_folder();
    for (name, content, count) in [("分工.txt", TABLE, 2), ("通知.txt", PROSE, 3)] {
        write(folder.path(), name, content);
        let printed = leye(folder.path(), &["extract", "--text", name]);
        assert_eq!((printed.status.code(), text(&printed.stderr)), (Some(0), String::new()));
        let printed = text(&printed.stdout);
        let value = &json_lines(&leye(folder.path(), &["extract", "--json", name]).stdout)[0];
        let span = |of: &Value| -> String {
            let at = |index: usize| usize::try_from(of["span"][index].as_u64().unwrap()).unwrap();
            printed
                .get(at(0)..at(1))
                .expect("a span ends between characters")
                .to_owned()
        };
        let tasks = value["tasks"].as_array().unwrap();
        assert_eq!(tasks.len(), count, "{name}");
        for task in tasks {
            for assignment in task["assignments"].as_array().unwrap() {
                assert!(span(task).contains(assignment["raw"].as_str().unwrap()), "{task}");
            }
            for quantity in task["quantities"].as_array().unwrap() {
                assert_eq!(span(quantity), quantity["raw"].as_str().unwrap());
            }
        }
    }
}

#[test]
fn a_file_that_cannot_be_read_is_named_and_the_others_are_still_printed() {
    let folder = empty_folder();
    fs::create_dir(folder.path().join("空")).unwrap();
    fs::write(folder.path().join("坏.docx"), b"PK\x03\x04 not a zip").unwrap();
    write(folder.path(), "分工.txt", TABLE);
    let files = ["没有.txt", "空", "坏.docx", "分工.txt"];
    assert_snapshot!("unreadable", shown(folder.path(), &[&["extract"][..], &files].concat()));
    let output = leye(folder.path(), &[&["extract", "--json"][..], &files].concat());
    assert_eq!(output.status.code(), Some(2));
    let lines = json_lines(&output.stdout);
    for (line, file) in lines.iter().zip(files).take(3) {
        let keys: Vec<&String> = line.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["error", "file"]);
        assert_eq!(line["file"], file);
        assert!(
            line["error"].as_str().unwrap().contains('。'),
            "an error ends in a hint: {line}"
        );
    }
    assert_eq!(lines[3]["tasks"].as_array().unwrap().len(), 2);
}

#[test]
fn a_folder_stands_for_its_files_sorted_by_name() {
    let folder = empty_folder();
    let documents = folder.path().join("文件");
    fs::create_dir_all(documents.join("旧")).unwrap();
    for name in ["b.txt", "a.txt", ".隐藏.txt", "~$a.docx", "旧/c.txt"] {
        write(&documents, name, TABLE);
    }
    let output = leye(folder.path(), &["extract", "--json", "文件"]);
    assert_eq!(output.status.code(), Some(0));
    let files: Vec<Value> = json_lines(&output.stdout)
        .into_iter()
        .map(|line| line["file"].clone())
        .collect();
    assert_eq!(files, ["文件/a.txt", "文件/b.txt"]);
    assert_eq!(
        text(&output.stderr),
        "说明：只读取 文件 中的文件，其中 1 个子文件夹未读取。\n"
    );
}

#[test]
fn many_files_come_out_in_their_order_however_many_cores_read_them() {
    let folder = empty_folder();
    let mut files = Vec::new();
    for number in 0..60 {
        let name = format!("{:02}.txt", 59 - number);
        // The first ones are the longest: they are done last.
        write(
            folder.path(),
            &name,
            &format!("{TABLE}{}", "补充说明。\n".repeat((60 - number) * 2)),
        );
        files.push(name);
    }
    let arguments: Vec<&str> = ["extract", "--json"]
        .into_iter()
        .chain(files.iter().map(String::as_str))
        .collect();
    let output = leye(folder.path(), &arguments);
    let named: Vec<Value> = json_lines(&output.stdout)
        .into_iter()
        .map(|line| line["file"].clone())
        .collect();
    assert_eq!(named, files);
    assert_eq!(output.stdout, leye(folder.path(), &arguments).stdout);
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let folder = empty_folder();
    write(
        folder.path(),
        "分工.txt",
        &format!("{TABLE}{}", "补充说明。\n".repeat(8_000)),
    );
    let mut child = Command::new(env!("CARGO_BIN_EXE_leye"))
        .args(["extract", "--text", "分工.txt"])
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdout = child.stdout.take().unwrap();
    stdout.read_exact(&mut [0; 16]).unwrap();
    drop(stdout);
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), String::new()));
}

#[test]
fn units_have_their_function_from_the_packs_that_are_asked_for() {
    let folder = empty_folder();
    write(folder.path(), "分工.txt", TABLE);
    let function = |arguments: &[&str]| {
        let output = leye(
            folder.path(),
            &[&["extract", "--json", "分工.txt"][..], arguments].concat(),
        );
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        json_lines(&output.stdout)[0]["tasks"][0]["assignments"][0]["function"].clone()
    };
    assert_eq!(function(&[]), "human-resources");
    let shared = folder.path().join("库/shared");
    fs::create_dir_all(&shared).unwrap();
    let table = "format = 1\n[[function]]\nid = \"people\"\nname = \"人事\"\nstems = [\"人社局\"]\n";
    write(&shared, "units.toml", table);
    assert_eq!(function(&["--policies", "库"]), "people");

    fs::create_dir(folder.path().join("空库")).unwrap();
    write(&shared, "units.toml", &table.replace("stems", "stem"));
    let refused: Vec<String> = ["没有", "空库", "库"]
        .map(|packs| shown(folder.path(), &["extract", "分工.txt", "--policies", packs]))
        .to_vec();
    assert_snapshot!("policies_refused", refused.join("\n"));
}

#[test]
fn a_file_that_never_ends_or_is_too_large_is_refused_before_it_fills_the_memory() {
    let folder = empty_folder();
    let large = fs::File::create(folder.path().join("大.txt")).unwrap();
    large.set_len(65 << 20).unwrap();
    let mut files = vec!["大.txt"];
    if Path::new("/dev/zero").exists() {
        files.push("/dev/zero");
    }
    for file in files {
        let line = &json_lines(&leye(folder.path(), &["extract", "--json", file]).stdout)[0];
        assert_eq!(
            line["error"],
            "文件超过可读取的 64 MB。请确认是否选错文件，或将文件拆分后再读取"
        );
    }
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_cannot_be_written_is_told_where_it_still_can() {
    let folder = empty_folder();
    write(folder.path(), "分工.txt", TABLE);
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_leye"))
        .args(["extract", "分工.txt"])
        .current_dir(folder.path())
        .stdout(full)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        text(&output.stderr),
        "错误：输出失败：磁盘空间不足\n提示：请检查磁盘空间和输出位置后重试\n"
    );
}
