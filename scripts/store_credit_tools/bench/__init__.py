"""Measuring what this repository promises about speed, each figure against a rival in the same run.

`rows` says what a figure and its promise are; `sampling` takes turns between contenders; `children` starts them, each
in a process of its own; `contenders` holds what runs in there; `imports`, `calls`, `decoding` and `paging` say what is
compared with what.
"""
