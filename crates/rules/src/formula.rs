//! A formula in plain Chinese: how an amount is reckoned, for whoever reads a benefit rather than its file.

use policy::fact::FactType;

use crate::catalogue::Catalogue;
use crate::language::{Comparison, Function, Node, Operator, Syntax, parse};

/// An expression of a pack in words; as it is written where it cannot be read.
pub fn in_words(catalogue: &Catalogue, expression: &str) -> String {
    match parse(expression) {
        Ok(syntax) => Formula(catalogue).of(&syntax),
        Err(_) => expression.to_owned(),
    }
}

/// The parameters that an expression names, each once, in their order.
pub fn parameters(expression: &str) -> Vec<String> {
    let mut found = Vec::new();
    if let Ok(syntax) = parse(expression) {
        named(&syntax, &mut found);
    }
    found
}

fn named(syntax: &Syntax, found: &mut Vec<String>) {
    if let Node::Parameter(id) = &syntax.node
        && !found.contains(id)
    {
        found.push(id.clone());
    }
    parts(syntax).into_iter().for_each(|part| named(part, found));
}

/// The expressions that an expression is made of.
fn parts(syntax: &Syntax) -> Vec<&Syntax> {
    match &syntax.node {
        Node::Compare(_, left, right) | Node::Arithmetic(_, left, right) => vec![left, right],
        Node::Between(value, low, high) => vec![value, low, high],
        Node::In(value, list) => std::iter::once(&**value).chain(list).collect(),
        Node::IsNull(value) | Node::Not(value) | Node::Negate(value) => vec![value],
        Node::And(list) | Node::Or(list) | Node::Call(_, list) => list.iter().collect(),
        Node::Case(branches, otherwise) => {
            let branches = branches.iter().flat_map(|(when, then)| [when, then]);
            branches.chain([&**otherwise]).collect()
        }
        Node::Number(_)
        | Node::Text(_)
        | Node::Date(_)
        | Node::Flag(_)
        | Node::Fact(_)
        | Node::Parameter(_)
        | Node::AsOf => Vec::new(),
    }
}

struct Formula<'c>(&'c Catalogue);

