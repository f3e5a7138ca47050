use crate::model::Order;
use crate::money::Money;

/// A reason to charge less. Rules see the order with the discounts so far.
pub trait PricingRule {
    fn label(&self) -> String;
    fn discount(&self, order: &Order) -> Option<Money>;
}

/// A percentage on every line of at least `minimum` pieces.
pub struct BulkDiscount {
    pub minimum: u32,
    pub rate: u32,
}

impl PricingRule for BulkDiscount {
    fn label(&self) -> String {
        format!("{}% from {} pieces", self.rate, self.minimum)
    }

    fn discount(&self, order: &Order) -> Option<Money> {
        let bulky = order.lines.iter().filter(|line| line.quantity >= self.minimum);
        let amount: Money = bulky.map(|line| line.total().percent(self.rate)).sum();
        (amount > Money(0)).then_some(amount)
    }
}

/// A rule made from a closure.
pub struct Custom<F> {
    pub label: &'static str,
    pub compute: F,
}

impl<F: Fn(&Order) -> Option<Money>> PricingRule for Custom<F> {
    fn label(&self) -> String {
        self.label.to_string()
    }

    fn discount(&self, order: &Order) -> Option<Money> {
        (self.compute)(order)
    }
}
