"""`/services/upload/` and `/services/replace/`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from aiohttp import web

from flickr_sandbox import formats, messages
from flickr_sandbox.answers.photos.upload import issue_ticket
from flickr_sandbox.call import TRUE, Failure
from flickr_sandbox.formats import Body
from flickr_sandbox.messages import (
    RequestData,
    api_response,
    make_request_data,
    read_request,
    text_response,
)
from flickr_sandbox.oauth.signature import OAuthProblem
from flickr_sandbox.oauth.verify import identify
from flickr_sandbox.request_log import current_notes
from flickr_sandbox.rest import check_key, check_perms
from flickr_sandbox.store import Row, Store
from flickr_sandbox.upload import photos
from flickr_sandbox.upload.files import UploadFolder
from flickr_sandbox.upload.incoming import GENERAL, UNKNOWN_TYPE, IncomingFile
from flickr_sandbox.upload.media import read_media
from flickr_sandbox.upload.photos import Picture

WRITE = 2
NOT_PRO = (1, "Not a pro account")
NO_SUCH_PHOTO = (1, "Photo not found")
Serve = Callable[[Row, Mapping[str, str], IncomingFile], str]


@dataclass(frozen=True, slots=True)
class Uploads:
    """The handlers of uploads. The answers are always XML, also with another `format`."""

    store: Store
    files: UploadFolder

    def add_to(self, app: web.Application) -> None:
        """Add the routes, with and without a trailing slash."""
        for path, serve in (
            ("/services/upload", self.upload),
            ("/services/replace", self.replace),
        ):
            for address in (path, path + "/"):
                app.router.add_route("*", address, serve)

    async def upload(self, request: web.Request) -> web.Response:
        """Add a photo."""
        return await self._serve(request, self._upload)

    async def replace(self, request: web.Request) -> web.Response:
        """Replace the file of a photo."""
        return await self._serve(request, self._replace)

    async def _serve(self, request: web.Request, serve: Serve) -> web.Response:
        if request.method == "OPTIONS":
            return web.Response(status=403)
        with self.files.draft() as draft:
            file, notes = IncomingFile(draft), current_notes()
            try:
                data = await self._receive(request, file)
                notes.arguments = data.parameters
                person = self._find_person(data)
                return api_response(_answer(serve(person, _photo_fields(data), file)))
            except OAuthProblem as problem:
                return text_response(problem.body, problem.status)
            except Failure as failed:
                return api_response(formats.format_failure(formats.Format(), failed))

    async def _receive(self, request: web.Request, file: IncomingFile) -> RequestData:
        if request.content_type != messages.FORM_TYPE:
            return await read_request(request)
        try:
            # The file is not one of the fields, and so is not signed.
            return make_request_data(
                request, await messages.read_form(request, "photo", file.receive)
            )
        except messages.BrokenForm:
            raise Failure(*GENERAL) from None

    def _find_person(self, data: RequestData) -> Row:
        caller = current_notes().caller = identify(self.store, data, login=True)
        check_key(self.store, data.parameters.get("api_key") or caller.api_key)
        check_perms(WRITE, caller)
        person = self.store.one("SELECT * FROM people WHERE nsid = :nsid", nsid=caller.nsid)
        assert person is not None
        return person

    def _upload(self, person: Row, fields: Mapping[str, str], file: IncomingFile) -> str:
        picture = _check_picture(file)
        photos.check_limit(self.store, person)
        if picture is None:
            return self._answer_broken_file(person, fields)
        number = photos.add_photo(self.store, person, fields, picture)
        if _is_async(fields):
            return self._ticket(person, number)
        return f"<photoid>{number}</photoid>"

    def _replace(self, person: Row, fields: Mapping[str, str], file: IncomingFile) -> str:
        if not person["ispro"]:
            raise Failure(*NOT_PRO)
        photo = self._own_photo(person, fields.get("photo_id", ""))
        picture = _check_picture(file)
        if picture is None:
            return self._answer_broken_file(person, fields)
        row = photos.replace_photo(self.store, photo, picture)
        self.files.sweep(self.store)
        if _is_async(fields):
            return self._ticket(person, row["id"])
        secrets = f'secret="{row["secret"]}" originalsecret="{row["originalsecret"]}"'
        return f"<photoid {secrets}>{row['id']}</photoid>"

    def _own_photo(self, person: Row, given: str) -> Row:
        number = int(given) if given.isascii() and given.isdecimal() and len(given) < 19 else 0
        photo = self.store.one(
            "SELECT * FROM photos WHERE id = :id AND owner = :owner",
            id=number,
            owner=person["nsid"],
        )
        if photo is None:
            raise Failure(*NO_SUCH_PHOTO)
        return photo

    def _answer_broken_file(self, person: Row, fields: Mapping[str, str]) -> str:
        # Flickr finds a broken file only when it processes it: with async after its answer.
        if not _is_async(fields):
            raise Failure(*UNKNOWN_TYPE)
        return self._ticket(person, None)

    def _ticket(self, person: Row, number: int | None) -> str:
        with self.store.transaction():
            return f"<ticketid>{issue_ticket(self.store, person['nsid'], number)}</ticketid>"


def _photo_fields(data: RequestData) -> dict[str, str]:
    # node-flickrapi also sends the fields in the query, but with escaped quotes.
    return data.parameters | dict(reversed(data.form))


def _check_picture(file: IncomingFile) -> Picture | None:
    kind = file.check()
    media = read_media(file.draft.path, kind)
    return Picture(file, kind, media) if media else None


def _is_async(fields: Mapping[str, str]) -> bool:
    return fields.get("async", "").strip().lower() in TRUE


def _answer(element: str) -> Body:
    head = '<?xml version="1.0" encoding="utf-8" ?>\n'
    return Body(f'{head}<rsp stat="ok">\n{element}\n</rsp>\n', "text/xml; charset=utf-8")
