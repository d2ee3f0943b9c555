//! What one file cannot see: input tree, then the exact messages.

use policy::Library;
use policy::file::Tree;

const REGIONS: &str = "format = 1
[[region]]
code = '990000'
name = '甲省'
level = 'province'
[[region]]
code = '990100'
name = '乙市'
level = 'prefecture'
parent = '990000'
";
const UNITS: &str = "format = 1
[[function]]
id = 'finance'
name = '财政'
stems = ['财政局', '财政厅']
[[function]]
id = 'education'
name = '教育'
stems = ['教育局']
[[collective]]
pattern = '各镇'
level = 'township'
";
const POLICY: &str = "format = 1
id = 'yi-2020'
title = '某通知'
region = '990100'
date = 2020-03-01
known_from = { date = 2020-03-01, basis = '成文日期' }
lead_rule = 'labelled'
[[part]]
role = 'annex'
";
const TASKS: &str = "format = 1
[[task]]
id = '1'
no = '1'
part = 'annex'
title = '办一件事'
lead = ['市财政局']
support = ['市教育局', '各镇']
collective = ['各镇']
";
const TARGETS: &str = "format = 1
[[target]]
id = 'yi-jobs'
text = '新增就业'
indicator = 'jobs'
op = '>='
value = '100'
unit = '人'
period = '2020'
cite = { item = '1' }
[[duty]]
id = 'yi-report'
kind = 'report'
text = '报送进展'
by = ['市财政局']
cite = { part = 'annex' }
";

/// The findings in a good tree in which some files are others, or there besides.
fn findings(changed: &[(&str, &str)]) -> Vec<String> {
    let mut files = vec![
        ("shared/regions.toml", REGIONS),
        ("shared/units.toml", UNITS),
        ("yi-2020/policy.toml", POLICY),
        ("yi-2020/tasks.toml", TASKS),
        ("yi-2020/targets.toml", TARGETS),
    ];
    for (path, text) in changed {
        files.retain(|(known, _)| known != path);
        files.push((path, text));
    }
    Library::load(&Tree::from_files(files))
        .diagnostics
        .iter()
        .map(ToString::to_string)
        .collect()
}

/// The findings when `from` becomes `to` in one of the good files.
fn with(path: &str, from: &str, to: &str) -> Vec<String> {
    let text = match path {
        "shared/regions.toml" => REGIONS,
        "shared/units.toml" => UNITS,
        "yi-2020/policy.toml" => POLICY,
        "yi-2020/tasks.toml" => TASKS,
        _ => TARGETS,
    };
    assert!(text.contains(from), "{from} is not in {path}");
    findings(&[(path, &text.replace(from, to))])
}

#[track_caller]
fn says(found: &[String], expected: &[&str]) {
    assert_eq!(found, expected);
}

#[test]
fn a_good_tree_is_loaded_in_silence() {
    says(&findings(&[]), &[]);
}

#[test]
fn files_that_belong_nowhere_are_reported() {
    says(
        &findings(&[
            ("yi-2020/task.toml", ""),
            ("readme.toml", ""),
            ("yi-2020/benefit/a.toml", ""),
        ]),
        &[
            "readme.toml:1:1 错误：政策文件库的根目录下不放文件。请放入 shared 或某个政策文件的文件夹",
            "yi-2020/benefit/a.toml:1:1 错误：不认识的文件夹“benefit”。最接近的是“benefits”",
            "yi-2020/task.toml:1:1 错误：不认识的文件“task.toml”。最接近的是“tasks.toml”",
        ],
    );
}

#[test]
fn a_pack_without_its_policy_is_reported_and_the_others_are_loaded() {
    let files = [
        ("shared/regions.toml", REGIONS),
        ("shared/units.toml", UNITS),
        ("bing-2020/tasks.toml", TASKS),
        ("yi-2020/policy.toml", POLICY),
    ];
    let library = Library::load(&Tree::from_files(files));
    says(
        &library.diagnostics.iter().map(ToString::to_string).collect::<Vec<_>>(),
        &["bing-2020/policy.toml:1:1 错误：缺少 policy.toml。请补上该文件，或删去这个文件夹"],
    );
    assert!(library.packs.contains_key("yi-2020"));
}

#[test]
fn the_header_is_checked_against_folder_regions_and_dates() {
    let policy = "yi-2020/policy.toml";
    says(
        &with(policy, "'yi-2020'", "'yi-2021'"),
        &["yi-2020/policy.toml:2:6 错误：“id”的值“yi-2021”与文件夹名“yi-2020”不一致。应为 id = \"yi-2020\""],
    );
    says(
        &with(policy, "'990100'", "'990101'"),
        &["yi-2020/policy.toml:4:10 错误：没有区划代码“990101”。最接近的是“990100 乙市”"],
    );
    says(
        &with(policy, "{ date = 2020-03-01", "{ date = 2020-02-29"),
        &[
            "yi-2020/policy.toml:6:23 错误：知悉日期 2020-02-29 早于成文日期 2020-03-01。成文之前无从知悉，请核对 known_from",
        ],
    );
    says(
        &with(policy, "lead_rule = 'labelled'", "lead_rule = 'label'"),
        &[
            "yi-2020/policy.toml:7:13 错误：“lead_rule”的值“label”不在可用范围内。是否应为“labelled”？可用的有：first-listed、labelled、none",
        ],
    );
}

