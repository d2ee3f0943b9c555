//! A document's own data: title, number, issuer, date, recipients, publicity. What is not printed stays absent.

use std::ops::Range;

use civil::Day;

use crate::assign::name;
use crate::assign::parse::{Said, parse};
use crate::model::{DateBasis, Header};

/// One line of a part's head or end, folded.
pub(crate) struct HeadLine<'a> {
    /// The folded text.
    pub text: &'a str,
}

/// A title is not longer than this, in characters.
const MAX_TITLE_CHARS: usize = 120;
/// The head of a document has no more lines than this before its text begins.
const MAX_HEAD_LINES: usize = 24;
/// Signature, date and marks stand within this many lines of the end.
const TAIL_LINES: usize = 12;

const TITLE_ENDS: &[&str] = &[
    "通知", "意见", "方案", "措施", "举措", "办法", "分工", "清单", "规划", "计划", "要点", "决定", "批复", "答复",
    "复函", "函", "报告", "公告", "通告", "细则", "规定", "条例", "政策", "一览表", "分解表", "分工表", "台账",
    "任务书", "责任书", "纲要", "指南", "若干条", "条", "目录", "解读", "安排", "表", "总结", "汇总", "任务", "行动",
    "制度",
];

/// A document number such as 某政发（2020）3号 in folded text.
pub(crate) fn number_in(text: &str) -> Option<Range<usize>> {
    for (at, _) in text.match_indices('（') {
        let inner = &text[at + '（'.len_utf8()..];
        let year = inner.bytes().take_while(u8::is_ascii_digit).count();
        if year != 4 || !inner[4..].starts_with('）') {
            continue;
        }
        let rest = inner[4 + '）'.len_utf8()..].trim_start_matches('第');
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        if digits == 0 || digits > 5 || !rest[digits..].starts_with('号') {
            continue;
        }
        let end = text.len() - rest.len() + digits + '号'.len_utf8();
        let start = text[..at]
            .char_indices()
            .rev()
            .take_while(|(_, c)| crate::fold::is_han(*c))
            .take(14)
            .last()
            .map_or(at, |(i, _)| i);
        if start < at {
            return Some(start..end);
        }
    }
    None
}

/// The number as it is cited: 〔〕 around the year.
pub(crate) fn print_number(folded: &str) -> String {
    let mut number = folded.replace('（', "〔").replace('）', "〕");
    if let Some(at) = number.find("〕第") {
        number.replace_range(at + '〕'.len_utf8()..at + "〕第".len(), "");
    }
    number
}

/// A line that is a date and nothing else: 2020年4月29日, （2020年11月1日）.
pub(crate) fn date_line(text: &str) -> Option<Day> {
    let text = text.trim_matches(['（', '）', ' ', '。']);
    let text = text.trim_end_matches("印发").trim_end_matches('发');
    (text.chars().count() <= 16).then_some(())?;
    full_date(text)
}

/// A whole date at the head of `text` that fills it: 2020年4月29日, 二〇二〇年四月二十九日, 2020-04-29.
fn full_date(text: &str) -> Option<Day> {
    let (year, rest) = match text.split_once('年') {
        Some((year, rest)) => (year_value(year)?, rest),
        None => {
            let mut parts = text.split(['-', '.', '/']);
            let (y, m, d) = (parts.next()?, parts.next()?, parts.next()?);
            let d = d.split(' ').next()?;
            return (y.len() == 4 && parts.next().is_none())
                .then(|| Day::new(y.parse().ok()?, m.parse().ok()?, d.parse().ok()?))
                .flatten();
        }
    };
    let (month, rest) = rest.split_once('月')?;
    let day = rest.trim_end_matches(['日', '号']);
    (rest.len() > day.len())
        .then(|| Day::new(year, small(month)?, small(day)?))
        .flatten()
}

