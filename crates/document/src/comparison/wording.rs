//! Two texts word by word: what only one of them has.

/// Most pairs of words that are compared; of longer texts all between their common ends counts as changed.
const MAX_CELLS: usize = 1_000_000;
/// Kept words between changed ones, so few of which only make the change harder to read.
const LEAST_KEPT: usize = 2;

/// Two texts, each cut into runs; the kept ones are the same in both.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wording {
    /// The old text.
    pub old: Vec<Run>,
    /// The new text.
    pub new: Vec<Run>,
}

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Its words.
    pub text: String,
    /// The other text has them too.
    pub kept: bool,
}

/// Compares two texts. A number or a Latin word is one word, so that 3000 and 3500 differ as a whole; of Chinese each
/// character is one.
pub fn wording(old: &str, new: &str) -> Wording {
    let (a, b) = (words(old), words(new));
    let head = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let most_tail = a.len().min(b.len()) - head;
    let tail = a.iter().rev().zip(b.iter().rev()).take(most_tail);
    let tail = tail.take_while(|(a, b)| a == b).count();
    let (inner_a, inner_b) = (&a[head..a.len() - tail], &b[head..b.len() - tail]);
    let mut pairs: Vec<(usize, usize)> = (0..head).map(|at| (at, at)).collect();
    pairs.extend(
        longest_common(inner_a, inner_b)
            .into_iter()
            .map(|(i, j)| (i + head, j + head)),
    );
    pairs.extend((0..tail).map(|at| (a.len() - tail + at, b.len() - tail + at)));
    let pairs = without_crumbs(pairs, a.len(), b.len());
    Wording {
        old: runs(&a, pairs.iter().map(|(i, _)| *i)),
        new: runs(&b, pairs.iter().map(|(_, j)| *j)),
    }
}

fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let joined = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '%';
        let end = if joined(first) {
            rest.find(|c| !joined(c)).unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        let (word, behind) = rest.split_at(end);
        words.push(word);
        rest = behind;
    }
    words
}

/// Places of the words of a longest common subsequence; none where the texts are too long.
fn longest_common(a: &[&str], b: &[&str]) -> Vec<(usize, usize)> {
    let width = b.len() + 1;
    if a.is_empty() || b.is_empty() || a.len() * b.len() > MAX_CELLS {
        return Vec::new();
    }
    // lengths[i * width + j]: of a[i..] and b[j..]. The shorter one has at most a thousand words.
    let mut lengths = vec![0_u16; (a.len() + 1) * width];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            lengths[i * width + j] = if a[i] == b[j] {
                lengths[(i + 1) * width + j + 1] + 1
            } else {
                lengths[(i + 1) * width + j].max(lengths[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j, mut pairs) = (0, 0, Vec::new());
    while i < a.len() && j < b.len() {
        if a[i] == b[j] {
            pairs.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if lengths[(i + 1) * width + j] >= lengths[i * width + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs
}

/// Takes out kept stretches of too few words, unless they begin or end both texts.
fn without_crumbs(pairs: Vec<(usize, usize)>, a: usize, b: usize) -> Vec<(usize, usize)> {
    let stretches = pairs.chunk_by(|(i, j), (k, l)| i + 1 == *k && j + 1 == *l);
    let kept = stretches.filter(|stretch| {
        let begins = stretch.first() == Some(&(0, 0));
        let ends = stretch.last().is_some_and(|(i, j)| i + 1 == a && j + 1 == b);
        begins || ends || stretch.len() >= LEAST_KEPT
    });
    kept.flatten().copied().collect()
}

fn runs(words: &[&str], kept: impl Iterator<Item = usize>) -> Vec<Run> {
    let mut is_kept = vec![false; words.len()];
    for at in kept {
        if let Some(kept) = is_kept.get_mut(at) {
            *kept = true;
        }
    }
    let mut runs: Vec<Run> = Vec::new();
    for (word, kept) in words.iter().zip(is_kept) {
        match runs.last_mut().filter(|run| run.kept == kept) {
            Some(run) => run.text.push_str(word),
            None => runs.push(Run {
                text: (*word).to_owned(),
                kept,
            }),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What only one text has in brackets.
    fn show(runs: &[Run]) -> String {
        let shown = |run: &Run| {
            if run.kept {
                run.text.clone()
            } else {
                format!("[{}]", run.text)
            }
        };
        runs.iter().map(shown).collect()
    }

    #[test]
    fn changed_words_are_marked_on_both_sides() {
        for (old, new, shown_old, shown_new) in [
            ("补贴3000元。", "补贴3500元。", "补贴[3000]元。", "补贴[3500]元。"),
            ("补贴3000元", "补贴3000元", "补贴3000元", "补贴3000元"),
            ("举办招聘会。", "每月举办招聘会。", "举办招聘会。", "[每月]举办招聘会。"),
            ("甲", "乙", "[甲]", "[乙]"),
            ("", "新增", "", "[新增]"),
            (
                "由市财政局拨付，年底结清。",
                "由市人社局拨付。",
                "由市[财政]局拨付[，年底结清]。",
                "由市[人社]局拨付。",
            ),
        ] {
            let found = wording(old, new);
            assert_eq!(
                (show(&found.old).as_str(), show(&found.new).as_str()),
                (shown_old, shown_new)
            );
        }
    }

    #[test]
    fn the_runs_of_a_text_are_the_text() {
        for (old, new) in [("一二三四五", "二三六五"), ("abc 12.5%，好", "abc 13%，不好"), ("", "")] {
            let found = wording(old, new);
            let whole = |runs: &[Run]| runs.iter().map(|run| run.text.as_str()).collect::<String>();
            assert_eq!((whole(&found.old).as_str(), whole(&found.new).as_str()), (old, new));
        }
    }

    #[test]
    fn texts_too_long_to_compare_are_changed_as_a_whole_between_their_common_ends() {
        let (old, new) = (
            format!("甲{}丙", "乙".repeat(3_000)),
            format!("甲{}丙", "丁".repeat(3_000)),
        );
        let found = wording(&old, &new);
        assert_eq!(found.old.len(), 3);
        assert!(found.old[0].kept && !found.old[1].kept && found.old[2].kept);
    }
}
