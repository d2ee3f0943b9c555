//! A list of units as documents print it, into mentions: who, and what the words around the name say of its part.

use std::ops::Range;

use super::label::{Label, label, label_at_end};
use super::name;
use super::split::{Token, rule_begins, split_conjunctions, tokens};
use super::verb::{VERBS, verb_with_object};

/// What the words say of a unit's part, before the assignment is looked at as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Said {
    /// 牵头
    Lead,
    /// 责任主体单位
    Subject,
    /// 配合, 参加, 会同 …
    Support,
    /// 负责 behind the names
    Duty,
    /// Listed under 责任单位, or listed only
    Listed,
}

/// One unit named in folded text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mention {
    /// Where the name stands in the folded text.
    pub range: Range<usize>,
    /// The name, an elided prefix completed.
    pub name: String,
    /// What the words say of its part.
    pub said: Said,
    /// 等 stands behind it.
    pub open_ended: bool,
    /// It bears the mark that some documents put on leads.
    pub starred: bool,
}

/// What a list holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Listed {
    /// The units.
    pub mentions: Vec<Mention>,
    /// Where a deadline stands.
    pub deadline: Option<Range<usize>>,
    /// Words that are no unit, no verb and no deadline.
    pub strange: Vec<Range<usize>>,
    /// A member of the list is missing (责任单位：、市财政局).
    pub empty_first: bool,
    /// A verb (牵头, 负责, 配合) stands behind a name.
    pub verbs: bool,
    /// A label (责任单位：) stands in it.
    pub labels: bool,
}

/// Words that may stand between a name and its verb, and before a name.
const BEFORE_VERB: &[&str] = &[
    "结合实际", "根据实际", "分级", "组织", "抓好", "做好", "共同", "分别", "联合", "均", "都", "一并", "统一",
    "按职责", "按职责分工", "按照职责", "按照职责分工", "按照各自职责", "按各自职责", "依职责", "根据职责", "各自",
    "具体", "一起", "协同", "密切", "积极",
];
const BEFORE_NAME: &[&str] = &["分别由", "均由", "由", "以及", "及", "并由", "和", "与", "会", "请"];

/// Characters that may follow 等 at the end of a list: 等有关部门和单位, 等市直部门.
const AFTER_ETC: &str = "州旗盟厅党群团乡等各有相关级直和及部门单位成员机构责任配合协同参与职能行业主管业务市省区县镇街乡属涉委办局科室处方面（）、共";

/// Reads the list in `text[range]`, whose members are `default` where no word says otherwise.
pub(crate) fn parse(text: &str, range: Range<usize>, default: Said) -> Listed {
    let range = range.start..rule_begins(text, &range);
    let mut parser = Parser {
        text,
        listed: Listed::default(),
        default,
        pending: Vec::new(),
        mode: Mode::Units,
        after_with: false,
    };
    for token in tokens(text, range) {
        parser.token(token);
    }
    parser.flush(None);
    complete_prefixes(&mut parser.listed.mentions);
    complete_suffixes(&mut parser.listed.mentions);
    complete_groups(&mut parser.listed.mentions);
    parser.listed
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Units,
    Deadline,
    Skip,
}

struct Parser<'a> {
    text: &'a str,
    listed: Listed,
    default: Said,
    /// Mentions since the last verb, as indices; a verb further on speaks for all of them.
    pending: Vec<usize>,
    mode: Mode,
    /// 会同 has been read in this clause: what follows supports.
    after_with: bool,
}

