//! The two ways texts are cut for the index.

use huiyin_text::Segmenter;
use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

/// Words as the segmenter cuts them, in lower case, without punctuation.
#[derive(Clone)]
pub(crate) struct Words(pub(crate) Segmenter);

/// Letters and digits of every script one by one, in lower case. The position is that of the character in the text, so a
/// phrase is found only where its characters stand together.
#[derive(Clone)]
pub(crate) struct Characters;

/// Tokens made beforehand; the first is not yet reached.
pub(crate) struct Ready {
    tokens: std::vec::IntoIter<Token>,
    current: Token,
}

impl Tokenizer for Words {
    type TokenStream<'a> = Ready;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Ready {
        let words = self.0.cut(text).into_iter().filter(|word| word.text.chars().any(is_indexed));
        let token = |(position, word): (usize, huiyin_text::Token<'_>)| Token {
            offset_from: word.start,
            offset_to: word.start + word.text.len(),
            position,
            text: lower(word.text),
            position_length: 1,
        };
        Ready::new(words.enumerate().map(token).collect())
    }
}

impl Tokenizer for Characters {
    type TokenStream<'a> = Ready;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Ready {
        let letters = text.char_indices().enumerate().filter(|(_, (_, letter))| is_indexed(*letter));
        let token = |(position, (start, letter)): (usize, (usize, char))| Token {
            offset_from: start,
            offset_to: start + letter.len_utf8(),
            position,
            text: fold(letter).to_string(),
            position_length: 1,
        };
        Ready::new(letters.map(token).collect())
    }
}

impl Ready {
    fn new(tokens: Vec<Token>) -> Ready {
        Ready { tokens: tokens.into_iter(), current: Token::default() }
    }
}

impl TokenStream for Ready {
    fn advance(&mut self) -> bool {
        match self.tokens.next() {
            Some(token) => {
                self.current = token;
                true
            }
            None => false,
        }
    }

    fn token(&self) -> &Token {
        &self.current
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.current
    }
}

/// Characters that can be searched for; all others only stand between them.
pub(crate) fn is_indexed(letter: char) -> bool {
    letter.is_alphanumeric()
}

/// Lower case, one character for one.
pub(crate) fn fold(letter: char) -> char {
    letter.to_lowercase().next().unwrap_or(letter)
}

/// Lower case of a word, character by character.
pub(crate) fn lower(word: &str) -> String {
    word.chars().map(fold).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(tokenizer: &mut impl Tokenizer, text: &str) -> Vec<(usize, String)> {
        let mut stream = tokenizer.token_stream(text);
        let mut tokens = Vec::new();
        while stream.advance() {
            tokens.push((stream.token().position, stream.token().text.clone()));
        }
        tokens
    }

    #[test]
    fn cuts_words_and_characters() {
        let words = tokens(&mut Words(crate::segmenter()), "小区停水, A7栋");
        assert_eq!(words.iter().map(|(_, word)| word.as_str()).collect::<Vec<_>>(), ["小区", "停水", "a7", "栋"]);
        let letters = tokens(&mut Characters, "停, Aç〔2〕");
        let expected = [(0, "停"), (3, "a"), (4, "ç"), (6, "2")].map(|(at, text)| (at, text.to_owned()));
        assert_eq!(letters, expected);
        assert!(tokens(&mut Characters, "，。 \n").is_empty());
    }
}
