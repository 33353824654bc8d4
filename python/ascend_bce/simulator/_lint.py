# SPDX-License-Identifier: Apache-2.0
"""C++ that g++ takes and bisheng, CANN's compiler, refuses in device code.

Works on the tokens of the kernel's source and of the headers that it includes with quotes. Only device code
is judged: functions marked __aicore__ or __global__, and variables of namespaces that they use. What only the
CPU build sees (#ifdef __CCE_KT_TEST__ and the like) is left out; of other #if's, the first branch counts.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ascend_bce.simulator._finding import Finding

CODE = "bisheng-rejects"
_WHY = "CANN's compiler refuses it in device code, or there is nothing on the device that could do it"

_TOKEN = re.compile(r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'|[A-Za-z_]\w*|\d[\w.\']*|::|->|\S')
_CPU_ONLY = re.compile(r"__CCE_KT_TEST__|ASCENDC_CPU_DEBUG|__CCE_UT_TEST__|__CPU_")
_DEVICE = ("__aicore__", "__global__")
_KEYWORDS = {
    "throw": ("an exception", "return a state, or use ascendc_assert"),
    "try": ("exception handling", "leave it out; nothing on the device throws"),
    "typeid": ("run-time type information", "choose by a template argument"),
    "dynamic_cast": ("run-time type information", "choose by a template argument"),
    "new": ("dynamic memory", "take tensors from a TPipe, or an array of fixed size"),
    "delete": ("dynamic memory", "take tensors from a TPipe, or an array of fixed size"),
}
_MEMORY = ("malloc", "calloc", "realloc", "free")
_LIBRARY = {
    *("vector", "string", "map", "unordered_map", "set", "unordered_set", "list", "deque", "queue", "stack"),
    *("function", "unique_ptr", "shared_ptr", "make_unique", "make_shared", "optional", "variant", "any"),
    *("cout", "cerr", "endl", "ofstream", "ifstream", "stringstream", "ostringstream", "to_string"),
    *("thread", "mutex", "atomic", "lock_guard", "condition_variable", "async", "future"),
    *("sort", "stable_sort", "accumulate", "fill", "copy", "transform", "find", "find_if", "for_each"),
    *("runtime_error", "exception", "logic_error", "invalid_argument", "random_device", "mt19937"),
}


@dataclass(frozen=True)
class _Token:
    text: str
    line: int


def lint(source: Path, include_dirs: Sequence[Path], kernel: str) -> list[Finding]:
    """Return what bisheng would refuse in a kernel's source, in the order of files and lines."""
    findings = []
    for path in _files(source, include_dirs):
        text = path.read_text(errors="replace")
        lines = text.splitlines()
        for line, what, mend in sorted(set(_judge(list(_tokens(text))))):
            shown = lines[line - 1].strip()
            message = f"device code has {what}"
            findings.append(_finding(kernel, path, line, shown, message, mend))
    return findings


def _finding(kernel: str, path: Path, line: int, source: str, message: str, mend: str) -> Finding:
    text = (
        f"{CODE}: {message}\n    in kernel {kernel}, at {path}:{line}\n        {source}\n"
        f"    why: {_WHY}\n    mend: {mend}"
    )
    return Finding(
        code=CODE, message=message, why=_WHY, mend=mend, kernel=kernel, block=0, visit=0, file=str(path),
        line=line, source=source, tensor=None, stops=False, occurrences=1, blocks=0, block_dim=0, text=text,
    )  # fmt: skip


def _files(source: Path, include_dirs: Sequence[Path]) -> list[Path]:
    """Return the source and the headers of its project."""
    found = [source]
    for path in found:
        for name in re.findall(
            r'^\s*#\s*include\s*"([^"]+)"', path.read_text(errors="replace"), re.MULTILINE
        ):
            for folder in (path.parent, *include_dirs):
                header = (folder / name).resolve()
                if header.is_file():
                    if header not in found:
                        found.append(header)
                    break
    return found


