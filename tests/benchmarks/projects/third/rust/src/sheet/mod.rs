//! Cells and their evaluation order.

mod addr;
mod value;

pub use self::addr::Addr;
pub use self::value::Value;

use crate::error::{CalcError, Result};
use crate::formula::{self, Env, Expr};
use std::collections::BTreeMap;

#[derive(Debug, Default)]
struct Cell {
    formula: Option<Expr>,
    value: Value,
}

impl Cell {
    fn parse(text: &str) -> Result<Self> {
        match text.strip_prefix('=') {
            Some(source) => Ok(Self { formula: Some(formula::parse(source)?), ..Self::default() }),
            None => Ok(Self { formula: None, value: Value::from(text) }),
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Mark {
    Open,
    Done,
}

/// A named grid. `generation` grows by one on every [`recalc`](Sheet::recalc).
pub struct Sheet {
    name: String,
    cells: BTreeMap<Addr, Cell>,
    log: Vec<String>,
    pub generation: u32,
}

impl Sheet {
    pub fn new(name: impl Into<String>) -> Self {
        Sheet { name: name.into(), cells: BTreeMap::new(), log: vec![], generation: 0 }
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn log(&self) -> &[String] {
        &self.log
    }

    pub fn set(&mut self, name: &str, text: &str) -> Result<&mut Self> {
        let addr: Addr = name.parse()?;
        if self.cells.insert(addr, Cell::parse(text)?).is_some() {
            self.log.push(format!("set {addr}"));
        }
        Ok(self)
    }

    pub fn get(&self, addr: Addr) -> &Value {
        self.cells.get(&addr).map_or(&Value::Empty, |cell| &cell.value)
    }

    pub fn size(&self) -> (usize, usize) {
        self.cells.keys().fold((0, 0), |(cols, rows), &Addr { col, row: r }| {
            (cols.max(col + 1), rows.max(r + 1))
        })
    }

    pub fn iter(&self) -> impl Iterator<Item = (&Addr, &Value)> + '_ {
        self.cells.iter().map(|(addr, Cell { value, .. })| (addr, value))
    }

    /// Formula cells, each after the cells it needs.
    pub fn order(&self) -> Result<Vec<Addr>> {
        let mut marks = BTreeMap::new();
        let mut order = Vec::new();
        for &addr in self.cells.keys() {
            self.visit(addr, &mut marks, &mut order)?;
        }
        Ok(order)
    }

    fn visit(&self, addr: Addr, marks: &mut BTreeMap<Addr, Mark>, order: &mut Vec<Addr>) -> Result<()> {
        let Some(Cell { formula: Some(expr), .. }) = self.cells.get(&addr) else {
            return Ok(());
        };
        match marks.insert(addr, Mark::Open) {
            Some(Mark::Done) => {
                marks.insert(addr, Mark::Done);
                return Ok(());
            }
            Some(Mark::Open) => {
                let len = marks.values().filter(|&&mark| mark == Mark::Open).count();
                return Err(CalcError::Cycle { at: addr.to_string(), len });
            }
            None => {}
        }
        for need in expr.needs() {
            self.visit(need, marks, order)?;
        }
        marks.insert(addr, Mark::Done);
        order.push(addr);
        Ok(())
    }

    pub fn recalc(&mut self) -> Result<usize> {
        let order = self.order()?;
        for addr in &order {
            let value = match self.cells[addr].formula.as_ref() {
                Some(formula) => formula.eval(self)?,
                None => continue,
            };
            if let Some(cell) = self.cells.get_mut(addr) {
                cell.value = value;
            }
        }
        self.generation += 1;
        self.log.push(format!("recalc {}", self.generation));
        Ok(order.len())
    }
}

impl Env for Sheet {
    fn get(&self, addr: Addr) -> Value {
        Sheet::get(self, addr).clone()
    }
}
