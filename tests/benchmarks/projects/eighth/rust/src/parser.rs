use crate::error::{LispError, Result};
use crate::lexer::{Lexer, Token};
use crate::value::Value;

/// Parses all expressions of a source text.
pub fn parse(source: &str) -> Result<Vec<Value>> {
    let mut tokens = Lexer::new(source);
    let mut program = Vec::new();
    while let Some(token) = tokens.next() {
        program.push(expression(token?, &mut tokens)?);
    }
    Ok(program)
}

/// Parses the expression that starts with the token.
fn expression(token: Token, rest: &mut Lexer) -> Result<Value> {
    match token {
        Token::Open => list(rest),
        Token::Close => Err(LispError::Unbalanced),
        Token::Quote => {
            let quoted = expression(advance(rest)?, rest)?;
            Ok(Value::list([Value::symbol("quote"), quoted]))
        }
        Token::Number(n) => Ok(Value::Number(n)),
        Token::Symbol(name) => Ok(Value::symbol(&name)),
    }
}

fn list(rest: &mut Lexer) -> Result<Value> {
    let mut items = Vec::new();
    loop {
        match advance(rest)? {
            Token::Close => return Ok(Value::list(items)),
            token => items.push(expression(token, rest)?),
        }
    }
}

fn advance(tokens: &mut Lexer) -> Result<Token> {
    tokens.next().unwrap_or(Err(LispError::UnexpectedEnd))
}
