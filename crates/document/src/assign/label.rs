//! The labels that stand before units, deadlines and people: 责任单位, 牵头部门, 完成时限, 责任人 …

/// What a label announces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Label {
    /// 牵头单位, 主办单位, 主责部门
    Lead,
    /// 责任主体单位: leads where a 责任单位 stands beside it
    Subject,
    /// 配合单位, 协办部门, 参加单位
    Support,
    /// 责任单位, 责任部门, 负责单位, 对接部门, 落实单位
    Responsible,
    /// 完成时限, 时间节点
    Deadline,
    /// 责任领导, 责任人, 联系电话: people, and what is told of them, are no units
    Person,
}

impl Label {
    /// True where units follow the label.
    pub(crate) fn names_units(self) -> bool {
        matches!(self, Self::Lead | Self::Subject | Self::Support | Self::Responsible)
    }
}

/// No label of this field is longer, in characters.
const MAX_LABEL_CHARS: usize = 16;

const PEOPLE: &[&str] = &[
    "领导", "责任人", "负责人", "联系人", "联络员", "联络人", "电话", "人员", "联系方式", "邮箱", "专人", "局长",
    "县长", "市长", "区长", "包保",
];
const TIMES: &[&str] = &[
    "时限", "时间", "期限", "时段", "节点", "完成日期", "进度安排", "进度要求", "截止日期",
];
const LEADS: &[&str] = &[
    "牵头", "主办", "主责", "主牵", "第一责任", "主要责任", "总牵头", "首要责任",
];
const SUPPORTS: &[&str] = &[
    "配合", "协办", "协同", "协助", "协作", "参与", "参加", "会办", "支持单位", "支持部门",
];
const DUTIES: &[&str] = &[
    "责任", "负责", "承办", "落实", "实施", "对接", "分工", "执行", "主管", "承担", "办理", "承接", "经办",
];
const BODIES: &[&str] = &[
    "单位", "部门", "科室", "处室", "股室", "机构", "主体", "地区", "组织", "责任方",
];

/// What `text` (folded, without its colon) announces, if it is a label at all.
pub(crate) fn label(text: &str) -> Option<Label> {
    let text = text.trim_matches(|c: char| "*★▲●■◆·-—：、，。 \n\t".contains(c));
    let text = text
        .strip_prefix('（')
        .and_then(|t| t.strip_suffix('）'))
        .unwrap_or(text);
    let text = without_rule(strip_number(text));
    // 各责任科室 is a group of units and no label.
    let group = text.starts_with("有关") || text.starts_with("相关");
    if text.starts_with('各')
        || group
            && !["责任单位", "责任部门", "配合单位", "配合部门"]
                .iter()
                .any(|e| text.ends_with(e))
    {
        return None;
    }
    let sentence = text.contains(['。', '；', '，', '：', '！', '？', '“', '《', '\n'])
        || text.matches('（').count() != text.matches('）').count();
    if text.is_empty() || sentence || text.chars().count() > MAX_LABEL_CHARS {
        return None;
    }
    let has = |words: &[&str]| words.iter().any(|w| text.contains(w));
    let end = text
        .strip_suffix('）')
        .and_then(|t| t.rfind('（').map(|at| &t[..at]))
        .filter(|t| !t.is_empty())
        .unwrap_or(text);
    let body = BODIES.iter().any(|w| end.ends_with(w))
        || ["单位及", "单位和", "部门及", "部门和", "单位与", "单位、"]
            .iter()
            .any(|w| text.contains(w));
    if has(PEOPLE) {
        return Some(Label::Person);
    }
    // 责任单位及完成时限 announces units first; the date then shows itself.
    if has(TIMES) && !body {
        return Some(Label::Deadline);
    }
    let whole = |words: &[&str]| words.contains(&text);
    if !body
        && !whole(&[
            "牵头", "主办", "主责", "配合", "协办", "参与", "参加", "责任", "负责", "分工", "责任分工", "部门分工",
            "任务分工", "职责分工", "单位分工", "工作分工",
        ])
    {
        return None;
    }
    // 牵头及配合单位 says nothing of who does which.
    if (has(LEADS) || text.contains("责任主体")) && has(SUPPORTS) {
        return Some(Label::Responsible);
    }
    if has(LEADS) {
        return Some(Label::Lead);
    }
    if text.contains("责任主体") || text.contains("主体责任") {
        return Some(Label::Subject);
    }
    if has(SUPPORTS) {
        return Some(Label::Support);
    }
    has(DUTIES).then_some(Label::Responsible)
}

