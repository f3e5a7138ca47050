//! What systems report and what listeners hear.

use std::fmt;

pub enum Event {
    Opened { by: &'static str },
    Hit { by: &'static str, target: &'static str, left: i32 },
    Collected { by: &'static str, gold: u32, total: u32 },
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Event::Opened { by } => write!(f, "{by} opens a door"),
            Event::Hit { by, target, left } if *left <= 0 => write!(f, "{by} slays {target}"),
            Event::Hit { by, target, left } => write!(f, "{by} hits {target}, {left} left"),
            Event::Collected { by, gold, total } => write!(f, "{by} picks up {gold} gold, {total} so far"),
        }
    }
}

/// Hands each event to all listeners, in the order they were added.
#[derive(Default)]
pub struct EventBus<'a> {
    listeners: Vec<Box<dyn FnMut(u32, &Event) + 'a>>,
}

impl<'a> EventBus<'a> {
    pub fn listen(&mut self, listener: impl FnMut(u32, &Event) + 'a) {
        self.listeners.push(Box::new(listener));
    }

    pub fn publish(&mut self, turn: u32, event: Event) {
        self.listeners.iter_mut().for_each(|listener| listener(turn, &event));
    }
}
