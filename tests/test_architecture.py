"""The house keeps its shape: each contract holds, and breaking it on purpose is seen."""

from __future__ import annotations

import ast
import itertools
import os
import re
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest

HEAVY = ("babel", "docx", "docxtpl", "holidays", "lxml", "openpyxl", "pandas", "pydantic", "sqlite3", "xlsxwriter")


@pytest.fixture
def contracts(root: Path) -> dict[str, dict[str, Any]]:
    tools = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    return {contract["id"]: contract for contract in tools["importlinter"]["contracts"]}


@pytest.fixture
def house(root: Path, tmp_path: Path) -> Path:
    """A copy of the package that a test may break."""
    shutil.copytree(root / "pipeline", tmp_path / "pipeline", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(root / "pyproject.toml", tmp_path)
    return tmp_path


def lint(house: Path, contract: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--contract", contract],
        cwd=house,
        env=os.environ | {"COLUMNS": "200", "PYTHONPATH": str(house)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def add_import(house: Path, importer: str, imported: str) -> None:
    path = house.joinpath(*importer.split("."))
    module = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    with module.open("a", encoding="utf-8") as file:
        file.write(f"\nimport {imported}\n")


@pytest.mark.parametrize("contract", ["layers", "deciding", "cycles"])
def test_each_contract_holds(house: Path, contract: str) -> None:
    result = lint(house, contract)
    assert result.returncode == 0, result.stdout + result.stderr


def test_an_import_up_the_walk_is_seen_between_any_two_neighbours(house: Path, contracts: dict[str, dict[str, Any]]) -> None:
    neighbours = list(itertools.pairwise(f"pipeline.{layer}" for layer in contracts["layers"]["layers"]))
    for above, below in neighbours:
        add_import(house, below, above)
    result = lint(house, "layers")
    assert result.returncode == 1
    told = re.sub(r"\s+", " ", result.stdout)
    assert [pair for pair in neighbours if f"{pair[1]} is not allowed to import {pair[0]}" not in told] == []


def test_a_module_without_a_place_in_the_walk_is_seen(house: Path) -> None:
    (house / "pipeline" / "stray.py").write_text("", encoding="utf-8")
    result = lint(house, "layers")
    assert result.returncode == 1
    assert "stray" in result.stdout


def test_each_forbidden_import_of_each_deciding_module_is_seen(house: Path, contracts: dict[str, dict[str, Any]]) -> None:
    deciding = contracts["deciding"]
    pairs = list(itertools.product(deciding["source_modules"], deciding["forbidden_modules"]))
    for importer, imported in pairs:
        add_import(house, importer, imported)
    result = lint(house, "deciding")
    assert result.returncode == 1
    told = re.sub(r"\s+", " ", result.stdout)
    assert [pair for pair in pairs if f"{pair[0]} -> {pair[1]} (" not in told] == []


def test_modules_that_need_each_other_are_seen(house: Path) -> None:
    add_import(house, "pipeline.profile.expressions", "pipeline.profile.kinds")
    result = lint(house, "cycles")
    assert result.returncode == 1
    assert "pipeline.profile" in result.stdout


def test_the_design_names_every_module_in_the_list_of_its_package(root: Path) -> None:
    design = (root / "docs" / "design.md").read_text(encoding="utf-8")
    house = {package: set(re.findall(r"\w+", said)) for package, said in re.findall(r"^  (\w+)/ +(.*)$", design, re.MULTILINE)}
    packages = [path.parent for path in sorted((root / "pipeline").glob("*/__init__.py")) if path.parent.name != "cli"]
    modules = [path for package in packages for path in package.glob("*.py") if path.stem != "__init__"]
    assert [str(path.relative_to(root)) for path in modules if path.stem not in house[path.parent.name]] == []


def test_what_the_package_imports_is_among_its_dependencies(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {name(each) for each in (*project["dependencies"], *itertools.chain(*project["optional-dependencies"].values()))}
    imported = {
        module.partition(".")[0]
        for path in (root / "pipeline").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for module in imports(node)
    }
    homes = packages_distributions()
    foreign = imported - sys.stdlib_module_names - {"pipeline", "pydantic_core"}  # pydantic's own other half
    assert "lxml" in foreign
    assert {module for module in foreign if declared.isdisjoint(map(name, homes[module]))} == set()


def imports(node: ast.AST) -> list[str]:
    """The modules that a statement imports."""
    match node:
        case ast.Import():
            return [each.name for each in node.names]
        case ast.ImportFrom():
            return [node.module or ""]
    return []


def name(requirement: str) -> str:
    """A distribution's name as all ways of writing it share it."""
    return re.split(r"[^\w.-]", requirement, maxsplit=1)[0].lower().replace("_", "-")


def test_help_imports_nothing_heavy(root: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "pipeline", "--help"],
        cwd=root,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in result.stderr.splitlines()}
    assert "click" in imported
    assert imported & set(HEAVY) == set()
