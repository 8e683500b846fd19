"""An address is typed until an engine's configuration wants it as text."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter

from rosace.model.capabilities import Address, KafkaBootstrap, PostgresDatabase, S3Endpoint, Secret


@pytest.mark.parametrize(
    ("address", "text"),
    [
        (Address("broker", 9092), "broker:9092"),
        (Address("127.0.0.1", 8333, "http"), "http://127.0.0.1:8333"),
        (Address("store", 80, "http"), "http://store"),
        (Address("store", 443, "https"), "https://store"),
        (Address("store", 443, "http"), "http://store:443"),
        (Address("spark", 15002, "sc"), "sc://spark:15002"),
    ],
)
def test_text_says_no_port_that_is_meant_anyway(address: Address, text: str) -> None:
    assert str(address) == text
    assert text.endswith(address.authority)


def test_a_client_of_kafka_is_told_all_brokers() -> None:
    assert KafkaBootstrap((Address("a", 9092), Address("b", 9092))).servers == "a:9092,b:9092"


def test_java_finds_the_database() -> None:
    database = PostgresDatabase(Address("rows", 5432), "lake", "rosace", Secret("password"))
    assert database.jdbc == "jdbc:postgresql://rows:5432/lake"


def test_a_bucket_may_lie_elsewhere_and_a_file_of_a_deployment_keeps_that() -> None:
    usual, other = Address("store", 9000, "http"), Address("other", 80, "http")
    store = S3Endpoint(usual, "eu", Secret("a"), Secret("b"), elsewhere={"raw": other})
    read = TypeAdapter(S3Endpoint).validate_json(TypeAdapter(S3Endpoint).dump_json(store))
    assert (read.of("raw"), read.of("lake")) == (other, usual)
