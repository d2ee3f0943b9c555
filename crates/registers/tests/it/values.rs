//! One cell of each column type: what is taken, as what, and what is refused, with which words.

use policy::register::{Column, Register};
use registers::source::{Cell, CellKind};
use registers::value::{Benefits, Names, Reader, Value};

use crate::world::{credit, id, region_names, registers};

/// A column of some register.
fn column(register: &str, column: &str) -> &'static Column {
    let register: &Register = registers().get(register).unwrap();
    register.column(column).unwrap()
}

fn read_kind(column: &Column, text: &str, kind: CellKind) -> String {
    let benefits = Benefits::default();
    let names = Names {
        benefits: &benefits,
        regions: region_names(),
    };
    let reader = Reader::new(column, registers(), names, 0);
    match reader.read(Cell { text, kind }) {
        Ok(Value::Absent) => "nothing".to_owned(),
        Ok(Value::Long(value)) => value.to_string(),
        Ok(Value::Days(days)) => civil::Day::from_days_since_epoch(days).unwrap().to_string(),
        Ok(Value::Small(code)) => format!("code {code}"),
        Ok(Value::Huge(value)) => format!("{value} millionths"),
        Ok(Value::Flag(flag)) => flag.to_string(),
        Ok(Value::Text(text)) => format!("text {text}"),
        Ok(Value::Person(id)) => id.reveal(),
        Ok(Value::Body(code)) => code.to_string(),
        Ok(Value::Secret(text)) => format!("secret {text}"),
        Err(problem) => format!("! {problem}"),
    }
}

fn check(column: &Column, cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(
            read_kind(column, text, CellKind::Text),
            *expected,
            "{text} in {}",
            column.id
        );
    }
}

#[test]
fn dates_are_read_however_offices_write_them() {
    check(
        column("graduate", "graduation_date"),
        &[
            ("2020-01-05", "2020-01-05"),
            ("2020.1.5", "2020-01-05"),
            ("2020/1/5", "2020-01-05"),
            ("2020年1月5日", "2020-01-05"),
            ("２０２０年１月５日", "2020-01-05"),
            ("二〇二〇年一月五日", "2020-01-05"),
            ("20200105", "2020-01-05"),
            ("43835", "2020-01-05"),
            ("43835.0", "2020-01-05"),
            ("2020-01-05 00:00:00", "2020-01-05"),
            ("2020-01-05T08:30:00", "2020-01-05"),
            ("1900-01-01", "1900-01-01"),
            ("2100-12-31", "2100-12-31"),
            ("", "nothing"),
            ("—", "nothing"),
            ("NULL", "nothing"),
            ("2020-02-30", "! 没有这一天"),
            ("20200230", "! 没有这一天"),
            ("2020年2月30日", "! 没有这一天"),
            ("2101-01-01", "! 晚于 2100-12-31"),
            ("1899-12-31", "! 早于 1900-01-01"),
            ("12/7/1", "! 年份不是四位"),
            ("20.06.30", "! 年份不是四位"),
            ("12年7月1日", "! 年份不是四位"),
            ("2020", "! 不是日期"),
            ("2020-01", "! 不是日期"),
            ("去年", "! 不是日期"),
            ("05/01/2020", "! 不是日期"),
        ],
    );
}

#[test]
fn a_day_of_a_spreadsheet_is_counted_as_the_spreadsheet_counts_it() {
    let date = column("graduate", "graduation_date");
    assert_eq!(read_kind(date, "10000", CellKind::Number), "1927-05-18");
    assert_eq!(read_kind(date, "9999", CellKind::Number), "! 不是日期");
    assert_eq!(read_kind(date, "73050", CellKind::Number), "2099-12-31");
    assert_eq!(read_kind(date, "73051", CellKind::Number), "! 不是日期");
    assert_eq!(read_kind(date, "43835.5", CellKind::Number), "! 不是日期");
}

#[test]
fn months_are_read_from_months_and_from_days() {
    check(
        column("contribution", "month"),
        &[
            ("2020-11", "2020-11-01"),
            ("2020.11", "2020-11-01"),
            ("2020年11月", "2020-11-01"),
            ("2020年11月份", "2020-11-01"),
            ("202011", "2020-11-01"),
            ("2020-11-30", "2020-11-01"),
            ("20201130", "2020-11-01"),
            ("44136", "2020-11-01"),
            ("Jun-20", "2020-06-01"),
            ("20-Jun", "! 不是月份"),
            ("20/6/1", "! 年份不是四位"),
            ("202013", "! 不是月份"),
            ("2020", "! 不是月份"),
            ("", "! 必填栏为空"),
        ],
    );
}

