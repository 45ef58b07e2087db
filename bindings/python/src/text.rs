//! Text as the network has it, bytes without NUL, is `str` in Python: UTF-8, in which what is not valid
//! comes and goes unchanged by way of `surrogateescape`, as in names of files.

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyByteArray, PyBytes, PyMemoryView, PyString};
use std::borrow::Cow;

/// The bytes of a key or value: of a `str`, or of an object that is bytes.
pub(crate) fn bytes<'a>(what: &str, text: &'a Bound<'_, PyAny>) -> PyResult<Cow<'a, [u8]>> {
    if let Ok(text) = text.cast::<PyString>() {
        return of_str(text).map(Cow::Owned);
    }
    if let Ok(text) = text.cast::<PyBytes>() {
        return Ok(Cow::Borrowed(text.as_bytes()));
    }
    if text.is_instance_of::<PyByteArray>() || text.is_instance_of::<PyMemoryView>() {
        let copy = text.py().get_type::<PyBytes>().call1((text,))?;
        return Ok(Cow::Owned(copy.cast::<PyBytes>()?.as_bytes().to_vec()));
    }
    Err(wrong_type(what, "str or bytes", text))
}

/// The bytes of a name, which C ends at the first NUL.
pub(crate) fn name(what: &str, text: &Bound<'_, PyAny>) -> PyResult<Vec<u8>> {
    let Ok(text) = text.cast::<PyString>() else {
        return Err(wrong_type(what, "str", text));
    };
    let bytes = of_str(text)?;
    if bytes.contains(&0) {
        return Err(PyValueError::new_err(format!("{what} contains a null character")));
    }
    Ok(bytes)
}

/// The name of a file.
pub(crate) fn path(what: &str, file: &Bound<'_, PyAny>) -> PyResult<Vec<u8>> {
    let Ok(path) = file.py().import("os")?.call_method1("fspath", (file,)) else {
        return Err(wrong_type(what, "str or os.PathLike", file));
    };
    name(what, &path)
}

/// What `bytes` gives back unchanged.
pub(crate) fn to_str<'py>(py: Python<'py>, bytes: &[u8]) -> PyResult<Bound<'py, PyString>> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(PyString::new(py, text)),
        Err(_) => PyString::from_encoded_object(
            &PyBytes::new(py, bytes),
            Some(c"utf-8"),
            Some(c"surrogateescape"),
        ),
    }
}

fn of_str(text: &Bound<'_, PyString>) -> PyResult<Vec<u8>> {
    if let Ok(text) = text.to_cow() {
        return Ok(text.as_bytes().to_vec());
    }
    // It holds what came from bytes that are no UTF-8.
    let encoded = text.call_method1("encode", ("utf-8", "surrogateescape"))?;
    Ok(encoded.cast::<PyBytes>()?.as_bytes().to_vec())
}

fn wrong_type(what: &str, wanted: &str, given: &Bound<'_, PyAny>) -> PyErr {
    let given = given.get_type().name().map_or_else(|_| "?".to_string(), |name| name.to_string());
    PyTypeError::new_err(format!("{what} must be {wanted}, not {given}"))
}
