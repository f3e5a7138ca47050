//! Parses the text of a block into inlines.

use crate::document::Inline;

pub fn parse_inlines(source: &str) -> Vec<Inline> {
    let mut out = Vec::new();
    let mut rest = source;
    while !rest.is_empty() {
        let (inline, used) = special(rest).unwrap_or_else(|| plain(rest));
        match (out.last_mut(), inline) {
            (Some(Inline::Text(before)), Inline::Text(text)) => before.push_str(&text),
            (_, inline) => out.push(inline),
        }
        rest = &rest[used..];
    }
    out
}

/// Takes everything before the next character that may start markup.
fn plain(rest: &str) -> (Inline, usize) {
    let end = rest.char_indices().skip(1).find(|(_, c)| "*`[\\".contains(*c));
    let end = end.map_or(rest.len(), |(at, _)| at);
    (Inline::Text(rest[..end].to_string()), end)
}

/// Parses markup at the start of `rest` and says how many bytes it has.
fn special(rest: &str) -> Option<(Inline, usize)> {
    if let Some(escaped) = rest.strip_prefix('\\') {
        let c = escaped.chars().next()?;
        return Some((Inline::Text(c.to_string()), 1 + c.len_utf8()));
    }
    if let Some((code, used)) = delimited(rest, "`", "`") {
        return Some((Inline::Code(code.to_string()), used));
    }
    if let Some((inner, used)) = delimited(rest, "**", "**") {
        return Some((Inline::Strong(parse_inlines(inner)), used));
    }
    if let Some((inner, used)) = delimited(rest, "*", "*") {
        return Some((Inline::Emph(parse_inlines(inner)), used));
    }
    let (label, label_used) = delimited(rest, "[", "]")?;
    let (target, target_used) = delimited(&rest[label_used..], "(", ")")?;
    let link = Inline::Link { label: parse_inlines(label), target: target.to_string() };
    Some((link, label_used + target_used))
}

fn delimited<'a>(rest: &'a str, open: &str, close: &str) -> Option<(&'a str, usize)> {
    let body = rest.strip_prefix(open)?;
    let end = body.find(close).filter(|&end| end > 0)?;
    Some((&body[..end], open.len() + end + close.len()))
}
