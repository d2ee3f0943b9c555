//! Deadlines: the words of a deadline column or label, into the design's classes, and a day where there is one.

use civil::Day;

use crate::marker::han_number;
use crate::model::{Deadline, DeadlineClass};

const STANDING: &[&str] = &[
    "长期", "持续", "常态", "全年", "每年", "每月", "每季", "每半年", "每周", "日常", "定期", "经常", "始终", "贯穿",
    "适时推进", "滚动", "按月", "按季", "按年", "逐年", "逐月", "长效",
];
const AS_REQUIRED: &[&str] = &[
    "按要求", "按照要求", "按上级", "按照上级", "根据上级", "按规定时", "按国家", "按省", "按照省", "按照国家",
    "按时限要求", "按序时", "按进度", "根据要求", "按计划", "按照计划", "另行", "视情", "适时", "及时", "待上级",
];
const ON_ISSUE: &[&str] = &[
    "下发", "印发", "发布", "即日", "即时", "立即", "实施之日", "出台之日", "公布之日",
];
const DATE_TAILS: &[&str] = &[
    "前完成", "底前完成", "完成", "前", "底", "末", "之前", "底前", "起", "止", "结束",
];

/// Reads a deadline as a person writes it into a ledger: 2024年6月底前, 长期. `year` is the document's, for words that leave
/// it out.
pub fn read_deadline(text: &str, year: Option<i16>) -> Deadline {
    deadline(text, &crate::fold::fold(text), year)
}

/// Reads the words of a deadline, printed as `raw` and folded as `text`. `year` is the document's, for words that leave
/// it out.
pub(crate) fn deadline(raw: &str, text: &str, year: Option<i16>) -> Deadline {
    let text = text.trim_matches(['。', '，', '；', '、', '-', '/', ' ']);
    if text.is_empty() || text == "无" {
        return Deadline::NONE;
    }
    let printed = Some(crate::fold::fold_whitespace(raw.trim()));
    let class = |class| Deadline {
        raw: printed.clone(),
        class,
        due: None,
        reading: None,
    };
    let recurring = text.contains('每');
    if !recurring && let Some((due, reading)) = last_day(text, year) {
        return Deadline {
            raw: printed,
            class: DeadlineClass::Date,
            due,
            reading: reading.map(str::to_owned),
        };
    }
    let has = |words: &[&str]| words.iter().any(|w| text.contains(w));
    if recurring || has(STANDING) {
        class(DeadlineClass::Standing)
    } else if has(ON_ISSUE) {
        class(DeadlineClass::OnIssue)
    } else {
        // What is neither a day nor a known word is set by someone else; it must never read as overdue.
        debug_assert!(has(AS_REQUIRED) || !text.is_empty());
        class(DeadlineClass::AsRequired)
    }
}

/// True where a member of a unit list is no unit but a deadline: 2021年6月底前, 长期坚持.
pub(crate) fn reads_as_deadline(text: &str) -> bool {
    if text.chars().count() > 24 || text.contains('：') {
        return false;
    }
    if let Some((_, _, end)) = Moment::find(text, None) {
        let rest = text[end..].trim_start_matches(['以', '之']);
        let begins = Moment::parse(text).is_some();
        return rest.is_empty()
            || DATE_TAILS.iter().any(|t| rest.starts_with(t))
            || begins && rest.starts_with(['内', '出', '启', '取', '形', '制']);
    }
    if text.chars().count() <= 14
        && STANDING.iter().any(|w| text.contains(w))
        && [
            "推进", "坚持", "实施", "落实", "开展", "完成", "推动", "有效", "保持", "抓好",
        ]
        .iter()
        .any(|w| text.ends_with(w))
        || text.starts_with("年内") && text.chars().count() <= 12
    {
        return true;
    }
    [
        "长期", "长期坚持", "长期推进", "长期落实", "持续推进", "持续实施", "持续落实", "常态化推进", "全年",
        "按要求落实", "按要求推进", "按时限要求完成", "立即实施", "持续开展", "长期任务", "年度任务", "常年",
        "常年坚持", "全年推进", "持续坚持", "按计划推进",
    ]
    .contains(&text)
}

/// The last day that `text` names, and the reading on which it rests.
fn last_day(text: &str, year: Option<i16>) -> Option<(Option<Day>, Option<&'static str>)> {
    let mut rest = text;
    let mut known_year = year;
    let mut found = None;
    while let Some((moment, this_year, end)) = Moment::find(rest, known_year) {
        known_year = this_year.or(known_year);
        found = Some(moment.due(known_year));
        rest = &rest[end..];
    }
    found
}

