//! 人民币大写: amounts in the capital numerals of vouchers.
//!
//! Source: the rules on filling in notes and vouchers annexed to 支付结算办法 (1997). Where they leave a choice we
//! take the first of the two forms they print: 零 after 元 when the yuan place is 0 and the jiao place is not
//! (壹仟陆佰捌拾元零叁角贰分), no 零 after 万 or 亿 when only that section's own last place is 0 (壹拾万柒仟元), and no
//! 整 after 角.

use super::Money;

const DIGITS: [&str; 10] = ["零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"];
const PLACES: [(u64, &str); 4] = [(1000, "仟"), (100, "佰"), (10, "拾"), (1, "")];
const WAN: u64 = 10_000;
const YI: u64 = 100_000_000;

impl Money {
    /// 人民币大写 without the word 人民币 in front: `叁仟元整`, `壹仟肆佰零玖元伍角`, `负伍分`. For every amount that
    /// [`Money`] holds; 万亿 and 亿亿 are written by sections (玖亿贰仟万亿).
    pub fn capital(self) -> String {
        let fen = self.0.unsigned_abs();
        if fen == 0 {
            return "零元整".to_owned();
        }
        let mut text = String::new();
        if self.0 < 0 {
            text.push('负');
        }
        let yuan = fen / 100;
        if yuan > 0 {
            push_integer(&mut text, yuan);
            text.push('元');
        }
        push_tail(&mut text, yuan, fen / 10 % 10, fen % 10);
        text
    }
}

fn push_tail(text: &mut String, yuan: u64, jiao: u64, fen: u64) {
    if jiao == 0 && fen == 0 {
        text.push('整');
        return;
    }
    if yuan > 0 && (jiao == 0 || yuan.is_multiple_of(10)) {
        text.push('零');
    }
    if jiao > 0 {
        push_digit(text, jiao);
        text.push('角');
    }
    if fen > 0 {
        push_digit(text, fen);
        text.push('分');
    }
}

fn push_integer(text: &mut String, number: u64) {
    if number >= YI {
        push_integer(text, number / YI);
        text.push('亿');
        push_rest(text, number % YI, YI / 10);
    } else if number >= WAN {
        push_section(text, number / WAN);
        text.push('万');
        push_rest(text, number % WAN, WAN / 10);
    } else {
        push_section(text, number);
    }
}

/// What follows 万 or 亿; 零 if its first place is empty.
fn push_rest(text: &mut String, rest: u64, first_place: u64) {
    if rest == 0 {
        return;
    }
    if rest < first_place {
        text.push('零');
    }
    push_integer(text, rest);
}

/// One to four places, without a leading 零.
fn push_section(text: &mut String, section: u64) {
    let mut gap = false;
    let mut started = false;
    for (place, name) in PLACES {
        let digit = section / place % 10;
        if digit == 0 {
            gap = started;
            continue;
        }
        if gap {
            text.push('零');
        }
        push_digit(text, digit);
        text.push_str(name);
        started = true;
        gap = false;
    }
}

fn push_digit(text: &mut String, digit: u64) {
    let name = usize::try_from(digit).ok().and_then(|digit| DIGITS.get(digit));
    text.push_str(name.copied().unwrap_or_default());
}
