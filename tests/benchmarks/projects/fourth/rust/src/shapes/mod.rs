//! The shapes a scene can hold.

mod flat;
mod solid;

pub use flat::{Disc, Triangle};
pub use solid::{Cuboid, Sphere};

use crate::geometry::{Aabb, Hit, Interval, Ray, Vec3};

/// Anything that takes up room.
pub trait Bounded {
    fn bounds(&self) -> Aabb;

    fn center(&self) -> Vec3 {
        self.bounds().center()
    }
}

/// A surface that rays can hit.
pub trait Shape: Bounded {
    fn kind(&self) -> &'static str;
    fn area(&self) -> f64;
    fn hit(&self, ray: &Ray, range: Interval) -> Option<Hit>;

    /// Flat shapes have no volume.
    fn volume(&self) -> f64 {
        0.0
    }
}

/// Moves any shape without changing it.
pub struct Translated<S> {
    inner: S,
    offset: Vec3,
}

impl<S: Shape> Translated<S> {
    pub fn new(inner: S, offset: Vec3) -> Self {
        Translated { inner, offset }
    }
}

impl<S: Shape> Bounded for Translated<S> {
    fn bounds(&self) -> Aabb {
        let bounds = self.inner.bounds();
        Aabb::new(bounds.min + self.offset, bounds.max + self.offset)
    }
}

impl<S: Shape> Shape for Translated<S> {
    fn kind(&self) -> &'static str {
        self.inner.kind()
    }

    fn area(&self) -> f64 {
        self.inner.area()
    }

    fn hit(&self, ray: &Ray, range: Interval) -> Option<Hit> {
        let moved = Ray::new(ray.origin - self.offset, ray.direction());
        self.inner.hit(&moved, range).map(|hit| Hit { point: hit.point + self.offset, ..hit })
    }

    fn volume(&self) -> f64 {
        self.inner.volume()
    }
}
