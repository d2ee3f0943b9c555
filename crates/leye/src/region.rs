//! `--region`: a region by its code, or by the name that the list of regions has.

use civil::{RegionCode, RegionLevel};
use policy::Regions;

use crate::failure::Failure;

/// Reads a region. A name that several have is refused with all of them: nobody guesses which is meant.
///
/// # Errors
/// [`Failure`] with the nearest, where there is no such region.
pub(crate) fn read(text: &str, regions: &Regions) -> Result<RegionCode, Failure> {
    let text = text.trim();
    if let Ok(code) = RegionCode::parse(text) {
        let county = county(code);
        if regions.iter().next().is_some() && regions.get(&county).is_none() {
            return Err(Failure::new(format!("没有区划代码“{text}”"), regions.hint(&county)));
        }
        return Ok(code);
    }
    if text.is_empty() || text.chars().any(|c| c.is_numeric()) {
        return Err(Failure::misused(
            format!("--region 的内容“{text}”不是行政区划代码"),
            "请写 6、9 或 12 位数字，如 330282，或县级以上地区的全称，如 慈溪市",
        ));
    }
    let spellings = regions.spellings();
    match spellings.get(text).map(Vec::as_slice) {
        Some([region]) => RegionCode::parse(&region.code).map_err(|error| {
            Failure::new(
                format!("区划代码“{}”{error}", *region.code),
                "请核对 shared/regions.toml",
            )
        }),
        Some(several) => {
            let several = several
                .iter()
                .map(|region| format!("{} {}", *region.code, regions.full_name(&region.code)));
            let several = several.collect::<Vec<_>>().join("、");
            Err(Failure::misused(
                format!(
                    "--region 的“{text}”有 {} 个地区",
                    spellings.get(text).map_or(0, Vec::len)
                ),
                format!("请写代码，或在前面写明所属的市、省：{several}"),
            ))
        }
        None => Err(Failure::misused(
            format!("--region 的内容“{text}”不是地区名称"),
            regions.hint(text),
        )),
    }
}

/// A region as people say it: `330282 慈溪市`.
pub(crate) fn named(code: RegionCode, regions: &Regions) -> String {
    let name = regions.get(&county(code)).map(|region| region.name.as_str());
    // Of a township only the county's name is known.
    match name.filter(|_| code.level() <= RegionLevel::County) {
        Some(name) => format!("{code} {name}"),
        None => code.to_string(),
    }
}

fn county(code: RegionCode) -> String {
    code.at(RegionLevel::County).unwrap_or(code).to_string()
}
