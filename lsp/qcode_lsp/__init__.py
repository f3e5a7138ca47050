"""The language server: pygls, one file per feature, no drawing."""
