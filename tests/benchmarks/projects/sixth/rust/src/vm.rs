use std::collections::HashSet;

use crate::program::{Inst, Program};

pub type Slots = Vec<Option<usize>>;

/// Threads in order of priority, at most one for each instruction.
#[derive(Default)]
struct Threads {
    list: Vec<(usize, Slots)>,
    seen: HashSet<usize>,
}

/// Runs a program over a text, all threads in lockstep.
pub struct Vm<'a> {
    pub program: &'a Program,
    pub text: &'a str,
}

impl Vm<'_> {
    /// Finds the leftmost match that begins at `from` or later.
    pub fn search(&self, from: usize) -> Option<Slots> {
        (from..=self.text.len())
            .filter(|&start| self.text.is_char_boundary(start))
            .find_map(|start| self.run(start))
    }

    fn run(&self, start: usize) -> Option<Slots> {
        let (mut best, mut at) = (None, start);
        let mut current = Threads::default();
        self.follow(&mut current, 0, at, vec![None; self.program.slots]);
        while !current.list.is_empty() {
            let read = self.text[at..].chars().next();
            at += read.map_or(0, char::len_utf8);
            let mut next = Threads::default();
            for (pc, slots) in current.list {
                match (&self.program.insts[pc], read) {
                    (Inst::Class(class), Some(c)) if class.contains(c) => {
                        self.follow(&mut next, pc + 1, at, slots);
                    }
                    (Inst::Match, _) => {
                        best = Some(slots);
                        break;
                    }
                    _ => {}
                }
            }
            current = next;
        }
        best
    }

    /// Adds the threads that are reached without reading a character.
    fn follow(&self, threads: &mut Threads, pc: usize, at: usize, mut slots: Slots) {
        if !threads.seen.insert(pc) {
            return;
        }
        match self.program.insts[pc] {
            Inst::Jump(target) => self.follow(threads, target, at, slots),
            Inst::Split(first, second) => {
                self.follow(threads, first, at, slots.clone());
                self.follow(threads, second, at, slots);
            }
            Inst::Save(slot) => {
                slots[slot] = Some(at);
                self.follow(threads, pc + 1, at, slots);
            }
            Inst::Start if at > 0 => {}
            Inst::End if at < self.text.len() => {}
            Inst::Start | Inst::End => self.follow(threads, pc + 1, at, slots),
            Inst::Class(_) | Inst::Match => threads.list.push((pc, slots)),
        }
    }
}
