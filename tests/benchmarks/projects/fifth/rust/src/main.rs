mod bank;
mod money;
mod report;

use bank::command::{Deposit, Freeze, Transfer};
use bank::{Account, AccountId, Bank, BankError, Kind};
use money::Money;
use report::{Balances, History, Section, Totals};

/// Prints the results of commands and counts the errors.
#[derive(Default)]
struct Log {
    errors: usize,
}

impl Log {
    fn add(&mut self, verb: &str, result: Result<String, BankError>) {
        match result {
            Ok(name) => println!("{verb}: {name}"),
            Err(error) => {
                self.errors += 1;
                println!("{verb} failed: {error}");
            }
        }
    }
}

fn print_all(bank: &Bank) {
    println!("{}", Balances.render(bank));
    println!("{}", Totals { key: |account: &Account| account.kind().name().to_string() }.render(bank));
    println!("{}", Totals { key: |account: &Account| account.owner().to_uppercase() }.render(bank));
    println!("{}", History { limit: 4 }.render(bank));
}

fn main() -> Result<(), BankError> {
    let mut bank = Bank::new();
    let mut log = Log::default();
    let wages = bank.open("ida", Kind::Checking { overdraft: Money::new(200, 0) });
    let nest = bank.open("ida", Kind::Savings { minimum: Money::new(50, 0) });
    let shop = bank.open("omar", Kind::PLAIN);

    log.add("run", bank.execute(Deposit { id: wages, amount: Money::new(1850, 40) }));
    log.add("run", bank.execute(Transfer { from: wages, to: nest, amount: Money::new(1000, 0) }));
    log.add("run", bank.execute(Transfer { from: wages, to: shop, amount: Money::new(900, 5) }));
    log.add("run", bank.execute(Deposit { id: wages, amount: -Money::new(500, 0) }));
    log.add("run", bank.execute(Deposit { id: shop, amount: -Money::new(20, 95) }));
    log.add("run", bank.execute(Deposit { id: AccountId(9), amount: Money::new(1, 0) }));
    print_all(&bank);

    log.add("run", bank.execute(Freeze(nest)));
    log.add("run", bank.execute(Freeze(nest)));
    log.add("run", bank.execute(Transfer { from: shop, to: nest, amount: Money::new(79, 10) }));
    for _ in 0..3 {
        log.add("undo", bank.undo());
    }
    log.add("run", bank.execute(Transfer { from: nest, to: shop, amount: Money::new(900, 0) }));
    print_all(&bank);

    let richest = bank.iter().max_by_key(|account| account.balance()).map(|account| account.id);
    if let Some(id) = richest {
        println!("richest: {id} of {}", bank.get(id)?.owner());
    }
    println!("missing: {}", bank.get(AccountId(42)).is_err());
    while let Ok(name) = bank.undo() {
        println!("unwound: {name}");
    }
    log.add("undo", bank.undo());
    log.add("undo", Bank::new().undo());
    let total: Money = bank.iter().map(|account| account.balance()).sum();
    println!("total {total}, {} errors", log.errors);
    Ok(())
}
