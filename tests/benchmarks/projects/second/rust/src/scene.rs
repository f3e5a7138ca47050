use crate::macros::{ids, table};
use crate::shape::{self, Drawable, Point};
use std::collections::BTreeMap;

ids!(LayerId, ItemId);

pub enum Command {
    Move { id: ItemId, by: Point },
    Hide(ItemId),
    Rename { id: ItemId, name: String },
    Clear,
}

#[derive(Debug, PartialEq)]
pub enum SceneError {
    Missing(ItemId),
    Hidden { id: ItemId, layer: LayerId },
}

impl std::fmt::Display for SceneError {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        use SceneError::*;
        match self {
            Missing(ItemId(number)) => write!(f, "no item {number}"),
            Hidden { id, .. } => write!(f, "item {} is hidden", id.0),
        }
    }
}

pub(crate) struct Item {
    pub(crate) at: Point,
    name: String,
    layer: LayerId,
    shape: Box<dyn Drawable>,
}

pub struct Scene {
    items: BTreeMap<ItemId, Item>,
    next: ItemId,
    pub(super) hidden: Vec<ItemId>,
    names: BTreeMap<&'static str, u32>,
}

impl Default for Scene {
    fn default() -> Self {
        let names = table! { "front" => 1, "back" => 2 };
        Scene { items: BTreeMap::new(), next: ItemId(1), hidden: vec![], names }
    }
}

impl Scene {
    pub fn add(&mut self, layer: &str, shape: impl Drawable + 'static) -> ItemId {
        let id = self.next;
        let layer = LayerId(self.names.get(layer).copied().unwrap_or_default());
        let name = shape.name().to_owned();
        self.items.insert(id, Item { at: shape::ORIGIN, name, layer, shape: Box::new(shape) });
        self.next = id.next();
        id
    }

    fn item(&mut self, id: ItemId) -> Result<&mut Item, SceneError> {
        if self.hidden.contains(&id) {
            let layer = self.items[&id].layer;
            return Err(SceneError::Hidden { id, layer });
        }
        self.items.get_mut(&id).ok_or(SceneError::Missing(id))
    }

    pub fn apply(&mut self, command: Command) -> Result<usize, SceneError> {
        match command {
            Command::Move { id, by } => {
                let item = self.item(id)?;
                item.at = item.at + by;
            }
            Command::Hide(id) => self.hidden.push(id),
            Command::Rename { id, name: new } => self.item(id)?.name = new,
            Command::Clear => {
                let hidden = std::mem::take(&mut self.hidden);
                self.items.retain(|id, _| !hidden.contains(id));
            }
        }
        Ok(self.items.len())
    }

    pub fn iter(&self) -> impl Iterator<Item = (&ItemId, &Item)> {
        self.items.iter()
    }

    pub(crate) fn render(&self) -> String {
        let mut text = String::new();
        for (id, item) in self.iter() {
            text += &format!("{:?} {} at {} on {}: ", id, item.name, item.at, item.layer.0);
            item.shape.draw(&mut text).unwrap();
            text.push('\n');
        }
        text
    }
}
