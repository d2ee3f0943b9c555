//! The two dates of a decision on the command line: the day it is about, and the day whose knowledge may be used.

use civil::Day;

use crate::failure::Failure;

/// `--as-of` and `--known-on`.
#[derive(Debug, clap::Args)]
pub(crate) struct Dates {
    /// 判断日，如 2020-12-31
    #[arg(long, value_name = "日期")]
    as_of: String,
    /// 只用这一天前可知的文件、标准和数据；不写则用全部
    #[arg(long, value_name = "日期")]
    known_on: Option<String>,
}

impl Dates {
    /// The day decided about, and the day known on where it was said.
    ///
    /// # Errors
    /// [`Failure`] where one of them is no date.
    pub(crate) fn read(&self) -> Result<(Day, Option<Day>), Failure> {
        let known_on = self.known_on.as_deref().map(|text| day("--known-on", text));
        Ok((day("--as-of", &self.as_of)?, known_on.transpose()?))
    }
}

/// A date of the command line.
pub(crate) fn day(option: &str, text: &str) -> Result<Day, Failure> {
    let exact = text.len() == 10 && text.is_ascii();
    match Day::parse(text) {
        Ok(day) if exact => Ok(day),
        _ => Err(Failure::misused(
            format!("{option} 的内容“{text}”不是有效日期"),
            "请写成 2020-12-31",
        )),
    }
}
