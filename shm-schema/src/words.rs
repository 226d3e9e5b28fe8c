//! Words that mean something to the languages we generate.
//!
//! One place for all of them: what is named around (keywords, see `name.rs`)
//! and what is refused because no spelling would save it (see
//! `check/names.rs`).

/// Strict and reserved words of Rust 2024 that can be raw identifiers.
pub(crate) const RUST_KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let",
    "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return",
    "static", "struct", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use",
    "virtual", "where", "while", "yield",
];

/// Words that Rust takes in no spelling, not even as `r#self`.
pub(crate) const RUST_UNSPEAKABLE: &[&str] = &["self", "Self", "super", "crate"];

/// Python's hard keywords, 3.9 to 3.14. Soft keywords (`match`, `type`) are
/// ordinary names wherever we put one.
pub(crate) const PYTHON_KEYWORDS: &[&str] = &[
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue",
    "def", "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import",
    "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while",
    "with", "yield",
];

/// Keywords of C11, C23 and C++23, and the lower-case macros that gcc's
/// default mode and the standard headers define.
pub(crate) const C_KEYWORDS: &[&str] = &[
    "EOF",
    "NULL",
    "alignas",
    "alignof",
    "and",
    "and_eq",
    "asm",
    "assert",
    "auto",
    "bitand",
    "bitor",
    "bool",
    "break",
    "case",
    "catch",
    "char",
    "char16_t",
    "char32_t",
    "char8_t",
    "class",
    "co_await",
    "co_return",
    "co_yield",
    "compl",
    "complex",
    "concept",
    "const",
    "const_cast",
    "consteval",
    "constexpr",
    "constinit",
    "continue",
    "decltype",
    "default",
    "delete",
    "do",
    "double",
    "dynamic_cast",
    "else",
    "enum",
    "errno",
    "explicit",
    "export",
    "extern",
    "false",
    "float",
    "for",
    "friend",
    "goto",
    "i386",
    "if",
    "inline",
    "int",
    "int16_t",
    "int32_t",
    "int64_t",
    "int8_t",
    "linux",
    "long",
    "mutable",
    "namespace",
    "new",
    "noexcept",
    "noreturn",
    "not",
    "not_eq",
    "nullptr",
    "operator",
    "or",
    "or_eq",
    "private",
    "protected",
    "public",
    "register",
    "reinterpret_cast",
    "requires",
    "restrict",
    "return",
    "short",
    "signed",
    "sizeof",
    "static",
    "static_assert",
    "static_cast",
    "stderr",
    "stdin",
    "stdout",
    "struct",
    "switch",
    "template",
    "this",
    "thread_local",
    "throw",
    "true",
    "try",
    "typedef",
    "typeid",
    "typename",
    "typeof",
    "typeof_unqual",
    "uint16_t",
    "uint32_t",
    "uint64_t",
    "uint8_t",
    "union",
    "unix",
    "unsigned",
    "using",
    "virtual",
    "void",
    "volatile",
    "wchar_t",
    "while",
    "xor",
    "xor_eq",
];

/// What no field may be called, because the Python class of a struct or its
/// live row has it: a field of that name could not be reached.
///
/// `version`, `age` and `writer_alive` are not here though a live row has
/// them: real structs have such fields, and they can be read from a record.
pub(crate) const RECORD_MEMBERS: &[&str] = &[
    "ALIGN",
    "FIELDS",
    "FINGERPRINT",
    "LAYOUT",
    "OFFSETS",
    "SIZE",
    "dtype",
    "out_of_range",
    "read",
    "refresh",
    "snapshot",
    "update",
    "write",
];

/// What no field may be called that Rust reads through a method, as it has
/// such a method or function already.
pub(crate) const STRUCT_METHODS: &[&str] = &["clone", "default", "eq", "fmt", "zeroed"];

/// What no field may be called, as ctypes looks for it in every class.
pub(crate) const CTYPES_NAMES: &[&str] = &[
    "_align_",
    "_anonymous_",
    "_as_parameter_",
    "_b_base_",
    "_b_needsfree_",
    "_fields_",
    "_layout_",
    "_length_",
    "_objects",
    "_pack_",
    "_swappedbytes_",
    "_type_",
    "from_address",
    "from_buffer",
    "from_buffer_copy",
    "from_param",
    "in_dll",
];

/// What no value of an enum may be called, because the runtime's `open_enum!`
/// makes a method of that name beside the constant.
pub(crate) const ENUM_METHODS: &[&str] = &["is_known", "name"];

/// What no bit may be called, because the `bitflags` crate makes a method of
/// that name beside the constant.
pub(crate) const BITFLAGS_METHODS: &[&str] = &[
    "all",
    "bits",
    "complement",
    "contains",
    "difference",
    "empty",
    "extend",
    "from_bits",
    "from_bits_retain",
    "from_bits_truncate",
    "from_iter",
    "from_name",
    "insert",
    "intersection",
    "intersects",
    "is_all",
    "is_empty",
    "iter",
    "iter_names",
    "known_bits",
    "remove",
    "set",
    "symmetric_difference",
    "toggle",
    "truncate",
    "union",
    "unknown_bits",
];

