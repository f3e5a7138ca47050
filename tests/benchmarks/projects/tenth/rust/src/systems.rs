//! The rules of the game, one system each.

use crate::entity::Kind;
use crate::event::Event;
use crate::grid::Tile;
use crate::path;
use crate::world::World;

pub trait System {
    /// Lets one entity act and returns what happened.
    fn act(&mut self, world: &mut World, id: usize) -> Option<Event>;

    /// Advances all living entities by one turn.
    fn update(&mut self, world: &mut World) -> Vec<Event> {
        let ids: Vec<usize> = world.select(|_| true).collect();
        let act = |id: usize| world.entities[id].is_alive().then(|| self.act(world, id));
        ids.into_iter().filter_map(act).flatten().collect()
    }
}

/// Moves creatures one step towards what they want.
pub struct Movement;

impl System for Movement {
    fn act(&mut self, world: &mut World, id: usize) -> Option<Event> {
        let entity = world.entities[id].clone();
        let (_, target) = world.nearest(id, |kind| entity.kind.wants(kind))?;
        let next = *path::find(&world.grid, entity.pos, world.entities[target].pos)?.first()?;
        if world.grid.get(next) == Some(Tile::Door { open: false }) {
            world.grid.set(next, Tile::Door { open: true });
            return Some(Event::Opened { by: entity.name });
        }
        let is_next = |other: usize| world.entities[other].pos == next;
        if !world.select(|kind| entity.kind.fights(kind)).any(is_next) {
            world.entities[id].pos = next;
        }
        None
    }
}

/// Lets neighbours that are enemies hit each other.
pub struct Combat;

impl System for Combat {
    fn act(&mut self, world: &mut World, id: usize) -> Option<Event> {
        let attacker = world.entities[id].clone();
        let nearest = world.nearest(id, |kind| attacker.kind.fights(kind));
        let (_, foe) = nearest.filter(|&(distance, _)| distance <= 1)?;
        let target = &mut world.entities[foe];
        target.health -= attacker.attack;
        Some(Event::Hit { by: attacker.name, target: target.name, left: target.health })
    }
}

/// Gives creatures the gold that lies where they stand.
#[derive(Default)]
pub struct Treasure {
    total: u32,
}

impl System for Treasure {
    fn act(&mut self, world: &mut World, id: usize) -> Option<Event> {
        let finder = world.entities[id].clone();
        let nearest = world.nearest(id, |kind| finder.kind.wants(kind));
        let (_, found) = nearest.filter(|&(distance, _)| distance == 0)?;
        let Kind::Gold(gold) = world.entities[found].kind else { return None };
        world.entities[found].health = 0;
        self.total += gold;
        Some(Event::Collected { by: finder.name, gold, total: self.total })
    }
}
