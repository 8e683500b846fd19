"""One folder per engine: everything that Rosace knows of Kafka is in `engines/kafka/`.

They never import each other; they meet through `model.capabilities`. `rosace.contract` says what an engine has to have
and finds the engines; `rosace.kit` holds what several share and none owns.
"""
