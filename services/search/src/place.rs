//! What lies in what, by the code alone: older places and those no catalogue knows are found as well.

use huiyin_domain::PlaceCode;

/// The place and those above it: itself last, the province first. Codes of GB/T 2260 (`360102`), statistical ones below
/// (`360102003`), and ours (`X` and the code of the place it lies in, and two digits).
pub fn with_ancestors(place: &PlaceCode) -> Vec<PlaceCode> {
    let mut places = Vec::new();
    let digits: Vec<char> = place.as_str().chars().skip_while(|one| *one == 'X').collect();
    if digits.len() >= 6 && digits.iter().all(char::is_ascii_digit) {
        for (length, zeros) in [(2, "0000"), (4, "00"), (6, "")] {
            let head: String = digits.iter().take(length).collect();
            let above = PlaceCode::new(head + zeros);
            if above != *place && !places.contains(&above) {
                places.push(above);
            }
        }
    }
    places.push(place.clone());
    places
}

/// Of the place and those above it the ones worth counting by: prefectures, counties and zones.
pub fn areas(place: &PlaceCode) -> Vec<PlaceCode> {
    let is_area = |code: &str| {
        let digits = code.strip_prefix('X').unwrap_or(code);
        let length = if digits.len() < code.len() { 8 } else { 6 };
        digits.len() == length && digits.bytes().all(|one| one.is_ascii_digit()) && !digits.ends_with("0000")
    };
    with_ancestors(place).into_iter().filter(|one| is_area(one.as_str())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_tell_what_lies_in_what() {
        for (code, all, counted) in [
            ("990000", &["990000"][..], &[][..]),
            ("990100", &["990000", "990100"], &["990100"]),
            ("990102", &["990000", "990100", "990102"], &["990100", "990102"]),
            ("990102003", &["990000", "990100", "990102", "990102003"], &["990100", "990102"]),
            ("X99010001", &["990000", "990100", "X99010001"], &["990100", "X99010001"]),
            ("X99010201", &["990000", "990100", "990102", "X99010201"], &["990100", "990102", "X99010201"]),
            ("某地", &["某地"], &[]),
            ("", &[""], &[]),
        ] {
            let texts = |places: Vec<PlaceCode>| places.iter().map(ToString::to_string).collect::<Vec<_>>();
            let place = PlaceCode::new(code);
            assert_eq!(texts(with_ancestors(&place)), all, "{code}");
            assert_eq!(texts(areas(&place)), counted, "{code}");
        }
    }
}