impl Parser<'_> {
    fn token(&mut self, token: Token) {
        let Token { mut range, separator } = token;
        trim(self.text, &mut range);
        if let Some(colon) = self.text[range.clone()].find('：') {
            let mut head = range.start..range.start + colon;
            let rest = head.end + '：'.len_utf8()..range.end;
            // Where only a space stood before it, the label runs on from the name before it.
            let run_on = label_at_end(&self.text[head.clone()]).filter(|(at, _)| {
                name::is_unit(without_verb(&self.text[head.start..head.start + at])) || self.mode != Mode::Units
            });
            if let Some((at, found)) = run_on {
                self.member(head.start..head.start + at, '、');
                self.begin_label(found);
                head.end = head.start;
            }
            match label(&self.text[head.clone()]) {
                _ if run_on.is_some() => {}
                Some(found) => self.begin_label(found),
                None => {
                    self.flush(None);
                    self.mode = Mode::Skip;
                }
            }
            range = rest;
            trim(self.text, &mut range);
        }
        self.member(range, separator);
        if matches!(separator, '；' | '。') {
            self.flush(None);
            self.after_with = false;
            if separator == '。' || self.mode == Mode::Deadline {
                self.mode = if self.mode == Mode::Skip && separator == '。' {
                    Mode::Skip
                } else {
                    Mode::Units
                };
            }
        }
    }

    fn begin_label(&mut self, found: Label) {
        self.flush(None);
        self.after_with = false;
        self.mode = match found {
            Label::Deadline => Mode::Deadline,
            Label::Person => Mode::Skip,
            _ => Mode::Units,
        };
        if let Some(said) = said_of(found) {
            self.default = said;
            self.listed.labels = true;
        }
    }

    fn member(&mut self, mut range: Range<usize>, separator: char) {
        strip_note_bracket(self.text, &mut range);
        let piece = &self.text[range.clone()];
        if piece.is_empty() {
            if separator == '、' && self.mode == Mode::Units && self.pending.is_empty() {
                self.listed.empty_first = true;
            }
            return;
        }
        match self.mode {
            Mode::Skip => {}
            Mode::Deadline => self.extend_deadline(range),
            Mode::Units if is_note(piece) => {
                if piece.contains("备注") {
                    self.flush(None);
                    self.mode = Mode::Skip;
                }
            }
            Mode::Units if crate::deadline::reads_as_deadline(piece) => self.extend_deadline(range),
            Mode::Units => self.unit(range),
        }
    }

    fn extend_deadline(&mut self, range: Range<usize>) {
        self.listed.deadline = Some(match self.listed.deadline.take() {
            Some(found) => found.start..range.end,
            None => range,
        });
    }

    /// A piece that should be a unit, with what may stand before and behind its name.
    fn unit(&mut self, mut range: Range<usize>) {
        if let Some((prefix, found)) = leading_label(&self.text[range.clone()]) {
            self.begin_label(found);
            range.start += prefix;
            trim(self.text, &mut range);
        }
        let starred = strip_marks(self.text, &mut range);
        for word in BEFORE_NAME {
            let rest = &self.text[range.clone()];
            if rest.len() > word.len() + 3 && rest.starts_with(word) && !name::is_unit_head(rest, word) {
                range.start += word.len();
                break;
            }
        }
        let (said, mut name_range) = self.strip_verb(range);
        if let Some(with) = with_at(&self.text[name_range.clone()]) {
            let left = name_range.start..name_range.start + with.start;
            let right = name_range.start + with.end..name_range.end;
            self.push_names(left, starred);
            self.flush(Some(Said::Lead));
            self.after_with = true;
            name_range = right;
        }
        self.push_names(name_range, starred);
        if let Some(said) = said {
            self.listed.verbs = true;
            // 按职责分工负责 under 配合单位 says nothing new of the part.
            let labelled = said == Said::Duty && matches!(self.default, Said::Lead | Said::Support);
            self.flush(Some(if self.after_with {
                Said::Support
            } else if labelled {
                self.default
            } else {
                said
            }));
            self.after_with = false;
        }
    }

    /// Takes the verb off the end of a piece: 市财政局等共同配合 is 市财政局等 and 配合.
    fn strip_verb(&self, range: Range<usize>) -> (Option<Said>, Range<usize>) {
        let piece = &self.text[range.clone()];
        let found = VERBS
            .iter()
            .find(|(verb, _)| piece.ends_with(verb))
            .map(|(verb, said)| (range.end - verb.len(), *said));
        let Some((mut end, said)) =
            found.or_else(|| verb_with_object(piece).map(|(at, said)| (range.start + at, said)))
        else {
            return (None, range);
        };
        while let Some(word) = BEFORE_VERB.iter().find(|w| self.text[range.start..end].ends_with(**w)) {
            end -= word.len();
        }
        (Some(said), range.start..end)
    }

    /// One name, or two joined by 和, each with its 等 and its bracket of role.
    fn push_names(&mut self, range: Range<usize>, starred: bool) {
        for part in split_conjunctions(self.text, range) {
            self.push_name(part, starred);
        }
    }

    fn push_name(&mut self, mut range: Range<usize>, starred: bool) {
        trim(self.text, &mut range);
        let starred = strip_marks(self.text, &mut range) || starred;
        let open_ended = strip_etc(self.text, &mut range);
        let role = strip_role_bracket(self.text, &mut range);
        let open_ended = strip_etc(self.text, &mut range) || open_ended;
        let text = &self.text[range.clone()];
        if text.is_empty() {
            if open_ended && let Some(last) = self.listed.mentions.last_mut() {
                last.open_ended = true;
            }
            return;
        }
        if !(name::is_unit(text) || is_short_name(text, open_ended || !self.listed.mentions.is_empty())) {
            self.listed.strange.push(range);
            return;
        }
        let said = role.or(if self.after_with { Some(Said::Support) } else { None });
        if said.is_none() {
            self.pending.push(self.listed.mentions.len());
        }
        let name = close_bracket(text);
        self.listed.mentions.push(Mention {
            range,
            name,
            said: said.unwrap_or(self.default),
            open_ended,
            starred,
        });
    }

    /// Gives the part `said` (or the default) to every mention since the last verb.
    fn flush(&mut self, said: Option<Said>) {
        for index in self.pending.drain(..) {
            self.listed.mentions[index].said = said.unwrap_or(self.default);
        }
    }
}

