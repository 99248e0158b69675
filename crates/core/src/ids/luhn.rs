//! The check character of Luhn (ISO/IEC 7812-1, annex B), with digits or with digits and letters.
//!
//! From the right every other character counts twice, and a product of two places counts as the sum of its places. It finds every single wrong
//! character and every swap of neighbours but that of the first and the last of the alphabet (0 and 9, 0 and Z). Source: modulus 10 is the voter's
//! card's (python-stdnum, `in_.epic`), modulus 36 the GSTIN's (python-stdnum, `in_.gstin`).

/// Whether these are characters of the first `modulus` of 0 to 9 and A to Z, of which the last one is right.
pub(super) fn is_valid(text: &str, modulus: u32) -> bool {
    let mut sum = 0_u32;
    let mut times = 1_u32;
    for byte in text.bytes().rev() {
        let Some(value) = char::from(byte).to_digit(modulus) else { return false };
        let product = value.wrapping_mul(times);
        // A product has at most two places, and the first of them is at most one.
        sum = sum.wrapping_add(if product >= modulus { product.wrapping_sub(modulus).wrapping_add(1) } else { product });
        times = 3_u32.wrapping_sub(times);
    }
    sum.is_multiple_of(modulus)
}

#[cfg(test)]
mod tests {
    use super::is_valid;

    #[test]
    fn published_numbers_are_valid() {
        assert!(is_valid("1186253", 10));
        for gstin in ["27AAPFU0939F1ZV", "37AADCB2230M2ZR", "06DELI09652G1DA", "0717UNO00157UNO", "9917SGP29001OST"] {
            assert!(is_valid(gstin, 36), "{gstin}");
        }
        assert!(!is_valid("1186263", 10) && !is_valid("27AAPFU0939F1ZO", 36));
    }

    #[test]
    fn a_character_outside_the_alphabet_is_not_valid() {
        for text in ["118625A", "118625\u{966}", "118625 ", "-1186253"] {
            assert!(!is_valid(text, 10), "{text}");
        }
    }
}
