//! `leye replay`: the same decision again from its receipt and its facts.

use std::path::PathBuf;

use rules::receipt::sm3_of;
use rules::replay::{self, Receipt};
use serde_json::Value;

use crate::failure::{DONE, FAILED, Failure};
use crate::home::Home;
use crate::screen::Screen;
use crate::{facts, kept_packs, packs};

pub(crate) const USAGE: &str = "leye replay [选项] <核算依据单> <信息文件>";
pub(crate) const AFTER_HELP: &str = "\
核算依据单是 leye decide --json 的结果，或其中的 receipt 部分；信息文件是当时所用的信息文件。
给出什么就比较什么：给出全部结果的，逐项比较；只给 receipt 的，比较校验值。
政策文件按依据单所列校验值，取自数据文件夹留存的，或现有的政策文件库。
退出码：0 逐字节一致；1 不一致，或不能重放；64 命令写法有误。
";

/// Arguments of `leye replay`.
#[derive(Debug, clap::Args)]
pub(crate) struct Replay {
    /// 数据文件夹；不写则为环境变量 LEYE_HOME 或 ./leye-home
    #[arg(long, value_name = "文件夹")]
    home: Option<PathBuf>,
    #[command(flatten)]
    packs: packs::Packs,
    /// 核算依据单（JSON）
    #[arg(value_name = "核算依据单", help_heading = "参数")]
    receipt: PathBuf,
    /// 信息文件（JSON）
    #[arg(value_name = "信息文件", help_heading = "参数")]
    facts: PathBuf,
}

impl Replay {
    /// Decides again and compares to the bit all that was given: the whole decision, or the receipt alone.
    pub(crate) fn run(&self, screen: &mut Screen) -> Result<u8, Failure> {
        let kept = facts::read(&self.receipt)?;
        let shown = self.receipt.display();
        let receipt = Receipt::read(&kept).ok_or_else(|| {
            Failure::new(
                format!("{shown} 不是核算依据单"),
                "应为 leye decide --json 的结果，或其中的 receipt 部分",
            )
        })?;
        let facts = facts::read(&self.facts)?;
        let facts_sm3 = sm3_of(&facts);
        if facts_sm3 != receipt.facts_sm3 {
            return Err(Failure::new(
                format!(
                    "信息文件与依据单所记的不是同一份：依据单为 {}，现为 {facts_sm3}",
                    receipt.facts_sm3
                ),
                "请找出当时所用的信息文件；内容改动过的不能重放",
            ));
        }
        let (tree, exact) = self.tree(&receipt, screen)?;
        let decision = replay::again(&tree, &receipt, &facts)
            .map_err(|error| Failure::new(error.to_string(), "请核对依据单与信息文件"))?;
        let now = decision.to_json();
        let engine = part(&now, "engine");
        if engine != receipt.engine {
            screen.line(&format!("程序版本不同：当时为 {}，现为 {engine}", receipt.engine))?;
        }
        let now_sm3 = part(&now, "decision_sm3");
        let altered = replay::altered(&kept, &now);
        let same_decision = now_sm3 == receipt.decision_sm3;
        if exact && same_decision && altered.is_empty() {
            screen.line(&format!(
                "重放一致，逐字节相同：{}，{}（{now_sm3}）",
                decision.name,
                decision.outcome.label()
            ))?;
            return Ok(DONE);
        }
        if same_decision && exact {
            screen.line(&format!(
                "重放不一致：{shown} 所记的校验值与重放所得相同，内容却不同，有 {} 处被改动过，不能作为凭据",
                altered.len()
            ))?;
        } else if same_decision && altered.iter().all(|(path, ..)| is_of_packs(path)) {
            screen.line("按现有政策文件判断，结果与当时逐字节相同；但政策文件已不是当时的，不算重放。")?;
            return Ok(FAILED);
        } else {
            screen.line(&format!(
                "重放不一致：依据单为 {}，现为 {now_sm3}",
                receipt.decision_sm3
            ))?;
        }
        // The hashes stand in the line above.
        for (path, was, now) in altered.iter().filter(|(path, ..)| !path.ends_with("decision_sm3")) {
            screen.line(&format!("    {path}：当时 {was}，现在 {now}"))?;
        }
        if kept.get("receipt").is_none() {
            screen.line(&format!(
                "现在的结果：{}；依据单没有附当时的结果，不能逐项比较。",
                decision.outcome.label()
            ))?;
        }
        Ok(FAILED)
    }

    /// The packs that the receipt names, by their hashes, and `true`; where one is not to be had any more, those that are
    /// loaded now, and `false`.
    fn tree(&self, receipt: &Receipt, screen: &mut Screen) -> Result<(policy::file::Tree, bool), Failure> {
        let home = Home::of(self.home.as_deref());
        let current = self.packs.tree()?;
        let (contents, hashes) = (replay::contents(&current), replay::hashes(&current));
        let mut found: Vec<(String, String)> = Vec::new();
        let mut absent: Vec<String> = Vec::new();
        for (id, sm3) in &receipt.packs {
            let here = contents.get(id).filter(|_| hashes.get(id) == Some(sm3)).cloned();
            match here.map_or_else(|| kept_packs::find(&home, id, sm3), |here| Ok(Some(here)))? {
                Some(content) => found.push((id.clone(), content)),
                None => absent.push(match hashes.get(id) {
                    Some(now) => format!("{id}：依据单为 {sm3}，现有的为 {now}"),
                    None => format!("{id}：依据单为 {sm3}，现在没有"),
                }),
            }
        }
        if !absent.is_empty() {
            for line in &absent {
                screen.line(line)?;
            }
            screen.line(&format!(
                "有 {} 份政策文件与当时不同，当时的版本没有留存，不能重放；以下按现有政策文件判断，只供比较。请用 --home 指定当时的数据文件夹，或用 --policies 指定当时的政策文件库",
                absent.len()
            ))?;
            return Ok((current, false));
        }
        let named = found.iter().map(|(id, content)| (id.as_str(), content.as_str()));
        replay::tree(named)
            .map(|tree| (tree, true))
            .ok_or_else(|| Failure::new("留存的政策文件读不出", "请升级 leye，或从备份恢复 packs 文件夹"))
    }
}

/// True for what must differ where other packs are used than those of the receipt.
fn is_of_packs(path: &str) -> bool {
    path.starts_with("receipt.packs") || path.starts_with("packs")
}

/// A text of the receipt.
fn part(decision: &Value, key: &str) -> String {
    let receipt = decision.get("receipt");
    let value = receipt.and_then(|receipt| receipt.get(key)).and_then(Value::as_str);
    value.unwrap_or_default().to_owned()
}
