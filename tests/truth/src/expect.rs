//! What every language must say of a schema, worked out from its [`Layout`]
//! alone.
//!
//! A line a struct, `c7.Quote struct 128 64` (size, alignment); a line a
//! member, `c7.Quote.px 8 +8` (offset, size); and for each of its records a
//! line a field, `c7.Quote.px #0 = 4632374429215621120`.

use shm_schema::Name;
use shm_schema::layout::{Field, Home, Layout, Member, Scalar, StructLayout, Type};

/// Who speaks, which decides what can be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Voice {
    Rust,
    /// Reads no values.
    C,
    /// Knows no `align:`.
    Ctypes,
    /// Shows no padding, and aligns nothing packed.
    Numpy,
}

/// Every line of a struct, given its records.
pub(crate) fn lines(
    layout: &Layout,
    of: &StructLayout,
    records: &[Vec<u8>],
    voice: Voice,
) -> Vec<String> {
    let label = label(layout, of);
    let align = match voice {
        Voice::Ctypes | Voice::Numpy if says(layout, of, &|s| s.declared_align.is_some()) => None,
        Voice::Numpy if says(layout, of, &|s| s.pack.is_some()) => None,
        _ => Some(of.align.to_string()),
    };
    let align = align.as_deref().unwrap_or("-");
    let mut lines = vec![format!("{label} struct {} {align}", of.size)];
    lines.extend(of.members.iter().filter_map(|member| {
        let name = match member {
            Member::Field(field) => field.name.as_str(),
            Member::Reserved(_) | Member::Pad(_) if voice == Voice::Numpy => return None,
            Member::Reserved(gap) | Member::Pad(gap) => &gap.name,
        };
        Some(format!(
            "{label}.{name} {} +{}",
            member.offset(),
            member.size()
        ))
    }));
    if voice == Voice::C {
        return lines;
    }
    for (index, record) in records.iter().enumerate() {
        lines.extend(of.fields().map(|field| {
            let value = field_value(layout, field, record);
            format!("{label}.{} #{index} = {value}", field.name)
        }));
    }
    lines
}

/// `c7.Quote`.
pub(crate) fn label(layout: &Layout, of: &StructLayout) -> String {
    format!("{}.{}", package(layout, of.home), of.name)
}

/// The package of a type.
pub(crate) fn package(layout: &Layout, home: Home) -> &Name {
    layout.package_of(home).unwrap_or(&layout.package)
}

/// Whether something is so of a struct, or of one that it holds.
pub(crate) fn says(
    layout: &Layout,
    of: &StructLayout,
    what: &dyn Fn(&StructLayout) -> bool,
) -> bool {
    what(of)
        || of.fields().any(|field| match field.ty {
            Type::Struct(index) => says(layout, &layout.structs[index], what),
            _ => false,
        })
}

fn field_value(layout: &Layout, field: &Field, record: &[u8]) -> String {
    let bytes = &record[field.offset as usize..][..field.size as usize];
    array(layout, field.ty, &field.dims, bytes)
}

fn array(layout: &Layout, ty: Type, dims: &[u64], bytes: &[u8]) -> String {
    let Some((first, rest)) = dims.split_first() else {
        return element(layout, ty, bytes);
    };
    let step = bytes.len() / *first as usize;
    let items: Vec<String> = bytes
        .chunks_exact(step)
        .map(|item| array(layout, ty, rest, item))
        .collect();
    format!("[{}]", items.join(","))
}

fn element(layout: &Layout, ty: Type, bytes: &[u8]) -> String {
    match ty {
        Type::Scalar(scalar) => number(scalar, bytes),
        Type::Bool => (bytes[0] != 0).to_string(),
        Type::Str { .. } => {
            let end = bytes.iter().position(|b| *b == 0).unwrap_or(bytes.len());
            text(str::from_utf8(&bytes[..end]).ok())
        }
        Type::Bytes { .. } => format!("b:{}", hex(bytes)),
        Type::Utf16 { .. } => {
            let units = bytes
                .chunks_exact(2)
                .map(|u| u16::from_le_bytes([u[0], u[1]]));
            let units: Vec<u16> = units.take_while(|unit| *unit != 0).collect();
            text(String::from_utf16(&units).ok().as_deref())
        }
        Type::Timestamp(_) | Type::Duration(_) => number(Scalar::I64, bytes),
        Type::Enum(index) => {
            let of = &layout.enums[index];
            let value = whole(of.repr, bytes);
            let known = of.values.iter().find(|v| v.value == value);
            let name = known.map_or("?", |v| v.name.as_str());
            format!("{value}:{name}")
        }
        Type::Flags(index) => {
            let of = &layout.flags[index];
            let value = whole(of.repr, bytes);
            let set = of.bits.iter().filter(|bit| value >> bit.bit & 1 == 1);
            let names: Vec<&str> = set.map(|bit| bit.name.as_str()).collect();
            format!("{value}:{}", names.join("|"))
        }
        Type::Struct(index) => {
            let fields = layout.structs[index].fields();
            let fields = fields.map(|f| format!("{}={}", f.name, field_value(layout, f, bytes)));
            format!("{{{}}}", fields.collect::<Vec<_>>().join(","))
        }
    }
}

fn number(scalar: Scalar, bytes: &[u8]) -> String {
    match scalar {
        // Python has no f32: widening makes a signalling NaN a quiet one.
        Scalar::F32 => {
            let bits = whole(Scalar::U32, bytes) as u32;
            let is_nan = f32::from_bits(bits).is_nan();
            format!("f:{:08x}", if is_nan { bits | 1 << 22 } else { bits })
        }
        Scalar::F64 => format!("f:{:016x}", whole(Scalar::U64, bytes)),
        scalar => whole(scalar, bytes).to_string(),
    }
}

fn whole(scalar: Scalar, bytes: &[u8]) -> i128 {
    let is_negative = scalar.is_signed() && bytes.last().is_some_and(|b| *b >> 7 == 1);
    let mut wide = [if is_negative { 0xff } else { 0 }; 16];
    wide[..bytes.len()].copy_from_slice(bytes);
    i128::from_le_bytes(wide)
}

fn text(text: Option<&str>) -> String {
    text.map_or("invalid".to_owned(), |text| {
        format!("s:{}", hex(text.as_bytes()))
    })
}

/// Two digits a byte.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
