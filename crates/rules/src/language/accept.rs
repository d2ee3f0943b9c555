//! The parser's tree to ours, listing what is allowed.

use sqlparser::ast::{
    BinaryOperator, CaseWhen, CeilFloorKind, DataType, Expr, FunctionArg, FunctionArgExpr, FunctionArguments, Ident,
    ObjectNamePart, Spanned, UnaryOperator, Value,
};

use super::parse::offset_of;
use super::{Comparison, ExpressionError, Function, MAX_DEPTH, Node, Operator, Syntax};

/// Takes a tree over.
pub(super) struct Accept<'a> {
    text: &'a str,
    depth: usize,
    /// Where the last node with a known place began: for nodes whose place the parser lost.
    last: usize,
}

type Accepted = Result<Syntax, ExpressionError>;

impl<'a> Accept<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            text,
            depth: 0,
            last: 0,
        }
    }

    pub(super) fn expression(&mut self, tree: Expr) -> Accepted {
        self.depth += 1;
        let at = self.place(&tree);
        // Also a long sum nests: each sign is one level.
        if self.depth > MAX_DEPTH {
            let message = format!("嵌套或连续运算超过 {MAX_DEPTH} 层");
            return Err(ExpressionError::new(at, message, "请拆成几个条件分别书写"));
        }
        let node = self.node(tree, at);
        self.depth -= 1;
        Ok(Syntax { at, node: node? })
    }

    fn boxed(&mut self, tree: Box<Expr>) -> Result<Box<Syntax>, ExpressionError> {
        self.expression(*tree).map(Box::new)
    }

    /// Where a node begins: at its first leaf, found without recursion, so that a chain of any length is safe.
    fn place(&mut self, tree: &Expr) -> usize {
        let mut first = tree;
        let start = loop {
            match first {
                Expr::BinaryOp { left: inner, .. }
                | Expr::Nested(inner)
                | Expr::UnaryOp { expr: inner, .. }
                | Expr::IsNull(inner)
                | Expr::IsNotNull(inner)
                | Expr::InList { expr: inner, .. }
                | Expr::Between { expr: inner, .. }
                | Expr::Ceil { expr: inner, .. }
                | Expr::Floor { expr: inner, .. } => first = inner,
                Expr::Identifier(ident) => break ident.span.start,
                Expr::CompoundIdentifier(idents) => match idents.first() {
                    Some(ident) => break ident.span.start,
                    None => return self.last,
                },
                Expr::Value(value) => break value.span.start,
                Expr::TypedString(typed) => break typed.value.span.start,
                Expr::Function(function) => break function.name.span().start,
                Expr::Case { case_token, .. } => break case_token.0.span.start,
                // What is refused anyway is told at the last place that is known.
                _ => return self.last,
            }
        };
        if start.line > 0 {
            self.last = offset_of(self.text, start);
        }
        self.last
    }

    fn node(&mut self, tree: Expr, at: usize) -> Result<Node, ExpressionError> {
        match tree {
            Expr::Identifier(ident) => name(&ident, at),
            Expr::CompoundIdentifier(idents) => fact(&idents, at),
            Expr::IsNull(value) => Ok(Node::IsNull(self.boxed(value)?)),
            Expr::IsNotNull(value) => Ok(negated(
                true,
                Syntax {
                    at,
                    node: Node::IsNull(self.boxed(value)?),
                },
            )),
            Expr::InList {
                expr,
                list,
                negated: not,
            } => {
                let value = self.boxed(expr)?;
                let list = list
                    .into_iter()
                    .map(|item| self.expression(item))
                    .collect::<Result<_, _>>()?;
                Ok(negated(
                    not,
                    Syntax {
                        at,
                        node: Node::In(value, list),
                    },
                ))
            }
            Expr::Between {
                expr,
                negated: not,
                low,
                high,
            } => {
                let node = Node::Between(self.boxed(expr)?, self.boxed(low)?, self.boxed(high)?);
                Ok(negated(not, Syntax { at, node }))
            }
            Expr::BinaryOp { left, op, right } => self.binary(left, &op, right, at),
            Expr::UnaryOp { op, expr } => self.unary(op, expr, at),
            Expr::Ceil { expr, field } => self.whole(Function::Ceil, expr, &field, at),
            Expr::Floor { expr, field } => self.whole(Function::Floor, expr, &field, at),
            Expr::Nested(inner) => Ok(self.boxed(inner)?.node),
            Expr::Value(value) => literal(value.value, at),
            Expr::TypedString(typed) => match (typed.data_type, typed.value.value) {
                (DataType::Date, Value::SingleQuotedString(text)) => Ok(Node::Date(text)),
                (other, _) => refuse(at, &format!("{other} 字面值"), "日期请写成 DATE '2020-01-01'"),
            },
            Expr::Function(function) => self.call(function, at),
            Expr::Case {
                operand,
                conditions,
                else_result,
                ..
            } => self.case(operand, conditions, else_result, at),
            other => refuse(at, unlisted(&other), "可用的写法见 docs/writing-policy.md"),
        }
    }

    fn binary(
        &mut self,
        left: Box<Expr>,
        op: &BinaryOperator,
        right: Box<Expr>,
        at: usize,
    ) -> Result<Node, ExpressionError> {
        let comparison = match op {
            BinaryOperator::Eq => Comparison::Equal,
            BinaryOperator::NotEq => Comparison::NotEqual,
            BinaryOperator::Lt => Comparison::Less,
            BinaryOperator::LtEq => Comparison::LessOrEqual,
            BinaryOperator::Gt => Comparison::Greater,
            BinaryOperator::GtEq => Comparison::GreaterOrEqual,
            BinaryOperator::And | BinaryOperator::Or => return self.chain(left, op, right),
            BinaryOperator::Plus => return self.arithmetic(Operator::Add, left, right),
            BinaryOperator::Minus => return self.arithmetic(Operator::Subtract, left, right),
            BinaryOperator::Multiply => return self.arithmetic(Operator::Multiply, left, right),
            BinaryOperator::Divide => return self.arithmetic(Operator::Divide, left, right),
            other => {
                return refuse(
                    at,
                    &format!("运算符“{other}”"),
                    "可用的有 + - * / = <> < <= > >= AND OR NOT",
                );
            }
        };
        if let Expr::BinaryOp { op: inner, .. } = &*left
            && is_comparison(inner)
        {
            return refuse(at, "连续比较", "请写成 甲 <= 乙 AND 乙 <= 丙，或 乙 BETWEEN 甲 AND 丙");
        }
        Ok(Node::Compare(comparison, self.boxed(left)?, self.boxed(right)?))
    }

    fn arithmetic(&mut self, operator: Operator, left: Box<Expr>, right: Box<Expr>) -> Result<Node, ExpressionError> {
        Ok(Node::Arithmetic(operator, self.boxed(left)?, self.boxed(right)?))
    }

    /// `a AND b AND c` as one flat list, without recursion along the chain.
    fn chain(&mut self, left: Box<Expr>, op: &BinaryOperator, right: Box<Expr>) -> Result<Node, ExpressionError> {
        let mut parts = vec![*right];
        let mut rest = *left;
        rest = loop {
            match rest {
                Expr::BinaryOp { left, op: same, right } if same == *op => {
                    parts.push(*right);
                    rest = *left;
                }
                end => break end,
            }
        };
        parts.push(rest);
        let parts = parts
            .into_iter()
            .rev()
            .map(|part| self.expression(part))
            .collect::<Result<_, _>>()?;
        Ok(if *op == BinaryOperator::And {
            Node::And(parts)
        } else {
            Node::Or(parts)
        })
    }

    fn unary(&mut self, op: UnaryOperator, value: Box<Expr>, at: usize) -> Result<Node, ExpressionError> {
        match op {
            UnaryOperator::Not => Ok(Node::Not(self.boxed(value)?)),
            UnaryOperator::Minus => Ok(Node::Negate(self.boxed(value)?)),
            other => refuse(at, &format!("运算符“{other}”"), "可用的有 NOT 和 -"),
        }
    }

    fn whole(
        &mut self,
        function: Function,
        value: Box<Expr>,
        field: &CeilFloorKind,
        at: usize,
    ) -> Result<Node, ExpressionError> {
        match field {
            CeilFloorKind::DateTimeField(sqlparser::ast::DateTimeField::NoDateTime) => {
                Ok(Node::Call(function, vec![self.expression(*value)?]))
            }
            CeilFloorKind::DateTimeField(_) | CeilFloorKind::Scale(_) => refuse(
                at,
                "带第二个参数的 floor、ceil",
                "保留小数请用 round(数, 位数, 'down') 或 'up'",
            ),
        }
    }

    fn call(&mut self, function: sqlparser::ast::Function, at: usize) -> Result<Node, ExpressionError> {
        let name = match function.name.0.as_slice() {
            [ObjectNamePart::Identifier(ident)] if ident.quote_style.is_none() => ident.value.clone(),
            _ => {
                return refuse(at, &format!("函数“{}”", function.name), "函数名是一个英文词，不加引号");
            }
        };
        let known = Function::ALL.iter().map(|(known, ..)| *known);
        let Some(called) = Function::named(&name) else {
            return Err(ExpressionError::new(
                at,
                format!("没有函数“{name}”"),
                policy::file::meant(&name, known),
            ));
        };
        let plain = !function.uses_odbc_syntax
            && matches!(function.parameters, FunctionArguments::None)
            && function.filter.is_none()
            && function.null_treatment.is_none()
            && function.over.is_none()
            && function.within_group.is_empty();
        let FunctionArguments::List(list) = function.args else {
            return refuse(at, &format!("“{name}”的这种调用"), &format!("写法：{}", called.usage()));
        };
        if !plain || list.duplicate_treatment.is_some() || !list.clauses.is_empty() {
            return refuse(
                at,
                &format!("“{name}”后的附加子句"),
                &format!("写法：{}", called.usage()),
            );
        }
        let mut arguments = Vec::with_capacity(list.args.len());
        for argument in list.args {
            match argument {
                FunctionArg::Unnamed(FunctionArgExpr::Expr(value)) => arguments.push(self.expression(value)?),
                FunctionArg::Unnamed(_) | FunctionArg::Named { .. } | FunctionArg::ExprNamed { .. } => {
                    return refuse(at, &format!("“{name}”的这种参数"), &format!("写法：{}", called.usage()));
                }
            }
        }
        Ok(Node::Call(called, arguments))
    }

    fn case(
        &mut self,
        operand: Option<Box<Expr>>,
        conditions: Vec<CaseWhen>,
        otherwise: Option<Box<Expr>>,
        at: usize,
    ) -> Result<Node, ExpressionError> {
        if operand.is_some() {
            return refuse(at, "CASE 后直接写值", "请写成 CASE WHEN 条件 THEN 值 … ELSE 值 END");
        }
        let Some(otherwise) = otherwise else {
            return Err(ExpressionError::new(at, "CASE 缺少 ELSE", "请写明各条件都不满足时的值"));
        };
        let mut branches = Vec::with_capacity(conditions.len());
        for branch in conditions {
            branches.push((self.expression(branch.condition)?, self.expression(branch.result)?));
        }
        Ok(Node::Case(branches, self.boxed(otherwise)?))
    }
}

