use std::{ops::Index, str::FromStr};

use crate::vm::{Slots, Vm};
use crate::{error::ParseError, parser::Parser, program::Program};

/// A pattern that is ready to be matched.
pub struct Regex {
    pub program: Program,
}

impl FromStr for Regex {
    type Err = ParseError;

    fn from_str(pattern: &str) -> Result<Self, ParseError> {
        let (node, groups) = Parser::new(pattern).parse()?;
        Ok(Regex { program: Program::compile(&node, groups) })
    }
}

impl Regex {
    /// Iterates over the matches from left to right; they do not overlap.
    pub fn find_iter<'t>(&'t self, text: &'t str) -> Matches<'t> {
        Matches { vm: Vm { program: &self.program, text }, from: 0 }
    }
}

/// A match; index 0 is all of it and the others are its groups.
pub struct Captures<'t> {
    text: &'t str,
    slots: Slots,
}

impl Captures<'_> {
    pub fn len(&self) -> usize {
        self.slots.len() / 2
    }

    pub fn span(&self, group: usize) -> Option<(usize, usize)> {
        self.slots[2 * group].zip(self.slots[2 * group + 1])
    }
}

impl Index<usize> for Captures<'_> {
    type Output = str;

    /// The text of a group, which is empty if the group took no part.
    fn index(&self, group: usize) -> &str {
        self.span(group).map_or("", |(start, end)| &self.text[start..end])
    }
}

pub struct Matches<'t> {
    vm: Vm<'t>,
    from: usize,
}

impl<'t> Iterator for Matches<'t> {
    type Item = Captures<'t>;

    fn next(&mut self) -> Option<Self::Item> {
        let text = self.vm.text;
        let captures = Captures { text, slots: self.vm.search(self.from)? };
        let (start, end) = captures.span(0)?;
        let skip = text[end..].chars().next().map_or(1, char::len_utf8);
        self.from = if start == end { end + skip } else { end };
        Some(captures)
    }
}
