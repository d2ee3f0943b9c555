//! Charts: what stands in them, and that the same data give the same bytes.

use report::chart::{Bar, Bars, Funnel, Lines, Mark, Series, Step, Tick, Tone, round_ticks};

fn bars(values: &[i64]) -> Bars {
    Bars {
        id: "months".to_owned(),
        title: "各月<任务>".to_owned(),
        description: "数字见下表。".to_owned(),
        bars: values
            .iter()
            .map(|value| Bar {
                label: format!("{value}月"),
                value: *value,
                shown: format!("{value} 项"),
                tone: Tone::Bad,
            })
            .collect(),
    }
}

/// The values of an attribute, in order.
fn attribute(svg: &str, element: &str, name: &str) -> Vec<i64> {
    let head = format!("<{element} ");
    svg.split(&head)
        .skip(1)
        .map(|part| {
            let value = part.split(&format!(" {name}=\"")).nth(1).unwrap();
            value.split('"').next().unwrap().parse().unwrap()
        })
        .collect()
}

#[test]
fn bars_are_as_long_as_their_values() {
    let widths = attribute(&bars(&[4, 2, 1, 0, -3]).svg(), "rect", "width");
    assert_eq!(widths[0], widths[1] * 2);
    assert!((widths[1] - widths[2] * 2).abs() <= 1, "{widths:?}");
    assert_eq!(widths[3..], [0, 0]);
}

#[test]
fn a_chart_has_a_title_a_description_and_escaped_text() {
    let svg = bars(&[1]).svg();
    assert!(
        svg.contains("role=\"img\" aria-labelledby=\"months-title months-desc\""),
        "{svg}"
    );
    assert!(
        svg.contains("<title id=\"months-title\">各月&lt;任务&gt;</title>"),
        "{svg}"
    );
    assert!(svg.contains("<desc id=\"months-desc\">数字见下表。</desc>"), "{svg}");
    assert!(!svg.contains("style=") && !svg.contains("<script"), "{svg}");
}

#[test]
fn the_same_data_give_the_same_bytes_and_huge_values_do_not_break() {
    let values = [i64::MAX, i64::MAX / 2, i64::MIN];
    assert_eq!(bars(&values).svg(), bars(&values).svg());
    let widths = attribute(&bars(&values).svg(), "rect", "width");
    assert!(
        widths[0] <= report::chart::WIDTH && (widths[0] - widths[1] * 2).abs() <= 1,
        "{widths:?}"
    );
}

#[test]
fn an_empty_chart_is_still_a_picture() {
    for svg in [bars(&[]).svg(), Funnel::default().svg(), Lines::default().svg()] {
        assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>"), "{svg}");
    }
}

#[test]
fn a_funnel_narrows_about_one_middle() {
    let step = |left| Step {
        label: format!("还剩{left}"),
        left,
        shown: format!("{left} 人"),
        ..Step::default()
    };
    let svg = Funnel {
        steps: vec![step(100), step(50), step(0)],
        ..Funnel::default()
    }
    .svg();
    let (starts, widths) = (attribute(&svg, "rect", "x"), attribute(&svg, "rect", "width"));
    assert_eq!(widths[2], 0);
    assert!((widths[0] - widths[1] * 2).abs() <= 1, "{widths:?}");
    assert!(
        (starts[1] * 2 + widths[1] - widths[0]).abs() <= 1,
        "{starts:?} {widths:?}"
    );
}

#[test]
fn a_bar_of_a_funnel_is_coloured_for_what_is_open_and_no_further() {
    let svg = Funnel {
        steps: vec![Step {
            label: "中小微企业".to_owned(),
            left: 26_972,
            shown: "26972 条".to_owned(),
            taken: "待核实 12".to_owned(),
            open: 12,
            tone: Tone::Plain,
        }],
        ..Funnel::default()
    }
    .svg();
    let widths = attribute(&svg, "rect", "width");
    let (whole, open) = (widths[0], widths[1]);
    assert!(
        svg.contains("chart-plain") && open > 0 && open * 50 < whole,
        "{widths:?}"
    );
    let (starts, classes) = (attribute(&svg, "rect", "x"), svg.matches("chart-warn").count());
    assert_eq!((starts[1] + open, classes), (starts[0] + whole, 1));
}

#[test]
fn a_stepped_line_holds_its_value_until_the_next() {
    let mark = |at, value| Mark {
        at,
        value,
        shown: String::new(),
    };
    let svg = Lines {
        stepped: true,
        series: vec![Series {
            name: "LPR".to_owned(),
            marks: vec![mark(0, 0), mark(50, 100)],
            until: Some(100),
        }],
        up: vec![Tick {
            at: 0,
            shown: "0".to_owned(),
        }],
        ..Lines::default()
    }
    .svg();
    let path = svg.split(" d=\"M").nth(1).unwrap().split('"').next().unwrap();
    let points: Vec<(i64, i64)> = path
        .split('L')
        .map(|point| {
            point
                .split_once(' ')
                .map(|(x, y)| (x.parse().unwrap(), y.parse().unwrap()))
                .unwrap()
        })
        .collect();
    assert_eq!(points.len(), 4);
    assert_eq!((points[0].1, points[1].0), (points[1].1, points[2].0), "{points:?}");
    assert!(points[2].1 < points[1].1 && points[3].1 == points[2].1, "{points:?}");
}

#[test]
fn ticks_are_round_and_enclose_what_they_measure() {
    for (from, to, most, expected) in [
        (0, 100, 6, vec![0, 20, 40, 60, 80, 100]),
        (38_500, 42_500, 6, vec![38_000, 39_000, 40_000, 41_000, 42_000, 43_000]),
        (7, 7, 6, vec![7, 8]),
        (-3, 12, 4, vec![-10, 0, 10, 20]),
    ] {
        assert_eq!(round_ticks(from, to, most), expected);
    }
    assert!(round_ticks(i64::MIN, i64::MAX, 6).len() <= 6);
}
