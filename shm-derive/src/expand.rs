//! What the derive writes.
//!
//! Everything that counts comes from rustc, from `offset_of!` and from each
//! field's own shape: it is computed from these or, where that is slow,
//! predicted and compared with them.
//!
//! rustc takes its time with each body of code and each mention of a type, so
//! an offset is asked for once, and of types that are spelled alike the first.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use shm_schema::Name;
use syn::DeriveInput;
use syn::spanned::Spanned;

use crate::assert;
use crate::compare::{Expected, compare};
use crate::fallback;
use crate::kinds;
use crate::predict::Prediction;
use crate::schema::Schema;
use shm_record::ast::{Field, Record};
use shm_record::attr::{self, OnField};
use shm_record::lower::Lowered;
use shm_record::valid;

/// All of the derive: impls, or errors and what keeps them readable.
pub(crate) fn derive(input: &DeriveInput) -> TokenStream {
    try_derive(input).unwrap_or_else(|error| fallback::impls(input, error))
}

fn try_derive(input: &DeriveInput) -> syn::Result<TokenStream> {
    let record = Record::from_syn(input)?;
    let lowered = valid::check(&record)?;
    let schema = record
        .shared
        .schema
        .as_ref()
        .map(|schema| Schema::read(schema, record.shared.root.as_ref()))
        .transpose()?;
    let expected = schema
        .as_ref()
        .map(|schema| compare(&record, &lowered, schema))
        .transpose()?;

    let prediction = Prediction::of(&record, &lowered, expected.as_ref());

    let fields = fields(&record);
    let whole = whole(&record);
    let absent = absent(&record, expected.as_ref());
    let section = section(&record, schema.as_ref(), prediction.as_ref());
    let shared_field = shared_field(&record);
    let shared_layout = shared_layout(&record);
    let assertions = expected
        .as_ref()
        .map(|expected| assert::against(&record, expected, prediction.as_ref()));
    let stated = assert::stated(&record, prediction.as_ref());
    let tokens = tokens(&record, &lowered);
    Ok(quote! {
        // A type of the user's may have any name, so nothing is imported and
        // what is defined has two underscores. A deprecated field is still a
        // field.
        #[allow(deprecated)]
        const _: () = {
            #fields
            #whole
            #absent
            #section
            #shared_field
            #shared_layout
            #assertions
            #stated
            #tokens
        };
    })
}

