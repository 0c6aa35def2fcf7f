"""A result as one self-contained HTML page: no scripts, no requests, readable by a screen reader, printable."""

from collections.abc import Mapping, Sequence
from html import escape

from event_manager.tabulation.document import hash_of, to_document
from event_manager.tabulation.engine import Result
from event_manager.tabulation.files.named import named, names_of
from event_manager.tabulation.model import Placed
from event_manager.tabulation.words import listed

_STYLE = """
:root { color-scheme: light dark; --text: #1b1b1f; --quiet: #55555f; --line: #c9c9d2; --paper: #ffffff; }
@media (prefers-color-scheme: dark) {
  :root { --text: #ececf1; --quiet: #b4b4c0; --line: #4a4a55; --paper: #17171b; }
}
body { margin: 2rem auto; max-width: 52rem; padding: 0 1rem; color: var(--text); background: var(--paper);
  font: 1rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; line-height: 1.2; }
h2 { font-size: 1.2rem; }
h3 { font-size: 1rem; margin-block-end: 0; break-after: avoid; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: start; color: var(--quiet); padding-block-end: .5rem; }
th, td { text-align: start; vertical-align: top; padding: .4rem .6rem; border-block-end: 1px solid var(--line); }
.number { text-align: end; font-variant-numeric: tabular-nums; }
th:first-child { width: 3.5rem; }
ol, ul { margin: .2rem 0; padding-inline-start: 1.8rem; }
@media (max-width: 30rem) { th, td { padding-inline: .25rem; } body { margin-block: 1rem; padding: 0 .5rem; } }
footer { margin-block-start: 2rem; color: var(--quiet); font-size: .875rem; overflow-wrap: anywhere; }
@media print {
  :root { color-scheme: light; --text: #000; --quiet: #333; --line: #999; --paper: #fff; }
  body { margin: 0; max-width: none; }
  tr, li, h3 { break-inside: avoid; }
  thead { display: table-header-group; }
}
"""


def html_page(result: Result, explain: bool, title: str = "") -> str:
    """The page; `explain` adds the words under every place. Everything that came from input is escaped.

    `title` says whose result it is; without one the rule set names it.
    """
    rules, told = result.rules, named(result)
    title = escape(f"Result: {title or rules.title}")
    body = [
        f"<h1>{title}</h1>",
        *(f"<p><strong>Note:</strong> {escape(warning)}</p>" for warning in told.warnings),
        _table(result),
        _ties(told),
        _explanations(result, told) if explain else "",
        (
            f"<footer><p>Rule set {escape(rules.name)} ({escape(rules.title)}), version {escape(rules.version)}. "
            f"{escape(rules.source)}</p>"
        ),
        f"<p>Hash of the result document: <code>{hash_of(to_document(result))}</code></p></footer>",
    ]
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(part for part in body if part)
        + "\n</main>\n</body>\n</html>\n"
    )


def _table(result: Result) -> str:
    names = names_of(result)
    named, remarked = any(names.values()), any(_remark(line) for line in result.lines)
    head = ["Place", "Entry", *(["Name"] if named else []), "Total", *(["Remark"] if remarked else [])]
    numeric = {"Place", "Total"}
    cells = "".join(f'<th scope="col"{_number(name in numeric)}>{name}</th>' for name in head)
    rows = []
    for line in result.lines:
        row = [
            f'<td class="number">{escape(line.place) or "–"}</td>',
            f'<th scope="row"><bdi>{escape(line.entry)}</bdi></th>',
            f"<td><bdi>{escape(names.get(line.entry, ''))}</bdi></td>" if named else "",
            f'<td class="number">{escape(line.total) or "–"}</td>',
            f"<td>{escape(_remark(line))}</td>" if remarked else "",
        ]
        rows.append(f"<tr>{''.join(row)}</tr>")
    caption = f"<caption>{len(result.lines)} entries, best first</caption>"
    return f"<table>{caption}\n<thead><tr>{cells}</tr></thead>\n<tbody>\n" + "\n".join(rows) + "\n</tbody></table>"


def _called(entry: str, names: Mapping[str, str]) -> str:
    name = names.get(entry, "")
    return f"<bdi>{escape(entry)}</bdi>" + (f" <bdi>{escape(name)}</bdi>" if name else "")


def _number(is_number: bool) -> str:
    return ' class="number"' if is_number else ""


def _remark(line: Placed) -> str:
    state = "" if line.state == "entered" else line.state
    return ", ".join(word for word in (state, line.award, "advances" if line.advanced else "") if word)


def _ties(result: Result) -> str:
    if not result.ties:
        return ""
    told = [f"{listed(tie.entries)}: {tie.how}" for tie in result.ties]
    return f"<section><h2>Ties</h2>{_list('ul', told)}</section>"


def _explanations(result: Result, told: Result) -> str:
    names = names_of(result)
    sections = [
        f"<section><h3>{_called(line.entry, names)}</h3>{_list('ol', words.explanation)}</section>"
        for line, words in zip(result.lines, told.lines, strict=True)
    ]
    return f"<section><h2>How each place came about</h2>{''.join(sections)}</section>"


def _list(kind: str, sentences: Sequence[str]) -> str:
    return f"<{kind}>{''.join(f'<li>{escape(sentence)}</li>' for sentence in sentences)}</{kind}>"
