//! A file with every kind of mistake, each planted once between good rows: exactly these are refused, for exactly these
//! reasons.

use policy::fact;
use policy::file::{Diagnostics, Tree};
use policy::register::{self, Registers};

use crate::world::{World, credit, id, problems};

const REGISTERS: &str = r#"
format = 1
[codes]
sex = { male = { no = 1, label = "男" }, female = { no = 2, label = "女" } }
grade = { first = { no = 1, label = "一级" }, second = { no = 2, label = "二级" } }
[[register]]
id = "employer"
label = "单位"
entity = "employer"
about = "一行为一家单位"
key = ["employer"]
columns = [
  { id = "employer", type = "credit-code", label = "信用代码", required = true },
  { id = "name", type = "text", label = "单位名称", required = true },
]
[[register]]
id = "unfilled"
label = "机构"
entity = "institution"
about = "一行为一家机构"
key = ["institution"]
columns = [{ id = "institution", type = "credit-code", label = "信用代码", required = true }]
[[register]]
id = "everything"
label = "样样俱全"
entity = "person"
about = "一行为一人一份"
key = ["person", "serial"]
columns = [
  { id = "person", type = "resident-id", label = "身份证号" },
  { id = "serial", type = "text", label = "编号" },
  { id = "name", type = "name", label = "姓名", required = true },
  { id = "sex", type = "code", codes = "sex", label = "性别", of_id = "sex" },
  { id = "birth", type = "date", label = "出生日期", of_id = "birth" },
  { id = "phone", type = "phone", label = "电话" },
  { id = "account", type = "account", label = "账号" },
  { id = "employer", type = "credit-code", label = "单位", refers = "employer" },
  { id = "institution", type = "credit-code", label = "机构", refers = "unfilled" },
  { id = "staff", type = "int", label = "人数", least = "1", most = "100" },
  { id = "pay_fen", type = "fen", label = "金额", most = "10000" },
  { id = "rate", type = "decimal", label = "比例", most = "1" },
  { id = "paid", type = "bool", label = "到账" },
  { id = "begun", type = "date", label = "开始", least = "2000-01-01", most = "2030-12-31" },
  { id = "ended", type = "date", label = "结束", not_before = "begun" },
  { id = "month", type = "month", label = "月份" },
  { id = "grade", type = "code", codes = "grade", label = "等级" },
  { id = "home", type = "region", label = "地区" },
  { id = "benefit", type = "benefit", label = "项目" },
]
"#;

fn registers() -> Registers {
    let tree = Tree::from_files([
        ("shared/facts.toml", "format = 1\n"),
        ("shared/registers.toml", REGISTERS),
    ]);
    let diagnostics = Diagnostics::new();
    let dictionary = fact::load(&tree, &diagnostics);
    let registers = register::load(&tree, &dictionary, &diagnostics);
    assert!(diagnostics.into_sorted().is_empty());
    registers
}

const HEADER: [&str; 19] = [
    "身份证号", "编号", "姓名", "性别", "出生日期", "电话", "账号", "单位", "机构", "人数", "金额", "比例", "到账",
    "开始", "结束", "月份", "等级", "地区", "项目",
];

/// A good row about person `number`.
fn good(number: u32) -> Vec<String> {
    let mut row = vec![String::new(); HEADER.len()];
    for (at, text) in [
        (0, id(number)),
        (1, format!("N{number}")),
        (2, "王小明".to_owned()),
        (5, "13800000000".to_owned()),
        (6, "6222000000000000123".to_owned()),
        (7, credit(1)),
        (9, "12".to_owned()),
        (10, "3957.5".to_owned()),
        (11, "3.85%".to_owned()),
        (12, "是".to_owned()),
        (13, "2020-01-05".to_owned()),
        (14, "2020年6月30日".to_owned()),
        (15, "202001".to_owned()),
        (16, "二级".to_owned()),
        (17, "330282".to_owned()),
        (18, "一次性补贴".to_owned()),
    ] {
        row[at] = text;
    }
    row
}

fn full_width(text: &str) -> String {
    let wide = |c: char| char::from_u32(u32::from(c) + 0xfee0).unwrap();
    text.chars().map(wide).collect()
}

