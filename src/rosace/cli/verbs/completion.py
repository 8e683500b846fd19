"""`rosace completion`: words that the shell completes."""

from __future__ import annotations

from typing import Literal


def completion(shell: Literal["bash", "zsh", "fish"] = "bash", /) -> int:
    """Print the completion script of a shell.

    Examples:
      rosace completion bash > ~/.local/share/bash-completion/completions/rosace
    """
    from rosace.cli.main import app

    print(app.generate_completion(shell=shell))
    return 0
