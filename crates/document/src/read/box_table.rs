//! Tables drawn with line characters (┌─┬─┐), as old texts carry them: laid out again as rows between tabs.
//!
//! A rule may cross some columns only; a cell without a rule under it goes on below and stands for every row it covers.

/// Columns of a drawn table are no more than this.
const MAX_COLUMNS: usize = 16;

/// `text` with its drawn tables laid out between tabs, or none where it has no such table.
pub(super) fn unboxed(text: &str) -> Option<String> {
    if !text.contains(['┌', '┏', '╔', '├']) || !text.contains(['│', '┃', '║']) {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    let mut drawn: Vec<&str> = Vec::new();
    let mut found = false;
    for line in text.split_inclusive('\n') {
        let printed = line.trim();
        if is_drawn(printed) {
            drawn.push(printed);
            continue;
        }
        found |= flush(&mut drawn, &mut out);
        out.push_str(line);
    }
    found |= flush(&mut drawn, &mut out);
    found.then_some(out)
}

fn is_drawn(line: &str) -> bool {
    line.starts_with(|c| is_vertical(c) || is_corner(c))
        && line.ends_with(|c| is_vertical(c) || is_corner(c))
        && line.chars().count() > 2
}

fn is_vertical(c: char) -> bool {
    matches!(
        c,
        '│' | '┃' | '║' | '├' | '┤' | '┼' | '┣' | '┫' | '╋' | '╠' | '╣' | '╬' | '┠' | '┨'
    )
}

fn is_corner(c: char) -> bool {
    matches!(
        c,
        '┌' | '┐'
            | '└'
            | '┘'
            | '┬'
            | '┴'
            | '┏'
            | '┓'
            | '┗'
            | '┛'
            | '┳'
            | '┻'
            | '╔'
            | '╗'
            | '╚'
            | '╝'
            | '╦'
            | '╩'
    )
}

/// A piece of a line between two verticals: a rule, or text.
fn pieces(line: &str) -> Vec<&str> {
    let mut pieces: Vec<&str> = line.split(|c| is_vertical(c) || is_corner(c)).collect();
    // The line begins and ends with a vertical: what stands outside is empty.
    pieces.remove(0);
    pieces.pop();
    pieces
}

fn is_rule(piece: &str) -> bool {
    piece.chars().any(|c| matches!(c, '─' | '━' | '═'))
        && piece.chars().all(|c| matches!(c, '─' | '━' | '═' | ' ' | '-'))
}

/// Writes the drawn lines as rows; they are kept as they are where their columns do not agree.
fn flush(drawn: &mut Vec<&str>, out: &mut String) -> bool {
    let lines = std::mem::take(drawn);
    if lines.is_empty() {
        return false;
    }
    let rows: Vec<Vec<&str>> = lines.iter().map(|l| pieces(l)).collect();
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    let regular = rows.iter().filter(|r| r.len() == width).count() * 4 >= rows.len() * 3;
    if lines.len() < 3 || !(2..=MAX_COLUMNS).contains(&width) || !regular {
        for line in lines {
            out.push_str(line);
            out.push('\n');
        }
        return false;
    }
    // The cell each column is in, as the index of its text; a rule ends it.
    let mut texts: Vec<String> = vec![String::new(); width];
    let mut open: Vec<usize> = (0..width).collect();
    let mut grid: Vec<Vec<usize>> = Vec::new();
    let mut filled = false;
    for row in rows.iter().filter(|r| r.len() == width) {
        let ruled: Vec<bool> = row.iter().map(|p| is_rule(p)).collect();
        if ruled.contains(&true) {
            if filled {
                grid.push(open.clone());
            }
            filled = false;
            for column in (0..width).filter(|c| ruled[*c]) {
                open[column] = texts.len();
                texts.push(String::new());
            }
        }
        for column in (0..width).filter(|c| !ruled[*c]) {
            let piece = row[column].trim();
            filled |= !piece.is_empty();
            texts[open[column]].push_str(piece);
        }
    }
    if filled {
        grid.push(open);
    }
    for row in grid {
        let cells: Vec<&str> = row.iter().map(|cell| texts[*cell].as_str()).collect();
        out.push_str(&cells.join("\t"));
        out.push('\n');
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawn_table_becomes_rows_between_tabs() {
        let drawn = "题目\n┌──┬──────┬────┐\n│序号│ 任 务  │责任 │\n│    │        │单位 │\n├──┼──────┼────┤\n│1   │办招聘会│市人 │\n├──┼──────┤社局 │\n│2   │建市场  │     │\n└──┴──────┴────┘\n尾\n";
        assert_eq!(
            unboxed(drawn).unwrap(),
            "题目\n序号\t任 务\t责任单位\n1\t办招聘会\t市人社局\n2\t建市场\t市人社局\n尾\n"
        );
    }

    #[test]
    fn text_without_a_drawn_table_is_left_alone() {
        assert_eq!(unboxed("一、稳岗│扩岗\n"), None);
        assert_eq!(unboxed("┌┐\n││\n"), None);
    }
}
