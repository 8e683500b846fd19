"""Apache Kafka: the platform's topics, and the replay of files into them."""

from rosace.contract.engine import Engine
from rosace.engines.kafka.spec import KafkaSpec, wanted
from rosace.model.capabilities import KafkaBootstrap

ENGINE = Engine(
    name="kafka",
    title="Apache Kafka",
    package=__name__,
    summary="Topics: ordered, replayable, transactional streams of records",
    spec=KafkaSpec,
    wanted=wanted,
    offers=(KafkaBootstrap,),
    targets=("local", "kubernetes"),
    several=True,
)
