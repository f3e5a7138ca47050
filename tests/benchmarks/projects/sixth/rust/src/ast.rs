use std::{fmt, ops::RangeInclusive};

/// A set of characters, such as `[a-z_]`, `\d` or a single letter.
#[derive(Debug, Clone, PartialEq)]
pub struct CharClass {
    pub ranges: Vec<RangeInclusive<char>>,
    pub negated: bool,
}

impl CharClass {
    pub fn of<const N: usize>(ranges: [RangeInclusive<char>; N]) -> Self {
        CharClass { ranges: ranges.into(), negated: false }
    }

    /// The class behind an escape like `\d`; other characters stand for themselves.
    pub fn escape(c: char) -> Self {
        match c {
            'd' => Self::of(['0'..='9']),
            'w' => Self::of(['a'..='z', 'A'..='Z', '0'..='9', '_'..='_']),
            's' => Self::of([' '..=' ', '\t'..='\r']),
            other => Self::of([other..=other]),
        }
    }

    pub fn contains(&self, c: char) -> bool {
        self.ranges.iter().any(|range| range.contains(&c)) != self.negated
    }
}

impl fmt::Display for CharClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.negated { "not " } else { "" })?;
        for range in &self.ranges {
            write!(f, "[{}-{}]", range.start(), range.end())?;
        }
        Ok(())
    }
}

#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    Class(CharClass),
    Start,
    End,
    Concat(Vec<Node>),
    /// Two ways, of which the first is preferred.
    Alternate(Box<Node>, Box<Node>),
    /// Once or more often; the flag says whether more is preferred.
    Repeat(Box<Node>, bool),
    Group(usize, Box<Node>),
}

impl Node {
    /// The node or nothing.
    pub fn optional(self, greedy: bool) -> Self {
        let (node, empty) = (Box::new(self), Box::new(Node::Concat(Vec::new())));
        let (first, second) = if greedy { (node, empty) } else { (empty, node) };
        Node::Alternate(first, second)
    }
}
