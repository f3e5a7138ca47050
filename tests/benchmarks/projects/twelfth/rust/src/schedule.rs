use std::str::FromStr;

use crate::calendar::DateTime;
use crate::error::ParseError;
use crate::field::{self, Field};

/// The search gives up after so many years without a match.
const HORIZON: i64 = 12;

#[derive(Debug, Clone)]
pub struct Schedule {
    minute: Field,
    hour: Field,
    day: Field,
    month: Field,
    weekday: Field,
}

impl FromStr for Schedule {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = match text {
            "@hourly" => "0 * * * *",
            "@daily" => "0 0 * * *",
            other => other,
        };
        let parts: Vec<&str> = text.split_whitespace().collect();
        let [minute, hour, day, month, weekday] = parts[..] else {
            return Err(ParseError::FieldCount(parts.len()));
        };
        Ok(Schedule {
            minute: Field::parse(minute, &field::MINUTE)?,
            hour: Field::parse(hour, &field::HOUR)?,
            day: Field::parse(day, &field::DAY)?,
            month: Field::parse(month, &field::MONTH)?,
            weekday: Field::parse(weekday, &field::WEEKDAY)?,
        })
    }
}

impl Schedule {
    /// As in cron, either day field will do once both are restricted.
    fn matches_day(&self, date: DateTime) -> bool {
        let day = self.day.contains(date.day);
        let weekday = self.weekday.contains(date.weekday());
        if self.day.any || self.weekday.any {
            day && weekday
        } else {
            day || weekday
        }
    }

    /// The first run at or after a moment.
    pub fn next_from(&self, start: DateTime) -> Option<DateTime> {
        let mut date = start;
        while date.year <= start.year + HORIZON {
            if !self.month.contains(date.month) {
                date = date.next_month();
                continue;
            }
            if self.matches_day(date) {
                if let Some(run) = self.times(date).find(|run| *run >= start) {
                    return Some(run);
                }
            }
            date = date.next_day();
        }
        None
    }

    fn times(&self, date: DateTime) -> impl Iterator<Item = DateTime> + '_ {
        let minutes = self.minute;
        self.hour.values().flat_map(move |hour| minutes.values().map(move |minute| date.at(hour, minute)))
    }

    /// All runs at or after a moment.
    pub fn runs(&self, start: DateTime) -> Runs<'_> {
        Runs { schedule: self, next: Some(start) }
    }
}

pub struct Runs<'a> {
    schedule: &'a Schedule,
    next: Option<DateTime>,
}

impl Iterator for Runs<'_> {
    type Item = DateTime;

    fn next(&mut self) -> Option<DateTime> {
        let run = self.schedule.next_from(self.next?);
        self.next = run.map(|run| run + 1);
        run
    }
}
