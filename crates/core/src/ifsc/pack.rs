//! The bytes of a packed registry: its frame and the numbers and texts inside.
//!
//! The frame, little-endian: `IFSC`, format version (u32), length of the whole (u32), FNV-1a of the rest (u64; Fowler, Noll and Vo: each step
//! is a bijection, so that one changed byte always shows). Then LEB128 numbers, and texts behind their length. Bytes that were cut, changed or
//! are something else, such as a server's error page, are refused before anything is read from them; reading never panics.

/// The only format that this code reads; the registry's file is written with it.
const FORMAT: u32 = 2;

/// Why bytes are no registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// They do not begin like one.
    Foreign,
    /// They are of another format.
    Format,
    /// Some are missing, or there are too many.
    Length,
    /// Some were changed.
    Checksum,
    /// What they say cannot be.
    Content,
}

/// What the frame of a registry holds.
///
/// # Errors
/// Every [`Refusal`] but `Content`.
pub(super) fn unframed(bytes: &[u8]) -> Result<&[u8], Refusal> {
    let (magic, rest) = bytes.split_first_chunk::<4>().ok_or(Refusal::Foreign)?;
    if magic != b"IFSC" {
        return Err(Refusal::Foreign);
    }
    let (format, rest) = rest.split_first_chunk().ok_or(Refusal::Length)?;
    if u32::from_le_bytes(*format) != FORMAT {
        return Err(Refusal::Format);
    }
    let (length, rest) = rest.split_first_chunk().ok_or(Refusal::Length)?;
    let (checksum, body) = rest.split_first_chunk().ok_or(Refusal::Length)?;
    if u32::try_from(bytes.len()) != Ok(u32::from_le_bytes(*length)) {
        return Err(Refusal::Length);
    }
    if fnv1a(body) == u64::from_le_bytes(*checksum) { Ok(body) } else { Err(Refusal::Checksum) }
}

/// FNV-1a, 64 bits.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// A place in a body, from which is read what comes next; `None` where that cannot be.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'a> {
    pub(super) rest: &'a [u8],
}

impl Cursor<'_> {
    pub(super) fn number(&mut self) -> Option<u32> {
        let (&first, rest) = self.rest.split_first()?;
        self.rest = rest;
        // Nearly all are of one byte.
        if first < 0x80 { Some(u32::from(first)) } else { self.longer(u32::from(first & 0x7f)) }
    }

    /// The rest of a number of more than one byte.
    fn longer(&mut self, mut value: u32) -> Option<u32> {
        for shift in [7_u32, 14, 21, 28] {
            let (&byte, rest) = self.rest.split_first()?;
            self.rest = rest;
            if shift == 28 && byte > 0xf {
                return None;
            }
            value |= u32::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }

    /// A text of ASCII characters. (The standard library's reader of UTF-8 is larger than all the rest of this file.)
    pub(super) fn text(&mut self) -> Option<String> {
        let length = usize::try_from(self.number()?).ok()?;
        let (text, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        let mut read = String::with_capacity(length);
        for &letter in text {
            read.push(char::from(letter).is_ascii().then_some(letter.into())?);
        }
        Some(read)
    }
}
