package rosace.requiredlabels

import data.lib.pods

# What another object made (its owner has the labels) and what operators install is not asked.
violation contains {"msg": msg} if {
	not pods.exempt
	not input.review.object.metadata.ownerReferences
	some label in input.parameters.labels
	not input.review.object.metadata.labels[label]
	msg := sprintf("label %v is missing: nobody could tell whose this is", [label])
}
