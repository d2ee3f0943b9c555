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
            Node::Compare(comparison, left, right) => {
                format!("{}{}{}", self.of(left), word(*comparison), self.beside(left, right))
            }
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
            Node::Not(value) => format!("不是{}", self.of(value)),
            Node::Arithmetic(operator, left, right) => {
                let sign = match operator {
                    Operator::Add => "＋",
                    Operator::Subtract => "－",
                    Operator::Multiply => "×",
                    Operator::Divide => "÷",
                };
                let tight = matches!(operator, Operator::Multiply | Operator::Divide);
                format!("{}{sign}{}", self.operand(left, tight), self.operand(right, true))
            }
            Node::Negate(value) => format!("－{}", self.operand(value, true)),
            Node::Case(branches, otherwise) => {
                let branches = branches
                    .iter()
                    .map(|(when, then)| format!("{}的，为{}", self.of(when), self.of(then)));
                let branches: Vec<String> = branches.collect();
                format!("{}；其他情形，为{}", branches.join("；"), self.of(otherwise))
            }
            Node::Call(function, arguments) => self.call(*function, arguments),
        }
    }

    /// An operand, in brackets where signs would run together.
    fn operand(&self, syntax: &Syntax, tight: bool) -> String {
        let loose = matches!(
            &syntax.node,
            Node::Arithmetic(Operator::Add | Operator::Subtract, ..) | Node::Case(..)
        );
        let words = self.of(syntax);
        if loose && tight {
            format!("（{words}）")
        } else {
            words
        }
    }

    fn joined(&self, list: &[Syntax], between: &str) -> String {
        list.iter().map(|one| self.of(one)).collect::<Vec<_>>().join(between)
    }

    fn call(&self, function: Function, arguments: &[Syntax]) -> String {
        let words: Vec<String> = arguments.iter().map(|argument| self.of(argument)).collect();
        let first = words.first().cloned().unwrap_or_default();
        let second = words.get(1).cloned().unwrap_or_default();
        match function {
            // The day of a parameter, and how fen are rounded, are no part of what a reader wants to know first.
            Function::At | Function::Round => first,
            Function::Yuan => yuan(&first),
            Function::Least => format!("{}中较小的一个", words.join("、")),
            Function::Greatest => format!("{}中较大的一个", words.join("、")),
            Function::Floor => format!("{first}（舍去零头）"),
            Function::Ceil => format!("{first}（零头进一）"),
            Function::Age => "周岁".to_owned(),
            Function::DaysBetween => format!("{first}至{second}的天数"),
            Function::FullMonths => format!("{first}至{second}的整月数"),
            Function::AddMonths => format!("{first}后{second}个月"),
            Function::Year => format!("{first}所在年份"),
            Function::Month => format!("{first}所在月份"),
            Function::InRegion => format!("{first}在{}", self.0.library.regions.full_name(&padded(&second))),
        }
    }

    /// What stands beside a fact: a word of its list, by its name on screen.
    fn beside(&self, fact: &Syntax, value: &Syntax) -> String {
        if let (Node::Fact(name), Node::Text(word)) = (&fact.node, &value.node) {
            let dictionary = &self.0.vocabulary.dictionary;
            let list = dictionary.fact(name).and_then(|fact| match &fact.kind {
                FactType::Code(list) => dictionary.list(list),
                _ => None,
            });
            if let Some(code) = list.and_then(|list| list.find(word)) {
                return code.label.clone();
            }
        }
        self.of(value)
    }

    fn fact(&self, name: &str) -> String {
        let fact = self.0.vocabulary.dictionary.fact(name);
        fact.map_or_else(|| name.to_owned(), |fact| fact.label.clone())
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
