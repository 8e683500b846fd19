package rosace.serviceentrances

violation contains {"msg": msg} if {
	input.review.object.spec.type == "LoadBalancer"
	some annotation in input.parameters.annotations
	not input.review.object.metadata.annotations[annotation]
	msg := sprintf("a load balancer without annotation %v is no entrance of the platform", [annotation])
}

violation contains {"msg": msg} if {
	input.review.object.spec.type == "NodePort"
	msg := "a node port lets anybody in who reaches a node: use an entrance of the platform"
}

violation contains {"msg": msg} if {
	count(input.review.object.spec.externalIPs) > 0
	msg := "external addresses take over traffic of others (CVE-2020-8554)"
}
