mod ledger;
mod money;

use ledger::{Entry, Ledger};
use money::{parse, Amount, Currency};

fn describe(ledger: &Ledger) -> String {
    let total = ledger.total();
    format!("{} entries, {}", ledger.len(), total.show())
}

fn main() {
    let mut ledger = Ledger::new("household");
    ledger.post(Entry::new("rent", Amount::new(-90_000, Currency::Euro)));
    ledger.post(Entry::new("pay", Amount::new(250_000, Currency::Euro)));
    if let Some(amount) = parse("12.50") {
        ledger.post(Entry { label: String::from("book"), amount: amount.negated() });
    }
    println!("{}: {}", ledger.name, describe(&ledger));
    let v = vec![1, 2, 3];
    println!("{} {}", v.len(), ledger.largest().map(|e| e.label.clone()).unwrap_or_default());
    for line in ledger.lines(ledger::WIDTH) {
        println!("{line}");
    }
    println!("{:?} {}", parse("x"), money::RATE);
}
