//! Regions: chains, names, and what is wrong with a table of them.

use policy::Library;
use policy::regions::Level;

use crate::shared::built_in;

fn library() -> &'static Library {
    built_in()
}

#[test]
fn a_county_lies_in_its_city_and_its_province() {
    let regions = &library().regions;
    let chain: Vec<&str> = regions
        .chain("330282")
        .iter()
        .map(|region| region.name.as_str())
        .collect();
    assert_eq!(chain, ["慈溪市", "宁波市", "浙江省"]);
    assert!(regions.is_within("330282", "330000"));
    assert!(regions.is_within("330282", "330282"));
    assert!(!regions.is_within("330000", "330282"));
    assert_eq!(regions.get("330282").unwrap().level, Level::County);
}

#[test]
fn a_name_may_be_written_after_those_it_lies_in() {
    let regions = &library().regions;
    let code = |text: &str| regions.written(text).map(|region| region.code.to_string());
    assert_eq!(code("慈溪市"), Some("330282".to_owned()));
    assert_eq!(code("重庆市大足区"), Some("500111".to_owned()));
    assert_eq!(code("浙江省宁波市慈溪市"), Some("330282".to_owned()));
    // Two districts bear this name in other cities, and the name before it is neither's.
    assert_eq!(code("浙江省鼓楼区"), None);
    assert_eq!(code("不存在市"), None);
}

#[test]
fn an_unknown_code_is_answered_with_the_nearest() {
    let regions = &library().regions;
    assert!(regions.hint("210399").contains("2103"), "{}", regions.hint("210399"));
    assert_eq!(regions.hint("鞍山"), "最接近的是“鞍山市”");
    // Nothing near: how to name a region, not a list of those that are known.
    for far in ["999999", "火星"] {
        let hint = regions.hint(far);
        assert!(hint.contains("地区全称") && hint.chars().count() < 80, "{far}: {hint}");
    }
}