fn wrong_check(number: &str) -> String {
    let check = if number.ends_with('1') { '2' } else { '1' };
    format!("{}{check}", &number[..17])
}

#[test]
fn forty_kinds_of_mistakes_are_refused_for_their_own_reasons_and_every_good_row_is_kept() {
    let world = World::with_registers(registers());
    world.put("employer", &format!("信用代码,单位名称\n{},某厂\n", credit(1)));
    let male = id(1);
    let other_sex = if male.as_bytes()[16] % 2 == 1 { "女" } else { "男" };
    let long = "长".repeat(201);
    let hidden = format!("档案{}", id(900));
    // Column, cell, reason; what is shown of the cell is checked elsewhere.
    let planted: Vec<(&str, String, &str)> = vec![
        ("姓名", String::new(), "必填栏为空"),
        (
            "身份证号",
            id(2)[..17].to_owned(),
            "公民身份号码位数不对：应为18位（旧号码15位），实有17位",
        ),
        (
            "身份证号",
            format!("A{}", &id(2)[1..]),
            "公民身份号码第1位有误：应为1至9的数字",
        ),
        (
            "身份证号",
            "990282199913010010".to_owned(),
            "公民身份号码其中的出生日期不存在，请核对第7位起的年月日",
        ),
        (
            "身份证号",
            wrong_check(&id(2)),
            "公民身份号码校验位不符，请对照证件逐位核对",
        ),
        ("身份证号", "9.90282E+17".to_owned(), "号码按数值保存，末尾几位已丢失"),
        (
            "单位",
            credit(1)[..17].to_owned(),
            "统一社会信用代码位数不对：应为18位，实有17位",
        ),
        (
            "单位",
            credit(1).replace("MA", "MO"),
            "统一社会信用代码第10位有误：应为数字或大写字母（不用I、O、S、V、Z）",
        ),
        (
            "单位",
            wrong_check(&credit(1)),
            "统一社会信用代码校验位不符，请对照证件逐位核对",
        ),
        (
            "单位",
            "71234567-8".to_owned(),
            "这是旧的组织机构代码或税号，不是统一社会信用代码",
        ),
        ("单位", credit(2), "数据表“单位”中没有这一条"),
        ("机构", credit(3), "数据表“机构”还没有数据"),
        ("编号", long, "超过 200 个字"),
        ("编号", "乱\u{fffd}码".to_owned(), "含有乱码或控制字符"),
        ("编号", hidden, "文字栏中含有公民身份号码"),
        ("姓名", "王小明2".to_owned(), "不是姓名"),
        ("性别", "男性".to_owned(), "不在可选范围内"),
        ("性别", other_sex.to_owned(), "与公民身份号码中的性别不一致"),
        ("出生日期", "2001-02-03".to_owned(), "与公民身份号码中的出生日期不一致"),
        ("电话", "无电话".to_owned(), "不是电话号码"),
        ("账号", "1234".to_owned(), "银行账号位数不对：应为8至32位，实有4位"),
        (
            "账号",
            "6222_0000_0000_0000".to_owned(),
            "银行账号第5位有误：应为数字、字母或“-”",
        ),
        ("账号", "6.222E+18".to_owned(), "号码按数值保存，末尾几位已丢失"),
        ("人数", "十二人左右".to_owned(), "不是整数"),
        ("人数", "12.5".to_owned(), "带有小数"),
        ("人数", "0".to_owned(), "小于 1"),
        ("人数", "101".to_owned(), "大于 100"),
        ("金额", "三千多".to_owned(), "不是金额"),
        ("金额", "3957.505".to_owned(), "金额超过两位小数"),
        ("金额", "99999999999999999999".to_owned(), "金额过大"),
        ("金额", "-5".to_owned(), "小于 0元"),
        ("金额", "10000.01".to_owned(), "大于 10000元"),
        ("比例", "LPR".to_owned(), "不是小数"),
        ("比例", "0.0000001".to_owned(), "超过六位小数"),
        ("比例", "101%".to_owned(), "大于 1"),
        ("到账", "大概".to_owned(), "不是“是”或“否”"),
        ("开始", "年初".to_owned(), "不是日期"),
        ("开始", "2020-02-30".to_owned(), "没有这一天"),
        ("开始", "1999-12-31".to_owned(), "早于 2000-01-01"),
        ("开始", "2031-01-01".to_owned(), "晚于 2030-12-31"),
        ("结束", "2020-01-04".to_owned(), "早于“开始”"),
        ("月份", "202013".to_owned(), "不是月份"),
        ("等级", "三级".to_owned(), "不在可选范围内"),
        ("地区", "慈溪".to_owned(), "不是行政区划代码，也不是地区名称"),
        ("地区", "朝阳区".to_owned(), "有几个地区都叫这个名称"),
        (
            "编号",
            format!("档案{}", full_width(&id(901))),
            "文字栏中含有公民身份号码",
        ),
        ("项目", "二次性补贴".to_owned(), "没有这个补贴项目"),
        ("比例", "#DIV/0!".to_owned(), "公式出错"),
    ];
    let mut lines = vec![HEADER.join(",")];
    let mut expected = Vec::new();
    let mut kept = 0;
    for (at, (column, cell, reason)) in (0_u32..).zip(&planted) {
        // The first person's ID says the sex; all others are about somebody of their own.
        let mut row = good(if *reason == "与公民身份号码中的性别不一致" {
            1
        } else {
            100 + at
        });
        let place = HEADER.iter().position(|header| header == column).unwrap();
        row[place].clone_from(cell);
        lines.push(row.join(","));
        expected.push(format!("{} {column} {reason}", lines.len()));
        lines.push(good(500 + at).join(","));
        kept += 1;
    }
    // Mistakes of whole rows.
    let whole = |lines: &mut Vec<String>, expected: &mut Vec<String>, line: String, reason: &str| {
        lines.push(line);
        expected.push(format!("{} 整行 {reason}", lines.len()));
    };
    let mut nobody = good(1);
    nobody[0] = String::new();
    nobody[1] = String::new();
    whole(&mut lines, &mut expected, nobody.join(","), "主键各栏都为空");
    whole(
        &mut lines,
        &mut expected,
        format!("{},多了,一栏", good(2).join(",")),
        "栏数多于表头",
    );
    whole(&mut lines, &mut expected, good(3)[..17].join(","), "栏数少于表头");
    whole(&mut lines, &mut expected, good(500).join(","), "与第3行完全重复");
    let mut differs = good(501);
    differs[9] = "13".to_owned();
    // Of two rows that differ neither is taken.
    expected.push(format!("5 整行 与第{}行主键相同而内容不同", lines.len() + 1));
    kept -= 1;
    whole(
        &mut lines,
        &mut expected,
        differs.join(","),
        "与第5行主键相同而内容不同",
    );
    // Two mistakes in one row are two lines of the list and one row to mend.
    let mut two = good(4);
    two[9] = "x".to_owned();
    two[12] = "z".to_owned();
    lines.push(two.join(","));
    expected.push(format!("{} 人数 不是整数", lines.len()));
    expected.push(format!("{} 到账 不是“是”或“否”", lines.len()));
    // No mistakes at all: an empty line, a total, a remark.
    lines.push(",".repeat(HEADER.len() - 1));
    lines.push(format!("合计{}", ",".repeat(HEADER.len() - 1)));
    lines.push(format!("填表人：某{}", ",".repeat(HEADER.len() - 1)));
    let report = world.import("everything", &world.file("planted.csv", lines.join("\n")));
    let row = |line: &String| -> usize { line.split(' ').next().unwrap().parse().unwrap() };
    expected.sort_by_key(row);
    let found: Vec<String> = problems(&report)
        .iter()
        .map(|line| line.split(" [").next().unwrap().to_owned())
        .collect();
    assert_eq!(found, expected);
    assert_eq!((planted.len() + 8, expected.len()), (56, 56));
    assert_eq!((report.accepted(), report.remarks), (kept, 2));
    assert_eq!(world.rows("everything", None).len() as u64, kept);
}
