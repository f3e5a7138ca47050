use std::iter::Peekable;
use std::str::Chars;

use crate::error::{LispError, Result};

pub enum Token {
    Open,
    Close,
    Quote,
    Number(i64),
    Symbol(String),
}

/// An iterator over the tokens of a source text.
pub struct Lexer<'a> {
    chars: Peekable<Chars<'a>>,
}

impl<'a> Lexer<'a> {
    pub fn new(source: &'a str) -> Self {
        Lexer { chars: source.chars().peekable() }
    }

    fn word(&mut self, first: char) -> Token {
        let mut word = String::from(first);
        while let Some(c) = self.chars.next_if(|&c| is_word(c)) {
            word.push(c);
        }
        word.parse().map(Token::Number).unwrap_or(Token::Symbol(word))
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || "+-*/<>=!?".contains(c)
}

impl Iterator for Lexer<'_> {
    type Item = Result<Token>;

    fn next(&mut self) -> Option<Self::Item> {
        let token = match self.chars.find(|c| !c.is_whitespace())? {
            ';' => {
                self.chars.find(|&c| c == '\n')?;
                return self.next();
            }
            '(' => Token::Open,
            ')' => Token::Close,
            '\'' => Token::Quote,
            c if is_word(c) => self.word(c),
            other => return Some(Err(LispError::UnexpectedChar(other))),
        };
        Some(Ok(token))
    }
}
