"""Prints what ctypes and numpy make of records, as `expect.rs` says.

Takes a JSON file that names the modules, classes and members, and the bytes of
records; of places and values it says nothing, those come from the generated
modules alone.
"""

import ctypes
import enum
import importlib
import json
import struct
import sys
from pathlib import Path

try:
    import numpy
except ImportError:
    numpy = None

CASES = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))


def main():
    for case in CASES:
        structs = case["structs"]
        for module in case["modules"]:
            importlib.import_module(module)
        print("==", case["name"], "ctypes")
        for record in structs:
            Ctypes(structs, record).show()
        if numpy is not None:
            print("==", case["name"], "numpy")
            for record in structs:
                Numpy(structs, record).show()


class Probe:
    """What both have in common: the order of the lines and their form."""

    def __init__(self, structs, record):
        self.structs = structs
        self.record = record
        self.label = record["label"]
        self.cls = getattr(sys.modules[record["module"]], record["class"])

    def show(self):
        size, align = self.extent()
        print(f"{self.label} struct {size} {align if self.shows_align() else '-'}")
        for index, member in enumerate(self.record["members"]):
            place = self.place(index, member)
            if place is not None:
                print(f"{self.label}.{member['name']} {place[0]} +{place[1]}")
        for index, data in enumerate(self.record["records"]):
            value = self.parse(bytes.fromhex(data))
            for name, text in self.values(self.record, value):
                print(f"{self.label}.{name} #{index} = {text}")
            for name, text in self.meanings(value):
                print(f"{self.label}.{name} #{index} is {text}")

    def values(self, record, value):
        for member in record["members"]:
            if member["kind"] != "gap":
                yield member["name"], self.text(record, member, value)

    def inner(self, label, value):
        record = next(s for s in self.structs if s["label"] == label)
        fields = (f"{name}={text}" for name, text in self.values(record, value))
        return "{" + ",".join(fields) + "}"


class Ctypes(Probe):
    """The generated classes and their properties."""

    def meanings(self, value):
        for member in self.record["members"]:
            if member.get("has_meaning"):
                field = self.cls.FIELDS[member["name"]]
                found = getattr(value, field.attribute)
                stored = getattr(value, field.stored)
                yield member["name"], meaning(member, len(member["dims"]), found, stored)

    def extent(self):
        assert (self.cls.SIZE, self.cls.FINGERPRINT) == (
            ctypes.sizeof(self.cls),
            self.record["fingerprint"],
        )
        return ctypes.sizeof(self.cls), ctypes.alignment(self.cls)

    def shows_align(self):
        return not self.record["says_align"]

    def place(self, index, member):
        stored = self.cls._fields_[index][0]
        place = getattr(self.cls, stored)
        if member["kind"] != "gap":
            field = self.cls.FIELDS[member["name"]]
            assert (field.stored, field.offset, field.size) == (stored, place.offset, place.size)
            assert self.cls.OFFSETS[member["name"]] == place.offset
        return place.offset, place.size

    def parse(self, data):
        record = self.cls.from_buffer_copy(data)
        repr(record)  # shows anything
        assert record == self.cls.from_buffer_copy(data)
        return record

    def text(self, record, member, value):
        field = type(value).FIELDS[member["name"]]
        kind = member["kind"]
        stored = getattr(value, field.stored)
        if kind in ("time", "i", "f32", "f64"):
            return each(member["dims"], stored, lambda v: plain(kind, v))
        if kind == "struct":
            return each(member["dims"], stored, lambda v: self.inner(member["of"], v))
        if kind in ("str", "utf16"):
            return each(member["dims"], *self.texts(member, value, field))
        found = getattr(value, field.attribute)
        return each(member["dims"], found, lambda v: TYPED[kind](member, v))

    def texts(self, member, value, field):
        """One text that is none spoils the array: then each by itself."""
        try:
            return getattr(value, field.attribute), lambda v: "s:" + v.encode().hex()
        except UnicodeDecodeError:
            decode = alone8 if member["kind"] == "str" else alone16
            return getattr(value, field.stored), decode


