//! The first page: what can be done here, by who does it.

use askama::Template;
use axum::response::Response;
use axum::routing::get;

use super::Entry;
use crate::error::Error;
use crate::layout::{Layout, Link, page};
use crate::parts::{Figure, Figures, Tone};
use crate::visit::Visit;

pub(super) const ENTRIES: &[Entry] = &[Entry {
    path: "/",
    navigation: Some("首页"),
    route: || get(show),
    uploads: false,
    examples: &["/"],
    forms: false,
}];

#[derive(Template)]
#[template(path = "home.html")]
struct Home {
    layout: Layout,
    figures: Figures,
    roles: &'static [Role],
}

/// What somebody can do: links to pages, and commands for what has no page.
struct Role {
    name: &'static str,
    deeds: &'static [Deed],
}

struct Deed {
    text: &'static str,
    /// The page; empty where there is none yet.
    href: &'static str,
    /// The command; empty where the page does it all.
    command: &'static str,
}

const fn on_page(text: &'static str, href: &'static str) -> Deed {
    Deed {
        text,
        href,
        command: "",
    }
}

const fn by_command(text: &'static str, command: &'static str) -> Deed {
    Deed {
        text,
        href: "",
        command,
    }
}

const ROLES: &[Role] = &[
    Role {
        name: "群众和企业",
        deeds: &[
            on_page("回答几个问题，看看能享受什么", "/ask"),
            on_page("按地区和情形翻看扶持政策", "/catalogue"),
            on_page("企业拿名单自查，看哪些人可以申领补贴", "/employer"),
        ],
    },
    Role {
        name: "就业工作领导小组办公室",
        deeds: &[
            on_page("查看责任台账：谁牵头、谁配合、什么时候到期", "/duties"),
            on_page("按单位看任务，导出分单位的 Excel 台账", "/duties/units"),
            on_page("按月份看到期任务", "/duties/months"),
            on_page("把新收到的文件识别成责任台账", "/documents"),
            on_page("比较一份文件的两个版本", "/documents/compare"),
            by_command("一次识别整个文件夹", "leye extract 文件夹 --xlsx 台账.xlsx"),
        ],
    },
    Role {
        name: "政策业务科室",
        deeds: &[
            on_page("查看政策文件库收录了哪些文件、哪些补贴可以计算", "/rules"),
            on_page("查看待确认的口径，准备请示", "/rules/readings"),
            on_page("查看政策标准历年的变化和依据", "/rules/parameters"),
            by_command("拟写请示口径的函", "leye policy readings"),
            on_page("政策测算：改一项标准，看谁增谁减、钱差多少", "/screening/simulations"),
        ],
    },
    Role {
        name: "经办窗口和审核人员",
        deeds: &[
            by_command("对一个对象预审一项扶持政策，列明条件和依据", "leye decide"),
            by_command("列出一个对象能享受的全部扶持政策", "leye entitlements"),
            on_page("批量筛查：对照数据找出符合条件的人和单位，逐条看原因", "/screening"),
        ],
    },
    Role {
        name: "数据和信息化人员",
        deeds: &[
            by_command("导入社保、登记、培训等数据表", "leye register import"),
            on_page("用接口取责任台账（JSON）", "/api/v1/ledger"),
            on_page("用接口取政策清单（JSON）", "/api/v1/policy"),
            on_page("用接口取筛查结果（JSON）", "/api/v1/runs"),
        ],
    },
];

async fn show(visit: Visit) -> Result<Response, Error> {
    let library = &visit.app.catalogue.library;
    let entries = visit.app.registry();
    let tasks: usize = library.packs.values().map(|pack| pack.tasks.len()).sum();
    let readings: usize = entries.iter().map(rules::registry::Entry::open_readings).sum();
    let figure = |label: &str, value: usize, unit: &str, href: &str, tone| Figure {
        label: label.to_owned(),
        value: format!("{value} {unit}"),
        href: href.to_owned(),
        tone,
    };
    let figures = Figures {
        figures: vec![
            figure("政策文件", library.packs.len(), "份", "/rules", Tone::Plain),
            figure("任务", tasks, "项", "/duties", Tone::Plain),
            figure("扶持政策", entries.len(), "项", "/rules", Tone::Plain),
            figure("待确认口径", readings, "处", "/rules/readings", Tone::Warn),
        ],
    };
    page(&Home {
        layout: visit.layout("从政策文件到落实到人"),
        figures,
        roles: ROLES,
    })
}

impl Deed {
    fn link(&self) -> Option<Link> {
        (!self.href.is_empty()).then(|| Link::new(self.text, self.href))
    }
}
