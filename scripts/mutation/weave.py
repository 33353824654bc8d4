# SPDX-License-Identifier: Apache-2.0
"""Finds the places in a kernel's source that mutants alter, and weaves calls of mutation.h into them.

A small tokenizer is enough, because the sources are formatted: `<` is a comparison where a space stands
before it, else it opens template arguments.
"""

import re
from dataclasses import dataclass
from pathlib import Path

_TOKEN = re.compile(
    r"""//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[A-Za-z_]\w*|\d[\w.]*(?:[eE][+-]\d+\w*)?"""
    r"""|::|->|\+\+|--|<<=?|(?<=\s)>>=?|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=|\.\.\.|\S""",
    re.DOTALL,
)
_CONTROL = {"if", "for", "while", "switch"}
_KEYWORDS = _CONTROL | {
    "return", "const", "constexpr", "static", "static_assert", "using", "template", "typename", "struct",
    "class", "enum", "namespace", "public", "private", "else", "do", "break", "continue", "case", "default",
    "explicit", "friend", "virtual", "auto", "operator", "union", "goto",
}  # fmt: skip
_CASTS = {"static_cast", "reinterpret_cast", "const_cast"}
_OPEN, _CLOSE = ("(", "[", "{"), (")", "]", "}")
_RELATIONS = {"<", ">", "<=", ">=", "==", "!="}
_ASSIGNMENTS = {"=", "+=", "-=", "*=", "/=", "%=", "|=", "&=", "^="}


@dataclass(frozen=True)
class Place:
    """Somewhere a mutant can be.

    Attributes:
        file: Name of the source file.
        line: Its line.
        statement: The text of the statement, by which equivalent mutants are known.
        text: What is altered there.
        role: `statement`, `limit` (the right side of a comparison), `argument` or `value`.
        function: The text of the function around it, by which a result stays known; empty outside of one.
    """

    file: str
    line: int
    statement: str
    text: str
    role: str
    function: str


@dataclass
class _Token:
    text: str
    begin: int
    end: int
    match: int = -1  # the bracket that belongs to it


