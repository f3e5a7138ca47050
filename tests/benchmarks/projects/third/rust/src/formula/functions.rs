//! Builtin functions, looked up by name: `sum`, `mean`, `max`, `count` come from [`Reducer`].

use crate::error::{CalcError, Result};
use crate::sheet::Value;
use crate::stats::Reducer;

type Body = fn(&[Value]) -> Result<Value>;

struct Builtin {
    name: &'static str,
    arity: usize,
    body: Body,
}

macro_rules! builtins {
    ($($body:ident / $arity:literal $(as $name:literal)?),* $(,)?) => {
        &[$( Builtin { name: builtins!(@name $body $($name)?), arity: $arity, body: $body } ),*]
    };
    (@name $body:ident) => { stringify!($body) };
    (@name $body:ident $name:literal) => { $name };
}

static BUILTINS: &[Builtin] = builtins![len_of / 1 as "len", choose / 3 as "if", round / 1];

fn len_of(args: &[Value]) -> Result<Value> {
    match &args[0] {
        Value::Text(text) => Ok(Value::Number(text.len() as f64)),
        _ => Err(CalcError::Type("text")),
    }
}

fn choose(args: &[Value]) -> Result<Value> {
    let [test, yes, no] = args else {
        return Err(CalcError::Type("three values"));
    };
    Ok(if test.truthy() { yes } else { no }.clone())
}

fn round(args: &[Value]) -> Result<Value> {
    number(&args[0]).map(f64::round).map(Value::Number)
}

pub fn number(value: &Value) -> Result<f64> {
    match value {
        Value::Empty => Ok(0.0),
        value => value.as_number().ok_or(CalcError::Type("a number")),
    }
}

pub fn names() -> impl Iterator<Item = &'static str> {
    BUILTINS.iter().map(|b| b.name).chain(Reducer::ALL.iter().map(|r| r.name()))
}

pub fn call(name: &str, args: &[Value]) -> Result<Value> {
    if let Some(reducer) = Reducer::find(name) {
        let numbers: Vec<f64> = args.iter().filter_map(Value::as_number).collect();
        return Ok(reducer.apply(&numbers).into());
    }
    let Builtin { arity, body, .. } = BUILTINS
        .iter()
        .find(|builtin| builtin.name == name)
        .ok_or_else(|| CalcError::Unknown(name.to_string()))?;
    if args.len() != *arity {
        return Err(CalcError::Arity { name: name.into(), want: *arity, len: args.len() });
    }
    body(args)
}
