//! Each check on a tiny register: whom it asks about, and whom just not.

use screening::checks::{exclusions, hits};

use crate::tiny::Tiny;

/// Columns of a contribution.
const PAID: &str = "person_key employer_key month paid pension unemployment";
const EMPLOYERS: &str = "employer_key name registered_on status legal_person_key industry";

fn months(person: &str, employer: &str, months: &[&str]) -> String {
    months
        .iter()
        .map(|month| format!("{person} {employer} {month} y y y\n"))
        .collect()
}

fn people(prefix: &str, count: usize, row: impl Fn(&str) -> String) -> String {
    (1..=count)
        .map(|number| row(&format!("{prefix}{number:02}")) + "\n")
        .collect()
}

#[test]
fn the_dead_are_asked_about_from_the_month_after_their_death() {
    let rows =
        months("d1", "e1", &["2020-10", "2020-11"]) + &months("d2", "e1", &["2020-10"]) + "d3 e1 2020-11 n y y\n";
    let tiny = Tiny::on("2020-12-31")
        .rows(
            "death",
            "person_key died_on",
            "d1 2020-10-05\nd2 2020-10-05\nd3 2020-10-05\nd4 2021-01-01",
        )
        .rows("contribution", PAID, &(rows + &months("d4", "e1", &["2020-12"])));
    let (summaries, found) = tiny.run("deceased");
    assert_eq!((summaries[0].hits, summaries[0].subjects), (1, 1));
    // Nothing is hidden: a register that is not there is named.
    assert_eq!(summaries[0].missing, ["补贴发放", "本次疑似符合名单", "实名制就业登记"]);
    assert_eq!(found[0].subject_key, "d1");
    assert_eq!(
        found[0].evidence,
        "登记死亡日期：2020年10月5日。此后单位或个人参保缴费1个月（最近2020年11月），发放补贴0笔，本次初步符合0项"
    );
    let source = found[0].source.as_ref().expect("a source");
    assert_eq!(
        (source.register.as_str(), source.provider.as_str(), source.vintage),
        ("死亡人员信息", "某局1", 1)
    );
    let other = found[0].other_source.as_ref().expect("another source");
    assert_eq!((other.register.as_str(), other.vintage), ("社会保险缴费明细", 2));
}

#[test]
fn of_a_death_without_a_day_only_the_last_month_counts_and_grants_do_not() {
    let rows = months("d1", "e1", &["2020-11"]) + &months("d2", "e1", &["2020-10"]);
    let tiny = Tiny::on("2020-12-31")
        .rows("person", "person_key status", "d1 2\nd2 2\nd3 1\nd4 2")
        .rows("contribution", PAID, &(rows + &months("d3", "e1", &["2020-11"])))
        .eligible(
            "benefit per key person_key on_date", "ln-ui unemployment k1 d4 2020-12-01",
        );
    assert_eq!(tiny.subjects("deceased"), ["d1", "d4"]);
}

#[test]
fn in_prison_counts_whole_months_between_committal_and_release() {
    let rows = months("j1", "e1", &["2020-03", "2020-04"])
        + &months("j2", "e1", &["2020-03", "2020-06"])
        + &months("j3", "e1", &["2020-05"]);
    let tiny = Tiny::on("2020-12-31")
        .rows(
            "imprisonment",
            "person_key from to",
            "j1 2020-03-10 2020-06-20\nj2 2020-03-10 2020-06-20\nj3 2020-03-10 -\nj4 2020-03-10 -",
        )
        .rows("contribution", PAID, &rows)
        .rows(
            "benefit-history",
            "benefit person_key granted_on from to amount_fen",
            "ln-ui j4 2020-05-20 2020-05-01 2020-05-31 100\nln-ui j2 2020-03-20 2020-03-01 2020-03-31 100",
        );
    assert_eq!(tiny.subjects("in-prison"), ["j1", "j3", "j4"]);
}

