//! Deadlines: the words of a deadline column or label, into the design's classes, and a day where there is one.

use civil::Day;

use crate::marker::han_number;
use crate::model::{Deadline, DeadlineClass, Quantity, QuantityKind};

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
/// Words behind a day from which something begins.
const STARTS: &[&str] = &["起", "以来", "以后", "之后", "后", "开始"];
/// Days that move from year to year, or that only a calendar tells.
const FESTIVALS: &[&str] = &[
    "春节", "元宵", "清明", "端午", "中秋", "重阳", "除夕", "国庆", "元旦", "劳动节", "五一", "寒假", "暑假",
];
/// Words that count from a day which is not printed.
const RELATIVE: &[&str] = &[
    "下个月", "下月", "本月", "下周", "本周", "下季度", "下个季度", "下一季度", "本季度",
];
/// A year that has every day.
const LEAP_YEAR: i16 = 2000;
const DATE_TAILS: &[&str] = &[
    "前完成", "底前完成", "完成", "前", "底", "末", "之前", "底前", "起", "止", "结束",
];

/// Reads a deadline as a person writes it into a ledger: 2024年6月底前, 长期. `year` is the document's, for words that leave
/// it out.
pub fn read_deadline(text: &str, year: Option<i16>) -> Deadline {
    deadline(text, &crate::fold::fold(text), year)
}

/// The day that a figure without a year (6月30日, 7月上旬) means, read as the words of a deadline are: by the last year that
/// its sentence names before it, else by `year`, the document's. `None` for a figure that is no such day or has a year, and
/// where the words come back every year.
pub fn day_without_year(text: &str, figure: &Quantity, year: Option<i16>) -> Option<Day> {
    if figure.kind != QuantityKind::Date || !figure.value.starts_with("--") {
        return None;
    }
    /// Characters that are looked at before the figure: a text without any stop must not be read anew for each of its days.
    const LOOKED_AT: usize = 200;
    let before = text.get(..figure.span.end)?;
    let from = before.char_indices().rev().nth(LOOKED_AT).map_or(0, |(at, _)| at);
    let before = before.get(from..)?;
    let begins = |ends: &[char]| before.rfind(ends).and_then(|at| before.get(at..)).unwrap_or(before);
    let clause = begins(&['。', '；', ';', '\n', '\t', '，', ',']);
    if clause.contains('每') {
        return None;
    }
    let sentence = begins(&['。', '；', ';', '\n', '\t']);
    named_days(&crate::fold::fold(sentence), year).last?.0
}

/// Reads the words of a deadline, printed as `raw` and folded as `text`. `year` is the document's, for words that leave
/// it out.
pub(crate) fn deadline(raw: &str, text: &str, year: Option<i16>) -> Deadline {
    read(raw, text, year).0
}

/// Why the words of a deadline give no day, where somebody must be asked for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Doubt {
    /// Neither the words nor the document tell the year.
    NoYear,
    /// 13月, 2月30日.
    NoSuchDay,
    /// 春节前, 年初: no day of every calendar.
    Unnamed,
    /// 下个月底: counted from a day that is not printed.
    Relative,
    /// 10月1日起: when it begins, not when it ends.
    Start,
}

impl Doubt {
    /// What to tell about the words `raw`, and what to do.
    pub(crate) fn said(self, raw: &str) -> (String, &'static str) {
        match self {
            Self::NoYear => (
                format!("完成时限“{raw}”未写年份，文件也未载明日期，无法算出具体日期"),
                "请在台账中补写年份",
            ),
            Self::NoSuchDay => (
                format!("完成时限“{raw}”中的日期不存在"),
                "请对照原件核对，并在台账中改写时限",
            ),
            Self::Unnamed => (
                format!("完成时限“{raw}”没有写明是哪一天，未算出日期"),
                "请查明日期后在台账中改写时限",
            ),
            Self::Relative => (
                format!("完成时限“{raw}”没有写明从何时算起，未算出日期"),
                "请在台账中改写为具体日期",
            ),
            Self::Start => (
                format!("“{raw}”只写明何时开始，没有写明何时完成"),
                "如有完成时限，请在台账中补写",
            ),
        }
    }
}

