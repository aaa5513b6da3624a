//! What comes next in a row of chunks.

use crate::domain::interpret::catalogue::Mentions;
use crate::domain::interpret::chunks::{Chunk, What};
use crate::domain::interpret::ideas::{Idea, Ideas};

/// Whether the chunk ends a part of a sentence.
pub fn parts(what: &What) -> bool {
    matches!(what, What::Comma | What::And | What::Or | What::Stop)
}

/// Chunks that say nothing about items.
fn passes(what: &What) -> bool {
    match what {
        What::Word(ideas) => !ideas.any(&[
            Idea::Correct,
            Idea::NotAfter,
            Idea::NotBefore,
            Idea::Except,
            Idea::Nahi,
            Idea::MakeIt,
        ]),
        What::Noise | What::Money(_) => true,
        _ => false,
    }
}

/// The next chunk of the same part of the sentence that says something about items.
pub fn next(chunks: &[Chunk], at: usize) -> Option<(usize, &What)> {
    let rest = chunks.iter().enumerate().skip(at + 1);
    let mut rest = rest.take_while(|(_, c)| !parts(&c.what));
    rest.find(|(_, c)| !passes(&c.what)).map(|(i, c)| (i, &c.what))
}

/// The next one anywhere in the message.
pub fn next_anywhere(chunks: &[Chunk], at: usize) -> Option<(usize, &What)> {
    let rest = chunks.iter().enumerate().skip(at + 1);
    let mut rest = rest.filter(|(_, c)| !parts(&c.what));
    rest.find(|(_, c)| !passes(&c.what)).map(|(i, c)| (i, &c.what))
}

/// Whether the next thing in this part is a product, after words that narrow.
pub fn product_follows(chunks: &[Chunk], at: usize) -> Option<usize> {
    let mut from = at;
    loop {
        match next(chunks, from)? {
            (i, What::Product(_) | What::Code) => return Some(i),
            (i, What::Narrow(_) | What::Size(..) | What::Loose) => from = i,
            _ => return None,
        }
    }
}

/// Whether a quantity follows that belongs to the chunk here, before another product.
pub fn quantity_follows(chunks: &[Chunk], at: usize) -> bool {
    let mut from = at;
    loop {
        match next(chunks, from) {
            // "200 gram wali" describes, and counts nothing
            Some((i, What::Quantity(q))) if q.measures() && q.describes => from = i,
            Some((_, What::Quantity(_))) => return true,
            Some((i, What::Narrow(_) | What::Size(..) | What::Loose | What::Unit(_) | What::Unknown)) => {
                from = i
            }
            _ => return false,
        }
    }
}

/// Products that both a list and a mention name.
pub fn shared(mentions: &Mentions, list: &[u32], mention: usize) -> bool {
    let other = &mentions.mentions[mention].products;
    list.iter().any(|p| other.binary_search(p).is_ok())
}

/// The ideas of a chunk.
pub fn ideas(what: &What) -> Ideas {
    match what {
        What::Word(ideas) => *ideas,
        _ => Ideas::default(),
    }
}
