//! Reports about a bank, as tables of text.

use std::collections::BTreeMap;

use crate::bank::{Account, Bank};
use crate::money::Money;

const WIDTH: usize = 12;

pub trait Section {
    const TITLE: &'static str;

    fn rows(&self, bank: &Bank) -> Vec<String>;

    fn render(&self, bank: &Bank) -> String {
        let mut lines = vec![format!("-- {} --", Self::TITLE)];
        lines.extend(self.rows(bank));
        lines.join("\n")
    }
}

/// All accounts with their balances.
pub struct Balances;

impl Section for Balances {
    const TITLE: &'static str = "balances";

    fn rows(&self, bank: &Bank) -> Vec<String> {
        let row = |account: &Account| {
            let mark = if account.frozen { " *" } else { "" };
            let (id, owner) = (account.id, account.owner());
            let (kind, balance, available) = (account.kind(), account.balance(), account.available());
            format!("{id} {owner:<6} {:<9}{balance:>WIDTH$}{available:>WIDTH$}{mark}", kind.name())
        };
        bank.iter().map(row).collect()
    }
}

/// Totals of the accounts, grouped by a key.
pub struct Totals<F> {
    pub key: F,
}

impl<F: Fn(&Account) -> String> Section for Totals<F> {
    const TITLE: &'static str = "totals";

    fn rows(&self, bank: &Bank) -> Vec<String> {
        let mut groups: BTreeMap<String, Money> = BTreeMap::new();
        for account in bank.iter() {
            let total = groups.entry((self.key)(account)).or_default();
            *total = *total + account.balance();
        }
        groups.iter().map(|(key, total)| format!("{key:<WIDTH$}{total:>WIDTH$}")).collect()
    }
}

pub struct History {
    pub limit: usize,
}

impl Section for History {
    const TITLE: &'static str = "history";

    fn rows(&self, bank: &Bank) -> Vec<String> {
        let history = bank.history();
        let skipped = history.len().saturating_sub(self.limit);
        let mut rows: Vec<_> = history[skipped..].iter().map(|command| command.name()).collect();
        let inflow: Money = history.iter().map(|command| command.amount()).sum();
        rows.push(format!("{skipped} more, net inflow {inflow}"));
        rows
    }
}
