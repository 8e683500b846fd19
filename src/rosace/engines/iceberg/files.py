"""The metadata files of tables, in the store where they lie."""

from __future__ import annotations

import gzip
import io
import json
import re
import uuid
from collections.abc import Mapping
from typing import Any

_NUMBERED = re.compile(r"(?P<folder>.*/)(?P<number>\d+)-[^/]*")
_MAGIC = b"\x1f\x8b"


class Files:
    """Reads and writes objects by their whole address (`s3://lake/warehouse/...`). Raises what the client raises."""

    def __init__(self, store: Mapping[str, Any], secrets: Mapping[str, str]) -> None:
        from minio import Minio

        self._client = Minio(
            endpoint=store["endpoint"],
            access_key=secrets[store["access"]],
            secret_key=secrets[store["secret"]],
            region=store["region"],
            secure=store["secure"],
        )

    def read(self, address: str) -> dict[str, Any]:
        """A metadata file; some engines write it compressed."""
        bucket, name = _split(address)
        answer = self._client.get_object(bucket_name=bucket, object_name=name)
        try:
            data = answer.read()
        finally:
            answer.close()
            answer.release_conn()
        return json.loads(gzip.decompress(data) if data.startswith(_MAGIC) else data)

    def write(self, before: str, metadata: Mapping[str, Any]) -> str:
        """Writes the version that follows the file `before`; returns its address (as BaseMetastoreTableOperations of
        Iceberg 1.11 names it: a number of five digits, then a UUID)."""
        found = _NUMBERED.fullmatch(before)
        folder, number = (found["folder"], int(found["number"])) if found else (before.rpartition("/")[0] + "/", 0)
        address = f"{folder}{number + 1:05d}-{uuid.uuid4()}.metadata.json"
        data = json.dumps(metadata).encode()
        bucket, name = _split(address)
        self._client.put_object(bucket_name=bucket, object_name=name, data=io.BytesIO(data), length=len(data))
        return address

    def remove(self, address: str) -> None:
        """Removes one file."""
        bucket, name = _split(address)
        self._client.remove_object(bucket_name=bucket, object_name=name)

    def remove_all(self, folder: str) -> None:
        """Removes all that lies below a folder."""
        bucket, name = _split(folder)
        for item in self._client.list_objects(bucket_name=bucket, prefix=f"{name.rstrip('/')}/", recursive=True):
            self._client.remove_object(bucket_name=bucket, object_name=str(item.object_name))


def _split(address: str) -> tuple[str, str]:
    bucket, _, name = address.partition("://")[2].partition("/")
    return bucket, name
