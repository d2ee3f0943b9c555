//! `leye serve`: the pages and the JSON API, until it is told to stop.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use civil::Day;
use policy::file::Tree;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use web::limits::Limits;
use web::{App, Outside};

use crate::failure::{DONE, Failure, reason};
use crate::home::Home;
use crate::ledger::wordings;
use crate::packs::Packs;
use crate::screen::{Screen, complain};

pub(crate) const USAGE: &str = "leye serve [选项]";
pub(crate) const AFTER_HELP: &str = "\
默认只有本机能访问。要让其他电脑访问，请用 --listen 写明本机在局域网中的地址，并放在提供 https 的代理之后（加 --behind-proxy）。
按 Ctrl+C 停止，已收到的请求处理完再退出。
退出码：0 正常停止；1 不能启动；64 命令写法有误。
";

/// Where pages are served when nobody says it: this machine alone.
pub(crate) const LISTEN: &str = "127.0.0.1:8080";
/// The time of Asia/Shanghai, all year, in seconds before UTC.
const SHANGHAI_SECONDS: u64 = 8 * 3_600;

/// Arguments of `leye serve`.
#[derive(Debug, clap::Args)]
pub(crate) struct Serve {
    /// 监听的地址和端口；不写则为 127.0.0.1:8080
    #[arg(long, value_name = "地址", default_value = LISTEN, hide_default_value = true)]
    listen: String,
    /// 把这一天当作今天（演示用，每页都会写明），如 2020-12-15
    #[arg(long, value_name = "日期")]
    today: Option<String>,
    /// 前面有提供 https 的代理：以代理转告的地址为访问者，Cookie 只走 https
    #[arg(long)]
    behind_proxy: bool,
    /// 数据文件夹；不写则用环境变量 LEYE_HOME，再不写则用 ./leye-home
    #[arg(long, value_name = "文件夹")]
    home: Option<PathBuf>,
    #[command(flatten)]
    packs: Packs,
}

impl Serve {
    /// Serves until Ctrl+C or the system's word to end.
    pub(crate) fn run(&self, screen: &mut Screen) -> Result<u8, Failure> {
        let set_day = self
            .today
            .as_deref()
            .map(|text| crate::dates::day("--today", text))
            .transpose()?;
        let address = address(&self.listen)?;
        self.packs.load(screen)?;
        let listener = Listener::bind(address, false)?;
        listener.serve(screen, self.outside(set_day)?)
    }

    fn outside(&self, set_day: Option<Day>) -> Result<Outside, Failure> {
        let home = Home::of(self.home.as_deref());
        // Refused now rather than at the first page.
        home.is_there()?;
        Ok(outside(home, self.packs.tree()?, set_day, self.behind_proxy))
    }
}

/// Serves the home of the demo on its day, with the packs compiled in.
pub(crate) fn demo(
    screen: &mut Screen,
    home: &Path,
    today: Day,
    (address, is_said): (SocketAddr, bool),
) -> Result<u8, Failure> {
    let listener = Listener::bind(address, !is_said)?;
    let outside = outside(Home::of(Some(home)), Tree::built_in(), Some(today), false);
    listener.serve(screen, outside)
}

/// The address that is asked for.
pub(crate) fn address(text: &str) -> Result<SocketAddr, Failure> {
    text.parse().map_err(|_| {
        Failure::misused(
            format!("--listen 的内容“{text}”不是地址和端口"),
            format!("请写成 {LISTEN}"),
        )
    })
}

fn outside(home: Home, tree: Tree, set_day: Option<Day>, behind_proxy: bool) -> Outside {
    Outside {
        tree,
        today: Box::new(move || set_day.unwrap_or_else(system_day)),
        day_is_set: set_day.is_some(),
        home: home.folder().to_owned(),
        wordings: Box::new(move |library| {
            let (wordings, remarks) = wordings(library, &home);
            for remark in remarks {
                complain(&remark);
            }
            wordings
        }),
        random: Box::new(|bytes| getrandom::fill(bytes).map_err(std::io::Error::other)),
        log: Box::new(complain),
        limits: Limits::default(),
        behind_proxy,
    }
}

/// A place that connections come to, with what answers them.
struct Listener {
    runtime: Runtime,
    listener: TcpListener,
    bound: SocketAddr,
}

impl Listener {
    /// Takes hold of the address; of another port where that one is taken and nobody asked for it.
    fn bind(address: SocketAddr, or_another: bool) -> Result<Self, Failure> {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
        let runtime = runtime.map_err(|error| cannot(&address, &error))?;
        let listener = runtime.block_on(async {
            match TcpListener::bind(address).await {
                Err(error) if or_another && error.kind() == ErrorKind::AddrInUse => {
                    TcpListener::bind(SocketAddr::new(address.ip(), 0)).await
                }
                bound => bound,
            }
        });
        let listener = listener.map_err(|error| cannot(&address, &error))?;
        let bound = listener.local_addr().map_err(|error| cannot(&address, &error))?;
        Ok(Self {
            runtime,
            listener,
            bound,
        })
    }

    /// Serves until it is told to stop.
    fn serve(self, screen: &mut Screen, outside: Outside) -> Result<u8, Failure> {
        let app = Arc::new(App::new(outside).map_err(|error| {
            let message = format!("系统不能提供随机数：{}", reason(&error));
            Failure::new(message, "请将该情况告知系统维护人员")
        })?);
        let Self {
            runtime,
            listener,
            bound,
        } = self;
        runtime.block_on(async {
            screen.line(&format!("乐业已启动：http://{bound}/"))?;
            screen.flush()?;
            screen.remark("按 Ctrl+C 停止")?;
            web::serve(listener, app, told_to_stop())
                .await
                .map_err(|error| cannot(&bound, &error))?;
            screen.remark("已停止")?;
            Ok(DONE)
        })
    }
}

/// The day it is in Asia/Shanghai by the system's clock: the one place where the program reads it.
pub(crate) fn system_day() -> Day {
    #[expect(
        clippy::disallowed_methods,
        reason = "the clock comes in here, from the outermost edge"
    )]
    let now = SystemTime::now();
    let seconds = now.duration_since(UNIX_EPOCH).map_or(0, |passed| passed.as_secs());
    let days = (seconds + SHANGHAI_SECONDS) / 86_400;
    i32::try_from(days)
        .ok()
        .and_then(Day::from_days_since_epoch)
        .unwrap_or(Day::MAX)
}

/// Over when the user or the system wants the program to end.
async fn told_to_stop() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut ended) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = ended.recv() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}

fn cannot(address: &SocketAddr, error: &std::io::Error) -> Failure {
    let why = match error.kind() {
        ErrorKind::AddrInUse => "端口已被其他程序占用".to_owned(),
        ErrorKind::AddrNotAvailable => "本机没有这个地址".to_owned(),
        _ => reason(error),
    };
    Failure::new(format!("不能在 {address} 启动：{why}"), "请用 --listen 另写地址或端口")
}
