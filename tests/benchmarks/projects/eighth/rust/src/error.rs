use std::fmt;

/// Everything that can go wrong between source text and result.
#[derive(Debug)]
pub enum LispError {
    UnexpectedChar(char),
    UnexpectedEnd,
    Unbalanced,
    Unbound(String),
    Type { expected: &'static str, found: String },
    Arity { expected: usize, found: usize },
    Arithmetic,
}

pub type Result<T> = std::result::Result<T, LispError>;

impl fmt::Display for LispError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnexpectedChar(c) => write!(f, "unexpected {c:?}"),
            Self::UnexpectedEnd => f.write_str("unexpected end of input"),
            Self::Unbalanced => f.write_str("unbalanced parenthesis"),
            Self::Unbound(name) => write!(f, "unbound symbol {name}"),
            Self::Type { expected, found } => write!(f, "expected {expected}, found {found}"),
            Self::Arity { expected, found } => write!(f, "expected {expected} args, got {found}"),
            Self::Arithmetic => f.write_str("division by zero or overflow"),
        }
    }
}

impl std::error::Error for LispError {}