/// A moment as deadlines name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Moment {
    Day(u32, u32),
    MonthEnd(u32),
    MonthTenth(u32, u32),
    QuarterEnd(u32, bool),
    HalfEnd(u32),
    YearEnd,
}

impl Moment {
    /// The first moment in `text`: itself, the year printed with it, and the byte behind it.
    fn find(text: &str, _year: Option<i16>) -> Option<(Self, Option<i16>, usize)> {
        for (at, c) in text.char_indices() {
            let begins = c.is_ascii_digit()
                || crate::marker::han_digit(c).is_some()
                || matches!(c, '年' | '上' | '下' | '第' | '本' | '今' | '当' | '明' | '次');
            let follows_digit = text[..at]
                .chars()
                .next_back()
                .is_some_and(|p| p.is_ascii_digit() || p == '.');
            if begins
                && !follows_digit
                && let Some((moment, year, len)) = Self::parse(&text[at..])
            {
                return Some((moment, year, at + len));
            }
        }
        None
    }

    /// A moment at the head of `text`.
    fn parse(text: &str) -> Option<(Self, Option<i16>, usize)> {
        let (year, mut at) = year_at(text);
        let rest = &text[at..];
        for word in ["本年度", "本年", "今年", "当年"] {
            if year.is_none() && rest.starts_with(word) {
                at += word.len();
            }
        }
        let relative = at > 0;
        let rest = &text[at..];
        if let Some((moment, len)) = Self::inside_year(rest, relative || year.is_some()) {
            return Some((moment, year, at + len));
        }
        if year.is_some() && !followed_by_duration(rest) {
            return Some((Self::YearEnd, year, at));
        }
        None
    }

    fn inside_year(text: &str, has_year: bool) -> Option<(Self, usize)> {
        for (word, moment) in [
            ("年底", Self::YearEnd),
            ("年末", Self::YearEnd),
            ("年终", Self::YearEnd),
            ("底", Self::YearEnd),
            ("末", Self::YearEnd),
            ("上半年", Self::HalfEnd(1)),
            ("下半年", Self::HalfEnd(2)),
        ] {
            if text.starts_with(word) && (has_year || word.chars().count() > 1) {
                return Some((moment, word.len()));
            }
        }
        let ordinal = text.strip_prefix('第').unwrap_or(text);
        let skipped = text.len() - ordinal.len();
        let (number, len) = number_at(ordinal)?;
        let rest = &ordinal[len..];
        let at = skipped + len;
        if let Some(tail) = rest.strip_prefix("季度") {
            return (1..=4).contains(&number).then_some((
                Self::QuarterEnd(number, !tail.starts_with(['末', '底'])),
                at + "季度".len(),
            ));
        }
        let (month, separator) = (number, rest.chars().next()?);
        if !(1..=12).contains(&month) {
            return None;
        }
        if separator == '月' {
            let rest = &rest['月'.len_utf8()..];
            let at = at + '月'.len_utf8();
            for (word, last) in [("上旬", 10), ("中旬", 20)] {
                if rest.starts_with(word) {
                    return Some((Self::MonthTenth(month, last), at + word.len()));
                }
            }
            if let Some((day, len)) = number_at(rest)
                && (1..=31).contains(&day)
                && rest[len..].starts_with(['日', '号'])
            {
                return Some((Self::Day(month, day), at + len + '日'.len_utf8()));
            }
            let more = ["下旬", "份底", "底", "末", "份"]
                .iter()
                .find(|w| rest.starts_with(**w))
                .map_or(0, |w| w.len());
            return Some((Self::MonthEnd(month), at + more));
        }
        if has_year && matches!(separator, '.' | '-' | '/') {
            let (day, len) = number_at(&rest[1..])?;
            return (1..=31).contains(&day).then_some((Self::Day(month, day), at + 1 + len));
        }
        None
    }

    /// The day it ends on, and the reading where the words admit another. The day is unknown where the year is.
    fn due(self, year: Option<i16>) -> (Option<Day>, Option<&'static str>) {
        let end = |month: u32| year.and_then(|y| month_end(y, month));
        match self {
            Self::Day(month, day) => (
                year.and_then(|y| Day::new(y, i8::try_from(month).ok()?, i8::try_from(day).ok()?)),
                None,
            ),
            Self::MonthTenth(month, day) => (
                year.and_then(|y| Day::new(y, i8::try_from(month).ok()?, i8::try_from(day).ok()?)),
                Some("按该旬最后一日"),
            ),
            // A month or a year given whole ends with its last day; nobody reads it otherwise.
            Self::MonthEnd(month) => (end(month), None),
            Self::QuarterEnd(quarter, implied) => (end(quarter * 3), implied.then_some("按该季度最后一日，口径待确认")),
            Self::HalfEnd(half) => (end(half * 6), Some("按该半年最后一日")),
            Self::YearEnd => (end(12), None),
        }
    }
}

