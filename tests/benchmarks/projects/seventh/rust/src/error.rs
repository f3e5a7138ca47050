use std::fmt;
use std::num::ParseIntError;

use crate::model::{OrderId, Sku, Status};

#[derive(Debug)]
pub enum ShopError {
    UnknownProduct(Sku),
    UnknownOrder(OrderId),
    OutOfStock { sku: Sku, wanted: u32, available: u32 },
    WrongStatus { order: OrderId, status: Status },
    BadQuantity(ParseIntError),
}

pub type Result<T> = std::result::Result<T, ShopError>;

impl fmt::Display for ShopError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ShopError::UnknownProduct(sku) => write!(f, "there is no product {sku}"),
            ShopError::UnknownOrder(id) => write!(f, "there is no order {id}"),
            ShopError::OutOfStock { sku, wanted, available } => {
                write!(f, "{wanted} of {sku} wanted, but only {available} available")
            }
            ShopError::WrongStatus { order, status } => write!(f, "order {order} is {status}"),
            ShopError::BadQuantity(cause) => write!(f, "bad quantity: {cause}"),
        }
    }
}

impl std::error::Error for ShopError {}

impl From<ParseIntError> for ShopError {
    fn from(cause: ParseIntError) -> Self {
        ShopError::BadQuantity(cause)
    }
}
