use super::{Expr, Op};
use crate::error::{CalcError, Result};
use crate::sheet::{Addr, Value};

struct Parser<'s> {
    source: &'s str,
    pos: usize,
}

pub fn parse(source: &str) -> Result<Expr> {
    let mut parser = Parser { source, pos: 0 };
    let expr = parser.binary(0)?;
    match parser.peek() {
        None => Ok(expr),
        Some(c) => Err(parser.fail(&format!("unexpected {c:?}"))),
    }
}

impl<'s> Parser<'s> {
    fn peek(&mut self) -> Option<char> {
        self.take(char::is_whitespace);
        self.source[self.pos..].chars().next()
    }

    fn take(&mut self, keep: impl Fn(char) -> bool) -> &'s str {
        let rest = &self.source[self.pos..];
        let len = rest.find(|c| !keep(c)).unwrap_or(rest.len());
        self.pos += len;
        &rest[..len]
    }

    fn eat(&mut self, symbol: char) -> bool {
        let found = self.peek() == Some(symbol);
        self.pos += if found { symbol.len_utf8() } else { 0 };
        found
    }

    fn expect(&mut self, symbol: char) -> Result<()> {
        if self.eat(symbol) { Ok(()) } else { Err(self.fail(&format!("expected {symbol:?}"))) }
    }

    fn fail(&self, message: &str) -> CalcError {
        CalcError::Syntax { pos: self.pos, message: message.to_string() }
    }

    fn binary(&mut self, level: u8) -> Result<Expr> {
        let mut left = self.unary()?;
        while let Some(op) = self.peek().and_then(Op::find).filter(|op| op.level() >= level) {
            self.pos += 1;
            let right = self.binary(op.level() + 1)?;
            left = Expr::Binary { op, left: left.into(), right: Box::new(right) };
        }
        Ok(left)
    }

    fn unary(&mut self) -> Result<Expr> {
        if self.eat('-') {
            return self.unary().map(Box::new).map(Expr::Neg);
        }
        match self.peek() {
            Some('0'..='9') => {
                let text = self.take(|c| c.is_ascii_digit() || c == '.');
                text.parse().map(|n| Expr::Literal(Value::Number(n))).map_err(|_| self.fail("bad number"))
            }
            Some('"') => {
                self.pos += 1;
                let text = self.take(|c| c != '"');
                self.expect('"').map(|()| Expr::Literal(Value::Text(text.to_owned())))
            }
            Some(c) if c.is_alphabetic() => self.name(),
            _ => {
                self.expect('(')?;
                let expr = self.binary(0)?;
                self.expect(')').map(|()| expr)
            }
        }
    }

    fn name(&mut self) -> Result<Expr> {
        let name = self.take(char::is_alphanumeric);
        if self.eat('(') {
            return Ok(Expr::Call { name: name.to_string(), args: self.args()? });
        }
        let start: Addr = name.parse()?;
        if !self.eat(':') {
            return Ok(Expr::Ref(start));
        }
        let end = self.take(char::is_alphanumeric).parse()?;
        Ok(Expr::Range { start, end })
    }

    fn args(&mut self) -> Result<Vec<Expr>> {
        let mut args = vec![];
        while !self.eat(')') {
            if !args.is_empty() {
                self.expect(',')?;
            }
            args.push(self.binary(0)?);
        }
        Ok(args)
    }
}
