{{/* Derived from charts/shared/_rosace.tpl by tools/charts.py: edit that, then run it. */}}
{{/* Labels of an object: the platform's, the section's, then its own. Takes (list global section own). */}}
{{- define "rosace.labels" -}}
{{- merge (dict) (index . 2) ((index . 1).labels | default dict) (index . 0).labels | toYaml -}}
{{- end -}}

{{/* The annotation by which a pod becomes a new one when what it reads at its start changes. Takes a list of all that. */}}
{{- define "rosace.read" -}}
rosace.io/sum: {{ toJson . | sha256sum | trunc 16 | quote }}
{{- end -}}

{{/* Environment variables from secrets. Takes a mapping of variables to secret and key. */}}
{{- define "rosace.variables" -}}
{{- range $name, $from := . }}
- name: {{ $name | quote }}
  valueFrom:
    secretKeyRef:
      name: {{ $from.secret | quote }}
      key: {{ $from.key | quote }}
{{- end }}
{{- end -}}

{{/* The claim of a volume: size, and class where one is said. */}}
{{- define "rosace.claim" -}}
accessModes:
  - ReadWriteOnce
{{- with .class }}
storageClassName: {{ . | quote }}
{{- end }}
resources:
  requests:
    storage: {{ .size | quote }}
{{- end -}}

{{/* An account whose token no pod gets by itself. Takes (list labels name namespace), `labels` as text. */}}
{{- define "rosace.account" -}}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ index . 1 | quote }}
  namespace: {{ index . 2 | quote }}
  labels:
    {{- index . 0 | nindent 4 }}
automountServiceAccountToken: false
{{- end -}}

{{/* A role in a namespace, and who has it. Takes (list labels name namespace rules accounts), `labels` as text and
`accounts` as a list of (list name namespace). */}}
{{- define "rosace.role" -}}
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: {{ index . 1 | quote }}
  namespace: {{ index . 2 | quote }}
  labels:
    {{- index . 0 | nindent 4 }}
rules:
  {{- toYaml (index . 3) | nindent 2 }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: {{ index . 1 | quote }}
  namespace: {{ index . 2 | quote }}
  labels:
    {{- index . 0 | nindent 4 }}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: {{ index . 1 | quote }}
subjects:
  {{- range index . 4 }}
  - kind: ServiceAccount
    name: {{ index . 0 | quote }}
    namespace: {{ index . 1 | quote }}
  {{- end }}
{{- end -}}

{{/* A pod of `helm test`, but for its containers and volumes. Takes (list global section name namespace). */}}
{{- define "rosace.test" -}}
{{- $section := index . 1 -}}
apiVersion: v1
kind: Pod
metadata:
  name: {{ index . 2 }}
  namespace: {{ index . 3 | quote }}
  labels:
    {{- include "rosace.labels" (list (index . 0) $section $section.test.labels) | nindent 4 }}
  annotations:
    helm.sh/hook: test
    helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
spec:
  activeDeadlineSeconds: {{ int $section.test.deadlineSeconds }}
  automountServiceAccountToken: false
  enableServiceLinks: false
  restartPolicy: Never
  securityContext:
    {{- toYaml $section.test.securityContext | nindent 4 }}
{{- end -}}

{{/* What its containers get and may do. Takes (list global section). */}}
{{- define "rosace.test.container" -}}
resources:
  {{- toYaml (index . 1).test.resources | nindent 2 }}
securityContext:
  {{- toYaml (index . 0).containerSecurity | nindent 2 }}
{{- end -}}
