mod calendar;
mod error;
mod field;
mod overlap;
mod schedule;

use std::error::Error;

use calendar::{days_in_month, is_leap, DateTime};
use overlap::{find_overlaps, Job};
use schedule::Schedule;

fn print_runs(expression: &str, start: DateTime, count: usize) -> Result<(), Box<dyn Error>> {
    let schedule: Schedule = expression.parse()?;
    println!("{expression}");
    for run in schedule.runs(start).take(count) {
        println!("    {run}");
    }
    if schedule.next_from(start).is_none() {
        println!("    never");
    }
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    let start = DateTime::date(2024, 2, 27).at(22, 30);

    println!("-- Calendar --");
    println!("start {start}, leap year: {}", is_leap(start.year));
    println!("February has {} days", days_in_month(start.year, start.month));
    println!("two days later: {}", start + 2 * 24 * 60);
    println!("minutes to March: {}", start.next_month() - start);

    println!("\n-- Next runs --");
    print_runs("*/20 22-23 * * *", start, 4)?;
    print_runs("0 9 * * mon-fri", start, 3)?;
    print_runs("30 6 1,15 * sun", start, 4)?;
    print_runs("0 12 29 feb *", start, 3)?;
    print_runs("0 0 31 apr,jun *", start, 1)?;
    print_runs("@hourly", start, 2)?;

    println!("\n-- Errors --");
    for expression in ["* * *", "60 * * * *", "0 0 * foo *", "*/0 * * * *", "0 0 * * mon-9"] {
        if let Err(error) = print_runs(expression, start, 1) {
            println!("{expression}: {error}");
        }
    }

    let jobs = [
        Job::new("backup", 90, "0 1 * * *")?,
        Job::new("report", 20, "15 2 * * wed,fri")?,
        Job::new("index", 10, "*/45 1-2 * * *")?,
        Job::new("cleanup", 120, "@daily")?,
    ];
    let end = start + 3 * 24 * 60;
    let overlaps = find_overlaps(&jobs, start, end);
    println!("\n-- Overlaps until {end} --");
    for overlap in overlaps.iter().filter(|overlap| overlap.minutes() > 10) {
        println!("{overlap}");
    }
    let total: i64 = overlaps.iter().map(|overlap| overlap.minutes()).sum();
    println!("{} overlaps, {total} minutes", overlaps.len());
    Ok(())
}
