//! A page's tags and text in order, handed to whoever wants them.

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::{Rawtext, Rcdata, ScriptData};
use html5ever::tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};

/// How much of the page the tokeniser is given at a time.
const CHUNK_BYTES: usize = 64 << 10;
/// Most attributes of a tag: the tokeniser compares each with all before it.
const MAX_ATTRIBUTES: usize = 5_000;

/// Who takes the tokens.
pub(super) trait Listener {
    /// An element begins.
    fn start(&mut self, tag: &Tag);
    /// An end tag.
    fn end(&mut self, name: &str);
    /// Text, in pieces of any length.
    fn text(&mut self, text: &str);
    /// Whether nothing more is wanted.
    fn is_full(&self) -> bool {
        false
    }
}

struct Sink<'a, L> {
    listener: RefCell<&'a mut L>,
}

impl<L: Listener> TokenSink for Sink<'_, L> {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let Ok(mut listener) = self.listener.try_borrow_mut() else {
            return TokenSinkResult::Continue;
        };
        match token {
            Token::CharacterTokens(text) => listener.text(&text),
            Token::TagToken(tag) if tag.kind == TagKind::EndTag => listener.end(&tag.name),
            Token::TagToken(tag) => {
                listener.start(&tag);
                // `<script/>` of a page written as XML has no content; without this it would swallow the page.
                if !tag.self_closing {
                    match &*tag.name {
                        "script" => return TokenSinkResult::RawData(ScriptData),
                        "style" | "xmp" | "iframe" | "noembed" | "noframes" => {
                            return TokenSinkResult::RawData(Rawtext);
                        }
                        "title" | "textarea" => return TokenSinkResult::RawData(Rcdata),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

/// Takes the page apart.
pub(super) fn tokenise(text: &str, listener: &mut impl Listener) {
    let tokenizer = Tokenizer::new(
        Sink {
            listener: RefCell::new(listener),
        },
        TokenizerOpts::default(),
    );
    let queue = BufferQueue::default();
    let mut rest = text;
    while !rest.is_empty()
        && !tokenizer
            .sink
            .listener
            .try_borrow()
            .is_ok_and(|listener| listener.is_full())
    {
        let (chunk, after) = rest.split_at(rest.floor_char_boundary(CHUNK_BYTES));
        rest = after;
        queue.push_back(StrTendril::from_slice(chunk));
        // The tokeniser hands control back at scripts; it goes on where it stopped.
        while !queue.is_empty() {
            let _ = tokenizer.feed(&queue);
        }
    }
    tokenizer.end();
}

/// Whether a tag has more attributes than [`MAX_ATTRIBUTES`], by counting what can part them outside quotes.
pub(super) fn has_endless_tag(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'<', &bytes[at..]) {
        at += found + 1;
        let rest = &bytes[at..];
        if !rest.first().is_some_and(u8::is_ascii_alphabetic) {
            continue;
        }
        for name in ["script", "style"] {
            if rest
                .get(..name.len())
                .is_some_and(|head| head.eq_ignore_ascii_case(name.as_bytes()))
            {
                // What is in a script may look like a tag of any length.
                at += memchr::memmem::find(rest, b"</").unwrap_or(rest.len());
            }
        }
        let (length, parts) = tag_length(&bytes[at..]);
        if parts > MAX_ATTRIBUTES {
            return true;
        }
        at += length;
    }
    false
}

/// How long a tag is from behind its `<`, and how many attributes it can have at most.
fn tag_length(rest: &[u8]) -> (usize, usize) {
    let mut parts = 0;
    let mut after_equals = false;
    let mut at = 0;
    while at < rest.len() && parts <= MAX_ATTRIBUTES {
        match rest[at] {
            b'>' => break,
            quote @ (b'"' | b'\'') if after_equals => {
                at += 1 + memchr::memchr(quote, &rest[at + 1..]).unwrap_or(rest.len() - at - 1);
                parts += 1;
                after_equals = false;
            }
            b'=' => after_equals = true,
            b if b.is_ascii_whitespace() || b == b'/' => parts += usize::from(!after_equals),
            _ => after_equals = false,
        }
        at += 1;
    }
    (at.min(rest.len()), parts)
}
