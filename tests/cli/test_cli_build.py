"""What `rosace build` says besides what it writes."""

from __future__ import annotations

from command_line import CommandLine

PLATFORM = "platform: shop\ntopics: {orders: {columns: {id: int!}}}\nclusters: {main: {}}\n"


def test_a_repository_that_nobody_named_is_told(empty: CommandLine) -> None:
    """Argo CD would read an address that exists nowhere, and every application would say so only on the cluster."""
    (empty.folder / "platform.yaml").write_text(PLATFORM)
    told = empty.run("build", "-o", "out").err
    assert "https://git.example.com/platform.git" in told
    assert "write `delivery: {git: ...}`" in told
    (empty.folder / "platform.yaml").write_text(f"{PLATFORM}delivery: {{git: 'https://git.shop.fr/p.git'}}\n")
    assert "delivery" not in empty.run("build", "-o", "out").err
