use std::f64::consts::PI;

use super::{Bounded, Shape};
use crate::geometry::{is_zero, Aabb, Hit, Interval, Ray, Vec3};

/// Where a ray meets the plane through a point.
fn meet(ray: &Ray, point: Vec3, normal: Vec3) -> Option<f64> {
    let slope = ray.direction().dot(normal);
    (!is_zero(slope)).then(|| (point - ray.origin).dot(normal) / slope)
}

pub struct Triangle {
    corners: [Vec3; 3],
}

impl Triangle {
    pub fn new(a: Vec3, b: Vec3, c: Vec3) -> Self {
        Triangle { corners: [a, b, c] }
    }

    fn edges(&self) -> impl Iterator<Item = (Vec3, Vec3)> + '_ {
        (0..3).map(|i| (self.corners[i], self.corners[(i + 1) % 3] - self.corners[i]))
    }

    fn cross(&self) -> Vec3 {
        let [a, b, c] = self.corners;
        (b - a).cross(c - a)
    }
}

impl Bounded for Triangle {
    fn bounds(&self) -> Aabb {
        self.corners.into_iter().collect()
    }

    fn center(&self) -> Vec3 {
        self.corners.into_iter().sum::<Vec3>() * (1.0 / 3.0)
    }
}

impl Shape for Triangle {
    fn kind(&self) -> &'static str {
        "triangle"
    }

    fn area(&self) -> f64 {
        self.cross().length() / 2.0
    }

    fn hit(&self, ray: &Ray, range: Interval) -> Option<Hit> {
        let normal = self.cross().normalize();
        let distance = meet(ray, self.corners[0], normal).filter(|&d| range.contains(d))?;
        let point = ray.at(distance);
        let inside = self.edges().all(|(start, edge)| edge.cross(point - start).dot(normal) >= 0.0);
        inside.then(|| ray.hit(distance, normal))
    }
}

pub struct Disc {
    pub center: Vec3,
    pub normal: Vec3,
    pub radius: f64,
}

impl Bounded for Disc {
    fn bounds(&self) -> Aabb {
        let n = self.normal;
        let reach = n.zip(n, |a, b| (1.0 - a * b).max(0.0).sqrt()) * self.radius;
        Aabb::around(self.center, reach)
    }
}

impl Shape for Disc {
    fn kind(&self) -> &'static str {
        "disc"
    }

    fn area(&self) -> f64 {
        PI * self.radius.powi(2)
    }

    fn hit(&self, ray: &Ray, range: Interval) -> Option<Hit> {
        meet(ray, self.center, self.normal)
            .filter(|&d| range.contains(d) && (ray.at(d) - self.center).length() <= self.radius)
            .map(|d| ray.hit(d, self.normal))
    }
}
