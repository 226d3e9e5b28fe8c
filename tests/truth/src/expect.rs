//! What every language must say of a schema, worked out from its [`Layout`]
//! alone.
//!
//! A line a struct, `c7.Quote struct 128 64` (size, alignment); a line a
//! member, `c7.Quote.px 8 +8` (offset, size); and for each of its records a
//! line a field, `c7.Quote.px #0 = 12500`, and one each that has a scale or a
//! sentinel, `c7.Quote.px #0 is f:3ff4000000000000`.

use shm_schema::Name;
use shm_schema::layout::{Field, Home, Layout, Member, Number, Scalar, StructLayout, Type};

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
    let speaks_of_meaning = voice != Voice::Numpy;
    for (index, record) in records.iter().enumerate() {
        lines.extend(of.fields().map(|field| {
            let value = field_value(layout, field, record);
            format!("{label}.{} #{index} = {value}", field.name)
        }));
        let fields = of.fields().filter(|f| speaks_of_meaning && has_meaning(f));
        lines.extend(fields.map(|field| {
            let bytes = &record[field.offset as usize..][..field.size as usize];
            let means = array(&field.dims, bytes, &|bytes| meaning(field, bytes));
            format!("{label}.{} #{index} is {means}", field.name)
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

/// Whether a field stores something else than it means, in a form that two
/// languages share: they have types of their own for times.
pub(crate) fn has_meaning(field: &Field) -> bool {
    let is_number = matches!(field.ty, Type::Scalar(_));
    is_number && (field.scale.is_some() || field.sentinel.is_some())
}

/// Of the field's scale.
pub(crate) fn numerator(field: &Field) -> u64 {
    field.scale.as_ref().map_or(1, |scale| scale.numerator)
}

fn field_value(layout: &Layout, field: &Field, record: &[u8]) -> String {
    let bytes = &record[field.offset as usize..][..field.size as usize];
    array(&field.dims, bytes, &|bytes| {
        element(layout, field.ty, bytes)
    })
}

fn array(dims: &[u64], bytes: &[u8], element: &dyn Fn(&[u8]) -> String) -> String {
    let Some((first, rest)) = dims.split_first() else {
        return element(bytes);
    };
    let step = bytes.len() / *first as usize;
    let items: Vec<String> = bytes
        .chunks_exact(step)
        .map(|item| array(rest, item, element))
        .collect();
    format!("[{}]", items.join(","))
}

fn meaning(field: &Field, bytes: &[u8]) -> String {
    let Type::Scalar(scalar) = field.ty else {
        return String::new();
    };
    let is_none = match (scalar, field.sentinel) {
        (_, None) => false,
        (Scalar::F32 | Scalar::F64, Some(Number::Float(none))) => {
            let value = float(scalar, bytes);
            value == none || value.is_nan() && none.is_nan()
        }
        (_, Some(none)) => Number::Int(whole(scalar, bytes)) == none,
    };
    match &field.scale {
        _ if is_none => "none".to_owned(),
        None => number(scalar, bytes),
        Some(scale) => {
            // Below 2^53 both are exact, and the quotient is rounded once.
            let over = whole(scalar, bytes) * i128::from(scale.numerator);
            match over.unsigned_abs() < 1 << 53 {
                true => {
                    let value = over as f64 / scale.denominator as f64;
                    number(Scalar::F64, &value.to_le_bytes())
                }
                false => "~".to_owned(),
            }
        }
    }
}

fn float(scalar: Scalar, bytes: &[u8]) -> f64 {
    match scalar {
        Scalar::F32 => f64::from(f32::from_bits(whole(Scalar::U32, bytes) as u32)),
        _ => f64::from_bits(whole(Scalar::U64, bytes) as u64),
    }
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
