//! What masking hides and leaves alone, over invented texts as people write them. `corpus/masking/learned.jsonl` was read while
//! the rules were written and teaches the tagger; of `held.jsonl`, by writers who had not seen the program, only totals were.
//!
//! A secret counts as hidden when it stands nowhere in the masked text, nor, for seven digits and more, its digits in any
//! spelling. Precision: texts with something to hide among all that were changed.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

use serde_json::Value;

struct Figures {
    texts: usize,
    harmless: usize,
    recall: f64,
    kept: f64,
    precision: f64,
}

fn figures(corpus: &str) -> Figures {
    let [mut secrets, mut hidden, mut stay, mut kept, mut changed, mut rightly, mut texts, mut harmless] = [0_usize; 8];
    for line in corpus.lines() {
        let row: Value = serde_json::from_str(line).unwrap();
        let pieces = |field: &str| -> Vec<String> {
            row[field].as_array().into_iter().flatten().map(|piece| piece.as_str().unwrap().to_owned()).collect()
        };
        let text = row["text"].as_str().unwrap();
        let masked = huiyin_text::prepare(text);
        let (hide, keep) = (pieces("hide"), pieces("keep"));
        texts += 1;
        harmless += usize::from(hide.is_empty());
        secrets += hide.len();
        hidden += hide.iter().filter(|secret| is_hidden(secret, &masked)).count();
        stay += keep.len();
        kept += keep.iter().filter(|piece| masked.contains(&huiyin_text::normalise(piece))).count();
        if huiyin_text::PLACEHOLDERS.iter().any(|token| masked.contains(token) && *token != huiyin_text::LINK) {
            changed += 1;
            rightly += usize::from(!hide.is_empty());
        }
    }
    let share = |part: usize, of: usize| part as f64 / of.max(1) as f64;
    let (recall, precision) = (share(hidden, secrets), share(rightly, changed));
    Figures { texts, harmless, recall, kept: share(kept, stay), precision }
}

fn is_hidden(secret: &str, masked: &str) -> bool {
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let number = secret.len() >= 7 && secret.bytes().all(|byte| byte.is_ascii_digit());
    let stands = masked.contains(secret) || masked.contains(&huiyin_text::normalise(secret));
    !(stands || number && digits(masked).contains(secret))
}

#[test]
fn what_leads_to_a_person_is_hidden_and_the_rest_stays() {
    let parts = [
        ("learned", include_str!("../corpus/masking/learned.jsonl"), 0.92, 0.96),
        ("held", include_str!("../corpus/masking/held.jsonl"), 0.90, 0.95),
    ];
    for (part, corpus, recall_min, precision_min) in parts {
        let Figures { texts, harmless, recall, kept, precision } = figures(corpus);
        println!(
            "{part}: {texts} texts, {harmless} harmless; recall {recall:.4}, kept {kept:.4}, precision {precision:.4}"
        );
        assert!(texts >= 500 && harmless * 5 >= texts, "{part}: {texts} texts, {harmless} harmless");
        assert!(recall >= recall_min, "{part}: recall {recall:.4}");
        assert!(kept >= 0.97, "{part}: kept {kept:.4}");
        assert!(precision >= precision_min, "{part}: precision {precision:.4}");
    }
}