impl Formula<'_> {
    fn of(&self, syntax: &Syntax) -> String {
        match &syntax.node {
            Node::Number(digits) => number(digits),
            Node::Text(text) | Node::Date(text) => text.clone(),
            Node::Flag(flag) => if *flag { "是" } else { "否" }.to_owned(),
            Node::Fact(name) => self.fact(name),
            Node::Parameter(id) => {
                let parameter = self.0.vocabulary.parameters.get(id);
                parameter.map_or_else(|| format!("${id}"), |parameter| parameter.name.clone())
            }
            Node::AsOf => "判断日".to_owned(),
            Node::Compare(comparison, left, right) => self.compared(*comparison, left, right),
            Node::Between(value, low, high) => {
                format!("{}在{}至{}之间", self.of(value), self.of(low), self.of(high))
            }
            Node::In(value, list) => {
                let list: Vec<String> = list.iter().map(|one| self.beside(value, one)).collect();
                format!("{}是{}", self.of(value), list.join("或"))
            }
            Node::IsNull(value) => format!("没有{}", self.of(value)),
            Node::And(list) => self.joined(list, "，且"),
            Node::Or(list) => self.joined(list, "，或"),
            Node::Not(value) => match &value.node {
                Node::Fact(_) => format!("不是{}", self.of(value)),
                Node::IsNull(inner) => format!("有{}", self.of(inner)),
                _ => format!("不是（{}）", self.of(value)),
            },
            Node::Arithmetic(operator, left, right) => self.sum(syntax).unwrap_or_else(|| {
                let sign = match operator {
                    Operator::Add => "＋",
                    Operator::Subtract => "－",
                    Operator::Multiply => "×",
                    Operator::Divide => "÷",
                };
                format!(
                    "{}{sign}{}",
                    self.operand(left, *operator, false),
                    self.operand(right, *operator, true)
                )
            }),
            Node::Negate(value) => format!("－{}", self.operand(value, Operator::Subtract, true)),
            Node::Case(branches, otherwise) => {
                let branches = branches
                    .iter()
                    .map(|(when, then)| format!("{}的，为{}", self.of(when), self.branch(then)));
                let branches: Vec<String> = branches.collect();
                format!("{}；其他情形，为{}", branches.join("；"), self.branch(otherwise))
            }
            Node::Call(function, arguments) => self.call(*function, arguments),
        }
    }

    /// An operand, in brackets where without them it would be read otherwise.
    fn operand(&self, syntax: &Syntax, of: Operator, is_right: bool) -> String {
        let tight = matches!(of, Operator::Multiply | Operator::Divide);
        let loose = match &bare(syntax).node {
            Node::Arithmetic(Operator::Add | Operator::Subtract, ..) => tight || is_right && of == Operator::Subtract,
            Node::Arithmetic(Operator::Multiply | Operator::Divide, ..) => is_right && of == Operator::Divide,
            Node::Negate(_) => tight || is_right,
            _ => is_phrase(syntax),
        };
        bracketed(self.of(syntax), loose)
    }

    /// One of several things of which one is taken.
    fn choice(&self, syntax: &Syntax) -> String {
        let loose = matches!(&bare(syntax).node, Node::Arithmetic(..) | Node::Negate(_)) || is_phrase(syntax);
        bracketed(self.of(syntax), loose)
    }

    /// What a branch comes to: a case within a case stands in brackets.
    fn branch(&self, syntax: &Syntax) -> String {
        bracketed(self.of(syntax), matches!(&bare(syntax).node, Node::Case(..)))
    }

    /// `year(a) * 12 + month(a) - year(b) * 12 - month(b)` and what is added to it: months from month to month.
    fn sum(&self, syntax: &Syntax) -> Option<String> {
        let mut terms = Vec::new();
        addends(syntax, true, &mut terms);
        let parts: Vec<(bool, (bool, &Syntax))> = terms
            .iter()
            .filter_map(|(plus, term)| Some((*plus, months_part(term)?)))
            .collect();
        let date = |plus: bool| {
            let mut own = parts.iter().filter(|(sign, _)| *sign == plus).map(|(_, part)| part);
            let (one, other) = (own.next()?, own.next()?);
            (own.next().is_none() && one.0 != other.0 && one.1.node == other.1.node).then_some(one.1)
        };
        let (added, taken) = (date(true)?, date(false)?);
        // As it is written: what comes first says whether the months are added or taken away.
        let is_added = parts.first().is_some_and(|(plus, _)| *plus);
        let (earlier, later) = if is_added { (taken, added) } else { (added, taken) };
        let months = format!("{}所在月至{}所在月相隔的月数", self.of(earlier), self.of(later));
        let mut words = if is_added { months.clone() } else { String::new() };
        for (plus, term) in terms.iter().filter(|(_, term)| months_part(term).is_none()) {
            let operator = if *plus { Operator::Add } else { Operator::Subtract };
            let sign = match (plus, words.is_empty()) {
                (true, true) => "",
                (true, false) => "＋",
                (false, _) => "－",
            };
            words.push_str(&format!("{sign}{}", self.operand(term, operator, true)));
        }
        if !is_added {
            words.push_str(&format!("－{months}"));
        }
        Some(words)
    }

    fn joined(&self, list: &[Syntax], between: &str) -> String {
        let part = |one: &Syntax| bracketed(self.of(one), matches!(&one.node, Node::And(_) | Node::Or(_)));
        list.iter().map(part).collect::<Vec<_>>().join(between)
    }

    /// The least or the greatest: 「A与B中较小的一个」; beside a plain number 「A，最多12」; of days 较早 and 较晚.
    fn extreme(&self, function: Function, arguments: &[Syntax]) -> String {
        let least = function == Function::Least;
        let (bounds, others): (Vec<&Syntax>, Vec<&Syntax>) = arguments.iter().partition(|one| is_number(one));
        if let ([bound], [other]) = (bounds.as_slice(), others.as_slice()) {
            let words = bracketed(self.of(other), is_phrase(other));
            let bound = self.of(bound);
            return match (least, bound.as_str()) {
                (true, _) => format!("{words}，最多{bound}"),
                (false, "0" | "0元") => format!("{words}，结果为负的按0计"),
                (false, _) => format!("{words}，至少{bound}"),
            };
        }
        let words: Vec<String> = arguments.iter().map(|argument| self.choice(argument)).collect();
        let word = match (least, arguments.iter().any(|argument| self.is_date(argument))) {
            (true, true) => "较早",
            (false, true) => "较晚",
            (true, false) => "较小",
            (false, false) => "较大",
        };
        let word = if words.len() > 2 {
            word.replace('较', "最")
        } else {
            word.to_owned()
        };
        match words.split_last() {
            Some((last, others)) if !others.is_empty() => {
                format!("{}与{last}中{word}的一个", others.join("、"))
            }
            _ => words.concat(),
        }
    }

    fn is_date(&self, syntax: &Syntax) -> bool {
        let is_day = |kind: &FactType| matches!(kind, FactType::Date | FactType::Month);
        match &bare(syntax).node {
            Node::Date(_) | Node::AsOf | Node::Call(Function::AddMonths, _) => true,
            Node::Fact(name) => self
                .0
                .vocabulary
                .dictionary
                .fact(name)
                .is_some_and(|fact| is_day(&fact.kind)),
            Node::Parameter(id) => self
                .0
                .vocabulary
                .parameters
                .get(id)
                .is_some_and(|one| is_day(&one.kind)),
            Node::Call(Function::Least | Function::Greatest, list) => list.iter().any(|one| self.is_date(one)),
            _ => false,
        }
    }

    fn call(&self, function: Function, arguments: &[Syntax]) -> String {
        let words: Vec<String> = arguments.iter().map(|argument| self.of(argument)).collect();
        let first = words.first().cloned().unwrap_or_default();
        let second = words.get(1).cloned().unwrap_or_default();
        match function {
            // The day of a parameter, and how fen are rounded, are no part of what a reader wants to know first.
            Function::At | Function::Round => first,
            Function::Yuan => yuan(&first),
            Function::Least | Function::Greatest => self.extreme(function, arguments),
            Function::Floor => format!("（{first}）舍去零头"),
            Function::Ceil => format!("（{first}）零头进一"),
            Function::Age => "周岁".to_owned(),
            Function::DaysBetween => format!("{first}至{second}的天数"),
            Function::FullMonths => format!("{first}至{second}的整月数"),
            Function::AddMonths => {
                let loose = arguments.get(1).is_some_and(|months| !is_number(months));
                format!("{first}后{}个月", bracketed(second, loose))
            }
            Function::Year => format!("{first}所在年份"),
            Function::Month => format!("{first}所在月份"),
            Function::InRegion => format!("{first}在{}", self.0.library.regions.full_name(&padded(&second))),
        }
    }

    /// `a = b` and its like: a standard that is chosen reads 「…是否上浮为“上浮”」.
    fn compared(&self, comparison: Comparison, left: &Syntax, right: &Syntax) -> String {
        let side = self.beside(left, right);
        if let (Node::Parameter(_), Node::Text(_)) = (&bare(left).node, &right.node) {
            let word = if comparison == Comparison::Equal {
                "为"
            } else {
                "不为"
            };
            return format!("{}{word}“{side}”", self.of(left));
        }
        format!("{}{}{side}", self.of(left), word(comparison))
    }

    /// What stands beside a fact or a standard: a word of its list, by its name on screen.
    fn beside(&self, side: &Syntax, value: &Syntax) -> String {
        let vocabulary = &self.0.vocabulary;
        let kind = match &bare(side).node {
            Node::Fact(name) => vocabulary.dictionary.fact(name).map(|fact| &fact.kind),
            Node::Parameter(id) => vocabulary.parameters.get(id).map(|parameter| &parameter.kind),
            _ => None,
        };
        if let (Some(FactType::Code(list)), Node::Text(word)) = (kind, &value.node)
            && let Some(code) = vocabulary.dictionary.list(list).and_then(|list| list.find(word))
        {
            return code.label.clone();
        }
        self.of(value)
    }

    fn fact(&self, name: &str) -> String {
        let fact = self.0.vocabulary.dictionary.fact(name);
        fact.map_or_else(|| name.to_owned(), |fact| fact.label.clone())
    }
}