fn is_comparison(op: &BinaryOperator) -> bool {
    use BinaryOperator::{Eq, Gt, GtEq, Lt, LtEq, NotEq};
    matches!(op, Eq | NotEq | Lt | LtEq | Gt | GtEq)
}

fn negated(not: bool, inner: Syntax) -> Node {
    if not { Node::Not(Box::new(inner)) } else { inner.node }
}

fn name(ident: &Ident, at: usize) -> Result<Node, ExpressionError> {
    match ident {
        Ident {
            value,
            quote_style: None,
            ..
        } if value == "as_of" => Ok(Node::AsOf),
        Ident {
            value,
            quote_style: Some(_),
            ..
        } => refuse(
            at,
            &format!("双引号里的“{value}”"),
            "文字请用英文单引号，信息项不加引号",
        ),
        Ident { value, .. } => Err(ExpressionError::new(
            at,
            format!("没有名称“{value}”"),
            "信息项要写全，如 employer.size；政策标准以 $ 开头；判断日写 as_of；文字要加英文单引号",
        )),
    }
}

fn fact(idents: &[Ident], at: usize) -> Result<Node, ExpressionError> {
    if idents.iter().any(|ident| ident.quote_style.is_some()) {
        return refuse(at, "带引号的信息项", "信息项不加引号，如 employer.size");
    }
    let parts: Vec<&str> = idents.iter().map(|ident| ident.value.as_str()).collect();
    Ok(Node::Fact(parts.join(".")))
}

