//! Canonical texts, written while rustc compiles.
//!
//! A type's text must be a constant, because its fingerprint is one. `format!`
//! does not run there, so this is the little of it that texts need.

use crate::fingerprint::Fingerprint;
use crate::layout::{FieldShape, Section, Shape, SharedField};

/// First line of each canonical text: the version of their grammar.
pub(crate) const TAG: &str = "shm-layout/1\n";

/// Text in a buffer of `CAP` bytes.
///
/// What does not fit is counted and dropped, so that `Text<0>` measures what a
/// second pass then writes.
#[derive(Clone, Copy)]
pub struct Text<const CAP: usize> {
    bytes: [u8; CAP],
    len: usize,
}

impl<const CAP: usize> Text<CAP> {
    /// No text yet.
    pub const EMPTY: Self = Self {
        bytes: [0; CAP],
        len: 0,
    };

    /// With `text` at its end.
    pub const fn push(mut self, text: &str) -> Self {
        self.write(text);
        self
    }

    /// With `number` in decimal at its end.
    pub const fn number(mut self, number: i128) -> Self {
        self.write_number(number);
        self
    }

    /// With `fingerprint` in lower hex at its end.
    pub const fn hex(mut self, fingerprint: &Fingerprint) -> Self {
        let mut digits = [0; 64];
        let mut i = 0;
        while i < 64 {
            let nibble = (fingerprint.0[i / 2] >> (4 * (1 - i % 2))) & 0xf;
            digits[i] = b"0123456789abcdef"[nibble as usize];
            i += 1;
        }
        self.write_bytes(&digits);
        self
    }

    // By reference, for texts so long that moving them by each call of a
    // chain would be most of the work.

    const fn write(&mut self, text: &str) {
        self.write_bytes(text.as_bytes());
    }

    /// Byte by byte, and with nothing else looked at: a call costs rustc's
    /// interpreter as much as some ten operations, and what the standard
    /// library has for this is many calls deep.
    const fn write_bytes(&mut self, text: &[u8]) {
        let (start, len) = (self.len, text.len());
        let mut i = 0;
        // No look at a byte of a text that is only measured.
        while CAP > 0 && i < len && start + i < CAP {
            self.bytes[start + i] = text[i];
            i += 1;
        }
        self.len = start + len;
    }

