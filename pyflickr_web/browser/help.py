"""The arguments of a method in `help()` of MicroPython, which knows no descriptions.

The production bundle leaves out this module and the statement that calls it.
"""

import builtins

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def show_arguments_in_help(method: "Any") -> None:
    """Make MicroPython's `help()` print the description of an instance of a method class.

    Other interpreters print it themselves.
    """
    # MicroPython's functions have no descriptions.
    if hasattr(show_arguments_in_help, "__doc__"):
        return
    show = builtins.help

    def help_with_arguments(*given: "Any") -> None:
        if given and isinstance(given[0], method):
            print(given[0].__doc__)
        else:
            show(*given)

    # Not an assignment: in Python's types, `help` is no function.
    setattr(builtins, "help", help_with_arguments)  # noqa: B010
