//! Where a list of units falls apart: separators outside brackets, line feeds between whole names, 和 between two bodies.

use std::ops::Range;

use super::label::label;
use super::name;
use super::verb::VERBS;

/// A piece between separators, and the separator behind it.
pub(crate) struct Token {
    /// The piece.
    pub(crate) range: Range<usize>,
    /// What stands behind it.
    pub(crate) separator: char,
}

/// Splits at the separators that stand outside brackets; a bracket that is never closed does not count.
pub(crate) fn tokens(text: &str, range: Range<usize>) -> Vec<Token> {
    let slice = &text[range.clone()];
    let closed = closed_brackets(slice);
    let mut tokens = Vec::new();
    let (mut start, mut depth) = (0usize, 0usize);
    for (at, c) in slice.char_indices() {
        match c {
            '（' if closed.contains(&at) => depth += 1,
            '）' if depth > 0 => depth -= 1,
            '、' | '，' | '；' | '。' | '|' | '\t' | ' ' | '/' | '+' if depth == 0 => {
                if c == '、' && is_inside_collective(&slice[start..at], &slice[at + c.len_utf8()..]) {
                    continue;
                }
                tokens.push(Token {
                    range: range.start + start..range.start + at,
                    separator: c,
                });
                start = at + c.len_utf8();
            }
            '\n' if depth == 0 && is_list_break(&slice[start..at], slice[at..].trim_start()) => {
                tokens.push(Token {
                    range: range.start + start..range.start + at,
                    separator: '\n',
                });
                start = at + c.len_utf8();
            }
            _ => {}
        }
    }
    tokens.push(Token {
        range: range.start + start..range.end,
        separator: '。',
    });
    tokens
}

/// Byte offsets of the opening brackets that are closed later.
fn closed_brackets(slice: &str) -> std::collections::BTreeSet<usize> {
    let mut open = Vec::new();
    let mut closed = std::collections::BTreeSet::new();
    for (at, c) in slice.char_indices() {
        match c {
            '（' => open.push(at),
            '）' => {
                if let Some(start) = open.pop() {
                    closed.insert(start);
                }
            }
            _ => {}
        }
    }
    closed
}

/// Kinds of zones that a group of places takes in without an organ of their own: 各县区、开发园区.
const ZONES: &[&str] = &[
    "园区", "开发园区", "产业园区", "功能区", "功能板块", "板块", "经济功能区",
];

/// 各县、区人民政府 and 各乡镇、街道 are one group: the mark stands inside its name.
fn is_inside_collective(left: &str, right: &str) -> bool {
    const PLACES: &[&str] = &[
        "自治县", "县", "市", "区", "乡", "镇", "乡镇", "旗", "州", "街道", "省", "自治区", "市州", "盟", "县区",
        "区县", "县市", "市县", "县市区", "县级市", "特区", "科室", "处室", "单位", "部门", "乡镇街道",
    ];
    let left = left.rsplit('：').next().unwrap_or(left).trim_matches(['\n', ' ']);
    let left = left
        .rfind("会同")
        .map_or(left, |at| &left[at + "会同".len()..])
        .trim_start_matches('由');
    // 各有关区、县级市 is one group too.
    let left_plain = left.replace("有关", "").replace("相关", "");
    let left = left_plain.as_str();
    let counted = left.trim_start_matches(|c: char| c.is_ascii_digit());
    let counted = counted.strip_prefix('个').filter(|_| counted.len() < left.len());
    let Some(rest) = left.strip_prefix('各').or(counted) else {
        return false;
    };
    if !rest.split('、').all(|p| PLACES.contains(&p)) {
        return false;
    }
    let next = right
        .split(['、', '，', '；', '。', '\n', '）'])
        .next()
        .unwrap_or_default();
    let mut next = next.trim_end_matches('等').trim();
    while let Some((verb, _)) = VERBS.iter().find(|(v, _)| next.ends_with(v)) {
        next = &next[..next.len() - verb.len()];
    }
    if let Some(at) = ["负责", "牵头", "配合", "做好"]
        .iter()
        .filter_map(|v| next.find(v))
        .min()
    {
        next = &next[..at];
    }
    let organ = |rest: &str| {
        // 区人民政府（管委会）
        let rest = rest.find('（').filter(|at| *at > 0).map_or(rest, |at| &rest[..at]);
        matches!(
            rest,
            "人民政府" | "政府" | "党委" | "党委政府" | "（市、区）人民政府" | "办事处" | "级人民政府"
        ) || rest.starts_with("（市")
            || rest.starts_with("（区")
    };
    PLACES
        .iter()
        .chain(ZONES)
        .any(|p| next == *p || next.strip_prefix(p).is_some_and(organ))
}

