{{/* Volumes of a pod. Takes a list of {name, path} with configMap, secret, volume, emptyDir or claim. */}}
{{- define "processing.volumes" -}}
{{- range . }}
{{- if .configMap }}
- name: {{ .name | quote }}
  configMap:
    name: {{ .configMap | quote }}
{{- else if .secret }}
- name: {{ .name | quote }}
  secret:
    secretName: {{ .secret | quote }}
{{- else if .volume }}
- name: {{ .name | quote }}
  persistentVolumeClaim:
    claimName: {{ .volume | quote }}
    {{- if .readOnly }}
    readOnly: true
    {{- end }}
{{- else if not .claim }}
- name: {{ .name | quote }}
  emptyDir:
    {{- toYaml .emptyDir | nindent 4 }}
{{- end }}
{{- end }}
{{- end -}}

{{/* Where a container finds them. Takes the same list. */}}
{{- define "processing.mounts" -}}
{{- range . }}
- name: {{ .name | quote }}
  mountPath: {{ .path | quote }}
  {{- if or .configMap .secret .readOnly }}
  readOnly: true
  {{- end }}
{{- end }}
{{- end -}}

{{/* Environment: from secrets, then plain values (which may name those), then fields of the pod. */}}
{{- define "processing.env" -}}
{{- range $name, $from := .secrets }}
- name: {{ $name | quote }}
  valueFrom:
    secretKeyRef:
      name: {{ $from.secret | quote }}
      key: {{ $from.key | quote }}
{{- end }}
{{- range $name, $value := .plain }}
- name: {{ $name | quote }}
  value: {{ $value | quote }}
{{- end }}
{{- range $name, $path := .fields }}
- name: {{ $name | quote }}
  valueFrom:
    fieldRef:
      fieldPath: {{ $path | quote }}
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
