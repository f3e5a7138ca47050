//! Reads statements: semicolon-separated fields, quoted where needed.

use std::fmt;
use std::iter::Peekable;
use std::str::Chars;

use crate::statement::{Date, Transaction};

#[derive(Debug)]
pub enum ParseError {
    UnclosedQuote,
    FieldCount(usize),
    BadDate(String),
    BadAmount(String),
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnclosedQuote => write!(f, "quote is never closed"),
            Self::FieldCount(found) => write!(f, "expected 3 fields, found {found}"),
            Self::BadDate(text) => write!(f, "bad date `{text}`"),
            Self::BadAmount(reason) => f.write_str(reason),
        }
    }
}

/// Iterates over the fields of one line.
struct Fields<'a> {
    chars: Peekable<Chars<'a>>,
    done: bool,
}

impl<'a> Fields<'a> {
    fn new(line: &'a str) -> Self {
        Fields { chars: line.chars().peekable(), done: false }
    }

    fn quoted(&mut self) -> Result<String, ParseError> {
        let mut field = String::new();
        while let Some(c) = self.chars.next() {
            match c {
                '"' if self.chars.next_if_eq(&'"').is_some() => field.push('"'),
                '"' => return Ok(field),
                other => field.push(other),
            }
        }
        Err(ParseError::UnclosedQuote)
    }
}

impl Iterator for Fields<'_> {
    type Item = Result<String, ParseError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let mut field = String::new();
        loop {
            match self.chars.next() {
                Some('"') => match self.quoted() {
                    Ok(text) => field.push_str(&text),
                    Err(error) => return Some(Err(error)),
                },
                Some(';') => break,
                Some(c) => field.push(c),
                None => {
                    self.done = true;
                    break;
                }
            }
        }
        Some(Ok(field.trim().to_string()))
    }
}

fn parse_line(line: &str) -> Result<Transaction, ParseError> {
    let fields = Fields::new(line).collect::<Result<Vec<_>, _>>()?;
    let [date, payee, amount] = fields.as_slice() else {
        return Err(ParseError::FieldCount(fields.len()));
    };
    Ok(Transaction {
        date: Date::parse(date).ok_or_else(|| ParseError::BadDate(date.clone()))?,
        payee: payee.clone(),
        amount: amount.parse().map_err(ParseError::BadAmount)?,
    })
}

/// Splits a statement into its transactions and the lines that cannot be read.
pub fn parse_statement(text: &str) -> (Vec<Transaction>, Vec<(usize, ParseError)>) {
    let mut transactions = Vec::new();
    let mut rejected = Vec::new();
    for (index, line) in text.lines().enumerate() {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        match parse_line(line) {
            Ok(transaction) => transactions.push(transaction),
            Err(error) => rejected.push((index + 1, error)),
        }
    }
    (transactions, rejected)
}
