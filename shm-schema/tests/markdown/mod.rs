//! Fenced blocks of a Markdown text.

/// What stands between a line of three backticks and the next.
#[derive(Debug, Clone)]
pub(crate) struct Block {
    /// What stands behind the opening backticks, such as `yaml`.
    pub(crate) language: String,
    pub(crate) text: String,
}

/// In the order of the text.
pub(crate) fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    for line in text.lines() {
        match (line.strip_prefix("```"), &mut open) {
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (Some(language), None) => {
                open = Some(Block {
                    language: language.to_owned(),
                    text: String::new(),
                });
            }
            (None, Some(block)) => {
                block.text.push_str(line);
                block.text.push('\n');
            }
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a block that is never closed");
    blocks
}
