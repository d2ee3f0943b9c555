//! Where in running text units are assigned: brackets, label lines, labels inside a sentence.

use std::ops::Range;

use super::label::{Label, label, label_before};
use super::name;
use super::parse::{Listed, Mention, Said, parse, said_of};

/// One place that assigns units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Group {
    /// All of it in the folded text, brackets and label included.
    pub range: Range<usize>,
    /// What it lists.
    pub listed: Listed,
    /// The bracket that opens it is never closed.
    pub unclosed: bool,
}

/// Longest bracket that is looked at as an assignment, in bytes: some 1,300 characters.
const MAX_GROUP_BYTES: usize = 4_000;
/// How far, in characters, a label may reach with the rule that stands in it: 责任单位（列首位的为牵头单位，下同）：
const LABEL_REACH: usize = 36;
/// Deepest nesting of brackets that is looked into.
const MAX_DEPTH: usize = 16;

/// Finds every assignment in `text`, one folded paragraph.
pub(crate) fn groups(text: &str) -> Vec<Group> {
    if let Some(group) = label_line(text) {
        return group;
    }
    let mut found = bracket_groups(text);
    found.extend(inline_groups(text, &found));
    found.sort_by_key(|g| g.range.start);
    merge_neighbours(text, found)
}

/// A paragraph that begins with a label: 责任单位：A、B, or 【责任单位】A、B.
fn label_line(text: &str) -> Option<Vec<Group>> {
    let head = text.len()
        - text
            .trim_start_matches(['-', '*', '●', '■', '◆', '▲', '•', '·', ' '])
            .len();
    let head = head + crate::marker::marker(&text[head..]).map_or(0, |m| m.len);
    let body = &text[head..];
    let (said, start) = if body.starts_with('（') {
        let close = body.find('）')?;
        let said = label(&body['（'.len_utf8()..close])
            .filter(|l| l.names_units())
            .and_then(said_of)?;
        (said, head + close + '）'.len_utf8())
    } else {
        let colon = body.char_indices().take(LABEL_REACH).find(|(_, c)| *c == '：')?.0;
        let said = label(&body[..colon]).filter(|l| l.names_units()).and_then(said_of)?;
        (said, head + colon + '：'.len_utf8())
    };
    let end = end_of_listing(text, start);
    let listed = parse(text, start..end, said);
    // Where nothing follows the label, the units stand in the next paragraph, or nowhere: still an assignment.
    if listed.mentions.is_empty() && !text[start..end].trim().is_empty() && listed.strange.is_empty() {
        return None;
    }
    let mut all = vec![Group {
        range: head..end,
        listed,
        unclosed: false,
    }];
    let rest = &text[end..];
    if !rest.trim_matches(['。', '）', ' ']).is_empty() {
        for mut group in groups(rest) {
            shift(&mut group, end);
            all.push(group);
        }
    }
    Some(merge_neighbours(text, all))
}

fn shift(group: &mut Group, by: usize) {
    let move_range = |r: &mut Range<usize>| *r = r.start + by..r.end + by;
    move_range(&mut group.range);
    group.listed.mentions.iter_mut().for_each(|m| move_range(&mut m.range));
    group.listed.strange.iter_mut().for_each(move_range);
    if let Some(r) = &mut group.listed.deadline {
        move_range(r);
    }
}

/// Where a list that begins at `start` ends: at the first full stop that no further label follows.
fn end_of_listing(text: &str, start: usize) -> usize {
    let mut at = start;
    while let Some(stop) = text[at..].find('。') {
        let behind = at + stop + '。'.len_utf8();
        let next = text[behind..].trim_start();
        let labelled = next
            .char_indices()
            .take(20)
            .find(|(_, c)| *c == '：')
            .is_some_and(|(colon, _)| label(&next[..colon]).is_some());
        if !labelled {
            return behind;
        }
        at = behind;
    }
    text.len()
}

