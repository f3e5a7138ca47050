use std::rc::Rc;

use crate::env::Env;
use crate::error::{LispError, Result};
use crate::value::{Builtin, Value};

const BUILTINS: &[(&str, Builtin)] = &[
    ("+", |args| Ok(Value::Number(numbers(args)?.iter().sum()))),
    ("*", |args| Ok(Value::Number(numbers(args)?.iter().product()))),
    ("-", |args| arithmetic(args, i64::checked_sub)),
    ("/", |args| arithmetic(args, i64::checked_div)),
    ("<", |args| compare(args, i64::lt)),
    ("=", |args| compare(args, i64::eq)),
    ("list", |args| Ok(Value::list(args.to_vec()))),
    ("cons", cons),
    ("first", |args| Ok(split(args)?.0.clone())),
    ("rest", |args| Ok(Value::list(split(args)?.1.to_vec()))),
    ("empty?", |args| exactly(args).and_then(|[list]| Ok(Value::Bool(list.as_list()?.is_empty())))),
];

/// Returns a global environment that holds the builtins.
pub fn globals() -> Rc<Env> {
    let env = Env::default();
    for &(name, run) in BUILTINS {
        env.define(name, Value::Builtin(name, run));
    }
    env.define("true", Value::Bool(true));
    env.define("false", Value::Bool(false));
    Rc::new(env)
}

fn numbers(args: &[Value]) -> Result<Vec<i64>> {
    args.iter().map(Value::as_number).collect()
}

fn exactly<const N: usize>(args: &[Value]) -> Result<&[Value; N]> {
    args.try_into().map_err(|_| LispError::Arity { expected: N, found: args.len() })
}

fn arithmetic(args: &[Value], op: fn(i64, i64) -> Option<i64>) -> Result<Value> {
    let [a, b] = exactly(args)?;
    let result = op(a.as_number()?, b.as_number()?);
    result.map(Value::Number).ok_or(LispError::Arithmetic)
}

/// Compares each number with its successor.
fn compare(args: &[Value], holds: fn(&i64, &i64) -> bool) -> Result<Value> {
    let numbers = numbers(args)?;
    Ok(Value::Bool(numbers.windows(2).all(|pair| holds(&pair[0], &pair[1]))))
}

fn cons(args: &[Value]) -> Result<Value> {
    let [head, tail] = exactly(args)?;
    let mut items = tail.as_list()?.to_vec();
    items.insert(0, head.clone());
    Ok(Value::list(items))
}

/// Splits the one argument, a list, into its head and its tail.
fn split(args: &[Value]) -> Result<(&Value, &[Value])> {
    let [list] = exactly(args)?;
    list.as_list()?.split_first().ok_or_else(|| list.mismatch("non-empty list"))
}
