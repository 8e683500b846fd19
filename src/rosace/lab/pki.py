"""Keys and certificates of one cluster, made once and kept: `up` after `up` is reached by the same kubeconfig.

Three authorities, as kubeadm has: whoever knows Kubernetes' clients is no client of etcd, nor of aggregated APIs.
"""

from __future__ import annotations

import datetime
import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from rosace.kit import whole
from rosace.lab import settings
from rosace.lab.layout import Cluster

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.hashes import SHA256

LIFE = datetime.timedelta(days=3650)
"""A lab's certificates protect addresses of this machine only, and end with its folder."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A certificate: who signs it, whose it is (name and groups, which Kubernetes reads as a user's), where it is."""

    authority: str
    user: str
    groups: tuple[str, ...] = ()
    places: tuple[str, ...] = field(default=())


def wanted(cluster: Cluster) -> Mapping[str, Wanted]:
    """Every certificate of a cluster by the name of its file."""
    own = ("127.0.0.1", "localhost")
    names = [f"kubernetes.default.svc.{settings.DOMAIN}", "kubernetes.default.svc", "kubernetes.default", "kubernetes"]
    api = (*own, cluster.address, settings.service(cluster.index, 1), *names)
    return {
        "etcd": Wanted("etcd-ca", "etcd", places=own),
        "apiserver-etcd": Wanted("etcd-ca", "apiserver"),
        "apiserver": Wanted("ca", "kube-apiserver", places=api),
        "apiserver-kubelet": Wanted("ca", "kube-apiserver-kubelet-client", ("system:masters",)),
        "front-proxy": Wanted("front-proxy-ca", "front-proxy-client"),
        "admin": Wanted("ca", "admin", ("system:masters",)),
        "controllers": Wanted("ca", "system:kube-controller-manager", places=own),
        "scheduler": Wanted("ca", "system:kube-scheduler", places=own),
        "kubelet": Wanted("ca", f"system:node:{cluster.name}", ("system:nodes",), (cluster.name, cluster.address)),
        "proxy": Wanted("ca", "system:kube-proxy"),
    }


LAST = "made"
"""Written when all others are there."""


def make(cluster: Cluster) -> None:
    """Writes what is missing; nothing where all is there. A cluster at another address gets other certificates."""
    folder, mark = cluster.pki, f"{cluster.address}\n".encode()
    if (folder / LAST).is_file() and (folder / LAST).read_bytes() == mark:
        return
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    authorities = {name: _authority(folder, name) for name in ("ca", "etcd-ca", "front-proxy-ca")}
    for name, each in wanted(cluster).items():
        _signed(folder, name, each, *authorities[each.authority])
    _service_accounts(folder)
    whole.write(folder / LAST, mark)


def _authority(folder: Path, name: str) -> tuple[x509.Certificate, EllipticCurvePrivateKey]:
    from cryptography import x509

    key = _key()
    subject = x509.Name([_common(f"rosace-lab-{name}")])
    usage = _usage(signs=True)
    certificate = (
        _begun(subject, subject, key)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, _sha256())
    )
    _keep(folder, name, certificate, key)
    return certificate, key


def _signed(
    folder: Path, name: str, each: Wanted, authority: x509.Certificate, signer: EllipticCurvePrivateKey
) -> None:
    from cryptography import x509
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    key = _key()
    groups = [x509.NameAttribute(NameOID.ORGANIZATION_NAME, group) for group in each.groups]
    builder = (
        _begun(x509.Name([*groups, _common(each.user)]), authority.subject, key)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]), False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
    )
    if each.places:
        builder = builder.add_extension(x509.SubjectAlternativeName(_places(each.places)), critical=False)
    _keep(folder, name, builder.sign(signer, _sha256()), key)


def _service_accounts(folder: Path) -> None:
    """The key that signs tokens of service accounts; RSA, because every client knows how to verify RS256."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    whole.write(folder / "accounts.key", _private(key))
    whole.write(folder / "accounts.pub", key.public_key().public_bytes(serialization.Encoding.PEM, form))


def _places(places: Sequence[str]) -> list[x509.GeneralName]:
    from cryptography import x509

    found: list[x509.GeneralName] = []
    for place in places:
        try:
            found.append(x509.IPAddress(ipaddress.ip_address(place)))
        except ValueError:
            found.append(x509.DNSName(place))
    return found


def _begun(subject: x509.Name, issuer: x509.Name, key: EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    from cryptography import x509

    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + LIFE)
    )


def _usage(*, signs: bool) -> x509.KeyUsage:
    from cryptography import x509

    return x509.KeyUsage(
        digital_signature=True,
        key_cert_sign=signs,
        crl_sign=signs,
        key_encipherment=not signs,
        content_commitment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _common(name: str) -> x509.NameAttribute[str]:
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    return x509.NameAttribute(NameOID.COMMON_NAME, name)


def _sha256() -> SHA256:
    from cryptography.hazmat.primitives import hashes

    return hashes.SHA256()


def _key() -> EllipticCurvePrivateKey:
    from cryptography.hazmat.primitives.asymmetric import ec

    return ec.generate_private_key(ec.SECP256R1())


def _private(key: EllipticCurvePrivateKey | RSAPrivateKey) -> bytes:
    from cryptography.hazmat.primitives import serialization

    plain = serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)


def _keep(folder: Path, name: str, certificate: x509.Certificate, key: EllipticCurvePrivateKey) -> None:
    from cryptography.hazmat.primitives import serialization

    whole.write(folder / f"{name}.key", _private(key))
    whole.write(folder / f"{name}.crt", certificate.public_bytes(serialization.Encoding.PEM))
