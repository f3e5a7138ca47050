//! Reductions over slices of numbers.

pub const CENTS: f64 = 100.0;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reducer {
    Sum,
    Mean,
    Max,
    Count,
}

impl Reducer {
    pub const ALL: [Reducer; 4] = [Self::Sum, Self::Mean, Self::Max, Self::Count];

    pub fn name(self) -> &'static str {
        match self {
            Self::Sum => "sum",
            Self::Mean => "mean",
            Self::Max => "max",
            Self::Count => "count",
        }
    }

    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reducer| reducer.name() == name)
    }

    pub fn apply(self, values: &[f64]) -> f64 {
        let run: fn(&[f64]) -> f64 = match self {
            Self::Sum => sum,
            Self::Mean => mean,
            Self::Max => |values| fold(values, f64::NEG_INFINITY, f64::max),
            Self::Count => |values| values.len() as f64,
        };
        run(values)
    }
}

pub fn fold<A, F>(values: &[f64], init: A, mut step: F) -> A
where
    F: FnMut(A, f64) -> A,
{
    let mut acc = init;
    for &value in values {
        acc = step(acc, value);
    }
    acc
}

fn sum(values: &[f64]) -> f64 {
    values.iter().sum()
}

fn mean(values: &[f64]) -> f64 {
    let sum = sum(values);
    if values.is_empty() { 0.0 } else { sum / values.len() as f64 }
}

/// A sliding window of `N` values.
pub struct Window<'a, const N: usize> {
    values: &'a [f64],
    pos: usize,
}

impl<'a, const N: usize> Window<'a, N> {
    pub fn over(values: &'a [f64]) -> Self {
        Window { values, pos: 0 }
    }
}

impl<'a, const N: usize> Iterator for Window<'a, N> {
    type Item = &'a [f64];

    fn next(&mut self) -> Option<Self::Item> {
        let pos = self.pos;
        let window = self.values.get(pos..pos + N)?;
        self.pos += 1;
        Some(window)
    }
}