/// Reads the words of a deadline as [`deadline`] does, and says what must be asked about it.
pub(crate) fn read(raw: &str, text: &str, year: Option<i16>) -> (Deadline, Option<Doubt>) {
    let text = text.trim_matches(['。', '，', '；', '、', '-', '/', ' ']);
    if text.is_empty() || text == "无" {
        return (Deadline::NONE, None);
    }
    let printed = Some(crate::fold::fold_whitespace(raw.trim()));
    let class = |class| Deadline {
        raw: printed.clone(),
        class,
        due: None,
        reading: None,
    };
    let recurring = text.contains('每');
    let named = if recurring {
        Named::default()
    } else {
        named_days(text, year)
    };
    if let Some((due, reading, doubt)) = named.last {
        let read = Deadline {
            due,
            reading: reading.map(str::to_owned),
            ..class(DeadlineClass::Date)
        };
        return (read, doubt);
    }
    let has = |words: &[&str]| words.iter().any(|w| text.contains(w));
    if recurring || has(STANDING) {
        (class(DeadlineClass::Standing), None)
    } else if has(ON_ISSUE) {
        (class(DeadlineClass::OnIssue), None)
    } else if named.start && !text.contains('内') {
        // What begins on a day and has no end goes on.
        (class(DeadlineClass::Standing), Some(Doubt::Start))
    } else {
        // What is neither a day nor a known word is set by someone else; it must never read as overdue.
        debug_assert!(has(AS_REQUIRED) || !text.is_empty());
        let doubt = if named.unnamed || has(FESTIVALS) {
            Some(Doubt::Unnamed)
        } else {
            has(RELATIVE).then_some(Doubt::Relative)
        };
        (class(DeadlineClass::AsRequired), doubt)
    }
}

