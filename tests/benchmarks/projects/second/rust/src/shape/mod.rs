//! Shapes: what has an area.
pub mod point;
mod solid;

pub use self::point::{Point, ORIGIN};
pub use self::solid::{Circle, Polygon as Poly, Square};

/// What can be measured.
pub trait Shape {
    /// How many sides it has.
    const SIDES: u32;
    type Unit;

    fn area(&self) -> f64;
    fn unit(&self) -> Self::Unit;

    fn describe(&self) -> String {
        format!("{} sides, area {:.1}", Self::SIDES, self.area())
    }
}

/// A shape without a type of its own.
pub trait Drawable {
    fn draw(&self, canvas: &mut dyn std::fmt::Write) -> std::fmt::Result;
    fn name(&self) -> &str {
        "drawable"
    }
}

pub fn largest<'a, S>(shapes: &'a [S]) -> Option<&'a S>
where
    S: Shape,
{
    let mut best: Option<&'a S> = None;
    for shape in shapes {
        match best {
            Some(other) if other.area() >= shape.area() => {}
            _ => best = Some(shape),
        }
    }
    best
}

pub fn total(shapes: &[&dyn Fn() -> f64]) -> f64 {
    shapes.iter().map(|area| area()).sum()
}
