use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Index, Mul, Neg, Sub};

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Axis {
    X,
    Y,
    Z,
}

impl Axis {
    pub const ALL: [Axis; 3] = [Axis::X, Axis::Y, Axis::Z];

    pub fn name(self) -> char {
        match self {
            Axis::X => 'x',
            Axis::Y => 'y',
            Axis::Z => 'z',
        }
    }
}

#[derive(Clone, Copy, PartialEq, Default)]
pub struct Vec3 {
    pub x: f64,
    pub y: f64,
    pub z: f64,
}

pub const fn vec3(x: f64, y: f64, z: f64) -> Vec3 {
    Vec3 { x, y, z }
}

impl Vec3 {
    pub const ZERO: Self = vec3(0.0, 0.0, 0.0);
    pub const UP: Self = vec3(0.0, 1.0, 0.0);

    pub fn dot(self, other: Self) -> f64 {
        self.x * other.x + self.y * other.y + self.z * other.z
    }

    pub fn cross(self, other: Self) -> Self {
        vec3(
            self.y * other.z - self.z * other.y,
            self.z * other.x - self.x * other.z,
            self.x * other.y - self.y * other.x,
        )
    }

    pub fn length(self) -> f64 {
        self.dot(self).sqrt()
    }

    pub fn normalize(self) -> Self {
        self * (1.0 / self.length())
    }

    /// Joins two vectors component by component.
    pub fn zip(self, other: Self, join: impl Fn(f64, f64) -> f64) -> Self {
        vec3(join(self.x, other.x), join(self.y, other.y), join(self.z, other.z))
    }
}

/// Implements a binary operator that works on each component.
macro_rules! componentwise {
    ($($op:ident, $method:ident);+) => {
        $(impl $op for Vec3 {
            type Output = Vec3;

            fn $method(self, other: Vec3) -> Vec3 {
                self.zip(other, |a, b| a.$method(b))
            }
        })+
    };
}

componentwise!(Add, add; Sub, sub);

impl Mul<f64> for Vec3 {
    type Output = Vec3;

    fn mul(self, factor: f64) -> Vec3 {
        vec3(self.x * factor, self.y * factor, self.z * factor)
    }
}

impl Neg for Vec3 {
    type Output = Vec3;

    fn neg(self) -> Vec3 {
        self * -1.0
    }
}

impl Sum for Vec3 {
    fn sum<I: Iterator<Item = Vec3>>(iter: I) -> Vec3 {
        iter.fold(Vec3::ZERO, |total, value| total + value)
    }
}

impl Index<Axis> for Vec3 {
    type Output = f64;

    fn index(&self, axis: Axis) -> &f64 {
        match axis {
            Axis::X => &self.x,
            Axis::Y => &self.y,
            Axis::Z => &self.z,
        }
    }
}

impl fmt::Display for Vec3 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Adding zero turns a negative zero into a plain one.
        let round = |value: f64| (value * 100.0).round() / 100.0 + 0.0;
        write!(f, "({:.2}, {:.2}, {:.2})", round(self.x), round(self.y), round(self.z))
    }
}
