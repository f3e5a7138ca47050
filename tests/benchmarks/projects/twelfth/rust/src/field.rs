use crate::error::ParseError;

/// The range of a field and the names that it knows.
pub struct FieldSpec {
    pub name: &'static str,
    pub min: u32,
    pub max: u32,
    pub aliases: &'static [&'static str],
}

const MONTHS: &[&str] =
    &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS: &[&str] = &["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

pub const MINUTE: FieldSpec = FieldSpec { name: "minute", min: 0, max: 59, aliases: &[] };
pub const HOUR: FieldSpec = FieldSpec { name: "hour", min: 0, max: 23, aliases: &[] };
pub const DAY: FieldSpec = FieldSpec { name: "day", min: 1, max: 31, aliases: &[] };
pub const MONTH: FieldSpec = FieldSpec { name: "month", min: 1, max: 12, aliases: MONTHS };
pub const WEEKDAY: FieldSpec = FieldSpec { name: "weekday", min: 0, max: 6, aliases: WEEKDAYS };

/// A set of allowed values, one bit for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    bits: u64,
    pub any: bool,
}

impl Field {
    /// Parses a list such as `1,5-9,*/15` or `mon-fri`.
    pub fn parse(text: &str, spec: &FieldSpec) -> Result<Self, ParseError> {
        let mut field = Field { bits: 0, any: text == "*" };
        for part in text.split(',') {
            let (range, step) = match part.split_once('/') {
                Some((range, step)) => (range, parse_step(step)?),
                None => (part, 1),
            };
            let (first, last) = match range.split_once('-') {
                _ if range == "*" => (spec.min, spec.max),
                Some((first, last)) => (spec.value(first)?, spec.value(last)?),
                None => (spec.value(range)?, spec.value(range)?),
            };
            for value in (first..=last).step_by(step) {
                field.bits |= 1 << value;
            }
        }
        Ok(field)
    }

    pub fn contains(&self, value: u32) -> bool {
        self.bits >> value & 1 == 1
    }

    /// The allowed values in ascending order.
    pub fn values(self) -> impl Iterator<Item = u32> {
        (0..64).filter(move |&value| self.contains(value))
    }
}

impl FieldSpec {
    fn value(&self, text: &str) -> Result<u32, ParseError> {
        let alias = self.aliases.iter().position(|alias| alias.eq_ignore_ascii_case(text));
        let value = match alias {
            Some(index) => index as u32 + self.min,
            None => text.parse().map_err(|_| ParseError::Value(text.to_string()))?,
        };
        if (self.min..=self.max).contains(&value) {
            Ok(value)
        } else {
            Err(ParseError::OutOfRange { value, field: self.name })
        }
    }
}

fn parse_step(text: &str) -> Result<usize, ParseError> {
    match text.parse() {
        Ok(step) if step > 0 => Ok(step),
        _ => Err(ParseError::Value(format!("/{text}"))),
    }
}
