use std::fmt;

use crate::geometry::{Aabb, Hit, Interval, Ray, Vec3};
use crate::shapes::Shape;

#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Id(usize);

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

#[derive(PartialEq)]
pub enum SceneError {
    Empty,
    Duplicate { name: String },
}

impl fmt::Display for SceneError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SceneError::Empty => write!(f, "the scene is empty"),
            SceneError::Duplicate { name } => write!(f, "there is a {name} already"),
        }
    }
}

pub type Result<T> = std::result::Result<T, SceneError>;

pub struct Object {
    pub id: Id,
    pub name: String,
    pub shape: Box<dyn Shape>,
}

#[derive(Default)]
pub struct Scene {
    objects: Vec<Object>,
    next_id: usize,
}

impl Scene {
    pub fn add<S: Shape + 'static>(&mut self, name: &str, shape: S) -> Result<Id> {
        if self.find(name).is_some() {
            return Err(SceneError::Duplicate { name: name.to_string() });
        }
        self.next_id += 1;
        let id = Id(self.next_id);
        self.objects.push(Object { id, name: name.to_string(), shape: Box::new(shape) });
        Ok(id)
    }

    pub fn find(&self, name: &str) -> Option<&Object> {
        self.iter().find(|object| object.name == name)
    }

    pub fn remove(&mut self, id: Id) -> Option<Object> {
        let index = self.objects.iter().position(|object| object.id == id)?;
        Some(self.objects.remove(index))
    }

    pub fn iter(&self) -> impl Iterator<Item = &Object> {
        self.objects.iter()
    }

    pub fn bounds(&self) -> Result<Aabb> {
        let boxes = self.iter().map(|object| object.shape.bounds());
        boxes.reduce(|all, bounds| all.union(&bounds)).ok_or(SceneError::Empty)
    }

    /// The nearest object on a ray, if any.
    pub fn cast(&self, ray: &Ray) -> Option<(&Object, Hit)> {
        let mut range = Interval::FORWARD;
        let mut nearest = None;
        for object in self.iter() {
            if object.shape.bounds().clip(ray, range).is_none() {
                continue;
            }
            if let Some(hit) = object.shape.hit(ray, range) {
                range.end = hit.distance;
                nearest = Some((object, hit));
            }
        }
        nearest
    }

    pub fn visible(&self, from: Vec3, target: &Object) -> bool {
        let ray = Ray::towards(from, target.shape.center());
        self.cast(&ray).is_some_and(|(object, _)| object.id == target.id)
    }

    pub fn total(&self, measure: impl Fn(&dyn Shape) -> f64) -> f64 {
        self.iter().map(|object| measure(object.shape.as_ref())).sum()
    }
}