fn year_value(text: &str) -> Option<i16> {
    if text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit()) {
        return text.parse().ok();
    }
    let digits: Vec<u32> = text
        .chars()
        .map(|c| match c {
            '○' | 'O' | 'o' | '0' | '〇' | '零' => Some(0),
            c => crate::marker::han_digit(c).filter(|d| *d < 10),
        })
        .collect::<Option<_>>()?;
    (digits.len() == 4).then(|| digits.iter().fold(0i16, |y, d| y * 10 + i16::try_from(*d).unwrap_or(0)))
}

fn small(text: &str) -> Option<i8> {
    if text.bytes().all(|b| b.is_ascii_digit()) && !text.is_empty() {
        return text.parse().ok();
    }
    crate::marker::han_number(text)
        .filter(|(_, len)| *len == text.len())
        .and_then(|(n, _)| i8::try_from(n).ok())
}

/// 主送机关: a line that ends in a colon and lists bodies.
pub(crate) fn recipients(text: &str) -> Option<Vec<String>> {
    let list = text.strip_suffix('：')?;
    if list.is_empty() || list.chars().count() > 200 || list.contains('。') || list.contains('：') {
        return None;
    }
    let listed = parse(list, 0..list.len(), Said::Listed);
    if list.ends_with("代表") || list.ends_with("委员") {
        return Some(vec![list.to_owned()]);
    }
    (!listed.mentions.is_empty()
        && listed.strange.is_empty()
        && !listed.verbs
        && listed.mentions.iter().all(|m| name::is_unit(&m.name)))
    .then(|| listed.mentions.into_iter().map(|m| m.name).collect())
}

/// 主动公开, 依申请公开, 不予公开.
pub(crate) fn publicity(text: &str) -> Option<&'static str> {
    if text.chars().count() > 40 || text.contains('。') && text.chars().count() > 20 {
        return None;
    }
    let marked = text.contains("此件")
        || text.contains("公开方式")
        || text.contains("公开属性")
        || text.contains("信息公开")
        || text.contains("公开类别")
        || text.contains("公开选项")
        || text.trim_matches(['（', '）']).chars().count() <= 6;
    if !marked {
        return None;
    }
    if text.contains("依申请公开") {
        Some("依申请公开")
    } else if text.contains("不予公开") || text.contains("不公开") {
        Some("不予公开")
    } else if text.contains("主动公开") || text.contains("公开发布") || text.contains("此件公开") {
        Some("主动公开")
    } else {
        None
    }
}

/// The name of a body, without 文件 behind it: a red head, or a signature.
fn body_line(text: &str) -> Option<String> {
    let name = text.trim_matches(['（', '）', ' ', '。']);
    let name = name.strip_suffix("文件").unwrap_or(name);
    let length = name.chars().count();
    ((4..=30).contains(&length)
        && !name.contains(['，', '：', '；', '《', '、'])
        && name::is_plain_unit(name)
        && (name::has_level(name) || name.starts_with("国") || name.starts_with("中")))
    .then(|| name.to_owned())
}

/// The body in whose name a title speaks: what stands before 关于 or 印发.
fn title_body(title: &str) -> Option<String> {
    let at = ["关于", "印发", "转发", "办公室印发"]
        .iter()
        .filter_map(|w| title.find(w))
        .min()
        .filter(|at| *at > 0)?;
    body_line(&title[..at])
}

