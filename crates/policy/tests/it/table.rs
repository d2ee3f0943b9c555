//! What the reader of pack files says: input, then the exact messages.

use policy::file::{Diagnostics, Table, Tree};

/// Reads a file that may hold one key of each kind, and says what was found wrong.
fn read(text: &str) -> Vec<String> {
    let diagnostics = Diagnostics::new();
    let tree = Tree::from_files([("a.toml", text)]);
    let file = tree.open("a.toml", &diagnostics).unwrap();
    if let Some(mut table) = Table::of_file(&file, &diagnostics) {
        table.require(&["id"]);
        table.text("id");
        table.date("date");
        table.integer("count");
        table.decimal("value");
        table.texts("lead");
        table.flag("vertical");
        table.word("kind", &[("subsidy", 1), ("loan", 2)]);
        for mut task in table.tables("task") {
            task.require(&["id"]);
            task.text("id");
            task.finish();
        }
        if let Some(mut cite) = table.table("cite") {
            cite.require(&["item"]);
            cite.text("item");
            cite.finish();
        }
        table.finish();
    }
    diagnostics.into_sorted().iter().map(ToString::to_string).collect()
}

/// Reads `line` as the third line of an otherwise good file.
fn third(line: &str) -> Vec<String> {
    read(&format!("format = 1\nid = 'a'\n{line}\n"))
}

#[track_caller]
fn says(found: &[String], expected: &[&str]) {
    assert_eq!(found, expected);
}

#[test]
fn a_good_file_is_read_in_silence() {
    for text in [
        "format = 1\nid = 'a'\n",
        "\u{feff}format = 1\nid = \"a\"\n",
        "format = 1\r\nid = 'a'\r\n",
        "format = 1\nid = 'a'\ndate = 2020-02-29\ncount = 3\nvalue = '-3.5'\nlead = []\nvertical = true\nkind = 'loan'\n\
         cite = { item = '1' }\n[[task]]\nid = '1'\n",
    ] {
        says(&read(text), &[]);
    }
}

#[test]
fn unknown_and_missing_keys_are_named_with_the_nearest() {
    says(
        &third("vertcal = true"),
        &["a.toml:3:1 错误：“a.toml”中没有“vertcal”这一项。最接近的是“vertical”"],
    );
    says(
        &third("xyz = 1"),
        &[
            "a.toml:3:1 错误：“a.toml”中没有“xyz”这一项。可用的有：cite、count、date、format、id、kind、lead、task、value、vertical",
        ],
    );
    says(
        &third("cite = { itm = '1' }"),
        &[
            "a.toml:3:8 错误：“cite”缺少必填项“item”。请补上 item = …",
            "a.toml:3:10 错误：“cite”中没有“itm”这一项。最接近的是“item”",
        ],
    );
    says(
        &third("[[task]]\nid = '1'\n\n[[task]]"),
        &["a.toml:6:1 错误：“task”缺少必填项“id”。请补上 id = …"],
    );
    says(
        &read(""),
        &[
            "a.toml:1:1 错误：“a.toml”缺少必填项“format”。请补上 format = …",
            "a.toml:1:1 错误：“a.toml”缺少必填项“id”。请补上 id = …",
        ],
    );
}

#[test]
fn a_newer_format_is_refused_by_name_and_nothing_else_is_said() {
    says(
        &read("format = 2\nunknown = 1\n"),
        &["a.toml:1:10 错误：a.toml 的格式为 format = 2，本程序只能读取 format = 1。请升级 leye 后再使用该政策文件"],
    );
    says(
        &read("format = 0\nid = 'a'\n"),
        &["a.toml:1:10 错误：没有 format = 0 这种格式。应为 format = 1"],
    );
}

#[test]
fn a_wrong_type_says_what_was_expected() {
    let cases = [
        (
            "date = '2020-12-01'",
            "3:8 错误：“date”的值是文字。应为日期，如 2020-12-31，不加引号",
        ),
        (
            "date = 2020-12-01T08:00:00",
            "3:8 错误：“date”的值带有时间。请只写日期，如 2020-12-31，不加引号",
        ),
        ("count = '3'", "3:9 错误：“count”的值是文字。应为整数，不加引号"),
        (
            "count = 1e5",
            "3:9 错误：“count”的值不是普通小数。请写成如 0.5 的小数，不用科学计数法",
        ),
        (
            "count = 99999999999999999999",
            "3:9 错误：“count”的值超出整数范围。请核对数值",
        ),
        (
            "value = 3.3",
            "3:9 错误：“value”的值是小数。应为加引号的数，如 \"14000\" 或 \"3.3\"",
        ),
        (
            "value = '3.'",
            "3:9 错误：“value”的值“3.”不是数。应为加引号的数，如 \"14000\" 或 \"3.3\"",
        ),
        (
            "lead = '甲'",
            "3:8 错误：“lead”的值是文字。应为文字列表，如 [\"甲\", \"乙\"]",
        ),
        ("lead = ['甲', 3]", "3:14 错误：“lead”的值是整数。应为加引号的文字"),
        (
            "lead = ['']",
            "3:9 错误：“lead”为空。原文未载明的项请整行删去，不要留空",
        ),
        (
            "vertical = 'true'",
            "3:12 错误：“vertical”的值是文字。应为 true 或 false，不加引号",
        ),
        (
            "kind = 'lone'",
            "3:8 错误：“kind”的值“lone”不在可用范围内。是否应为“loan”？可用的有：subsidy、loan",
        ),
        (
            "[task]\nid = 'b'",
            "3:1 错误：“task”的值是表。应为一组表，每个以 [[task]] 开头",
        ),
        ("cite = '24'", "3:8 错误：“cite”的值是文字。应为表，如 { … }"),
    ];
    for (line, expected) in cases {
        says(&third(line), &[&format!("a.toml:{expected}")]);
    }
}

