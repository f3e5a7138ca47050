use std::collections::BTreeMap;

pub trait Entity: Clone {
    type Key: Ord + Clone;
    fn key(&self) -> &Self::Key;
}

pub trait Repository<T: Entity> {
    fn find(&self, key: &T::Key) -> Option<T>;
    fn save(&mut self, entity: T);
    /// All entities in the order of their keys.
    fn all(&self) -> Vec<T>;

    fn select(&self, wanted: impl Fn(&T) -> bool) -> Vec<T> {
        self.all().into_iter().filter(wanted).collect()
    }
}

/// A repository that forgets everything at the end of the program.
pub struct MemoryRepository<T: Entity> {
    entities: BTreeMap<T::Key, T>,
}

impl<T: Entity> MemoryRepository<T> {
    pub fn new() -> Self {
        MemoryRepository { entities: BTreeMap::new() }
    }
}

impl<T: Entity> Repository<T> for MemoryRepository<T> {
    fn find(&self, key: &T::Key) -> Option<T> {
        self.entities.get(key).cloned()
    }

    fn save(&mut self, entity: T) {
        self.entities.insert(entity.key().clone(), entity);
    }

    fn all(&self) -> Vec<T> {
        self.entities.values().cloned().collect()
    }
}
