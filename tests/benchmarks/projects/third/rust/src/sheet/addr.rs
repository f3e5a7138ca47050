use crate::error::CalcError;
use std::{fmt, str::FromStr};

/// A cell's place: `B3` is `col` 1, `row` 2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Addr {
    pub col: usize,
    pub row: usize,
}

impl Addr {
    /// Every address of the rectangle from `self` to `end`, row by row.
    pub fn to(self, end: Addr) -> impl Iterator<Item = Addr> {
        let Addr { col: first, row } = self;
        (row..=end.row).flat_map(move |row| (first..=end.col).map(move |col| Addr { col, row }))
    }
}

impl FromStr for Addr {
    type Err = CalcError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bad = || CalcError::Unknown(text.to_owned());
        let mut chars = text.chars();
        let col = chars.next().filter(char::is_ascii_uppercase).ok_or_else(bad)?;
        let row: usize = chars.as_str().parse().map_err(|_| bad())?;
        Ok(Self { col: col as usize - 'A' as usize, row: row.checked_sub(1).ok_or_else(bad)? })
    }
}

impl fmt::Display for Addr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let col = (b'A' + self.col as u8) as char;
        write!(f, "{col}{row}", row = self.row + 1)
    }
}
