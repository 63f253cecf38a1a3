"""One training run of Rasa's, in a process of its own; see `bot.nlu.train`."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

from bot.nlu import lean


def main() -> int:
    """Train the project in the first argument's folder into the second, a file.

    The other arguments are the files to learn from.
    """
    project, model, *files = map(Path, sys.argv[1:])
    lean.close_roads()
    from rasa.model_training import train
    from rasa.utils.log_utils import configure_structlog

    logging.basicConfig(level=logging.WARNING)
    configure_structlog(logging.WARNING)
    result = train(
        domain=str(project / "domain.yml"),
        config=str(project / "config.yml"),
        training_files=[str(file) for file in files],
        output=str(model.parent),
        fixed_model_name=model.name,
        force_training=True,
    )
    return int(result.code)


if __name__ == "__main__":
    sys.exit(main())
