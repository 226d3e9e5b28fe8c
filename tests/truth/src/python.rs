//! The Python program that looks at a batch's records, with ctypes and numpy.

use std::fs;
use std::process::Command;

use anyhow::Result;
use serde_json::{Value, json};
use shm_codegen::Target;
use shm_schema::Layout;
use shm_schema::layout::{Field, Member, Scalar, StructLayout, Type};

use crate::case::Case;
use crate::expect::{self, hex};
use crate::place_of::Places;
use crate::run;

/// What it prints, each case's lines after one that names it and who speaks.
pub(crate) fn say(cases: &[&Case], places: &Places) -> Result<String> {
    let folder = places.folder("python")?;
    for case in cases {
        case.write(Target::Python, &folder)?;
    }
    let spec: Vec<Value> = cases.iter().map(|case| self::case(case)).collect();
    fs::write(folder.join("cases.json"), Value::from(spec).to_string())?;
    fs::write(folder.join("probe.py"), include_str!("../probe/probe.py"))?;
    let mut python = Command::new(run::python());
    python
        .current_dir(&folder)
        // A warning at import is a fault of the generated module.
        .args(["-W", "error", "-B", "probe.py", "cases.json"]);
    run::output(&mut python)
}

fn case(case: &Case) -> Value {
    let structs = case.structs();
    let structs: Vec<Value> = structs
        .map(|(s, records)| record(&case.layout, s, records))
        .collect();
    json!({ "name": case.name, "modules": case.packages().map(|p| p.python()).collect::<Vec<_>>(), "structs": structs })
}

fn record(layout: &Layout, s: &StructLayout, records: &[Vec<u8>]) -> Value {
    let package = expect::package(layout, s.home);
    let members: Vec<Value> = s.members.iter().map(|m| member(layout, m)).collect();
    json!({
        "label": expect::label(layout, s),
        "module": package.python(),
        "class": s.name.python(),
        "fingerprint": s.fingerprint.to_string(),
        "says_align": expect::says(layout, s, &|s| s.declared_align.is_some()),
        "says_pack": expect::says(layout, s, &|s| s.pack.is_some()),
        "members": members,
        "records": records.iter().map(|bytes| hex(bytes)).collect::<Vec<_>>(),
    })
}

/// What a member is; where it lies is for Python to say.
fn member(layout: &Layout, member: &Member) -> Value {
    let field = match member {
        Member::Field(field) => field,
        Member::Reserved(gap) | Member::Pad(gap) => {
            return json!({ "name": gap.name, "kind": "gap" });
        }
    };
    let mut view = json!({
        "name": field.name.as_str(),
        "kind": kind(field),
        "dims": field.dims,
        "has_meaning": expect::has_meaning(field),
        "is_scaled": field.scale.is_some(),
        "numerator": expect::numerator(field),
    });
    match field.ty {
        Type::Struct(index) => view["of"] = expect::label(layout, &layout.structs[index]).into(),
        Type::Enum(index) => {
            let values = &layout.enums[index].values;
            let names = values
                .iter()
                .map(|v| (v.name.upper(), v.name.as_str().into()));
            view["names"] = Value::Object(names.collect());
            let numbers = values.iter().map(|v| (v.name.to_string(), whole(v.value)));
            view["numbers"] = Value::Object(numbers.collect());
        }
        Type::Flags(index) => {
            let bits = &layout.flags[index].bits;
            let names = bits
                .iter()
                .map(|b| (b.name.upper(), b.name.as_str().into()));
            view["names"] = Value::Object(names.collect());
            let numbers = bits.iter().map(|b| (b.name.to_string(), b.bit.into()));
            view["numbers"] = Value::Object(numbers.collect());
        }
        _ => {}
    }
    view
}

fn kind(field: &Field) -> &'static str {
    match field.ty {
        Type::Scalar(Scalar::F32) => "f32",
        Type::Scalar(Scalar::F64) => "f64",
        Type::Scalar(_) => "i",
        Type::Bool => "bool",
        Type::Str { .. } => "str",
        Type::Bytes { .. } => "bytes",
        Type::Utf16 { .. } => "utf16",
        Type::Timestamp(_) | Type::Duration(_) => "time",
        Type::Enum(_) => "enum",
        Type::Flags(_) => "flags",
        Type::Struct(_) => "struct",
    }
}

fn whole(value: i128) -> Value {
    match u64::try_from(value) {
        Ok(value) => value.into(),
        Err(_) => (value as i64).into(),
    }
}
