//! Regions: codes, names, levels, and which lies in which.

use std::collections::BTreeMap;

use crate::file::{Diagnostics, Located, Table, nearest};

/// A region of `shared/regions.toml`.
#[derive(Debug, Clone)]
pub struct Region {
    /// Six digits of GB/T 2260.
    pub code: Located<String>,
    /// Its full name: 慈溪市.
    pub name: String,
    /// Its level.
    pub level: Level,
    /// Code of the region it lies in; absent for a province.
    pub parent: Option<Located<String>>,
}

/// What to do where no name or code is near.
const HOW_TO_NAME: &str =
    "请写地区全称，如“慈溪市”，或6位行政区划代码（居民身份证号码前6位的编码方式，以民政部门公布的为准）";

/// Administrative levels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// 省、自治区、直辖市.
    Province,
    /// 地级市、自治州、盟.
    Prefecture,
    /// 县、县级市、市辖区、旗.
    County,
    /// 开发区、高新区 and other zones with a management committee.
    Zone,
    /// 乡镇、街道.
    Township,
}

impl Level {
    /// Levels of regions, by their word in pack files.
    pub(crate) const REGION_WORDS: [(&'static str, Self); 4] = [
        ("province", Self::Province),
        ("prefecture", Self::Prefecture),
        ("county", Self::County),
        ("zone", Self::Zone),
    ];
}

/// All regions that are known.
#[derive(Debug, Clone, Default)]
pub struct Regions {
    by_code: BTreeMap<String, Region>,
}

impl Regions {
    /// Reads `shared/regions.toml`.
    pub(crate) fn read(mut table: Table<'_>) -> Self {
        let diagnostics = table.diagnostics();
        let mut by_code: BTreeMap<String, Region> = BTreeMap::new();
        for entry in table.tables("region") {
            let Some(region) = read_region(entry) else {
                continue;
            };
            if let Some(first) = by_code.get(region.code.as_str()) {
                let message = format!("区划代码“{}”重复", *region.code);
                region
                    .code
                    .report(diagnostics, message, format!("第一次出现在 {}", first.code.place()));
                continue;
            }
            by_code.insert(region.code.to_string(), region);
        }
        table.finish();
        let regions = Self { by_code };
        regions.check(diagnostics);
        regions
    }

    /// The region with this code.
    pub fn get(&self, code: &str) -> Option<&Region> {
        self.by_code.get(code)
    }

    /// The regions with this name; several counties may share one.
    pub fn named(&self, name: &str) -> impl Iterator<Item = &Region> {
        self.by_code.values().filter(move |region| region.name == name)
    }

    /// The one region a document means by `text`: its name, alone or after the names of those it lies in (重庆市大足区).
    pub fn written(&self, text: &str) -> Option<&Region> {
        let mut found = self.by_code.values().filter(|region| {
            text.strip_suffix(region.name.as_str())
                .is_some_and(|before| before.is_empty() || self.lies_in_named(region, before))
        });
        let first = found.next()?;
        found.next().is_none().then_some(first)
    }

    fn lies_in_named(&self, region: &Region, before: &str) -> bool {
        self.chain(&region.code)
            .iter()
            .skip(1)
            .any(|above| before.ends_with(&above.name))
    }

    /// Every way in which people write a region's name: alone, or after one or more of those it lies in, without gaps
    /// (宁波市慈溪市). Several counties may share a name.
    pub fn spellings(&self) -> BTreeMap<String, Vec<&Region>> {
        let mut spellings: BTreeMap<String, Vec<&Region>> = BTreeMap::new();
        for region in self.by_code.values() {
            let mut written = vec![region.name.clone()];
            for above in self.chain(&region.code).into_iter().skip(1) {
                let longer: Vec<String> = written.iter().map(|name| format!("{}{name}", above.name)).collect();
                written.extend(longer);
            }
            for name in written {
                spellings.entry(name).or_default().push(region);
            }
        }
        spellings
    }

