"""A person accepts or rejects a mapping; the row says who and when, and a new run of suggestions keeps it."""

from dataclasses import replace
from pathlib import Path

from kg import sssom
from kg.errors import DataError, NotFoundError
from kg.linking.suggestions import path_of
from kg.namespaces import compact, expand
from kg.project import Project
from kg.sssom import CURATED, DAY, NOT, Mapping, MappingSet


def file_of(project: Project, name: str) -> Path:
    """The file that a register's name or a path stands for; raises NotFoundError when there is none."""
    for path in (path_of(project, name), Path(name)):
        if path.is_file():
            return path
    raise NotFoundError(f"no mappings of '{name}': no file {path_of(project, name)}. Run 'kg link suggest {name}'.")


def decide(mappings: MappingSet, subject: str, target: str, *, accept: bool, by: str, day: str) -> MappingSet:
    """The same mappings with this decision on the row of subject and target.

    Raises NotFoundError when no row is about the two, and DataError for a decision without a person or a day.
    """
    if not by.strip():
        raise DataError("a decision needs a person: --by NAME, or KG_REVIEWER")
    if not DAY.fullmatch(day):
        raise DataError(f"'{day}' is no day; write it as 2026-11-22")
    row = find(mappings, subject, target)
    decided = _accepted(row, by, day) if accept else _rejected(row, by, day)
    return sssom.with_mappings(mappings, [decided if one == row else one for one in mappings.mappings])


def find(mappings: MappingSet, subject: str, target: str) -> Mapping:
    """The row about a thing of ours and an IRI or a name; both may be written short."""
    ours = expand(subject) or sssom.expand(mappings, subject)
    theirs = {target, sssom.expand(mappings, target), expand(target) or target}
    found = [one for one in mappings.mappings if one.subject_id == ours and one.object in theirs]
    if not found:
        others = [one.object for one in mappings.mappings if one.subject_id == ours]
        there = f"with it stand: {', '.join(others[:5])}" if others else "nothing stands with it"
        raise NotFoundError(f"no row for {compact(ours)} and '{target}'; {there}")
    return found[0]


def _accepted(row: Mapping, by: str, day: str) -> Mapping:
    """The finding of the tool with a reviewer who agrees; what was rejected before holds on the word of this person."""
    again = {"mapping_justification": CURATED} if row.predicate_modifier else {}
    return replace(row, **again, predicate_modifier="", reviewer_label=by, reviewer_agreement="1", review_date=day)


def _rejected(row: Mapping, by: str, day: str) -> Mapping:
    """The opposite of what the tool found, on the word of this person: the tool's confidence says nothing of that."""
    return replace(
        row,
        predicate_modifier=NOT,
        mapping_justification=CURATED,
        reviewer_label=by,
        reviewer_agreement="1",
        review_date=day,
        confidence="1",
        curation_rule_text="",
    )
