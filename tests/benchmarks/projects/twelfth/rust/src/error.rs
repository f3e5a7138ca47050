use std::fmt;

#[derive(Debug, PartialEq, Eq)]
pub enum ParseError {
    FieldCount(usize),
    Value(String),
    OutOfRange { value: u32, field: &'static str },
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ParseError::FieldCount(count) => write!(f, "expected 5 fields, found {count}"),
            ParseError::Value(text) => write!(f, "cannot read {text:?}"),
            ParseError::OutOfRange { value, field } => write!(f, "{value} is out of range for the {field}"),
        }
    }
}

impl std::error::Error for ParseError {}
