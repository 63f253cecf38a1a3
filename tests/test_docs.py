"""The documents say what is true of the code, as far as a program can tell."""

import ast
import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from bot.channels.openapi import OPENAPI

ROOT = Path(__file__).parents[1]
DOCUMENTS = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
MADE_AT_RUN_TIME = (".venv/", "var/", "models/")

each_document = pytest.mark.parametrize(
    "document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT))
)


def settings_read() -> dict[str, object]:
    """Return each variable that bot/settings.py reads, with its default if plain."""
    found: dict[str, object] = {}
    for node in ast.walk(ast.parse((ROOT / "bot" / "settings.py").read_text())):
        if not isinstance(node, ast.Call):
            continue
        name, default, *_ = [
            each.value if isinstance(each, ast.Constant) else None
            for each in [*node.args, ast.Constant(None), ast.Constant(None)]
        ]
        if re.fullmatch(r"[A-Z][A-Z0-9_]{3,}", str(name)):
            found[str(name)] = default
    return found


def settings_told() -> dict[str, str]:
    """Return each variable in the tables of docs/settings.md with its default."""
    rows = re.findall(
        r"^\| `([A-Z_]+)` \| (.+?) \|",
        (ROOT / "docs" / "settings.md").read_text(),
        re.MULTILINE,
    )
    return dict(rows)


def quoted(document: Path) -> list[str]:
    """Return what stands in backticks, outside blocks of code."""
    prose = re.sub(r"^```.*?^```", "", document.read_text(), flags=re.S | re.M)
    return re.findall(r"`([^`\n]+)`", prose)


def is_path(text: str) -> bool:
    """Say whether this looks like a file or folder of the project."""
    in_folder = re.fullmatch(r"\.?[a-z]\w*/[\w./<>-]*", text)
    return bool(in_folder or re.fullmatch(r"[\w-]+\.(?:md|py|yml|toml|txt|in)", text))


def exists(text: str) -> bool:
    """Say whether a path is there; `<name>` stands for any name.

    A bare file name may be that of any file in the project's folders.
    """
    path = re.sub(r"<\w+>", "*", text.rstrip("/"))
    if "/" in text:
        return any(ROOT.glob(path))
    folders = ("bot", "actions", "data", "tests", "docs")
    return (ROOT / path).exists() or any(
        any((ROOT / folder).rglob(path)) for folder in folders
    )


def heading_ids(document: Path) -> set[str]:
    """Return the anchors that a document's headings get."""
    headings = re.findall(r"^#+ (.+)$", document.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", one).lower().replace(" ", "-") for one in headings}


def test_each_setting_has_its_line():
    assert len(settings_read()) > 8

    assert settings_read().keys() - settings_told().keys() == set()


def test_each_line_is_about_a_setting_that_is_read():
    sources = [
        *(ROOT / "bot").rglob("*.py"),
        *(ROOT / "tests").rglob("conftest.py"),
        ROOT / "Makefile",
    ]
    code = "\n".join(file.read_text() for file in sources)

    assert [name for name in settings_told() if name not in code] == []


def test_the_defaults_told_are_the_defaults():
    told = settings_told()
    wrong = {
        name: (told[name], default)
        for name, default in settings_read().items()
        if default is not None and told.get(name) != f"`{default}`"
    }

    assert wrong == {}


@each_document
def test_each_make_target_exists(document):
    phony = re.search(r"^\.PHONY: (.+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert phony
    text = document.read_text()
    named = set(re.findall(r"(?:`|^|=\w+ )make ([a-z-]+)", text, re.MULTILINE))

    assert named - set(phony[1].split()) == set()


def test_the_readme_names_the_two_commands():
    lines = (ROOT / "README.md").read_text().splitlines()

    assert {"make run", "make test"} <= set(lines)


@each_document
def test_each_deed_of_the_command_line_exists(document):
    code = (ROOT / "bot" / "__main__.py").read_text()
    named = re.findall(r"python -m bot ([a-z]+)", document.read_text())

    assert [name for name in named if f'"{name}"' not in code] == []


@each_document
def test_each_path_named_exists(document):
    named = {text for text in quoted(document) if is_path(text)}
    missing = {
        text
        for text in named
        if not exists(text) and not text.startswith(MADE_AT_RUN_TIME)
    }

    assert missing == set()


@each_document
def test_each_link_leads_somewhere(document):
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", document.read_text()):
        if target.startswith("https://"):
            continue
        path, _, anchor = target.partition("#")
        file = (document.parent / path) if path else document
        if not file.exists() or (anchor and anchor not in heading_ids(file)):
            broken.append(target)

    assert broken == []


def test_each_call_of_the_readme_is_in_the_api():
    called = set(re.findall(r"\$DESK(/chat/\w+)", (ROOT / "README.md").read_text()))

    assert called
    assert called <= OPENAPI["paths"].keys()


def test_each_country_with_contacts_is_named():
    contacts = YAML(typ="safe").load(ROOT / "data" / "screening" / "contacts.yml")
    names = {
        "IN": "India",
        "US": "the US",
        "CA": "Canada",
        "GB": "the UK",
        "AU": "Australia",
    }
    safety = (ROOT / "docs" / "safety.md").read_text()

    assert contacts.keys() - {"version", "OTHER"} == names.keys()
    assert [name for name in names.values() if name not in safety] == []


@pytest.mark.parametrize("decision", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_is_one_page_with_five_headings(decision):
    text = decision.read_text()
    number = int(decision.name[:4])

    assert text.startswith(f"# {number}. ")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == [
        "Date",
        "Status",
        "Context",
        "Decision",
        "Consequences",
    ]
    assert re.search(r"^## Date\n\n\d{4}-\d\d-\d\d$", text, re.MULTILINE)
    assert len(text.splitlines()) <= 50


def test_decisions_are_numbered_without_a_gap():
    numbers = [int(decision.name[:4]) for decision in DECISIONS]

    assert numbers == list(range(1, len(numbers) + 1))
    assert numbers


@each_document
def test_documents_speak_of_the_project_only(document):
    about_the_workshop = re.compile(
        r"\b(?:issue|session) ?#?\d|\bhelpers?\b|(?<![\w.])/(?:home|root|tmp|work)/",
        re.I,
    )

    assert about_the_workshop.findall(document.read_text()) == []
