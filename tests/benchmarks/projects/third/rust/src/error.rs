use std::fmt;

pub type Result<T, E = CalcError> = std::result::Result<T, E>;

macro_rules! codes {
    ($($variant:ident => $code:literal),+ $(,)?) => {
        impl CalcError {
            /// The short code a user sees in a cell.
            pub const fn code(&self) -> &'static str {
                match self {
                    $( CalcError::$variant { .. } => $code, )+
                }
            }
        }
    };
}

#[derive(Debug, Clone, PartialEq)]
pub enum CalcError {
    Syntax { pos: usize, message: String },
    Unknown(String),
    Arity { name: String, want: usize, len: usize },
    Type(&'static str),
    DivZero,
    Cycle { at: String, len: usize },
}

codes! {
    Syntax => "#SYN",
    Unknown => "#NAME",
    Arity => "#ARGS",
    Type => "#TYPE",
    DivZero => "#DIV",
    Cycle => "#LOOP",
}

impl fmt::Display for CalcError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax { pos, message } => write!(f, "{message} at {pos}"),
            Self::Unknown(name) => write!(f, "unknown name {name:?}"),
            Self::Arity { name, want, len } => write!(f, "{name} wants {want}, got {len}"),
            Self::Type(want) => write!(f, "expected {want}"),
            Self::DivZero => f.write_str("division by zero"),
            Self::Cycle { at, len } => write!(f, "cycle at {at} ({len})"),
        }
    }
}

impl std::error::Error for CalcError {}
