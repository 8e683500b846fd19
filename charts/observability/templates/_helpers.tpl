{{/* Labels of an object: the platform's, the section's, then its own. Takes (list global section own). */}}
{{- define "observability.labels" -}}
{{- merge (dict) (index . 2) ((index . 1).labels | default dict) (index . 0).labels | toYaml -}}
{{- end -}}

{{/* The claim of a volume: size, and class where one is said. */}}
{{- define "observability.claim" -}}
accessModes:
  - ReadWriteOnce
{{- with .class }}
storageClassName: {{ . | quote }}
{{- end }}
resources:
  requests:
    storage: {{ .size | quote }}
{{- end -}}

{{/* Environment variables from secrets: variable to secret and key. */}}
{{- define "observability.variables" -}}
{{- range $name, $one := . }}
- name: {{ $name | quote }}
  valueFrom:
    secretKeyRef:
      name: {{ $one.secret | quote }}
      key: {{ $one.key | quote }}
{{- end }}
{{- end -}}
