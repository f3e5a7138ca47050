//! A* search over the grid.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::iter;

use crate::grid::{Grid, Pos};

/// Finds the cheapest way between two positions, without the start itself.
pub fn find(grid: &Grid, start: Pos, goal: Pos) -> Option<Vec<Pos>> {
    let mut open = BinaryHeap::from([Reverse((start.distance(goal), start))]);
    let mut best = HashMap::from([(start, (0, start))]);
    while let Some(Reverse((_, pos))) = open.pop() {
        let (cost, _) = best[&pos];
        if pos == goal {
            let back = iter::successors(Some(goal), |pos| Some(best[pos].1));
            let mut steps: Vec<Pos> = back.take_while(|&pos| pos != start).collect();
            steps.reverse();
            return Some(steps);
        }
        for (next, step) in grid.exits(pos) {
            let total = cost + step;
            if best.get(&next).map_or(true, |&(known, _)| total < known) {
                best.insert(next, (total, pos));
                open.push(Reverse((total + next.distance(goal), next)));
            }
        }
    }
    None
}