#[test]
fn a_pension_does_not_go_with_an_employers_premiums_after_its_first_month() {
    let rows = months("r1", "e1", &["2020-05", "2020-06"])
        + &months("r2", "e1", &["2020-05"])
        // Only injury insurance: taken on again after retirement.
        + "r3 e1 2020-06 y n n\n"
        // Paid alone.
        + "r4 - 2020-06 y y n\n"
        + &months("r5", "e1", &["2020-06"]);
    let tiny = Tiny::on("2020-12-31")
        .rows(
            "pension",
            "person_key from ended_on draws_basic_pension",
            "r1 2020-05-01 - y\nr2 2020-05-01 - y\nr3 2020-05-01 - y\nr4 2020-05-01 - -\nr5 2020-05-01 2020-05-31 y\n\
             r6 2020-05-01 - y\nr7 2020-05-01 - y",
        )
        .rows("contribution", PAID, &rows)
        .rows(
            "unemployment",
            "person_key registered_date cancelled_on",
            "r6 2020-03-01 -\nr7 2020-03-01 2020-12-31",
        );
    assert_eq!(tiny.subjects("pension-drawn"), ["r1", "r6"]);
}

#[test]
fn owners_of_firms_that_stand_are_asked_about_while_they_are_registered_as_unemployed() {
    let tiny = Tiny::on("2020-12-31")
        .rows(
            "employer",
            EMPLOYERS,
            "e1 甲厂 2019-01-01 1 u1 -\ne2 乙厂 2019-01-01 2 u2 -\ne3 丙厂 2019-01-01 1 u3 -\ne4 丁店 2019-01-01 1 - -\n\
             e5 戊厂 2021-01-01 1 u5 -",
        )
        .rows(
            "startup",
            "founder_key employer_key registration_date closed_on",
            "u4 e4 2019-01-01 -\nu6 e4 2019-01-01 2020-12-31",
        )
        .rows(
            "unemployment",
            "person_key registered_date benefit_from cancelled_on",
            "u1 2020-06-01 2020-07-01 -\nu2 2020-06-01 - -\nu3 2020-06-01 - 2020-12-31\nu4 2020-06-01 - -\nu5 2020-06-01 - -\n\
             u6 2020-06-01 - -",
        );
    let (_, found) = tiny.run("owner-unemployed");
    let who: Vec<_> = found
        .iter()
        .map(|hit| (hit.subject_key.as_str(), hit.other_keys.join(" ")))
        .collect();
    assert_eq!(who, [("u1", "e1".to_owned()), ("u4", "e4".to_owned())]);
    assert!(
        found[0].evidence.contains("失业保险金起领日期：2020年7月1日"),
        "{}",
        found[0].evidence
    );
    assert!(
        found[1].evidence.contains("失业保险金起领日期：未载明"),
        "{}",
        found[1].evidence
    );
}

#[test]
fn while_drawing_benefit_the_first_and_the_last_month_may_be_insured() {
    let rows = months("u1", "e2", &["2020-03", "2020-04"])
        + &months("u2", "e2", &["2020-03", "2020-06"])
        + &months("u3", "e2", &["2020-07"])
        + "u4 - 2020-04 y y n\n"
        + "u5 e2 2020-04 n y y\n";
    let tiny = Tiny::on("2020-12-31")
        .rows(
            "unemployment",
            "person_key registered_date benefit_from benefit_to cancelled_on",
            "u1 2020-03-01 2020-03-02 2020-12-31 -\nu2 2020-03-01 2020-03-02 2020-12-31 2020-06-01\n\
             u3 2020-03-01 2020-03-02 2020-06-30 -\nu4 2020-03-01 2020-03-02 - -\nu5 2020-03-01 2020-03-02 - -",
        )
        .rows("contribution", PAID, &rows)
        .rows("employer", EMPLOYERS, "e2 乙厂 2019-01-01 1 - -");
    let (_, found) = tiny.run("insured-while-drawing");
    assert_eq!(found.len(), 1);
    assert_eq!(
        found[0].evidence,
        "失业保险金起领日期：2020年3月2日。领取期间由“乙厂”参保缴费1个月（2020年4月至2020年4月）"
    );
}

