//! Secrecy marks: 秘密, 机密 or 绝密 with a star, on a line of its own. A file that bears one is not read.
//!
//! The words alone in running text (商业秘密, 保守国家秘密) are no mark.

use super::ReadError;
use crate::source::{Block, Source};

/// How secret a file says it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Secrecy {
    /// 秘密.
    Confidential,
    /// 机密.
    Secret,
    /// 绝密.
    TopSecret,
}

const GRADES: [(&str, Secrecy); 6] = [
    ("绝密", Secrecy::TopSecret),
    ("机密", Secrecy::Secret),
    ("秘密", Secrecy::Confidential),
    ("絕密", Secrecy::TopSecret),
    ("機密", Secrecy::Secret),
    ("祕密", Secrecy::Confidential),
];
/// What stands for the star where the proper one is not at hand.
const STARS: [char; 8] = ['★', '☆', '✩', '✪', '⭐', '*', '＊', '﹡'];
/// How soon a document has to be dealt with.
const URGENCIES: [&str; 7] = ["特急", "加急", "平急", "急件", "特提", "紧急", "緊急"];
/// A mark with its term and a copy number is no longer than this.
const MARK_CHARACTERS: usize = 40;
/// So many paragraphs and rows count as the head of a document, where a grade without a star is a mark too.
const HEAD_LINES: usize = 6;

/// The mark a document bears: a line or table cell that is nothing but a grade, a star and perhaps its term, wherever
/// it stands; at the head also a grade after 密级, or alone outside tables.
pub fn secrecy_mark(source: &Source) -> Option<Secrecy> {
    let mut head = 0;
    for block in &source.blocks {
        match block {
            Block::Paragraph(paragraph) => {
                let text = paragraph.span.of(&source.text);
                if let Some(grade) = mark_of(text, head < HEAD_LINES, false) {
                    return Some(grade);
                }
                head += 1;
            }
            Block::Table(table) => {
                for row in &table.rows {
                    for cell in &row.cells {
                        let mut lines = cell.span.of(&source.text).lines();
                        if let Some(grade) = lines.find_map(|line| mark_of(line, head < HEAD_LINES, true)) {
                            return Some(grade);
                        }
                    }
                    head += 1;
                }
            }
        }
    }
    None
}

/// The mark that the running head or foot of a page bears, among whatever else it says.
pub(super) fn mark_in_margin(text: &str) -> Option<Secrecy> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    GRADES
        .iter()
        .find(|(name, _)| STARS.iter().any(|star| text.contains(&format!("{name}{star}"))))
        .map(|(_, grade)| *grade)
}

/// The answer to a file with a mark. It repeats nothing of the file.
pub(super) fn refusal() -> ReadError {
    ReadError::new(
        "该文件标有密级标志，已拒绝读取，未保存任何内容",
        "涉密文件不得在本系统处理，请按保密规定处置；如系误标，请由保密工作人员核实",
    )
}

fn mark_of(line: &str, at_head: bool, in_table: bool) -> Option<Secrecy> {
    if line.len() > MARK_CHARACTERS * 12 {
        return None;
    }
    let line: String = line
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '\u{200B}')
        .collect();
    if line.chars().count() > MARK_CHARACTERS {
        return None;
    }
    // A copy number or an urgency may stand before the mark, an urgency behind it, and 密级： may introduce it.
    let rest = line.trim_start_matches(|c: char| c.is_ascii_digit() || ('０'..='９').contains(&c) || c == '№');
    let rest = URGENCIES
        .iter()
        .find_map(|urgency| rest.strip_prefix(urgency))
        .unwrap_or(rest);
    let behind_label = ["密级：", "密级:", "密级"]
        .iter()
        .find_map(|label| rest.strip_prefix(label));
    let (labelled, rest) = (behind_label.is_some(), behind_label.unwrap_or(rest));
    let (name, grade) = GRADES.iter().find(|(name, _)| rest.starts_with(name))?;
    let rest = &rest[name.len()..];
    match rest.strip_prefix(STARS) {
        Some(term) => is_term(term).then_some(*grade),
        // In a table a grade alone may be the grade of something that the table lists.
        None => (at_head && rest.is_empty() && (labelled || !in_table)).then_some(*grade),
    }
}

/// 1年, 六个月, 长期, a date up to which the secret holds, an urgency, or nothing.
fn is_term(text: &str) -> bool {
    let rest = URGENCIES.iter().find_map(|end| text.strip_suffix(end)).unwrap_or(text);
    rest.is_empty()
        || rest == "长期"
        || rest.chars().all(|c| {
            c.is_numeric() || "年月日天个至半前后起公布解密启用、（）()[]〔〕-—.一二三四五六七八九十〇○".contains(c)
        })
}