class Numpy(Probe):
    """The dtype, and the values that numpy reads with it."""

    def meanings(self, value):
        return ()  # numpy has what is stored

    def extent(self):
        dtype = self.cls.dtype()
        return dtype.itemsize, dtype.alignment

    def shows_align(self):
        return not self.record["says_align"] and not self.record["says_pack"]

    def place(self, index, member):
        if member["kind"] == "gap":
            return None
        dtype, offset = self.cls.dtype().fields[member["name"]][:2]
        return offset, dtype.itemsize

    def parse(self, data):
        return numpy.frombuffer(data, dtype=self.cls.dtype())[0]

    def text(self, record, member, value):
        found, kind, of = value[member["name"]], member["kind"], member.get("of")
        dims = member["dims"]
        if kind == "struct":
            return each(dims, found, lambda v: self.inner(of, v))
        if kind == "time":
            return each(dims, found, lambda v: str(v.astype("<i8")))
        if kind in ("f32", "f64"):
            return each(dims, found, lambda v: floating(kind, v.tobytes()))
        if kind == "str":
            return each(dims, found, lambda v: cut8(bytes(v)))
        if kind == "utf16":
            return each(dims, found, lambda v: cut16(v.tobytes()))
        if kind == "bytes":
            return each(dims, found, lambda v: "b:" + v.tobytes().hex())
        if kind == "bool":
            return each(dims, found, lambda v: "true" if v else "false")
        if kind == "enum":
            names = {number: name for name, number in member["numbers"].items()}
            return each(dims, found, lambda v: f"{v}:{names.get(int(v), '?')}")
        if kind == "flags":
            bits = member["numbers"].items()
            return each(dims, found, lambda v: f"{v}:{'|'.join(n for n, b in bits if int(v) >> b & 1)}")
        return each(dims, found, lambda v: str(int(v)))


def each(dims, value, show):
    if not dims:
        return show(value)
    # How many there are is for the value to say.
    return "[" + ",".join(each(dims[1:], item, show) for item in value) + "]"


def meaning(member, depth, value, stored):
    if depth:
        pairs = zip(value, stored)
        return "[" + ",".join(meaning(member, depth - 1, *pair) for pair in pairs) + "]"
    if value is None:
        return "none"
    if not member["is_scaled"]:
        return plain(member["kind"], value)
    assert type(value) is float, value
    # Beyond, Rust does not promise the nearest float.
    return plain("f64", value) if abs(stored * member["numerator"]) < 1 << 53 else "~"


def plain(kind, value):
    if kind in ("f32", "f64"):
        # ctypes gives an f32 as a double.
        data = struct.pack("<f" if kind == "f32" else "<d", value)
        return floating(kind, data)
    assert type(value) is int, value
    return str(value)


def floating(kind, data):
    bits = int.from_bytes(data, "little")
    if kind == "f32" and value_is_nan(data):
        bits |= 1 << 22
    return f"f:{bits:0{2 * len(data)}x}"


def value_is_nan(data):
    (value,) = struct.unpack("<f", data)
    return value != value


def an_enum(member, value):
    assert isinstance(value, enum.IntEnum), value
    known = member["names"].get(value.name)
    unknown = "UNKNOWN_" + str(int(value)).replace("-", "MINUS_")
    return f"{int(value)}:{'?' if value.name == unknown and known is None else known}"


def flags(member, value):
    assert isinstance(value, enum.IntFlag), value
    cls = type(value)
    names = (schema for name, schema in member["names"].items() if cls[name] in value)
    return f"{int(value)}:{'|'.join(names)}"


def a_bool(member, value):
    assert type(value) is bool, value
    return "true" if value else "false"


def some_bytes(member, value):
    assert type(value) is bytes, value
    return "b:" + value.hex()


TYPED = {"enum": an_enum, "flags": flags, "bool": a_bool, "bytes": some_bytes}


def alone8(raw):
    return cut8(raw if isinstance(raw, bytes) else raw.raw)


def alone16(raw):
    return cut16(bytes(raw))


def cut8(data):
    return decoded(data.split(b"\0")[0], "utf-8")


def cut16(data):
    units = [data[at : at + 2] for at in range(0, len(data), 2)]
    end = units.index(b"\0\0") if b"\0\0" in units else len(units)
    return decoded(b"".join(units[:end]), "utf-16-le")


def decoded(data, encoding):
    try:
        return "s:" + data.decode(encoding).encode().hex()
    except UnicodeDecodeError:
        return "invalid"


main()
