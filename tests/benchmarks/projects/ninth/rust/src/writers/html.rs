use super::Writer;
use crate::document::{Block, Inline, Visitor};

#[derive(Default)]
pub struct HtmlWriter {
    out: String,
}

impl HtmlWriter {
    fn element(&mut self, tag: &str, content: impl FnOnce(&mut Self)) {
        self.out.push_str(&format!("<{tag}>"));
        content(self);
        let name = tag.split(' ').next().unwrap_or(tag);
        self.out.push_str(&format!("</{name}>"));
    }

    fn escaped(&mut self, text: &str) {
        self.out += &text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
    }
}

impl Visitor for HtmlWriter {
    fn visit_block(&mut self, block: &Block) {
        match block {
            Block::Heading { level, .. } => self.element(&format!("h{level}"), |w| w.walk_block(block)),
            Block::Paragraph(_) => self.element("p", |w| w.walk_block(block)),
            Block::Quote(_) => self.element("blockquote", |w| w.walk_block(block)),
            Block::List { ordered, items } => self.element(if *ordered { "ol" } else { "ul" }, |w| {
                for item in items {
                    w.element("li", |w| w.visit_inlines(item));
                }
            }),
            Block::Code { language, text } => {
                self.element(&format!("pre class=\"{language}\""), |w| w.escaped(text));
            }
        }
        self.out.push('\n');
    }

    fn visit_inline(&mut self, inline: &Inline) {
        match inline {
            Inline::Text(text) => self.escaped(text),
            Inline::Code(code) => self.element("code", |w| w.escaped(code)),
            Inline::Emph(_) => self.element("em", |w| w.walk_inline(inline)),
            Inline::Strong(_) => self.element("strong", |w| w.walk_inline(inline)),
            Inline::Link { target, .. } => {
                self.element(&format!("a href=\"{target}\""), |w| w.walk_inline(inline));
            }
        }
    }
}

impl Writer for HtmlWriter {
    const NAME: &'static str = "html";

    fn finish(self) -> String {
        self.out
    }
}