/// 2020年 at the head: the year, and how long it is. 2020.6 and 2020-06 count too.
fn year_at(text: &str) -> (Option<i16>, usize) {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 4 && (text.starts_with("19") || text.starts_with("20")) {
        let rest = &text[4..];
        let year = text[..4].parse().ok();
        if let Some(mark) = rest.chars().next().filter(|c| matches!(c, '年' | '.' | '-' | '/'))
            && (mark == '年' || rest[1..].starts_with(|c: char| c.is_ascii_digit()))
        {
            let word = if rest.starts_with("年度") {
                "年度".len()
            } else {
                mark.len_utf8()
            };
            return (year, 4 + word);
        }
    }
    let han: Vec<char> = text.chars().take(5).collect();
    if han.len() == 5 && han[4] == '年' && matches!(han[0], '二' | '一') {
        let value = han[..4].iter().try_fold(0i16, |sum, c| {
            crate::marker::han_digit(*c)
                .filter(|d| *d < 10)
                .map(|d| sum * 10 + d as i16)
        });
        if let Some(year) = value.filter(|y| *y > 1900) {
            return (Some(year), 5 * '年'.len_utf8());
        }
    }
    (None, 0)
}

/// 2020年内 is a deadline; 2020年至2021年 ends later and is met again.
fn followed_by_duration(rest: &str) -> bool {
    rest.starts_with("以来") || rest.starts_with("起")
}

fn number_at(text: &str) -> Option<(u32, usize)> {
    let len = text.bytes().take_while(u8::is_ascii_digit).count();
    if len > 0 {
        return (len <= 2).then(|| text[..len].parse().ok().map(|n| (n, len))).flatten();
    }
    han_number(text)
}

fn month_end(year: i16, month: u32) -> Option<Day> {
    (28..=31)
        .rev()
        .find_map(|day| Day::new(year, i8::try_from(month).ok()?, day))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deadlines_fall_into_their_classes() {
        let cases = [
            ("2020年12月底", "date", Some("2020-12-31")),
            ("2020年\n\n12月", "date", Some("2020-12-31")),
            ("2021年4月底", "date", Some("2021-04-30")),
            ("2021年一季度前", "date", Some("2021-03-31")),
            ("2021年\n\n二季度前", "date", Some("2021-06-30")),
            ("2020年", "date", Some("2020-12-31")),
            ("2024年2月", "date", Some("2024-02-29")),
            ("2020年6月底前启动，2021年底前完成", "date", Some("2021-12-31")),
            ("6月底前", "date", Some("2020-06-30")),
            ("年底前", "date", Some("2020-12-31")),
            ("2020.6.30", "date", Some("2020-06-30")),
            ("二〇二〇年十月二十日前", "date", Some("2020-10-20")),
            ("9月上旬", "date", Some("2020-09-10")),
            ("长期", "standing", None),
            ("每年12月底前", "standing", None),
            ("持续推进", "standing", None),
            ("按要求落实", "as-required", None),
            ("文件下发起实施", "on-issue", None),
            ("自印发之日起", "on-issue", None),
            ("", "none", None),
            ("—", "none", None),
        ];
        for (raw, class, due) in cases {
            let read = deadline(raw, &crate::fold::fold(raw), Some(2020));
            assert_eq!(serde_json::to_value(read.class).unwrap(), class, "{raw}");
            assert_eq!(
                serde_json::to_value(read.due).unwrap(),
                serde_json::to_value(due).unwrap(),
                "{raw}"
            );
        }
    }

    #[test]
    fn a_day_without_a_year_stays_open_where_the_document_has_none() {
        let read = deadline("6月底前", "6月底前", None);
        assert_eq!((read.class, read.due), (DeadlineClass::Date, None));
    }

    #[test]
    fn a_quarter_records_the_reading_used() {
        assert!(deadline("2021年一季度前", "2021年一季度前", None).reading.is_some());
        assert_eq!(deadline("2020年12月底", "2020年12月底", None).reading, None);
    }

    #[test]
    fn members_of_a_list_that_are_deadlines_are_told() {
        for text in [
            "2021年6月底前", "2020年12月31日前完成", "长期坚持", "6月底前完成", "2020年底前",
        ] {
            assert!(reads_as_deadline(text), "{text}");
        }
        for text in [
            "市财政局",
            "2020年度考核办公室成员单位和各县政府",
            "一季度经济形势分析领导小组",
            "市三支一扶办",
        ] {
            assert!(!reads_as_deadline(text), "{text}");
        }
    }
}