/// An expression without the wrapping that is not shown: the day of a parameter, rounding.
fn bare(syntax: &Syntax) -> &Syntax {
    match &syntax.node {
        Node::Call(Function::At | Function::Round, arguments) => arguments.first().map_or(syntax, bare),
        _ => syntax,
    }
}

/// True for what reads as several words with commas: a choice among cases or bounds.
fn is_phrase(syntax: &Syntax) -> bool {
    let syntax = bare(syntax);
    matches!(
        &syntax.node,
        Node::Case(..) | Node::Call(Function::Least | Function::Greatest, _)
    )
}

/// True for a number or a sum of money as it is written.
fn is_number(syntax: &Syntax) -> bool {
    match &syntax.node {
        Node::Number(_) => true,
        Node::Call(Function::Yuan, arguments) => arguments.iter().all(is_number),
        _ => false,
    }
}

fn bracketed(words: String, loose: bool) -> String {
    if loose { format!("（{words}）") } else { words }
}

/// The terms of a sum with their signs; true is added.
fn addends<'s>(syntax: &'s Syntax, plus: bool, terms: &mut Vec<(bool, &'s Syntax)>) {
    match &syntax.node {
        Node::Arithmetic(operator @ (Operator::Add | Operator::Subtract), left, right) => {
            addends(left, plus, terms);
            addends(right, plus == (*operator == Operator::Add), terms);
        }
        _ => terms.push((plus, syntax)),
    }
}