#[test]
fn broken_syntax_is_explained_in_its_place() {
    let cases = [
        (
            "date = 2020-02-30",
            "3:8 错误：不是有效日期。请写成如 2020-12-31 的日期，并核对月份和日数",
        ),
        (
            "date = 2020-13-01",
            "3:8 错误：不是有效日期。请写成如 2020-12-31 的日期，并核对月份和日数",
        ),
        ("date = 2020年", "3:8 错误：文字没有加引号。请在文字两边加英文双引号"),
        ("kind = “loan”", "3:8 错误：文字没有加引号。请在文字两边加英文双引号"),
        ("kind", "3:5 错误：这一行缺少“=”和值。请写成 名称 = 值"),
        ("kind = \"甲", "3:10 错误：文字缺少右引号。请在文字末尾补上英文双引号"),
        (
            "lead = ['甲' '乙']",
            "3:13 错误：各项之间缺少英文逗号。请用英文逗号“,”隔开，不用“，”或“、”",
        ),
        ("lead = ['甲', ", "3:13 错误：列表缺少右方括号“]”。请补上“]”"),
        (
            "count = 012",
            "3:9 错误：数字以 0 开头。请去掉开头的 0；编号、区划代码请加引号",
        ),
        ("cite = { item = '1'", "3:20 错误：缺少右花括号“}”。请补上“}”"),
        (
            "id = 'b'",
            "3:1 错误：同一张表里这一项写了两次。请删去一处，或确认是否漏写了 [[…]] 分段",
        ),
    ];
    for (line, expected) in cases {
        says(&third(line), &[&format!("a.toml:{expected}")]);
    }
}

#[test]
fn what_could_be_read_of_a_broken_file_is_kept() {
    let diagnostics = Diagnostics::new();
    let tree = Tree::from_files([("a.toml", "format = 1\nid = 'a'\ndate = 2020-02-30\nkind = 'loan'\n")]);
    let file = tree.open("a.toml", &diagnostics).unwrap();
    let mut table = Table::of_file(&file, &diagnostics).unwrap();
    assert_eq!(table.text("id").unwrap().as_str(), "a");
    assert!(table.date("date").is_none());
    assert_eq!(table.text("kind").unwrap().as_str(), "loan");
    assert_eq!(diagnostics.into_sorted().len(), 1);
}

#[test]
fn brackets_without_end_are_refused_and_memory_stays_bounded() {
    let found = read(&format!("format = 1\nid = 'a'\nlead = {}", "[".repeat(100_000)));
    assert!(
        found[0].ends_with("括号嵌套过深。请检查是否有多余的括号"),
        "{}",
        found[0]
    );
    assert!(found.len() <= 20);
}

#[test]
fn columns_count_characters_and_not_bytes() {
    says(
        &third("lead = ['资阳市', 3]"),
        &["a.toml:3:16 错误：“lead”的值是整数。应为加引号的文字"],
    );
}

#[test]
fn a_place_within_a_string_is_found_through_quotes_escapes_and_lines() {
    let text = "format = 1\na = \"甲 >= 1\"\nb = '甲'\nc = \"\\u7532 >= x\"\nd = \"\"\"\n甲\n>= y\"\"\"\n";
    let diagnostics = Diagnostics::new();
    let tree = Tree::from_files([("a.toml", text)]);
    let file = tree.open("a.toml", &diagnostics).unwrap();
    let mut table = Table::of_file(&file, &diagnostics).unwrap();
    let mut place = |key: &str, what: &str| {
        let value = table.text(key).unwrap();
        let at = value.find(what).unwrap();
        value.place_within(at).to_string()
    };
    assert_eq!(place("a", ">="), "a.toml:2:8");
    assert_eq!(place("b", "甲"), "a.toml:3:6");
    assert_eq!(place("c", "x"), "a.toml:4:16");
    assert_eq!(place("d", "y"), "a.toml:7:4");
}
