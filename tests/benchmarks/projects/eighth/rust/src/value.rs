use std::fmt;
use std::rc::Rc;

use crate::env::Env;
use crate::error::{LispError, Result};

pub type Builtin = fn(&[Value]) -> Result<Value>;

/// A function with the scope that it was made in.
pub struct Lambda {
    pub params: Vec<Rc<str>>,
    pub body: Vec<Value>,
    pub env: Rc<Env>,
}

#[derive(Clone)]
pub enum Value {
    Bool(bool),
    Number(i64),
    Symbol(Rc<str>),
    List(Rc<[Value]>),
    Builtin(&'static str, Builtin),
    Lambda(Rc<Lambda>),
}

impl Value {
    pub fn symbol(name: &str) -> Self {
        Value::Symbol(name.into())
    }

    pub fn list(items: impl IntoIterator<Item = Value>) -> Self {
        Value::List(items.into_iter().collect())
    }

    pub fn as_number(&self) -> Result<i64> {
        match self {
            Value::Number(n) => Ok(*n),
            other => Err(other.mismatch("number")),
        }
    }

    pub fn as_list(&self) -> Result<&[Value]> {
        match self {
            Value::List(items) => Ok(items),
            other => Err(other.mismatch("list")),
        }
    }

    pub fn as_symbol(&self) -> Result<Rc<str>> {
        match self {
            Value::Symbol(name) => Ok(Rc::clone(name)),
            other => Err(other.mismatch("symbol")),
        }
    }

    /// The error for a value that is not of the expected kind.
    pub fn mismatch(&self, expected: &'static str) -> LispError {
        LispError::Type { expected, found: self.to_string() }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Bool(b) => write!(f, "{b}"),
            Value::Number(n) => write!(f, "{n}"),
            Value::Symbol(name) => f.write_str(name),
            Value::List(items) => {
                let items: Vec<_> = items.iter().map(Value::to_string).collect();
                write!(f, "({})", items.join(" "))
            }
            Value::Builtin(name, _) => write!(f, "<builtin {name}>"),
            Value::Lambda(lambda) => write!(f, "<lambda ({})>", lambda.params.join(" ")),
        }
    }
}
