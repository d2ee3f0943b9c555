//! A user's copy against the pack: what agrees, what differs, what is missing, what is new.

use policy::Library;
use policy::file::Tree;
use policy::matching::{Matching, WrongDocument};

use crate::shared::{built_in, extract};

const POLICY: &str = "format = 1
id = 'jia-2024'
title = '甲市促进就业责任分工'
number = '甲政发〔2024〕3号'
date = 2024-03-01
region = '330282'
known_from = { date = 2024-03-01, basis = '成文日期' }
lead_rule = 'labelled'
[[part]]
role = 'body'
title = '甲市促进就业责任分工'
number = '甲政发〔2024〕3号'
";

/// A table with a continuation row, as offices flatten it.
const COPY: &str = "甲政发〔2024〕3号
甲市促进就业责任分工

序号\t工作内容\t牵头单位\t配合单位\t完成时限
1\t扩大岗位供给。\t市人社局\t市财政局、市教育局\t2024年12月底
2\t加强职业培训。\t市人社局\t市财政局\t长期
\t建设实训基地。\t市教育局\t市财政局\t长期
3\t做好就业统计。\t市统计局\t各镇\t2024年6月底
";

fn pack(tasks: &str) -> Library {
    Library::load(&Tree::from_files([
        ("jia-2024/policy.toml", POLICY),
        ("jia-2024/tasks.toml", tasks),
    ]))
}

/// The pack drafted from the copy itself, with some of its text replaced.
fn drafted(replaced: &[(&str, &str)]) -> Library {
    let extraction = extract(COPY);
    let regions = &built_in().regions;
    let files = policy::draft::draft("jia-2024", &extraction, regions);
    let mut tasks = files.into_iter().find(|file| file.name == "tasks.toml").unwrap().text;
    for (from, to) in replaced {
        assert!(tasks.contains(from), "{from}\n{tasks}");
        tasks = tasks.replacen(from, to, 1);
    }
    pack(&tasks)
}

/// One line an item, as `leye attach` tells it.
fn told(library: &Library, copy: &str) -> Vec<String> {
    let (pack, extraction) = (&library.packs["jia-2024"], extract(copy));
    let matching = Matching::of(pack, &extraction);
    let mut lines: Vec<String> = matching
        .items
        .iter()
        .map(|item| {
            let differences: Vec<String> = item.differences.iter().map(ToString::to_string).collect();
            let result = if item.found.is_none() { "缺失" } else { "" };
            format!("{}{result} {}", *pack.tasks[item.task].id, differences.join("；"))
        })
        .collect();
    lines.extend(
        matching
            .extra
            .iter()
            .map(|index| format!("多出 {}", extraction.tasks[*index].no)),
    );
    lines
}

#[test]
fn the_documents_own_copy_agrees_in_every_item() {
    assert_eq!(told(&drafted(&[]), COPY), ["1 ", "2 ", "2b ", "3 "]);
}

#[test]
fn each_fact_that_differs_is_named_with_both_sides() {
    assert_eq!(
        told(&drafted(&[]), &COPY.replace("市财政局、市教育局", "市财政局、市民政局")),
        [
            "1 单位：所附文件缺“市教育局”（配合）；单位：所附文件多“市民政局”（配合）",
            "2 ",
            "2b ",
            "3 "
        ]
    );
    assert_eq!(
        told(
            &drafted(&[]),
            &COPY.replace("市人社局\t市财政局、市教育局", "市财政局\t市人社局、市教育局")
        )[0],
        "1 分工：“市人社局”文件库为牵头，所附文件为配合；分工：“市财政局”文件库为配合，所附文件为牵头"
    );
    assert_eq!(
        told(&drafted(&[]), &COPY.replace("2024年6月底", "2024年9月底"))[3],
        "3 完成时限：文件库为2024-06-30（2024年6月底），所附文件为2024-09-30（2024年9月底）"
    );
    assert_eq!(
        told(&drafted(&[]), &COPY.replace("2024年6月底", "长期"))[3],
        "3 完成时限：文件库为2024-06-30（2024年6月底），所附文件为长期（长期）"
    );
    assert_eq!(
        told(&drafted(&[("collective = [\"各镇\"]", "collective = []")]), COPY)[3],
        "3 “各镇”是否统称：文件库为否，所附文件为是"
    );
}

#[test]
fn missing_and_extra_items_are_told_apart_and_the_others_still_match() {
    let without_third = COPY.replace("3\t做好就业统计。\t市统计局\t各镇\t2024年6月底\n", "");
    assert_eq!(told(&drafted(&[]), &without_third), ["1 ", "2 ", "2b ", "3缺失 "]);
    let with_fourth = format!("{COPY}4\t开展招聘活动。\t市总工会\t市妇联\t长期\n");
    assert_eq!(told(&drafted(&[]), &with_fourth), ["1 ", "2 ", "2b ", "3 ", "多出 4"]);
}

#[test]
fn a_missing_row_of_an_item_is_the_one_whose_units_are_not_there() {
    let without_first_row = COPY.replace("2\t加强职业培训。\t市人社局\t市财政局\t长期\n\t建设", "2\t建设");
    assert_eq!(told(&drafted(&[]), &without_first_row), ["1 ", "2缺失 ", "2b ", "3 "]);
}

#[test]
fn a_document_with_another_number_is_refused() {
    let library = drafted(&[]);
    let pack = &library.packs["jia-2024"];
    let other = extract(&COPY.replace("甲政发〔2024〕3号", "甲政发〔2024〕4号"));
    assert_eq!(
        Matching::of(pack, &other)
            .identify(pack, &other)
            .unwrap_err()
            .to_string(),
        "所附文件的文号为“甲政发〔2024〕4号”，政策文件库中为“甲政发〔2024〕3号”，不是同一份文件"
    );
    let same = extract(COPY);
    assert_eq!(Matching::of(pack, &same).identify(pack, &same), Ok(()));
}

#[test]
fn without_number_and_title_the_units_must_agree_in_half_of_the_items() {
    let library = drafted(&[]);
    let pack = &library.packs["jia-2024"];
    let bare = |copy: &str| extract(copy.split_once("\n\n").unwrap().1);
    let own = bare(COPY);
    assert_eq!(Matching::of(pack, &own).identify(pack, &own), Ok(()));
    let foreign = bare(
        &COPY
            .replace("市人社局", "县水利局")
            .replace("市财政局", "县公安局")
            .replace("市教育局", "县司法局"),
    );
    assert!(matches!(
        Matching::of(pack, &foreign).identify(pack, &foreign),
        Err(WrongDocument::Unlike { alike: 1, total: 4, .. })
    ));
}

#[test]
fn a_document_without_any_of_the_items_is_refused() {
    let library = drafted(&[]);
    let pack = &library.packs["jia-2024"];
    let letter = extract("关于感谢的函\n\n某某局：\n感谢支持。\n");
    assert!(matches!(
        Matching::of(pack, &letter).identify(pack, &letter),
        Err(WrongDocument::NoItem { .. })
    ));
}

#[test]
fn a_copy_that_lost_its_numbers_is_matched_by_order_and_units() {
    let renumbered = COPY
        .replace("\n1\t", "\n11\t")
        .replace("\n2\t", "\n12\t")
        .replace("\n3\t", "\n13\t");
    assert_eq!(
        told(&drafted(&[]), &renumbered),
        [
            "1 序号：文件库为1，所附文件为11",
            "2 序号：文件库为2，所附文件为12",
            "2b 序号：文件库为2，所附文件为12",
            "3 序号：文件库为3，所附文件为13",
        ]
    );
}
