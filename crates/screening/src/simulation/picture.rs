//! Gains and losses by benefit as a picture.

use report::chart::{Bar, Bars, Tone};

use super::words::{signed, title};
use super::{BenefitChange, Comparison, Sum};

/// The chart: for each benefit with a change a bar of those that gain and a bar of those that lose.
pub fn svg(comparison: &Comparison) -> String {
    let changed = comparison.benefits.iter().filter(|benefit| !benefit.change.is_none());
    let mut bars: Vec<Bar> = changed.flat_map(pair).filter(|bar| bar.value > 0).collect();
    if bars.is_empty() {
        bars.push(Bar {
            label: "没有增减".to_owned(),
            value: 0,
            shown: "0 条".to_owned(),
            tone: Tone::Mute,
        });
    }
    let total = &comparison.total;
    Bars {
        id: "simulation".to_owned(),
        title: format!("{}：各项目增减条数", title(comparison)),
        description: format!(
            "筛查 {}，判断日 {}。新增符合 {} 条，不再符合 {} 条，转为待核实 {} 条，金额提高 {} 条，降低 {} 条，金额增减 {}。",
            comparison.run,
            comparison.as_of,
            total.gained.rows,
            total.lost.rows,
            total.unsettled.rows,
            total.more.rows,
            total.less.rows,
            signed(total.difference_fen())
        ),
        bars,
    }
    .svg()
}

fn pair(benefit: &BenefitChange) -> [Bar; 2] {
    let change = &benefit.change;
    let bar = |word: &str, sums: &[Sum], sign: i64, tone: Tone| {
        let rows = sums.iter().fold(0_u64, |rows, sum| rows.saturating_add(sum.rows));
        let money = sums
            .iter()
            .fold(0_i64, |money, sum| money.saturating_add(sum.amount_fen));
        let shown = if benefit.has_amount {
            format!("{rows} 条，{}", signed(money.saturating_mul(sign)))
        } else {
            format!("{rows} 条")
        };
        // Digits of some fonts are wider than half a Chinese character, which is what room is made for.
        let room = shown.bytes().filter(u8::is_ascii).count().div_ceil(4);
        let shown = format!("{shown}{}", " ".repeat(room));
        Bar {
            label: format!("{}　{word}", benefit.name),
            value: i64::try_from(rows).unwrap_or(i64::MAX),
            shown,
            tone,
        }
    };
    [
        bar("增", &[change.gained, change.more], 1, Tone::Good),
        bar("减", &[change.lost, change.less, change.unsettled], -1, Tone::Bad),
    ]
}