/// True where a member of a unit list is no unit but a deadline: 2021年6月底前, 长期坚持.
pub(crate) fn reads_as_deadline(text: &str) -> bool {
    if text.chars().count() > 24 || text.contains('：') {
        return false;
    }
    if let Some(found) = Moment::find(text) {
        let rest = text[found.end..].trim_start_matches(['以', '之']);
        let begins = Moment::parse(text).is_some();
        return rest.is_empty()
            || DATE_TAILS.iter().any(|t| rest.starts_with(t)) && !rest.starts_with("起草")
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

/// What a text names in days.
#[derive(Debug, Default)]
struct Named {
    /// The last day by which something ends, the reading on which it rests, and what is wrong with it.
    last: Option<(Option<Day>, Option<&'static str>, Option<Doubt>)>,
    /// Some day from which something begins.
    start: bool,
    /// Something of which nobody knows the day: 2020年春节前.
    unnamed: bool,
}

fn named_days(text: &str, year: Option<i16>) -> Named {
    let mut rest = text;
    let mut known_year = year;
    let mut named = Named::default();
    while let Some(found) = Moment::find(rest) {
        known_year = found.year.or(known_year.map(|year| year.saturating_add(found.ahead)));
        rest = &rest[found.end..];
        if found.moment == Moment::Unnamed {
            named.unnamed = true;
        } else if STARTS.iter().any(|word| rest.starts_with(word)) && !rest.starts_with("起草") {
            named.start = true;
        } else {
            let (due, reading) = found.moment.due(known_year);
            let reading = reading.or((found.ahead > 0).then_some("按文件年份的下一年"));
            let doubt = match (due, known_year) {
                (Some(_), _) => None,
                (None, None) if found.moment.due(Some(LEAP_YEAR)).0.is_some() => Some(Doubt::NoYear),
                (None, _) => Some(Doubt::NoSuchDay),
            };
            named.last = Some((due, reading, doubt));
        }
    }
    named
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
    /// 13月, 五季度.
    Nonexistent,
    /// Some time of a year or a month that is no day: 春节, 年初.
    Unnamed,
}

/// A moment in a text.
struct Found {
    moment: Moment,
    /// The year printed with it.
    year: Option<i16>,
    /// How many years it lies behind the document's: 明年.
    ahead: i16,
    /// The byte behind it.
    end: usize,
}

impl Moment {
    /// The first moment in `text`.
    fn find(text: &str) -> Option<Found> {
        for (at, c) in text.char_indices() {
            let begins = c.is_ascii_digit()
                || crate::marker::han_digit(c).is_some()
                || matches!(c, '年' | '上' | '下' | '第' | '本' | '今' | '当' | '明' | '次' | '来');
            let follows_digit = text[..at]
                .chars()
                .next_back()
                .is_some_and(|p| p.is_ascii_digit() || p == '.');
            // 下一季度 is not the first one.
            let counted = c == '一' && text[..at].ends_with(['上', '下', '每']);
            if begins
                && !follows_digit
                && !counted
                && let Some(found) = Self::parse(&text[at..])
            {
                return Some(Found {
                    end: at + found.end,
                    ..found
                });
            }
        }
        None
    }

    /// A moment at the head of `text`.
    fn parse(text: &str) -> Option<Found> {
        if let Some((year, moment)) = eight_digits(text) {
            return Some(Found {
                moment,
                year: Some(year),
                ahead: 0,
                end: 8,
            });
        }
        let (year, mut at) = year_at(text);
        let mut ahead = 0;
        for (word, years) in [
            ("本年度", 0),
            ("本年", 0),
            ("今年", 0),
            ("当年", 0),
            ("明年", 1),
            ("次年", 1),
            ("来年", 1),
            ("下一年", 1),
        ] {
            if year.is_none() && at == 0 && text.starts_with(word) {
                at = word.len();
                ahead = years;
            }
        }
        let has_year = at > 0;
        let rest = &text[at..];
        let found = |moment, len: usize| Found {
            moment,
            year,
            ahead,
            end: at + len,
        };
        if has_year && let Some(len) = unnamed_at(rest) {
            return Some(found(Self::Unnamed, len));
        }
        let dotted = text[..at].ends_with(['.', '-', '/']);
        if dotted && let Some((month, len)) = number_at(rest) {
            let behind = rest[len..].chars().next();
            if behind.is_none_or(|c| "底末前止起完（，、；".contains(c)) {
                let exists = (1..=12).contains(&month);
                return Some(found(
                    if exists {
                        Self::MonthEnd(month)
                    } else {
                        Self::Nonexistent
                    },
                    len,
                ));
            }
        }
        if let Some((moment, len)) = Self::inside_year(rest, has_year) {
            return Some(found(moment, len));
        }
        (year.is_some() || ahead > 0).then(|| found(Self::YearEnd, 0))
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
            let moment = if (1..=4).contains(&number) {
                Self::QuarterEnd(number, !tail.starts_with(['末', '底']))
            } else {
                Self::Nonexistent
            };
            return Some((moment, at + "季度".len()));
        }
        let (month, separator) = (number, rest.chars().next()?);
        if !(1..=12).contains(&month) {
            if has_year && matches!(separator, '.' | '-' | '/') {
                return Some((Self::Nonexistent, at));
            }
            // 18月内 is a time; 13月底前 and 2020年13月 are mistakes.
            let tail = rest.strip_prefix('月')?;
            let named = has_year && !tail.starts_with('内') || tail.starts_with(['底', '末', '前', '份']);
            return named.then_some((Self::Nonexistent, at + '月'.len_utf8()));
        }
        if separator == '月' {
            let rest = &rest['月'.len_utf8()..];
            let at = at + '月'.len_utf8();
            for (word, last) in [("上旬", 10), ("中旬", 20)] {
                if rest.starts_with(word) {
                    return Some((Self::MonthTenth(month, last), at + word.len()));
                }
            }
            if rest.starts_with('初') {
                return Some((Self::Unnamed, at + '初'.len_utf8()));
            }
            if let Some((day, len)) = number_at(rest)
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
            return Some((Self::Day(month, day), at + 1 + len));
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
            Self::Nonexistent | Self::Unnamed => (None, None),
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

/// 20201231: a year, a month and a day in eight digits.
fn eight_digits(text: &str) -> Option<(i16, Moment)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if digits != 8 || !(text.starts_with("19") || text.starts_with("20")) {
        return None;
    }
    let moment = Moment::Day(text[4..6].parse().ok()?, text[6..8].parse().ok()?);
    Some((text[..4].parse().ok()?, moment))
}

/// How long the name of a time is that stands at the head of `text`, behind a year, and is no day: 春节, 年初, 汛期前.
fn unnamed_at(text: &str) -> Option<usize> {
    /// Longest name of what a year is counted to, in characters.
    const MAX_NAME: usize = 6;
    let words = FESTIVALS.iter().chain(&["年初", "初", "年中"]);
    if let Some(word) = words.copied().find(|word| text.starts_with(word)) {
        return Some(word.len());
    }
    let (at, _) = text.char_indices().take(MAX_NAME + 1).find(|(_, c)| *c == '前')?;
    let name = &text[..at];
    let plain = !name.is_empty()
        && name
            .chars()
            .all(|c| crate::fold::is_han(c) && crate::marker::han_digit(c).is_none());
    let whole_year = [
        "年底", "年末", "年终", "年内", "底", "末", "内", "之", "以", "上半年", "下半年", "第", "度", "全年",
    ];
    let other_word = text[at + '前'.len_utf8()..].starts_with(['期', '提', '置', '列', '端', '沿', '景']);
    (plain && !other_word && !whole_year.iter().any(|word| name.starts_with(word))).then_some(at)
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
            ("2020.6", "date", Some("2020-06-30")),
            ("2020-09前", "date", Some("2020-09-30")),
            ("20201231", "date", Some("2020-12-31")),
            ("明年一季度", "date", Some("2021-03-31")),
            ("明年6月底前", "date", Some("2021-06-30")),
            ("2020年10月1日起至12月31日", "date", Some("2020-12-31")),
            ("2020年起草，2021年底前完成", "date", Some("2021-12-31")),
            ("2020年内", "date", Some("2020-12-31")),
            ("2020年底前", "date", Some("2020-12-31")),
            ("2020年以前", "date", Some("2020-12-31")),
            ("2020年完成前期工作", "date", Some("2020-12-31")),
            ("2020年上半年前", "date", Some("2020-06-30")),
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
    fn no_day_is_invented_where_the_words_name_none() {
        use DeadlineClass::{AsRequired, Date, Standing};
        let cases = [
            ("2020年13月底前", Date, Doubt::NoSuchDay),
            ("13月底前", Date, Doubt::NoSuchDay),
            ("2020年2月30日前", Date, Doubt::NoSuchDay),
            ("2月30日前", Date, Doubt::NoSuchDay),
            ("2020年五季度", Date, Doubt::NoSuchDay),
            ("20201331", Date, Doubt::NoSuchDay),
            ("2020.13.5", Date, Doubt::NoSuchDay),
            ("下一季度", AsRequired, Doubt::Relative),
            ("2020年春节前", AsRequired, Doubt::Unnamed),
            ("春节前", AsRequired, Doubt::Unnamed),
            ("2020年汛期前", AsRequired, Doubt::Unnamed),
            ("2021年初", AsRequired, Doubt::Unnamed),
            ("2020年6月初", AsRequired, Doubt::Unnamed),
            ("下个月底", AsRequired, Doubt::Relative),
            ("2020年10月1日起", Standing, Doubt::Start),
            ("2020年起", Standing, Doubt::Start),
        ];
        for (raw, class, doubt) in cases {
            let (found, asked) = read(raw, raw, Some(2020));
            assert_eq!((found.class, found.due, asked), (class, None, Some(doubt)), "{raw}");
        }
        assert_eq!(read("6月底前", "6月底前", None).1, Some(Doubt::NoYear));
        assert_eq!(read("2月30日前", "2月30日前", None).1, Some(Doubt::NoSuchDay));
        for settled in ["长期", "2020年12月底", "每年春节前", "按要求落实", "自印发之日起"] {
            assert_eq!(read(settled, settled, Some(2020)).1, None, "{settled}");
        }
    }

    #[test]
    fn a_day_without_a_year_stays_open_where_the_document_has_none() {
        let read = deadline("6月底前", "6月底前", None);
        assert_eq!((read.class, read.due), (DeadlineClass::Date, None));
    }

    #[test]
    fn a_day_in_running_text_takes_the_year_that_a_deadline_would() {
        let day = |text: &str, year: Option<i16>| {
            let figures = crate::quantity::quantities(text, 0);
            let last = figures.last().unwrap();
            day_without_year(text, last, year).map(|day| day.to_string())
        };
        for (text, expected) in [
            ("各镇于6月30日", Some("2020-06-30")),
            ("按300元补贴。各镇于 6 月 30 日", Some("2020-06-30")),
            ("每人300元，7月上旬", Some("2020-07-10")),
            ("明年6月30日", Some("2021-06-30")),
            ("2021年3月启动，6月30日", Some("2021-06-30")),
            ("2018年启动。6月30日", Some("2020-06-30")),
            ("每年6月30日", None),
            ("2021年6月30日", None),
            ("30日", None),
        ] {
            assert_eq!(day(text, Some(2020)).as_deref(), expected, "{text}");
        }
        assert_eq!(day("6月30日", None), None);
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
