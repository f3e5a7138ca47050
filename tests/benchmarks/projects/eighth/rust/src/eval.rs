use std::rc::Rc;

use crate::builtins;
use crate::env::Env;
use crate::error::{LispError, Result};
use crate::parser;
use crate::value::{Lambda, Value};

/// A session: programs run in it see the definitions of earlier ones.
pub struct Interpreter {
    globals: Rc<Env>,
}

impl Interpreter {
    pub fn new() -> Self {
        Interpreter { globals: builtins::globals() }
    }

    /// Runs a program and returns the value of its last expression.
    pub fn run(&self, source: &str) -> Result<Value> {
        sequence(&parser::parse(source)?, &self.globals)
    }
}

fn sequence(body: &[Value], env: &Rc<Env>) -> Result<Value> {
    body.iter().try_fold(Value::list([]), |_, expr| eval(expr, env))
}

fn eval(expr: &Value, env: &Rc<Env>) -> Result<Value> {
    match expr {
        Value::Symbol(name) => env.lookup(name),
        Value::List(items) if !items.is_empty() => form(&items[0], &items[1..], env),
        literal => Ok(literal.clone()),
    }
}

/// Evaluates a special form, or else a call.
fn form(head: &Value, args: &[Value], env: &Rc<Env>) -> Result<Value> {
    let keyword = head.as_symbol().unwrap_or_default();
    match (&*keyword, args) {
        ("quote", [datum]) => Ok(datum.clone()),
        ("if", [test, yes, no]) => {
            let is_false = matches!(eval(test, env)?, Value::Bool(false));
            eval(if is_false { no } else { yes }, env)
        }
        ("define", [name, expr]) => {
            env.define(name.as_symbol()?, eval(expr, env)?);
            Ok(name.clone())
        }
        ("set!", [name, expr]) => env.assign(name.as_symbol()?, eval(expr, env)?),
        ("lambda", [params, body @ ..]) => {
            let params = params.as_list()?.iter().map(Value::as_symbol).collect::<Result<_>>()?;
            let lambda = Lambda { params, body: body.to_vec(), env: Rc::clone(env) };
            Ok(Value::Lambda(Rc::new(lambda)))
        }
        _ => {
            let callee = eval(head, env)?;
            let args = args.iter().map(|arg| eval(arg, env));
            call(&callee, &args.collect::<Result<Vec<_>>>()?)
        }
    }
}

fn call(callee: &Value, args: &[Value]) -> Result<Value> {
    match callee {
        Value::Builtin(_, run) => run(args),
        Value::Lambda(lambda) => {
            let (expected, found) = (lambda.params.len(), args.len());
            if expected != found {
                return Err(LispError::Arity { expected, found });
            }
            let scope = Env::inside(&lambda.env);
            for (param, arg) in lambda.params.iter().zip(args) {
                scope.define(Rc::clone(param), arg.clone());
            }
            sequence(&lambda.body, &scope)
        }
        other => Err(other.mismatch("function")),
    }
}