/// `year(d) * 12` is `(true, d)`, `month(d)` is `(false, d)`.
fn months_part(term: &Syntax) -> Option<(bool, &Syntax)> {
    match &term.node {
        Node::Call(Function::Month, arguments) => Some((false, arguments.first()?)),
        Node::Arithmetic(Operator::Multiply, year, twelve) if twelve.node == Node::Number("12".to_owned()) => {
            match &year.node {
                Node::Call(Function::Year, arguments) => Some((true, arguments.first()?)),
                _ => None,
            }
        }
        _ => None,
    }
}

/// True for an amount that is a standard: a number, or what a document sets, and nothing reckoned from the case.
pub fn is_standard(expression: &str) -> bool {
    fn plain(syntax: &Syntax) -> bool {
        let syntax = bare(syntax);
        match &syntax.node {
            Node::Fact(_) | Node::Case(..) => false,
            _ => parts(syntax).into_iter().all(plain),
        }
    }
    parse(expression).is_ok_and(|syntax| plain(&syntax))
}

/// An amount that is the same for every case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fixed {
    /// Money.
    Fen(i64),
    /// A plain number, in millionths.
    Millionths(i128),
}

/// What an expression comes to where it is a plain number or a sum of money; nothing where a case, a standard or a
/// reckoning is in it.
pub fn fixed(expression: &str) -> Option<Fixed> {
    let syntax = parse(expression).ok()?;
    match &syntax.node {
        Node::Number(digits) => policy::parameter::millionths(digits).map(Fixed::Millionths),
        Node::Call(Function::Yuan, arguments) => match arguments.as_slice() {
            [
                Syntax {
                    node: Node::Number(digits),
                    ..
                },
            ] => {
                let money = civil::Money::parse(&format!("{digits}元")).ok()?;
                Some(Fixed::Fen(money.fen()))
            }
            _ => None,
        },
        _ => None,
    }
}

/// The parameter that an expression is, and nothing besides: as it stands on the day of the decision, of the claim, or in
/// its month. On any other date rows may come to different sums.
pub fn parameter_of_the_day(expression: &str) -> Option<String> {
    let syntax = parse(expression).ok()?;
    match &syntax.node {
        Node::Parameter(id) => Some(id.clone()),
        Node::Call(Function::At, arguments) => match arguments.as_slice() {
            [parameter, on] => match (&parameter.node, &on.node) {
                (Node::Parameter(id), Node::AsOf) => Some(id.clone()),
                (Node::Parameter(id), Node::Fact(name)) if matches!(name.as_str(), "claim.date" | "claim.month") => {
                    Some(id.clone())
                }
                _ => None,
            },
            _ => None,
        },
        _ => None,
    }
}

/// A region as six digits: 3302 is 330200.
fn padded(digits: &str) -> String {
    format!("{digits:0<6}")
}

/// A decimal is a share.
fn number(digits: &str) -> String {
    if !digits.contains('.') {
        return digits.to_owned();
    }
    let share = policy::parameter::millionths(digits);
    share.map_or_else(|| digits.to_owned(), percent)
}

/// Millionths as a percentage: 500000 is 50%.
pub fn percent(millionths: i128) -> String {
    format!("{}%", crate::decision::decimal_text(millionths, 4))
}

fn yuan(digits: &str) -> String {
    let fen = digits.parse::<i64>().ok().and_then(|yuan| yuan.checked_mul(100));
    fen.map_or_else(|| format!("{digits}元"), |fen| civil::Money::from_fen(fen).short())
}

fn word(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Equal => "是",
        Comparison::NotEqual => "不是",
        Comparison::Less => "不满",
        Comparison::LessOrEqual => "不超过",
        Comparison::Greater => "超过",
        Comparison::GreaterOrEqual => "不少于",
    }
}