/// A piece without the verb at its end.
fn without_verb(piece: &str) -> &str {
    VERBS
        .iter()
        .find_map(|(verb, _)| piece.strip_suffix(verb))
        .unwrap_or(piece)
}

/// The part a label gives.
pub(crate) fn said_of(label: Label) -> Option<Said> {
    match label {
        Label::Lead => Some(Said::Lead),
        Label::Subject => Some(Said::Subject),
        Label::Support => Some(Said::Support),
        Label::Responsible => Some(Said::Listed),
        Label::Deadline | Label::Person => None,
    }
}

/// 由A会同B: where 会同 stands.
fn with_at(piece: &str) -> Option<Range<usize>> {
    ["会同", "联合", "商", "协同"].iter().find_map(|word| {
        let at = piece.find(word)?;
        let left = piece[..at].trim();
        let right = &piece[at + word.len()..];
        let ok = (at == 0 || name::is_plain_unit(left))
            && right.chars().count() >= 2
            && (*word != "商" || at > 0 && name::has_level(right))
            && !right.starts_with('会');
        // 市文学艺术界联合会 is a name.
        (ok && !name::is_whole_name_with(piece, word)).then_some(at..at + word.len())
    })
}

/// A label without its colon at the head of a piece: 配合单位市财政局.
fn leading_label(piece: &str) -> Option<(usize, Label)> {
    const HEADS: &[&str] = &[
        "牵头单位", "牵头部门", "配合单位", "配合部门", "责任单位", "责任部门", "协办单位", "主办单位", "参与单位",
        "参加单位", "责任主体单位", "负责单位",
    ];
    let head = HEADS.iter().find(|h| piece.starts_with(**h))?;
    let rest = piece[head.len()..].trim_start_matches(['为', '是', '-', '）']);
    let taken = piece.len() - rest.len();
    (name::is_unit(rest) || rest.is_empty() && taken > head.len()).then_some(())?;
    Some((taken, label(head)?))
}