#[test]
fn one_person_under_two_numbers_is_known_by_name_with_telephone_or_account_unless_the_change_is_entered() {
    let people = "p1 李小明 10000000001 9900000000000001 1980-01-01\n\
                  p2 李小明 10000000001 - 1981-01-01\n\
                  p3 李小明 10000000003 9900000000000001 1980-01-01\n\
                  p4 李小明 10000000004 9900000000000004 1980-01-01\n\
                  p5 王小红 10000000001 9900000000000005 1980-01-01\n\
                  p6 赵大力 10000000006 9900000000000006 1970-01-01\n\
                  p7 赵大力 10000000006 9900000000000006 1971-01-01";
    let tiny = Tiny::on("2020-12-31")
        .rows("person", "person_key name phone account birth_date", people)
        .rows("id-change", "old_person_key person_key", "p6 p7");
    let (summaries, found) = tiny.run("unlinked-ids");
    let who: Vec<_> = found
        .iter()
        .map(|hit| (hit.subject_key.as_str(), hit.party_keys.join(" ")))
        .collect();
    // Each pair once, whichever number it is looked at from.
    assert_eq!(who, [("p1", "p2".to_owned()), ("p1", "p3".to_owned())]);
    assert_eq!((summaries[0].hits, summaries[0].subjects), (2, 3));
    assert_eq!(
        found[0].evidence,
        "两个证件号码登记的姓名相同，电话相同：是，银行账号相同：否。出生日期分别为1980年1月1日（对象）和1981年1月1日（相关对象）"
    );
    for hit in &found {
        assert!(!hit.evidence.contains("李小明") && !hit.evidence.contains("10000000001"));
    }
}

#[test]
fn an_account_under_three_names_is_shown_masked_and_one_under_two_is_not() {
    let people = "p1 甲一 9900000000000001\np2 乙二 9900000000000001\np3 丙三 9900 \np4 丁四 9900000000000004\n\
                  p5 戊五 9900000000000004\np6 戊五 9900000000000004\np7 己六 9900000000000001";
    let tiny = Tiny::on("2020-12-31").rows(
        "person",
        "person_key name account",
        &people.replace("9900 ", "9900000000000003"),
    );
    let (summaries, found) = tiny.run("shared-account");
    // One question an account, which names everybody under it.
    assert_eq!((summaries[0].hits, summaries[0].subjects), (1, 3));
    let who: Vec<_> = found[0].sides().collect();
    assert_eq!(who, ["p1", "p2", "p7"]);
    assert_eq!(found[0].evidence, "银行账户************0001登记在3个不同姓名、3人名下");
}

#[test]
fn two_employers_at_once_are_a_question_after_two_months() {
    let rows = months("p1", "e1", &["2020-01", "2020-02", "2020-03"])
        + &months("p1", "e2", &["2020-02", "2020-03"])
        + &months("p2", "e1", &["2020-01", "2020-02"])
        + &months("p2", "e2", &["2020-02", "2020-03"])
        + &months("p3", "e1", &["2020-01", "2020-02"])
        + "p3 - 2020-01 y y n\np3 - 2020-02 y y n\n";
    let tiny = Tiny::on("2020-12-31").rows("contribution", PAID, &rows);
    let (_, found) = tiny.run("double-insurance");
    assert_eq!(found.len(), 1);
    // Both firms have to do with it; the person alone is asked about.
    assert_eq!(found[0].sides().collect::<Vec<_>>(), ["p1"]);
    assert_eq!(found[0].other_keys, ["e1", "e2"]);
}

#[test]
fn a_new_firm_that_hires_eight_at_once_is_asked_about_and_one_of_seven_or_of_six_months_is_not() {
    let of = |firm: &str, count: usize| people(firm, count, |p| format!("{p} {firm} 2020-11 y y y"));
    let late = people("late", 8, |p| format!("{p} many 2020-12 y y y"));
    let rows = of("eight", 8) + &of("seven", 7) + &of("old", 8) + &of("many", 9) + &late;
    let firms = "eight 八人厂 2020-10-05 1 - -\nseven 七人厂 2020-10-05 1 - -\nold 老厂 2020-06-30 1 - -\n\
                 many 大厂 2020-10-05 1 - -";
    let tiny = Tiny::on("2020-12-30")
        .rows("employer", EMPLOYERS, firms)
        .rows("contribution", PAID, &rows);
    // Nine of seventeen are more than half; eight of seventeen are not.
    let (_, found) = tiny.run("burst-of-hires");
    let who: Vec<_> = found.iter().map(|hit| hit.subject_key.as_str()).collect();
    assert_eq!(who, ["eight", "many"]);
    assert!(
        found[1].evidence.contains("2020年11月一个月新参保9人，累计参保17人"),
        "{}",
        found[1].evidence
    );
    // A day earlier the old firm is not yet six months old.
    let tiny = Tiny::on("2020-12-29")
        .rows("employer", EMPLOYERS, firms)
        .rows("contribution", PAID, &rows);
    assert_eq!(tiny.subjects("burst-of-hires"), ["eight", "many", "old"]);
}