class Weaver:
    """Weaves sources, and remembers the places."""

    def __init__(self) -> None:
        """Begin without places."""
        self.places: list[Place] = []

    def weave(self, path: Path) -> str:
        """Return the text of a source with calls of mutation.h around what can be altered."""
        self._file, self._text = path.name, path.read_text()
        self._tokens = _tokenize(self._text)
        self._edits: list[tuple[int, int, int, str]] = []  # where, order, how much it replaces, by what
        self._queues: dict[str, int] = {}
        self._function = (0, 0)
        self._statements(0, len(self._tokens))
        return self._apply()

    def _apply(self) -> str:
        pieces, position = [], 0
        for begin, _, length, text in sorted(self._edits):
            pieces += [self._text[position:begin], text]
            position = begin + length
        woven = "".join([*pieces, self._text[position:]])
        # In the place of the licence's line, so that lines keep their numbers.
        return '#include "mutation.h"\n' + woven.split("\n", 1)[1]

    # --- statements

    def _statements(self, begin: int, end: int) -> None:
        """Go through the statements, or members, between two tokens."""
        tokens, at = self._tokens, begin
        while at < end:
            text = tokens[at].text
            if text in (";", "}"):
                at += 1
            elif text == "{":
                self._statements(at + 1, tokens[at].match)
                at = tokens[at].match + 1
            elif text == "#":
                at = self._skip_line(at)
            elif text in ("if", "while", "for", "switch"):
                at = self._control(at)
            elif text in ("else", "do"):
                at += 1
            elif text in ("public", "private"):
                at += 2  # the colon
            else:
                at = self._statement(at, end)

    def _control(self, at: int) -> int:
        tokens = self._tokens
        fixed = tokens[at + 1].text == "constexpr"
        opening = at + (2 if fixed else 1)
        closing = tokens[opening].match
        if not fixed:
            self._owner = (tokens[at].begin, tokens[closing].end)
            parts = self._split(opening + 1, closing, {";"})
            for index, (first, last) in enumerate(parts):
                if len(parts) == 3 and index == 0:
                    self._declaration(first, last)
                elif len(parts) == 3 and index == 2:
                    self._expression_statement(first, last)
                else:
                    self._expression(first, last, boolean=True)
        return closing + 1

    def _statement(self, at: int, end: int) -> int:
        """Handle one that begins at a token; return where the next one does."""
        tokens = self._tokens
        stop = at
        while stop < end and tokens[stop].text != ";":
            if tokens[stop].text == "{" and self._opens_body(at, stop):
                words = self._words(at, stop)
                if {"class", "struct"} & words:
                    self._queues = {}
                elif "__aicore__" in words:
                    self._function = (tokens[at].begin, tokens[tokens[stop].match].end)
                return stop  # its body follows as statements
            stop = tokens[stop].match + 1 if tokens[stop].match > stop else stop + 1
        words = self._words(at, stop)
        first = tokens[at].text
        self._owner = (tokens[at].begin, tokens[stop].end)
        if first == "template" or words & {"constexpr", "static_assert", "using", "default"}:
            pass
        elif first == "return":
            self._expression(at + 1, stop)
        elif re.fullmatch(r"[A-Z][A-Z_0-9]+", first) or first in ("break", "continue"):
            pass  # CANN's macros
        elif self._is_declaration(at, stop):
            self._declaration(at, stop)
        else:
            place = self._place(tokens[at].begin, tokens[stop].end, "statement")
            self._edits.append((tokens[at].begin, -(1 << 31), 0, f"if (mutation::Keeps({place})) "))
            self._expression_statement(at, stop)
        return stop + 1

    def _opens_body(self, at: int, brace: int) -> bool:
        """Whether a brace opens a body rather than an initialiser."""
        words = self._words(at, brace)
        if "=" in words:
            return False
        before = self._tokens[brace - 1].text
        return bool(words & {"class", "struct", "namespace"}) or (
            "__aicore__" in words and before in (")", "const")
        )

    def _words(self, at: int, stop: int) -> set[str]:
        """Return the tokens outside of brackets."""
        words, index = set(), at
        while index < stop:
            words.add(self._tokens[index].text)
            index = self._next(index)
        return words

    def _is_declaration(self, at: int, stop: int) -> bool:
        """Whether a name follows a type: another name, template arguments, or a const."""
        tokens, index, previous = self._tokens, at, ""
        while index < stop and tokens[index].text not in _ASSIGNMENTS:
            text = tokens[index].text
            if _is_name(text) and (_is_name(previous) or previous in ("const", ">", "auto")):
                return True
            if text in _OPEN:
                return False
            previous = ">" if text == "<" else text
            index = self._next(index)
        return False

    # --- what is altered

    def _place(self, begin: int, end: int, role: str) -> int:
        def squeeze(text: str) -> str:
            return " ".join(re.sub(r"//[^\n]*", "", text).split())

        line = self._text.count("\n", 0, begin) + 1
        statement = squeeze(self._text[self._owner[0] : self._owner[1]])
        first, last = self._function
        function = squeeze(self._text[first:last]) if first <= begin < last else ""
        self.places.append(Place(self._file, line, statement, squeeze(self._text[begin:end]), role, function))
        return len(self.places) - 1

    def _wrap(self, at: int, stop: int, boolean: bool, role: str) -> None:
        begin, end = self._tokens[at].begin, self._tokens[stop - 1].end
        place = self._place(begin, end, role)
        before, after = ("bool(", "))") if boolean else ("", ")")
        # What ends last begins outside.
        self._edits.append((begin, begin - end, 0, f"mutation::At({place}, {before}"))
        self._edits.append((end, 0, 0, after))

    def _declaration(self, at: int, stop: int) -> None:
        for first, last in self._split(at, stop, {","}):
            initialiser = self._find(first, last, {"="})
            brace = next((i for i in self._outside(first, last) if self._tokens[i].text == "{"), -1)
            if initialiser >= 0:
                self._expression(initialiser + 1, last)
            elif brace >= 0:
                self._arguments(brace)

    def _expression_statement(self, at: int, stop: int) -> None:
        for first, last in self._split(at, stop, {","}):
            assignment = self._find(first, last, _ASSIGNMENTS)
            if assignment >= 0:
                self._inside(first, assignment)
                self._expression(assignment + 1, last)
            else:
                self._inside(first, last)

    def _expression(self, at: int, stop: int, boolean: bool = False, role: str = "value") -> None:
        """Alter an expression: its alternatives, the right sides of its comparisons, or itself."""
        tokens = self._tokens
        if stop <= at:
            return
        if tokens[at].text == "{":
            self._arguments(at)
            return
        question = self._find(at, stop, {"?"})
        if question >= 0:
            colon = self._find(question + 1, stop, {":"})
            self._expression(at, question, boolean=True)
            self._expression(question + 1, colon, role=role)
            self._expression(colon + 1, stop, role=role)
            return
        parts = self._split(at, stop, {"&&", "||"})
        if len(parts) > 1:
            for first, last in parts:
                self._expression(first, last, boolean=True)
            return
        self._wrap(at, stop, boolean, role)
        relation = self._find(at, stop, _RELATIONS)
        if relation >= 0:
            self._inside(at, relation)
            self._expression(relation + 1, stop, role="limit")
        else:
            self._inside(at, stop)

    def _inside(self, at: int, stop: int) -> None:
        """Go through the brackets of an expression."""
        for index in self._outside(at, stop):
            token, before = self._tokens[index], self._tokens[index - 1].text
            if token.text in ("EnQue", "DeQue"):
                self._queue_call(index)
            elif token.text == "(" and before == ">" and self._is_cast(index):
                self._inside(index + 1, token.match)  # altered with the cast around it
            elif token.text == "(" and not (_is_name(before) or before in (">", ")", "]")):
                if token.match - index > 2:  # more than one token in parentheses
                    self._expression(index + 1, token.match)
            elif token.text in _OPEN and before != "sizeof":
                self._arguments(index)

    def _is_cast(self, parenthesis: int) -> bool:
        return self._tokens[self._tokens[parenthesis - 1].match - 1].text in _CASTS

    def _arguments(self, opening: int) -> None:
        for first, last in self._split(opening + 1, self._tokens[opening].match, {","}):
            self._expression(first, last, role="argument")

    def _queue_call(self, at: int) -> None:
        """Let EnQue and DeQue go through mutation.h, as one place for each queue of a class."""
        tokens = self._tokens
        queue = tokens[at - (3 if tokens[at - 1].text == "template" else 2)]
        if queue.text not in self._queues:
            self._queues[queue.text] = self._place(queue.begin, tokens[at].end, "statement")
        opening = at + 1 if tokens[at].text == "EnQue" else tokens[at + 1].match + 1
        called = tokens[at].text + self._text[tokens[at + 1].begin : tokens[opening].begin]
        comma = "" if tokens[opening].match == opening + 1 else ", "
        text = f"mutation::{called}({self._queues[queue.text]}, {queue.text}{comma}"
        self._edits.append((queue.begin, 0, tokens[opening].end - queue.begin, text))

    # --- brackets

    def _next(self, index: int) -> int:
        """Return the token after this one, or after the bracket that belongs to it."""
        return max(self._tokens[index].match, index) + 1

    def _outside(self, at: int, stop: int) -> list[int]:
        """Return the tokens that no bracket encloses."""
        indices = []
        while at < stop:
            indices.append(at)
            at = self._next(at)
        return indices

    def _find(self, at: int, stop: int, texts: set[str]) -> int:
        tokens = self._tokens
        return next(
            (i for i in self._outside(at, stop) if tokens[i].text in texts and tokens[i].match < 0), -1
        )

    def _split(self, at: int, stop: int, texts: set[str]) -> list[tuple[int, int]]:
        parts, first = [], at
        while (found := self._find(first, stop, texts)) >= 0:
            parts.append((first, found))
            first = found + 1
        return [*parts, (first, stop)]

    def _skip_line(self, at: int) -> int:
        end = self._text.find("\n", self._tokens[at].begin)
        while at < len(self._tokens) and self._tokens[at].begin < end:
            at += 1
        return at


def _is_name(text: str) -> bool:
    return re.fullmatch(r"[A-Za-z_]\w*", text) is not None and text not in _KEYWORDS


def _tokenize(text: str) -> list[_Token]:
    tokens = [
        _Token(match[0], match.start(), match.end())
        for match in _TOKEN.finditer(text)
        if not match[0].startswith(("//", "/*"))
    ]
    opened: list[int] = []
    for index, token in enumerate(tokens):
        before = tokens[index - 1] if index > 0 else None
        opens_template = token.text == "<" and (before.text == "template" or before.end == token.begin)
        if token.text in _OPEN or opens_template:
            opened.append(index)
        elif token.text in _CLOSE or (token.text == ">" and opened and tokens[opened[-1]].text == "<"):
            token.match = opened[-1]
            tokens[opened.pop()].match = index
    return tokens
