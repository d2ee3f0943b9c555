//! Layouts of duties, each a text of our own and the ledger it gives: one case, one form that offices use.

/// The tasks of `text`, one a line: `no title-or-start | unit role … | deadline`.
fn ledger(text: &str) -> String {
    let found = document::extract(&document::read(text.as_bytes()).unwrap());
    let mut lines = Vec::new();
    for task in &found.tasks {
        let units: Vec<String> = task
            .assignments
            .iter()
            .map(|a| {
                let role = match a.role {
                    document::Role::Lead => "牵",
                    document::Role::Support => "配",
                    document::Role::Responsible => "责",
                };
                let flags = [(a.collective, "各"), (a.open_ended, "等"), (a.inherited, "承")];
                let flags: String = flags.iter().filter(|(on, _)| *on).map(|(_, f)| *f).collect();
                format!("{}/{role}{flags}", a.unit)
            })
            .collect();
        let start: String = task.text.chars().take(6).collect();
        let due = task.deadline.due.map_or_else(
            || {
                serde_json::to_value(task.deadline.class)
                    .unwrap()
                    .as_str()
                    .unwrap()
                    .to_owned()
            },
            |d| d.to_string(),
        );
        lines.push(format!("{} {start} | {} | {due}", task.no, units.join(" ")));
    }
    lines.join("\n")
}

#[track_caller]
fn check(text: &str, expected: &str) {
    let expected: Vec<&str> = expected.lines().map(str::trim).filter(|l| !l.is_empty()).collect();
    assert_eq!(ledger(text).lines().collect::<Vec<_>>(), expected, "\n{text}");
}

#[test]
fn brackets_at_the_end_of_items() {
    check(
        "一、稳岗\n（一）发放补贴。按月发放。（责任单位：市人社局、市财政局）\n（二）降低费率。按季公布。（责任单位：市税务局）",
        "1 发放补贴。按 | 市人社局/责 市财政局/责 | none
         2 降低费率。按 | 市税务局/责 | none",
    );
}

#[test]
fn verbs_behind_the_names() {
    check(
        "1．办好招聘会。（市人社局、市总工会牵头，市财政局、各县（市、区）人民政府配合）\n2．开展培训。（市人社局会同市教育局负责）\n3．做好统计。（由市统计局负责，6月底前完成）",
        "1 办好招聘会。 | 市人社局/牵 市总工会/牵 市财政局/配 各县（市、区）人民政府/配各 | none
         2 开展培训。 | 市人社局/牵 市教育局/配 | none
         3 做好统计。 | 市统计局/责 | date",
    );
}

#[test]
fn several_assignments_in_one_paragraph_are_tasks_of_their_own() {
    check(
        "（三）扩大岗位。建设见习基地。（市人社局负责）开发公益岗位。（市民政局牵头，市财政局配合）",
        "3 扩大岗位。建 | 市人社局/责 | none
         3 开发公益岗位 | 市民政局/牵 市财政局/配 | none",
    );
}

#[test]
fn label_lines_without_brackets() {
    check(
        "一、开展培训\n全年组织十期。\n牵头单位：市人社局\n配合单位：市教育局、团市委等有关单位\n完成时限：2024年11月底\n二、办好市场\n责任单位：市商务局",
        "1 开展培训 全 | 市人社局/牵 市教育局/配 团市委/配等 | 2024-11-30
         2 办好市场 | 市商务局/责 | none",
    );
}

#[test]
fn numbered_label_lines_belong_to_their_item() {
    check(
        "一、求职补贴\n1．政策内容：一次性发放。\n2．责任单位：县人社局\n二、场地补贴\n1．政策内容：按年发放。\n2．责任单位：县财政局",
        "1 求职补贴 1 | 县人社局/责 | none
         2 场地补贴 1 | 县财政局/责 | none",
    );
}

#[test]
fn the_first_listed_leads_where_the_document_says_so() {
    check(
        "1．稳岗。（责任单位：区人社局、区财政局。备注：以列第一责任单位的为牵头单位，后同。）\n2．扩岗。（责任单位：区教委）",
        "1 稳岗。 | 区人社局/牵 区财政局/配 | none
         2 扩岗。 | 区教委/牵 | none",
    );
    check(
        "1．稳岗。\n责任单位：区人社局、区财政局（第一责任单位为牵头单位，下同）",
        "1 稳岗。 | 区人社局/牵 区财政局/配 | none",
    );
}

#[test]
fn a_unit_meant_everywhere_is_inherited() {
    check(
        "（一）建项目。（责任单位：省发展改革委，各市政府。以下均需各市政府落实，不再列出）\n（二）促消费。（责任主体单位：省商务厅，责任单位：省财政厅）",
        "1 建项目。 | 省发展改革委/责 各市政府/责各 | none
         2 促消费。 | 省商务厅/牵 省财政厅/配 各市政府/责各承 | none",
    );
}

