//! What a document asks for beside its tasks: reports, publicity, registers, by whom, to whom and when.

use civil::Month;
use document::Role;

use super::duty::{NOT_STATED, title_or_number};
use super::scope::{Scope, Wanted};
use crate::Pack;
use crate::item;
use crate::pack::{self, DutyKind};

/// What such duties are called on screen, in workbooks and on the terminal.
pub const OBLIGATIONS: &str = "报送、公开等职责";

/// A duty of a pack, seen from a region.
#[derive(Debug, Clone, Copy)]
pub struct Obligation<'a> {
    /// Its document.
    pub pack: &'a Pack,
    /// The duty.
    pub duty: &'a pack::Duty,
    /// True for a document of a region above the one asked for.
    pub above: bool,
}

/// A part of 何时 that names a month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Falls {
    /// The month; absent where the words do not say of which year.
    pub month: Option<Month>,
    /// January is 1.
    pub number: i8,
    /// The words.
    pub words: String,
}

impl<'a> Scope<'a> {
    /// The duties asked for, reports first, else in the order of the packs. One for all leads is that of every unit that
    /// leads something; what is asked of everybody is listed where no unit is asked for.
    pub fn obligations(&self) -> Vec<Obligation<'a>> {
        let mut found: Vec<Obligation<'a>> = Vec::new();
        for (pack, above) in &self.packs {
            let own = pack.duties.iter().filter(|duty| self.is_bound(pack, duty));
            found.extend(own.map(|duty| Obligation {
                pack,
                duty,
                above: *above,
            }));
        }
        found.sort_by_key(|one| one.duty.kind != DutyKind::Report);
        found
    }

    fn is_bound(&self, pack: &Pack, duty: &pack::Duty) -> bool {
        let units = &self.library.units;
        let leads = || {
            let leads = pack.tasks.iter().flat_map(|task| &task.assignments);
            leads
                .filter(|assignment| assignment.role == Role::Lead)
                .any(|assignment| self.wants(pack, assignment, None))
        };
        let for_leads = duty.by.iter().any(|name| name.contains("牵头单位"));
        match &self.wanted {
            Wanted::All => true,
            Wanted::Unit { asked, .. } => {
                let function = units.function_of(asked);
                duty.by.iter().any(|name| self.is_unit_asked(pack, name))
                    || function.is_some_and(|function| duty.by_function.iter().any(|id| **id == *function.id))
                    || for_leads && leads()
            }
            Wanted::Function(function) => {
                let has_it = |name: &str| units.function_of(name).is_some_and(|known| *known.id == *function.id);
                duty.by.iter().any(|name| has_it(name))
                    || duty.by_function.iter().any(|id| **id == *function.id)
                    || for_leads && leads()
            }
        }
    }
}

impl Obligation<'_> {
    /// By whom.
    pub fn by(&self, scope: &Scope<'_>) -> String {
        let named = self.duty.by.iter().map(|name| name.to_string());
        let functions = self.duty.by_function.iter().map(|id| {
            let function = scope.library.units.function(id);
            let name = function.map_or(id.as_str(), |function| function.name.as_str());
            format!("{name}职能部门")
        });
        named.chain(functions).collect::<Vec<_>>().join("、")
    }

    /// To whom; empty where the document names nobody.
    pub fn to(&self) -> String {
        let names: Vec<&str> = self.duty.to.iter().map(|name| name.as_str()).collect();
        names.join("、")
    }

    /// When, as the document says.
    pub fn when(&self) -> &str {
        self.duty.when.as_deref().unwrap_or(NOT_STATED)
    }

    /// Where it stands.
    pub fn basis(&self) -> String {
        let document = title_or_number(self.pack);
        match self.duty.cite.as_ref().and_then(|cite| cite.item.as_ref()) {
            Some(cited) if cited.starts_with(|c: char| c.is_ascii_digit()) => {
                format!("{document}{}", item::words(cited))
            }
            Some(cited) => format!("{document}{}", **cited),
            None => document,
        }
    }

    /// The months that 何时 names: 次年度1月上旬 of a document of 2020 is January 2021. 每月 and 3个月 name none.
    pub fn falls(&self) -> Vec<Falls> {
        let year = self.pack.policy.date.map(civil::Day::year);
        months(self.duty.when.as_deref().unwrap_or_default(), year)
    }
}

impl Falls {
    /// 2021-01, or 7月（年份原文未载明）.
    pub fn month_words(&self) -> String {
        match self.month {
            Some(month) => month.to_string(),
            None => format!("{}月（年份{NOT_STATED}）", self.number),
        }
    }
}

fn months(when: &str, year: Option<i16>) -> Vec<Falls> {
    let pieces = when.split(['，', '；', '、', ',', ';']).map(str::trim);
    pieces
        .filter_map(|words| {
            let (before, _) = words.split_once('月')?;
            let digits = before.chars().rev().take_while(char::is_ascii_digit).count();
            let number: i8 = before.get(before.len() - digits..)?.parse().ok()?;
            let lead = before.get(..before.len() - digits)?;
            let said = lead.strip_suffix('年').and_then(|lead| {
                let from = lead.len().checked_sub(4)?;
                lead.get(from..)?.parse::<i16>().ok()
            });
            let year = match said {
                Some(year) => Some(year),
                None if lead.contains("次年") => year.map(|year| year + 1),
                None if lead.contains("本年") || lead.contains("当年") => year,
                None => None,
            };
            (1..=12).contains(&number).then(|| Falls {
                month: year.and_then(|year| Month::new(year, number)),
                number,
                words: words.to_owned(),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_months_of_a_report_are_those_of_the_document_s_year_and_the_next() {
        let found = |when: &str| -> Vec<String> {
            let falls = months(when, Some(2020)).into_iter();
            falls
                .map(|one| {
                    one.month
                        .map_or_else(|| format!("?-{}", one.number), |month| month.to_string())
                })
                .collect()
        };
        assert_eq!(
            found("本年度7月上旬报上半年，次年度1月上旬报上年度"),
            ["2020-07", "2021-01"]
        );
        assert_eq!(found("2020年12月底"), ["2020-12"]);
        assert_eq!(found("7月底前"), ["?-7"]);
        for none in ["每月至少1次", "提前3个月", "及时", "", "13月"] {
            assert!(found(none).is_empty(), "{none}");
        }
    }
}
