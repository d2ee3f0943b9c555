//! Expressions in words: what a reader sees has no sign of the rule language.

use policy::file::Tree;
use rules::catalogue::Catalogue;
use rules::formula::{Fixed, fixed, in_words, is_standard, parameter_of_the_day, parameters, percent};

#[test]
fn amounts_read_like_a_notice() {
    let catalogue = Catalogue::load(&Tree::built_in());
    for (expression, words) in [
        ("yuan(3000)", "3000元"),
        ("training.attended_days * yuan(50)", "实际培训天数×50元"),
        (
            "round(employer.half_year_premium_due_fen * 0.5, 2, 'half_up')",
            "企业及其职工6个月应缴社会保险费×50%",
        ),
        ("least(startup.site_lease_months, 24)", "租用创业场地的月数，最多24"),
        (
            "CASE WHEN internship.group = 'unemployed-graduate' THEN 12 ELSE 6 END",
            "见习人员类别是毕业2年内未就业高校毕业生的，为12；其他情形，为6",
        ),
        ("(loan.amount_fen + yuan(1)) * 2", "（贷款金额＋1元）×2"),
        ("not an expression", "not an expression"),
    ] {
        assert_eq!(in_words(&catalogue, expression), words, "{expression}");
    }
    assert_eq!(percent(38_500), "3.85%");
}

#[test]
fn a_formula_can_be_read_in_one_way_only() {
    let catalogue = Catalogue::load(&Tree::built_in());
    for (expression, words) in [
        (
            "loan.rate - least(loan.rate, at($lpr_1y, loan.issue_date) - 0.015)",
            "贷款年利率－（贷款年利率与（一年期贷款市场报价利率（LPR）－1.5%）中较小的一个）",
        ),
        (
            "round(loan.fiscal_interest_fen * 12 / greatest(loan.interest_months, 12), 2, 'half_up')",
            "本次财政贴息金额×12÷（本次计息月数，至少12）",
        ),
        (
            "round((loan.amount_fen + yuan(1)) * 0.5, 2, 'half_up') * 2",
            "（贷款金额＋1元）×50%×2",
        ),
        (
            "2 * round(loan.amount_fen + yuan(1), 2, 'half_up')",
            "2×（贷款金额＋1元）",
        ),
        (
            "3 - CASE WHEN employment.insured THEN 1 ELSE 2 END",
            "3－（在该单位参保缴费的，为1；其他情形，为2）",
        ),
        (
            "greatest(employment.contract_date, employment.insured_since)",
            "合同签订日与在该单位开始参保日中较晚的一个",
        ),
        (
            "year(claim.date) * 12 + month(claim.date) - year(loan.issue_date) * 12 - month(loan.issue_date) + 1",
            "贷款发放日所在月至申领日所在月相隔的月数＋1",
        ),
        (
            "12 - (year(claim.date) * 12 + month(claim.date) - year(loan.issue_date) * 12 - month(loan.issue_date) + 1)",
            "12－1－贷款发放日所在月至申领日所在月相隔的月数",
        ),
        ("loan.issue_date IS NOT NULL", "有贷款发放日"),
        (
            "CASE WHEN at($zy_internship_uplift, claim.month) = 'uplift' THEN 1 ELSE 0 END",
            "国家级、省级见习基地补贴标准是否上浮为“上浮”的，为1；其他情形，为0",
        ),
    ] {
        assert_eq!(in_words(&catalogue, expression), words, "{expression}");
    }
}

#[test]
fn a_standard_is_what_is_set_and_not_what_is_reckoned_from_a_case() {
    for (expression, expected) in [
        ("yuan(3000)", true),
        ("at($a, claim.month)", true),
        ("round(at($a, claim.month) * 0.5, 2, 'half_up')", true),
        ("training.attended_days * yuan(50)", false),
    ] {
        assert_eq!(is_standard(expression), expected, "{expression}");
    }
}

#[test]
fn no_expression_of_a_pack_shows_a_sign_of_the_language() {
    let catalogue = Catalogue::load(&Tree::built_in());
    let mut seen = 0;
    for benefit in catalogue.benefits.all() {
        for (_, expression, _) in benefit.expressions() {
            let words = in_words(&catalogue, expression);
            let signs = ["$", "_fen", "THEN", "CASE", "person.", "employer.", "loan.", "uplift"];
            assert!(
                !signs.iter().any(|sign| words.contains(sign)),
                "{}: {words}",
                **expression
            );
            seen += 1;
        }
    }
    assert!(seen > 300, "{seen}");
}

#[test]
fn the_parameters_of_an_expression_are_named_once() {
    let text = "least($a, at($b, claim.month) * $a) + $c";
    assert_eq!(parameters(text), ["a", "b", "c"]);
    assert_eq!(parameters("(("), [""; 0]);
}

#[test]
fn what_comes_to_the_same_for_every_case_is_told_from_what_is_reckoned() {
    for (expression, expected) in [
        ("yuan(3000)", Some(Fixed::Fen(300_000))),
        ("yuan(1234.5)", Some(Fixed::Fen(123_450))),
        ("12", Some(Fixed::Millionths(12_000_000))),
        ("0.5", Some(Fixed::Millionths(500_000))),
        ("yuan(3000) + yuan(1)", None),
        ("round(yuan(1.005), 0, 'half_up')", None),
        ("$a", None),
        ("not an expression", None),
    ] {
        assert_eq!(fixed(expression), expected, "{expression}");
    }
    for (expression, expected) in [
        ("$a", Some("a")),
        ("at($a, as_of)", Some("a")),
        ("at($a, claim.month)", Some("a")),
        ("at($a, loan.issue_date)", None),
        ("$a * 2", None),
        ("round($a, 2, 'half_up')", None),
    ] {
        assert_eq!(parameter_of_the_day(expression).as_deref(), expected, "{expression}");
    }
}