/// Pairs of brackets: open, close; an unclosed one reaches to the end of the text.
fn brackets(text: &str) -> Vec<(usize, Option<usize>)> {
    let mut open = Vec::new();
    let mut pairs = Vec::new();
    for (at, c) in text.char_indices() {
        match c {
            '（' => {
                open.push(pairs.len());
                pairs.push((at, None));
            }
            '）' => {
                if let Some(index) = open.pop() {
                    pairs[index].1 = Some(at);
                }
            }
            _ => {}
        }
    }
    if open.len() + MAX_DEPTH > pairs.len().max(MAX_DEPTH * 4) {
        // Nothing but open brackets: noise, not a document.
        pairs.retain(|(_, close)| close.is_some());
    }
    pairs
}

fn bracket_groups(text: &str) -> Vec<Group> {
    let mut found: Vec<Group> = Vec::new();
    let mut taken = 0;
    for (open, close) in brackets(text) {
        if open < taken {
            continue;
        }
        let group = match close {
            Some(close) => closed_group(text, open, close),
            None => unclosed_group(text, open),
        };
        if let Some(group) = group {
            taken = group.range.end;
            found.push(group);
        }
    }
    found
}

fn closed_group(text: &str, open: usize, close: usize) -> Option<Group> {
    let inside = open + '（'.len_utf8()..close;
    if inside.len() > MAX_GROUP_BYTES || inside.is_empty() {
        return None;
    }
    let range = open..close + '）'.len_utf8();
    let content = &text[inside.clone()];
    if let Some(found) = label(content).filter(|l| l.names_units() && !content.contains('：')) {
        return bracketed_label(text, range, found);
    }
    if let Some((said, start)) = opening_label(content) {
        let listed = parse(text, inside.start + start..inside.end, said);
        return Some(Group {
            range,
            listed,
            unclosed: false,
        });
    }
    let listed = parse(text, inside, Said::Listed);
    accepts(text, &range, content, &listed).then_some(Group {
        range,
        listed,
        unclosed: false,
    })
}

/// 【责任单位】A、B。 inside a paragraph: the bracket is the label.
fn bracketed_label(text: &str, bracket: Range<usize>, found: Label) -> Option<Group> {
    let end = end_of_listing(text, bracket.end);
    // The next bracket that is a label of another kind ends the list.
    let end = brackets(&text[bracket.end..end])
        .into_iter()
        .find_map(|(open, close)| {
            label(&text[bracket.end + open + '（'.len_utf8()..bracket.end + close?]).map(|_| bracket.end + open)
        })
        .unwrap_or(end);
    let listed = parse(text, bracket.end..end, said_of(found)?);
    (!listed.mentions.is_empty()).then_some(Group {
        range: bracket.start..end,
        listed,
        unclosed: false,
    })
}

/// A label and its colon at the head of a bracket's content.
fn opening_label(content: &str) -> Option<(Said, usize)> {
    let colon = content.char_indices().take(LABEL_REACH).find(|(_, c)| *c == '：')?.0;
    let found = label(&content[..colon])?;
    match said_of(found) {
        Some(said) => Some((said, colon + '：'.len_utf8())),
        // 完成时限：…；责任单位：… begins with another label; the list reads it itself.
        None => content
            .contains("单位：")
            .then_some((Said::Listed, 0))
            .or_else(|| content.contains("部门：").then_some((Said::Listed, 0))),
    }
}

/// Whether a bracket without an opening label assigns units.
fn accepts(text: &str, range: &Range<usize>, content: &str, listed: &Listed) -> bool {
    let mentions = &listed.mentions;
    if mentions.is_empty() || content.contains('《') {
        return false;
    }
    if listed.labels {
        return true;
    }
    let plain = mentions.iter().filter(|m| name::is_plain_unit(&m.name)).count();
    if listed.verbs {
        // A name that nobody knows does not unmake a list of names that everybody does; it is reported.
        return listed.strange.is_empty() && (plain == mentions.len() || mentions.len() >= 2)
            || plain >= 2 && plain > listed.strange.len();
    }
    let before = text[..range.start].trim_end();
    let after = text[range.end..].trim_start();
    let behind_stop = before.is_empty() || before.ends_with(['。', '；', '！', '”', '）', '：']);
    let at_end = after.is_empty() || after.trim_start_matches(['。', '；', '）']).is_empty();
    let strong = mentions.iter().all(|m| name::is_plain_unit(&m.name));
    let rule = content.contains("下同") || content.contains("牵头单位");
    listed.strange.is_empty()
        && strong
        && (behind_stop && (at_end || mentions.len() >= 2 || name::has_level(&mentions[0].name))
            || at_end && mentions.len() >= 2
            || rule)
}