def _tokens(text: str) -> Iterable[_Token]:
    """Return the tokens of what the device's build sees, without directives."""
    text = re.sub(
        r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"',
        lambda match: match[0] if match[0][0] == '"' else "\n" * match[0].count("\n") or " ",
        text,
        flags=re.DOTALL,
    )
    # Of the branches of an #if, the first that the device may see; one entry for each #if around this line.
    hidden: list[bool] = []
    taken: list[bool] = []
    continued = False
    for number, line in enumerate(text.splitlines(), 1):
        directive = re.match(r"\s*#\s*(\w+)(.*)", line)
        continues, continued = continued, bool(continued or directive) and line.rstrip().endswith("\\")
        if continues:
            continue
        if directive is not None:
            name, condition = directive[1], directive[2]
            cpu = _CPU_ONLY.search(condition) is not None
            if name in ("if", "ifdef", "ifndef"):
                hidden.append(cpu and name != "ifndef" and "!" not in condition)
                taken.append(not hidden[-1])
            elif name in ("else", "elif") and hidden:
                hidden[-1] = taken[-1]
                taken[-1] = True
            elif name == "endif" and hidden:
                hidden.pop()
                taken.pop()
        elif True not in hidden:
            yield from (_Token(token, number) for token in _TOKEN.findall(line))


def _judge(tokens: list[_Token]) -> Iterable[tuple[int, str, str]]:
    """Yield line, what, and how to mend it."""
    functions = list(_device_functions(tokens))
    if not functions:
        return
    overloads = Counter((function.name, _count_arguments(function.parameters)) for function in functions)
    for function in functions:
        yield from _judge_declaration(function)
        yield from _judge_body(function)
        overload = function.name, _count_arguments(function.parameters)
        if overloads[overload] == 1 and function.name.isidentifier():
            yield from _judge_recursion(function)
    used = {token.text for function in functions for token in function.body}
    yield from (tuple(found) for name, *found in _judge_variables(tokens) if name in used)


@dataclass(frozen=True)
class _Function:
    name: str
    declaration: list[_Token]  # up to the parameters
    parameters: list[_Token]
    body: list[_Token]


def _device_functions(tokens: list[_Token]) -> Iterable[_Function]:
    i = 0
    while i < len(tokens):
        if tokens[i].text not in _DEVICE:
            i += 1
            continue
        begin = i
        while begin > 0 and tokens[begin - 1].text not in (";", "{", "}", ":", ">"):
            begin -= 1
        opening = _find(tokens, i, "(")
        while opening < len(tokens) and tokens[opening - 1].text in ("__attribute__", "decltype", "alignas"):
            opening = _find(tokens, _after(tokens, opening), "(")
        if opening >= len(tokens):
            return
        closing = _after(tokens, opening)
        end = closing
        while end < len(tokens) and tokens[end].text not in ("{", ";"):
            end += 1
        stop = _after(tokens, end) if end < len(tokens) and tokens[end].text == "{" else end + 1
        yield _Function(
            tokens[opening - 1].text,
            tokens[begin:opening],
            tokens[opening + 1 : closing - 1],
            tokens[end:stop],
        )
        i = stop


def _find(tokens: list[_Token], i: int, text: str) -> int:
    while i < len(tokens) and tokens[i].text != text:
        i += 1
    return i


def _after(tokens: list[_Token], i: int) -> int:
    """Return the index after the bracket that closes the one at i."""
    opening = tokens[i].text
    closing = {"(": ")", "{": "}"}[opening]
    depth = 0
    while i < len(tokens):
        depth += (tokens[i].text == opening) - (tokens[i].text == closing)
        i += 1
        if depth == 0:
            break
    return i


def _judge_declaration(function: _Function) -> Iterable[tuple[int, str, str]]:
    for token in function.declaration:
        if token.text == "virtual":
            yield token.line, "a virtual function", "choose the function by a template argument"