    const fn write_number(&mut self, number: i128) {
        if number < 0 {
            self.write("-");
        }
        let mut digits = [0; 39];
        let mut rest = number.unsigned_abs();
        let mut first = digits.len();
        loop {
            first -= 1;
            digits[first] = b'0' + (rest % 10) as u8;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        self.write_bytes(digits.split_at(first).1);
    }

    /// ` [3,4]`, or nothing when there are no dims.
    const fn write_dims(&mut self, dims: &[usize]) {
        let mut i = 0;
        while i < dims.len() {
            self.write(if i == 0 { " [" } else { "," });
            self.write_number(dims[i] as i128);
            i += 1;
        }
        if i > 0 {
            self.write("]");
        }
    }

    /// Bytes pushed, those past the end included.
    pub const fn measure(&self) -> usize {
        self.len
    }

    /// The text.
    ///
    /// # Panics
    ///
    /// In a constant, when the text did not fit.
    pub const fn as_str(&self) -> &str {
        assert!(self.len <= CAP, "a canonical text is longer than measured");
        utf8(self.bytes.split_at(self.len).0)
    }
}

/// How a field names a type that has a text of its own.
///
/// `kind` is `enum:`, `flags:` or `struct:`.
pub const fn named<const CAP: usize>(
    kind: &str,
    name: &str,
    fingerprint: &Fingerprint,
) -> Text<CAP> {
    Text::EMPTY.push(kind).push(name).push(":").hex(fingerprint)
}

/// The text of a struct.
pub const fn of_struct<const CAP: usize>(
    name: &str,
    size: usize,
    align: usize,
    fields: &[FieldShape],
) -> Text<CAP> {
    let mut text = Text::EMPTY
        .push(TAG)
        .push("struct ")
        .push(name)
        .push(" ")
        .number(size as i128)
        .push(" ")
        .number(align as i128)
        .push("\n");
    let mut i = 0;
    while i < fields.len() {
        let field = &fields[i];
        if !field.shape.is_gap() {
            text.write(field.name);
            text.write(" ");
            text.write(field.shape.element);
            text.write_dims(field.shape.dims);
            text.write(" @");
            text.write_number(field.offset as i128);
            text.write(" +");
            text.write_number(field.size as i128);
            text.write("\n");
        }
        i += 1;
    }
    text
}

/// The text of an enum: its name, integer type and named values.
pub const fn of_enum<const CAP: usize>(
    name: &str,
    repr: &str,
    values: &[(&str, i128)],
) -> Text<CAP> {
    with_values(Text::EMPTY.push(TAG).push("enum "), name, repr, values)
}

/// The text of a set of flags: its name, integer type and numbered bits.
pub const fn of_flags<const CAP: usize>(
    name: &str,
    repr: &str,
    bits: &[(&str, i128)],
) -> Text<CAP> {
    with_values(Text::EMPTY.push(TAG).push("flags "), name, repr, bits)
}

const fn with_values<const CAP: usize>(
    start: Text<CAP>,
    name: &str,
    repr: &str,
    values: &[(&str, i128)],
) -> Text<CAP> {
    let mut text = start.push(name).push(" ").push(repr).push("\n");
    let mut i = 0;
    while i < values.len() {
        let (name, value) = values[i];
        text.write(name);
        text.write("=");
        text.write_number(value);
        text.write("\n");
        i += 1;
    }
    text
}

/// How many of the fields are of a named type.
pub const fn part_count(fields: &[FieldShape]) -> usize {
    let mut count = 0;
    let mut i = 0;
    while i < fields.len() {
        if fields[i].shape.section.is_some() {
            count += 1;
        }
        i += 1;
    }
    count
}

/// The named types of the fields, in declared order, one an occurrence.
pub const fn parts<const COUNT: usize>(fields: &[FieldShape]) -> [&'static Section; COUNT] {
    let mut parts = [&Section::EMPTY; COUNT];
    let (mut count, mut i) = (0, 0);
    while count < COUNT {
        if let Some(section) = fields[i].shape.section {
            parts[count] = section;
            count += 1;
        }
        i += 1;
    }
    parts
}

/// Ends a constant with `<before><number><after>`, which is no longer than
/// `ROOM`.
///
/// # Panics
///
/// Always.
#[track_caller]
pub const fn wrong_number<const ROOM: usize>(before: &str, number: usize, after: &str) -> ! {
    let message = Text::<ROOM>::EMPTY
        .push(before)
        .number(number as i128)
        .push(after);
    panic!("{}", message.as_str())
}

/// An identifier as a schema spells it: without Rust's `r#`.
pub const fn spelled(ident: &'static str) -> &'static str {
    match ident.as_bytes() {
        [b'r', b'#', name @ ..] => utf8(name),
        _ => ident,
    }
}

/// Whether a field's type is what the derive predicts: all that a line of a
/// canonical text says but for its place. An empty `element` is of bytes that
/// have no line.
pub const fn is_predicted<T: SharedField>(element: &str, dims: &[usize], size: usize) -> bool {
    let is_gap = element.is_empty() && T::SHAPE.is_gap();
    size_of::<T>() == size && (is_gap || shape_is(&T::SHAPE, element, dims))
}

/// Whether `T` is the integer that macros call `name`, and no other type of
/// that name.
pub const fn is_integer<T: SharedField>(name: &str) -> bool {
    let mut i = 0;
    while i < INTEGERS.len() {
        if shape_is(&T::SHAPE, INTEGERS[i], &[]) && shape_is(&T::SHAPE, name, &[]) {
            return true;
        }
        i += 1;
    }
    false
}

/// What an enum and a set of flags can be kept in.
const INTEGERS: [&str; 8] = ["u8", "u16", "u32", "u64", "i8", "i16", "i32", "i64"];

/// Whether each field ends before the next one begins.
pub const fn are_in_order(fields: &[FieldShape]) -> bool {
    let mut i = 1;
    while i < fields.len() && fields[i - 1].offset + fields[i - 1].size <= fields[i].offset {
        i += 1;
    }
    i >= fields.len()
}

/// `==` for constants.
pub const fn are_equal(numbers: &[usize], others: &[usize]) -> bool {
    let mut i = 0;
    while i < numbers.len() && i < others.len() && numbers[i] == others[i] {
        i += 1;
    }
    i == numbers.len() && i == others.len()
}

/// Whether a field has the type that a schema gives it.
pub const fn shape_is(shape: &Shape, element: &str, dims: &[usize]) -> bool {
    shape.element.len() == element.len() && shape_starts(shape, element, dims)
}

/// Whether a field's type starts like `element` and has these dims: a named
/// type without its fingerprint.
pub const fn shape_starts(shape: &Shape, element: &str, dims: &[usize]) -> bool {
    let start = match shape.element.as_bytes().split_at_checked(element.len()) {
        Some((start, _)) => start,
        None => return false,
    };
    let mut i = 0;
    while i < start.len() {
        if start[i] != element.as_bytes()[i] {
            return false;
        }
        i += 1;
    }
    let mut i = 0;
    while i < dims.len() && i < shape.dims.len() && dims[i] == shape.dims[i] {
        i += 1;
    }
    i == dims.len() && i == shape.dims.len()
}

const fn utf8(bytes: &[u8]) -> &str {
    match core::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(_) => panic!("canonical texts are made of whole strings"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_in_decimal() {
        for number in [0, 7, 10, -1, i128::from(u64::MAX), i128::MIN] {
            assert_eq!(
                Text::<64>::EMPTY.number(number).as_str(),
                number.to_string()
            );
        }
    }

    #[test]
    fn hex_is_what_display_prints() {
        let fingerprint = Fingerprint::of(b"abc");
        assert_eq!(
            Text::<64>::EMPTY.hex(&fingerprint).as_str(),
            fingerprint.to_string()
        );
    }

    #[test]
    fn a_text_without_room_is_measured() {
        assert_eq!(Text::<0>::EMPTY.push("four").number(-17).measure(), 7);
    }

    #[test]
    fn a_prediction_is_right_only_in_all_of_its_parts() {
        assert!(is_predicted::<[u32; 3]>("u32", &[3], 12));
        assert!(!is_predicted::<[u32; 3]>("i32", &[3], 12));
        assert!(!is_predicted::<[u32; 3]>("u32", &[], 12));
        assert!(!is_predicted::<[u32; 3]>("u32", &[3], 16));
        assert!(is_predicted::<crate::Pad<4>>("", &[], 4));
        assert!(!is_predicted::<crate::Pad<4>>("", &[], 8));
        assert!(!is_predicted::<u32>("", &[], 4));

        assert!(are_equal(&[0, 4], &[0, 4]));
        for others in [&[][..], &[0], &[0, 8], &[0, 4, 8]] {
            assert!(!are_equal(&[0, 4], others));
        }
    }

    #[test]
    fn an_integer_is_one_by_its_own_name() {
        assert!(is_integer::<u8>("u8") && is_integer::<i64>("i64"));
        assert!(!is_integer::<u8>("u16") && !is_integer::<u8>("Small"));
        assert!(!is_integer::<bool>("bool") && !is_integer::<f32>("f32"));
        assert!(!is_integer::<[u8; 1]>("u8"));
    }

    #[test]
    fn fields_are_in_order_when_each_ends_before_the_next() {
        let fields = |places: [(usize, usize); 3]| {
            places.map(|(offset, size)| FieldShape {
                name: "",
                shape: Shape::of("u8"),
                offset,
                size,
            })
        };
        assert!(are_in_order(&fields([(0, 1), (1, 2), (8, 8)])));
        assert!(!are_in_order(&fields([(8, 1), (0, 8), (9, 1)])));
        assert!(!are_in_order(&fields([(0, 2), (1, 1), (2, 1)])));
        assert!(are_in_order(&[]));
    }

    #[test]
    fn raw_identifiers_lose_their_prefix() {
        assert_eq!(spelled("r#type"), "type");
        assert_eq!(spelled("r"), "r");
    }

    #[test]
    fn shapes_are_compared_by_element_and_dims() {
        let shape = Shape {
            element: "struct:Level:ab",
            dims: &[3, 4],
            section: None,
        };
        assert!(shape_is(&shape, "struct:Level:ab", &[3, 4]));
        assert!(shape_starts(&shape, "struct:Level:", &[3, 4]));
        assert!(!shape_is(&shape, "struct:Level:", &[3, 4]));
        assert!(!shape_is(&shape, "struct:Level:ac", &[3, 4]));
        assert!(!shape_starts(&shape, "struct:Level:abc", &[3, 4]));
        for dims in [&[][..], &[3], &[4, 3], &[3, 4, 1]] {
            assert!(!shape_is(&shape, "struct:Level:ab", dims));
        }
    }
}
