"""Steps that turn the gathered source tables into the files of the bundled corridor."""