fn unclosed_group(text: &str, open: usize) -> Option<Group> {
    let start = open + '（'.len_utf8();
    let rest = &text[start..];
    if rest.len() > MAX_GROUP_BYTES {
        return None;
    }
    let (said, offset) = opening_label(rest)?;
    let mut end = end_of_listing(text, start + offset);
    if text[..end].ends_with('）') {
        end -= '）'.len_utf8();
    }
    let listed = parse(text, start + offset..end, said);
    (!listed.mentions.is_empty()).then_some(Group {
        range: open..end,
        listed,
        unclosed: true,
    })
}

/// Where labels may end and lists begin: a colon, or 单位为, 部门——. For each the end of the label, the length of what
/// announces the list, and whether that is a word and no colon.
fn announcements(text: &str) -> Vec<(usize, usize, bool)> {
    const WORDS: &[&str] = &["单位为", "部门为", "单位是", "单位--", "部门--"];
    let colons = text.match_indices('：').map(|(at, colon)| (at, colon.len(), false));
    let words = WORDS.iter().flat_map(|word| {
        let body = "单位".len();
        text.match_indices(word)
            .map(move |(at, _)| (at + body, word.len() - body, true))
    });
    let mut found: Vec<_> = colons.chain(words).collect();
    found.sort_unstable();
    found
}

/// 责任单位为A、B lists bodies by name; 列第一位的单位为牵头单位 lists none.
fn states_units(listed: &Listed) -> bool {
    listed.strange.is_empty()
        && listed
            .mentions
            .iter()
            .all(|m| name::is_plain_unit(&m.name) && !m.name.contains("单位"))
}

/// Labels with a colon inside a paragraph and outside brackets.
fn inline_groups(text: &str, brackets: &[Group]) -> Vec<Group> {
    let mut found: Vec<Group> = Vec::new();
    let mut from = 0;
    for (colon, len, stated) in announcements(text) {
        if colon < from {
            continue;
        }
        from = colon + len;
        let inside = brackets.iter().chain(&found).any(|g| g.range.contains(&colon));
        if inside {
            continue;
        }
        let Some((found_label, start)) = label_before(text, colon) else {
            continue;
        };
        let Some(said) = said_of(found_label) else { continue };
        let end = end_of_listing(text, from);
        let end = brackets
            .iter()
            .map(|g| g.range.start)
            .filter(|at| *at >= from)
            .min()
            .map_or(end, |at| end.min(at));
        let end = floor_boundary(text, end.min(from + MAX_GROUP_BYTES));
        let listed = parse(text, from..end, said);
        // Labels further on in the list have been read with it, whether they name units or not.
        from = end.max(from);
        if !listed.mentions.is_empty() && (!stated || states_units(&listed)) {
            found.push(Group {
                range: start..end,
                listed,
                unclosed: false,
            });
        }
    }
    found
}

/// The last character boundary at or before `at`.
fn floor_boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len()))
        .rev()
        .find(|i| text.is_char_boundary(*i))
        .unwrap_or(0)
}

/// Groups with nothing between them but punctuation are one: （牵头单位：A）（配合单位：B）.
fn merge_neighbours(text: &str, groups: Vec<Group>) -> Vec<Group> {
    let mut merged: Vec<Group> = Vec::new();
    for group in groups {
        if let Some(last) = merged.last_mut() {
            let between = &text[last.range.end.min(group.range.start)..group.range.start];
            if between.chars().all(|c| "。；，、 \n".contains(c))
                && !repeats(&last.listed.mentions, &group.listed.mentions)
            {
                last.range.end = group.range.end;
                last.unclosed |= group.unclosed;
                absorb(&mut last.listed, group.listed);
                continue;
            }
        }
        merged.push(group);
    }
    merged
}

/// Two brackets of the same kind are two assignments, not one.
fn repeats(left: &[Mention], right: &[Mention]) -> bool {
    left.iter().any(|l| l.said == Said::Lead) && right.iter().any(|r| r.said == Said::Lead)
}

