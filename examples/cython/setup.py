"""Compiles `quotes.pyx`; what it declares was generated into `generated/`."""

from Cython.Build import cythonize
from setuptools import Extension, setup

quotes = Extension("quotes", ["quotes.pyx"], include_dirs=["generated"])
setup(
    name="quotes",
    version="0.1.0",
    ext_modules=cythonize([quotes], include_path=["generated"]),
    py_modules=[],
)
