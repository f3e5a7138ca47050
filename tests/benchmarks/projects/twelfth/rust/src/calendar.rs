//! Just enough of a calendar: minutes, days and months without time zones.

use std::fmt;
use std::ops::{Add, Sub};

pub const MINUTES_PER_DAY: i64 = 24 * 60;

/// A minute of the Gregorian calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct DateTime {
    pub year: i64,
    pub month: u32,
    pub day: u32,
    pub hour: u32,
    pub minute: u32,
}

pub fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

pub fn days_in_month(year: i64, month: u32) -> u32 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl DateTime {
    pub fn date(year: i64, month: u32, day: u32) -> Self {
        DateTime { year, month, day, hour: 0, minute: 0 }
    }

    pub fn at(self, hour: u32, minute: u32) -> Self {
        DateTime { hour, minute, ..self }
    }

    /// Days since the first of March of the year 0.
    fn day_number(&self) -> i64 {
        let (year, month) = match self.month {
            1 | 2 => (self.year - 1, i64::from(self.month) + 9),
            month => (self.year, i64::from(month) - 3),
        };
        365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + i64::from(self.day) - 1
    }

    /// The day of the week, counted from Sunday as 0.
    pub fn weekday(&self) -> u32 {
        (self.day_number() + 3).rem_euclid(7) as u32
    }

    pub fn next_day(self) -> Self {
        if self.day < days_in_month(self.year, self.month) {
            DateTime::date(self.year, self.month, self.day + 1)
        } else {
            self.next_month()
        }
    }

    pub fn next_month(self) -> Self {
        match self.month {
            12 => DateTime::date(self.year + 1, 1, 1),
            month => DateTime::date(self.year, month + 1, 1),
        }
    }
}

/// Adds a number of minutes.
impl Add<u32> for DateTime {
    type Output = DateTime;

    fn add(self, minutes: u32) -> DateTime {
        let total = self.hour * 60 + self.minute + minutes;
        let days = total / MINUTES_PER_DAY as u32;
        let date = (0..days).fold(self, |date, _| date.next_day());
        date.at(total / 60 % 24, total % 60)
    }
}

/// The minutes between two moments.
impl Sub for DateTime {
    type Output = i64;

    fn sub(self, earlier: DateTime) -> i64 {
        let total = |t: DateTime| t.day_number() * MINUTES_PER_DAY + i64::from(t.hour * 60 + t.minute);
        total(self) - total(earlier)
    }
}

impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const NAMES: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
        let name = NAMES[self.weekday() as usize];
        write!(f, "{name} {}-{:02}-{:02} {:02}:{:02}", self.year, self.month, self.day, self.hour, self.minute)
    }
}
