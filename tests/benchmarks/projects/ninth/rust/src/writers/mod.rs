//! Output formats.

mod html;
mod text;

pub use html::HtmlWriter;
pub use text::TextWriter;

use crate::document::{Block, Visitor};

/// A visitor that builds a text.
pub trait Writer: Visitor + Default {
    const NAME: &'static str;

    fn finish(self) -> String;

    fn render(blocks: &[Block]) -> String {
        let mut writer = Self::default();
        writer.visit_blocks(blocks);
        writer.finish()
    }
}
