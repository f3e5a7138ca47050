use std::fmt;

use crate::money::Money;
use crate::statement::Transaction;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Category {
    Income,
    Housing,
    Groceries,
    Transport,
    Leisure,
    Other,
}

impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{self:?}").to_lowercase())
    }
}

/// A condition on a transaction.
pub trait Matcher {
    fn matches(&self, transaction: &Transaction) -> bool;
}

impl<F: Fn(&Transaction) -> bool> Matcher for F {
    fn matches(&self, transaction: &Transaction) -> bool {
        self(transaction)
    }
}

/// Matches payees that contain any of the words.
pub struct PayeeContains(pub &'static [&'static str]);

impl Matcher for PayeeContains {
    fn matches(&self, transaction: &Transaction) -> bool {
        let payee = transaction.payee.to_lowercase();
        self.0.iter().any(|word| payee.contains(word))
    }
}

pub fn at_least(limit: Money) -> impl Matcher {
    move |transaction: &Transaction| transaction.amount >= limit
}

/// An ordered set of rules; the first match decides.
#[derive(Default)]
pub struct Categoriser {
    rules: Vec<(Category, Box<dyn Matcher>)>,
}

impl Categoriser {
    pub fn rule(mut self, category: Category, matcher: impl Matcher + 'static) -> Self {
        self.rules.push((category, Box::new(matcher)));
        self
    }

    pub fn categorise(&self, transaction: &Transaction) -> Category {
        self.rules
            .iter()
            .find(|(_, matcher)| matcher.matches(transaction))
            .map_or(Category::Other, |(category, _)| *category)
    }
}
