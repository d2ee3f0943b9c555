//! Which column of a roster is which fact: the headings of the template, those of the registers, and what firms write
//! instead. What is only nearly a heading counts where it fits one column alone.

use policy::fact::{Fact, FactType};
use rules::catalogue::Catalogue;

use super::term::unit_of;

/// A column that a roster may have.
pub(super) struct Column<'c> {
    /// As it stands in the template, with its unit.
    pub(super) label: String,
    /// Other headings that are understood.
    pub(super) also: Vec<String>,
    pub(super) is: Is<'c>,
}

/// What a column is.
#[derive(Clone, Copy)]
pub(super) enum Is<'c> {
    Name,
    Id,
    Fact(&'c Fact),
}

/// What firms head these columns with, besides the words of the dictionary and of the registers.
const ALSO: [(&str, &[&str]); 5] = [
    (
        "employment.contract_months",
        &[
            "合同期限", "劳动合同期限", "聘用合同期限", "合同年限", "劳动合同年限", "合同月数", "合同期",
        ],
    ),
    (
        "employment.contract_date",
        &[
            "合同签订日期", "劳动合同签订日期", "劳动合同签订日", "签订合同日期", "签合同日期",
        ],
    ),
    (
        "employment.insured_months",
        &[
            "缴纳社会保险费月数", "社会保险缴费月数", "社保缴费月数", "缴费月数", "参保月数",
        ],
    ),
    (
        "employment.consecutive_insured_months",
        &["连续缴纳社会保险费月数", "连续缴费月数", "连续参保月数"],
    ),
    ("person.in_graduation_year", &["毕业年度", "毕业年度内"]),
];

/// The columns for these facts, who it is first.
pub(super) fn columns<'c>(catalogue: &'c Catalogue, facts: &[&'c Fact]) -> Vec<Column<'c>> {
    let of_register = |id: &str, is: Is<'c>, label: &str| {
        let register = catalogue.registers.get("person");
        let column = register.and_then(|register| register.column(id));
        Column {
            label: column.map_or_else(|| label.to_owned(), |column| column.label.clone()),
            also: column.map(|column| column.also.clone()).unwrap_or_default(),
            is,
        }
    };
    let mut columns = vec![
        of_register("name", Is::Name, "姓名"),
        of_register("person", Is::Id, "公民身份号码"),
    ];
    columns.extend(facts.iter().map(|fact| of_fact(catalogue, fact)));
    columns
}

fn of_fact<'c>(catalogue: &'c Catalogue, fact: &'c Fact) -> Column<'c> {
    let label = heading(fact);
    let own = ALSO.iter().find(|(name, _)| *name == fact.name);
    let own = own
        .into_iter()
        .flat_map(|(_, words)| words.iter().map(|word| (*word).to_owned()));
    let held = catalogue.registers.holding(&fact.name).map(|(_, column)| {
        let label = column.label.clone();
        column.also.iter().cloned().chain([label]).collect::<Vec<_>>()
    });
    let mut also: Vec<String> = Vec::new();
    for word in own.chain(held.unwrap_or_default()) {
        if word != label && !also.contains(&word) {
            also.push(word);
        }
    }
    Column {
        label,
        also,
        is: Is::Fact(fact),
    }
}

/// A fact's heading in the template: its label, and the unit where the label does not say it.
fn heading(fact: &Fact) -> String {
    let label = fact.label.as_str();
    match (&fact.kind, fact.unit.as_deref()) {
        (FactType::Int, Some("个月")) if unit_of(label).is_none() => format!("{label}（月）"),
        (FactType::Int, Some(unit)) if unit != "个月" && !label.ends_with('数') => format!("{label}（{unit}）"),
        (FactType::Fen, _) => format!("{label}（元）"),
        (FactType::Decimal, _) => format!("{label}（%）"),
        _ => label.to_owned(),
    }
}

/// The column under a heading.
pub(super) fn find<'a, 'c>(columns: &'a [Column<'c>], head: &str) -> Option<&'a Column<'c>> {
    let by = |fold: fn(&str) -> String| {
        let wanted = fold(head);
        let is = move |label: &String| !wanted.is_empty() && fold(label) == wanted;
        columns
            .iter()
            .filter(move |column| is(&column.label) || column.also.iter().any(&is))
    };
    if let Some(column) = by(folded).next() {
        return Some(column);
    }
    let mut near = by(loosely);
    near.next().filter(|_| near.next().is_none())
}

/// A heading without spaces, marks and what stands in brackets.
fn folded(head: &str) -> String {
    let mut depth = 0_usize;
    let mut folded = String::new();
    for c in head.chars() {
        match c {
            '（' | '(' => depth += 1,
            '）' | ')' => depth = depth.saturating_sub(1),
            '*' | '＊' | '：' | ':' => {}
            c if depth == 0 && !c.is_whitespace() => folded.push(c),
            _ => {}
        }
    }
    folded
}

/// The same without words that say nothing more.
fn loosely(head: &str) -> String {
    let folded = folded(head);
    let mut rest = folded.as_str();
    while let Some(shorter) = ["是否", "在该单位", "在本单位", "本单位", "处于"]
        .iter()
        .find_map(|word| rest.strip_prefix(word))
    {
        rest = shorter;
    }
    rest.replace('的', "")
}
