use std::fmt;

#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    #[default]
    Empty,
    Number(f64),
    Text(String),
    Flag(bool),
}

impl Value {
    pub fn as_number(&self) -> Option<f64> {
        match *self {
            Value::Number(n) => Some(n),
            Value::Flag(flag) => Some(flag.into()),
            _ => None,
        }
    }

    pub fn truthy(&self) -> bool {
        match self {
            Self::Text(text) => !text.is_empty(),
            other => other.as_number().is_some_and(|n| n != 0.0),
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        text.parse().map(Value::Number).unwrap_or_else(|_| Value::Text(text.to_string()))
    }
}

impl From<f64> for Value {
    fn from(n: f64) -> Self {
        Self::Number(n)
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => Ok(()),
            Self::Number(n) => write!(f, "{}", round2!(n)),
            Self::Text(text) => f.write_str(text),
            Self::Flag(flag) => write!(f, "{flag}"),
        }
    }
}
