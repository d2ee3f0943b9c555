//! Tasks from running text: items whose words assign units, and their fellows that name none.

use crate::assign::find::{Group, groups};
use crate::assign::label::{Label, label};
use crate::draft::{Complaint, Draft};
use crate::item::{Items, Para, heading, is_inner};
use crate::marker::MarkerStyle;
use crate::model::Span;

/// Sections that state aims and principles and no tasks.
const NOT_TASKS: &[&str] = &[
    "总体要求", "指导思想", "基本原则", "总体思路", "工作目标", "主要目标", "目标任务", "总体目标", "工作原则",
    "发展目标", "任务目标", "起草背景", "名词解释",
];

/// What the items of one part yield.
pub(crate) struct TextTasks {
    /// Items and pieces of items that assign units, and fellows of theirs that do not.
    pub drafts: Vec<Draft>,
    /// Items without any item below them, as tasks without units: for parts that assign nothing.
    pub leaves: Vec<Draft>,
}

/// Reads the tasks of the paragraphs in `range`.
pub(crate) fn text_tasks(text: &str, paragraphs: &[Para], range: std::ops::Range<usize>) -> TextTasks {
    let items = Items::build(paragraphs, range);
    let mut own: Vec<Vec<Draft>> = (0..items.items.len())
        .map(|i| own_drafts(&items, i, paragraphs, text))
        .collect();
    headings_that_assign(&items, &mut own, paragraphs, text);
    hoist(&items, &mut own, paragraphs);
    spread(&items, &mut own, paragraphs);
    let fellows = Fellows::of(&items, own.iter().map(|d| !d.is_empty()).collect());
    let mut drafts = Vec::new();
    let mut leaves = Vec::new();
    for (index, found) in own.into_iter().enumerate() {
        if !found.is_empty() {
            drafts.extend(found);
            continue;
        }
        let Some(leaf) = leaf(&items, index, paragraphs, text) else {
            continue;
        };
        if fellows.name_units(&items, index) {
            drafts.push(leaf);
        } else {
            leaves.push(leaf);
        }
    }
    TextTasks { drafts, leaves }
}

/// The tasks that an item's own paragraphs state: one for each place that assigns units.
fn own_drafts(items: &Items, index: usize, paragraphs: &[Para], text: &str) -> Vec<Draft> {
    let item = &items.items[index];
    let is_last = index + 1 == items.items.len();
    let base = draft_of(items, index, paragraphs, text);
    let mut drafts: Vec<Draft> = Vec::new();
    let mut pieces: Vec<Span> = Vec::new();
    let mut deadline: Option<Span> = None;
    for (nth, paragraph) in item.paragraphs.iter().map(|i| &paragraphs[*i]).enumerate() {
        let folded = &paragraph.folded;
        let mut at = if nth == 0 { item.marker.map_or(0, |m| m.len) } else { 0 };
        if let Some(value) = deadline_line(&folded.text) {
            let span = folded.span(value.start, value.end);
            match drafts.last_mut() {
                Some(last) if pieces.is_empty() => last.deadline = last.deadline.or(Some(span)),
                _ => deadline = Some(span),
            }
            continue;
        }
        if nth > 0 && names_people(&folded.text) {
            continue;
        }
        let found = groups(&folded.text);
        // Behind the last item's units stand the closing words, the signature and the imprint of the document.
        if is_last && nth > 0 && found.is_empty() && !drafts.is_empty() && !is_labelled_line(&folded.text) {
            if let Some(last) = drafts.last_mut() {
                last.span.end = last.span.end.min(paragraph.span.start).max(last.span.start);
            }
            break;
        }
        for Group {
            range,
            listed,
            unclosed,
        } in found
        {
            if range.start >= at {
                push_piece(&mut pieces, folded, at, range.start);
            }
            at = range.end.max(at);
            let continues_last = pieces.is_empty() && !drafts.is_empty();
            if !continues_last {
                drafts.push(Draft {
                    pieces: std::mem::take(&mut pieces),
                    deadline: deadline.take(),
                    ..base.clone()
                });
            }
            let Some(draft) = drafts.last_mut() else { continue };
            if unclosed {
                draft
                    .complaints
                    .push((folded.span(range.start, range.end).start, Complaint::Unclosed));
            }
            draft.take(listed, folded);
        }
        push_piece(&mut pieces, folded, at, folded.text.len());
    }
    if let Some(last) = drafts.last_mut() {
        // Words behind the last assignment still belong to the item.
        last.pieces.append(&mut pieces);
        last.deadline = last.deadline.or(deadline);
    }
    drafts
}

