use super::Writer;
use crate::document::{Block, Inline, Visitor};

/// Writes plain text; the targets of links follow as notes.
#[derive(Default)]
pub struct TextWriter {
    lines: Vec<String>,
    current: String,
    links: Vec<String>,
    depth: usize,
}

impl TextWriter {
    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.current);
        self.lines.push(format!("{}{line}", "| ".repeat(self.depth)));
    }
}

impl Visitor for TextWriter {
    fn visit_block(&mut self, block: &Block) {
        match block {
            Block::Heading { .. } | Block::Paragraph(_) => {
                self.walk_block(block);
                let width = self.current.chars().count();
                self.end_line();
                if let Block::Heading { level, .. } = block {
                    self.current = if *level == 1 { "=" } else { "-" }.repeat(width);
                    self.end_line();
                }
            }
            Block::Quote(_) => {
                self.depth += 1;
                self.walk_block(block);
                self.depth -= 1;
            }
            Block::List { ordered, items } => {
                for (i, item) in items.iter().enumerate() {
                    self.current = if *ordered { format!("{}) ", i + 1) } else { "* ".into() };
                    self.visit_inlines(item);
                    self.end_line();
                }
            }
            Block::Code { text, .. } => self.lines.extend(text.lines().map(|line| format!("    {line}"))),
        }
    }

    fn visit_inline(&mut self, inline: &Inline) {
        match inline {
            Inline::Text(text) | Inline::Code(text) => self.current.push_str(text),
            Inline::Link { target, .. } => {
                self.walk_inline(inline);
                let mark = format!("[{}]", self.links.len() + 1);
                self.current.push_str(&mark);
                self.links.push(format!("{mark}: {target}"));
            }
            Inline::Emph(_) | Inline::Strong(_) => self.walk_inline(inline),
        }
    }
}

impl Writer for TextWriter {
    const NAME: &'static str = "text";

    fn finish(mut self) -> String {
        self.lines.append(&mut self.links);
        self.lines.join("\n") + "\n"
    }
}
