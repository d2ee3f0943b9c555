//! Types against the fact dictionary and the parameters.

use std::collections::BTreeSet;

use policy::fact::{CodeList, DECIMAL_SCALE, Dictionary, FactType, WhenAbsent};
use policy::parameter::Parameters;

use super::{Kind, Typed, TypedNode, literal};
use crate::language::{Comparison, ExpressionError, Node, Operator, Syntax};

/// What expressions may name: facts, parameters and code lists by index.
#[derive(Debug, Clone, Default)]
pub struct Vocabulary {
    /// The dictionary.
    pub dictionary: Dictionary,
    /// The parameters.
    pub parameters: Parameters,
    /// Ids of benefits that the history of a case may name.
    pub benefits: BTreeSet<String>,
    facts: Vec<String>,
    parameter_ids: Vec<String>,
    lists: Vec<String>,
}

impl Vocabulary {
    /// Everything in the dictionary and the parameters.
    pub fn new(dictionary: Dictionary, parameters: Parameters) -> Self {
        let facts: Vec<String> = dictionary.facts().map(|fact| fact.name.clone()).collect();
        let parameter_ids: Vec<String> = parameters.0.keys().cloned().collect();
        let mut lists: Vec<String> = dictionary
            .facts()
            .map(|fact| &fact.kind)
            .chain(parameters.0.values().map(|parameter| &parameter.kind))
            .filter_map(|kind| {
                if let FactType::Code(list) = kind {
                    Some(list.clone())
                } else {
                    None
                }
            })
            .collect();
        lists.sort();
        lists.dedup();
        Self {
            dictionary,
            parameters,
            benefits: BTreeSet::new(),
            facts,
            parameter_ids,
            lists,
        }
    }

    /// How many facts there are; counts taken from the benefit history are numbered after them.
    pub fn fact_count(&self) -> u32 {
        index(self.facts.len())
    }

    /// The name of a fact by index; empty for a count taken from the history.
    pub fn fact_name(&self, fact: u32) -> &str {
        usize::try_from(fact)
            .ok()
            .and_then(|at| self.facts.get(at))
            .map_or("", String::as_str)
    }

    /// The index of a fact by name.
    pub fn fact_index(&self, name: &str) -> Option<u32> {
        self.facts
            .binary_search_by(|known| known.as_str().cmp(name))
            .ok()
            .map(index)
    }

    /// The type of a fact by index; a count from the history is a whole number.
    pub fn fact_kind(&self, fact: u32) -> Kind {
        self.dictionary
            .fact(self.fact_name(fact))
            .map_or(Kind::INT, |fact| self.kind_of(&fact.kind))
    }

    /// The id of a parameter by index.
    pub fn parameter_id(&self, parameter: u32) -> &str {
        usize::try_from(parameter)
            .ok()
            .and_then(|at| self.parameter_ids.get(at))
            .map_or("", String::as_str)
    }

    /// The index of a parameter by id.
    pub fn parameter_index(&self, id: &str) -> Option<u32> {
        self.parameter_ids
            .binary_search_by(|known| known.as_str().cmp(id))
            .ok()
            .map(index)
    }

    /// The code list by index.
    pub fn list(&self, list: u16) -> Option<&CodeList> {
        self.lists
            .get(usize::from(list))
            .and_then(|name| self.dictionary.list(name))
    }

    /// The name of a code list by index.
    pub fn list_name(&self, list: u16) -> &str {
        self.lists.get(usize::from(list)).map_or("", String::as_str)
    }

    /// The type of values of a fact or a parameter.
    pub fn kind_of(&self, kind: &FactType) -> Kind {
        match kind {
            FactType::Int => Kind::INT,
            FactType::Fen => Kind::FEN,
            FactType::Decimal => Kind::Number {
                money: false,
                scale: u8::try_from(DECIMAL_SCALE).unwrap_or(6),
            },
            FactType::Bool => Kind::Bool,
            FactType::Date => Kind::Date,
            FactType::Month => Kind::Month,
            FactType::Code(list) => Kind::Code(
                self.lists
                    .binary_search(list)
                    .ok()
                    .and_then(|at| u16::try_from(at).ok())
                    .unwrap_or(u16::MAX),
            ),
            FactType::Region => Kind::Region,
        }
    }
}

fn index(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

pub(super) type Checked = Result<Typed, ExpressionError>;

/// Gives every node its type.
///
/// # Errors
/// [`ExpressionError`] at the node that does not fit, with what was expected and the nearest name.
pub fn check(vocabulary: &Vocabulary, syntax: &Syntax) -> Checked {
    Check {
        vocabulary,
        copies: std::cell::Cell::new(0),
    }
    .value(syntax)
}

pub(super) struct Check<'a> {
    pub(super) vocabulary: &'a Vocabulary,
    /// Nodes copied so far while bringing quotients over one denominator.
    pub(super) copies: std::cell::Cell<usize>,
}

