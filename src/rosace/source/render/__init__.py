"""Diagnostics for people, programs and editors: one file per form.

In: `Diagnostic`s. Out: text or plain data. Must not: print, or change what is
said: every form tells the same facts.
"""

from rosace.source.render.editor import to_editor
from rosace.source.render.records import to_json
from rosace.source.render.sarif import to_sarif
from rosace.source.render.terminal import read_file, to_terminal

__all__ = ["read_file", "to_editor", "to_json", "to_sarif", "to_terminal"]
