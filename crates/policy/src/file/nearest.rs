//! The name that was probably meant.

/// The candidates nearest to `name`, best first, at most `count`; those that share nothing with it are left out.
///
/// Chinese names are short, so one common character counts: 人社局 finds 市人社局.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>, count: usize) -> Vec<&'a str> {
    let mut scored: Vec<(u32, &str)> = candidates
        .into_iter()
        .map(|candidate| (likeness(name, candidate), candidate))
        .filter(|(score, _)| *score >= LEAST_LIKENESS)
        .collect();
    scored.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    scored.dedup_by(|a, b| a.1 == b.1);
    scored.into_iter().take(count).map(|(_, candidate)| candidate).collect()
}

/// The words that end a message about an unknown name: 「最接近的是“…”」, or what there is to choose from.
pub fn meant<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str> + Clone) -> String {
    match nearest(name, candidates.clone(), 1).first() {
        Some(best) => format!("最接近的是“{best}”"),
        None => {
            let all: Vec<&str> = candidates.into_iter().take(12).collect();
            if all.is_empty() {
                String::new()
            } else {
                format!("可用的有：{}", all.join("、"))
            }
        }
    }
}

/// Below this share of likeness, in thousandths, a candidate is not worth naming.
const LEAST_LIKENESS: u32 = 400;

/// How alike two names are, in thousandths: common pairs of characters, or edit distance where that says more.
#[expect(
    clippy::float_arithmetic,
    reason = "a likeness of names, shown to nobody and decisive for nothing"
)]
fn likeness(name: &str, candidate: &str) -> u32 {
    let (name, candidate) = (name.to_lowercase(), candidate.to_lowercase());
    let within =
        !name.is_empty() && (candidate.contains(&name) || (name.contains(&candidate) && !candidate.is_empty()));
    let best = strsim::sorensen_dice(&name, &candidate).max(strsim::normalized_damerau_levenshtein(&name, &candidate));
    let score = (best * 1000.0) as u32;
    if within { score.max(500) + 200 } else { score }
}