#[test]
fn money_is_yuan_outside_and_fen_inside_and_never_rounded() {
    check(
        column("contribution", "base_fen"),
        &[
            ("3957", "395700"),
            ("3957.5", "395750"),
            ("3957.50", "395750"),
            ("3957.500", "395750"),
            ("3,957.50", "395750"),
            ("¥3957", "395700"),
            ("3957元", "395700"),
            ("1.2万元", "1200000"),
            ("0", "0"),
            ("0.01", "1"),
            ("３９５７", "395700"),
            ("3957.505", "! 金额超过两位小数"),
            ("0.30000000000000004", "! 金额超过两位小数"),
            ("-1", "! 小于 0元"),
            ("3,95", "! 不是金额"),
            ("1.2E+05", "! 不是金额"),
            ("约3000", "! 不是金额"),
            ("92233720368547758.07", "9223372036854775807"),
            ("92233720368547758.08", "! 金额过大"),
            ("9999999999999999999999", "! 金额过大"),
        ],
    );
}

#[test]
fn whole_numbers_may_carry_their_unit_and_no_fraction() {
    check(
        column("employment", "contract_months"),
        &[
            ("12", "12"),
            ("12个月", "12"),
            ("12 个月", "12"),
            ("12.0", "12"),
            ("1,200", "1200"),
            ("-1", "! 小于 0"),
            ("12.5", "! 带有小数"),
            ("一年", "! 不是整数"),
            ("12年", "! 不是整数"),
        ],
    );
    check(
        column("benefit-history", "months"),
        &[("60", "60"), ("61", "! 大于 60")],
    );
}

#[test]
fn decimals_have_six_digits_and_percentages_are_hundredths() {
    check(
        column("loan", "rate"),
        &[
            ("0.0385", "38500 millionths"),
            ("3.85%", "38500 millionths"),
            ("3.85％", "38500 millionths"),
            ("0.000001", "1 millionths"),
            ("0.0000001", "! 超过六位小数"),
            ("0.00001%", "! 超过六位小数"),
            ("-0.01", "! 小于 0"),
            ("LPR", "! 不是小数"),
        ],
    );
}

#[test]
fn yes_and_no_have_many_spellings() {
    let flag = column("graduate", "is_graduate");
    for yes in ["是", "有", "1", "TRUE", "Y", "√"] {
        assert_eq!(read_kind(flag, yes, CellKind::Text), "true", "{yes}");
    }
    for no in ["否", "无", "0", "false", "N", "×"] {
        assert_eq!(read_kind(flag, no, CellKind::Text), "false", "{no}");
    }
    check(flag, &[("也许", "! 不是“是”或“否”"), ("", "nothing")]);
}

#[test]
fn codes_are_taken_by_label_word_and_number() {
    check(
        column("person", "sex"),
        &[
            ("女", "code 2"),
            ("female", "code 2"),
            ("FEMALE", "code 2"),
            ("2", "code 2"),
            ("02", "code 2"),
            ("2.0", "code 2"),
            ("女性", "code 2"),
            ("女生", "! 不在可选范围内"),
        ],
    );
}

#[test]
fn codes_are_taken_by_what_offices_call_them_and_not_by_what_may_mean_two() {
    check(
        column("person", "education"),
        &[
            ("本科", "code 20"),
            ("大专", "code 30"),
            ("中专", "code 40"),
            ("大学", "! 不在可选范围内"),
        ],
    );
    check(
        column("employer", "status"),
        &[
            ("在业", "code 1"),
            ("存续（在营、开业、在册）", "code 1"),
            ("迁出", "! 不在可选范围内"),
        ],
    );
    check(
        column("employer", "kind"),
        &[
            ("有限责任公司", "code 1"),
            ("有限责任公司(自然人独资)", "code 1"),
            ("个体户", "code 2"),
        ],
    );
    let benefits = Benefits::default();
    let names = Names {
        benefits: &benefits,
        regions: region_names(),
    };
    let reader = Reader::new(column("person", "education"), registers(), names, 0);
    let problem = reader
        .read(Cell {
            text: "大学",
            kind: CellKind::Text,
        })
        .unwrap_err();
    assert!(
        problem.remedy().contains("可填：研究生、大学本科、大学专科"),
        "{}",
        problem.remedy()
    );
}

#[test]
fn a_refund_as_a_row_of_its_own_is_refused_with_what_to_do() {
    let benefits = Benefits::default();
    let names = Names {
        benefits: &benefits,
        regions: region_names(),
    };
    let reader = Reader::new(column("contribution", "paid_fen"), registers(), names, 0);
    let cell = Cell {
        text: "-356.00",
        kind: CellKind::Text,
    };
    let problem = reader.read(cell).unwrap_err();
    assert_eq!(problem.to_string(), "小于 0元");
    assert!(
        problem.remedy().contains("请与原来的一笔合计后填一行"),
        "{}",
        problem.remedy()
    );
}

#[test]
fn regions_have_six_nine_or_twelve_digits() {
    check(
        column("person", "household_region"),
        &[
            ("330282", "330282000000"),
            ("330282001", "330282001000"),
            ("330282001002", "330282001002"),
            ("330282.0", "330282000000"),
            ("3302", "! 不是行政区划代码，也不是地区名称"),
            ("999999", "! 没有这个行政区划代码"),
            ("339902001", "! 没有这个行政区划代码"),
            // A county of the registers' time that is none any more.
            ("520522", "520522000000"),
        ],
    );
}