/// Offsets and shapes, as rustc has them.
fn fields(record: &Record<'_>) -> TokenStream {
    let ident = record.ident;
    let names = record.fields.iter().map(|field| field.ident);
    let shapes = record.fields.iter().enumerate().map(|(i, field)| {
        let (ty, spelled) = (field.ty, &field.name);
        let shape = quote_spanned!(ty.span()=> <#ty as ::shm_runtime::SharedField>::SHAPE);
        quote! {
            ::shm_runtime::FieldShape {
                name: #spelled,
                shape: #shape,
                offset: __AT[#i],
                size: ::core::mem::size_of::<#ty>(),
            }
        }
    });
    let count = record.fields.len();
    quote! {
        const __AT: &[usize; #count] = &[#(::core::mem::offset_of!(#ident, #names),)*];
        const __FIELDS: &[::shm_runtime::FieldShape] = &[#(#shapes,)*];
    }
}

/// Asks rustc whether the struct is what the derive has seen: an attribute
/// that comes after it can add a field, give one another type, or take
/// `repr(C)` away, and a length of an array may be a constant whose name is
/// also one of those that are defined here. What is unsafe below rests on it.
fn whole(record: &Record<'_>) -> TokenStream {
    let ident = record.ident;
    let names: Vec<_> = record.fields.iter().map(|field| field.ident).collect();
    let types = record.fields.iter().map(|field| field.ty);
    quote! {
        fn __whole(__it: #ident) {
            let #ident { #(#names: _,)* } = __it;
            #(let _: #types = __it.#names;)*
        }
        const _: () = ::core::assert!(
            ::shm_runtime::__private::are_in_order(__FIELDS),
            "a record needs `#[repr(C)]`: without it rustc may order the fields as it likes",
        );
    }
}

/// What stands for fields that a segment lacks: as the schema says, or the
/// attributes.
fn absent(record: &Record<'_>, expected: Option<&Expected<'_>>) -> TokenStream {
    let absent = |name: &str, since: TokenStream, sentinel: TokenStream| {
        quote! {
            ::shm_runtime::Absent { field: #name, since: #since, sentinel: #sentinel }
        }
    };
    let of_schema = expected.into_iter().flat_map(|expected| &expected.fields);
    let of_schema = of_schema.filter_map(|(_, field)| {
        let (since, sentinel) = (field.since, field.sentinel_bits());
        let (since_or, bits) = (since.unwrap_or(0), sentinel.unwrap_or(0));
        (since.is_some() || sentinel.is_some())
            .then(|| absent(field.name.as_str(), quote!(#since_or), quote!(#bits)))
    });
    let stated = record.fields.iter().enumerate().filter_map(|(i, field)| {
        let OnField { since, none, .. } = &field.shared;
        if since.is_none() && none.is_none() {
            return None;
        }
        let since = since.as_ref().map_or(quote!(0), ToTokens::to_token_stream);
        let sentinel = none.as_ref().map_or(quote!(0), |none| {
            quote_spanned! {none.span()=>
                ::shm_runtime::__private::stored_bits(&(#none), &__FIELDS[#i])
            }
        });
        Some(absent(&field.name, since, sentinel))
    });
    quote! {
        const __ABSENT: &[::shm_runtime::Absent] = &[#(#of_schema,)* #(#stated,)*];
    }
}

/// The canonical text, its fingerprint, the named types in it, and where it
/// comes from.
fn section(
    record: &Record<'_>,
    schema: Option<&Schema>,
    prediction: Option<&Prediction>,
) -> TokenStream {
    let (ident, name) = (record.ident, record.name());
    let schema_id = schema_id(record, schema);
    let text = match prediction {
        Some(prediction) => predicted(record, prediction),
        None => computed(record),
    };
    quote! {
        const __SCHEMA: ::shm_runtime::SchemaId = #schema_id;
        const fn __text<const CAP: usize>() -> ::shm_runtime::__private::Text<CAP> {
            ::shm_runtime::__private::of_struct(
                #name,
                ::core::mem::size_of::<#ident>(),
                ::core::mem::align_of::<#ident>(),
                __FIELDS,
            )
        }
        const __PARTS: &[&::shm_runtime::Section] = &::shm_runtime::__private::parts::<
            { ::shm_runtime::__private::part_count(__FIELDS) },
        >(__FIELDS);
        #text
    }
}

/// Text and fingerprint, computed by rustc.
fn computed(record: &Record<'_>) -> TokenStream {
    let name = record.name();
    quote! {
        const __TEXT: &::shm_runtime::__private::Text<{ __text::<0>().measure() }> = &__text();
        // SHA-256 of a long text takes rustc long enough to ask about.
        #[allow(long_running_const_eval)]
        const __SECTION: &::shm_runtime::Section =
            &::shm_runtime::Section::of(__TEXT.as_str(), __PARTS).from(__SCHEMA, __ABSENT);
        const __NAMED: &::shm_runtime::__private::Text<{ 72 + #name.len() }> =
            &::shm_runtime::__private::named("struct:", #name, &__SECTION.fingerprint);
        const __ELEMENT: &str = __NAMED.as_str();
    }
}

/// Text and fingerprint as they are predicted, if what they rest on is so;
/// else computed.
fn predicted(record: &Record<'_>, prediction: &Prediction) -> TokenStream {
    let name = record.name();
    let holds = prediction.holds(record);
    let (text, bytes) = (&prediction.text, &prediction.fingerprint.0);
    let element = format!("struct:{name}:{}", prediction.fingerprint);
    // Each constant asks for itself: rustc computes all that one names,
    // whichever way it then goes.
    quote! {
        const __IS_PREDICTED: bool = #holds;
        const __TEXT: &::shm_runtime::__private::Text<
            { if __IS_PREDICTED { 0 } else { __text::<0>().measure() } },
        > = &if __IS_PREDICTED { ::shm_runtime::__private::Text::EMPTY } else { __text() };
        #[allow(long_running_const_eval)]
        const __SECTION: &::shm_runtime::Section = &if __IS_PREDICTED {
            ::shm_runtime::Section::known(
                #text,
                ::shm_runtime::Fingerprint([#(#bytes),*]),
                __PARTS,
            )
        } else {
            ::shm_runtime::Section::of(__TEXT.as_str(), __PARTS)
        }.from(__SCHEMA, __ABSENT);
        const __NAMED: &::shm_runtime::__private::Text<
            { if __IS_PREDICTED { 0 } else { 72 + #name.len() } },
        > = &if __IS_PREDICTED {
            ::shm_runtime::__private::Text::EMPTY
        } else {
            ::shm_runtime::__private::named("struct:", #name, &__SECTION.fingerprint)
        };
        const __ELEMENT: &str = if __IS_PREDICTED { #element } else { __NAMED.as_str() };
    }
}

fn shared_field(record: &Record<'_>) -> TokenStream {
    let ident = record.ident;
    let types: Vec<_> = record.fields.iter().map(|field| field.ty).collect();
    let kinds = kinds::of(types.iter().map(|ty| (*ty, ())));
    let counts = kinds.iter().map(|kind| kind.count);
    let kinds: Vec<_> = kinds.iter().map(|kind| kind.ty).collect();
    let starts = (0..types.len()).map(|i| quote!(__AT[#i]));
    // Each field's padding ends where the next field starts.
    let ends = (1..types.len())
        .map(|next| quote!(__AT[#next]))
        .chain([quote!(::core::mem::size_of::<#ident>())]);
    // SAFETY of what is written:
    // 1. Each field's type has made the promises of `SharedField`, and
    //    `normalise` visits each field at its true offset. `whole` has made
    //    sure that these are all fields, and their types.
    // 2. It has also made sure that they lie in declared order, so bytes that
    //    belong to no field lie between one's end and the next one's start;
    //    `scrub` visits these and the fields. `PADDED` is false only when the
    //    fields' sizes add up to the struct's, so that there are none.
    // 3. The fields hold no pointers.
    // The calls pass offsets of fields in a struct that the caller lends.
    quote! {
        #[inline(always)]
        #[allow(unsafe_code)]
        unsafe fn __visit<const SCRUB: bool>(at: *mut u8) {
            #(unsafe {
                <#types as ::shm_runtime::SharedField>::__visit::<SCRUB>(
                    at,
                    #starts,
                    #ends,
                )
            };)*
        }

        #[automatically_derived]
        #[allow(unsafe_code)]
        unsafe impl ::shm_runtime::SharedField for #ident {
            const SHAPE: ::shm_runtime::Shape =
                ::shm_runtime::Shape::named(__ELEMENT, __SECTION);
            const PADDED: bool = #(<#kinds as ::shm_runtime::SharedField>::PADDED ||)*
                ::core::mem::size_of::<#ident>()
                    != 0 #(+ #counts * ::core::mem::size_of::<#kinds>())*;
            const ANY_BYTES: bool = #(<#kinds as ::shm_runtime::SharedField>::ANY_BYTES)&&*;

            #[inline]
            unsafe fn normalise(at: *mut u8) {
                unsafe { __visit::<false>(at) }
            }

            #[inline]
            unsafe fn scrub(at: *mut u8) {
                unsafe { __visit::<true>(at) }
            }
        }
    }
}

fn schema_id(record: &Record<'_>, schema: Option<&Schema>) -> TokenStream {
    match (&record.shared.schema_id, schema) {
        (Some(path), _) => path.to_token_stream(),
        (None, Some(schema)) => {
            let package = schema.layout.package.as_str();
            let version = schema.layout.version;
            let fingerprint = schema.layout.fingerprint.0;
            quote! {
                ::shm_runtime::SchemaId {
                    package: #package,
                    version: #version,
                    fingerprint: ::shm_runtime::Fingerprint([#(#fingerprint),*]),
                }
            }
        }
        (None, None) => quote!(::shm_runtime::SchemaId::NONE),
    }
}

fn shared_layout(record: &Record<'_>) -> TokenStream {
    let (ident, name) = (record.ident, record.name());
    // SAFETY of what is written: `valid` has seen `repr(C)`, offsets and sizes
    // are what rustc computes, and `whole` has made sure of the fields.
    quote! {
        #[automatically_derived]
        #[allow(unsafe_code)]
        unsafe impl ::shm_runtime::SharedLayout for #ident {
            const NAME: &'static str = #name;
            const SECTION: &'static ::shm_runtime::Section = __SECTION;
            const SCHEMA: ::shm_runtime::SchemaId = __SCHEMA;
            const FIELDS: &'static [::shm_runtime::FieldShape] = __FIELDS;
        }
    }
}

/// One constant a field, padding aside: `Point::X`.
fn tokens(record: &Record<'_>, lowered: &[Lowered]) -> TokenStream {
    let ident = record.ident;
    let fields = record.fields.iter().enumerate().zip(lowered);
    let fields = fields.filter_map(|(field, ty)| (!ty.element.is_gap()).then_some(field));
    let constants = fields.map(|(i, field)| {
        let Field {
            ident: name,
            ty,
            visibility,
            name: spelled,
            ..
        } = field;
        let token = Ident::new(&Name::constant_case(spelled), name.span());
        let title = format!("The field `{spelled}`.");
        let docs = field.attributes.iter().filter(|a| attr::is(a, "doc"));
        let deprecated = field
            .attributes
            .iter()
            .filter(|a| attr::is(a, "deprecated"));
        // SAFETY of what is written: the field is there, and of this type, as
        // `whole` has made sure.
        quote! {
            #[doc = #title]
            #[doc = ""]
            #(#docs)*
            #(#deprecated)*
            #visibility const #token: ::shm_runtime::Field<Self, #ty> =
                unsafe { ::shm_runtime::Field::new(#spelled, __AT[#i]) };
        }
    });
    quote! {
        #[allow(deprecated, unsafe_code, dead_code)]
        impl #ident {
            #(#constants)*
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(source: &str) -> String {
        derive(&syn::parse_str(source).unwrap()).to_string()
    }

    #[test]
    fn a_text_that_tokens_tell_is_written_and_not_left_to_rustc() {
        let all = written("#[repr(C)] struct Some { first: u8, second: [f32; 2] }");
        let text = "shm-layout/1\nstruct Some 12 4\nfirst u8 @0 +1\nsecond f32 [2] @4 +8\n";
        let fingerprint = shm_schema::Fingerprint::of(text);
        assert!(all.contains(&quote!(#text).to_string()), "{all}");
        assert!(all.contains(&format!("struct:Some:{fingerprint}")), "{all}");

        let some = written("#[repr(C)] struct Some { first: u8, second: Side }");
        assert!(!some.contains("shm-layout/1"), "{some}");
    }

    #[test]
    fn rustc_is_asked_whether_the_fields_are_all_and_of_these_types() {
        let all = written("#[repr(C)] struct Some { first: u8, second: [f32; 2] }");
        let pattern = quote!(let Some { first: _, second: _, } = __it;).to_string();
        assert!(all.contains(&pattern), "{all}");
        let types = quote! {
            let _: u8 = __it.first;
            let _: [f32; 2] = __it.second;
        };
        assert!(all.contains(&types.to_string()), "{all}");
    }
}
