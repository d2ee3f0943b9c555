//! `leye demo`: what the program does, shown on documents and people that it makes up itself; then the pages over them.

mod documents;
mod region;

use std::fs;
use std::path::Path;

use crate::failure::{DONE, Failure, reason};
use crate::screen::Screen;
use crate::serve;

pub(crate) const USAGE: &str = "leye demo [选项]";
pub(crate) const AFTER_HELP: &str = "\
演示用的文件、人员和单位都是自拟的，不是真实文件，也没有这些人。结果都写在当前文件夹下的 leye-demo 里。
做完后在本机打开网页，演示日期为 2020-12-15，按 Ctrl+C 停止；加 --no-serve 则不打开网页。
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
    /// 网页监听的地址和端口；不写则为 127.0.0.1:8080，被占用时另取一个端口
    #[arg(long, value_name = "地址", conflicts_with = "no_serve")]
    listen: Option<String>,
    /// 做完即结束，不打开网页
    #[arg(long)]
    no_serve: bool,
}

impl Demo {
    /// Reads the samples, then makes a region and screens it.
    pub(crate) fn run(&self, screen: &mut Screen) -> Result<u8, Failure> {
        // A mistake in an argument is told before anything is made.
        let address = serve::address(self.listen.as_deref().unwrap_or(serve::LISTEN))?;
        let wanted = region::Wanted::read(&self.region, self.people)?;
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
        let home = region::show(screen, &folder, wanted)?;
        if self.no_serve || code != DONE {
            return Ok(code);
        }
        screen.line("")?;
        serve::demo(screen, &home, region::today(), (address, self.listen.is_some()))
    }
}
