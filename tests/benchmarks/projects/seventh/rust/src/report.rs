use std::fmt;

use crate::model::{Order, Product, Status};
use crate::money::Money;
use crate::repository::Repository;
use crate::shop::Shop;

/// A text report on the state of a shop.
pub struct Report<'a, P, O>(pub &'a Shop<P, O>);

impl<P: Repository<Product>, O: Repository<Order>> fmt::Display for Report<'_, P, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "Stock")?;
        for Product { sku, name, price, stock } in self.0.products.all() {
            writeln!(f, "  {sku:<8}{name:<16}{price:>8}{stock:>6}")?;
        }
        writeln!(f, "Orders")?;
        for order in self.0.orders.all() {
            let Order { id, customer, status, .. } = &order;
            writeln!(f, "  #{id} {customer:<8}{status:<10}{:>8}", order.total())?;
            for (label, amount) in &order.discounts {
                writeln!(f, "       less {amount:>6} {label}")?;
            }
        }
        let shipped = self.0.orders.select(|order| order.status == Status::Shipped);
        writeln!(f, "Revenue {}", shipped.iter().map(Order::total).sum::<Money>())
    }
}
