//! Full-width forms.

use civil::half_width;

#[test]
fn full_width_forms_become_what_they_are_forms_of_and_nothing_else_changes() {
    for (wide, narrow) in [
        ('０', '0'),
        ('９', '9'),
        ('％', '%'),
        ('．', '.'),
        ('－', '-'),
        ('Ａ', 'A'),
        ('ｚ', 'z'),
        ('，', ','),
    ] {
        assert_eq!(half_width(wide), narrow, "{wide}");
    }
    for same in ['0', '%', '元', '、', '。', '￥', '　', '\u{ff00}', '\u{ff5f}'] {
        assert_eq!(half_width(same), same, "{same}");
    }
}