/// A line feed in a cell is a separator only between two whole names; else the name was merely broken there.
fn is_list_break(left: &str, right: &str) -> bool {
    let left = left.trim_end();
    let left = left
        .rsplit(['、', '，', '；', '。', '\n'])
        .next()
        .unwrap_or(left)
        .trim();
    let right: String = right.chars().take_while(|c| !"、，；。\n".contains(*c)).collect();
    let right = right.trim();
    if left.is_empty() || right.is_empty() {
        return true;
    }
    if right.contains('：')
        || left.contains('：') && label(left.split('：').next().unwrap_or_default()).is_some() && left.ends_with('：')
    {
        return right.contains('：');
    }
    let organ_behind_committee = ["省委", "市委", "区委", "县委", "州委"].contains(&left);
    let tail = ["分局", "支行", "中心", "单位", "办公室", "委员会", "部门"].contains(&right);
    let ends_with_verb = VERBS.iter().any(|(verb, _)| left.ends_with(verb));
    (name::is_unit(left) || ends_with_verb)
        && !organ_behind_committee
        && !tail
        && (name::is_unit(right) || VERBS.iter().any(|(v, _)| right.ends_with(v)))
}

/// Where a sentence begins that lays down a rule for all items instead of listing units: 以下均需…，不再列出.
pub(crate) fn rule_begins(text: &str, range: &Range<usize>) -> usize {
    let slice = &text[range.clone()];
    let Some(at) = slice.find("不再") else {
        return range.end;
    };
    let sentence = slice[..at].rfind(['。', '；']).map(|i| i + '。'.len_utf8());
    let start = sentence
        .or_else(|| slice[..at].rfind("以下"))
        .or_else(|| slice[..at].rfind('，'));
    range.start + start.unwrap_or(slice.len())
}

/// Splits at 和, 及, 以及, 与 where both sides are whole names or the right one begins a group.
pub(crate) fn split_conjunctions(text: &str, range: Range<usize>) -> Vec<Range<usize>> {
    let slice = &text[range.clone()];
    let mut depth = 0usize;
    for (at, c) in slice.char_indices() {
        match c {
            '（' => depth += 1,
            '）' => depth = depth.saturating_sub(1),
            '和' | '及' | '与' if depth == 0 && at > 0 => {
                let left = slice[..at].trim_end_matches('以');
                let right = slice[at + c.len_utf8()..].trim_start_matches('其');
                if joins_two_units(left, right) {
                    let first = range.start..range.start + left.len();
                    let mut parts: Vec<Range<usize>> = std::iter::once(first).collect();
                    parts.extend(split_conjunctions(text, range.end - right.len()..range.end));
                    return parts;
                }
            }
            _ => {}
        }
    }
    vec![range]
}

fn joins_two_units(left: &str, right: &str) -> bool {
    let right_name = right.trim_end_matches("等");
    let new_group =
        right.starts_with('各') || right.starts_with("有关") || right.starts_with("相关") && left.chars().count() > 3;
    if left.ends_with('等') {
        return name::is_unit(right_name);
    }
    // 各有关部门和单位 is one group; 各有关部门和各单位 are two.
    if name::is_collective(left) && ["单位", "部门", "机构", "企业", "个人", "地区"].contains(&right_name) {
        return false;
    }
    if new_group {
        return name::is_unit(left) || name::is_collective(left);
    }
    (name::is_plain_unit(left) || left.starts_with('各') && name::is_unit(left)) && name::is_unit(right_name) && (name::has_level(right_name) || name::is_department(right_name) || name::is_collective(right_name))
        // 市住房和城乡建设局 joins nothing: its left half is no name. 市委办和市政府办 does.
        && !["市", "区", "县", "省", "州"].contains(&left)
}
