use super::{is_zero, Axis, Interval, Ray, Vec3};

/// An axis-aligned bounding box.
#[derive(Clone, Copy)]
pub struct Aabb {
    pub min: Vec3,
    pub max: Vec3,
}

impl Aabb {
    pub fn new(a: Vec3, b: Vec3) -> Self {
        Aabb { min: a.zip(b, f64::min), max: a.zip(b, f64::max) }
    }

    pub fn around(center: Vec3, reach: Vec3) -> Self {
        Self::new(center - reach, center + reach)
    }

    pub fn size(&self) -> Vec3 {
        self.max - self.min
    }

    pub fn center(&self) -> Vec3 {
        (self.min + self.max) * 0.5
    }

    pub fn union(&self, other: &Aabb) -> Self {
        Aabb { min: self.min.zip(other.min, f64::min), max: self.max.zip(other.max, f64::max) }
    }

    pub fn longest_axis(&self) -> Axis {
        let size = self.size();
        Axis::ALL.into_iter().fold(Axis::X, |best, axis| if size[axis] > size[best] { axis } else { best })
    }

    /// Where a ray is inside the box, and the axis of the face it enters by.
    pub fn clip(&self, ray: &Ray, range: Interval) -> Option<(Interval, Axis)> {
        let (mut range, mut entry) = (range, Axis::X);
        for axis in Axis::ALL {
            let (origin, slope) = (ray.origin[axis], ray.direction()[axis]);
            if is_zero(slope) {
                if origin < self.min[axis] || origin > self.max[axis] {
                    return None;
                }
                continue;
            }
            let near = (self.min[axis] - origin) / slope;
            let far = (self.max[axis] - origin) / slope;
            if near.min(far) > range.start {
                entry = axis;
            }
            range = range.clip(near.min(far), near.max(far));
        }
        (!range.is_empty()).then_some((range, entry))
    }
}

impl FromIterator<Vec3> for Aabb {
    fn from_iter<I: IntoIterator<Item = Vec3>>(points: I) -> Self {
        let mut points = points.into_iter();
        let first = points.next().unwrap_or_default();
        points.fold(Aabb::new(first, first), |bounds, point| bounds.union(&Aabb::new(point, point)))
    }
}
