"""No arguments: the desk. Otherwise the command line. Qt is imported only for the desk."""

from __future__ import annotations

import sys

from faceid_review import cli
from faceid_review.session import DeskOptions, forbid_dumps


def main() -> int:
    """The console program: ``faceid-review`` and ``python -m faceid_review``."""
    forbid_dumps()  # before the first secret is read
    return cli.main(sys.argv[1:], open_desk=_open_desk)


def desk() -> int:
    """The program without a console: ``faceid-review-desk``."""
    return main()


def _open_desk(options: DeskOptions) -> int:
    from faceid_review.desk import application  # noqa: PLC0415 - Qt is heavy and the command line needs none

    return application.run(options)


if __name__ == "__main__":
    sys.exit(main())
