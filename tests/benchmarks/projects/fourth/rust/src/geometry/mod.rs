//! Vectors, rays and bounding boxes.

mod aabb;
mod ray;
mod vector;

pub use aabb::Aabb;
pub use ray::{Hit, Interval, Ray};
pub use vector::{vec3, Axis, Vec3};

/// Distances below this count as zero.
pub const EPSILON: f64 = 1e-6;

pub fn is_zero(value: f64) -> bool {
    value.abs() < EPSILON
}
