//! Splits source lines into blocks.

use std::fmt;

use crate::document::Block;
use crate::inlines::parse_inlines;

/// A code block that opens at a line and has no end.
#[derive(Debug)]
pub struct UnclosedFence(usize);

impl fmt::Display for UnclosedFence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: code block is not closed", self.0)
    }
}

impl std::error::Error for UnclosedFence {}

pub fn parse(source: &str) -> Result<Vec<Block>, UnclosedFence> {
    let lines: Vec<&str> = source.lines().collect();
    BlockParser { lines: &lines, at: 0 }.collect()
}

/// An iterator over the blocks of some lines.
struct BlockParser<'a> {
    lines: &'a [&'a str],
    at: usize,
}

impl<'a> BlockParser<'a> {
    /// Takes lines while `take` maps them to something.
    fn take_while<T>(&mut self, take: impl Fn(&'a str) -> Option<T>) -> Vec<T> {
        let taken: Vec<T> = self.lines[self.at..].iter().map_while(|line| take(line)).collect();
        self.at += taken.len();
        taken
    }

    fn block(&mut self, first: &'a str) -> Result<Block, UnclosedFence> {
        if let Some(language) = first.strip_prefix("```") {
            return self.fence(language.trim());
        }
        if first.starts_with('#') {
            self.at += 1;
            let text = first.trim_start_matches('#');
            let level = (first.len() - text.len()).min(6);
            return Ok(Block::Heading { level, content: parse_inlines(text.trim()) });
        }
        let quoted = self.take_while(|line| line.strip_prefix('>').map(str::trim_start));
        if !quoted.is_empty() {
            return BlockParser { lines: &quoted, at: 0 }.collect::<Result<_, _>>().map(Block::Quote);
        }
        for (ordered, marker) in [(false, bullet as Marker), (true, number)] {
            let items = self.take_while(|line| marker(line).map(parse_inlines));
            if !items.is_empty() {
                return Ok(Block::List { ordered, items });
            }
        }
        let text = self.take_while(|line| Some(line.trim()).filter(|line| !starts_block(line)));
        Ok(Block::Paragraph(parse_inlines(&text.join(" "))))
    }

    fn fence(&mut self, language: &str) -> Result<Block, UnclosedFence> {
        self.at += 1;
        let line = self.at;
        let text = self.take_while(|line| Some(line).filter(|line| *line != "```"));
        if self.at == self.lines.len() {
            return Err(UnclosedFence(line));
        }
        self.at += 1;
        Ok(Block::Code { language: language.to_string(), text: text.join("\n") })
    }
}

impl Iterator for BlockParser<'_> {
    type Item = Result<Block, UnclosedFence>;

    fn next(&mut self) -> Option<Self::Item> {
        self.take_while(|line| line.trim().is_empty().then_some(()));
        let first = *self.lines.get(self.at)?;
        Some(self.block(first))
    }
}

type Marker = fn(&str) -> Option<&str>;

fn bullet(line: &str) -> Option<&str> {
    line.strip_prefix("- ")
}

fn number(line: &str) -> Option<&str> {
    let (digits, text) = line.split_once(". ")?;
    digits.chars().all(|c| c.is_ascii_digit()).then_some(text)
}

fn starts_block(line: &str) -> bool {
    line.is_empty()
        || ["```", "#", ">"].iter().any(|start| line.starts_with(start))
        || bullet(line).or(number(line)).is_some()
}
