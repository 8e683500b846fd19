{{/* Volumes of a pod. Takes a list of {name, path} with configMap, secret, emptyDir or claim. */}}
{{- define "processing.volumes" -}}
{{- range . }}
{{- if .configMap }}
- name: {{ .name }}
  configMap:
    name: {{ .configMap }}
{{- else if .secret }}
- name: {{ .name }}
  secret:
    secretName: {{ .secret }}
{{- else if not .claim }}
- name: {{ .name }}
  emptyDir:
    {{- toYaml .emptyDir | nindent 4 }}
{{- end }}
{{- end }}
{{- end -}}

{{/* Where a container finds them. Takes the same list. */}}
{{- define "processing.mounts" -}}
{{- range . }}
- name: {{ .name }}
  mountPath: {{ .path }}
  {{- if or .configMap .secret }}
  readOnly: true
  {{- end }}
{{- end }}
{{- end -}}

{{/* Environment: from secrets, then plain values (which may name those), then fields of the pod. */}}
{{- define "processing.env" -}}
{{- range $name, $from := .secrets }}
- name: {{ $name }}
  valueFrom:
    secretKeyRef:
      name: {{ $from.secret }}
      key: {{ $from.key }}
{{- end }}
{{- range $name, $value := .plain }}
- name: {{ $name }}
  value: {{ $value | quote }}
{{- end }}
{{- range $name, $path := .fields }}
- name: {{ $name }}
  valueFrom:
    fieldRef:
      fieldPath: {{ $path }}
{{- end }}
{{- end -}}

{{/* The init container that fetches jars and writes down what comes of secrets. Takes (global section volumes env). */}}
{{- define "processing.prepare" -}}
{{- $section := index . 1 -}}
name: prepare
image: {{ $section.image | quote }}
command:
  - bash
  - -c
  - {{ $section.prepare.script | quote }}
env:
  {{- include "processing.env" (index . 3) | nindent 2 }}
resources:
  {{- toYaml $section.prepare.resources | nindent 2 }}
securityContext:
  {{- toYaml (index . 0).containerSecurity | nindent 2 }}
volumeMounts:
  {{- include "processing.mounts" (index . 2) | nindent 2 }}
{{- end -}}
