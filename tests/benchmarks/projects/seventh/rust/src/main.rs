mod error;
mod model;
mod money;
mod pricing;
mod report;
mod repository;
mod shop;

use error::Result;
use model::{Order, Product};
use money::Money;
use pricing::{BulkDiscount, Custom};
use report::Report;
use repository::{MemoryRepository, Repository};
use shop::Shop;

fn product(code: &str, name: &str, cents: i64, stock: u32) -> Product {
    Product { sku: code.into(), name: name.to_string(), price: Money(cents), stock }
}

fn open_shop() -> Shop<MemoryRepository<Product>, MemoryRepository<Order>> {
    let mut products = MemoryRepository::new();
    products.save(product("bolt", "Bolt M8", 35, 200));
    products.save(product("drill", "Cordless drill", 8990, 4));
    products.save(product("glue", "Wood glue", 649, 12));
    products.save(product("saw", "Japanese saw", 3250, 7));
    let regular = |order: &Order| (order.customer == "Nadia").then(|| order.total().percent(5));
    let coupon = |order: &Order| (order.total() > Money(10_000)).then(|| Money(750));
    Shop::new(products, MemoryRepository::new())
        .with_rule(BulkDiscount { minimum: 10, rate: 15 })
        .with_rule(Custom { label: "regular customer", compute: regular })
        .with_rule(Custom { label: "coupon over 100", compute: coupon })
}

fn show(step: &str, outcome: Result<Order>) {
    match outcome {
        Ok(order) => println!("{step}: #{} of {} is {}", order.id, order.subtotal(), order.status),
        Err(error) => println!("{step}: {error}"),
    }
}

fn main() {
    let mut shop = open_shop();
    let baskets: [(&str, &[&str]); 6] = [
        ("Nadia", &["bolt*40", "glue * 2"]),
        ("Omar", &["drill", "saw*2"]),
        ("Pia", &["drill*9"]),
        ("Quinn", &["glue*many"]),
        ("Rosa", &["saw", "anvil"]),
        ("Nadia", &["saw*4", "drill*1", "bolt*10"]),
    ];
    for (customer, requests) in baskets {
        show(customer, shop.place(customer, requests));
    }
    print!("{}", Report(&shop));
    show("ship", shop.ship(1));
    show("cancel", shop.cancel(2));
    show("ship", shop.ship(2));
    show("cancel", shop.cancel(9));
    print!("{}", Report(&shop));
}
