//! Commands change the bank and know how to undo what they did.

use super::{AccountId, Bank, BankError};
use crate::money::Money;

pub trait Command {
    fn name(&self) -> String;

    fn apply(&mut self, bank: &mut Bank) -> Result<(), BankError>;

    fn undo(&mut self, bank: &mut Bank) -> Result<(), BankError>;

    /// The money that came into the bank by this command.
    fn amount(&self) -> Money {
        Money::ZERO
    }
}

pub struct Deposit {
    pub id: AccountId,
    pub amount: Money,
}

impl Command for Deposit {
    fn name(&self) -> String {
        let verb = if self.amount.is_negative() { "withdraw" } else { "deposit" };
        format!("{verb} {} {}", self.id, self.amount)
    }

    fn apply(&mut self, bank: &mut Bank) -> Result<(), BankError> {
        bank.get_mut(self.id)?.update(self.amount).map(drop)
    }

    fn undo(&mut self, bank: &mut Bank) -> Result<(), BankError> {
        bank.get_mut(self.id)?.update(-self.amount).map(drop)
    }

    fn amount(&self) -> Money {
        self.amount
    }
}

pub struct Transfer {
    pub from: AccountId,
    pub to: AccountId,
    pub amount: Money,
}

impl Transfer {
    fn run(&self, bank: &mut Bank, amount: Money) -> Result<(), BankError> {
        bank.get_mut(self.from)?.update(-amount)?;
        let result = bank.get_mut(self.to).and_then(|account| account.update(amount));
        if result.is_err() {
            bank.get_mut(self.from)?.update(amount)?;
        }
        result.map(drop)
    }
}

impl Command for Transfer {
    fn name(&self) -> String {
        format!("transfer {} -> {} {}", self.from, self.to, self.amount)
    }

    fn apply(&mut self, bank: &mut Bank) -> Result<(), BankError> {
        self.run(bank, self.amount)
    }

    fn undo(&mut self, bank: &mut Bank) -> Result<(), BankError> {
        self.run(bank, -self.amount)
    }
}

pub struct Freeze(pub AccountId);

impl Command for Freeze {
    fn name(&self) -> String {
        format!("freeze {}", self.0)
    }

    fn apply(&mut self, bank: &mut Bank) -> Result<(), BankError> {
        let account = bank.get_mut(self.0)?;
        if std::mem::replace(&mut account.frozen, true) {
            return Err(BankError::Frozen(account.id));
        }
        Ok(())
    }

    fn undo(&mut self, bank: &mut Bank) -> Result<(), BankError> {
        bank.get_mut(self.0)?.frozen = false;
        Ok(())
    }
}
