//! `leye entitlements`: all benefits of a region for one case.

use std::path::PathBuf;

use civil::Money;
use policy::file::meant;
use rules::benefit::{CLAIM_UNTIL, EFFECTIVE};
use rules::catalogue::Catalogue;
use rules::decision::{cited, missing, soon};
use rules::entitlement::{Entitlement, Entitlements, Standing, benefits_of, to_json};

use crate::dates::Dates;
use crate::failure::{DONE, Failure};
use crate::screen::Screen;
use crate::{facts, packs, region};

pub(crate) const USAGE: &str = "leye entitlements --region <地区> --as-of <日期> [选项] <信息文件>";
pub(crate) const AFTER_HELP: &str = "\
列出该地及其上级的全部扶持政策：初步符合的、缺信息的、暂不符合的（原因和最早日期）、已到期的（截止日）。
信息文件与 leye decide 相同；没有写受理地的，按所查地区。
退出码：0 已列出；1 不能判断；64 命令写法有误。
";

/// Arguments of `leye entitlements`.
#[derive(Debug, clap::Args)]
pub(crate) struct Ask {
    /// 地区的代码（6、9 或 12 位）或全称，如 330282 或 慈溪市
    #[arg(long, value_name = "地区")]
    region: String,
    #[command(flatten)]
    dates: Dates,
    /// 以 JSON 输出
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    packs: packs::Packs,
    /// 信息文件（JSON）
    #[arg(value_name = "信息文件", help_heading = "参数")]
    facts: PathBuf,
}

impl Ask {
    /// Decides every benefit and lists them by how they stand.
    pub(crate) fn run(&self, screen: &mut Screen) -> Result<u8, Failure> {
        let (as_of, known_on) = self.dates.read()?;
        let facts = facts::read(&self.facts)?;
        let catalogue = Catalogue::load(&self.packs.tree()?);
        let region = region::read(&self.region, &catalogue.library.regions)?.to_string();
        Self::check_region(&catalogue, &region)?;
        let latest = Some(catalogue.latest_known()).max(rules::case::latest_known(&catalogue.vocabulary, &facts));
        let known_on = known_on.or(latest).unwrap_or(as_of);
        let list = Entitlements::new(&catalogue, &region, known_on)
            .of(&facts, as_of)
            .map_err(|error| Failure::new(error.to_string(), "用 leye policy template <编号> 查看所需的信息项"))?;
        if self.json {
            screen.line(&to_json(&region, as_of, known_on, &list).to_string())?;
            return Ok(DONE);
        }
        let place = catalogue.library.regions.get(region.get(..6).unwrap_or_default());
        screen.line(&format!(
            "{}（{}）扶持政策预审，共 {} 项。判断日：{as_of}；所用文件、标准和数据截至：{known_on}",
            place.map_or("", |place| place.name.as_str()),
            region,
            list.len()
        ))?;
        for standing in Standing::ALL {
            show(&catalogue, standing, &list, screen)?;
        }
        if list
            .iter()
            .any(|one| one.decision.assumed.iter().any(|word| word == "history"))
        {
            screen.line("未提供享受记录，按从未享受判断。")?;
        }
        screen.line("测算结果仅供参考，以经办机构审核为准。")?;
        Ok(DONE)
    }

    fn check_region(catalogue: &Catalogue, code: &str) -> Result<(), Failure> {
        if benefits_of(catalogue, code).is_empty() {
            let covered = catalogue
                .library
                .packs
                .values()
                .filter_map(|pack| pack.policy.region.as_deref());
            let covered: Vec<&str> = covered.map(String::as_str).collect();
            let hint = format!(
                "已收录文件的地区：{}；{}",
                covered.join("、"),
                meant(code, covered.iter().copied())
            );
            return Err(Failure::new(format!("没有适用于 {code} 的扶持政策"), hint));
        }
        Ok(())
    }
}

fn show(catalogue: &Catalogue, standing: Standing, list: &[Entitlement], screen: &mut Screen) -> Result<(), Failure> {
    let those: Vec<&Entitlement> = list.iter().filter(|one| one.standing == standing).collect();
    if those.is_empty() {
        return Ok(());
    }
    screen.line("")?;
    screen.line(&format!("{}（{} 项）", standing.label(), those.len()))?;
    for one in those {
        for line in lines(catalogue, one) {
            screen.line(&format!("  {line}"))?;
        }
    }
    Ok(())
}

/// One benefit in one line, and below it what keeps it.
fn lines(catalogue: &Catalogue, one: &Entitlement) -> Vec<String> {
    let decision = &one.decision;
    let benefit = catalogue.benefits.versions(&decision.benefit).first();
    let source = benefit.map_or_else(String::new, |benefit| {
        format!("〔{}〕", cited(catalogue, &benefit.cite))
    });
    let yuan = |fen: i64| Money::from_fen(fen).to_string();
    let sum = match one.standing {
        Standing::Eligible => {
            let loan = decision.loan.as_ref().and_then(|loan| loan.limit_fen);
            decision
                .amount_fen
                .map(|amount| format!("：{}", yuan(amount)))
                .or(loan.map(|limit| format!("：最高可贷{}", yuan(limit))))
        }
        Standing::Expired => one.expired_on.map(|day| format!("：已到期（截止日{day}）")),
        _ => None,
    };
    let mut lines = vec![format!(
        "{}（{}）{}{source}",
        decision.name,
        decision.benefit,
        sum.unwrap_or_default()
    )];
    if one.standing == Standing::Ineligible {
        let failing = decision.decided_by.as_ref();
        let failing = decision
            .conditions
            .iter()
            .find(|condition| Some(&condition.id) == failing);
        lines.extend(failing.map(|condition| format!("    不符合：{}", condition.text)));
    }
    if matches!(
        one.standing,
        Standing::Undetermined | Standing::Discretionary | Standing::Directive
    ) {
        lines.extend(
            missing(catalogue, decision)
                .into_iter()
                .map(|line| format!("    {line}")),
        );
    }
    if one.standing == Standing::Expired {
        lines.extend(within(catalogue, one));
    } else {
        lines.extend(soon(catalogue, decision).map(|line| format!("    {line}")));
    }
    lines
}

/// What to add where a case does not say the date by which a window that is over is judged.
fn within(catalogue: &Catalogue, one: &Entitlement) -> Option<String> {
    let mut conditions = one.decision.conditions.iter();
    let open = conditions
        .find(|condition| matches!(condition.id.as_str(), EFFECTIVE | CLAIM_UNTIL) && condition.result.is_none())?;
    let dictionary = &catalogue.vocabulary.dictionary;
    let facts = open.facts.iter().filter(|(_, value)| value.is_null());
    let labels: Vec<&str> = facts
        .filter_map(|(name, _)| dictionary.fact(name))
        .map(|fact| fact.label.as_str())
        .collect();
    (!labels.is_empty()).then(|| format!("    {}在期限内的，请补充后再查", labels.join("、")))
}
