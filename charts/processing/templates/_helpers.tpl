{{/* Labels of an object: the platform's, the section's, then its own. Takes (list global section own). */}}
{{- define "processing.labels" -}}
{{- merge (dict) (index . 2) ((index . 1).labels | default dict) (index . 0).labels | toYaml -}}
{{- end -}}

{{/* A short sum of files, so that a change of what a job is told makes a new pod. Takes a mapping of texts. */}}
{{- define "processing.sum" -}}
{{- values . | sortAlpha | join "\n" | sha256sum | trunc 16 -}}
{{- end -}}
