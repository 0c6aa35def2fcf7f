"""Addresses of imports: look first, then enter."""

from typing import Annotated

from fastapi import File, Form, UploadFile

from event_manager.contests.api.entries import ENTER
from event_manager.contests.api.parts import ContestId
from event_manager.contests.errors import RowsRefused, UnreadableFile
from event_manager.contests.imports.sheets import MOST_BYTES
from event_manager.contests.schemas.imports import ImportDone, ImportPreview
from event_manager.contests.service import imports
from event_manager.kit.access import require
from event_manager.kit.errors import problems
from event_manager.kit.http import Router, W

router = Router(prefix="/contests/{contestId}/entries/import", tags=["entries"])

Upload = Annotated[UploadFile, File(description="CSV in UTF-8, or an XLSX workbook; the first row names the columns.")]
SheetName = Annotated[str | None, Form(max_length=100, description="Which sheet of a workbook; the first.")]
Mapping = Annotated[
    str | None,
    Form(
        max_length=20_000,
        description="JSON object of headings to fields: name, first_name, last_name, number, kind, club, country, "
        'email, categories (names separated by ; or |), "fact:..."; left out, the suggestions are taken.',
    ),
]
REFUSALS = ENTER | problems(UnreadableFile, RowsRefused)


@router.post("/preview", dependencies=[require("entries:edit")], responses=REFUSALS)
async def preview_import(
    work: W, contest_id: ContestId, file: Upload, sheet: SheetName = None, mapping: Mapping = None
) -> ImportPreview:
    """What a file would do: its columns and what they mean, the first rows, every fault by line and column."""
    data = await file.read(MOST_BYTES + 1)
    return await imports.preview(work, contest_id, data, sheet=sheet, mapping=mapping)


@router.post("", status_code=201, dependencies=[require("entries:edit")], responses=REFUSALS)
async def import_entries(
    work: W, contest_id: ContestId, file: Upload, sheet: SheetName = None, mapping: Mapping = None
) -> ImportDone:
    """Enter every row of a file, or none: the answer then names each fault by line and column."""
    data = await file.read(MOST_BYTES + 1)
    return await imports.run(work, contest_id, data, sheet=sheet, mapping=mapping)
