//! The bank: its accounts and the history of commands.

mod account;
pub mod command;

use std::collections::BTreeMap;
use std::fmt;

pub use account::{Account, AccountId, Kind};
pub use command::Command;

use crate::money::Money;

#[derive(Debug, PartialEq)]
pub enum BankError {
    NotFound(AccountId),
    Frozen(AccountId),
    Insufficient { id: AccountId, missing: Money },
    NothingToUndo,
}

impl fmt::Display for BankError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BankError::NotFound(id) => write!(f, "account {id} not found"),
            BankError::Frozen(id) => write!(f, "account {id} is frozen"),
            Self::Insufficient { id, missing } => write!(f, "account {id} is short of {missing}"),
            Self::NothingToUndo => f.write_str("nothing to undo"),
        }
    }
}

impl std::error::Error for BankError {}

#[derive(Default)]
pub struct Bank {
    accounts: BTreeMap<AccountId, Account>,
    history: Vec<Box<dyn Command>>,
    next_id: u32,
}

impl Bank {
    pub fn new() -> Self {
        Self { next_id: 1, ..Self::default() }
    }

    pub fn open(&mut self, owner: &str, kind: Kind) -> AccountId {
        let id = AccountId(self.next_id);
        self.next_id += 1;
        self.accounts.insert(id, Account::new(id, owner, kind));
        id
    }

    pub fn get(&self, id: AccountId) -> Result<&Account, BankError> {
        self.accounts.get(&id).ok_or(BankError::NotFound(id))
    }

    pub fn get_mut(&mut self, id: AccountId) -> Result<&mut Account, BankError> {
        self.accounts.get_mut(&id).ok_or(BankError::NotFound(id))
    }

    pub fn iter(&self) -> impl Iterator<Item = &Account> + '_ {
        self.accounts.values()
    }

    pub fn history(&self) -> &[Box<dyn Command>] {
        &self.history
    }

    pub fn execute<C: Command + 'static>(&mut self, mut command: C) -> Result<String, BankError> {
        command.apply(self)?;
        let name = command.name();
        self.history.push(Box::new(command));
        Ok(name)
    }

    /// Undo the last command; it stays in the history when it cannot be undone.
    pub fn undo(&mut self) -> Result<String, BankError> {
        let mut command = self.history.pop().ok_or(BankError::NothingToUndo)?;
        let name = command.name();
        if let Err(error) = command.undo(self) {
            self.history.push(command);
            return Err(error);
        }
        Ok(name)
    }
}
