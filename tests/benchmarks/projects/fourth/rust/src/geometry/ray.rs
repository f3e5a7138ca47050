use super::{Vec3, EPSILON};

/// A half-open range of distances along a ray.
#[derive(Clone, Copy)]
pub struct Interval {
    pub start: f64,
    pub end: f64,
}

impl Interval {
    pub const FORWARD: Self = Interval { start: EPSILON, end: f64::INFINITY };

    pub fn contains(&self, value: f64) -> bool {
        (self.start..self.end).contains(&value)
    }

    pub fn clip(self, start: f64, end: f64) -> Self {
        Interval { start: self.start.max(start), end: self.end.min(end) }
    }

    pub fn is_empty(&self) -> bool {
        self.start >= self.end
    }
}

pub struct Ray {
    pub origin: Vec3,
    direction: Vec3,
}

impl Ray {
    pub fn new(origin: Vec3, direction: Vec3) -> Self {
        Ray { origin, direction: direction.normalize() }
    }

    pub fn towards(origin: Vec3, target: Vec3) -> Self {
        Self::new(origin, target - origin)
    }

    pub fn direction(&self) -> Vec3 {
        self.direction
    }

    pub fn at(&self, distance: f64) -> Vec3 {
        self.origin + self.direction * distance
    }

    /// The hit at a distance; the normal is turned to face the ray.
    pub fn hit(&self, distance: f64, normal: Vec3) -> Hit {
        let facing = if normal.dot(self.direction) > 0.0 { -normal } else { normal };
        Hit { distance, point: self.at(distance), normal: facing }
    }
}

#[derive(Clone, Copy)]
pub struct Hit {
    pub distance: f64,
    pub point: Vec3,
    pub normal: Vec3,
}