    /// A region with those it lies in, outermost first: 浙江省宁波市慈溪市.
    pub fn full_name(&self, code: &str) -> String {
        let names = self.chain(code).into_iter().rev().map(|region| region.name.as_str());
        names.collect()
    }

    /// All of them, by code.
    pub fn iter(&self) -> impl Iterator<Item = &Region> {
        self.by_code.values()
    }

    /// The region and those it lies in, innermost first.
    pub fn chain<'a>(&'a self, code: &str) -> Vec<&'a Region> {
        let mut chain: Vec<&Region> = Vec::new();
        let mut next = self.get(code);
        while let Some(region) = next {
            if chain.iter().any(|known| known.code == region.code) {
                break;
            }
            chain.push(region);
            next = region.parent.as_ref().and_then(|parent| self.get(parent));
        }
        chain
    }

    /// True where `code` is `ancestor` or lies in it.
    pub fn is_within(&self, code: &str, ancestor: &str) -> bool {
        self.chain(code).iter().any(|region| *region.code == ancestor)
    }

    /// What to say after an unknown code or name: the nearest ones.
    pub fn hint(&self, wanted: &str) -> String {
        if wanted.bytes().all(|b| b.is_ascii_digit()) {
            let known: Vec<String> = self
                .iter()
                .map(|region| format!("{} {}", *region.code, region.name))
                .collect();
            // Codes say where they lie by their beginning, so the longest common one is the nearest.
            let common = |entry: &String| entry.bytes().zip(wanted.bytes()).take_while(|(a, b)| a == b).count();
            let best = known
                .iter()
                .max_by_key(|entry| common(entry))
                .filter(|entry| common(entry) >= 2);
            return match best {
                Some(best) => format!("最接近的是“{best}”"),
                None => HOW_TO_NAME.to_owned(),
            };
        }
        let names = self.by_code.values().map(|region| region.name.as_str());
        match nearest(wanted, names, 1).first() {
            Some(best) => format!("最接近的是“{best}”"),
            None => HOW_TO_NAME.to_owned(),
        }
    }

    fn check(&self, diagnostics: &Diagnostics) {
        for region in self.by_code.values() {
            match (&region.parent, region.level) {
                (None, Level::Province) => {}
                (None, _) => {
                    let message = format!("“{}”没有写明上级区划 parent", region.name);
                    region.code.report(diagnostics, message, "只有省级没有上级");
                }
                (Some(parent), _) => self.check_parent(region, parent, diagnostics),
            }
        }
    }

    fn check_parent(&self, region: &Region, parent: &Located<String>, diagnostics: &Diagnostics) {
        let Some(above) = self.get(parent) else {
            parent.report(diagnostics, format!("没有区划代码“{}”", **parent), self.hint(parent));
            return;
        };
        if above.level >= region.level && region.level != Level::Zone {
            let message = format!("“{}”的上级“{}”与其同级或更低", region.name, above.name);
            parent.report(diagnostics, message, "请核对 level 和 parent");
        }
        let looped = self.chain(&region.code).last().is_some_and(|top| top.parent.is_some());
        if looped
            && self
                .chain(&region.code)
                .iter()
                .all(|r| r.parent.as_ref().is_some_and(|p| self.get(p).is_some()))
        {
            parent.report(diagnostics, format!("“{}”的上级关系成环", region.name), "请核对 parent");
        }
    }
}

fn read_region(mut table: Table<'_>) -> Option<Region> {
    table.require(&["code", "name", "level"]);
    let diagnostics = table.diagnostics();
    let code = table.text("code");
    let name = table.text("name").map(Located::into_value);
    let level = table.word("level", &Level::REGION_WORDS).map(Located::into_value);
    let parent = table.text("parent");
    table.finish();
    let code = code?;
    if code.len() != 6 || !code.bytes().all(|b| b.is_ascii_digit()) {
        code.report(
            diagnostics,
            format!("“{}”不是6位区划代码", *code),
            "应为如 \"330282\" 的6位数字",
        );
        return None;
    }
    Some(Region {
        code,
        name: name?,
        level: level?,
        parent,
    })
}
