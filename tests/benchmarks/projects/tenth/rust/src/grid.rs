//! Positions, tiles and the map that holds them.

use std::fmt;
use std::ops::Add;
use std::str::FromStr;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Pos {
    pub x: i32,
    pub y: i32,
}

impl Pos {
    const STEPS: [Pos; 4] = [Pos::new(0, -1), Pos::new(1, 0), Pos::new(0, 1), Pos::new(-1, 0)];

    pub const fn new(x: i32, y: i32) -> Self {
        Pos { x, y }
    }

    pub fn distance(self, other: Pos) -> u32 {
        self.x.abs_diff(other.x) + self.y.abs_diff(other.y)
    }
}

impl Add for Pos {
    type Output = Pos;

    fn add(self, other: Pos) -> Pos {
        Pos::new(self.x + other.x, self.y + other.y)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tile {
    Floor,
    Wall,
    Water,
    Door { open: bool },
}

impl Tile {
    /// The cost of stepping onto the tile, if that is possible at all.
    pub fn cost(self) -> Option<u32> {
        match self {
            Tile::Floor | Tile::Door { open: true } => Some(1),
            Tile::Door { open: false } => Some(2),
            Tile::Water => Some(4),
            Tile::Wall => None,
        }
    }

    pub fn glyph(self) -> char {
        match self {
            Tile::Floor => '.',
            Tile::Wall => '#',
            Tile::Water => '~',
            Tile::Door { open: true } => '/',
            Tile::Door { open: false } => '+',
        }
    }
}

impl TryFrom<char> for Tile {
    type Error = MapError;

    fn try_from(glyph: char) -> Result<Self, MapError> {
        let known = [Tile::Floor, Tile::Wall, Tile::Water, Tile::Door { open: false }];
        known.into_iter().find(|tile| tile.glyph() == glyph).ok_or(MapError(glyph))
    }
}

/// A map contains something that is not a tile.
#[derive(Debug)]
pub struct MapError(char);

impl fmt::Display for MapError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown tile {:?}", self.0)
    }
}

impl std::error::Error for MapError {}

pub struct Grid {
    pub rows: Vec<Vec<Tile>>,
}

impl Grid {
    pub fn get(&self, pos: Pos) -> Option<Tile> {
        self.rows.get(pos.y as usize)?.get(pos.x as usize).copied()
    }

    pub fn set(&mut self, pos: Pos, tile: Tile) {
        self.rows[pos.y as usize][pos.x as usize] = tile;
    }

    /// The neighbours that can be stepped onto, each with its cost.
    pub fn exits(&self, from: Pos) -> impl Iterator<Item = (Pos, u32)> + '_ {
        Pos::STEPS.iter().filter_map(move |&step| {
            let pos = from + step;
            Some((pos, self.get(pos)?.cost()?))
        })
    }
}

impl FromStr for Grid {
    type Err = MapError;

    fn from_str(text: &str) -> Result<Self, MapError> {
        let parse_row = |line: &str| line.chars().map(Tile::try_from).collect();
        let rows = text.lines().map(parse_row).collect::<Result<_, _>>()?;
        Ok(Grid { rows })
    }
}
