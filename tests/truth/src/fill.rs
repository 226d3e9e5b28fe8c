//! Bytes for records: random ones, and those at which readers stumble.

use proptest::prelude::Rng;
use proptest::test_runner::{RngAlgorithm, TestRng};
use shm_schema::layout::{Field, Layout, Member, Number, Scalar, StructLayout, Type};

/// Text that fits few rooms whole, so that it is cut in the middle of a
/// character too.
const TEXT: &str = "aé価🦀zÿ";

/// Makes up bytes; the same for the same seed.
pub(crate) struct Fill<'a> {
    layout: &'a Layout,
    random: TestRng,
}

impl<'a> Fill<'a> {
    pub(crate) fn new(layout: &'a Layout, seed: u64) -> Self {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        Self {
            layout,
            random: TestRng::from_seed(RngAlgorithm::ChaCha, &key),
        }
    }

    /// Records of a struct: one of nothing but random bytes, the others with
    /// values that mean something.
    pub(crate) fn records(&mut self, of: &StructLayout, count: usize) -> Vec<Vec<u8>> {
        let all = (0..count).map(|index| {
            let mut bytes = vec![0; of.size as usize];
            self.random.fill_bytes(&mut bytes);
            if index > 0 {
                self.record(of, &mut bytes);
            }
            bytes
        });
        all.collect()
    }

    /// Padding keeps its random bytes: nobody may look at them.
    fn record(&mut self, of: &StructLayout, bytes: &mut [u8]) {
        for member in &of.members {
            if let Member::Field(field) = member {
                let place = &mut bytes[field.offset as usize..][..field.size as usize];
                for element in place.chunks_exact_mut(field.element_size as usize) {
                    self.element(field, element);
                }
            }
        }
    }

    fn element(&mut self, field: &Field, bytes: &mut [u8]) {
        match field.ty {
            Type::Struct(index) => self.record(&self.layout.structs[index], bytes),
            Type::Bool => bytes[0] = [0, 1, 2, 0x80, 0xff][self.below(5)],
            Type::Str { .. } => self.text(bytes),
            Type::Utf16 { .. } => self.wide(bytes),
            Type::Enum(index) if self.below(4) > 0 => {
                let values = &self.layout.enums[index].values;
                let value = values[self.below(values.len())].value;
                bytes.copy_from_slice(&value.to_le_bytes()[..bytes.len()]);
            }
            Type::Scalar(scalar @ (Scalar::F32 | Scalar::F64)) => self.float(scalar, field, bytes),
            Type::Bytes { .. } | Type::Enum(_) | Type::Flags(_) => {}
            Type::Scalar(_) | Type::Timestamp(_) | Type::Duration(_) => self.integer(field, bytes),
        }
    }

    fn integer(&mut self, field: &Field, bytes: &mut [u8]) {
        let value: i128 = match (self.below(7), field.sentinel, field.range) {
            (0, Some(Number::Int(value)), _) => value,
            (1, _, Some((Number::Int(low), _))) => low,
            (2, _, _) => 0,
            (3, _, _) => -1,
            // The lowest or the highest of a signed type.
            (4, _, _) => 1 << (8 * bytes.len() - 1),
            (5, _, _) => (1 << (8 * bytes.len() - 1)) - 1,
            _ => return,
        };
        bytes.copy_from_slice(&value.to_le_bytes()[..bytes.len()]);
    }

    fn float(&mut self, scalar: Scalar, field: &Field, bytes: &mut [u8]) {
        let value = match (self.below(6), field.sentinel) {
            (0, Some(Number::Float(value))) => value,
            (1, _) => f64::NAN,
            (2, _) => [f64::INFINITY, f64::NEG_INFINITY][self.below(2)],
            (3, _) => -0.0,
            (4, _) => 1.5,
            _ => return,
        };
        match scalar {
            Scalar::F32 => bytes.copy_from_slice(&(value as f32).to_le_bytes()),
            _ => bytes.copy_from_slice(&value.to_le_bytes()),
        }
    }

    /// Text with zeros behind it, text with anything behind it, or what is no
    /// text.
    fn text(&mut self, bytes: &mut [u8]) {
        let end = self.below(bytes.len() + 1);
        let from = self.below(TEXT.len());
        let text = TEXT.as_bytes().iter().cycle().skip(from);
        match self.below(4) {
            0 => return,
            1 => bytes.fill(b'x'),
            _ => bytes
                .iter_mut()
                .zip(text)
                .for_each(|(at, byte)| *at = *byte),
        }
        match self.below(2) {
            0 => bytes[end..].fill(0),
            _ if end < bytes.len() => bytes[end] = 0,
            _ => {}
        }
    }

    fn wide(&mut self, bytes: &mut [u8]) {
        let from = self.below(8);
        let text: Vec<u16> = TEXT.encode_utf16().collect();
        let units = text.iter().cycle().skip(from);
        if self.below(3) > 0 {
            for (at, unit) in bytes.chunks_exact_mut(2).zip(units) {
                at.copy_from_slice(&unit.to_le_bytes());
            }
            let end = 2 * self.below(bytes.len() / 2 + 1);
            bytes[end..].fill(0);
        }
    }

    fn below(&mut self, end: usize) -> usize {
        (self.random.next_u64() % end as u64) as usize
    }
}