fn literal(value: Value, at: usize) -> Result<Node, ExpressionError> {
    match value {
        Value::Number(digits, false) if digits.bytes().all(|b| b.is_ascii_digit() || b == b'.') => {
            Ok(Node::Number(digits))
        }
        Value::Number(digits, _) => refuse(
            at,
            &format!("数的写法“{digits}”"),
            "请写成 12000 或 0.5，不用科学计数法",
        ),
        Value::SingleQuotedString(text) => Ok(Node::Text(text)),
        Value::Boolean(flag) => Ok(Node::Flag(flag)),
        Value::Placeholder(name) => match name.strip_prefix('$') {
            Some(name) if !name.is_empty() && !name.starts_with(|c: char| c.is_ascii_digit()) => {
                Ok(Node::Parameter(name.to_owned()))
            }
            _ => refuse(at, &format!("“{name}”"), "政策标准写作 $ 加英文名称，如 $lpr_1y"),
        },
        Value::Null => refuse(at, "NULL", "判断是否为空请写 IS NULL 或 IS NOT NULL"),
        other => refuse(at, &format!("字面值“{other}”"), "文字用英文单引号，数字不加引号"),
    }
}

fn refuse<T>(at: usize, what: &str, hint: &str) -> Result<T, ExpressionError> {
    Err(ExpressionError::new(at, format!("规则里不能用{what}"), hint))
}

