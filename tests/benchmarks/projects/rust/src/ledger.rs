use crate::money::{Amount, Currency};

pub const WIDTH: usize = 12;

pub struct Entry {
    pub label: String,
    pub amount: Amount,
}

impl Entry {
    pub fn new(label: &str, amount: Amount) -> Self {
        Self { label: label.to_string(), amount }
    }

    fn is_expense(&self) -> bool {
        self.amount.cents() < 0
    }
}

pub trait Listing {
    fn rows(&self) -> Vec<String>;

    fn first_row(&self) -> String {
        self.rows().into_iter().next().unwrap_or_default()
    }
}

pub struct Ledger {
    pub name: String,
    entries: Vec<Entry>,
}

impl Ledger {
    pub fn new(name: &str) -> Self {
        Ledger { name: name.to_string(), entries: Vec::new() }
    }

    pub fn post(&mut self, entry: Entry) {
        self.entries.push(entry);
    }

    pub fn len(&self) -> usize {
        self.entries.len()
    }

    pub fn total(&self) -> Amount {
        let start = Amount::new(0, Currency::Euro);
        self.entries.iter().fold(start, |sum, entry| sum.plus(entry.amount))
    }

    pub fn largest(&self) -> Option<&Entry> {
        self.entries.iter().filter(|e| e.is_expense()).min_by_key(|e| e.amount.cents())
    }

    pub fn lines(&self, width: usize) -> Vec<String> {
        let mut all = vec![self.first_row()];
        all.extend(self.rows().into_iter().map(|row| pad(&row, width)));
        all
    }
}

impl Listing for Ledger {
    fn rows(&self) -> Vec<String> {
        self.entries.iter().map(|e| format!("{} {}", e.label, e.amount.show())).collect()
    }
}

fn pad(row: &str, width: usize) -> String {
    format!("{row:>width$}")
}