/// What no package may be called: modules that generated code imports, or
/// that stand for something else in every program.
pub(crate) const MODULES: &[&str] = &[
    "abc",
    "alloc",
    "builtins",
    "collections",
    "core",
    "ctypes",
    "datetime",
    "enum",
    "fcntl",
    "functools",
    "importlib",
    "io",
    "math",
    "mmap",
    "numpy",
    "operator",
    "os",
    "re",
    "shm_runtime",
    "std",
    "struct",
    "sys",
    "test",
    "threading",
    "time",
    "types",
    "typing",
    "warnings",
];

/// The rest of Python's standard library, of 3.9 to 3.14, and what is no module
/// any more but was one.
pub(crate) const STANDARD_LIBRARY: &str = "\
    aifc annotationlib antigravity argparse array ast asynchat asyncio asyncore atexit \
    audioop base64 bdb binascii binhex bisect bz2 cProfile calendar cgi cgitb chunk \
    cmath cmd code codecs codeop colorsys compileall compression concurrent configparser \
    contextlib contextvars copy copyreg crypt csv curses dataclasses dbm decimal difflib \
    dis distutils doctest email encodings ensurepip errno faulthandler filecmp fileinput \
    fnmatch formatter fractions ftplib gc genericpath getopt getpass gettext glob \
    graphlib grp gzip hashlib heapq hmac html http idlelib imaplib imghdr imp inspect \
    ipaddress itertools json keyword lib2to3 linecache locale logging lzma \
    mailbox mailcap marshal mimetypes modulefinder msilib msvcrt multiprocessing netrc \
    nis nntplib nt ntpath nturl2path numbers opcode optparse ossaudiodev parser pathlib \
    pdb pickle pickletools pipes pkgutil platform plistlib poplib posix posixpath pprint \
    profile pstats pty pwd py_compile pyclbr pydoc pydoc_data pyexpat queue quopri \
    random readline reprlib resource rlcompleter runpy sched secrets select selectors \
    shelve shlex shutil signal site smtpd smtplib sndhdr socket socketserver spwd \
    sqlite3 sre_compile sre_constants sre_parse ssl stat statistics string stringprep \
    subprocess sunau symbol symtable sysconfig syslog tabnanny tarfile telnetlib \
    tempfile termios textwrap this timeit tkinter token tokenize tomllib trace traceback \
    tracemalloc tty turtle turtledemo unicodedata unittest urllib uu uuid venv wave \
    weakref webbrowser winreg winsound wsgiref xdrlib xml xmlrpc zipapp zipfile \
    zipimport zlib zoneinfo";

/// What no constant, segment or type may be called in upper case, because every
/// generated module has it.
pub(crate) const MODULE_CONSTANTS: &[&str] = &[
    "SCHEMA",
    "SCHEMA_FINGERPRINT",
    "SCHEMA_VERSION",
    "TYPE_CHECKING",
];

/// What no type and no segment may be called, because generated Python uses the
/// built-in, or the name that it has from `typing`.
pub(crate) const PYTHON_BUILTINS: &[&str] = &[
    "Any",
    "AttributeError",
    "BaseException",
    "ClassVar",
    "Exception",
    "ImportError",
    "IndexError",
    "KeyError",
    "NamedTuple",
    "NotImplemented",
    "NotImplementedError",
    "OverflowError",
    "Protocol",
    "RuntimeError",
    "TypeError",
    "TypeVar",
    "ValueError",
    "abs",
    "all",
    "any",
    "bytearray",
    "classmethod",
    "complex",
    "dict",
    "divmod",
    "enumerate",
    "float",
    "frozenset",
    "getattr",
    "hasattr",
    "hash",
    "hex",
    "id",
    "int",
    "isinstance",
    "issubclass",
    "iter",
    "len",
    "list",
    "map",
    "max",
    "memoryview",
    "min",
    "next",
    "object",
    "print",
    "property",
    "range",
    "repr",
    "set",
    "setattr",
    "slice",
    "sorted",
    "staticmethod",
    "sum",
    "super",
    "tuple",
    "type",
    "vars",
    "zip",
];

/// What no type may be called, because generated Rust and derives use it.
pub(crate) const RUST_PRELUDE: &[&str] = &[
    "AsMut",
    "AsRef",
    "Box",
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "DoubleEndedIterator",
    "Drop",
    "Eq",
    "Err",
    "ExactSizeIterator",
    "Extend",
    "Fn",
    "FnMut",
    "FnOnce",
    "From",
    "FromIterator",
    "Hash",
    "Into",
    "IntoIterator",
    "Iterator",
    "None",
    "Ok",
    "Option",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Result",
    "Send",
    "SharedLayout",
    "Sized",
    "Some",
    "String",
    "Sync",
    "ToOwned",
    "ToString",
    "TryFrom",
    "TryInto",
    "Unpin",
    "Vec",
    "char",
    "i128",
    "isize",
    "u128",
    "usize",
];

/// Keywords of Cython that are keywords of neither Python nor C.
pub(crate) const CYTHON_KEYWORDS: &[&str] = &[
    "DEF", "ELIF", "ELSE", "IF", "cdef", "cimport", "cpdef", "ctypedef", "include",
];
