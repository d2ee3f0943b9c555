//! `leye policy template`: an empty file of facts for a benefit, or an empty benefit to begin with.

use std::collections::BTreeMap;

use policy::fact::{Fact, FactType};
use rules::catalogue::Catalogue;
use rules::engine::Engine;
use serde_json::{Map, Value};

use crate::failure::{DONE, Failure};
use crate::packs;
use crate::screen::Screen;

pub(crate) const USAGE: &str = "leye policy template [--new] <编号>";
pub(crate) const AFTER_HELP: &str = "\
不带 --new：列出该补贴项目用到的信息项，作为信息文件的空白样式；把每个引号里的说明换成实际值，不知道的整行删去。
带 --new：打印一份空白的补贴项目文件，从这里开始编写，见 docs/writing-policy.md。
";

/// Arguments of `leye policy template`.
#[derive(Debug, clap::Args)]
pub(crate) struct Template {
    /// 打印空白的补贴项目文件
    #[arg(long)]
    new: bool,
    #[command(flatten)]
    packs: packs::Packs,
    /// 补贴项目编号
    #[arg(value_name = "编号", help_heading = "参数")]
    id: String,
}

impl Template {
    /// Prints the template.
    pub(crate) fn run(&self, screen: &mut Screen) -> Result<u8, Failure> {
        if self.new {
            screen.raw(&BLANK.replace("{id}", &self.id))?;
            return Ok(DONE);
        }
        let catalogue = Catalogue::load(&self.packs.tree()?);
        let versions = catalogue
            .find(&self.id)
            .map_err(|hint| Failure::new(format!("没有补贴项目“{}”", self.id), hint))?;
        if versions.is_empty() {
            return Ok(DONE);
        }
        let (engine, _) = Engine::compile_only(&catalogue, catalogue.latest_known(), None, [self.id.as_str()]);
        let mut entities: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
        for input in &engine.program.inputs {
            let name = input
                .fact
                .map(|fact| catalogue.vocabulary.fact_name(fact))
                .unwrap_or_default();
            if let (Some(fact), Some((entity, rest))) =
                (catalogue.vocabulary.dictionary.fact(name), name.split_once('.'))
            {
                entities
                    .entry(entity)
                    .or_default()
                    .insert(rest.to_owned(), Value::from(blank(&catalogue, fact)));
            }
        }
        let mut facts: Map<String, Value> = entities
            .into_iter()
            .map(|(entity, facts)| (entity.to_owned(), Value::Object(facts)))
            .collect();
        if !engine.history.is_empty() {
            facts.insert("history".to_owned(), Value::Array(Vec::new()));
        }
        let text = serde_json::to_string_pretty(&Value::Object(facts))
            .map_err(|error| Failure::new(format!("不能输出：{error}"), "请重试"))?;
        screen.line(&text)?;
        Ok(DONE)
    }
}

/// What to write there: a text that no fact accepts, so that nothing is forgotten by mistake.
fn blank(catalogue: &Catalogue, fact: &Fact) -> String {
    let kind = match &fact.kind {
        FactType::Int => "整数".to_owned(),
        FactType::Fen => "以分为单位的整数".to_owned(),
        FactType::Decimal => "加引号的小数或百分数".to_owned(),
        FactType::Bool => "true 或 false".to_owned(),
        FactType::Date => "日期，如 2020-12-31".to_owned(),
        FactType::Month => "月份，如 2020-11".to_owned(),
        FactType::Region => "6、9 或 12 位行政区划代码".to_owned(),
        FactType::Code(list) => {
            let codes = catalogue
                .vocabulary
                .dictionary
                .list(list)
                .map(|list| list.codes.as_slice())
                .unwrap_or_default();
            let words: Vec<String> = codes
                .iter()
                .map(|code| format!("{}（{}）", code.code, code.label))
                .collect();
            format!("选一个：{}", words.join("、"))
        }
    };
    format!("{}：{kind}", fact.label)
}

/// A benefit with nothing filled in.
const BLANK: &str = r#"# 第…项。说明原文载明什么、没有载明什么。
format = 1
id = "{id}"
name = ""
kind = "subsidy"          # subsidy refund allowance loan interest relief award service
right = "entitlement"     # entitlement discretionary directive
status = "computable"     # computable，或 delegated（条件或金额由未收录的文件规定，须列 [[open]]）
payee = "employer"
channel = "hr-budget"     # hr-budget ui-fund collection bank landlord civil-affairs other-department intergovernmental
per = "employment"
cite = { item = "" }
effective = { on = "employment.contract_date", from = 2020-01-01, to = 2020-12-31 }
once = "person"

[[reading]]
id = "r1"
text = ""
alternatives = [""]
status = "open"

[[condition]]
id = ""
text = ""
when = ""

[amount]
is = "yuan(0)"

[funding]
fund = "n/s"              # 原文只说财政或没有说的，写 n/s
"#;
