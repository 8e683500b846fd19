package rosace.imagetags

import data.lib.pods

violation contains {"msg": msg} if {
	not pods.exempt
	some container in pods.containers
	not pinned(container.image)
	msg := sprintf("container %v: image %v names no version: give it a tag other than latest, or a digest", [
		container.name,
		container.image,
	])
}

pinned(image) if contains(image, "@sha256:")

pinned(image) if {
	parts := split(image, "/")
	named := split(parts[count(parts) - 1], ":")
	count(named) == 2
	named[1] != "latest"
}
