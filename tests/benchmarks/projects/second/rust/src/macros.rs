/// A map from pairs.
macro_rules! table {
    ($($key:expr => $value:expr),* $(,)?) => {{
        let mut table = std::collections::BTreeMap::new();
        $(table.insert($key, $value);)*
        table
    }};
}

macro_rules! ids {
    ($($name:ident),*) => {
        $(
            #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
            pub struct $name(pub u32);

            impl $name {
                pub fn next(self) -> Self {
                    $name(self.0 + 1)
                }
            }
        )*
    };
}

pub(crate) use ids;
pub(crate) use table;