#[test]
fn an_item_without_units_among_items_with_units_stays_open() {
    check(
        "（一）稳岗。（市人社局负责）\n（二）扩岗。多渠道开发。\n（三）培训。（市教育局负责）",
        "1 稳岗。 | 市人社局/责 | none
         2 扩岗。多渠道 |  | none
         3 培训。 | 市教育局/责 | none",
    );
}

#[test]
fn a_list_broken_by_a_page_is_one_list() {
    check(
        "1．稳岗。（责任单位：市人社局、\n\n— 3 —\n\n市财政局、各县区政府）\n2．扩岗。（责任单位：市教\n\n育局）",
        "1 稳岗。 | 市人社局/责 市财政局/责 各县区政府/责各 | none
         2 扩岗。 | 市教育局/责 | none",
    );
}

#[test]
fn tables_of_one_cell_a_line_behind_tabs() {
    check(
        "\t序号\n\t项目\n\t内容\n\t牵头部门\n\t配合部门\n\t完成时限\n\n\t1\n\t一、\n稳岗\n\t发放补贴。\n\t市人力资源\n\n社会保障局\n\t市财政局，各镇（街道）和各产业平台。\n\t2020年\n\n12月\n\n\t2\n\t\n\t降低费率。\n\t市税务局\n\t \n\t长期\n",
        "1 发放补贴。 | 市人力资源社会保障局/牵 市财政局/配 各镇（街道）/配各 各产业平台/配各 | 2020-12-31
         2 降低费率。 | 市税务局/牵 | standing",
    );
}

#[test]
fn tables_between_tabs_bars_and_spaces() {
    let expected = "1 发放补贴 | 市人社局/牵 市财政局/配 | 2024-06-30
                    2 开展培训 | 市教育局/牵 团市委/配 | standing";
    check(
        "序号\t工作任务\t牵头单位\t配合单位\t完成时限\n1\t发放补贴\t市人社局\t市财政局\t2024年6月\n2\t开展培训\t市教育局\t团市委\t长期\n",
        expected,
    );
    check(
        "| 序号 | 工作任务 | 牵头单位 | 配合单位 | 完成时限 |\n|---|---|---|---|---|\n| 1 | 发放补贴 | 市人社局 | 市财政局 | 2024年6月 |\n| 2 | 开展培训 | 市教育局 | 团市委 | 长期 |\n",
        expected,
    );
    check(
        "序号 工作任务 牵头单位 配合单位 完成时限\n1 发放补贴 市人社局 市财政局 2024年6月\n2 开展培训 市教育局 团市委 长期\n",
        expected,
    );
    check(
        "序号\n工作任务\n牵头单位\n配合单位\n完成时限\n1\n发放补贴\n市人社局\n市财政局\n2024年6月\n2\n开展培训\n市教育局\n团市委\n长期\n",
        expected,
    );
}

#[test]
fn cells_that_merged_rows_left_out_are_laid_by_what_they_hold() {
    check(
        "序号\n重点任务\n具体措施\n责任单位\n1\n稳岗扩岗\n发放稳岗补贴，按月公布名单。\n市人社局\n市财政局\n开发见习岗位，全年不少于一百个。\n市国资委\n2\n技能培训\n组织订单培训，按期验收。\n市教育局\n",
        "1 发放稳岗补贴 | 市人社局/责 市财政局/责 | none
         1 开发见习岗位 | 市国资委/责 | none
         2 组织订单培训 | 市教育局/责 | none",
    );
}

#[test]
fn a_text_that_lost_its_line_breaks_is_read_the_same() {
    let lines = "青山府发〔2024〕3号\n关于做好就业工作的通知\n各镇人民政府：\n现将有关事项通知如下。\n一、稳定岗位\n（一）发放补贴。按月发放到企业账户，全程公开办理结果，接受社会监督，确保应发尽发。（责任单位：县人社局、县财政局）\n（二）降低费率。按季公布执行情况，及时解释政策口径，方便企业和职工查询办理。（责任单位：县税务局）\n二、开展培训\n（三）订单培训。面向园区企业组织，学员结业后推荐上岗，并跟踪服务三个月以上。（责任单位：县教育局）";
    let long = lines.replace("方便企业和职工查询办理。", &"方便企业和职工查询办理，".repeat(40));
    let expected = "1 发放补贴。按 | 县人社局/责 县财政局/责 | none
                    2 降低费率。按 | 县税务局/责 | none
                    3 订单培训。面 | 县教育局/责 | none";
    check(&long, expected);
    check(&long.replace('\n', ""), expected);
}

