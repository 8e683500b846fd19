package lib.pods

pod := input.review.object

# Every container of a pod, with those that run before or are added while it runs.
containers contains container if {
	some field in ["containers", "initContainers", "ephemeralContainers"]
	some container in pod.spec[field]
}

# Those that stay for as long as the pod does.
lasting contains container if some container in pod.spec.containers

lasting contains container if {
	some container in pod.spec.initContainers
	container.restartPolicy == "Always"
}

# An operator's own pods come from its makers, as they are; `exempt` knows them by namespace and labels.
exempt if {
	some one in input.parameters.exempt
	one.namespace == pod.metadata.namespace
	every key, value in one.labels {
		labels[key] == value
	}
}

default labels := {}

# Of a pod its own labels, of whatever makes pods those that its pods get.
labels := pod.spec.template.metadata.labels if pod.kind != "Pod"

labels := pod.metadata.labels if pod.kind == "Pod"
