"""Imports point one way, each heavy library has one door, and only the settings read the environment."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LAYERS = (
    "corpus",
    "index",
    "assistant",
    "assistant.ui",
    "assistant.api_widget",
    "assistant.helpdesk",
    "assistant.staff",
    "assistant.api",
    "assistant.cli",
    "app",
)
DOORS = {
    "chromadb": {"index.vectors"},
    "pypdf": {"corpus.pdf_file"},
    "sentence_transformers": {"index.embed", "index.cross_encoder"},
    "onnx": {"index.e5_graph"},
    "onnxruntime": {"index.e5"},
    "tokenizers": {"index.e5_words"},
    "bm25s": {"index.lexical"},
    "gradio": {"assistant.ui.chat"},
    "sqlalchemy": {"assistant.storage"},
    "alembic": {"assistant.storage"},
    "argon2": {"assistant.passwords"},
    "langchain_openai": {"assistant.model"},
    "openai": {"assistant.model", "assistant.model_errors"},
    "py3langid": {"assistant.language"},
    "itsdangerous": {"assistant.sites", "assistant.seal"},
    "markdown_it": {"corpus.read_markdown"},
    "docx": {"assistant.helpdesk.word"},
    "phonenumbers": {"assistant.helpdesk.personal"},
}


def modules() -> dict[str, ast.Module]:
    paths = [ROOT / "app.py", *(p for top in ("corpus", "index", "assistant") for p in (ROOT / top).rglob("*.py"))]
    return {
        ".".join(p.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): ast.parse(p.read_text())
        for p in paths
    }


def imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def layer(module: str) -> int:
    found = [i for i, name in enumerate(LAYERS) if module == name or module.startswith(f"{name}.")]
    return max(found, default=-1)


def test_imports_point_one_way() -> None:
    wrong = [
        f"{name} imports {imported}"
        for name, tree in modules().items()
        for imported in imports(tree)
        if layer(imported) > layer(name) and name not in ("assistant.cli", "assistant.__main__")
    ]
    assert not wrong


@pytest.mark.parametrize("library", DOORS)
def test_a_heavy_library_has_one_door(library: str) -> None:
    users = {name for name, tree in modules().items() if any(i.split(".")[0] == library for i in imports(tree))}
    others = {user for user in users if not any(f"{user}.".startswith(f"{door}.") for door in DOORS[library])}
    assert not others, f"{library} is imported by {others}"
    assert users, f"nobody imports {library}: remove it from pyproject.toml and from here"


def test_only_the_settings_read_the_environment() -> None:
    readers = {
        name
        for name, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv")
    }
    assert readers <= {"assistant.settings", "index.embed"}, readers


def test_nothing_in_the_code_knows_this_call() -> None:
    sources = [p for top in ("corpus", "index", "assistant", "prompts") for p in (ROOT / top).rglob("*.*")]
    known = [
        str(p.relative_to(ROOT))
        for p in sources
        if p.suffix in (".py", ".toml", ".js", ".css", ".html")
        and (ROOT / "corpus" / "amif-2018-ag-inte") not in p.parents
        and "AMIF-" in p.read_text(encoding="utf-8")
    ]
    assert not known
