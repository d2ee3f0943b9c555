//! Expressions in words: what a reader sees has no sign of the rule language.

use policy::file::Tree;
use rules::catalogue::Catalogue;
use rules::formula::{in_words, parameters, percent};

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
        (
            "least(startup.site_lease_months, 24)",
            "租用创业场地的月数、24中较小的一个",
        ),
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
fn no_expression_of_a_pack_shows_a_sign_of_the_language() {
    let catalogue = Catalogue::load(&Tree::built_in());
    let mut seen = 0;
    for benefit in catalogue.benefits.all() {
        for (_, expression, _) in benefit.expressions() {
            let words = in_words(&catalogue, expression);
            let signs = ["$", "_fen", "THEN", "CASE", "person.", "employer.", "loan."];
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
