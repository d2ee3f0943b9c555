//! 建议承接单位: by function, in the child region's naming, never assigned.

use policy::suggest::Suggestion;

use crate::shared::built_in;

fn suggest(unit: &str, region: &str) -> Suggestion {
    let library = built_in();
    library.suggest(unit, library.regions.get(region).unwrap())
}

fn unit(name: &str, attested: bool) -> Suggestion {
    Suggestion::Unit {
        name: name.to_owned(),
        attested,
    }
}

#[test]
fn a_province_department_becomes_the_citys_bureau() {
    assert_eq!(
        suggest("省人力资源社会保障厅", "210300"),
        unit("市人力资源社会保障局", false)
    );
    assert_eq!(suggest("省财政厅", "210300"), unit("市财政局", false));
    assert_eq!(suggest("省发展改革委", "210300"), unit("市发展改革委", false));
    assert_eq!(suggest("省委宣传部", "210300"), unit("市委宣传部", false));
}

#[test]
fn a_name_the_childs_own_documents_use_is_preferred() {
    assert_eq!(suggest("市人力资源和社会保障局", "330282"), unit("市人力社保局", true));
    assert_eq!(suggest("市财政局", "500111"), unit("区财政局", true));
}

#[test]
fn a_group_of_governments_means_the_childs_own() {
    assert_eq!(
        suggest("各市政府", "210300"),
        Suggestion::Government {
            name: "市人民政府".to_owned()
        }
    );
    assert_eq!(suggest("各市政府", "210304"), Suggestion::Open);
}

#[test]
fn nothing_is_suggested_for_a_vertical_unit_or_an_unknown_one() {
    assert_eq!(suggest("国家统计局辽宁调查总队", "210300"), Suggestion::Vertical);
    assert_eq!(suggest("省就业工作领导小组有关成员单位", "210300"), Suggestion::Open);
}
