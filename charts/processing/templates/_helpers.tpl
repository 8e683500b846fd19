{{/* A short sum of files, so that a change of what a job is told makes a new pod. Takes a mapping of texts. */}}
{{- define "processing.sum" -}}
{{- values . | sortAlpha | join "\n" | sha256sum | trunc 16 -}}
{{- end -}}
