//! What a field's type says to a macro, which sees tokens and no types.

use syn::{Expr, GenericArgument, Lit, Path, PathArguments, PathSegment, Type};

/// A field's type, as far as its tokens tell.
#[derive(Debug, PartialEq)]
pub struct Lowered {
    /// Of one element.
    pub element: Element,
    /// Array dimensions, outermost first. An alias may hide more of them.
    pub dims: Vec<Length>,
}

/// The type of one element.
#[derive(Debug, PartialEq)]
pub enum Element {
    /// In canonical spelling: `f64`, `timestamp_ns`.
    Plain(&'static str),
    /// In canonical spelling `str`, `bytes` or `utf16`, with its length.
    Sized(&'static str, Length),
    /// `Pad<N>`, with its length in bytes.
    Gap(Length),
    /// Some other path: a record, an enum, flags, or an alias of anything.
    Unknown,
}

/// Whose a name is that stands without a path.
#[derive(Debug, PartialEq, Clone, Copy)]
pub enum Lone {
    /// Written by a person: most likely imported from the runtime or from the
    /// standard library.
    Imported,
    /// Generated: of the schema, which may call a type `Duration` or `Pad`.
    /// Only the primitive types have no path there.
    Own,
}

/// A number in a type.
#[derive(Debug, PartialEq, Clone, Copy)]
pub enum Length {
    /// A literal.
    Known(u64),
    /// A constant, whose value a macro cannot see.
    Unknown,
}

impl Lowered {
    /// Reads a field's type.
    ///
    /// # Errors
    ///
    /// At the part of the type that cannot be shared.
    pub fn from_syn(ty: &Type, lone: Lone) -> syn::Result<Self> {
        match ty {
            Type::Array(array) => {
                let mut lowered = Self::from_syn(&array.elem, lone)?;
                lowered.dims.insert(0, Length::from_syn(&array.len));
                Ok(lowered)
            }
            Type::Group(group) => Self::from_syn(&group.elem, lone),
            Type::Paren(paren) => Self::from_syn(&paren.elem, lone),
            Type::Path(path) if path.qself.is_none() => Ok(Self {
                element: Element::from_path(&path.path, lone)?,
                dims: Vec::new(),
            }),
            Type::Path(_) | Type::Macro(_) => Ok(Self {
                element: Element::Unknown,
                dims: Vec::new(),
            }),
            _ => Err(syn::Error::new_spanned(ty, refusal(ty))),
        }
    }
}

impl Element {
    /// Whether the bytes have no meaning.
    pub fn is_gap(&self) -> bool {
        matches!(self, Self::Gap(_))
    }

    fn from_path(path: &Path, lone: Lone) -> syn::Result<Self> {
        let Some(last) = path.segments.last() else {
            return Ok(Self::Unknown);
        };
        let root = path.segments[0].ident.to_string();
        let alone = path.segments.len() == 1;
        let name = last.ident.to_string();
        if alone && lone == Lone::Own {
            return Ok(Self::primitive(&name));
        }
        let is_std = alone || matches!(&*root, "std" | "core" | "alloc");
        if let Some(message) = refused_name(&name).filter(|_| is_std) {
            return Err(syn::Error::new_spanned(path, message));
        }
        if !alone && !matches!(&*root, "std" | "core" | "shm_runtime") {
            return Ok(Self::Unknown);
        }
        Ok(Self::from_name(&name, last))
    }

    fn from_name(name: &str, segment: &PathSegment) -> Self {
        // Without a length it is some other type of that name.
        let length = Length::from_arguments(segment);
        match (name, length) {
            ("FixedStr", Some(length)) => Self::Sized("str", length),
            ("FixedBytes", Some(length)) => Self::Sized("bytes", length),
            ("FixedUtf16", Some(length)) => Self::Sized("utf16", length),
            ("Pad", Some(length)) => Self::Gap(length),
            ("TimestampS", None) => Self::Plain("timestamp_s"),
            ("TimestampMs", None) => Self::Plain("timestamp_ms"),
            ("TimestampUs", None) => Self::Plain("timestamp_us"),
            ("TimestampNs", None) => Self::Plain("timestamp_ns"),
            ("DurationS", None) => Self::Plain("duration_s"),
            ("DurationMs", None) => Self::Plain("duration_ms"),
            ("DurationUs", None) => Self::Plain("duration_us"),
            ("DurationNs", None) => Self::Plain("duration_ns"),
            _ => Self::primitive(name),
        }
    }

    fn primitive(name: &str) -> Self {
        const PRIMITIVE: &[&str] = &[
            "u8", "u16", "u32", "u64", "i8", "i16", "i32", "i64", "f32", "f64", "bool",
        ];
        let found = PRIMITIVE.iter().find(|primitive| **primitive == name);
        found.map_or(Self::Unknown, |primitive| Self::Plain(primitive))
    }
}

impl Length {
    fn from_syn(expr: &Expr) -> Self {
        match expr {
            Expr::Lit(lit) => match &lit.lit {
                Lit::Int(int) => int.base10_parse().map_or(Self::Unknown, Self::Known),
                _ => Self::Unknown,
            },
            Expr::Group(group) => Self::from_syn(&group.expr),
            Expr::Paren(paren) => Self::from_syn(&paren.expr),
            _ => Self::Unknown,
        }
    }

    fn from_arguments(segment: &PathSegment) -> Option<Self> {
        let PathArguments::AngleBracketed(arguments) = &segment.arguments else {
            return None;
        };
        Some(match arguments.args.first() {
            Some(GenericArgument::Const(expr)) => Self::from_syn(expr),
            _ => Self::Unknown,
        })
    }

    /// Whether it may be `number`.
    pub fn may_be(self, number: u64) -> bool {
        match self {
            Self::Known(known) => known == number,
            Self::Unknown => true,
        }
    }
}

const POINTER: &str = "points into this process's memory and means nothing in another's\n\
                       help: hold the value itself";

/// Why a type that is no path cannot be shared.
fn refusal(ty: &Type) -> String {
    match ty {
        Type::Reference(reference) if is_str(&reference.elem) => {
            format!("a reference {POINTER}: `FixedStr<N>` for text")
        }
        Type::Reference(_) => format!("a reference {POINTER}"),
        Type::Ptr(_) => format!("a pointer {POINTER}"),
        Type::FnPtr(_) => format!("a function pointer {POINTER}"),
        Type::Slice(_) => {
            "a slice has no length of its own\nhelp: write an array, `[T; N]`".to_owned()
        }
        Type::Tuple(_) => {
            "a tuple has no layout that is promised\nhelp: write a `#[repr(C)]` struct".to_owned()
        }
        Type::TraitObject(_) | Type::ImplTrait(_) => format!("a trait object {POINTER}"),
        _ => "this type has no layout that processes can share".to_owned(),
    }
}

fn is_str(ty: &Type) -> bool {
    matches!(ty, Type::Path(path) if path.path.is_ident("str"))
}

/// Why a type of the standard library cannot be shared.
fn refused_name(name: &str) -> Option<String> {
    let (why, help) = match name {
        "usize" => ("is of another size on other machines", "write `u64`"),
        "isize" => ("is of another size on other machines", "write `i64`"),
        "u128" | "i128" => (
            "does not exist in the other languages of a schema",
            "write `[u64; 2]`, or `FixedBytes<16>` for bytes",
        ),
        "char" => (
            "has invalid values, which another process may write",
            "write `u32`, or `FixedStr<N>` for text",
        ),
        "String" | "str" | "CString" | "OsString" | "PathBuf" => (
            "keeps its text in this process's memory",
            "write `FixedStr<N>`, with room for N bytes",
        ),
        "Vec" | "VecDeque" => (
            "keeps its elements in this process's memory",
            "write an array, `[T; N]`, and a field for the count",
        ),
        "HashMap" | "HashSet" | "BTreeMap" | "BTreeSet" => (
            "keeps its elements in this process's memory",
            "write a table: rows of records, found by a key",
        ),
        "Option" | "Result" => (
            "has no layout that is promised",
            "let a value stand for none, as a schema's `sentinel` does, or add a `bool`",
        ),
        "Box" | "Rc" | "Arc" | "Cow" | "Weak" | "NonNull" => (
            "points into this process's memory and means nothing in another's",
            "hold the value itself",
        ),
        "Cell" | "RefCell" | "UnsafeCell" | "Mutex" | "RwLock" | "OnceCell" | "OnceLock" => (
            "is changed through references, and records are copied",
            "hold the value itself",
        ),
        "Duration" => ("has no layout that is promised", "write `DurationNs`"),
        "SystemTime" => ("has no layout that is promised", "write `TimestampNs`"),
        "Instant" => ("means nothing in another process", "write `TimestampNs`"),
        _ if name.starts_with("Atomic") => (
            "is changed through references, and records are copied",
            "write the number: every read of a record is whole",
        ),
        _ if name.starts_with("NonZero") => (
            "has an invalid value, zero, which another process may write",
            "write the number",
        ),
        _ => return None,
    };
    Some(format!("`{name}` {why}\nhelp: {help}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lowered(ty: &str) -> Lowered {
        Lowered::from_syn(&syn::parse_str(ty).unwrap(), Lone::Imported).unwrap()
    }

    fn refused(ty: &str) -> String {
        let error = Lowered::from_syn(&syn::parse_str(ty).unwrap(), Lone::Imported).unwrap_err();
        error.to_string()
    }

    #[test]
    fn arrays_give_their_dims_outermost_first() {
        let grid = lowered("[[f32; 4]; 3]");
        assert_eq!(grid.element, Element::Plain("f32"));
        assert_eq!(grid.dims, [Length::Known(3), Length::Known(4)]);
        assert_eq!(lowered("[u8; DEPTH]").dims, [Length::Unknown]);
    }

    #[test]
    fn fixed_types_are_known_by_any_path() {
        for ty in [
            "FixedStr<16>",
            "shm_runtime::FixedStr<16>",
            "::shm_runtime::FixedStr<16>",
        ] {
            assert_eq!(
                lowered(ty).element,
                Element::Sized("str", Length::Known(16))
            );
        }
        assert_eq!(lowered("mine::FixedStr<16>").element, Element::Unknown);
    }

    #[test]
    fn a_type_of_ones_own_may_have_a_name_of_std() {
        assert_eq!(lowered("mine::Duration").element, Element::Unknown);
        assert!(refused("std::time::Duration").contains("`DurationNs`"));
        assert_eq!(lowered("Pad<4>").element, Element::Gap(Length::Known(4)));
        assert_eq!(lowered("Pad").element, Element::Unknown);
    }

    #[test]
    fn a_schema_may_call_its_types_as_the_runtime_and_std_do() {
        let lowered = |ty| Lowered::from_syn(&syn::parse_str(ty).unwrap(), Lone::Own).unwrap();
        for ty in ["Pad", "Duration", "Cell", "AtomicOrder", "TimestampNs"] {
            assert_eq!(lowered(ty).element, Element::Unknown, "{ty}");
        }
        assert_eq!(lowered("u8").element, Element::Plain("u8"));
        assert_eq!(
            lowered("::shm_runtime::Pad<4>").element,
            Element::Gap(Length::Known(4))
        );
    }

    #[test]
    fn the_refusal_is_found_inside_an_array() {
        assert!(refused("[[&'static str; 2]; 3]").contains("`FixedStr<N>`"));
        assert!(refused("[AtomicU64; 2]").starts_with("`AtomicU64` is changed"));
    }
}
