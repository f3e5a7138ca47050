//! Things that live on the grid.

use crate::grid::Pos;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Hero,
    Goblin,
    Gold(u32),
}

impl Kind {
    pub fn glyph(self) -> char {
        match self {
            Kind::Hero => '@',
            Kind::Goblin => 'g',
            Kind::Gold(_) => '$',
        }
    }

    /// Whether a creature of this kind goes after things of the other kind.
    pub fn wants(self, other: Kind) -> bool {
        matches!((self, other), (Kind::Hero, Kind::Gold(_)) | (Kind::Goblin, Kind::Hero))
    }

    pub fn fights(self, other: Kind) -> bool {
        matches!((self, other), (Kind::Hero, Kind::Goblin) | (Kind::Goblin, Kind::Hero))
    }
}

#[derive(Debug, Clone)]
pub struct Entity {
    pub name: &'static str,
    pub kind: Kind,
    pub pos: Pos,
    pub health: i32,
    pub attack: i32,
}

impl Entity {
    pub fn new(name: &'static str, kind: Kind, pos: Pos, (health, attack): (i32, i32)) -> Self {
        Entity { name, kind, pos, health, attack }
    }

    pub fn is_alive(&self) -> bool {
        self.health > 0
    }
}
