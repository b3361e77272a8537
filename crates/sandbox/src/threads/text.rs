//! How Threads counts: posts, "Limitations" and "Links".

use std::collections::BTreeSet;

use unicode_segmentation::UnicodeSegmentation;

/// Characters: "emojis are counted as the number of UTF-8 bytes".
pub(super) fn length(text: &str) -> usize {
    text.graphemes(true)
        .map(|cluster| {
            if is_emoji(cluster) {
                cluster.len()
            } else {
                cluster.chars().count()
            }
        })
        .sum()
}

fn is_emoji(cluster: &str) -> bool {
    cluster.chars().any(
        |c| matches!(u32::from(c), 0x1f000..=0x1faff | 0x2600..=0x27bf | 0x2b00..=0x2bff | 0xfe0f),
    )
}

/// The different links of a post, that of its preview among them.
pub(super) fn links(text: &str, attached: Option<&str>) -> usize {
    let in_text = text.split_whitespace().filter(|word| {
        ["http://", "https://", "www."]
            .iter()
            .any(|start| word.starts_with(start))
    });
    in_text.chain(attached).collect::<BTreeSet<_>>().len()
}