#[test]
fn a_parent_must_exist_contain_the_region_and_lead_back_nowhere() {
    let policy = "yi-2020/policy.toml";
    let child = |parent: &str| POLICY.replace("lead_rule", &format!("parent = '{parent}'\nlead_rule"));
    let above = |parent: &str| {
        let header = POLICY.replace("yi-2020", "jia-2020").replace("990100", "990000");
        header.replace("lead_rule", &format!("parent = '{parent}'\nlead_rule"))
    };
    says(
        &findings(&[
            (policy, &child("jia-2021")),
            ("jia-2020/policy.toml", &POLICY.replace("yi-2020", "jia-2020")),
        ]),
        &["yi-2020/policy.toml:7:10 错误：没有上级文件“jia-2021”。最接近的是“jia-2020”"],
    );
    says(
        &findings(&[
            (policy, &child("jia-2020")),
            ("jia-2020/policy.toml", &above("yi-2020")),
        ]),
        &[
            "jia-2020/policy.toml:7:10 错误：上级文件“yi-2020”适用于 990100，不包含本文件的 990000。请核对 parent 和两个文件的 region",
            "jia-2020/policy.toml:7:10 错误：上级文件成环：jia-2020 → yi-2020 → jia-2020。请核对各文件的 parent",
            "yi-2020/policy.toml:7:10 错误：上级文件成环：yi-2020 → jia-2020 → yi-2020。请核对各文件的 parent",
        ],
    );
    says(
        &findings(&[(policy, &child("yi-2020"))]),
        &["yi-2020/policy.toml:7:10 错误：上级文件成环：yi-2020 → yi-2020。请核对各文件的 parent"],
    );
}

#[test]
fn a_task_is_checked_for_its_id_part_units_and_length() {
    let tasks = "yi-2020/tasks.toml";
    says(
        &with(tasks, "id = '1'", "id = '2'"),
        &[
            "yi-2020/targets.toml:10:17 错误：本文件没有任务“1”。可用的有：2",
            "yi-2020/tasks.toml:3:6 错误：编号“2”与序号“1”不相符。应为序号本身；同一序号的第二行起加 b、c…（如 3b），或用中文数字（如 三）",
        ],
    );
    says(
        &with(tasks, "part = 'annex'", "part = 'notice'"),
        &["yi-2020/tasks.toml:5:8 错误：本文件没有“notice”这一部分。可用的有：annex"],
    );
    says(
        &with(tasks, "collective = ['各镇']", "collective = ['各乡镇']"),
        &[
            "yi-2020/tasks.toml:8:20 提示：单位“各镇”不能归入任何职能。请在 shared/units.toml 中补上名称",
            "yi-2020/tasks.toml:9:15 错误：“collective”列出的“各乡镇”不在本项的责任单位中。最接近的是“各镇”",
        ],
    );
    says(
        &with(tasks, "support = ['市教育局'", "support = ['市教育局', '市教育局'"),
        &["yi-2020/tasks.toml:8:20 错误：“support”中重复列出“市教育局”。请删去一处"],
    );
    says(
        &with(tasks, "'办一件事'", &format!("'{}'", "办".repeat(31))),
        &["yi-2020/tasks.toml:6:9 错误：摘要有 31 字，超过 30 字。请用自己的话概括成一个动作"],
    );
    says(&with(tasks, "'办一件事'", &format!("'{}'", "办".repeat(30))), &[]);
    says(
        &with(tasks, "'办一件事'", "'待拟摘要'"),
        &["yi-2020/tasks.toml:3:6 提示：有 1 项任务的摘要尚未拟写，第一项是“1”。请对照原文，用自己的话概括成一个动作"],
    );
}

