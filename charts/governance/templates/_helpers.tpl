{{/* Labels of an object: the platform's, the section's, then its own. Takes (list global section own). */}}
{{- define "governance.labels" -}}
{{- merge (dict) (index . 2) ((index . 1).labels | default dict) (index . 0).labels | toYaml -}}
{{- end -}}

{{/* The far end of a rule of a NetworkPolicy: pods of a namespace, or a range of addresses. */}}
{{- define "governance.peer" -}}
{{- if .cidr -}}
- ipBlock:
    cidr: {{ .cidr | quote }}
    {{- with .except }}
    except:
      {{- toYaml . | nindent 6 }}
    {{- end }}
{{- else -}}
- namespaceSelector:
    matchLabels:
      kubernetes.io/metadata.name: {{ .namespace | quote }}
  podSelector:
    matchLabels:
      {{- toYaml .pods | nindent 6 }}
{{- end -}}
{{- end -}}

{{/* The ports of a rule, each with its protocols: TCP where none is said. */}}
{{- define "governance.ports" -}}
{{- $protocols := .protocols | default (list "TCP") -}}
{{- range $port := .ports }}
{{- range $protocols }}
- protocol: {{ . | quote }}
  port: {{ $port }}
{{- end -}}
{{- end -}}
{{- end -}}
