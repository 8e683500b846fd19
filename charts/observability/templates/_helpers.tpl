{{/* What finds services and the pods behind them, as rules of a role. */}}
{{- define "observability.discovery" -}}
- apiGroups: [""]
  resources: [services, endpoints, pods]
  verbs: [get, list, watch]
{{- end -}}
