"""The base of `Flickr` and `AsyncFlickr`: options, signing, and calls as flows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pyflickr_web.arguments import find_problem, read_authenticated
from pyflickr_web.call_settings import RequestSettings, read_call_settings
from pyflickr_web.core.checks import check_arguments, refuse_settings
from pyflickr_web.core.client import Client
from pyflickr_web.core.levels import needs_login
from pyflickr_web.core.namespace import Method, Namespace, attach_methods
from pyflickr_web.core.photo import make_photo_url
from pyflickr_web.core.plan import Plan, means_caller
from pyflickr_web.core.retrying import send_with_retries
from pyflickr_web.core.wire import LISTS
from pyflickr_web.options import ServerOptions, read_options
from pyflickr_web.reflection_cache import load_table
from pyflickr_web.transports.errors import (
    ArgumentError,
    FlickrError,
    LoginError,
    NotFoundError,
    PermissionRefused,
    TokenOnlyError,
    specialize,
)

if TYPE_CHECKING:
    from typing import Self, Unpack

    from pyflickr_web.call_settings import CallSettings
    from pyflickr_web.core.flow import Flow, Request, Response
    from pyflickr_web.options import ClientOptions
    from pyflickr_web.transports.limits import Pace
    from pyflickr_web.transports.message import Credentials

SECRETS = ("api_key", "secret", "access_token", "access_token_secret")
# Arguments of these methods are tokens, which must not be in addresses: those are logged.
TOKEN_METHODS = "flickr.auth."
# Flickr's code for an unsigned call of a method that needs a login.
NOT_LOGGED_IN_CODE = 99


class ServerClient(Client):
    """A client on a server, without the driver for its flows.

    `credentials`, `pace`, `flow_as` and `use_credentials` are for the package's own modules too.
    """

    options: ServerOptions
    # Arguments of all calls, which Flickr does not get.
    own_arguments = ("authenticated",)
    _logged_public_only = False
    _request_settings = RequestSettings()
    # The client whose connections this one uses, if `with_options` made it.
    _original: Self | None = None

    def __init__(self, **options: Unpack[ClientOptions]) -> None:
        read = read_options(options)
        super().__init__(load_table(read.get("base_url")), read)
        base_url = self.options.get("base_url")
        self.credentials = self.options.credentials
        self.pace = self._make_pace()
        if base_url and not self.options.get("photo_base_url"):
            self.photo_url = make_photo_url(base_url)
        if not self.options.get("no_api"):
            attach_methods(self)

    @classmethod
    def token_only(cls, **options: Unpack[ClientOptions]) -> Self:
        """Return a client with only an API key, for public data; other credentials are ignored.

        Methods that need a login raise `TokenOnlyError` before anything is sent.
        """
        client = cls(**options)
        client.credentials = None
        return client

    def with_options(self, **settings: Unpack[CallSettings]) -> Self:
        """Return a view of this client with other settings: `flickr.with_options(timeout=3).photos.…`.

        `timeout` is in seconds, for each attempt; `retries` is the number of retries of a read;
        `headers` are sent too. The settings are for calls, not for the files of uploads and downloads.
        The view shares the connections of the client. Raises `OptionError` for an invalid setting.
        """
        given = read_call_settings(settings)
        view = type(self).__new__(type(self))
        own = {n: v for n, v in vars(self).items() if not isinstance(v, (Method, Namespace))}
        vars(view).update(own, _original=self._original or self)
        view._request_settings = self._request_settings.with_changes(given)
        view.retries = given.get("retries", self.retries)
        if not self.options.get("no_api"):
            attach_methods(view)
        return view

    def _make_pace(self) -> Pace | None:
        limit = self.options.get("max_per_hour")
        if not limit:
            return None
        from pyflickr_web.transports.limits import Pace

        return Pace(limit)

    def __repr__(self) -> str:
        # A client with invalid options has none.
        return f"{type(self).__name__}({vars(self).get('options')!r})"

    def flow(self, method: str, values: dict[str, Any], checked: bool = True) -> Flow:
        """Call a method, signed if its plan says so."""
        try:
            refuse_settings(self, method, values, checked)
        except FlickrError as error:
            raise ArgumentError(str(error), method=method) from None
        if self.options.get("endpoint"):
            # The proxy decides about signing.
            return (yield from self.flow_as(None, method, values, checked))
        values = dict(values)
        authenticated = values.pop("authenticated", None)
        if authenticated is not None:
            authenticated = read_authenticated(method, authenticated)
        elif self.options.get("force_auth"):
            authenticated = True
        sign = authenticated
        if sign is None and self.credentials and self.credentials.access_token:
            sign = means_caller(self.table, method, values)
        plan = self._make_plan(method, values, bool(sign))
        credentials = self._choose_credentials(plan, method, values, authenticated)
        return (yield from self._send(plan, credentials, method, values, checked))

    def flow_as(
        self,
        credentials: Credentials | None,
        method: str,
        values: dict[str, Any],
        checked: bool = True,
    ) -> Flow:
        """Call a method, signed with `credentials`, or unsigned if they are None."""
        return self._send(self._make_plan(method, values), credentials, method, values, checked)

    def _make_plan(self, method: str, values: dict[str, Any], sign: bool = False) -> Plan:
        """Return the plan of a call. Raises `ArgumentError` for a value that cannot be an argument."""
        for name, value in values.items():
            for item in value if isinstance(value, LISTS) else (value,):
                if problem := find_problem(item):
                    raise ArgumentError(f"{method}: {name}: {problem}", method=method)
        try:
            return Plan(self, method, values, sign)
        except FlickrError as error:
            raise ArgumentError(str(error), method=method) from None

    def _choose_credentials(
        self,
        plan: Plan,
        method: str,
        values: Mapping[str, Any],
        authenticated: bool | None,
    ) -> Credentials | None:
        """Return the credentials that sign a call; None if it is unsigned.

        If the call must be signed, raises `TokenOnlyError` without a secret, `LoginError` without a
        token, and `ArgumentError` for `authenticated=False`.
        """
        level, credentials = self.table.levels.get(method), self.credentials
        if level and authenticated is False:
            raise ArgumentError(
                f"{method} needs signing: leave out authenticated=False", method=method
            )
        if not plan.is_signed:
            if credentials and credentials.access_token:
                self._log_public_only(values, credentials)
            return None
        if credentials is None:
            raise TokenOnlyError(
                f"{method} needs signing, and this client only has an API key: use "
                "Flickr.authenticate(…), or give secret, access_token and access_token_secret",
                method=method,
            )
        if level and needs_login(level) and not credentials.access_token:
            raise LoginError(
                f"{method} needs a login: use Flickr.authenticate(…), or give access_token and "
                "access_token_secret",
                method=method,
            )
        return credentials

    def _log_public_only(self, values: Mapping[str, Any], own: Credentials) -> None:
        """Log once that an unsigned call with the user's own ID only returns public results."""
        client = self._original or self
        if own.user_id and values.get("user_id") == own.user_id and not client._logged_public_only:
            from pyflickr_web.log import logger

            client._logged_public_only = True
            logger.info(
                "calls with your own user_id are not signed and return public results: give "
                'authenticated=True or user_id="me" to include private ones'
            )

    def _send(
        self,
        plan: Plan,
        credentials: Credentials | None,
        method: str,
        values: dict[str, Any],
        checked: bool,
    ) -> Flow:
        """Check a call's arguments, and send its request until it is answered."""
        # Imported here: only calls need it.
        from pyflickr_web.transports.message import SendOptions

        try:
            check_arguments(self, method, values, checked)
        except FlickrError as error:
            raise ArgumentError(str(error), method=method) from None
        # An unsigned call changes nothing, even of an unknown method.
        in_form = bool(plan.writes and credentials) or method.startswith(TOKEN_METHODS)
        settings = self._request_settings
        plan.request.options = SendOptions(
            credentials, in_form, timeout=settings.timeout, headers=settings.headers
        )
        return (yield from send_with_retries(self, method, plan.request, plan.writes))

    def make_error(
        self,
        message: str,
        method: str,
        code: int | None = None,
        request: Request | None = None,
        response: Response | None = None,
    ) -> FlickrError:
        """Return the error of a call, of the class of its failure; no secret is in its message."""
        if request is None or response is None:
            return super().make_error(message, method, code)
        from pyflickr_web.log import logger
        from pyflickr_web.oauth.refusals import find_call_failure, to_call_error

        signer = request.options.signer
        if failure := find_call_failure(response):
            error = to_call_error(failure, method)
        else:
            error = super().make_error(message, method, code, request, response)
            error = specialize(error, self._collect_secrets(signer))
        logger.debug("%s failed: code %s, status %s", method, error.code, error.status)
        return error if signer else self._explain_unsigned(error)

    def _collect_secrets(self, credentials: Credentials | None) -> set[str]:
        """Return the secrets that no message of a call may contain."""
        own = {self.options.get(name) or "" for name in SECRETS}
        return own | {getattr(credentials, name, "") for name in SECRETS}

    def _explain_unsigned(self, error: FlickrError) -> FlickrError:
        """Return the error of an unsigned call, with advice to sign the call if that could help."""
        has_token = self.credentials and self.credentials.access_token
        if self.options.get("endpoint") or not has_token or not _is_about_login(error):
            return error
        text = f"{error} (the call was not signed; authenticated=True signs it)"
        return type(error)(text, error.code, error.method, error.status)

    def _download(self, given: Any, size: str, path: Any, make_folders: bool) -> Flow:
        from pyflickr_web.download import download, find_url, read_photo, read_size, resolve_target
        from pyflickr_web.transports.limits import Limits

        photo, size = read_photo(given), read_size(size)
        target = resolve_target(path, make_folders)
        known_url = self.photo_url(photo, size)
        signed = bool(self.credentials and self.credentials.access_token)

        def get_sizes(method: str, values: dict[str, Any]) -> Flow:
            # The sizes that a caller may see depend on the caller.
            return self.flow(method, values | {"authenticated": signed})

        url = yield from find_url(photo, size, known_url, get_sizes)
        longest = Limits.of(dict(self.options)).max_download
        yield from download(url, target, longest, self.retries)
        return target

    def _sign_in(self) -> Flow:
        """Sign in according to the options, and use the credentials from then on."""
        from pyflickr_web.oauth.sign_in import sign_in

        self.use_credentials((yield from sign_in(self.options, self.flow_as)))

    def _exchange(self, state: str, params: Mapping[str, str]) -> Flow:
        """Complete a visitor's sign-in, and use their credentials from then on."""
        from pyflickr_web.oauth.web import exchange

        self.use_credentials((yield from exchange(self.options, state, params)))

    def use_credentials(self, credentials: Credentials) -> None:
        self.credentials = credentials
        self.options = self.options.with_credentials(credentials)

    def warn(self, text: str) -> None:
        from pyflickr_web.log import logger

        logger.warning(text)


def _is_about_login(error: FlickrError) -> bool:
    """Return True if signing the call could help; False if Flickr rejects the API key."""
    if isinstance(error, LoginError):
        return error.code == NOT_LOGGED_IN_CODE
    return isinstance(error, (NotFoundError, PermissionRefused))
