use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use crate::error::{LispError, Result};
use crate::value::Value;

/// A scope of names, with the scope around it.
#[derive(Default)]
pub struct Env {
    names: RefCell<HashMap<Rc<str>, Value>>,
    outer: Option<Rc<Env>>,
}

impl Env {
    pub fn inside(outer: &Rc<Env>) -> Rc<Self> {
        Rc::new(Env { outer: Some(Rc::clone(outer)), ..Env::default() })
    }

    pub fn define(&self, name: impl Into<Rc<str>>, value: Value) {
        self.names.borrow_mut().insert(name.into(), value);
    }

    pub fn lookup(&self, name: &str) -> Result<Value> {
        Ok(self.owner(name)?.names.borrow()[name].clone())
    }

    /// Changes the innermost binding of the name and returns the new value.
    pub fn assign(&self, name: Rc<str>, value: Value) -> Result<Value> {
        self.owner(&name)?.define(name, value.clone());
        Ok(value)
    }

    /// Finds the innermost scope that defines the name.
    fn owner(&self, name: &str) -> Result<&Env> {
        if self.names.borrow().contains_key(name) {
            return Ok(self);
        }
        match &self.outer {
            Some(outer) => outer.owner(name),
            None => Err(LispError::Unbound(name.to_string())),
        }
    }
}
