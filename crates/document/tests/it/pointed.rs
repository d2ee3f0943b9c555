//! Duties that a person points at: words, number, headings and figures come from the text.

use document::{Span, extract, pointed};

use crate::shown::read;

const TEXT: &str = "\
青禾县人民政府办公室关于促进就业的通知
一、稳定岗位
（一）支持企业。对不裁员的企业给予支持。（责任单位：县人社局）
（二）做好服务。常年开展招聘活动，每年不少于12场。建立台账。
序号\t工作内容\t责任单位
1\t办好夜校\t县人社局
2\t每班不少于30人\t县财政局
另行公布名册。
";

/// What is pointed at; the words, number, headings and figures that come of it.
type Case = (
    &'static [&'static str],
    &'static str,
    &'static str,
    &'static [&'static str],
    &'static [&'static str],
);

#[test]
fn a_duty_that_is_pointed_at_has_the_words_the_number_the_headings_and_the_figures_of_its_place() {
    let source = read(TEXT.as_bytes());
    let extraction = extract(&source);
    let cases: &[Case] = &[
        (
            &["（二）做好服务。常年开展招聘活动，每年不少于12场。"],
            "做好服务。常年开展招聘活动，每年不少于12场。",
            "2",
            &["一、稳定岗位"],
            &["不少于12场"],
        ),
        (&["建立台账。"], "建立台账。", "2", &["一、稳定岗位"], &[]),
        // Behind the head of the last item nobody knows whether it goes on.
        (&["另行公布名册。"], "另行公布名册。", "", &[], &[]),
        (
            &["（二）做好服务。", "建立台账。"],
            "做好服务。 建立台账。",
            "2",
            &["一、稳定岗位"],
            &[],
        ),
        (
            &["办好夜校", "每班不少于30人"],
            "办好夜校 每班不少于30人",
            "",
            &[],
            &["不少于30人"],
        ),
    ];
    for (words, text, no, path, figures) in cases {
        let pieces: Vec<Span> = words
            .iter()
            .map(|words| {
                let at = source.text.find(words).unwrap();
                Span::new(at, at + words.len())
            })
            .collect();
        let task = pointed(&source, &extraction, &pieces);
        assert_eq!((task.text.as_str(), task.no.as_str()), (*text, *no), "{words:?}");
        assert_eq!(task.path, *path, "{words:?}");
        let found: Vec<&str> = task.quantities.iter().map(|figure| figure.raw.as_str()).collect();
        assert_eq!(found, *figures, "{words:?}");
        assert!(task.assignments.is_empty() && task.deadline.raw.is_none());
        let whole = task.span.of(&source.text);
        assert!(
            whole.starts_with(words[0]) && whole.ends_with(words[words.len() - 1]),
            "{whole}"
        );
        for figure in &task.quantities {
            assert_eq!(figure.span.of(&source.text), figure.raw);
        }
    }
}
