//! Working days, from the yearly arrangements of the State Council.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::day::Day;

/// The newest format of a calendar file that this program reads.
const FORMAT: u32 = 1;
/// Where the files are, for the messages.
const FOLDER: &str = "policies/shared/calendar";

/// One year's file as it stands: `policies/shared/calendar/2020.toml`. Read it with any serde format and hand it to
/// [`Calendar::from_years`], which checks it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalendarYear {
    /// Always 1.
    pub format: u32,
    /// The year.
    pub year: i16,
    /// How many working days the year has: the control total that the lists must give.
    pub working_days: u16,
    /// The official notices, as the State Council's site numbers them.
    pub notices: Vec<String>,
    /// Days from Monday to Friday on which nobody works, ascending.
    pub weekdays_off: Vec<Day>,
    /// Saturdays and Sundays on which everybody works, ascending.
    pub weekend_working: Vec<Day>,
}

/// The working days of the years it was given, and of no other year.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Calendar {
    years: BTreeMap<i16, Exceptions>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Exceptions {
    weekdays_off: BTreeSet<Day>,
    weekend_working: BTreeSet<Day>,
}

/// A calendar that cannot be used, or a day it knows nothing of.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// No file of this year was loaded.
    #[error("没有{year}年的工作日历，无法计算工作日；请按国务院办公厅当年节假日安排通知增加 {FOLDER}/{year}.toml")]
    UnknownYear {
        /// The year.
        year: i16,
    },
    /// A year's file contradicts itself.
    #[error("{FOLDER}/{year}.toml 有误：{problem}")]
    Invalid {
        /// The year that the file says it is of.
        year: i16,
        /// What is wrong, in Chinese.
        problem: String,
    },
}

impl Calendar {
    /// The calendar of these years.
    ///
    /// # Errors
    /// [`CalendarError::Invalid`] for a newer format, a year given twice, a day of another year, a day off that is a
    /// weekend or a working day that is none, days out of order, or lists that do not give the control total.
    pub fn from_years(years: impl IntoIterator<Item = CalendarYear>) -> Result<Self, CalendarError> {
        let mut calendar = Self::default();
        for year in years {
            let number = year.year;
            let checked = check(year).map_err(|problem| CalendarError::Invalid { year: number, problem })?;
            if calendar.years.insert(number, checked).is_some() {
                let problem = "同一年份出现两次".to_owned();
                return Err(CalendarError::Invalid { year: number, problem });
            }
        }
        Ok(calendar)
    }

    /// The years it knows, ascending.
    pub fn years(&self) -> impl Iterator<Item = i16> {
        self.years.keys().copied()
    }

    /// Whether offices work on a day.
    ///
    /// # Errors
    /// [`CalendarError::UnknownYear`].
    pub fn is_working_day(&self, day: Day) -> Result<bool, CalendarError> {
        let year = day.year();
        self.years
            .get(&year)
            .map(|known| known.works(day))
            .ok_or(CalendarError::UnknownYear { year })
    }

    /// The n-th working day after a day, which is not itself counted; for n = 0 the day itself, whatever it is.
    ///
    /// # Errors
    /// [`CalendarError::UnknownYear`] as soon as the count enters a year that was not loaded.
    pub fn add_working_days(&self, day: Day, n: u16) -> Result<Day, CalendarError> {
        let mut reached = day;
        let mut left = n;
        while left > 0 {
            reached = next_day(reached)?;
            left -= u16::from(self.is_working_day(reached)?);
        }
        Ok(reached)
    }

    /// The day itself if it is a working day, else the next one: where a term that ends on a holiday ends (Civil
    /// Code art. 203).
    ///
    /// # Errors
    /// [`CalendarError::UnknownYear`].
    pub fn on_or_next_working_day(&self, day: Day) -> Result<Day, CalendarError> {
        let mut reached = day;
        while !self.is_working_day(reached)? {
            reached = next_day(reached)?;
        }
        Ok(reached)
    }

    /// How many working days come after `from` up to and including `to`; so that it undoes
    /// [`Self::add_working_days`]. Negative if `to` is before `from`.
    ///
    /// # Errors
    /// [`CalendarError::UnknownYear`].
    pub fn working_days_between(&self, from: Day, to: Day) -> Result<i32, CalendarError> {
        if to < from {
            return self.working_days_between(to, from).map(|days| -days);
        }
        let mut count = 0;
        let mut reached = from;
        while reached < to {
            reached = next_day(reached)?;
            count += i32::from(self.is_working_day(reached)?);
        }
        Ok(count)
    }

    /// How many working days a year has.
    ///
    /// # Errors
    /// [`CalendarError::UnknownYear`].
    pub fn working_days_in(&self, year: i16) -> Result<u16, CalendarError> {
        self.years
            .get(&year)
            .map(|known| known.total(year))
            .ok_or(CalendarError::UnknownYear { year })
    }
}

impl Exceptions {
    fn works(&self, day: Day) -> bool {
        if day.weekday().is_weekend() {
            self.weekend_working.contains(&day)
        } else {
            !self.weekdays_off.contains(&day)
        }
    }

    fn total(&self, year: i16) -> u16 {
        let first = Day::new(year, 1, 1);
        let days = std::iter::successors(first, |day| day.add_days(1).filter(|next| next.year() == year));
        days.map(|day| u16::from(self.works(day))).sum()
    }
}

fn next_day(day: Day) -> Result<Day, CalendarError> {
    day.add_days(1).ok_or(CalendarError::UnknownYear { year: 10_000 })
}

fn check(file: CalendarYear) -> Result<Exceptions, String> {
    if file.format != FORMAT {
        return Err(format!(
            "format = {} 不受支持，本程序只读 format = {FORMAT}",
            file.format
        ));
    }
    for (list, days, weekend) in [
        ("weekdays_off", &file.weekdays_off, false),
        ("weekend_working", &file.weekend_working, true),
    ] {
        for day in days {
            if day.year() != file.year {
                return Err(format!("{list} 中的{}不在{}年", day.chinese(), file.year));
            }
            if day.weekday().is_weekend() != weekend {
                return Err(format!("{list} 中的{}是{}", day.chinese(), day.weekday().chinese()));
            }
        }
        if let Some(pair) = days.windows(2).find(|pair| pair[0] >= pair[1]) {
            return Err(format!("{list} 中的{}重复或没有按先后排列", pair[1].chinese()));
        }
    }
    let exceptions = Exceptions {
        weekdays_off: file.weekdays_off.into_iter().collect(),
        weekend_working: file.weekend_working.into_iter().collect(),
    };
    let total = exceptions.total(file.year);
    if total != file.working_days {
        return Err(format!(
            "按所列日期全年有{total}个工作日，与 working_days = {} 不符",
            file.working_days
        ));
    }
    Ok(exceptions)
}