#[test]
fn many_claims_from_one_firm_count_while_its_last_premium_is_at_most_three_months_old() {
    let firm = |firm: &str, last: &str, staff: usize| people(firm, staff, |p| format!("{p} {firm} {last} y y y"));
    let rows = firm("three", "2020-09", 8)
        + &firm("four", "2020-08", 8)
        + &firm("large", "2020-11", 11)
        + &firm("few", "2020-11", 4);
    let left = |firm: &str, count, on: &str| people(firm, count, |p| format!("{p} {on} {firm}"));
    let unemployed = left("three", 4, "2020-09-30")
        + &left("four", 5, "2020-12-01")
        + &left("large", 5, "2020-12-01")
        + &left("few", 4, "2020-12-01");
    let tiny = |fifth: &str| {
        Tiny::on("2020-12-30").rows("contribution", PAID, &rows).rows(
            "unemployment",
            "person_key registered_date former_employer_key",
            &format!("{unemployed}three05 {fifth} three\n"),
        )
    };
    assert_eq!(tiny("2020-09-30").subjects("burst-of-claims"), ["three"]);
    // A day more and the fifth claim is too old.
    assert!(tiny("2020-09-29").subjects("burst-of-claims").is_empty());
    // A row of the run counts like a claim.
    let run = tiny("2020-09-29").eligible(
        "benefit per key person_key employer_key on_date",
        "cx-sme-graduate-bonus employment k1 three05 three 2020-12-01",
    );
    assert_eq!(run.subjects("burst-of-claims"), ["three"]);
}

#[test]
fn two_subsidies_of_a_kind_for_the_same_days_are_perhaps_one_too_many_unless_a_rule_keeps_them_apart() {
    let history = "ln-flex-si p1 2020-06-01 2020-03-01 2020-05-31 100\n\
                   ln-temp-public-post p1 2020-06-01 2020-05-31 2020-08-31 100\n\
                   ln-flex-si p2 2020-06-01 2020-03-01 2020-05-31 100\n\
                   ln-temp-public-post p2 2020-06-01 2020-06-01 2020-08-31 100\n\
                   dz-ui p3 2020-06-01 2020-03-01 2020-03-31 100\n\
                   dz-ui-extend-to-retirement p3 2020-06-01 2020-03-01 2020-03-31 100\n\
                   dz-ui p4 2020-06-01 2020-03-01 2020-05-31 100\n\
                   ln-flex-si p4 2020-06-01 2020-03-01 2020-05-31 100\n\
                   ln-flex-si p5 2020-06-01 2020-03-01 2020-05-31 100\n\
                   ln-flex-si p6 2021-01-01 2020-03-01 2020-05-31 100\n\
                   ln-temp-public-post p6 2020-06-01 2020-03-01 2020-05-31 100\n";
    let tiny = Tiny::on("2020-12-31")
        .rows(
            "benefit-history",
            "benefit person_key granted_on from to amount_fen",
            history,
        )
        .eligible(
            "benefit per key person_key on_date months",
            "ln-temp-public-post post k5 p5 2020-05-01 2\nln-temp-public-post post k2 p2 2020-09-01 2\n\
             cx-sme-graduate-bonus employment k3 p5 2020-05-01 -",
        );
    let (summaries, found) = tiny.run("overlap");
    assert_eq!(summaries[0].failed, None);
    let who: Vec<_> = found
        .iter()
        .map(|hit| (hit.subject_key.as_str(), hit.row_keys.join(" ")))
        .collect();
    assert_eq!(who, [("p1", String::new()), ("p5", "k5".to_owned())]);
    assert!(
        found[0].evidence.contains("（2020年3月1日至2020年5月31日）"),
        "{}",
        found[0].evidence
    );
    // Without the rule that keeps them apart, two of the unemployment benefits would be asked about.
    let apart = exclusions(&tiny.catalogue.benefits);
    assert!(apart.contains(&("dz-ui".to_owned(), "dz-ui-extend-to-retirement".to_owned())));
    assert!(apart.contains(&("dz-ui-extend-to-retirement".to_owned(), "dz-ui".to_owned())));
}

