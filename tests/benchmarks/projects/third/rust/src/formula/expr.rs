use super::functions;
use crate::error::{CalcError, Result};
use crate::sheet::{Addr, Value};
use Op::*;

/// Where an expression looks up cells.
pub trait Env {
    fn get(&self, addr: Addr) -> Value;
}

pub trait Visitor {
    fn enter(&mut self, expr: &Expr);
    fn leave(&mut self, _expr: &Expr) {}
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    Add,
    Sub,
    Mul,
    Div,
    Eq,
    Gt,
}

impl Op {
    const TABLE: &'static [(char, Op, u8)] =
        &[('=', Eq, 1), ('>', Gt, 1), ('+', Add, 2), ('-', Sub, 2), ('*', Mul, 3), ('/', Div, 3)];

    pub fn find(symbol: char) -> Option<Op> {
        Self::TABLE.iter().find(|row| row.0 == symbol).map(|&(_, op, _)| op)
    }

    pub fn level(self) -> u8 {
        Self::TABLE.iter().find(|(_, op, _)| *op == self).map_or(0, |row| row.2)
    }

    fn apply(self, left: Value, right: Value) -> Result<Value> {
        if self == Eq {
            return Ok(Value::Flag(left == right));
        }
        let (a, b) = (functions::number(&left)?, functions::number(&right)?);
        Ok(match self {
            Add => (a + b).into(),
            Sub => (a - b).into(),
            Mul => (a * b).into(),
            Div if b == 0.0 => return Err(CalcError::DivZero),
            Div => (a / b).into(),
            Gt => Value::Flag(a > b),
            Op::Eq => unreachable!("Eq is handled above"),
        })
    }
}

#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    Literal(Value),
    Ref(Addr),
    Range { start: Addr, end: Addr },
    Neg(Box<Expr>),
    Binary { op: Op, left: Box<Expr>, right: Box<Expr> },
    Call { name: String, args: Vec<Expr> },
}

#[derive(Default)]
struct Needs(Vec<Addr>);

impl Visitor for Needs {
    fn enter(&mut self, expr: &Expr) {
        match *expr {
            Expr::Ref(addr) => self.0.push(addr),
            Expr::Range { start, end } => self.0.extend(start.to(end)),
            _ => (),
        }
    }
}

impl Expr {
    pub fn walk<V: Visitor>(&self, visitor: &mut V) {
        visitor.enter(self);
        match self {
            Self::Neg(expr) => expr.walk(visitor),
            Self::Binary { left, right, .. } => [left, right].into_iter().for_each(|e| e.walk(visitor)),
            Self::Call { args, .. } => args.iter().for_each(|arg| arg.walk(visitor)),
            Self::Literal(_) | Self::Ref(_) | Self::Range { .. } => {}
        }
        visitor.leave(self);
    }

    pub fn needs(&self) -> Vec<Addr> {
        let mut needs = Needs::default();
        self.walk(&mut needs);
        needs.0
    }

    pub fn eval(&self, env: &dyn Env) -> Result<Value> {
        match self {
            Self::Literal(value) => Ok(value.clone()),
            Self::Ref(addr) => Ok(env.get(*addr)),
            Self::Range { .. } => Err(CalcError::Type("a single cell")),
            Self::Neg(expr) => functions::number(&expr.eval(env)?).map(|n| Value::from(-n)),
            Self::Binary { op, left, right } => op.apply(left.eval(env)?, right.eval(env)?),
            Self::Call { name, args } => {
                let mut values = Vec::with_capacity(args.len());
                for arg in args {
                    match arg {
                        Self::Range { start, end } => values.extend(start.to(*end).map(|a| env.get(a))),
                        single => values.push(single.eval(env)?),
                    }
                }
                functions::call(name, &values)
            }
        }
    }
}