/// 责任单位（列首位的为牵头单位，下同）: the rule that stands in a label is read elsewhere.
fn without_rule(text: &str) -> &str {
    text.find(['（', '<', '〈', '‹', '，'])
        .filter(|at| *at > 0 && ["下同", "牵头"].iter().any(|w| text[*at..].contains(w)))
        .map_or(text, |at| &text[..at])
}

/// The label at the end of `head`, where a list ran on into it: 县人社局责任单位. Gives where it begins.
pub(crate) fn label_at_end(head: &str) -> Option<(usize, Label)> {
    const WHOLE: &[&str] = &[
        "责任主体单位", "主要责任单位", "牵头责任单位", "协同责任单位", "第一责任单位", "牵头单位", "牵头部门",
        "责任单位", "责任部门", "配合单位", "配合部门", "协办单位", "主办单位", "参与单位", "参加单位", "负责单位",
        "负责部门", "承办单位", "落实单位", "实施单位", "对接部门", "责任科室", "责任处室", "协同单位", "协助单位",
        "主责单位", "完成时限", "完成时间", "时限要求", "时间节点", "完成期限", "办理时限", "责任领导", "责任人",
        "联系人", "联系电话", "牵头领导", "时限",
    ];
    let word = WHOLE.iter().find(|w| head.ends_with(**w))?;
    let at = head.len() - word.len();
    (at > 0).then_some(())?;
    Some((at, label(word)?))
}

fn strip_number(text: &str) -> &str {
    match crate::marker::marker(text) {
        Some(m) => &text[m.len..],
        None => text,
    }
}

/// The label that ends right before `at` (where a colon or the label's closing bracket stands), and its first byte.
pub(crate) fn label_before(text: &str, at: usize) -> Option<(Label, usize)> {
    let mut start = at;
    let mut depth = 0usize;
    for (chars, c) in text[..at].chars().rev().enumerate() {
        match c {
            '）' => depth += 1,
            '（' if depth > 0 => depth -= 1,
            '（' | '。' | '；' | '，' | '、' | '：' | '\n' | '\t' | '！' | '？' | '”' | '》' | '|' if depth == 0 =>
            {
                break;
            }
            _ => {}
        }
        if chars > MAX_LABEL_CHARS {
            return None;
        }
        start -= c.len_utf8();
    }
    label(&text[start..at]).map(|l| (l, start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_say_what_follows() {
        let cases = [
            ("责任单位", Some(Label::Responsible)),
            ("责任单位（部门）", Some(Label::Responsible)),
            ("责任主体单位", Some(Label::Subject)),
            ("牵头单位", Some(Label::Lead)),
            ("牵头责任部门", Some(Label::Lead)),
            ("2.配合单位", Some(Label::Support)),
            ("对接部门", Some(Label::Responsible)),
            ("负责单位", Some(Label::Responsible)),
            ("主办单位", Some(Label::Lead)),
            ("协办单位", Some(Label::Support)),
            ("责任领导", Some(Label::Person)),
            ("牵头市领导", Some(Label::Person)),
            ("完成时限", Some(Label::Deadline)),
            ("时间节点", Some(Label::Deadline)),
            ("政策内容", None),
            ("申领条件", None),
            ("责任主体落实到位后要及时总结经验做法", None),
        ];
        for (text, expected) in cases {
            assert_eq!(label(text), expected, "{text}");
        }
    }
}