/// 责任领导：…, 联系人：…: who answers the telephone is no part of the measure.
fn names_people(text: &str) -> bool {
    text.chars().count() <= 60
        && text
            .char_indices()
            .take(14)
            .find(|(_, c)| *c == '：')
            .is_some_and(|(at, _)| label(&text[..at]) == Some(Label::Person))
}

/// 联系电话：…, 政策依据：…: a line of an item in a policy list.
fn is_labelled_line(text: &str) -> bool {
    let head = crate::marker::marker(text).map_or(0, |m| m.len);
    let label: String = text[head..].chars().take_while(|c| *c != '：').collect();
    text[head..].len() > label.len()
        && (2..=10).contains(&label.chars().count())
        && !["抄送", "主题词", "附件", "联系人", "主送", "抄报", "公开方式"].contains(&label.as_str())
}

/// The words between two assignments, without the punctuation left over.
fn push_piece(pieces: &mut Vec<Span>, folded: &crate::fold::Folded, start: usize, end: usize) {
    let piece = &folded.text[start..end];
    let noise = |c: char| matches!(c, '。' | '；' | '，' | '、' | ' ' | '）');
    let left = piece.trim_start_matches(noise);
    if left.trim_end_matches(noise).is_empty() {
        return;
    }
    pieces.push(folded.span(end - left.len(), end));
}

/// 完成时限：2020年12月底 as a paragraph of its own.
fn deadline_line(text: &str) -> Option<std::ops::Range<usize>> {
    let head = crate::marker::marker(text).map_or(0, |m| m.len);
    let body = &text[head..];
    // 【完成时限】2020年12月底
    if let Some(close) = body
        .strip_prefix('（')
        .and_then(|b| b.find('）'))
        .map(|at| at + '（'.len_utf8())
    {
        let value = head + close + '）'.len_utf8()..text.len();
        return (label(&body['（'.len_utf8()..close]) == Some(Label::Deadline)
            && text[value.clone()].chars().count() <= 40)
            .then_some(value);
    }
    let colon = body.char_indices().take(14).find(|(_, c)| *c == '：')?.0;
    let value = head + colon + '：'.len_utf8()..text.len();
    (label(&body[..colon]) == Some(Label::Deadline)
        && text[value.clone()].chars().count() <= 40
        && !text[value.clone()].contains("单位："))
    .then_some(value)
}

/// An item's number, headings and place.
pub(crate) fn draft_of(items: &Items, index: usize, paragraphs: &[Para], text: &str) -> Draft {
    let item = &items.items[index];
    let first = &paragraphs[item.paragraphs[0]];
    let span = item
        .paragraphs
        .iter()
        .map(|i| paragraphs[*i].span)
        .reduce(Span::cover)
        .unwrap_or(first.span);
    Draft {
        no: item.marker.map_or_else(String::new, |m| m.number.to_string()),
        path: items
            .ancestors(index)
            .into_iter()
            .map(|a| printed_heading(items, a, paragraphs, text))
            .collect(),
        title: title_of(items, index, paragraphs, text),
        span,
        ..Draft::default()
    }
}

fn title_of(items: &Items, index: usize, paragraphs: &[Para], text: &str) -> Option<String> {
    let item = &items.items[index];
    item.marker?;
    let folded = &paragraphs[item.paragraphs[0]].folded;
    let range = heading(&folded.text, item.marker)?;
    Some(crate::fold::fold_whitespace(
        folded.span(range.start, range.end).of(text),
    ))
}

