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
    for function in functions:
        yield from _judge_declaration(function)
        yield from _judge_body(function)
        yield from _judge_double(function)
        yield from _judge_address_spaces(function)
    yield from _judge_recursion(functions)
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


def _judge_double(function: _Function) -> Iterable[tuple[int, str, str]]:
    """Judge variables and conversions; a type as a template's argument, and constants, are no arithmetic."""
    tokens = [*function.parameters, _Token(";", 0), *function.body]
    begin = 0  # of the statement
    for i, token in enumerate(tokens[:-1]):
        if token.text in (";", "{", "}"):
            begin = i + 1
        before, after = tokens[i - 1].text if i > 0 else "", tokens[i + 1].text
        converts = (
            after in ("(", "{")
            or (before == "(" and after == ")" and not (i > 1 and tokens[i - 2].text.isidentifier()))
            or (before == "<" and i > 1 and tokens[i - 2].text == "static_cast")
        )
        constant = any(t.text in ("constexpr", "using", "typedef") for t in tokens[begin:i])
        if token.text == "double" and (converts or after.isidentifier()) and not constant:
            yield token.line, "arithmetic in `double`", "compute in float"


def _judge_address_spaces(function: _Function) -> Iterable[tuple[int, str, str]]:
    """Judge conversions of pointers into global memory to pointers into the core's own."""
    tokens = [*function.parameters, _Token(";", 0), *function.body]
    texts = [token.text for token in tokens]
    pointers = {texts[i + 1] for i, text in enumerate(texts[:-1]) if text == "GM_ADDR"}
    pointers |= {
        texts[i + 3] for i, text in enumerate(texts[:-3]) if text == "__gm__" and texts[i + 2] == "*"
    }
    for i, text in enumerate(texts):
        if text == "reinterpret_cast" and texts[i + 1 : i + 2] == ["<"]:
            begin, end = i + 2, _find(tokens, i, ">")
        elif text == "(":
            begin, end = i + 1, _find(tokens, i, ")")
        else:
            continue
        target = re.fullmatch(r"(?:const )?\w+(?: \*)+", " ".join(texts[begin:end]))
        operand = [text for text in texts[end + 1 : end + 4] if text != "("][:2]
        if target is not None and operand and operand[0] in pointers and operand[1] not in (".", "->", "["):
            written = target[0].replace(" *", "*")
            yield (
                tokens[i].line,
                f"a pointer that loses `__gm__` (`{operand[0]}` as `{written}`)",
                f"write `__gm__ {written}`, and reach it by a GlobalTensor",
            )


def _judge_recursion(functions: Sequence[_Function]) -> Iterable[tuple[int, str, str]]:
    """Judge calls that come back to the function they stand in, at once or through others.

    Followed by name and number of arguments, and so only where these name one function.
    """
    key = {id(function): (function.name, _count_arguments(function.parameters)) for function in functions}
    count = Counter(key.values())
    calls = {
        key[id(function)]: dict(_calls(function))
        for function in functions
        if count[key[id(function)]] == 1 and function.name.isidentifier() and function.name != "operator"
    }
    for function, called in calls.items():
        for callee, line in called.items():
            path = _path(calls, callee, function)
            if len(path) == 1:
                yield line, f"recursion (`{function[0]}` calls itself)", "write a loop"
            elif path:
                chain = ", which calls ".join(f"`{name}`" for name, _ in path)
                yield line, f"recursion (`{function[0]}` calls {chain})", "write a loop"


def _path(calls: dict[tuple[str, int], dict], begin: tuple[str, int], end: tuple[str, int]) -> list:
    """Return the shortest chain of calls, both ends included; empty if there is none."""
    paths, seen = [[begin]], {begin}
    for path in paths:
        if path[-1] == end:
            return path
        for callee in calls.get(path[-1], {}):
            if callee not in seen:
                seen.add(callee)
                paths.append([*path, callee])
    return []


def _calls(function: _Function) -> Iterable[tuple[tuple[str, int], int]]:
    """Yield what a function calls without an object or a scope, and where."""
    # A kernel gives no value: where one is wanted, a function of the same name is meant, as sqrt.
    is_kernel = any(token.text == "__global__" for token in function.declaration)
    body = function.body
    for i, token in enumerate(body[:-1]):
        before = body[i - 1].text if i > 0 else ""
        by_itself = token.text.isidentifier() and before not in (".", "->", "::", "operator", "template")
        if by_itself and token.text != "operator" and body[i + 1].text == "(":
            if is_kernel and token.text == function.name and before not in (";", "{", "}", ")"):
                continue
            end = _after(body, i + 1)
            yield (token.text, _count_arguments(body[i + 2 : end - 1])), token.line


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
