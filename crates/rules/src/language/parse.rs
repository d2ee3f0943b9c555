//! Text to [`Syntax`].

use sqlparser::dialect::GenericDialect;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::{Location, Token, TokenWithSpan, Tokenizer};

use super::accept::Accept;
use super::{ExpressionError, Syntax};

/// Longest expression, in bytes. The longest rule of the founding documents takes under 400.
pub const MAX_EXPRESSION_BYTES: usize = 16 * 1024;
/// Most words and signs of an expression.
pub const MAX_TOKENS: usize = 2_048;
/// Deepest nesting of brackets, calls and `CASE`.
pub const MAX_DEPTH: usize = 32;

/// Reads an expression.
///
/// # Errors
/// [`ExpressionError`] with the byte where the text stops making sense, in Chinese.
pub fn parse(text: &str) -> Result<Syntax, ExpressionError> {
    check_size(text)?;
    check_characters(text)?;
    let tokens = tokens(text)?;
    check_depth(text, &tokens)?;
    let dialect = GenericDialect {};
    let mut parser = Parser::new(&dialect)
        .with_recursion_limit(MAX_DEPTH)
        .with_tokens_with_locations(tokens);
    let tree = parser
        .parse_expr()
        .map_err(|error| parser_error(text, &parser, &error))?;
    let next = parser.peek_token();
    if next.token != Token::EOF {
        let at = offset_of(text, next.span.start);
        return Err(ExpressionError::new(
            at,
            format!(
                "“{}”之后的“{}”没有被读懂",
                shortened(text[..at].trim_end()),
                shortened(&next.token.to_string())
            ),
            "一个条件只能是一个完整的表达式；数字中不要用下划线或逗号分节，如 12000",
        ));
    }
    Accept::new(text).expression(tree)
}

fn check_size(text: &str) -> Result<(), ExpressionError> {
    if text.trim().is_empty() {
        return Err(ExpressionError::new(
            0,
            "表达式为空",
            "请写出条件，如 employer.size = 'small'",
        ));
    }
    if text.len() > MAX_EXPRESSION_BYTES {
        let message = format!("表达式有 {} 字节，超过上限 {MAX_EXPRESSION_BYTES} 字节", text.len());
        return Err(ExpressionError::new(0, message, "请拆成几个条件分别书写"));
    }
    Ok(())
}

/// Full-width signs are what an input method leaves behind; the parser would name them badly.
fn check_characters(text: &str) -> Result<(), ExpressionError> {
    let mut quoted = false;
    for (at, character) in text.char_indices() {
        if character == '\'' {
            quoted = !quoted;
        }
        if quoted {
            continue;
        }
        let ascii = match character {
            '，' | '、' => "英文逗号“,”",
            '（' | '）' => "英文括号“( )”",
            '‘' | '’' | '“' | '”' => "英文单引号“'”",
            '＞' | '＜' | '＝' | '≥' | '≤' | '≠' => "英文符号 >、<、=、>=、<=、<>",
            '\0' => "可见字符",
            _ if character.is_ascii() || character.is_whitespace() => continue,
            _ => "英文名称；文字要用英文单引号括起",
        };
        return Err(ExpressionError::new(
            at,
            format!("这里不能用“{}”", character.escape_debug()),
            format!("请改用{ascii}"),
        ));
    }
    Ok(())
}

fn tokens(text: &str) -> Result<Vec<TokenWithSpan>, ExpressionError> {
    let tokens = Tokenizer::new(&GenericDialect {}, text)
        .tokenize_with_location()
        .map_err(|error| {
            let at = offset_of(text, error.location);
            ExpressionError::new(
                at,
                "这里的写法没有被读懂",
                "请检查引号是否成对，文字是否用英文单引号括起",
            )
        })?;
    if tokens.len() > MAX_TOKENS {
        let message = format!("表达式有 {} 个词，超过上限 {MAX_TOKENS} 个", tokens.len());
        return Err(ExpressionError::new(0, message, "请拆成几个条件分别书写"));
    }
    let comment = tokens.iter().find(
        |token| matches!(&token.token, Token::Whitespace(space) if space.to_string().starts_with(['-', '/', '#'])),
    );
    if let Some(comment) = comment {
        let at = offset_of(text, comment.span.start);
        return Err(ExpressionError::new(
            at,
            "表达式里不能写注释",
            "请把注释写在这一行之外，以 # 开头",
        ));
    }
    Ok(tokens)
}

