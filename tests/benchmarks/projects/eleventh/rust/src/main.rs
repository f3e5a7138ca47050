mod money;
mod parser;
mod report;
mod rules;
mod statement;

use money::Money;
use report::{BudgetStatus, Budgets};
use rules::{at_least, Categoriser, Category, PayeeContains};
use statement::Transaction;

const STATEMENT: &str = r#"# date; payee; amount
2023-03-01;Acme Payroll;2450.00
2023-03-02;"Hill Street; flat 4";-890.00
2023-03-05;Green Grocer;-64.35
2023-03-09;City Metro;-49.00
2023-03-18;"Cinema ""Lux""";-23.50
2023-03-40;Green Grocer;-12.00
2023-03-27;Corner Supermarket;-181.20

2023-04-01;Acme Payroll;2450.00
2023-04-02;"Hill Street; flat 4";-890.00
2023-04-03;Railway Tickets;-131.90
2023-04-11;"Broken quote;-5.00
2023-04-12;Refund Metro;9.80
2023-04-15;Green Grocer;-58.10;extra
2023-04-20;Dentist;-75
2023-04-21;Bookshop;-1x.00
2023-04-22;Kiosk;-4.5
"#;

fn categoriser(salary: Money) -> Categoriser {
    Categoriser::default()
        .rule(Category::Income, at_least(salary))
        .rule(Category::Housing, PayeeContains(&["hill street"]))
        .rule(Category::Groceries, PayeeContains(&["grocer", "supermarket"]))
        .rule(Category::Transport, PayeeContains(&["metro", "railway"]))
        .rule(Category::Leisure, |t: &Transaction| t.payee.starts_with("Cinema"))
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (transactions, rejected) = parser::parse_statement(STATEMENT);
    println!("imported {} transactions", transactions.len());
    for (line, error) in &rejected {
        println!("  line {line}: {error}");
    }

    let categoriser = categoriser("1000.00".parse()?);
    for transaction in &transactions {
        let Transaction { date, payee, amount } = transaction;
        let category = categoriser.categorise(transaction);
        println!("{}-{:02} {payee:<22} {amount:>9} {category}", date.month, date.day);
    }

    let budgets = Budgets::from([
        (Category::Groceries, "220.00".parse()?),
        (Category::Transport, "100.00".parse()?),
        (Category::Leisure, "60.00".parse()?),
    ]);
    for (month, summary) in report::summarise(&transactions, &categoriser) {
        println!("\n{month}: in {}, out {}, balance {}", summary.income, summary.spent(), summary.balance());
        for (&category, &amount) in &summary.spending {
            let note = match summary.status(category, &budgets) {
                BudgetStatus::Unlimited => String::from("no budget"),
                BudgetStatus::Within { left } => format!("{left} left"),
                BudgetStatus::Exceeded { by } => format!("over by {by}"),
            };
            println!("  {category:<10} {amount:>8}  {note}");
        }
    }
    Ok(())
}
