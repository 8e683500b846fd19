package rosace.containerresources

import data.lib.pods

violation contains {"msg": msg} if {
	not pods.exempt
	some container in pods.lasting
	some said, names in input.parameters.resources
	some name in names
	not container.resources[said][name]
	msg := sprintf("container %v says no %v.%v", [container.name, said, name])
}
