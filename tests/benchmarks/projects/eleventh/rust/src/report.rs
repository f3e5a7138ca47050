use std::collections::BTreeMap;

use crate::money::Money;
use crate::rules::{Categoriser, Category};
use crate::statement::{Month, Transaction};

/// Monthly spending limits.
pub type Budgets = BTreeMap<Category, Money>;

#[derive(Debug, PartialEq)]
pub enum BudgetStatus {
    Unlimited,
    Within { left: Money },
    Exceeded { by: Money },
}

#[derive(Debug, Default)]
pub struct Summary {
    pub income: Money,
    pub spending: BTreeMap<Category, Money>,
}

impl Summary {
    fn record(&mut self, category: Category, amount: Money) {
        if amount.is_negative() {
            *self.spending.entry(category).or_default() += -amount;
        } else {
            self.income += amount;
        }
    }

    pub fn spent(&self) -> Money {
        self.spending.values().copied().sum()
    }

    pub fn balance(&self) -> Money {
        self.income - self.spent()
    }

    pub fn status(&self, category: Category, budgets: &Budgets) -> BudgetStatus {
        let spent = self.spending[&category];
        match budgets.get(&category) {
            None => BudgetStatus::Unlimited,
            Some(&limit) if spent > limit => BudgetStatus::Exceeded { by: spent - limit },
            Some(&limit) => BudgetStatus::Within { left: limit - spent },
        }
    }
}

/// Groups transactions into one summary for each month.
pub fn summarise<'a>(
    transactions: impl IntoIterator<Item = &'a Transaction>,
    categoriser: &Categoriser,
) -> BTreeMap<Month, Summary> {
    let mut months: BTreeMap<Month, Summary> = BTreeMap::new();
    for transaction in transactions {
        let summary = months.entry(transaction.date.month).or_default();
        summary.record(categoriser.categorise(transaction), transaction.amount);
    }
    months
}