/// A heading as printed, its marker included.
fn printed_heading(items: &Items, index: usize, paragraphs: &[Para], text: &str) -> String {
    let item = &items.items[index];
    let folded = &paragraphs[item.paragraphs[0]].folded;
    let end = heading(&folded.text, item.marker).map_or_else(
        || folded.text.find(['。', '；']).unwrap_or(folded.text.len()),
        |r| r.end,
    );
    crate::fold::fold_whitespace(folded.span(0, end).of(text).trim_end_matches(['。', '.']))
}

/// 一、某管委会牵头工作（8项）: the heading names the unit of every item below it that names none.
fn headings_that_assign(items: &Items, own: &mut [Vec<Draft>], paragraphs: &[Para], text: &str) {
    for index in 0..items.items.len() {
        let item = &items.items[index];
        let Some(marker) = item.marker.filter(|m| !is_inner(m.style) && !item.children.is_empty()) else {
            continue;
        };
        let folded = &paragraphs[item.paragraphs[0]].folded;
        let Some((range, said)) = unit_of_heading(&folded.text, marker.len) else {
            continue;
        };
        let unit = crate::draft::Named {
            name: folded.text[range.clone()].to_owned(),
            span: folded.span(range.start, range.end),
            said,
            open_ended: false,
            starred: false,
            from_heading: true,
        };
        for below in items.descendants(index) {
            if items.items[below].children.is_empty()
                && own[below].is_empty()
                && let Some(mut draft) = leaf(items, below, paragraphs, text)
            {
                draft.named.push(unit.clone());
                draft.assigned = true;
                own[below].push(draft);
            }
        }
    }
}

/// The unit that a heading puts in charge of its items, and of what kind the charge is.
fn unit_of_heading(text: &str, from: usize) -> Option<(std::ops::Range<usize>, crate::assign::parse::Said)> {
    use crate::assign::parse::Said;
    let body = &text[from..];
    let body = body
        .rfind('（')
        .filter(|_| body.ends_with('）'))
        .map_or(body, |at| &body[..at]);
    if body.chars().count() > 30 || body.contains(['。', '，', '、', '：']) {
        return None;
    }
    let bare = [
        "重点工作", "工作任务", "目标任务", "主要任务", "任务", "工作", "事项", "项目",
    ]
    .iter()
    .find_map(|w| body.strip_suffix(w))?
    .trim_end_matches('的');
    let (name, said) = [
        ("牵头负责", Said::Lead),
        ("牵头", Said::Lead),
        ("负责", Said::Duty),
        ("承担", Said::Duty),
    ]
    .into_iter()
    .find_map(|(verb, said)| bare.strip_suffix(verb).map(|n| (n, said)))?;
    let name = name.strip_prefix('由').unwrap_or(name);
    let start = text.find(name)?;
    crate::assign::name::is_plain_unit(name).then_some((start..start + name.len(), said))
}

/// Where only the last of an item's sub-items ends in units, they are the whole item's.
fn hoist(items: &Items, own: &mut [Vec<Draft>], paragraphs: &[Para]) {
    for index in (0..items.items.len()).rev() {
        let item = &items.items[index];
        let Some(style) = item.marker.map(|m| m.style) else {
            continue;
        };
        let Some((&last, others)) = item.children.split_last() else {
            continue;
        };
        if others.is_empty() || !own[index].is_empty() || style < MarkerStyle::HanBracket && others.len() > 6 {
            continue;
        }
        let child_style = items.items[last].marker.map_or(MarkerStyle::Circled, |m| m.style);
        let silent = others
            .iter()
            .all(|o| own[*o].is_empty() && items.descendants(*o).iter().all(|d| own[*d].is_empty()));
        let standalone = items.items[last].paragraphs.len() > 1;
        if !silent
            || own[last].len() != 1
            || !items.items[last].children.is_empty()
            || !(is_inner(child_style) && style >= MarkerStyle::HanBracket || standalone)
        {
            continue;
        }
        let Some(mut draft) = own[last].pop() else { continue };
        let mut pieces: Vec<Span> = Vec::new();
        for part in std::iter::once(index)
            .chain(items.descendants(index))
            .filter(|i| *i != last)
        {
            pieces.extend(items.items[part].paragraphs.iter().map(|p| paragraphs[*p].span));
        }
        draft.span = pieces.iter().copied().fold(draft.span, Span::cover);
        pieces.append(&mut draft.pieces);
        draft.pieces = pieces;
        draft.no = item.marker.map_or_else(String::new, |m| m.number.to_string());
        draft.path.pop();
        draft.title = None;
        own[index].push(draft);
    }
}

