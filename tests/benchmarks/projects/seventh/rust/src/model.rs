use std::fmt;
use std::str::FromStr;

use crate::error::ShopError;
use crate::money::Money;
use crate::repository::Entity;

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sku(String);

impl From<&str> for Sku {
    fn from(code: &str) -> Self {
        Sku(code.to_uppercase())
    }
}

impl fmt::Display for Sku {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

#[derive(Clone, Debug)]
pub struct Product {
    pub sku: Sku,
    pub name: String,
    pub price: Money,
    pub stock: u32,
}

impl Entity for Product {
    type Key = Sku;
    fn key(&self) -> &Sku {
        &self.sku
    }
}

pub type OrderId = u32;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    Open,
    Shipped,
    Cancelled,
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Status::Open => "open",
            Status::Shipped => "shipped",
            Status::Cancelled => "cancelled",
        })
    }
}

/// What a customer asks for, written like `bolt*4` or just `bolt`.
pub struct Request(pub Sku, pub u32);

impl FromStr for Request {
    type Err = ShopError;

    fn from_str(text: &str) -> Result<Self, ShopError> {
        let (code, quantity) = text.split_once('*').unwrap_or((text, "1"));
        Ok(Request(code.trim().into(), quantity.trim().parse()?))
    }
}

#[derive(Clone, Debug)]
pub struct Line {
    pub sku: Sku,
    pub quantity: u32,
    pub unit_price: Money,
}

impl Line {
    pub fn total(&self) -> Money {
        self.unit_price * self.quantity
    }
}

#[derive(Clone, Debug)]
pub struct Order {
    pub id: OrderId,
    pub customer: String,
    pub lines: Vec<Line>,
    pub discounts: Vec<(String, Money)>,
    pub status: Status,
}

impl Order {
    pub fn subtotal(&self) -> Money {
        self.lines.iter().map(Line::total).sum()
    }

    pub fn total(&self) -> Money {
        self.subtotal() - self.discounts.iter().map(|(_, amount)| *amount).sum()
    }
}

impl Entity for Order {
    type Key = OrderId;
    fn key(&self) -> &OrderId {
        &self.id
    }
}
