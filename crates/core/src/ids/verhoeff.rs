//! The check digit of Verhoeff (1969), the last digit of an Aadhaar number: it finds every single wrong digit and every swap of neighbours.
//!
//! The two tables are the multiplication of the dihedral group of the pentagon and the powers of one permutation. It proves nothing about who
//! has the number. Source: UIDAI's numbering scheme; J. Verhoeff, Error Detecting Decimal Codes.

const PRODUCT: [[u8; 10]; 10] = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    [1, 2, 3, 4, 0, 6, 7, 8, 9, 5],
    [2, 3, 4, 0, 1, 7, 8, 9, 5, 6],
    [3, 4, 0, 1, 2, 8, 9, 5, 6, 7],
    [4, 0, 1, 2, 3, 9, 5, 6, 7, 8],
    [5, 9, 8, 7, 6, 0, 4, 3, 2, 1],
    [6, 5, 9, 8, 7, 1, 0, 4, 3, 2],
    [7, 6, 5, 9, 8, 2, 1, 0, 4, 3],
    [8, 7, 6, 5, 9, 3, 2, 1, 0, 4],
    [9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
];

const PERMUTED: [[u8; 10]; 8] = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    [1, 5, 7, 6, 2, 8, 3, 0, 9, 4],
    [5, 8, 0, 3, 7, 9, 6, 1, 4, 2],
    [8, 9, 1, 6, 0, 4, 3, 5, 2, 7],
    [9, 4, 5, 3, 1, 2, 6, 8, 7, 0],
    [4, 2, 8, 6, 5, 7, 3, 9, 0, 1],
    [2, 7, 9, 3, 8, 0, 6, 4, 1, 5],
    [7, 0, 4, 6, 9, 1, 3, 2, 5, 8],
];

/// Whether these are ASCII digits of which the last one is right.
pub(super) fn is_valid(digits: &str) -> bool {
    let check = digits.bytes().rev().zip(PERMUTED.iter().cycle()).try_fold(0, |check, (byte, permuted)| step(check, byte, permuted));
    !digits.is_empty() && check == Some(0)
}

fn step(check: u8, byte: u8, permuted: &[u8; 10]) -> Option<u8> {
    let digit = byte.checked_sub(b'0')?;
    let permuted = *permuted.get(usize::from(digit))?;
    PRODUCT.get(usize::from(check))?.get(usize::from(permuted)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_test_numbers_are_valid_and_no_single_wrong_digit_is() {
        for number in ["234123412346", "999941057058", "999971658847", "2341234123412341"] {
            assert!(is_valid(number), "{number}");
            for (place, digit) in number.char_indices() {
                for wrong in ('0'..='9').filter(|wrong| *wrong != digit) {
                    let mut changed = number.to_owned();
                    changed.replace_range(place..=place, &wrong.to_string());
                    assert!(!is_valid(&changed), "{changed}");
                }
            }
        }
        for text in ["", "a", "23412341234६", "234123412345"] {
            assert!(!is_valid(text), "{text}");
        }
    }
}
