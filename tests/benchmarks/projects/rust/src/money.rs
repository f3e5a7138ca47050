pub const RATE: i64 = 100;

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Currency {
    Euro,
    Pound,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Amount {
    cents: i64,
    currency: Currency,
}

impl Amount {
    pub fn new(cents: i64, currency: Currency) -> Self {
        Amount { cents, currency }
    }

    pub fn cents(&self) -> i64 {
        self.cents
    }

    pub fn negated(self) -> Self {
        Amount { cents: -self.cents, ..self }
    }

    pub fn plus(self, other: Amount) -> Amount {
        Amount::new(self.cents + other.cents, self.currency)
    }

    pub fn show(&self) -> String {
        let sign = symbol(self.currency);
        format!("{}{}.{:02}", sign, self.cents / RATE, (self.cents % RATE).abs())
    }
}

fn symbol(currency: Currency) -> char {
    match currency {
        Currency::Euro => '€',
        Currency::Pound => '£',
    }
}

pub fn parse(text: &str) -> Option<Amount> {
    let (whole, rest) = text.split_once('.')?;
    let whole: i64 = whole.parse().ok()?;
    let rest: i64 = rest.parse().ok()?;
    let currency = if text.starts_with('p') { Currency::Pound } else { Currency::Euro };
    Some(Amount::new(whole * RATE + rest, currency))
}
