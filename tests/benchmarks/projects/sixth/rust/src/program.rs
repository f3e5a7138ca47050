use std::fmt;

use crate::ast::{CharClass, Node};

#[derive(Debug, Clone, PartialEq)]
pub enum Inst {
    Class(CharClass),
    Start,
    End,
    /// Goes on in two places, of which the first is preferred.
    Split(usize, usize),
    Jump(usize),
    Save(usize),
    Match,
}

/// A compiled pattern; `slots` is the number of positions that it saves.
#[derive(Debug, Default)]
pub struct Program {
    pub insts: Vec<Inst>,
    pub slots: usize,
}

impl Program {
    pub fn compile(node: &Node, groups: usize) -> Self {
        let mut program = Program { slots: 2 * (groups + 1), ..Program::default() };
        program.emit_group(0, node);
        program.insts.push(Inst::Match);
        program
    }

    fn emit_group(&mut self, group: usize, node: &Node) {
        self.insts.push(Inst::Save(2 * group));
        self.emit(node);
        self.insts.push(Inst::Save(2 * group + 1));
    }

    /// Makes room for an instruction that is known later.
    fn reserve(&mut self) -> usize {
        self.insts.push(Inst::Match);
        self.insts.len() - 1
    }

    fn emit(&mut self, node: &Node) {
        match node {
            Node::Class(class) => self.insts.push(Inst::Class(class.clone())),
            Node::Start => self.insts.push(Inst::Start),
            Node::End => self.insts.push(Inst::End),
            Node::Concat(nodes) => nodes.iter().for_each(|node| self.emit(node)),
            Node::Group(index, node) => self.emit_group(*index, node),
            Node::Alternate(left, right) => {
                let split = self.reserve();
                self.emit(left);
                let jump = self.reserve();
                self.emit(right);
                self.insts[split] = Inst::Split(split + 1, jump + 1);
                self.insts[jump] = Inst::Jump(self.insts.len());
            }
            Node::Repeat(node, greedy) => {
                let again = self.insts.len();
                self.emit(node);
                let past = self.insts.len() + 1;
                let (first, second) = if *greedy { (again, past) } else { (past, again) };
                self.insts.push(Inst::Split(first, second));
            }
        }
    }
}

impl fmt::Display for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (pc, inst) in self.insts.iter().enumerate() {
            match inst {
                Inst::Class(class) => writeln!(f, "{pc:>4}  {class}"),
                other => writeln!(f, "{pc:>4}  {other:?}"),
            }?;
        }
        Ok(())
    }
}
