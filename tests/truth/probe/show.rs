//! Prints what rustc and the runtime make of a record, in the form that
//! `expect.rs` of the truth test gives.

#![allow(unused_macros, unused_imports)] // a batch need not have an enum

use std::fmt::Write as _;
use std::mem::MaybeUninit;

use shm_runtime::{
    DurationMs, DurationNs, DurationS, DurationUs, FixedBytes, FixedStr, FixedUtf16, Pad,
    SharedLayout, TimestampMs, TimestampNs, TimestampS, TimestampUs,
};

pub trait Show {
    fn show(&self, out: &mut String);

    fn size(&self) -> usize {
        size_of_val(self)
    }
}

/// A record that names its members.
pub trait Members: SharedLayout {
    const LABEL: &'static str;

    fn members(&self, to: &mut Printer<'_>);

    /// A line each field that stores something else than it means.
    fn meanings(&self, index: usize, out: &mut String);
}

/// What a field of type `R` means.
pub trait Meaning<R> {
    /// `over` is the numerator of its scale.
    fn tell(&self, stored: &R, over: u64, out: &mut String);
}

/// What is printed of each member, and where.
pub struct Printer<'a> {
    out: &'a mut String,
    what: What,
}

#[derive(Clone, Copy)]
enum What {
    /// A line a member, of this record.
    Places(&'static str),
    /// A line a field, of this record, the how manieth.
    Values(&'static str, usize),
    /// The fields of a record in a record.
    Inner,
}

impl Printer<'_> {
    pub fn field(&mut self, name: &str, offset: usize, value: &dyn Show) {
        match self.what {
            What::Places(_) => self.gap(name, offset, value),
            What::Values(label, index) => {
                write!(self.out, "{label}.{name} #{index} = ").unwrap();
                value.show(self.out);
                self.out.push('\n');
            }
            What::Inner => {
                if !self.out.ends_with('{') {
                    self.out.push(',');
                }
                write!(self.out, "{name}=").unwrap();
                value.show(self.out);
            }
        }
    }

    pub fn gap(&mut self, name: &str, offset: usize, value: &dyn Show) {
        if let What::Places(label) = self.what {
            writeln!(self.out, "{label}.{name} {offset} +{}", value.size()).unwrap();
        }
    }
}

pub fn inner<T: Members>(record: &T, out: &mut String) {
    out.push('{');
    let what = What::Inner;
    record.members(&mut Printer { out, what });
    out.push('}');
}

/// Prints the places of `T`, then the values of its next `count` records.
pub fn run<T: Members>(records: &mut &[u8], count: usize) {
    let mut out = String::new();
    let label = T::LABEL;
    writeln!(out, "{label} struct {} {}", size_of::<T>(), align_of::<T>()).unwrap();
    for index in 0..=count {
        let what = match index {
            0 => What::Places(label),
            index => What::Values(label, index - 1),
        };
        let record = match index {
            0 => T::zeroed(),
            _ => take::<T>(records),
        };
        let out = &mut out;
        record.members(&mut Printer { out, what });
        if index > 0 {
            record.meanings(index - 1, out);
        }
    }
    print!("{out}");
}

/// As the runtime takes a record out of a segment.
fn take<T: Members>(records: &mut &[u8]) -> T {
    let (bytes, rest) = records.split_at(size_of::<T>());
    *records = rest;
    let mut record = MaybeUninit::<T>::uninit();
    let at = record.as_mut_ptr().cast::<u8>();
    // SAFETY: there are as many bytes on either side.
    unsafe { at.copy_from_nonoverlapping(bytes.as_ptr(), bytes.len()) };
    // SAFETY: all bytes of the record are there.
    unsafe { T::normalise(at) };
    // SAFETY: what has been normalised is a value.
    unsafe { record.assume_init() }
}

impl<T: Show, const N: usize> Show for [T; N] {
    fn show(&self, out: &mut String) {
        for (index, item) in self.iter().enumerate() {
            out.push(if index == 0 { '[' } else { ',' });
            item.show(out);
        }
        out.push(']');
    }
}

impl<R, T: Meaning<R>, const N: usize> Meaning<[R; N]> for [T; N] {
    fn tell(&self, stored: &[R; N], over: u64, out: &mut String) {
        for (index, (item, stored)) in self.iter().zip(stored).enumerate() {
            out.push(if index == 0 { '[' } else { ',' });
            item.tell(stored, over, out);
        }
        out.push(']');
    }
}

impl<R, T: Meaning<R>> Meaning<R> for Option<T> {
    fn tell(&self, stored: &R, over: u64, out: &mut String) {
        match self {
            Some(value) => value.tell(stored, over, out),
            None => out.push_str("none"),
        }
    }
}

impl<const N: usize> Show for Pad<N> {
    fn show(&self, _: &mut String) {}
}

impl Show for bool {
    fn show(&self, out: &mut String) {
        write!(out, "{self}").unwrap();
    }
}

impl Show for f32 {
    fn show(&self, out: &mut String) {
        let quiet = if self.is_nan() { 1 << 22 } else { 0 };
        write!(out, "f:{:08x}", self.to_bits() | quiet).unwrap();
    }
}

impl Show for f64 {
    fn show(&self, out: &mut String) {
        write!(out, "f:{:016x}", self.to_bits()).unwrap();
    }
}

impl<const N: usize> Show for FixedStr<N> {
    fn show(&self, out: &mut String) {
        text(self.as_str().ok(), out);
    }
}

impl<const N: usize> Show for FixedUtf16<N> {
    fn show(&self, out: &mut String) {
        text(self.decode().ok().as_deref(), out);
    }
}

impl<const N: usize> Show for FixedBytes<N> {
    fn show(&self, out: &mut String) {
        out.push_str("b:");
        hex(&self.0, out);
    }
}

fn text(text: Option<&str>, out: &mut String) {
    match text {
        Some(text) => {
            out.push_str("s:");
            hex(text.as_bytes(), out);
        }
        None => out.push_str("invalid"),
    }
}

fn hex(bytes: &[u8], out: &mut String) {
    bytes
        .iter()
        .for_each(|byte| write!(out, "{byte:02x}").unwrap());
}

macro_rules! integers {
    ($($ty:ty)*) => {
        $(impl Show for $ty {
            fn show(&self, out: &mut String) {
                write!(out, "{self}").unwrap();
            }
        }

        impl Meaning<$ty> for f64 {
            fn tell(&self, stored: &$ty, over: u64, out: &mut String) {
                // Beyond, the nearest float is not promised.
                let exact = i128::from(*stored) * i128::from(over);
                match exact.unsigned_abs() < 1 << 53 {
                    true => self.show(out),
                    false => out.push('~'),
                }
            }
        })*
        as_stored!($($ty)*);
    };
}

macro_rules! as_stored {
    ($($ty:ty)*) => {
        $(impl Meaning<$ty> for $ty {
            fn tell(&self, _: &$ty, _: u64, out: &mut String) {
                self.show(out);
            }
        })*
    };
}
as_stored!(f32 f64);
integers!(u8 u16 u32 u64 i8 i16 i32 i64);

macro_rules! times {
    ($($ty:ty)*) => {
        $(impl Show for $ty {
            fn show(&self, out: &mut String) {
                write!(out, "{}", self.0).unwrap();
            }
        })*
    };
}
times!(TimestampS TimestampMs TimestampUs TimestampNs DurationS DurationMs DurationUs DurationNs);

macro_rules! record {
    (
        $label:literal $ty:ty { $($kind:ident $name:literal $member:ident,)* }
        $($field:ident $over:literal,)*
    ) => {
        impl $crate::show::Show for $ty {
            fn show(&self, out: &mut String) {
                $crate::show::inner(self, out);
            }
        }

        #[allow(deprecated)] // said of a field, for its users
        impl $crate::show::Members for $ty {
            const LABEL: &'static str = $label;

            fn members(&self, to: &mut $crate::show::Printer<'_>) {
                // A copy: the field of a packed record has no reference.
                $(to.$kind($name, std::mem::offset_of!($ty, $member), &{ self.$member });)*
            }

            #[allow(unused_variables)] // few records have any
            fn meanings(&self, index: usize, out: &mut String) {
                $({
                    let name = stringify!($field).trim_start_matches("r#");
                    let head = format_args!("{}.{name} #{index} is ", $label);
                    std::fmt::Write::write_fmt(out, head).unwrap();
                    $crate::show::Meaning::tell(&self.$field(), &{ self.$field }, $over, out);
                    out.push('\n');
                })*
            }
        }
    };
}
pub(crate) use record;

macro_rules! named {
    ($ty:ty) => {
        impl $crate::show::Show for $ty {
            fn show(&self, out: &mut String) {
                let name = self.name().unwrap_or("?");
                std::fmt::Write::write_fmt(out, format_args!("{}:{name}", self.0)).unwrap();
            }
        }
    };
}
pub(crate) use named;

macro_rules! bits {
    ($ty:ty { $($name:literal $bit:ident,)* }) => {
        impl $crate::show::Show for $ty {
            fn show(&self, out: &mut String) {
                let bits = [$(($name, self.contains(<$ty>::$bit)),)*];
                let set: Vec<&str> = bits.iter().filter(|b| b.1).map(|b| b.0).collect();
                let set = set.join("|");
                std::fmt::Write::write_fmt(out, format_args!("{}:{set}", self.bits())).unwrap();
            }
        }
    };
}
pub(crate) use bits;
