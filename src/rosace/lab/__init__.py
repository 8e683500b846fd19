"""Real Kubernetes on this machine, without Docker: a cluster is a process of its own that has its own namespaces.

Comes in: how many clusters. Goes out: API servers that answer, nodes that run pods, a kubeconfig; and on `down`,
nothing of it. Must not: change anything of the system outside of the lab's own namespaces but one bridge, one cgroup
for each cluster and the folder of its state; know of platforms or engines.
"""
