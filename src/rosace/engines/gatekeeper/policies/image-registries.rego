package rosace.imageregistries

import data.lib.pods

violation contains {"msg": msg} if {
	not pods.exempt
	some container in pods.containers
	not allowed(whole(container.image))
	msg := sprintf("container %v: image %v comes from no allowed registry (%v)", [
		container.name,
		container.image,
		concat(", ", input.parameters.registries),
	])
}

allowed(image) if {
	some registry in input.parameters.registries
	startswith(image, concat("", [registry, "/"]))
}

# What the container runtime makes of a name: the registry is there only where it looks like a host.
whole(image) := image if host(split(image, "/"))

whole(image) := concat("/", ["docker.io", image]) if {
	parts := split(image, "/")
	not host(parts)
	count(parts) > 1
}

whole(image) := concat("/", ["docker.io/library", image]) if count(split(image, "/")) == 1

host(parts) if {
	count(parts) > 1
	regex.match(`[.:]|^localhost$`, parts[0])
}