#[test]
fn a_heading_that_names_the_lead_speaks_for_its_items() {
    check(
        "一、县人社局牵头工作（2项）\n1．办招聘会。\n2．建零工市场。",
        "1 办招聘会。 | 县人社局/牵承 | none
         2 建零工市场。 | 县人社局/牵承 | none",
    );
}

#[test]
fn marks_tell_the_lead_where_a_note_says_so() {
    check(
        "序号\t任务\t责任单位\n1\t办招聘会\t★市人社局、市总工会\n2\t建市场\t市财政局、★市商务局\n注：带★的为牵头单位。\n",
        "1 办招聘会 | 市人社局/牵 市总工会/配 | none
         2 建市场 | 市财政局/配 市商务局/牵 | none",
    );
}

#[test]
fn people_and_remarks_are_no_units() {
    check(
        "1．办招聘会。\n责任领导：分管副局长\n责任单位：市人社局\n联系人：就业科\n",
        "1 办招聘会。 | 市人社局/责 | none",
    );
}

#[test]
fn traditional_script_gives_the_same_ledger() {
    check(
        "一、穩定崗位\n（一）發放補貼。按月發放到企業賬戶。（責任單位：市人力資源和社會保障局、財政局）",
        "1 發放補貼。按 | 市人力资源和社会保障局/责 市财政局/责 | none",
    );
}

#[test]
fn a_report_and_a_reply_lay_no_duty_on_anybody() {
    let reply = "关于第5号建议的答复\n某某代表：\n您提出的建议收悉，现答复如下，感谢您对工作的关心和支持，请继续提出意见。\n一、已做工作\n（一）发放补贴。全年发放一千万元。\n二、下步打算\n（一）加大力度。";
    check(reply, "");
    let found = document::extract(&document::read(reply.as_bytes()).unwrap());
    assert_eq!(found.diagnostics.len(), 1, "{:?}", found.diagnostics);
    let told = &found.diagnostics[0];
    assert!(
        told.message.contains("“答复”类文件") && told.message.contains("“二、下步打算”"),
        "{}",
        told.message
    );
    assert_eq!(told.line, 6);
}

#[test]
fn a_signature_run_into_the_title_behind_it_is_a_signature() {
    let sample = include_bytes!("../../../../samples/yunxiu-2024-no-line-breaks.txt");
    let found = document::extract(&document::read(sample).unwrap());
    assert_eq!(
        found.document.date.map(|d| d.to_string()).as_deref(),
        Some("2024-04-09")
    );
    assert_eq!(found.document.date_basis, document::DateBasis::Written);
    assert_eq!(found.parts[1].title.as_deref(), Some("2024年零工服务提升方案"));
}

#[test]
fn deadlines_that_name_no_day_are_asked_for() {
    let asked = |deadline: &str| {
        let text = format!(
            "某市2020年就业任务分工\n1．办招聘会。（牵头单位：市人社局；完成时限：{deadline}）\n2．办培训班。（牵头单位：市教育局；完成时限：2020年12月底）"
        );
        let found = document::extract(&document::read(text.as_bytes()).unwrap());
        assert_eq!(found.tasks[0].deadline.due, None, "{deadline}");
        found
            .diagnostics
            .iter()
            .map(|told| told.message.clone())
            .collect::<Vec<_>>()
    };
    for (deadline, said) in [
        ("2020年13月底前", "日期不存在"),
        ("2020年2月30日前", "日期不存在"),
        ("2020年春节前", "没有写明是哪一天"),
        ("下个月底", "没有写明从何时算起"),
        ("2020年10月1日起", "没有写明何时完成"),
    ] {
        let found = asked(deadline);
        assert!(found.len() == 1 && found[0].contains(said), "{deadline}: {found:?}");
    }
}

#[test]
fn a_notice_keeps_its_date_where_the_list_of_annexes_repeats_the_title() {
    let text = "望山府发〔2025〕2号\n望山市人民政府办公室关于印发望山市稳岗任务分工的通知\n各镇人民政府：\n《望山市稳岗任务分工》已经市政府同意，现印发给你们，请认真抓好各项工作的落实，按期报告进展情况，遇到问题及时反映。\n附件：望山市稳岗任务分工\n望山市人民政府办公室\n2025年2月18日\n附件\n望山市稳岗任务分工\n1．办招聘会。（责任单位：市人社局）";
    let found = document::extract(&document::read(text.as_bytes()).unwrap());
    assert_eq!(
        found.document.date.map(|d| d.to_string()).as_deref(),
        Some("2025-02-18")
    );
    assert_eq!(found.document.number.as_deref(), Some("望山府发〔2025〕2号"));
    assert_eq!(found.parts.len(), 2);
    assert_eq!(found.tasks[0].part, 1);
}
