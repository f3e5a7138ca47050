//! A small spreadsheet engine. Build a [`Sheet`], call [`Sheet::recalc`], print its cells.

/// Sets many cells at once: `fill!(sheet, { "A1" => "1" })`. Expands to calls of `Sheet::set`.
macro_rules! fill {
    ($sheet:ident, { $($name:literal => $text:expr),* $(,)? }) => {
        $( $sheet.set($name, $text)?; )*
    };
}

macro_rules! round2 {
    ($value:expr) => {
        ($value * crate::stats::CENTS).round() / crate::stats::CENTS
    };
}

mod error;
mod formula;
mod sheet;
mod stats;

use error::{CalcError as Error, Result};
use formula::{functions, parse, Expr, Visitor};
use sheet::{Addr, Sheet, Value};
use stats::{self as summary, Reducer};

/// Counts nodes by kind; `depth` is the deepest nesting seen.
#[derive(Default)]
struct NodeCount {
    refs: usize,
    calls: usize,
    depth: usize,
    level: usize,
}

impl Visitor for NodeCount {
    fn enter(&mut self, expr: &Expr) {
        self.level += 1;
        self.depth = self.depth.max(self.level);
        match expr {
            Expr::Ref(_) | Expr::Range { .. } => self.refs += 1,
            Expr::Call { .. } => self.calls += 1,
            _ => {}
        }
    }

    fn leave(&mut self, _: &Expr) {
        self.level -= 1;
    }
}

fn budget() -> Result<Sheet> {
    let mut sheet = Sheet::new("budget");
    fill!(sheet, {
        "A1" => "rent", "B1" => "1200",
        "A2" => "food", "B2" => "=B1 / 4 + 35",
        "A3" => "travel", "B3" => "=max(B1:B2) * 0.1",
        "A4" => "total", "B4" => "=sum(B1:B3)",
        "A5" => "mean", "B5" => "=round(mean(B1:B3))",
        "A6" => "flag", "B6" => "=if(B4 > 1500, \"over total\", \"fine\")",
        "C1" => "=len(A3) + count(B1:B5)", "C2" => "=-C1 + 2 * (3 - 1)",
    });
    Ok(sheet)
}

fn show(sheet: &Sheet, sep: &str, cell: impl Fn(&Value) -> String) {
    let (cols, rows) = sheet.size();
    for row in 0..rows {
        let line: Vec<_> = (0..cols).map(|col| cell(sheet.get(Addr { col, row }))).collect();
        println!("{}", line.join(sep).trim_end());
    }
}

fn report(input: &str) {
    let mut sheet = Sheet::new("scratch");
    let outcome = sheet
        .set("A1", input)
        .and_then(|sheet| sheet.set("B1", "=A1"))
        .and_then(Sheet::recalc);
    match outcome {
        Ok(count) => println!("{input:<12} ok {count}"),
        Err(Error::Cycle { at, len }) => println!("{input:<12} cycle of {len} at {at}"),
        Err(error) => println!("{input:<12} {error} [{}]", error.code()),
    }
}

fn main() -> Result<()> {
    let mut sheet = budget()?;
    let count = sheet.recalc()?;
    println!("{}: recalculated {count} cells, generation {}", sheet.name(), sheet.generation);

    let width = 11;
    show(&sheet, "|", |value| match value {
        Value::Number(n) => format!("{n:>width$.2}"),
        other => format!("{:<width$}", other.to_string(), width = width),
    });
    show(&sheet, ";", Value::to_string);
    let order: Vec<String> = sheet.order()?.iter().map(Addr::to_string).collect();
    println!("order {}", order.join(" "));

    println!("-- edit");
    sheet.set("B1", "900")?.recalc()?;
    for name in ["B4", "B5", "B6", "C2"] {
        println!("{name} = {}", sheet.get(name.parse()?));
    }
    println!("log: {}", sheet.log().join(", "));

    println!("-- summaries");
    let values: Vec<f64> = sheet.iter().filter_map(|(_, value)| value.as_number()).collect();
    for reducer in Reducer::ALL {
        println!("{:<6} {:>9.2}", reducer.name(), reducer.apply(&values));
    }
    println!("spread {:.2}", summary::fold(&values, 0.0, |acc, v| f64::max(acc, (v - 400.0).abs())));
    let window = summary::Window::<3>::over(&values).map(|w| round2!(w.iter().sum::<f64>()));
    println!("windows {:?}", window.collect::<Vec<_>>());

    println!("-- formulas");
    for text in ["1+2*3-4", "sum(A1:B2, -C3)", "if(len(\"sum\") = 3, max(1,2), 0)"] {
        let mut count = NodeCount::default();
        parse(text)?.walk(&mut count);
        let NodeCount { refs, calls: call_count, depth, .. } = count;
        println!("{text}  refs={refs} calls={call_count} depth={depth}");
    }
    println!("builtins: {}", functions::names().collect::<Vec<_>>().join(" "));

    println!("-- errors");
    ["=1 +", "=nope(1)", "=1 / 0", "=B1", "=\"open", "=len(1, 2)", "=2 > 1"].into_iter().for_each(report);
    Ok(())
}
