//! Why nothing was simulated.

use civil::Day;

use crate::error::ScreeningError;

/// Why nothing was simulated, in Chinese.
#[derive(Debug, thiserror::Error)]
pub enum SimulationError {
    /// What also keeps a run from being made or read.
    #[error(transparent)]
    Screening(#[from] ScreeningError),
    /// The reform needs what a row's register has, and the registers are no longer those of the run.
    #[error(
        "测算需要筛查 {run} 没有推算的享受记录（{missing}），而“{register}”的数据在该次筛查后已有变化，不能按原数据补算"
    )]
    OtherData {
        /// The run.
        run: String,
        /// What it lacks.
        missing: String,
        /// The register that changed.
        register: String,
    },
    /// The later document makes a benefit be about something else.
    #[error("补贴项目“{benefit}”在后来的文件中改按“{per}”核算，筛查 {run} 中没有可以比较的对象")]
    OtherRows {
        /// The run.
        run: String,
        /// The benefit.
        benefit: String,
        /// What it is about afterwards.
        per: String,
    },
    /// A day that is not later than the run's.
    #[error("{later} 不晚于筛查 {run} 所用文件的截至日 {known_on}")]
    NotLater {
        /// The run.
        run: String,
        /// Its day.
        known_on: Day,
        /// What was asked for.
        later: Day,
    },
}

impl SimulationError {
    /// What to do, in Chinese.
    pub fn hint(&self) -> String {
        let hint = match self {
            Self::Screening(error) => return error.told().1,
            Self::OtherData { .. } => "请先运行 leye screen 重新筛查，再对新的筛查测算",
            Self::OtherRows { .. } => "请用后来的文件重新筛查",
            Self::NotLater { .. } => "请写该次筛查之后的日期",
        };
        hint.to_owned()
    }
}
