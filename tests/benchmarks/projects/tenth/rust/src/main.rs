mod entity;
mod event;
mod grid;
mod path;
mod systems;
mod world;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::error::Error;

use entity::{Entity, Kind};
use event::{Event, EventBus};
use grid::{Grid, Pos};
use systems::{Combat, Movement, System, Treasure};
use world::World;

const MAP: &str = "\
##############
#......#.....#
#.####.+.##..#
#.#.~~.#..####
#...~~.#.....#
##############";

fn population() -> Vec<Entity> {
    vec![
        Entity::new("Mira", Kind::Hero, Pos::new(3, 3), (12, 2)),
        Entity::new("Grub", Kind::Goblin, Pos::new(1, 1), (5, 1)),
        Entity::new("Snag", Kind::Goblin, Pos::new(12, 4), (7, 2)),
        Entity::new("coins", Kind::Gold(15), Pos::new(6, 1), (1, 0)),
        Entity::new("chest", Kind::Gold(80), Pos::new(12, 1), (1, 0)),
    ]
}

struct Game<'a> {
    world: World,
    systems: Vec<Box<dyn System>>,
    bus: EventBus<'a>,
}

impl Game<'_> {
    fn play(&mut self, turns: u32) {
        for _ in 0..turns {
            self.world.turn += 1;
            for system in &mut self.systems {
                for event in system.update(&mut self.world) {
                    self.bus.publish(self.world.turn, event);
                }
            }
        }
        println!("{}", self.world.render());
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let hits = RefCell::new(BTreeMap::new());
    let mut bus = EventBus::default();
    bus.listen(|turn, event| println!("turn {turn:2}: {event}"));
    bus.listen(|_, event| {
        if let Event::Hit { by, .. } = event {
            *hits.borrow_mut().entry(*by).or_insert(0) += 1;
        }
    });
    let world = World { grid: MAP.parse()?, turn: 0, entities: population() };
    let systems: Vec<Box<dyn System>> = vec![Box::new(Movement), Box::new(Combat), Box::<Treasure>::default()];
    let mut game = Game { world, systems, bus };

    let route = path::find(&game.world.grid, Pos::new(3, 3), Pos::new(12, 1)).unwrap_or_default();
    println!("to the chest: {} steps", route.len());
    game.play(12);
    game.play(12);

    for (name, count) in hits.borrow().iter() {
        println!("{name} hit {count} times");
    }
    if let Err(error) = "#.?".parse::<Grid>() {
        println!("bad map: {error}");
    }
    Ok(())
}