/// Takes 等, 等部门, 等有关部门和单位 off the end.
fn strip_etc(text: &str, range: &mut Range<usize>) -> bool {
    let piece = &text[range.clone()];
    let Some(at) = piece.rfind('等') else { return false };
    let tail = &piece[at + '等'.len_utf8()..];
    if !tail
        .chars()
        .all(|c| AFTER_ETC.contains(c) || c.is_ascii_digit() || c == '个')
        || piece[..at].ends_with(['高', '初', '中'])
    {
        return false;
    }
    // 高等学校, 等级评定 are words.
    if tail.starts_with("级") && tail.chars().count() == 1 {
        return false;
    }
    range.end = range.start + at;
    trim(text, range);
    true
}

/// Takes a bracket that says the part off the end: 市财政局（牵头）.
fn strip_role_bracket(text: &str, range: &mut Range<usize>) -> Option<Said> {
    let piece = &text[range.clone()];
    let inner = piece.strip_suffix('）')?;
    let at = inner.rfind('（')?;
    let said = match inner[at + '（'.len_utf8()..].trim_matches(['*', ' ']) {
        "牵头" | "牵头单位" | "牵头部门" | "主办" | "主责" | "主办单位" => Said::Lead,
        "配合" | "配合单位" | "协办" | "参与" | "参加" | "协助" => Said::Support,
        "负责" | "责任单位" => Said::Duty,
        _ => return None,
    };
    range.end = range.start + at;
    trim(text, range);
    Some(said)
}

/// Takes a bracket that states a rule off the end: 市财政局（列第一位的为牵头单位，下同）.
fn strip_note_bracket(text: &str, range: &mut Range<usize>) {
    let piece = &text[range.clone()];
    if let Some(at) = piece.rfind('（').filter(|at| *at > 0 && is_note(&piece[*at..])) {
        range.end = range.start + at;
        trim(text, range);
    }
}

fn strip_marks(text: &str, range: &mut Range<usize>) -> bool {
    let before = range.clone();
    let piece = &text[range.clone()];
    let trimmed = piece.trim_start_matches(['*', '★', '☆', '▲', '△', '●', '※', '■', '◆']);
    range.start += piece.len() - trimmed.len();
    let piece = &text[range.clone()];
    let trimmed = piece.trim_end_matches(['*', '★', '☆', '▲', '△', '※']);
    range.end -= piece.len() - trimmed.len();
    trim(text, range);
    let marked = *range != before && text[before].contains(['*', '★', '☆', '▲', '△', '※']);
    // A number before a name numbers the list: 1.市财政局.
    if let Some(found) = crate::marker::marker(&text[range.clone()])
        && found.style >= crate::marker::MarkerStyle::Arabic
    {
        range.start += found.len;
        trim(text, range);
    }
    marked
}

fn trim(text: &str, range: &mut Range<usize>) {
    let piece = &text[range.clone()];
    let noise =
        |c: char| crate::fold::is_space(c) || matches!(c, '：' | '-' | '·' | '“' | '”' | '"' | '•' | '…' | '>' | '<');
    let start = piece.trim_start_matches(noise);
    range.start += piece.len() - start.len();
    let end = start.trim_end_matches(noise);
    range.end = range.start + end.len();
    // A bracket left over from an outer pair belongs to no name.
    let piece = &text[range.clone()];
    if piece.ends_with('）') && !piece.contains('（') {
        range.end -= '）'.len_utf8();
    } else if piece.starts_with('（') && !piece.contains('）') {
        range.start += '（'.len_utf8();
    }
}

/// 区农业农村委（区扶贫办 lost its closing bracket; and no name holds a line feed.
fn close_bracket(name: &str) -> String {
    let mut name: String = name.chars().filter(|c| *c != '\n' && *c != ' ').collect();
    if name.contains('（') && !name.contains('）') {
        name.push('）');
    }
    name
}

