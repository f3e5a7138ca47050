//! Finds jobs that would run at the same time.

use std::fmt;

use crate::calendar::DateTime;
use crate::error::ParseError;
use crate::schedule::Schedule;

/// A named schedule with the minutes that a run takes.
pub struct Job {
    pub name: String,
    pub minutes: u32,
    pub schedule: Schedule,
}

impl Job {
    pub fn new(name: &str, minutes: u32, expression: &str) -> Result<Self, ParseError> {
        Ok(Job { name: name.to_string(), minutes, schedule: expression.parse()? })
    }
}

pub struct Overlap<'a> {
    pub first: &'a Job,
    pub second: &'a Job,
    pub from: DateTime,
    pub until: DateTime,
}

impl Overlap<'_> {
    pub fn minutes(&self) -> i64 {
        self.until - self.from
    }
}

impl fmt::Display for Overlap<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}  {} / {} ({} min)", self.from, self.first.name, self.second.name, self.minutes())
    }
}

/// All overlaps that begin in the window, in the order of time.
pub fn find_overlaps(jobs: &[Job], start: DateTime, end: DateTime) -> Vec<Overlap<'_>> {
    let mut runs: Vec<(DateTime, &Job)> = jobs
        .iter()
        .flat_map(|job| job.schedule.runs(start).take_while(|run| *run < end).map(move |run| (run, job)))
        .collect();
    runs.sort_by_key(|(run, _)| *run);

    let mut overlaps = Vec::new();
    for (index, &(begin, first)) in runs.iter().enumerate() {
        let stop = begin + first.minutes;
        for &(from, second) in runs[index + 1..].iter().take_while(|(run, _)| *run < stop) {
            let until = stop.min(from + second.minutes);
            overlaps.push(Overlap { first, second, from, until });
        }
    }
    overlaps
}