/// What the parser knows and the language does not have, by name. Listed one by one, so that a new kind of expression in
/// a later parser stops the build and is looked at.
fn unlisted(tree: &Expr) -> &'static str {
    match tree {
        Expr::CompoundFieldAccess { .. } => "下标或字段访问",
        Expr::JsonAccess { .. } => "JSON 访问",
        Expr::IsFalse(_) | Expr::IsNotFalse(_) | Expr::IsTrue(_) | Expr::IsNotTrue(_) => "IS TRUE、IS FALSE",
        Expr::IsUnknown(_) | Expr::IsNotUnknown(_) => "IS UNKNOWN",
        Expr::IsDistinctFrom(..) | Expr::IsNotDistinctFrom(..) => "IS DISTINCT FROM",
        Expr::IsNormalized { .. } => "IS NORMALIZED",
        Expr::InSubquery { .. } | Expr::Subquery(_) | Expr::Exists { .. } => "子查询",
        Expr::InUnnest { .. } => "UNNEST",
        Expr::Like { .. } | Expr::ILike { .. } | Expr::SimilarTo { .. } | Expr::RLike { .. } => "LIKE 一类的模糊匹配",
        Expr::AnyOp { .. } | Expr::AllOp { .. } => "ANY、ALL",
        Expr::Convert { .. } | Expr::Cast { .. } => "类型转换",
        Expr::AtTimeZone { .. } => "AT TIME ZONE",
        Expr::Extract { .. } => "EXTRACT（请用 year、month）",
        Expr::Position { .. } | Expr::Substring { .. } | Expr::Trim { .. } | Expr::Overlay { .. } => "文字处理函数",
        Expr::Collate { .. } => "COLLATE",
        Expr::Prefixed { .. } => "带前缀的字面值",
        Expr::GroupingSets(_) | Expr::Cube(_) | Expr::Rollup(_) => "分组",
        Expr::Tuple(_) | Expr::Struct { .. } | Expr::Named { .. } => "元组或结构",
        Expr::Dictionary(_) | Expr::Map(_) | Expr::Array(_) => "数组或字典",
        Expr::Interval(_) => "INTERVAL（请用 add_months）",
        Expr::MatchAgainst { .. } => "MATCH AGAINST",
        Expr::Wildcard(_) | Expr::QualifiedWildcard(..) => "“*”",
        Expr::OuterJoin(_) | Expr::Prior(_) => "连接写法",
        Expr::Lambda(_) => "LAMBDA",
        Expr::MemberOf(_) => "MEMBER OF",
        Expr::Identifier(_)
        | Expr::CompoundIdentifier(_)
        | Expr::IsNull(_)
        | Expr::IsNotNull(_)
        | Expr::InList { .. }
        | Expr::Between { .. }
        | Expr::BinaryOp { .. }
        | Expr::UnaryOp { .. }
        | Expr::Ceil { .. }
        | Expr::Floor { .. }
        | Expr::Nested(_)
        | Expr::Value(_)
        | Expr::TypedString(_)
        | Expr::Function(_)
        | Expr::Case { .. } => "这种写法",
    }
}