#[test]
fn regions_may_be_named_in_full_and_a_name_of_several_asks_which() {
    check(
        column("person", "household_region"),
        &[
            ("慈溪市", "330282000000"),
            ("宁波市慈溪市", "330282000000"),
            ("浙江省 宁波市 慈溪市", "330282000000"),
            ("浙江省", "330000000000"),
            ("慈溪", "! 不是行政区划代码，也不是地区名称"),
            ("朝阳区", "! 有几个地区都叫这个名称"),
            ("北京市朝阳区", "110105000000"),
        ],
    );
    let several = region_names().meant("朝阳区");
    let shown: Vec<String> = several.iter().map(|(code, name)| format!("{code} {name}")).collect();
    assert_eq!(shown, ["110105 北京市朝阳区", "220104 吉林省长春市朝阳区"]);
}

#[test]
fn ids_are_checked_and_old_ones_completed() {
    let number = id(1);
    let person = column("person", "person");
    let small = number.to_lowercase();
    check(person, &[(&number, &number), (&small, &number)]);
    let old = format!("{}{}", &number[..6], &number[8..17]);
    assert_eq!(read_kind(person, &old, CellKind::Text), number);
    let wrong = format!("{}{}", &number[..17], if number.ends_with('1') { '2' } else { '1' });
    assert!(read_kind(person, &wrong, CellKind::Text).contains("校验位不符"));
    check(
        person,
        &[
            (
                &number[..17],
                "! 公民身份号码位数不对：应为18位（旧号码15位），实有17位",
            ),
            (
                "990282199913010010",
                "! 公民身份号码其中的出生日期不存在，请核对第7位起的年月日",
            ),
            ("9.90282E+17", "! 号码按数值保存，末尾几位已丢失"),
        ],
    );
    assert_eq!(
        read_kind(person, "990282199001010000", CellKind::Number),
        "! 号码按数值保存，末尾几位已丢失"
    );
}

#[test]
fn credit_codes_are_checked_and_old_codes_named() {
    let code = credit(3);
    check(
        column("employer", "employer"),
        &[
            (&code, &code),
            (&code.to_lowercase(), &code),
            ("71234567-8", "! 这是旧的组织机构代码或税号，不是统一社会信用代码"),
            ("330282712345678", "! 这是旧的组织机构代码或税号，不是统一社会信用代码"),
            ("123", "! 统一社会信用代码位数不对：应为18位，实有3位"),
            (
                "91990282MAO000003A",
                "! 统一社会信用代码第11位有误：应为数字或大写字母（不用I、O、S、V、Z）",
            ),
        ],
    );
}

#[test]
fn names_telephones_and_accounts_are_secrets() {
    check(
        column("person", "name"),
        &[
            ("王小明", "secret 王小明"),
            ("阿依古丽·买买提", "secret 阿依古丽·买买提"),
            ("王", "! 不是姓名"),
            ("王小明1", "! 不是姓名"),
        ],
    );
    check(
        column("person", "phone"),
        &[
            ("13800000000", "secret 13800000000"),
            ("0574-63000000", "secret 0574-63000000"),
            ("无电话", "! 不是电话号码"),
            ("123", "! 不是电话号码"),
        ],
    );
    check(
        column("person", "account"),
        &[
            ("6222 0000 0000 0000 123", "secret 6222000000000000123"),
            ("6.22200E+18", "! 号码按数值保存，末尾几位已丢失"),
            ("12", "! 银行账号位数不对：应为8至32位，实有2位"),
        ],
    );
}

#[test]
fn text_holds_no_id_and_no_rubbish() {
    let hidden = format!("见{}的档案", id(9));
    check(
        column("employer", "industry"),
        &[
            ("C1311", "text C1311"),
            ("乱\u{fffd}码", "! 含有乱码或控制字符"),
            ("两\n行", "! 含有乱码或控制字符"),
            (&hidden, "! 文字栏中含有公民身份号码"),
        ],
    );
    let long = "长".repeat(201);
    check(column("employer", "industry"), &[(&long, "! 超过 200 个字")]);
}

#[test]
fn what_a_formula_could_not_work_out_is_no_value() {
    assert_eq!(
        read_kind(column("person", "name"), "#N/A", CellKind::Fault),
        "! 公式出错"
    );
}

#[test]
fn a_number_in_merged_cells_belongs_to_no_row() {
    let base = column("contribution", "base_fen");
    assert_eq!(
        read_kind(base, "3957", CellKind::Merged),
        "! 数值在合并单元格中，不能确定属于哪一行"
    );
    assert_eq!(
        read_kind(column("employer", "industry"), "C13", CellKind::Merged),
        "text C13"
    );
}
