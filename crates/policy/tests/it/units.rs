//! From a printed name to its function.

use civil::Day;
use policy::file::Tree;
use policy::{Library, Units};

use crate::shared::{built_in, extract};

fn units() -> &'static Units {
    &built_in().units
}

#[test]
fn a_name_is_a_place_and_a_stem() {
    let units = units();
    let cases = [
        ("市财政局", Some("finance")),
        ("省财政厅", Some("finance")),
        ("财政局", Some("finance")),
        ("重庆市大足区财政局", Some("finance")),
        ("高新区财政局", Some("finance")),
        ("各级财政部门", Some("finance")),
        ("市人社局", Some("human-resources")),
        ("县人力资源和社会保障局", Some("human-resources")),
        ("国家税务总局慈溪市税务局", Some("tax")),
        ("宁波银保监局", Some("banking-supervision")),
        ("人行泉州市中心支行", Some("central-bank")),
        ("宁波市生态环境局慈溪分局", Some("ecology-environment")),
        ("区农业农村委（区扶贫办）", Some("agriculture-rural")),
        ("区农业农村委(区扶贫办)", Some("agriculture-rural")),
        ("市 人社局", Some("human-resources")),
        ("市委编办", Some("staffing")),
        // Neither a known name nor a place before a stem.
        ("火星局", None),
        ("某某科技有限公司", None),
        ("甲、乙财政局", None),
        ("财政", None),
        ("", None),
    ];
    for (name, expected) in cases {
        assert_eq!(
            units.function_of(name).map(|function| function.id.as_str()),
            expected,
            "{name}"
        );
    }
}

#[test]
fn a_name_without_end_costs_no_time() {
    assert!(units().function_of(&"市财政局".repeat(1_000)).is_none());
}

#[test]
fn a_stem_two_functions_claim_is_left_open() {
    let tree = Tree::from_files([
        ("shared/regions.toml", "format = 1\n"),
        (
            "shared/units.toml",
            "format = 1\n[[function]]\nid = 'a'\nname = '甲'\nstems = ['文体局', '体育局']\n\
             [[function]]\nid = 'b'\nname = '乙'\nstems = ['文体局']\n",
        ),
    ]);
    let units = Library::load(&tree).units;
    assert!(units.function_of("市文体局").is_none());
    assert_eq!(units.function_of("市体育局").unwrap().id.as_str(), "a");
}

#[test]
fn a_function_is_found_by_id_and_by_name() {
    let units = units();
    assert_eq!(units.function("human-resources").unwrap().name, "人力资源社会保障");
    assert_eq!(
        units.function("人力资源社会保障").unwrap().id.as_str(),
        "human-resources"
    );
    assert!(units.function("人力").is_none());
}

#[test]
fn a_renamed_unit_is_known_under_its_name_of_the_day() {
    let units = units();
    let on = |name: &str, day: &str| units.successor(name, Day::parse(day).unwrap());
    assert_eq!(on("市环境保护局", "2018-03-16"), None);
    assert_eq!(on("市环境保护局", "2018-03-17"), Some("市生态环境局".to_owned()));
    assert_eq!(on("市生态环境局", "2020-01-01"), None);
    // A name listed whole goes before its stem, and a chain is followed to its end.
    assert_eq!(on("资阳银保监分局", "2023-07-19"), None);
    assert_eq!(
        on("资阳银保监分局", "2023-07-20"),
        Some("国家金融监督管理总局资阳监管分局".to_owned())
    );
    assert_eq!(on("区扶贫办", "2022-01-01"), Some("区乡村振兴局".to_owned()));
    assert_eq!(on("区扶贫办", "2024-01-01"), Some("区农业农村局".to_owned()));
}

#[test]
fn a_fuller_name_is_the_same_unit_and_a_short_one_an_alias() {
    let units = units();
    assert!(units.is_same("慈溪市税务局", "市税务局"));
    assert!(units.is_same("市税务局", "慈溪市税务局"));
    assert!(!units.is_same("市财政局", "市税务局"));
    assert!(!units.is_same("区财政局", "市财政局"));
    assert!(units.is_same("重庆市大足区财政局", "区财政局"));
    assert!(!units.is_same("经开区财政局", "区财政局"));
    assert!(units.is_alias("市人社局", "市人力资源社会保障局"));
    assert!(units.is_alias("慈溪市人社局", "市人力资源社会保障局"));
    assert!(!units.is_alias("市人社局", "区人社局"));
    assert!(!units.is_alias("经开区人社局", "区人力社保局"));
    assert!(!units.is_alias("人社局", "市人力社保局"));
    assert!(!units.is_alias("市人社局", "市财政局"));
}

#[test]
fn resolve_fills_what_is_known_and_leaves_the_rest_open() {
    // 昌平 is bare before the stem; the title says that it is a place.
    let mut extraction = extract(
        "云昌市人民政府办公室关于做好就业工作的通知\n\n一、稳岗\n1．落实稳岗政策。（责任单位：市财政局、云昌银保监分局、火星局）\n",
    );
    units().resolve(&mut extraction);
    let functions: Vec<(&str, Option<&str>)> = extraction
        .tasks
        .iter()
        .flat_map(|task| &task.assignments)
        .map(|unit| (unit.unit.as_str(), unit.function.as_deref()))
        .collect();
    assert_eq!(
        functions,
        [
            ("市财政局", Some("finance")),
            ("云昌银保监分局", Some("banking-supervision")),
            ("火星局", None)
        ]
    );
}
