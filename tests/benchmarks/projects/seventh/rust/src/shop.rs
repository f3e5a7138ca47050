use crate::error::{Result, ShopError};
use crate::model::{Line, Order, OrderId, Product, Request, Sku, Status};
use crate::pricing::PricingRule;
use crate::repository::Repository;

/// Takes orders and keeps the stock in step with them.
pub struct Shop<P, O> {
    pub products: P,
    pub orders: O,
    rules: Vec<Box<dyn PricingRule>>,
    next_id: OrderId,
}

impl<P: Repository<Product>, O: Repository<Order>> Shop<P, O> {
    pub fn new(products: P, orders: O) -> Self {
        Shop { products, orders, rules: Vec::new(), next_id: 1 }
    }

    pub fn with_rule(mut self, rule: impl PricingRule + 'static) -> Self {
        self.rules.push(Box::new(rule));
        self
    }

    /// Places an order for all of the requests, each for another product, or for none.
    pub fn place(&mut self, customer: &str, requests: &[&str]) -> Result<Order> {
        let priced = requests.iter().map(|text| self.price(text.parse()?));
        let lines = priced.collect::<Result<Vec<_>>>()?;
        for line in &lines {
            self.change_stock(&line.sku, |stock| stock - line.quantity)?;
        }
        let (id, customer) = (self.next_id, customer.to_string());
        let mut order = Order { id, customer, lines, discounts: vec![], status: Status::Open };
        for rule in &self.rules {
            if let Some(amount) = rule.discount(&order) {
                order.discounts.push((rule.label(), amount));
            }
        }
        self.next_id += 1;
        self.orders.save(order.clone());
        Ok(order)
    }

    pub fn ship(&mut self, id: OrderId) -> Result<Order> {
        self.close(id, Status::Shipped)
    }

    /// Cancels an order and puts its goods back on the shelf.
    pub fn cancel(&mut self, id: OrderId) -> Result<Order> {
        let order = self.close(id, Status::Cancelled)?;
        for line in &order.lines {
            self.change_stock(&line.sku, |stock| stock + line.quantity)?;
        }
        Ok(order)
    }

    fn price(&self, Request(sku, quantity): Request) -> Result<Line> {
        let product = self.product(&sku)?;
        if product.stock < quantity {
            return Err(ShopError::OutOfStock { sku, wanted: quantity, available: product.stock });
        }
        Ok(Line { sku, quantity, unit_price: product.price })
    }

    fn product(&self, sku: &Sku) -> Result<Product> {
        self.products.find(sku).ok_or_else(|| ShopError::UnknownProduct(sku.clone()))
    }

    fn change_stock(&mut self, sku: &Sku, change: impl Fn(u32) -> u32) -> Result<()> {
        let product = self.product(sku)?;
        self.products.save(Product { stock: change(product.stock), ..product });
        Ok(())
    }

    fn close(&mut self, id: OrderId, status: Status) -> Result<Order> {
        let mut order = self.orders.find(&id).ok_or(ShopError::UnknownOrder(id))?;
        if order.status != Status::Open {
            return Err(ShopError::WrongStatus { order: id, status: order.status });
        }
        order.status = status;
        self.orders.save(order.clone());
        Ok(order)
    }
}
