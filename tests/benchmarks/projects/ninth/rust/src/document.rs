//! The tree of a document and the visitor over it.

#[derive(Debug, Clone, PartialEq)]
pub enum Inline {
    Text(String),
    Code(String),
    Emph(Vec<Inline>),
    Strong(Vec<Inline>),
    Link { label: Vec<Inline>, target: String },
}

#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    Heading { level: usize, content: Vec<Inline> },
    Paragraph(Vec<Inline>),
    Quote(Vec<Block>),
    List { ordered: bool, items: Vec<Vec<Inline>> },
    Code { language: String, text: String },
}

/// Visits a tree; the `walk` methods go on to the children.
pub trait Visitor {
    fn visit_block(&mut self, block: &Block) {
        self.walk_block(block);
    }

    fn visit_inline(&mut self, inline: &Inline);

    fn visit_blocks(&mut self, blocks: &[Block]) {
        blocks.iter().for_each(|block| self.visit_block(block));
    }

    fn visit_inlines(&mut self, inlines: &[Inline]) {
        inlines.iter().for_each(|inline| self.visit_inline(inline));
    }

    fn walk_block(&mut self, block: &Block) {
        match block {
            Block::Heading { content, .. } | Block::Paragraph(content) => self.visit_inlines(content),
            Block::Quote(blocks) => self.visit_blocks(blocks),
            Block::List { items, .. } => items.iter().for_each(|item| self.visit_inlines(item)),
            Block::Code { .. } => {}
        }
    }

    fn walk_inline(&mut self, inline: &Inline) {
        match inline {
            Inline::Emph(content) | Inline::Strong(content) => self.visit_inlines(content),
            Inline::Link { label, .. } => self.visit_inlines(label),
            Inline::Text(_) | Inline::Code(_) => {}
        }
    }
}
