//! The state of the game that systems work on.

use crate::entity::{Entity, Kind};
use crate::grid::{Grid, Tile};

pub struct World {
    pub grid: Grid,
    pub turn: u32,
    pub entities: Vec<Entity>,
}

impl World {
    /// Indices of the living entities whose kind fits.
    pub fn select<'a>(&'a self, fits: impl Fn(Kind) -> bool + 'a) -> impl Iterator<Item = usize> + 'a {
        let fitting = move |id: &usize| fits(self.entities[*id].kind);
        let alive = |id: &usize| self.entities[*id].is_alive();
        (0..self.entities.len()).filter(alive).filter(fitting)
    }

    /// The entity of a fitting kind that is closest to the given one.
    pub fn nearest(&self, id: usize, fits: impl Fn(Kind) -> bool) -> Option<(u32, usize)> {
        let from = self.entities[id].pos;
        self.select(fits).map(|other| (self.entities[other].pos.distance(from), other)).min()
    }

    /// Draws the map with all living entities on it.
    pub fn render(&self) -> String {
        let glyphs = |row: &Vec<Tile>| row.iter().map(|tile| tile.glyph()).collect();
        let mut canvas: Vec<Vec<char>> = self.grid.rows.iter().map(glyphs).collect();
        for Entity { pos, kind, .. } in self.select(|_| true).map(|id| &self.entities[id]) {
            canvas[pos.y as usize][pos.x as usize] = kind.glyph();
        }
        let lines: Vec<String> = canvas.into_iter().map(String::from_iter).collect();
        lines.join("\n")
    }
}