#[test]
fn ids_are_unique_and_rows_follow_one_another() {
    let task = |id: &str, no: &str| format!("[[task]]\nid = '{id}'\nno = '{no}'\npart = 'annex'\ntitle = '办事'\n");
    let tasks = |more: &str| findings(&[("yi-2020/tasks.toml", &format!("{TASKS}{more}"))]);
    says(
        &tasks(&format!("{}{}{}", task("1b", "1"), task("1c", "1"), task("二", "2"))),
        &[],
    );
    says(
        &tasks(&task("1", "1")),
        &["yi-2020/tasks.toml:11:6 错误：编号“1”重复。第一次出现在 yi-2020/tasks.toml:3:6"],
    );
    says(
        &tasks(&task("1c", "1")),
        &[
            "yi-2020/tasks.toml:11:6 错误：“1c”是续行，但前一行“1b”不在同一部分中。续行从 b 起依次编号，同一项的第一行不加字母",
        ],
    );
    says(
        &tasks(&task("1a", "1")),
        &[
            "yi-2020/tasks.toml:11:6 错误：编号“1a”与序号“1”不相符。应为序号本身；同一序号的第二行起加 b、c…（如 3b），或用中文数字（如 三）",
        ],
    );
}

#[test]
fn a_lead_needs_a_rule_that_says_who_leads() {
    says(
        &with("yi-2020/policy.toml", "'labelled'", "'none'"),
        &[
            "yi-2020/tasks.toml:7:9 错误：“市财政局”列为牵头单位，但 lead_rule 为 none。原文未写牵头的，请列入 responsible",
        ],
    );
}

#[test]
fn only_a_deadline_of_class_date_has_a_due_day_and_it_must() {
    let deadline =
        |deadline: &str| findings(&[("yi-2020/tasks.toml", &format!("{TASKS}deadline = {{ {deadline} }}\n"))]);
    says(&deadline("raw = '2020年底', class = 'date', due = 2020-12-31"), &[]);
    says(&deadline("raw = '长期', class = 'standing'"), &[]);
    says(
        &deadline("raw = '2020年底', class = 'date'"),
        &["yi-2020/tasks.toml:10:12 错误：完成时限类别为 date，但没有写 due。请写明到期日，如 due = 2020-12-31"],
    );
    says(
        &deadline("raw = '长期', class = 'standing', due = 2020-12-31"),
        &["yi-2020/tasks.toml:10:52 错误：只有类别为 date 的完成时限才有 due。请删去 due，或将类别改为 date"],
    );
}

#[test]
fn targets_and_duties_cite_what_exists() {
    let targets = "yi-2020/targets.toml";
    says(
        &with(targets, "{ item = '1' }", "{ item = '11' }"),
        &["yi-2020/targets.toml:10:17 错误：本文件没有任务“11”。最接近的是“1”"],
    );
    says(
        &with(targets, "{ part = 'annex' }", "{ part = 'notice', item = '一' }"),
        &["yi-2020/targets.toml:16:17 错误：本文件没有“notice”这一部分。可用的有：annex"],
    );
    says(
        &with(targets, "{ part = 'annex' }", "{ part = 'annex', item = '末段' }"),
        &[
            "yi-2020/targets.toml:16:33 错误：“末段”不是条目编号。应为任务编号或原文标题的序号，如 \"24\"、\"一\"、\"（三）\"",
        ],
    );
    says(
        &with(targets, "{ part = 'annex' }", "{ part = 'annex', item = '二（三）' }"),
        &[],
    );
    says(
        &with(targets, "{ part = 'annex' }", "{}"),
        &[
            "yi-2020/targets.toml:16:8 错误：“cite”没有写明依据。应为 { item = \"24\" } 或 { part = \"notice\", item = \"一\" }",
        ],
    );
    says(
        &with(targets, "'yi-report'", "'yi-jobs'"),
        &["yi-2020/targets.toml:12:6 错误：编号“yi-jobs”重复。第一次出现在 yi-2020/targets.toml:3:6"],
    );
    says(
        &with(targets, "'yi-report'", "'Yi_report'"),
        &["yi-2020/targets.toml:12:6 错误：“id”的值“Yi_report”不合规范。只用小写英文字母、数字和单个“-”，如 dazu-2020"],
    );
}

#[test]
fn soft_words_periods_functions_and_who_are_checked() {
    let targets = "yi-2020/targets.toml";
    says(
        &with(targets, "period = '2020'", "period = '2020'\nsoft = '争取'"),
        &["yi-2020/targets.toml:10:8 错误：“soft”的值“争取”不在可用范围内。可用的有：力争、原则上、计划"],
    );
    says(
        &with(targets, "'2020'", "'2020年'"),
        &[
            "yi-2020/targets.toml:9:10 错误：“period”的值“2020年”不是期间。应为年份 \"2020\"、起止年份 \"2020/2021\"，或 \"standing\"（长期）",
        ],
    );
    says(
        &with(targets, "by = ['市财政局']", "by_function = ['finances']"),
        &["yi-2020/targets.toml:15:16 错误：没有职能“finances”。最接近的是“finance”"],
    );
    says(
        &with(targets, "by = ['市财政局']\n", ""),
        &[
            "yi-2020/targets.toml:11:1 错误：没有写明由谁承担。请写 by = [\"单位\"]，或只知职能时写 by_function = [\"human-resources\"]",
        ],
    );
}