/// 人社, 财政 in a list that says 等部门, and other short names where a list is already under way.
fn is_short_name(text: &str, in_list: bool) -> bool {
    const SHORT: &[&str] = &[
        "人社", "财政", "教育", "发改", "工信", "经信", "民政", "农业农村", "商务", "科技", "公安", "司法", "税务",
        "卫健", "卫生健康", "住建", "交通", "交通运输", "文旅", "应急", "审计", "统计", "市场监管", "医保", "退役军人",
        "自然资源", "生态环境", "水利", "林业", "金融", "扶贫", "乡村振兴", "残联", "妇联", "工会", "团委", "共青团",
        "工商联", "人力资源社会保障", "人力社保", "发展改革", "工业和信息化", "农业", "国资", "国土", "规划", "环保",
        "工商", "质监", "体育", "民委", "民宗", "网信", "编办", "组织", "宣传",
    ];
    let bare = LEVEL_CHARS.iter().find_map(|l| text.strip_prefix(l)).unwrap_or(text);
    in_list && SHORT.contains(&bare)
}

const LEVEL_CHARS: &[&str] = &["省", "市", "区", "县", "州"];

/// Rules of the document and remarks are no members of the list.
fn is_note(piece: &str) -> bool {
    [
        "下同", "第一位", "首位", "排名第一", "列第一", "第一个", "不再列出", "不再一一", "备注", "不分先后",
        "为牵头单位", "为牵头部门", "以下均", "首个", "其余单位", "其他单位",
    ]
    .iter()
    .any(|w| piece.contains(w))
}

/// 市人社局、财政局: the second is the city's too.
fn complete_prefixes(mentions: &mut [Mention]) {
    let mut prefix: Option<&'static str> = None;
    for mention in mentions {
        if let Some(found) = name::elidable_prefix(&mention.name) {
            if !name::is_collective(&mention.name) {
                prefix = Some(found);
            }
        } else if let Some(missing) = prefix.and_then(|p| name::completion(&mention.name, p)) {
            mention.name.insert_str(0, missing);
        } else if name::has_level(&mention.name) || name::is_collective(&mention.name) {
            // A name with a place of its own ends the run; so does a group.
            if !mention.name.starts_with('团') {
                prefix = None;
            }
        }
    }
}

/// 各县区人民政府、园区管委会: the second is every one of its kind too.
fn complete_groups(mentions: &mut [Mention]) {
    const KINDS: &[&str] = &[
        "园区管委会", "功能区管委会", "开发园区管委会", "产业园区管委会", "街道办事处", "乡镇人民政府", "乡镇政府",
        "镇街", "园区管理机构",
    ];
    let mut group = false;
    for mention in mentions {
        if group && KINDS.contains(&mention.name.as_str()) {
            mention.name.insert(0, '各');
        }
        group =
            mention.name.starts_with('各') && ["政府", "管委会", "办事处"].iter().any(|o| mention.name.ends_with(o));
    }
}

/// 云溪区、临江区政府: the first is the government too.
fn complete_suffixes(mentions: &mut [Mention]) {
    const ORGANS: &[&str] = &["人民政府", "政府", "管理委员会", "管委会", "街道办事处", "街道办"];
    const PLACE_ENDS: &[char] = &['区', '县', '市', '旗'];
    let mut organ: Option<&'static str> = None;
    for mention in mentions.iter_mut().rev() {
        let place = |name: &str| name.ends_with(PLACE_ENDS) && name.chars().count() >= 3 && !name::is_collective(name);
        if let Some(found) = ORGANS
            .iter()
            .find(|o| mention.name.strip_suffix(**o).is_some_and(place))
        {
            organ = Some(found);
        } else if let Some(organ) = organ.filter(|_| place(&mention.name)) {
            mention.name.push_str(organ);
        } else {
            organ = None;
        }
    }
}
