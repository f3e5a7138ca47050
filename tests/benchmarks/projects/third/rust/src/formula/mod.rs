mod expr;
pub mod functions;
mod parser;

pub use expr::{Env, Expr, Op, Visitor};
pub use parser::parse;
