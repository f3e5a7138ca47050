use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Mul, Sub};

/// An amount of money in cents.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Money(pub i64);

impl Money {
    /// The given share of the amount, rounded down to full cents.
    pub fn percent(self, rate: u32) -> Self {
        Money(self.0 * i64::from(rate) / 100)
    }
}

impl Add for Money {
    type Output = Money;
    fn add(self, other: Money) -> Money {
        Money(self.0 + other.0)
    }
}

impl Sub for Money {
    type Output = Money;
    fn sub(self, other: Money) -> Money {
        Money(self.0 - other.0)
    }
}

impl Mul<u32> for Money {
    type Output = Money;
    fn mul(self, count: u32) -> Money {
        Money(self.0 * i64::from(count))
    }
}

impl Sum for Money {
    fn sum<I: Iterator<Item = Money>>(amounts: I) -> Money {
        amounts.fold(Money(0), Add::add)
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}.{:02}", self.0 / 100, self.0 % 100))
    }
}