/// The region in whose name a body acts: 某市 of 某市人民政府, 某市某区 of 某市某区人民政府办公室.
pub(crate) fn region_of(issuer: &str) -> Option<String> {
    const ORGANS: &[&str] = &[
        "人民政府", "委员会", "委办公", "人大", "政协", "人力", "促进就业", "就业", "财政", "发展", "教育", "农业",
        "民政", "总工会", "工业", "政府办公",
    ];
    let issuer = issuer.strip_prefix("中共").unwrap_or(issuer);
    let organ = ORGANS.iter().filter_map(|o| issuer.find(o)).min();
    let head = organ.map_or(issuer, |at| &issuer[..at]);
    let end = head
        .char_indices()
        .filter(|(at, c)| {
            matches!(c, '省' | '市' | '区' | '县' | '州' | '盟' | '旗')
                && *at >= '某'.len_utf8()
                && !["社", "地", "园", "景", "城"]
                    .iter()
                    .any(|p| head[..*at].ends_with(p) && *c == '区')
        })
        .map(|(at, c)| at + c.len_utf8())
        .rfind(|end| head[..*end].chars().count() <= 14)?;
    Some(head[..end].to_owned())
}

/// What the head and the end of a part say. `head` are its lines up to its text, `tail` its last lines.
pub(crate) fn header(lines: &[HeadLine<'_>]) -> Header {
    let mut found = Header::default();
    let body_at = body_begins(lines);
    let (head, body) = lines.split_at(body_at);
    let mut title: Vec<&str> = Vec::new();
    let mut title_done = false;
    for line in head {
        let text = line.text;
        if let Some((key, value)) = labelled(text) {
            take_label(&mut found, key, value);
            continue;
        }
        if let Some(list) = recipients(text) {
            found.recipients = list;
            title_done = true;
            continue;
        }
        if let Some(mark) = publicity(text) {
            found.publicity = Some(mark.to_owned());
            continue;
        }
        if let Some(day) = date_line(text) {
            if found.date.is_none() && text.ends_with("印发") {
                found.date_basis = DateBasis::Printed;
            }
            found.date.get_or_insert(day);
            continue;
        }
        if let Some(number) = number_in(text).filter(|n| n.end - n.start + 12 >= text.len()) {
            found.number.get_or_insert(print_number(&text[number]));
            // What stood before the number was a red head, or a site's own heading of the page.
            if let Some(body) = title.iter().rev().find_map(|t| body_line(t)) {
                found.issuer.get_or_insert(body);
            }
            if !title.iter().any(|t| ends_title(t)) {
                title.clear();
            }
            continue;
        }
        if is_annex_word(text) {
            continue;
        }
        if text.ends_with("文件")
            && let Some(body) = body_line(text)
        {
            found.issuer = Some(body);
            continue;
        }
        if title_done || text.ends_with(['。', '；']) || text.chars().count() > MAX_TITLE_CHARS {
            continue;
        }
        // A whole title stands already: what follows is a title again only if it is another whole one.
        if title.last().is_some_and(|t| ends_title(t)) && !ends_title(text) {
            continue;
        }
        if title.last().is_some_and(|t| ends_title(t)) {
            title.clear();
        }
        title.push(text.trim_matches(['|', ' ']));
    }
    let joined: String = title.concat();
    if !joined.is_empty() && joined.chars().count() <= MAX_TITLE_CHARS {
        found.title.get_or_insert(joined);
    }
    read_tail(&mut found, body);
    if found.issuer.is_none() {
        found.issuer = found.title.as_deref().and_then(title_body);
    }
    found.region = found.issuer.as_deref().and_then(region_of);
    found
}

/// The end of a part: signature, date, marks, imprint.
fn read_tail(found: &mut Header, body: &[HeadLine<'_>]) {
    let tail = &body[body.len().saturating_sub(TAIL_LINES)..];
    let mut signed = None;
    let mut imprint = None;
    for (index, line) in tail.iter().enumerate() {
        if let Some(mark) = publicity(line.text) {
            found.publicity.get_or_insert(mark.to_owned());
        }
        let Some(day) = date_line(line.text).or_else(|| date_behind_body(line.text)) else {
            continue;
        };
        if line.text.ends_with("印发") {
            imprint = Some((index, day));
        } else if line.text.chars().count() <= 40 {
            signed = Some((index, day));
        }
    }
    // What is signed counts before what an imprint says, wherever it was met.
    if let Some((_, day)) = signed.filter(|_| found.date_basis == DateBasis::Printed) {
        (found.date, found.date_basis) = (Some(day), DateBasis::Written);
    }
    if let Some((index, day)) = signed.or(imprint) {
        if found.date.is_none() && signed.is_none() {
            found.date_basis = DateBasis::Printed;
        }
        found.date.get_or_insert(day);
        let above = tail[..index].iter().rev().take(3).find_map(|l| body_line(l.text));
        if let Some(body) = above {
            found.issuer.get_or_insert(body);
        }
    }
}

/// A signature and its date on one line.
pub(crate) fn date_behind_body(text: &str) -> Option<Day> {
    let at = text.find("20").or_else(|| text.find("二"))?;
    (body_line(text[..at].trim()).is_some())
        .then(|| date_line(&text[at..]))
        .flatten()
}

/// Index of the first line that is text and no longer head.
fn body_begins(lines: &[HeadLine<'_>]) -> usize {
    let mut seen_title = false;
    for (index, line) in lines.iter().enumerate().take(MAX_HEAD_LINES) {
        let text = line.text;
        let length = text.chars().count();
        if recipients(text).is_some() && seen_title {
            return index + 1;
        }
        let numbered = crate::marker::marker(text).is_some();
        let sentence = length > 40 && text.contains('。') || length > 60 && text.contains('，');
        if numbered || sentence && labelled(text).is_none() {
            return index;
        }
        seen_title |= ends_title(text);
    }
    lines.len().min(MAX_HEAD_LINES)
}

fn ends_title(text: &str) -> bool {
    let text = text.trim_end_matches(['）', '》', '”']);
    let text = text
        .rfind('（')
        .filter(|at| text.len() - at < 40 && *at > 0)
        .map_or(text, |at| &text[..at]);
    TITLE_ENDS.iter().any(|e| text.ends_with(e))
}

/// True for a line that can be a title of its own: short, ends as titles end, no sentence.
pub(crate) fn is_title(text: &str) -> bool {
    let length = text.chars().count();
    (6..=70).contains(&length)
        && ends_title(text)
        && !text.contains(['。', '；', '：', '，'])
        && crate::marker::marker(text).is_none()
        && !text.starts_with("附件")
}

/// 附件, 附件1, 附：
pub(crate) fn is_annex_word(text: &str) -> bool {
    let rest = text
        .strip_prefix("附件")
        .or_else(|| text.strip_prefix("附表"))
        .or_else(|| (text.chars().count() <= 3).then(|| text.strip_prefix('附')).flatten());
    rest.is_some_and(|r| {
        r.chars().all(|c| {
            c.is_ascii_digit() || crate::marker::han_digit(c).is_some() || matches!(c, '：' | '-' | '（' | '）' | '.')
        })
    })
}

/// 发文机关：某市人民政府, as web pages print above a document.
fn labelled(text: &str) -> Option<(&str, &str)> {
    const KEYS: &[&str] = &[
        "索引号", "发文机关", "发布机构", "发文字号", "文号", "文件编号", "成文日期", "发布日期", "生成日期",
        "发文日期", "公开方式", "标题", "名称", "主题分类", "有效性", "时效", "来源", "主题词", "公文种类", "信息名称",
        "发布时间", "制定机关", "公布日期", "字号", "施行日期", "效力等级", "时效性", "发布机关", "索 引 号",
        "信息分类", "关键词",
    ];
    let text = text.trim_start_matches(['-', '·', '∙', '|', ' ']);
    let text = text.strip_prefix('（').unwrap_or(text);
    let at = text.find(['：', '）'])?;
    let key = text[..at].trim();
    KEYS.contains(&key)
        .then(|| (key, text[at..].trim_start_matches(['：', '）', ' ']).trim()))
}

fn take_label(found: &mut Header, key: &str, value: &str) {
    if value.is_empty() {
        return;
    }
    match key {
        "发文机关" | "发布机构" | "制定机关" | "发布机关" => {
            found.issuer.get_or_insert(value.to_owned());
        }
        "发文字号" | "文号" | "文件编号" | "字号" => {
            if let Some(number) = number_in(value) {
                found.number.get_or_insert(print_number(&value[number]));
            }
        }
        "成文日期" | "发文日期" => {
            if let Some(day) = date_line(value) {
                (found.date, found.date_basis) = (Some(day), DateBasis::Written);
            }
        }
        "公开方式" => {
            if let Some(mark) = publicity(&format!("公开方式：{value}")) {
                found.publicity = Some(mark.to_owned());
            }
        }
        "标题" | "信息名称" => {
            found.title.get_or_insert(value.to_owned());
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(lines: &[&str]) -> Header {
        let folded: Vec<String> = lines.iter().map(|l| crate::fold::fold(l)).collect();
        header(&folded.iter().map(|text| HeadLine { text }).collect::<Vec<_>>())
    }

    #[test]
    fn a_notice_tells_its_own_data() {
        let found = read(&[
            "青禾府发〔2019〕6号",
            "青禾市人民政府",
            "印发关于做好促进就业工作责任分工方案的通知",
            "各县（区）人民政府，高新区管委会，市级有关部门（单位）：",
            "现将方案印发你们，请结合实际抓好落实，确保各项任务按时完成，重要情况及时报告，并做好总结工作和宣传。",
            "青禾市人民政府",
            "2019年3月20日",
            "（此件公开发布）",
        ]);
        assert_eq!(found.number.as_deref(), Some("青禾府发〔2019〕6号"));
        assert_eq!(
            found.title.as_deref(),
            Some("青禾市人民政府印发关于做好促进就业工作责任分工方案的通知")
        );
        assert_eq!(found.issuer.as_deref(), Some("青禾市人民政府"));
        assert_eq!(found.date, Day::new(2019, 3, 20));
        assert_eq!(found.region.as_deref(), Some("青禾市"));
        assert_eq!(
            found.recipients,
            ["各县（区）人民政府", "高新区管委会", "市级有关部门（单位）"]
        );
        assert_eq!(found.publicity.as_deref(), Some("主动公开"));
    }

    #[test]
    fn the_date_of_an_imprint_is_told_from_that_of_writing() {
        let notice = [
            "青禾市人力资源和社会保障局关于做好工作的通知",
            "各县（区）人力资源和社会保障局：",
            "现将有关事项通知如下，请结合实际抓好落实，确保各项任务按时完成，重要情况及时报告，并做好总结工作和宣传。",
        ];
        let imprint = "青禾市人力资源和社会保障局办公室 2020年11月30日印发";
        let printed = read(&[&notice[..], &["2020年11月30日印发"]].concat());
        assert_eq!(
            (printed.date, printed.date_basis),
            (Day::new(2020, 11, 30), DateBasis::Printed)
        );
        assert_eq!(read(&[&notice[..], &[imprint]].concat()).date_basis, DateBasis::Printed);
        let signed = read(&[&notice[..], &["2020年11月26日", "2020年11月30日印发"]].concat());
        assert_eq!(
            (signed.date, signed.date_basis),
            (Day::new(2020, 11, 26), DateBasis::Written)
        );
    }

    #[test]
    fn what_is_not_printed_stays_absent() {
        let found = read(&["附件", "进一步做好工作责任分工"]);
        assert_eq!(
            found,
            Header {
                title: Some("进一步做好工作责任分工".into()),
                ..Header::default()
            }
        );
    }

    #[test]
    fn a_cited_number_is_not_the_documents_own() {
        let found = read(&[
            "关于做好工作的通知",
            "根据《关于稳就业的意见》（青政发〔2020〕3号）精神，现就做好有关工作通知如下，请认真贯彻执行，抓好落实。",
        ]);
        assert_eq!(found.number, None);
    }
}