/// Where a heading alone carries units and nothing below it does, its items are its text.
fn spread(items: &Items, own: &mut [Vec<Draft>], paragraphs: &[Para]) {
    for index in 0..items.items.len() {
        if own[index].len() != 1 || items.items[index].children.is_empty() {
            continue;
        }
        let below = items.descendants(index);
        if below.iter().any(|d| !own[*d].is_empty()) {
            continue;
        }
        let spans: Vec<Span> = below
            .iter()
            .flat_map(|d| items.items[*d].paragraphs.iter().map(|p| paragraphs[*p].span))
            .collect();
        let draft = &mut own[index][0];
        draft.span = spans.iter().copied().fold(draft.span, Span::cover);
        draft.pieces.extend(spans);
    }
}

/// An item without items below it, as a task that names no unit.
fn leaf(items: &Items, index: usize, paragraphs: &[Para], text: &str) -> Option<Draft> {
    let item = &items.items[index];
    let marker = item.marker?;
    if !item.children.is_empty() {
        return None;
    }
    let mut draft = draft_of(items, index, paragraphs, text);
    let aims = |t: &str| NOT_TASKS.iter().any(|w| t.contains(w));
    if draft.path.iter().any(|p| aims(p)) || draft.title.as_deref().is_some_and(aims) {
        return None;
    }
    let mut pieces = Vec::new();
    for (nth, paragraph) in item.paragraphs.iter().map(|i| &paragraphs[*i]).enumerate() {
        push_piece(
            &mut pieces,
            &paragraph.folded,
            if nth == 0 { marker.len } else { 0 },
            paragraph.folded.text.len(),
        );
    }
    draft.pieces = pieces;
    (!draft.pieces.is_empty()).then_some(draft)
}

/// Which items name units, and what follows for those beside them.
struct Fellows {
    assigned: Vec<bool>,
    /// For each item, whether one right below it names units.
    below: Vec<bool>,
    /// For each style at the top: items that name units, and all.
    top: std::collections::BTreeMap<Option<MarkerStyle>, (usize, usize)>,
}

impl Fellows {
    fn of(items: &Items, assigned: Vec<bool>) -> Self {
        let mut below = vec![false; assigned.len()];
        let mut top = std::collections::BTreeMap::new();
        for (index, item) in items.items.iter().enumerate() {
            match item.parent {
                Some(parent) => below[parent] |= assigned[index],
                None => {
                    let counts: &mut (usize, usize) = top.entry(item.marker.map(|m| m.style)).or_default();
                    counts.0 += usize::from(assigned[index]);
                    counts.1 += 1;
                }
            }
        }
        Self { assigned, below, top }
    }

    /// True where items beside this one, of its own kind, name units, and none above it does.
    fn name_units(&self, items: &Items, index: usize) -> bool {
        let item = &items.items[index];
        let Some(parent) = item.parent else {
            // At the top only where this is how the document lists its tasks.
            return self
                .top
                .get(&item.marker.map(|m| m.style))
                .is_some_and(|(named, all)| named * 2 >= *all && *named > 0);
        };
        // An item above that names units speaks for those below it.
        self.below[parent] && !items.ancestors(index).iter().any(|a| self.assigned[*a])
    }
}
