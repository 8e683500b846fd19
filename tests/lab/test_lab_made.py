"""What the lab makes without starting anything: images, certificates, what its programs are told."""

from __future__ import annotations

import hashlib
import json
import tarfile
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from rosace.lab import addons, oci, pki, programs, services, settings
from rosace.lab.layout import Cluster

NETWORK = "10.213.0.0/24"


@pytest.fixture
def cluster(tmp_path: Path) -> Cluster:
    return Cluster(2, NETWORK, tmp_path / "lab-2")


def test_an_image_is_an_oci_layout_whose_digests_are_true(tmp_path: Path) -> None:
    program = tmp_path / "program"
    program.write_bytes(b"\x7fELF")
    program.chmod(0o755)
    oci.image(tmp_path / "image.tar", "localhost/one:2", {"/program": program}, ["/program", "serve"])
    with tarfile.open(tmp_path / "image.tar") as archive:
        read = {each.name: archive.extractfile(each).read() for each in archive}  # pyright: ignore[reportOptionalMemberAccess]
    blobs = {name.rpartition("/")[2]: content for name, content in read.items() if name.startswith("blobs/")}
    assert all(hashlib.sha256(content).hexdigest() == name for name, content in blobs.items())
    (named,) = json.loads(read["index.json"])["manifests"]
    assert named["annotations"]["io.containerd.image.name"] == "localhost/one:2"
    manifest = json.loads(blobs[named["digest"][7:]])
    config = json.loads(blobs[manifest["config"]["digest"][7:]])
    assert config["config"]["Entrypoint"] == ["/program", "serve"]
    assert config["config"]["User"] == "65534:65534"
    (layer,) = manifest["layers"]
    assert config["rootfs"]["diff_ids"] == [layer["digest"]]


def test_an_image_is_the_same_bytes_for_the_same_content(tmp_path: Path) -> None:
    program = tmp_path / "program"
    program.write_bytes(b"content")
    for name in ("first.tar", "second.tar"):
        oci.image(tmp_path / name, "localhost/one:1", {"/program": program}, ["/program"])
        program.touch()
    assert (tmp_path / "first.tar").read_bytes() == (tmp_path / "second.tar").read_bytes()


def test_certificates_are_signed_by_their_authority_and_kept(cluster: Cluster) -> None:
    pki.make(cluster)
    authorities = {name: _read(cluster, name) for name in ("ca", "etcd-ca", "front-proxy-ca")}
    for name, wanted in pki.wanted(cluster).items():
        certificate = _read(cluster, name)
        certificate.verify_directly_issued_by(authorities[wanted.authority])
        (user,) = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        groups = certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
        assert (user.value, tuple(each.value for each in groups)) == (wanted.user, wanted.groups)
    before = {path.name: path.read_bytes() for path in cluster.pki.iterdir()}
    pki.make(cluster)
    assert {path.name: path.read_bytes() for path in cluster.pki.iterdir()} == before
    assert {path.stat().st_mode & 0o777 for path in cluster.pki.iterdir()} == {0o600}


def test_a_cluster_at_another_address_gets_other_certificates(cluster: Cluster) -> None:
    pki.make(cluster)
    before = (cluster.pki / "apiserver.crt").read_bytes()
    moved = Cluster(2, "10.214.0.0/24", cluster.home)
    pki.make(moved)
    assert (moved.pki / "apiserver.crt").read_bytes() != before


def test_no_two_clusters_share_an_address() -> None:
    for number in range(1, settings.MOST + 1):
        others = [each for each in range(1, settings.MOST + 1) if each != number]
        for kind in (settings.pods, settings.services):
            assert kind(number) not in map(kind, others)
    assert Cluster(1, NETWORK, Path()).address == "10.213.0.11"


def test_no_secret_is_on_a_command_line(cluster: Cluster) -> None:
    """Keys are named by their files."""
    pki.make(cluster)
    made = {name: Path("/programs") / name for name in programs.names()}
    told = services.services(cluster, made, {"one": cluster.home / "one.tar"})
    assert [each.name for each in told][:2] == ["etcd", "kube-apiserver"]
    keys = [path.read_text().splitlines()[1] for path in cluster.pki.glob("*.key")]
    assert len(keys) > 10
    words = [word for each in told for word in each.argv]
    assert not [word for word in words for key in keys if key in word]


def test_each_process_waits_only_for_what_there_is(cluster: Cluster) -> None:
    told = services.services(cluster, {name: Path("/p") / name for name in programs.names()}, {})
    once = {each.name for each in told if each.once}
    awaited = {wait.partition(":")[2] for each in told for wait in each.waits if wait.startswith("done:")}
    assert awaited <= once == {"images"}


def test_names_are_answered_at_the_address_that_the_kubelet_gives(cluster: Cluster) -> None:
    services.configure(cluster, {name: Path("/p") / name for name in programs.names()})
    kubelet: dict[str, Any] = json.loads((cluster.home / "kubelet.json").read_text(encoding="utf-8"))
    (service,) = [value for path, value in addons.objects(cluster) if path.endswith("/services")]
    assert kubelet["clusterDNS"] == [service["spec"]["clusterIP"]]


def _read(cluster: Cluster, name: str) -> x509.Certificate:
    certificate = x509.load_pem_x509_certificate((cluster.pki / f"{name}.crt").read_bytes())
    assert isinstance(certificate.public_key(), ec.EllipticCurvePublicKey)
    return certificate