/// Most nodes copied while bringing quotients over one denominator: nesting doubles them at each level.
const MAX_COPIES: usize = 20_000;

pub(super) fn error<T>(at: usize, message: impl Into<String>, hint: impl Into<String>) -> Result<T, ExpressionError> {
    Err(ExpressionError::new(at, message, hint))
}

impl Check<'_> {
    /// A node whose type nothing around it decides.
    pub(super) fn value(&self, syntax: &Syntax) -> Checked {
        let at = syntax.at;
        let typed = |kind, node| Ok(Typed { at, kind, node });
        match &syntax.node {
            Node::Number(digits) => literal::number(at, digits),
            Node::Text(text) => error(
                at,
                format!("“{text}”单独出现，不知道是什么"),
                "文字要与选项、日期、月份或行政区划比较；日期可写 DATE '2020-01-01'",
            ),
            Node::Date(text) => literal::of_text(self.vocabulary, at, text, Kind::Date),
            Node::Flag(flag) => typed(Kind::Bool, TypedNode::Flag(*flag)),
            Node::AsOf => typed(Kind::Date, TypedNode::AsOf),
            Node::Fact(name) => {
                let fact = self.fact(at, name)?;
                typed(self.vocabulary.fact_kind(fact), TypedNode::Fact(fact))
            }
            Node::Parameter(id) => {
                let day = Typed {
                    at,
                    kind: Kind::Date,
                    node: TypedNode::AsOf,
                };
                self.parameter(at, id, day)
            }
            Node::Compare(comparison, left, right) => {
                let (left, right) = self.pair(left, right)?;
                self.compare(at, *comparison, left, right)
            }
            Node::Between(value, low, high) => self.within(at, value, low, high),
            Node::In(value, list) => self.one_of(at, value, list),
            Node::IsNull(value) => self.is_null(at, value),
            Node::And(parts) => typed(Kind::Bool, TypedNode::And(self.conditions(parts)?)),
            Node::Or(parts) => typed(Kind::Bool, TypedNode::Or(self.conditions(parts)?)),
            Node::Not(inner) => typed(Kind::Bool, TypedNode::Not(Box::new(self.condition(inner)?))),
            Node::Arithmetic(operator, left, right) => {
                if *operator == Operator::Divide {
                    return error(
                        at,
                        "除法只能写在取整函数里",
                        "如 round(甲 / 乙, 4, 'half_up')，或把 甲 / 乙 >= 0.25 改写为 甲 >= 0.25 * 乙",
                    );
                }
                self.arithmetic(at, *operator, left, right)
            }
            Node::Negate(inner) => {
                let inner = self.number(inner)?;
                let zero = Typed {
                    at,
                    kind: inner.kind,
                    node: TypedNode::Literal(0),
                };
                if let TypedNode::Literal(value) = inner.node {
                    return typed(inner.kind, TypedNode::Literal(-value));
                }
                typed(inner.kind, TypedNode::Subtract(Box::new(zero), Box::new(inner)))
            }
            Node::Case(branches, otherwise) => self.case(at, branches, otherwise),
            Node::Call(function, arguments) => self.call(at, *function, arguments),
        }
    }

    /// A node that must be a condition.
    pub(super) fn condition(&self, syntax: &Syntax) -> Checked {
        let typed = self.value(syntax)?;
        if typed.kind == Kind::Bool {
            return Ok(typed);
        }
        error(
            typed.at,
            format!("这里应是条件，写的是{}", typed.kind.label()),
            "条件如 employment.insured_months >= 3",
        )
    }

    fn conditions(&self, parts: &[Syntax]) -> Result<Vec<Typed>, ExpressionError> {
        parts.iter().map(|part| self.condition(part)).collect()
    }

    /// A node that must be a number or money.
    pub(super) fn number(&self, syntax: &Syntax) -> Checked {
        let typed = self.value(syntax)?;
        if matches!(typed.kind, Kind::Number { .. }) {
            return Ok(typed);
        }
        error(
            typed.at,
            format!("这里应是数或金额，写的是{}", typed.kind.label()),
            "日期相差请用 days_between 或 full_months，推后请用 add_months",
        )
    }

    /// A node that stands beside a value of `kind`: a quoted text is read as such a value.
    pub(super) fn as_kind(&self, syntax: &Syntax, kind: Kind) -> Checked {
        if let Node::Text(text) = &syntax.node {
            return literal::of_text(self.vocabulary, syntax.at, text, kind);
        }
        self.value(syntax)
    }

    /// Two nodes, one of which may be a quoted text that the other one explains.
    pub(super) fn pair(&self, left: &Syntax, right: &Syntax) -> Result<(Typed, Typed), ExpressionError> {
        if matches!(left.node, Node::Text(_)) {
            let right = self.value(right)?;
            return Ok((self.as_kind(left, right.kind)?, right));
        }
        let left = self.value(left)?;
        let right = self.as_kind(right, left.kind)?;
        Ok((left, right))
    }

    pub(super) fn fact(&self, at: usize, name: &str) -> Result<u32, ExpressionError> {
        match self.vocabulary.fact_index(name) {
            Some(fact) => Ok(fact),
            None => error(
                at,
                format!("没有信息项“{name}”"),
                self.vocabulary.dictionary.meant(name),
            ),
        }
    }

    pub(super) fn parameter(&self, at: usize, id: &str, day: Typed) -> Checked {
        let Some(index) = self.vocabulary.parameter_index(id) else {
            return error(at, format!("没有政策标准“${id}”"), self.vocabulary.parameters.meant(id));
        };
        let kind = self
            .vocabulary
            .parameters
            .get(id)
            .map_or(Kind::INT, |parameter| self.vocabulary.kind_of(&parameter.kind));
        Ok(Typed {
            at,
            kind,
            node: TypedNode::Parameter(index, Box::new(day)),
        })
    }

    /// A comparison of two values of one kind, brought to one scale.
    pub(super) fn compare(&self, at: usize, comparison: Comparison, left: Typed, right: Typed) -> Checked {
        let (left, right) = self.alike(left, right, "比较")?;
        if !comparison.is_equality() && matches!(left.kind, Kind::Bool | Kind::Code(_) | Kind::Region) {
            return error(
                at,
                format!("{}不分大小", left.kind.label()),
                "请用 = 或 <>；行政区划的范围请用 in_region",
            );
        }
        if left.kind == Kind::Bool {
            return same_truth(at, comparison, left, right);
        }
        Ok(Typed {
            at,
            kind: Kind::Bool,
            node: TypedNode::Compare(comparison, Box::new(left), Box::new(right)),
        })
    }

    fn one_of(&self, at: usize, value: &Syntax, list: &[Syntax]) -> Checked {
        let value = self.value(value)?;
        if value.kind == Kind::Bool {
            return error(
                at,
                "是否类信息项不用 IN",
                "可直接写，如 person.is_disabled 或 NOT person.is_disabled",
            );
        }
        let (mut value, mut items) = (value, Vec::with_capacity(list.len()));
        for item in list {
            let item = self.as_kind(item, value.kind)?;
            let (alike, item) = self.alike(value, item, "比较")?;
            value = alike;
            items.push(item);
        }
        let digits = scale(value.kind).unwrap_or(0);
        let items = items
            .into_iter()
            .map(|item| rescaled(item, digits))
            .collect::<Result<_, _>>()?;
        Ok(Typed {
            at,
            kind: Kind::Bool,
            node: TypedNode::OneOf(Box::new(value), items),
        })
    }

    fn within(&self, at: usize, value: &Syntax, low: &Syntax, high: &Syntax) -> Checked {
        let (value, low) = self.pair(value, low)?;
        if matches!(value.kind, Kind::Bool | Kind::Code(_) | Kind::Region) {
            return error(
                at,
                format!("{}不分大小", value.kind.label()),
                "请用 = 或 IN；行政区划的范围请用 in_region",
            );
        }
        let high = self.as_kind(high, value.kind)?;
        let (value, low) = self.alike(value, low, "比较")?;
        let (value, high) = self.alike(value, high, "比较")?;
        let low = rescaled(low, scale(value.kind).unwrap_or(0))?;
        Ok(Typed {
            at,
            kind: Kind::Bool,
            node: TypedNode::Within(Box::new(value), Box::new(low), Box::new(high)),
        })
    }

    fn is_null(&self, at: usize, value: &Syntax) -> Checked {
        let Node::Fact(name) = &value.node else {
            return error(at, "IS NULL 只能用于信息项", "如 person.retirement_date IS NULL");
        };
        let fact = self.fact(value.at, name)?;
        let absent = self.vocabulary.dictionary.fact(name).map(|fact| fact.when_absent);
        if absent != Some(WhenAbsent::None) {
            return error(
                at,
                format!("“{name}”不能用 IS NULL：没有数据不等于没有此事"),
                "只有信息项表中写明 when_absent = \"none\" 的才能判断是否为空",
            );
        }
        Ok(Typed {
            at,
            kind: Kind::Bool,
            node: TypedNode::IsNull(fact),
        })
    }

    fn case(&self, at: usize, branches: &[(Syntax, Syntax)], otherwise: &Syntax) -> Checked {
        let conditions = branches
            .iter()
            .map(|(when, _)| self.condition(when))
            .collect::<Result<Vec<_>, _>>()?;
        let texts: Vec<&Syntax> = branches.iter().map(|(_, then)| then).chain([otherwise]).collect();
        let mut values = self.family(&texts, "CASE 的各个结果")?;
        let Some(last) = values.pop() else {
            return error(at, "CASE 没有结果", "请写成 CASE WHEN 条件 THEN 值 ELSE 值 END");
        };
        let kind = last.kind;
        Ok(Typed {
            at,
            kind,
            node: TypedNode::Case(conditions.into_iter().zip(values).collect(), Box::new(last)),
        })
    }

    /// Several values that must be of one kind, brought to one scale; quoted texts follow the first that has a type.
    pub(super) fn family(&self, texts: &[&Syntax], what: &str) -> Result<Vec<Typed>, ExpressionError> {
        let guide = texts.iter().find(|text| !matches!(text.node, Node::Text(_)));
        let Some(guide) = guide else {
            let at = texts.first().map_or(0, |text| text.at);
            return error(
                at,
                format!("{what}都是文字，不知道是什么"),
                "日期请写成 DATE '2020-01-01'",
            );
        };
        let guide = self.value(guide)?.kind;
        let mut values = texts
            .iter()
            .map(|text| self.as_kind(text, guide))
            .collect::<Result<Vec<_>, _>>()?;
        let scale = values.iter().filter_map(|value| scale(value.kind)).max();
        for value in &mut values {
            let fits = match (value.kind, guide) {
                (Kind::Number { money, .. }, Kind::Number { money: wanted, .. }) => money == wanted,
                (kind, wanted) => kind == wanted,
            };
            if !fits {
                return error(
                    value.at,
                    format!("{what}类型不同：这里是{}，前面是{}", value.kind.label(), guide.label()),
                    "金额请写成 yuan(…)",
                );
            }
            if let Some(scale) = scale {
                *value = rescaled(value.clone(), scale)?;
            }
        }
        Ok(values)
    }
}

