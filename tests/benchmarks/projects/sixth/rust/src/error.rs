use std::fmt;

/// Why a pattern was rejected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ParseError {
    UnexpectedEnd,
    Unexpected(char),
    BadRange { from: char, to: char },
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ParseError::UnexpectedEnd => write!(f, "pattern ends too early"),
            ParseError::Unexpected(c) => write!(f, "unexpected '{c}'"),
            ParseError::BadRange { from, to } => write!(f, "range {from}-{to} is empty"),
        }
    }
}
