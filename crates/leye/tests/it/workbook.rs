//! The Excel ledgers that `leye extract --xlsx` and `leye demo` write.

use std::fs::{self, File};
use std::io::BufReader;
use std::path::Path;

use calamine::{Data, Reader as _, Xlsx};
use insta::assert_snapshot;

use crate::run::{empty_folder, leye, shown, text};

/// A document in which each thing that the ledger must say of itself happens once.
const DUTIES: &str = "\
青禾县人民政府办公室关于促进就业的通知
青政办发〔2024〕8号
各乡镇人民政府，县政府各部门：
为促进就业，现将有关事项通知如下。
一、支持企业稳定岗位。对不裁员的企业给予支持。（责任单位：县人社局、县财政局）
二、做好就业服务。常年开展招聘活动。
三、开展技能培训。全年培训不少于1000人次。（牵头单位：县人社局；配合单位：县总工会等）
";

/// The same with other units, as a second document of the same office.
const MORE: &str = "\
青禾县促进就业工作责任分工表
序号\t项目\t工作内容\t牵头单位\t配合单位\t完成时限
1\t稳定岗位\t落实稳岗返还。\t县财政局\t县人社局，各乡镇\t2024年6月底
";

fn sheets(path: &Path) -> Xlsx<BufReader<File>> {
    calamine::open_workbook(path).expect("the workbook opens")
}

/// All entries of a sheet, a line each, cells separated by bars, line feeds as slashes.
fn rows(book: &mut Xlsx<BufReader<File>>, sheet: &str) -> String {
    let range = book.worksheet_range(sheet).expect("the sheet is there");
    let rows = range.rows().map(|row| {
        let cells: Vec<String> = row
            .iter()
            .map(|cell: &Data| cell.to_string().replace('\n', "／"))
            .collect();
        cells.join("|")
    });
    rows.collect::<Vec<_>>().join("\n")
}

#[test]
fn the_ledger_says_what_the_document_says_and_what_it_does_not() {
    let folder = empty_folder();
    fs::write(folder.path().join("通知.txt"), DUTIES).unwrap();
    let output = leye(folder.path(), &["extract", "通知.txt", "--xlsx", "台账.xlsx"]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(text(&output.stderr), "责任台账已写入 台账.xlsx，共 3 项。\n");
    let mut book = sheets(&folder.path().join("台账.xlsx"));
    assert_eq!(book.sheet_names(), ["责任台账"]);
    assert_snapshot!("workbook", rows(&mut book, "责任台账"));
}

#[test]
fn each_unit_gets_its_sheet_and_documents_of_one_office_share_it() {
    let folder = empty_folder();
    fs::write(folder.path().join("1.txt"), DUTIES).unwrap();
    fs::write(folder.path().join("2.txt"), MORE).unwrap();
    let output = leye(
        folder.path(),
        &["extract", "1.txt", "2.txt", "--xlsx", "台账.xlsx", "--split-by-unit"],
    );
    assert_eq!(text(&output.stderr), "责任台账已写入 台账.xlsx，共 4 项。\n");
    let mut book = sheets(&folder.path().join("台账.xlsx"));
    assert_eq!(
        book.sheet_names(),
        ["责任台账", "县人社局", "县财政局", "县总工会", "各乡镇"]
    );
    assert_snapshot!("workbook_unit", rows(&mut book, "县人社局"));
}

#[test]
fn the_same_documents_give_the_same_file_and_a_ledger_somebody_filled_in_is_not_lost() {
    let folder = empty_folder();
    let path = folder.path().join("台账.xlsx");
    fs::write(folder.path().join("通知.txt"), DUTIES).unwrap();
    let arguments = ["extract", "通知.txt", "--json", "--xlsx", "台账.xlsx"];
    leye(folder.path(), &arguments);
    let first = fs::read(&path).unwrap();
    assert_eq!(
        text(&leye(folder.path(), &arguments).stderr),
        "责任台账已写入 台账.xlsx，共 3 项。\n"
    );
    assert!(first == fs::read(&path).unwrap(), "two runs differ");

    for number in 1..=2 {
        fs::write(&path, format!("filled in by hand, {number}")).unwrap();
        let told = text(&leye(folder.path(), &arguments).stderr);
        assert!(told.contains(&format!("台账（原{number}）.xlsx")), "{told}");
        assert!(first == fs::read(&path).unwrap());
    }
    let kept = fs::read_to_string(folder.path().join("台账（原2）.xlsx")).unwrap();
    assert_eq!(kept, "filled in by hand, 2");
    let mut names: Vec<_> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["台账.xlsx", "台账（原1）.xlsx", "台账（原2）.xlsx", "通知.txt"]);
}

#[test]
fn a_workbook_that_cannot_be_written_says_why() {
    let folder = empty_folder();
    fs::write(folder.path().join("通知.txt"), DUTIES).unwrap();
    fs::create_dir(folder.path().join("是文件夹.xlsx")).unwrap();
    let mut answers = String::new();
    for arguments in [
        ["extract", "通知.txt", "--xlsx", "没有/台账.xlsx"],
        ["extract", "通知.txt", "--xlsx", "是文件夹.xlsx"],
        ["extract", "没有.txt", "--xlsx", "台账.xlsx"],
    ] {
        let output = leye(folder.path(), &arguments);
        let code = output.status.code().unwrap();
        answers.push_str(&format!(
            "leye {}\n退出码 {code}\n{}\n",
            arguments.join(" "),
            text(&output.stderr)
        ));
    }
    assert_snapshot!("workbook_refused", answers);
    assert!(!folder.path().join("台账.xlsx").exists());
}

#[test]
fn the_demo_reads_every_sample_and_says_where_the_ledger_is() {
    let folder = empty_folder();
    let demo = ["demo", "--no-serve", "--people", "500"];
    let output = leye(folder.path(), &demo);
    let told = text(&output.stdout);
    assert_eq!(
        (output.status.code(), text(&output.stderr)),
        (Some(0), String::new()),
        "{told}"
    );
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples");
    for entry in fs::read_dir(samples).unwrap() {
        let path = entry.unwrap().path();
        if path
            .extension()
            .is_some_and(|extension| extension == "txt" || extension == "docx")
        {
            let name = path.file_name().unwrap().to_str().unwrap();
            assert!(told.contains(&format!("文件：{name}\n")), "{name} is not in the demo");
        }
    }
    assert!(told.contains("责任台账已写入 ./leye-demo/责任台账.xlsx"), "{told}");
    let mut book = sheets(&folder.path().join("leye-demo/责任台账.xlsx"));
    let entries = rows(&mut book, "责任台账").lines().count() - 3;
    assert!(told.contains(&format!("共 {entries} 项。")), "{told}");
    // Keys are drawn anew, so that of rows of one day another may come first, and the lists of the first run are kept under
    // other names; nothing that is counted changes.
    let again = shown(folder.path(), &demo);
    assert!(again.contains("原有的疑似符合名单改名为"), "{again}");
    let counted: String = again
        .split_inclusive('\n')
        .filter(|line| !line.starts_with("原有的疑似符合名单改名为"))
        .collect();
    assert!(counted.contains(&told), "a second run tells the same");
}
