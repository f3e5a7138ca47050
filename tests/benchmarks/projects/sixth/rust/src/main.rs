mod ast;
mod error;
mod parser;
mod program;
mod regex;
mod vm;

use error::ParseError;
use regex::Regex;

const CASES: [(&str, &str); 6] = [
    (r"(\w+)@(\w+)\.(com|org)", "ann@site.org, bob@corp.com; x@y.net"),
    (r"\d+(\.\d+)?", "3 apples, 2.50 each, 10% off"),
    (r"<.+?>", "<b>bold</b>"),
    (r"[a-c\s]*$", "abcd cab"),
    (r"a*", "baaé"),
    (r"(a|ab)(c|bcd)", "abcd ac"),
];

fn report(pattern: &str, text: &str) -> Result<(), ParseError> {
    let regex: Regex = pattern.parse()?;
    println!("/{pattern}/ on {text:?}");
    for captures in regex.find_iter(text) {
        let (start, end) = captures.span(0).unwrap_or_default();
        let groups: Vec<&str> = (0..captures.len()).map(|group| &captures[group]).collect();
        println!("  {start}..{end} {groups:?}");
    }
    Ok(())
}

fn main() -> Result<(), ParseError> {
    for (pattern, text) in CASES {
        report(pattern, text)?;
    }

    let regex: Regex = "^(a|[^b-d])+?x?$".parse()?;
    println!("\nprogram with {} slots:\n{}", regex.program.slots, regex.program);

    for pattern in ["(ab", "ab)", "+a", "[a-", "[z-a]", "a\\"] {
        if let Err(error) = report(pattern, "") {
            println!("/{pattern}/: {error}");
        }
    }
    Ok(())
}
