//! Rules that a document states once for all its items: who leads a list, and who is meant everywhere without being listed.

use super::name;
use super::parse::{Said, parse};

/// True where a sentence of `text` (folded) says that the unit listed first leads.
pub(crate) fn says_first_listed_leads(text: &str) -> bool {
    const FIRST: &[&str] = &[
        "第一位", "列在第一", "第一责任单位", "第一个", "首位", "排名第一", "第一名", "首个", "列第一", "排第一",
        "排在第一", "排在前", "排在首", "居首", "在前的", "第一家", "第一单位", "第一顺位",
    ];
    const LEADS: &[&str] = &["牵头", "主办", "主责", "总负责"];
    text.split(['。', '；', '\n']).any(|sentence| {
        FIRST.iter().any(|f| {
            sentence.find(f).is_some_and(|at| {
                let after: String = sentence[at + f.len()..].chars().take(18).collect();
                let before: String = {
                    let tail: Vec<char> = sentence[..at].chars().rev().take(12).collect();
                    tail.into_iter().rev().collect()
                };
                // 第一责任单位：A，牵头单位：B would be two labels.
                !after.starts_with('：')
                    && (LEADS.iter().any(|l| after.contains(l))
                        || LEADS.iter().any(|l| before.contains(l)) && (before.contains('为') || before.contains('是')))
            })
        })
    })
}

/// True where a sentence says that the units with a mark lead.
pub(crate) fn says_marked_leads(text: &str) -> bool {
    text.split(['。', '；', '\n']).any(|s| {
        s.contains("牵头")
            && ["*", "★", "☆", "▲", "△", "※"].iter().any(|m| s.contains(m))
            && (s.contains("带") || s.contains("标") || s.contains("加") || s.contains('为'))
    })
}

/// The units that a sentence of `text` (folded) puts on every item without listing them: 以下均需…落实，不再列出.
pub(crate) fn inherited_units(text: &str) -> Vec<String> {
    const UNLISTED: &[&str] = &[
        "不再列出", "不再一一列出", "不再逐一列出", "不再单独列出", "不再逐项列出", "不再一一列示", "不再列示",
        "不再重复列出", "不再一一标注", "不再标注", "不再赘列", "不再注明", "不再逐项注明", "不再分别列出",
        "不再逐一注明", "不再一一注明", "不再单列",
    ];
    let Some(at) = UNLISTED.iter().filter_map(|w| text.find(w)).min() else {
        return Vec::new();
    };
    let start = text[..at]
        .rfind(['。', '（', '；', '\n'])
        .map_or(0, |i| i + text[i..].chars().next().map_or(1, char::len_utf8));
    // A bracket inside the names (各县（市、区）) is no beginning of the sentence.
    let start = if text[start..at].contains('）') && !text[start..at].contains('（') {
        text[..start]
            .rfind(['。', '；', '\n'])
            .map_or(0, |i| i + text[i..].chars().next().map_or(1, char::len_utf8))
    } else {
        start
    };
    let sentence = &text[start..at];
    if !["均", "都", "由", "包括", "涉及", "落实", "负责", "配合", "责任"]
        .iter()
        .any(|w| sentence.contains(w))
    {
        return Vec::new();
    }
    let offset = [
        "均包括", "均含", "均为", "还包括", "包括", "均需由", "均需", "均由", "均须由", "均须", "需由", "均要由",
        "均涉及", "涉及", "均应由", "都需", "由",
    ]
    .iter()
    .filter_map(|w| sentence.find(w).map(|i| (i, i + w.len())))
    .min_by_key(|(i, end)| (*i, std::cmp::Reverse(*end)))
    .map_or(0, |(_, end)| end);
    let names = sentence[offset..].trim_start_matches(['（', '，', ' ']);
    let cut = [
        "落实", "负责", "配合", "实施", "办理", "承担", "执行", "推进", "做好", "组织", "参与", "参加", "为责任单位",
        "为所有", "为各项", "为每项", "作为", "均为", "都是", "是各项", "抓好", "贯彻", "按职责", "具体",
    ]
    .iter()
    .filter_map(|w| names.find(w))
    .min()
    .unwrap_or(names.trim_end_matches(['，', '、', ' ']).len());
    let list = names[..cut].trim_end_matches(['，', '、', ' ', '均', '都']);
    parse(list, 0..list.len(), Said::Listed)
        .mentions
        .into_iter()
        .map(|m| m.name)
        .filter(|n| name::is_unit(n))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fold::fold;

    #[test]
    fn a_rule_for_the_first_listed_is_found_in_its_forms() {
        for text in [
            "备注：以列第一责任单位的为牵头单位，后同。",
            "列第一位者为牵头单位，下同",
            "（注：排名第一的单位为牵头单位）",
            "责任单位中排在首位的为牵头部门",
            "各项任务牵头单位为排第一位的部门",
        ] {
            assert!(says_first_listed_leads(&fold(text)), "{text}");
        }
        for text in [
            "坚持把就业放在第一位。市人社局牵头落实。",
            "第一责任单位：市人社局；牵头处室：就业科",
            "各牵头单位要第一时间报送",
        ] {
            assert!(!says_first_listed_leads(&fold(text)), "{text}");
        }
    }

    #[test]
    fn units_meant_everywhere_are_found() {
        let cases = [
            (
                "(责任单位:省有关部门,各市政府。以下均需各市政府落实,不再列出)",
                vec!["各市政府"],
            ),
            (
                "以下各项任务均需各县（市、区）人民政府、开发区管委会落实，不再一一列出。",
                vec!["各县（市、区）人民政府", "开发区管委会"],
            ),
            ("各项措施均由各区县政府负责，以下不再列出。", vec!["各区县政府"]),
            ("相关内容不再列出", vec![]),
        ];
        for (text, expected) in cases {
            assert_eq!(inherited_units(&fold(text)), expected, "{text}");
        }
    }
}