/// Adds what `other` lists to `listed`.
pub(crate) fn absorb(listed: &mut Listed, other: Listed) {
    listed.mentions.extend(other.mentions);
    listed.strange.extend(other.strange);
    listed.deadline = listed.deadline.take().or(other.deadline);
    listed.empty_first |= other.empty_first;
    listed.verbs |= other.verbs;
    listed.labels |= other.labels;
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `name:said` of every mention, a bar between groups.
    fn show(text: &str) -> String {
        let folded = crate::fold::fold(text);
        groups(&folded)
            .iter()
            .map(|g| {
                g.listed
                    .mentions
                    .iter()
                    .map(|m| format!("{}{}:{:?}", m.name, if m.open_ended { "…" } else { "" }, m.said))
                    .collect::<Vec<_>>()
                    .join(" ")
            })
            .collect::<Vec<_>>()
            .join(" | ")
    }

    #[test]
    fn assignments_are_found_in_every_form() {
        let cases = [
            (
                "稳岗。（责任单位：区人社局、区教委、各镇街人民政府〔办事处〕）",
                "区人社局:Listed 区教委:Listed 各镇街人民政府（办事处）:Listed",
            ),
            (
                "稳岗。(责任主体单位:省商务厅、省财政厅,责任单位:省稳岗工作专班有关成员单位)",
                "省商务厅:Subject 省财政厅:Subject 省稳岗工作专班有关成员单位:Listed",
            ),
            (
                "稳岗。（市发展改革委、市人社局牵头，市财政局、国家统计局某市调查队参加）",
                "市发展改革委:Lead 市人社局:Lead 市财政局:Support 国家统计局某市调查队:Support",
            ),
            (
                "稳岗。（省发展改革委、省地税局等负责，列第一位者为牵头单位，下同）",
                "省发展改革委:Duty 省地税局…:Duty",
            ),
            (
                "稳岗。（市商务局、市农业局等负责）扩岗。（市教育局牵头，市财政局配合）",
                "市商务局:Duty 市农业局…:Duty | 市教育局:Lead 市财政局:Support",
            ),
            ("稳岗。【责任单位】市人社局、财政局", "市人社局:Listed 市财政局:Listed"),
            (
                "责任单位：市人社局、财政局、团市委；完成时限：2020年12月底",
                "市人社局:Listed 市财政局:Listed 团市委:Listed",
            ),
            (
                "稳岗。牵头单位：市人社局。配合单位：市财政局、各县（市、区）政府。",
                "市人社局:Lead 市财政局:Support 各县（市、区）政府:Support",
            ),
            (
                "稳岗。（牵头单位：市人社局）（配合单位：市财政局）",
                "市人社局:Lead 市财政局:Support",
            ),
            (
                "稳岗。（责任单位：市人社局、市财政局",
                "市人社局:Listed 市财政局:Listed",
            ),
            ("稳岗。（责任单位：、市人社局）", "市人社局:Listed"),
            (
                "稳岗。（市人社局会同市财政局、市教育局负责）",
                "市人社局:Lead 市财政局:Support 市教育局:Support",
            ),
            (
                "稳岗。（责任单位：各镇（街道）和各产业平台）",
                "各镇（街道）:Listed 各产业平台:Listed",
            ),
            (
                "稳岗。（责任单位：市住房和城乡建设局、市委宣传部和市文化和旅游局）",
                "市住房和城乡建设局:Listed 市委宣传部:Listed 市文化和旅游局:Listed",
            ),
            ("稳岗。（市人社局（牵头）、市财政局）", "市人社局:Lead 市财政局:Listed"),
            ("由区就业工作领导小组办公室（区人社局）牵头抓总，加强调度", ""),
            ("面向企业（含个体工商户）和各类园区（基地）开展", ""),
            ("按照《关于进一步做好就业工作的意见》（某政发〔2020〕3号）执行", ""),
        ];
        for (text, expected) in cases {
            assert_eq!(show(text), expected, "{text}");
        }
    }

    #[test]
    fn a_hundred_thousand_brackets_are_no_assignment() {
        assert!(groups(&"（".repeat(100_000)).is_empty());
        assert!(groups(&format!("{}{}", "（".repeat(50_000), "）".repeat(50_000))).is_empty());
    }
}