/// The parser recurses for each bracket, `CASE`, `NOT` and sign, some of them without counting, on large frames.
fn check_depth(text: &str, tokens: &[TokenWithSpan]) -> Result<(), ExpressionError> {
    let (mut open, mut prefixes) = (Vec::new(), 0_usize);
    let mut depth = 0_usize;
    for token in tokens {
        match &token.token {
            Token::Whitespace(_) => continue,
            Token::LParen | Token::LBracket | Token::LBrace => {
                open.push(prefixes);
                depth += prefixes + 1;
                prefixes = 0;
            }
            Token::RParen | Token::RBracket | Token::RBrace => {
                depth -= open.pop().map_or(0, |prefixes: usize| prefixes + 1);
                prefixes = 0;
            }
            Token::Word(word) => match word.value.to_ascii_uppercase().as_str() {
                "CASE" => {
                    open.push(prefixes);
                    depth += prefixes + 1;
                    prefixes = 0;
                }
                "END" => {
                    depth -= open.pop().map_or(0, |prefixes: usize| prefixes + 1);
                    prefixes = 0;
                }
                "WHEN" | "THEN" | "ELSE" | "BETWEEN" => {}
                "NOT" => prefixes += 1,
                "AND" | "OR" | "IN" => prefixes = 0,
                // Any other word is an operand, or something the parser knows and we do not: it may recurse as well.
                _ if word.quote_style.is_none() && word.keyword != sqlparser::keywords::Keyword::NoKeyword => {
                    prefixes += 1
                }
                _ => prefixes = 0,
            },
            Token::Number(..) | Token::SingleQuotedString(_) | Token::Placeholder(_) => prefixes = 0,
            _ => prefixes += 1,
        }
        if depth + prefixes > MAX_DEPTH {
            let at = offset_of(text, token.span.start);
            return Err(ExpressionError::new(
                at,
                format!("嵌套超过 {MAX_DEPTH} 层"),
                "请拆成几个条件分别书写",
            ));
        }
    }
    Ok(())
}

fn parser_error(text: &str, parser: &Parser<'_>, error: &ParserError) -> ExpressionError {
    let next = parser.peek_token();
    let at = if next.token == Token::EOF {
        text.len()
    } else {
        offset_of(text, next.span.start)
    };
    match error {
        ParserError::RecursionLimitExceeded => {
            ExpressionError::new(at, format!("嵌套超过 {MAX_DEPTH} 层"), "请拆成几个条件分别书写")
        }
        ParserError::TokenizerError(_) | ParserError::ParserError(_) if next.token == Token::EOF => {
            ExpressionError::new(
                at,
                "表达式没有写完",
                "请检查括号是否成对、CASE 是否以 END 结束、比较号后是否有值",
            )
        }
        ParserError::TokenizerError(_) | ParserError::ParserError(_) => ExpressionError::new(
            at,
            format!("“{}”附近没有被读懂", shortened(&next.token.to_string())),
            "请检查这里前后的名称、符号和括号",
        ),
    }
}

/// Line and column of the tokenizer to a byte of the text.
pub(super) fn offset_of(text: &str, location: Location) -> usize {
    let line = usize::try_from(location.line).unwrap_or(1).max(1);
    let column = usize::try_from(location.column).unwrap_or(1).max(1);
    let start: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
    let rest = text.get(start..).unwrap_or_default();
    start + rest.char_indices().nth(column - 1).map_or(rest.len(), |(at, _)| at)
}

/// The last part of a long text, or the text.
fn shortened(text: &str) -> &str {
    let skip = text.chars().count().saturating_sub(24);
    text.char_indices().nth(skip).map_or(text, |(at, _)| &text[at..])
}
