//! Converts a sample document and prints the results.

mod blocks;
mod document;
mod inlines;
mod writers;

use document::{Block, Inline, Visitor};
use writers::{HtmlWriter, TextWriter, Writer};

const SAMPLE: &str = r#"# Field notes on *ferns*

Ferns grow in **damp & shady** places, see
[the *old* guide](https://example.org/ferns). Use \*stars\* and `a < b`.
> Never water at noon.
>
> 1. Look
> 2. Wait

## Steps
- Find a `spot`
- Dig **20 *cm* deep** holes
```sh
grow --fern "royal" \
  && echo <done>
```
### Open * ends [here
"#;

/// Counts words.
#[derive(Default)]
struct WordCount(usize);

impl Visitor for WordCount {
    fn visit_inline(&mut self, inline: &Inline) {
        if let Inline::Text(text) | Inline::Code(text) = inline {
            self.0 += text.split_whitespace().count();
        }
        self.walk_inline(inline);
    }
}

fn show<W: Writer>(document: &[Block]) {
    println!("== {}\n{}", W::NAME, W::render(document));
}

fn main() -> Result<(), blocks::UnclosedFence> {
    let document = blocks::parse(SAMPLE)?;
    show::<HtmlWriter>(&document);
    show::<TextWriter>(&document);

    let mut count = WordCount::default();
    count.visit_blocks(&document);
    println!("{} words", count.0);
    for source in ["fine", "text\n\n```\nopen", "> 1\n2. two"] {
        match blocks::parse(source) {
            Ok(document) => println!("ok: {document:?}"),
            Err(error) => println!("error: {error}"),
        }
    }
    Ok(())
}