#[test]
fn windows_and_untranslated_clauses_are_checked() {
    let policy = |more: &str| findings(&[("yi-2020/policy.toml", &format!("{POLICY}{more}"))]);
    let window = "[[window]]\nid = 'half-year'\nname = '上半年'\ndue = '7月上旬'\nfrom_month_day = '07-01'\nto_month_day = '07-10'\ncovers = '上半年'\ncite = { part = 'annex' }\n";
    says(&policy(window), &[]);
    says(
        &policy(&window.replace("'07-10'", "'02-30'")),
        &["yi-2020/policy.toml:15:16 错误：“to_month_day”的值“02-30”不是月日。应为如 \"07-10\" 的月日"],
    );
    let clause =
        "[[untranslated]]\nid = 'yi-u'\nclause = '甲'\nwhy = '乙'\ndecides = 'finance'\ncite = { item = '1' }\n";
    says(&policy(clause), &[]);
    says(&policy(&clause.replace("'finance'", "'市财政局'")), &[]);
    says(
        &policy(&clause.replace("'finance'", "'finanse'")),
        &["yi-2020/policy.toml:14:11 错误：没有职能“finanse”。最接近的是“finance”"],
    );
}

#[test]
fn the_unit_table_is_checked_for_names_claimed_twice() {
    says(
        &with("shared/units.toml", "['教育局']", "['教育局', '财政局']"),
        &[
            "shared/units.toml:9:17 错误：“财政局”已列入职能“finance”，按两个职能都不能确定。请只在一个职能中保留",
            "yi-2020/tasks.toml:7:9 提示：单位“市财政局”不能归入任何职能。请在 shared/units.toml 中补上名称",
        ],
    );
    says(
        &with(
            "shared/units.toml",
            "[[collective]]",
            "[[unit]]\nname = '甲'\nfunction = 'finanse'\n[[collective]]",
        ),
        &["shared/units.toml:12:12 错误：没有职能“finanse”。最接近的是“finance”"],
    );
    says(
        &with(
            "shared/units.toml",
            "[[collective]]",
            "[[successor]]\nfrom = '财政署'\nto = '财政局'\nsince = 2018-01-01\n[[collective]]",
        ),
        &["shared/units.toml:11:8 错误：“财政署”不在任何职能的名称中。最接近的是“财政厅”"],
    );
}

#[test]
fn the_regions_are_checked_for_parents_levels_and_codes() {
    let regions = "shared/regions.toml";
    says(
        &with(regions, "parent = '990000'", "parent = '990001'"),
        &["shared/regions.toml:10:10 错误：没有区划代码“990001”。最接近的是“990000 甲省”"],
    );
    says(
        &with(regions, "parent = '990000'\n", ""),
        &["shared/regions.toml:7:8 错误：“乙市”没有写明上级区划 parent。只有省级没有上级"],
    );
    says(
        &with(regions, "level = 'province'", "level = 'prefecture'\nparent = '990100'"),
        &[
            "shared/regions.toml:6:10 错误：“甲省”的上级“乙市”与其同级或更低。请核对 level 和 parent",
            "shared/regions.toml:6:10 错误：“甲省”的上级关系成环。请核对 parent",
            "shared/regions.toml:11:10 错误：“乙市”的上级“甲省”与其同级或更低。请核对 level 和 parent",
            "shared/regions.toml:11:10 错误：“乙市”的上级关系成环。请核对 parent",
        ],
    );
    says(
        &with(regions, "code = '990100'", "code = '9901'"),
        &[
            "shared/regions.toml:7:8 错误：“9901”不是6位区划代码。应为如 \"330282\" 的6位数字",
            "yi-2020/policy.toml:4:10 错误：没有区划代码“990100”。最接近的是“990000 甲省”",
        ],
    );
}

#[test]
fn one_bad_entry_costs_no_other() {
    let text = format!(
        "{TASKS}[[task]]\nno = '2'\npart = 'annex'\ntitle = '缺编号'\n[[task]]\nid = '3'\nno = '3'\npart = 'annex'\ntitle = '好的'\n"
    );
    let files = [
        ("shared/regions.toml", REGIONS),
        ("shared/units.toml", UNITS),
        ("yi-2020/policy.toml", POLICY),
        ("yi-2020/tasks.toml", text.as_str()),
    ];
    let library = Library::load(&Tree::from_files(files));
    let ids: Vec<&str> = library.packs["yi-2020"]
        .tasks
        .iter()
        .map(|task| task.id.as_str())
        .collect();
    assert_eq!(ids, ["1", "3"]);
    says(
        &library.diagnostics.iter().map(ToString::to_string).collect::<Vec<_>>(),
        &["yi-2020/tasks.toml:10:1 错误：“task”缺少必填项“id”。请补上 id = …"],
    );
}