impl Check<'_> {
    /// A copy, unless copies have got out of hand.
    pub(super) fn copy(&self, value: &Typed) -> Checked {
        let copies = self.copies.get() + value.size();
        self.copies.set(copies);
        if copies > MAX_COPIES {
            return error(value.at, "取整函数里的除法过多", "请先对其中一部分取整，或拆成几个条件");
        }
        Ok(value.clone())
    }
}

/// Digits after the point, of numbers.
pub(super) fn scale(kind: Kind) -> Option<u8> {
    if let Kind::Number { scale, .. } = kind {
        Some(scale)
    } else {
        None
    }
}

/// `value` with `wanted` digits after the point, which must not be fewer.
pub(super) fn rescaled(value: Typed, wanted: u8) -> Checked {
    let Kind::Number { money, scale } = value.kind else {
        return Ok(value);
    };
    if scale >= wanted {
        return Ok(value);
    }
    let (at, more) = (value.at, wanted - scale);
    let kind = Kind::Number { money, scale: wanted };
    if let TypedNode::Literal(number) = value.node {
        let Some(number) = 10_i128
            .checked_pow(u32::from(more))
            .and_then(|power| number.checked_mul(power))
        else {
            return error(at, "数值过大", "请核对这里的数");
        };
        return Ok(Typed {
            at,
            kind,
            node: TypedNode::Literal(number),
        });
    }
    Ok(Typed {
        at,
        kind,
        node: TypedNode::Rescale(Box::new(value), more),
    })
}

/// `a = b` of two conditions.
fn same_truth(at: usize, comparison: Comparison, left: Typed, right: Typed) -> Checked {
    let not = |inner: Typed| Typed {
        at,
        kind: Kind::Bool,
        node: TypedNode::Not(Box::new(inner)),
    };
    let wanted = comparison == Comparison::Equal;
    match (&left.node, &right.node) {
        (_, TypedNode::Flag(flag)) => Ok(if *flag == wanted { left } else { not(left) }),
        (TypedNode::Flag(flag), _) => Ok(if *flag == wanted { right } else { not(right) }),
        _ => error(
            at,
            "两个条件不能直接比较",
            "请用 AND、OR、NOT 组合；是否类信息项可直接写，如 person.is_disabled",
        ),
    }
}
