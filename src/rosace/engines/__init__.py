"""One folder per engine: everything that Rosace knows of Kafka is in `engines/kafka/`.

Rooms never import each other; they meet through `model.capabilities`. `contract` says what a room must have,
`registry` finds the rooms, `java` and `files` hold what several rooms share and no engine owns.
"""
