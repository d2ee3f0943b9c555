//! Breaking text into lines.

use report::wrap::{Ambiguous, shorten, width, wrap};

#[test]
fn a_chinese_character_takes_two_columns_and_a_quotation_mark_depends_on_the_font() {
    let cases = [("就业", 4, 4), ("abc", 3, 3), ("“”", 2, 4), ("（）", 4, 4), ("", 0, 0)];
    for (text, narrow, wide) in cases {
        assert_eq!(width(text, Ambiguous::Narrow), narrow, "{text}");
        assert_eq!(width(text, Ambiguous::Wide), wide, "{text}");
    }
}

#[test]
fn lines_break_where_chinese_text_may_be_broken() {
    let cases: [(&str, usize, &[&str]); 12] = [
        ("", 4, &[""]),
        ("一二", 4, &["一二"]),
        ("一二三", 4, &["一二", "三"]),
        ("一二\n三", 10, &["一二", "三"]),
        ("一\n\n二", 10, &["一", "", "二"]),
        // A closing mark takes the character before it along.
        ("一二三，四", 6, &["一二", "三，四"]),
        // An opening mark goes down with what it opens.
        ("一二（三四）", 6, &["一二", "（三", "四）"]),
        // A number stays whole …
        ("一二2020年", 6, &["一二", "2020年"]),
        // … unless no line could hold it.
        ("20201231", 4, &["2020", "1231"]),
        // The blank at a break is not kept.
        ("ab cd", 2, &["ab", "cd"]),
        ("一", 1, &["一"]),
        ("一二", 0, &["一", "二"]),
    ];
    for (text, columns, expected) in cases {
        assert_eq!(wrap(text, columns, Ambiguous::Narrow), expected, "{text} in {columns}");
    }
}

#[test]
fn nothing_is_lost_and_no_line_is_too_wide_whatever_the_width() {
    let text = "对符合条件的企业，按每人3000元（含补贴）给予“一次性”支持；2021年4月底前，完成《实施办法》。";
    for columns in 4..60 {
        let lines = wrap(text, columns, Ambiguous::Wide);
        assert_eq!(lines.concat(), text, "{columns}");
        for line in &lines {
            assert!(width(line, Ambiguous::Wide) <= columns, "{line} in {columns}");
        }
    }
}

#[test]
fn shortened_text_says_so_and_fits() {
    let cases = [
        ("一二三", 6, "一二三"),
        ("一二三四", 6, "一二…"),
        ("abcd", 3, "ab…"),
        ("一二", 1, "…"),
    ];
    for (text, columns, expected) in cases {
        assert_eq!(
            shorten(text, columns, Ambiguous::Narrow),
            expected,
            "{text} in {columns}"
        );
    }
}