def _judge_body(function: _Function) -> Iterable[tuple[int, str, str]]:
    body = function.body
    for i, token in enumerate(body):
        before = body[i - 1].text if i > 0 else ""
        after = body[i + 1].text if i + 1 < len(body) else ""
        known = _KEYWORDS.get(token.text)
        if known is not None and not (token.text == "delete" and before == "="):
            yield token.line, f"{known[0]} (`{token.text}`)", known[1]
        elif token.text in _MEMORY and after == "(" and before not in (".", "->", "::"):
            yield token.line, f"dynamic memory (`{token.text}`)", _KEYWORDS["new"][1]
        elif token.text == "std" and after == "::" and before != "::" and body[i + 2].text in _LIBRARY:
            yield (
                token.line,
                f"a part of the standard library that runs on the host (`std::{body[i + 2].text}`)",
                "use AscendC's own calls, or an array of fixed size",
            )
        elif token.text == "static" and not {before, after} & {"constexpr", "const", "inline"}:
            yield token.line, "a variable that outlives its function (`static`)", "make it a member, or const"


def _judge_recursion(function: _Function) -> Iterable[tuple[int, str, str]]:
    # A kernel gives no value: where one is wanted, a function of the same name is meant, as sqrt.
    is_kernel = any(token.text == "__global__" for token in function.declaration)
    expected = _count_arguments(function.parameters)
    for i, token in enumerate(function.body[:-1]):
        if (
            token.text == function.name
            and function.body[i + 1].text == "("
            and (i == 0 or function.body[i - 1].text not in (".", "->", "::"))
            and not (is_kernel and i > 0 and function.body[i - 1].text not in (";", "{", "}", ")"))
        ):
            end = _after(function.body, i + 1)
            if _count_arguments(function.body[i + 2 : end - 1]) == expected:
                yield token.line, f"recursion (`{function.name}` calls itself)", "write a loop"


def _count_arguments(tokens: list[_Token]) -> int:
    depth, count = 0, 1 if tokens else 0
    for token in tokens:
        depth += (token.text in "([{<") - (token.text in ")]}>")
        count += token.text == "," and depth == 0
    return count


def _judge_variables(tokens: list[_Token]) -> Iterable[tuple[str, int, str, str]]:
    """Judge the variables of namespaces; yield their names first."""
    statement: list[_Token] = []
    i = 0
    while i < len(tokens):
        token = tokens[i]
        if token.text == "{":
            words = {t.text for t in statement}
            if "namespace" in words or ("extern" in words and len(statement) == 2):
                statement = []
            else:
                i = _after(tokens, i)
                if not _is_variable(statement):
                    statement = []
                continue
        elif token.text == "}":
            statement = []
        elif token.text == ";":
            if _is_variable(statement):
                name = _variable_name(statement)
                yield (
                    name,
                    statement[0].line,
                    f"a variable that all blocks would share (`{name}`)",
                    "make it constexpr, or a member of the kernel's class",
                )
            statement = []
        else:
            statement.append(token)
        i += 1


def _is_variable(statement: list[_Token]) -> bool:
    words = [token.text for token in statement]
    if not words or not re.fullmatch(r"static|[A-Za-z]\w*", words[0]) or "(" in words:
        return False
    others = (
        "const",
        "constexpr",
        "using",
        "typedef",
        "template",
        "extern",
        "enum",
        "struct",
        "class",
        "union",
        "namespace",
    )
    if any(word in others or word.startswith(("__", "#")) for word in words) or "operator" in words:
        return False
    declared = words[: words.index("=")] if "=" in words else words
    return len(declared) >= 2 and ("=" in words or words[0] == "static" or len(declared) == 2)


def _variable_name(statement: list[_Token]) -> str:
    words = [token.text for token in statement]
    declared = words[: words.index("=")] if "=" in words else words
    return next(word for word in reversed(declared) if re.fullmatch(r"[A-Za-z_]\w*", word))
