use super::{point::Point, Drawable, Shape, ORIGIN};
use std::fmt::{Result, Write};

#[derive(Debug, Clone)]
pub struct Circle {
    pub centre: Point,
    radius: f64,
}

#[derive(Debug, Clone)]
pub struct Square {
    corner: Point,
    side: f64,
}

/// The points of a Polygon go around it.
#[derive(Debug, Default)]
pub struct Polygon {
    points: Vec<Point>,
    label: Option<String>,
}

impl Circle {
    pub const UNIT: Circle = Circle { centre: ORIGIN, radius: 1.0 };

    pub fn centred(centre: Point) -> Circle {
        Circle { centre, ..Circle::UNIT }
    }

    pub fn with_radius(self, radius: f64) -> Self {
        Circle { radius, ..self }
    }
}

impl Square {
    pub fn new(side: f64) -> Self {
        let corner = ORIGIN;
        Square { corner, side }
    }
}

impl Polygon {
    pub fn builder() -> Builder {
        Builder::default()
    }

    fn edges(&self) -> impl Iterator<Item = (&Point, &Point)> + '_ {
        self.points.iter().zip(self.points.iter().cycle().skip(1))
    }
}

#[derive(Default)]
pub struct Builder {
    polygon: Polygon,
}

impl Builder {
    pub fn point(mut self, x: f64, y: f64) -> Self {
        self.polygon.points.push(Point::new(x, y));
        self
    }

    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.polygon.label = Some(label.into());
        self
    }

    pub fn build(self) -> Polygon {
        self.polygon
    }
}

impl Shape for Circle {
    const SIDES: u32 = 1;
    type Unit = f64;

    fn area(&self) -> f64 {
        std::f64::consts::PI * self.radius.powi(2)
    }
    fn unit(&self) -> f64 {
        self.radius
    }
    fn describe(&self) -> String {
        format!("round, area {:.1}, radius {radius}", self.area(), radius = self.radius)
    }
}

impl Shape for Square {
    const SIDES: u32 = 4;
    type Unit = Point;

    fn area(&self) -> f64 {
        self.side * self.side
    }
    fn unit(&self) -> Self::Unit {
        self.corner + Point::new(self.side, self.side)
    }
}

impl Drawable for Square {
    fn draw(&self, canvas: &mut dyn Write) -> Result {
        let Square { corner, side } = self;
        write!(canvas, "square {corner} {side}")
    }
}

impl Drawable for Polygon {
    fn draw(&self, canvas: &mut dyn Write) -> Result {
        let round: f64 = self.edges().map(|(from, to)| (*to - *from).length()).sum();
        write!(canvas, "{} {round:.1}", self.name())
    }
    fn name(&self) -> &str {
        self.label.as_deref().unwrap_or("polygon")
    }
}
