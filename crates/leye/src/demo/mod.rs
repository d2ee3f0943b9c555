//! `leye demo`: what the program does, shown on documents and people that it makes up itself.

mod documents;
mod region;

use std::fs;
use std::path::Path;

use crate::failure::{DONE, Failure, reason};
use crate::screen::Screen;

pub(crate) const USAGE: &str = "leye demo [选项]";
pub(crate) const AFTER_HELP: &str = "\
演示用的文件、人员和单位都是自拟的，不是真实文件，也没有这些人。结果都写在当前文件夹下的 leye-demo 里。
";

/// Where the demo writes.
const FOLDER: &str = "leye-demo";

/// Arguments of `leye demo`.
#[derive(Debug, clap::Args)]
pub(crate) struct Demo {
    /// 演示地区的代码或名称：330282 慈溪市、210300 鞍山市、512000 资阳市、500111 大足区；不写则为慈溪市
    #[arg(long, value_name = "地区", default_value = "330282", hide_default_value = true)]
    region: String,
    /// 演示地区16至69岁的人数；不写则为 20000
    #[arg(long, value_name = "人数", default_value_t = 20_000, hide_default_value = true)]
    people: u32,
}

impl Demo {
    /// Reads the samples, then makes a region and screens it.
    pub(crate) fn run(&self, screen: &mut Screen) -> Result<u8, Failure> {
        let folder = Path::new(".").join(FOLDER);
        fs::create_dir_all(&folder).map_err(|error| {
            Failure::new(
                format!("文件夹 ./{FOLDER} 建不了：{}", reason(&error)),
                "请换一个可以写入的文件夹再运行",
            )
        })?;
        let code = documents::show(screen, &folder)?;
        screen.line("")?;
        screen.flush()?;
        region::show(screen, &folder, &self.region, self.people)?;
        Ok(if code == DONE { DONE } else { code })
    }
}
