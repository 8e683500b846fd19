{{/* Labels of an object: the platform's, the section's, then its own. Takes (list global section own). */}}
{{- define "notebooks.labels" -}}
{{- merge (dict) (index . 2) ((index . 1).labels | default dict) (index . 0).labels | toYaml -}}
{{- end -}}