#[test]
fn agencies_that_lend_workers_are_asked_about_when_they_claim() {
    let tiny = Tiny::on("2020-12-31")
        .rows(
            "employer",
            EMPLOYERS,
            "e1 某人力资源公司 2019-01-01 1 - L7263\ne2 某劳务派遣公司 2019-01-01 1 - -\ne3 某职业中介 2019-01-01 1 - L7262\n\
             e4 另一劳务派遣 2019-01-01 1 - -",
        )
        .rows(
            "claim",
            "claim_no benefit person_key employer_key status date",
            "c1 cx-sme-graduate-bonus p1 e2 1 2020-12-01\nc2 cx-sme-graduate-bonus p1 e4 3 2020-12-01",
        )
        .eligible(
            "benefit per key person_key employer_key on_date",
            "cx-sme-graduate-bonus employment k1 p1 e1 2020-12-01\ncx-sme-graduate-bonus employment k2 p2 e1 2020-12-01\n\
             cx-sme-graduate-bonus employment k3 p3 e3 2020-12-01",
        );
    let (_, found) = tiny.run("dispatch-agency");
    let who: Vec<_> = found.iter().map(|hit| hit.subject_key.as_str()).collect();
    assert_eq!(who, ["e1", "e2"]);
    assert!(
        found[0].evidence.contains("本次初步符合2项、涉及2人，在办申领0件"),
        "{}",
        found[0].evidence
    );
}

#[test]
fn persons_stand_under_their_present_id_in_every_register() {
    let tiny = Tiny::on("2020-12-31")
        .rows("id-change", "old_person_key person_key", "old new")
        .rows("death", "person_key died_on", "old 2020-10-05")
        .rows("contribution", PAID, &months("new", "e1", &["2020-11"]));
    assert_eq!(tiny.subjects("deceased"), ["new"]);
}

#[test]
fn what_was_received_later_is_not_known_yet_and_the_batch_of_each_row_is_kept() {
    let tiny = |known_on: &str| {
        let mut tiny = Tiny::on("2020-12-31")
            .rows(
                "contribution",
                PAID,
                &(months("d1", "e1", &["2020-11"]) + &months("d2", "e1", &["2020-11"])),
            )
            .rows("death", "person_key died_on", "d1 2020-10-05")
            .received("2021-03-01", "death", "person_key died_on", "d2 2020-10-05");
        tiny.known_on = crate::tiny::day(known_on);
        let (_, found) = tiny.run("deceased");
        found
            .into_iter()
            .map(|hit| (hit.subject_key, hit.source.expect("a source").vintage))
            .collect::<Vec<_>>()
    };
    assert_eq!(tiny("2021-02-28"), [("d1".to_owned(), 2)]);
    assert_eq!(tiny("2021-03-01"), [("d1".to_owned(), 2), ("d2".to_owned(), 3)]);
}

#[test]
fn the_same_registers_give_the_same_bytes_with_any_number_of_threads_and_leave_nothing_behind() {
    let rows = people("p", 40, |p| {
        format!("{p} e1 2020-11 y y y\n{p} e1 2020-12 y y y\n{p} e2 2020-11 y y y\n{p} e2 2020-12 y y y")
    });
    let mut files = Vec::new();
    for threads in [1, 2, 5] {
        let mut tiny = Tiny::on("2020-12-31").rows("contribution", PAID, &rows).rows(
            "death",
            "person_key died_on",
            &people("p", 40, |p| format!("{p} 2020-11-01")),
        );
        tiny.threads = threads;
        let (summaries, found) = tiny.run("");
        assert_eq!(
            summaries.iter().filter(|summary| summary.failed.is_some()).count(),
            0,
            "{summaries:?}"
        );
        assert_eq!(found.len(), 80);
        assert!(!tiny.folder.path().join("scratch").exists());
        assert!(!tiny.folder.path().join("hits.part").exists());
        files.push(std::fs::read(tiny.folder.path().join("hits.parquet")).expect("hits"));
        assert_eq!(hits::by_subject(&found)["p01"].len(), 2);
    }
    assert!(files[0] == files[1] && files[1] == files[2]);
}
