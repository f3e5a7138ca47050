use std::{iter::Peekable, str::Chars};

use crate::ast::{CharClass, Node};
use crate::error::ParseError;

/// Recursive descent parser; groups are numbered by their opening parenthesis.
pub struct Parser<'p> {
    chars: Peekable<Chars<'p>>,
    groups: usize,
}

impl<'p> Parser<'p> {
    pub fn new(pattern: &'p str) -> Self {
        Parser { chars: pattern.chars().peekable(), groups: 0 }
    }

    /// Parses the whole pattern and tells how many groups it has.
    pub fn parse(mut self) -> Result<(Node, usize), ParseError> {
        let node = self.alternation()?;
        match self.chars.next() {
            Some(c) => Err(ParseError::Unexpected(c)),
            None => Ok((node, self.groups)),
        }
    }

    fn next(&mut self) -> Result<char, ParseError> {
        self.chars.next().ok_or(ParseError::UnexpectedEnd)
    }

    fn accept(&mut self, expected: char) -> bool {
        self.chars.next_if_eq(&expected).is_some()
    }

    fn alternation(&mut self) -> Result<Node, ParseError> {
        let left = self.concatenation()?;
        if !self.accept('|') {
            return Ok(left);
        }
        let right = self.alternation()?;
        Ok(Node::Alternate(Box::new(left), Box::new(right)))
    }

    fn concatenation(&mut self) -> Result<Node, ParseError> {
        let mut parts = Vec::new();
        while !matches!(self.chars.peek(), None | Some('|' | ')')) {
            parts.push(self.repetition()?);
        }
        Ok(Node::Concat(parts))
    }

    fn repetition(&mut self) -> Result<Node, ParseError> {
        let node = self.atom()?;
        let Some(quantifier) = self.chars.next_if(|c| "?*+".contains(*c)) else {
            return Ok(node);
        };
        let greedy = !self.accept('?');
        if quantifier == '?' {
            return Ok(node.optional(greedy));
        }
        let repeat = Node::Repeat(Box::new(node), greedy);
        Ok(if quantifier == '*' { repeat.optional(greedy) } else { repeat })
    }

    fn atom(&mut self) -> Result<Node, ParseError> {
        Ok(match self.next()? {
            '(' => self.group()?,
            '[' => Node::Class(self.class()?),
            '.' => Node::Class(CharClass { negated: true, ..CharClass::escape('\n') }),
            '^' => Node::Start,
            '$' => Node::End,
            '\\' => Node::Class(CharClass::escape(self.next()?)),
            c @ ('*' | '+' | '?') => return Err(ParseError::Unexpected(c)),
            c => Node::Class(CharClass::of([c..=c])),
        })
    }

    fn group(&mut self) -> Result<Node, ParseError> {
        self.groups += 1;
        let index = self.groups;
        let node = self.alternation()?;
        self.next()?;
        Ok(Node::Group(index, Box::new(node)))
    }

    fn class(&mut self) -> Result<CharClass, ParseError> {
        let negated = self.accept('^');
        let mut ranges = Vec::new();
        while !self.accept(']') {
            match self.next()? {
                '\\' => ranges.extend(CharClass::escape(self.next()?).ranges),
                from if self.accept('-') => match self.next()? {
                    to if to < from => return Err(ParseError::BadRange { from, to }),
                    to => ranges.push(from..=to),
                },
                c => ranges.push(c..=c),
            }
        }
        Ok(CharClass { ranges, negated })
    }
}
