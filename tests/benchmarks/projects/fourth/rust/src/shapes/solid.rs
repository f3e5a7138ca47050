use std::f64::consts::PI;

use super::{Bounded, Shape};
use crate::geometry::{vec3, Aabb, Axis, Hit, Interval, Ray, Vec3};

pub struct Sphere {
    center: Vec3,
    radius: f64,
}

impl Sphere {
    pub fn new(center: Vec3, radius: f64) -> Self {
        Sphere { center, radius }
    }

    pub fn unit() -> Self {
        Self::new(Vec3::ZERO, 1.0)
    }
}

impl Bounded for Sphere {
    fn bounds(&self) -> Aabb {
        Aabb::around(self.center, vec3(self.radius, self.radius, self.radius))
    }

    fn center(&self) -> Vec3 {
        self.center
    }
}

impl Shape for Sphere {
    fn kind(&self) -> &'static str {
        "sphere"
    }

    fn area(&self) -> f64 {
        4.0 * PI * self.radius.powi(2)
    }

    fn hit(&self, ray: &Ray, range: Interval) -> Option<Hit> {
        let offset = ray.origin - self.center;
        let half = offset.dot(ray.direction());
        let root = (half * half - offset.dot(offset) + self.radius.powi(2)).sqrt();
        let distance = [-half - root, -half + root].into_iter().find(|&d| range.contains(d))?;
        Some(ray.hit(distance, (ray.at(distance) - self.center).normalize()))
    }

    fn volume(&self) -> f64 {
        self.area() * self.radius / 3.0
    }
}

pub struct Cuboid(Aabb);

impl Cuboid {
    pub fn new(corner: Vec3, size: Vec3) -> Self {
        Cuboid(Aabb::new(corner, corner + size))
    }
}

impl Bounded for Cuboid {
    fn bounds(&self) -> Aabb {
        self.0
    }
}

impl Shape for Cuboid {
    fn kind(&self) -> &'static str {
        "cuboid"
    }

    fn area(&self) -> f64 {
        let Vec3 { x, y, z } = self.0.size();
        2.0 * (x * y + y * z + z * x)
    }

    fn hit(&self, ray: &Ray, range: Interval) -> Option<Hit> {
        let (inside, axis) = self.0.clip(ray, range)?;
        let normal = match axis {
            Axis::X => vec3(1.0, 0.0, 0.0),
            Axis::Y => Vec3::UP,
            Axis::Z => vec3(0.0, 0.0, 1.0),
        };
        Some(ray.hit(inside.start, normal))
    }

    fn volume(&self) -> f64 {
        let size = self.0.size();
        Axis::ALL.iter().map(|&axis| size[axis]).product()
    }
}
