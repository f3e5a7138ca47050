//! Amounts of money, kept in cents.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Neg, Sub};

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Money {
    cents: i64,
}

impl Money {
    pub const ZERO: Money = Money { cents: 0 };

    pub const fn new(units: i64, cents: i64) -> Self {
        Money { cents: units * 100 + cents }
    }

    pub fn is_negative(self) -> bool {
        self.cents < 0
    }
}

impl Add for Money {
    type Output = Money;

    fn add(self, other: Money) -> Money {
        Money { cents: self.cents + other.cents }
    }
}

impl Sub for Money {
    type Output = Money;

    fn sub(self, other: Money) -> Money {
        self + -other
    }
}

impl Neg for Money {
    type Output = Money;

    fn neg(self) -> Money {
        Money { cents: -self.cents }
    }
}

impl Sum for Money {
    fn sum<I: Iterator<Item = Money>>(iter: I) -> Money {
        iter.fold(Money::ZERO, |total, money| total + money)
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.is_negative() { "-" } else { "" };
        let cents = self.cents.abs();
        f.pad(&format!("{sign}{}.{:02}", cents / 100, cents % 100))
    }
}
