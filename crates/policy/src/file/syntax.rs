//! What the TOML parser says, in Chinese.

use std::sync::Arc;

use super::{Diagnostics, SourceFile};

/// Most syntax errors reported for one file: the rest follow from the first.
const MAX_REPORTED: usize = 20;

/// Reports the parser's errors.
pub(super) fn report(errors: &[toml::de::Error], file: &Arc<SourceFile>, diagnostics: &Diagnostics) {
    for error in errors.iter().take(MAX_REPORTED) {
        let at = error.span().map_or(0, |span| span.start);
        let (message, hint) = explain(error.message());
        diagnostics.syntax_error(file.place(at), message, hint);
    }
}

/// The parser's messages by their beginning, in Chinese, with what to do.
const EXPLANATIONS: &[(&str, &str, &str)] = &[
    (
        "duplicate key",
        "同一张表里这一项写了两次",
        "请删去一处，或确认是否漏写了 [[…]] 分段",
    ),
    (
        "string values must be quoted", "文字没有加引号", "请在文字两边加英文双引号",
    ),
    ("missing opening quote", "文字缺少左引号", "请在文字两边加英文双引号"),
    ("missing value", "“=”后没有值", "请补上值，或删去这一行"),
    ("key with no value", "这一行缺少“=”和值", "请写成 名称 = 值"),
    ("missing assignment", "名称后缺少“=”", "请写成 名称 = 值"),
    (
        "missing comma",
        "各项之间缺少英文逗号",
        "请用英文逗号“,”隔开，不用“，”或“、”",
    ),
    ("extra comma", "多了一个逗号", "请删去多余的逗号"),
    ("unclosed array table", "段标题缺少“]]”", "请写成 [[名称]]"),
    ("unclosed array", "列表缺少右方括号“]”", "请补上“]”"),
    ("unclosed table", "段标题缺少“]”", "请写成 [名称]"),
    ("unclosed inline table", "缺少右花括号“}”", "请补上“}”"),
    ("invalid basic string", "文字缺少右引号", "请在文字末尾补上英文双引号"),
    ("invalid literal string", "文字缺少右引号", "请在文字末尾补上英文单引号"),
    (
        "invalid unquoted key",
        "名称含有不能使用的字符",
        "名称只用英文字母、数字、“-”和“_”",
    ),
    ("cannot recurse further", "括号嵌套过深", "请检查是否有多余的括号"),
    ("recursion limit", "名称层级过深", "请检查是否有多余的“.”"),
    (
        "invalid date",
        "不是有效日期",
        "请写成如 2020-12-31 的日期，并核对月份和日数",
    ),
    (
        "invalid month",
        "不是有效日期",
        "请写成如 2020-12-31 的日期，并核对月份",
    ),
    ("invalid day", "不是有效日期", "请写成如 2020-12-31 的日期，并核对日数"),
    ("invalid time", "不是有效日期", "请只写日期，如 2020-12-31，不加引号"),
    (
        "unexpected leading zero",
        "数字以 0 开头",
        "请去掉开头的 0；编号、区划代码请加引号",
    ),
    ("carriage return", "换行符不完整", "请用文本编辑器将换行统一后重试"),
];

fn explain(message: &str) -> (&'static str, &'static str) {
    EXPLANATIONS
        .iter()
        .find(|(start, ..)| message.starts_with(start))
        .map_or(
            ("这里不符合 TOML 格式", "请检查引号、逗号、括号和等号"),
            |(_, what, hint)| (what, hint),
        )
}
