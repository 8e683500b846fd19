package rosace.hostaccess

import data.lib.pods

violation contains {"msg": msg} if {
	not pods.exempt
	some field in ["hostNetwork", "hostPID", "hostIPC"]
	pods.pod.spec[field]
	msg := sprintf("%v shares a namespace with the node", [field])
}

violation contains {"msg": msg} if {
	not pods.exempt
	some volume in pods.pod.spec.volumes
	volume.hostPath
	msg := sprintf("volume %v is a folder of the node", [volume.name])
}

violation contains {"msg": msg} if {
	not pods.exempt
	some container in pods.containers
	container.securityContext.privileged
	msg := sprintf("container %v is privileged", [container.name])
}

violation contains {"msg": msg} if {
	not pods.exempt
	some container in pods.containers
	some port in container.ports
	port.hostPort
	msg := sprintf("container %v takes port %v of the node", [container.name, port.hostPort])
}
