//! 办事指南: what the page of one benefit says, against what its document says.

use crate::site::{full, get, send};

async fn sheet(benefit: &str) -> String {
    let router = web::router(full());
    send(&router, get(&format!("/catalogue/{benefit}"))).await.text()
}

#[tokio::test]
async fn a_window_without_a_beginning_does_not_begin_today() {
    for (benefit, span) in [
        ("cx-ui-rate-cut", "至2021年4月30日（起始日原文未载明）"),
        ("dz-refund-difficult", "至2020年12月31日（起始日原文未载明）"),
        ("cx-sme-graduate-bonus", "2020年1月1日至2020年12月31日；按合同签订日"),
    ] {
        let text = sheet(benefit).await;
        assert!(text.contains(span) && !text.contains("即日起"), "{benefit}: {text}");
    }
}

#[tokio::test]
async fn whoever_pays_is_whom_the_document_names() {
    for benefit in [
        "zy-guarantee-balance", "zy-guarantee-capital", "zy-loan-award", "zy-loan-loss",
    ] {
        let text = sheet(benefit).await;
        assert!(
            text.contains("转其他部门办理，文件写明的是市财政局（牵头单位）"),
            "{benefit}: {text}"
        );
    }
    let loss = sheet("cx-weidantong-loss-share").await;
    assert!(loss.contains("市财政局（配合单位）"), "{loss}");
    let list = sheet("cx-whitelist").await;
    assert!(
        list.contains("由有关部门办理，不发放资金，文件写明的是市人力社保局（牵头单位）"),
        "{list}"
    );
    for benefit in ["cx-platform-work-injury", "ln-pension-defer-2020", "cx-tax-deferral"] {
        assert!(!sheet(benefit).await.contains("征收时减免"), "{benefit}");
    }
}

#[tokio::test]
async fn a_standard_says_for_what_and_stages_say_how_much() {
    for (benefit, words) in [
        ("cx-sme-graduate-bonus", "3000元（每招用1人）"),
        ("cx-entrepreneur-si-subsidy", "1万元（每人每年）"),
        ("zy-job-intro", "300元（每介绍1人）"),
        ("ln-training-staged", "的50%"),
        ("ln-training-staged", "的25%"),
        ("ln-hiring-bonus", "最多50%"),
        ("zy-internship", "为“上浮”的"),
        ("as-hard-to-employ-post", "起始日为本系统的计算起点，口径待确认"),
        ("as-hard-to-employ-post", "暂按恢复为原来的40%，口径待确认"),
    ] {
        let text = sheet(benefit).await;
        assert!(text.contains(words), "{benefit}, {words}: {text}");
    }
    assert!(!sheet("zy-internship").await.contains("uplift"));
}

#[tokio::test]
async fn the_value_in_force_on_the_days_page_stands_there_and_no_later_one() {
    let text = sheet("cx-startup-loan-rate-cap").await;
    assert!(text.contains("3.85%（现行，自2020年4月20日"), "{text}");
    assert!(!text.contains("2021年12月") && !text.contains("2024年"), "{text}");
    // What a document sets for later days is known.
    let share = sheet("as-hard-to-employ-post").await;
    assert!(share.contains("50%（现行，自2020年11月1日至2021年10月31日"), "{share}");
    assert!(share.contains("40%（自2021年11月1日"), "{share}");
}

#[tokio::test]
async fn a_sheet_has_no_word_twice_and_no_marks_within_the_same_marks() {
    assert!(!sheet("zy-guarantee-balance").await.contains("规定规定"));
    assert!(!sheet("zy-social-relief").await.contains("规定规定"));
    assert!(sheet("as-night-loan").await.contains("《关于转发〈"));
    assert!(!sheet("cx-ui-no-60-day").await.contains("享受过取消"));
    assert!(sheet("ln-auto-refund-micro").await.contains("普惠性稳岗返还"));
}
