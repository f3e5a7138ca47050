use std::fmt;

use super::BankError;
use crate::money::Money;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AccountId(pub u32);

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "A{:03}", self.0)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Checking { overdraft: Money },
    Savings { minimum: Money },
}

impl Kind {
    pub const PLAIN: Kind = Kind::Checking { overdraft: Money::ZERO };

    pub fn name(&self) -> &'static str {
        match self {
            Kind::Checking { .. } => "checking",
            Kind::Savings { .. } => "savings",
        }
    }

    /// The lowest balance that an account of this kind may have.
    fn limit(&self) -> Money {
        match *self {
            Kind::Checking { overdraft } => -overdraft,
            Kind::Savings { minimum } => minimum,
        }
    }
}

#[derive(Debug, Clone)]
pub struct Account {
    pub id: AccountId,
    owner: String,
    kind: Kind,
    balance: Money,
    pub frozen: bool,
}

impl Account {
    pub fn new(id: AccountId, owner: impl Into<String>, kind: Kind) -> Self {
        Account { id, owner: owner.into(), kind, balance: Money::ZERO, frozen: false }
    }

    pub fn owner(&self) -> &str {
        &self.owner
    }

    pub fn kind(&self) -> Kind {
        self.kind
    }

    pub fn balance(&self) -> Money {
        self.balance
    }

    pub fn available(&self) -> Money {
        self.balance - self.kind.limit()
    }

    /// Change the balance by `amount`, which may be negative.
    pub fn update(&mut self, amount: Money) -> Result<Money, BankError> {
        if self.frozen {
            return Err(BankError::Frozen(self.id));
        }
        if amount.is_negative() && -amount > self.available() {
            return Err(BankError::Insufficient { id: self.id, missing: -amount - self.available() });
        }
        self.balance = self.balance + amount;
        Ok(self.balance)
    }
}
