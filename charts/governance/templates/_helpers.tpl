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

{{/* The ports of a rule, as Cilium wants them. */}}
{{- define "governance.cilium" -}}
- ports:
    {{- range .ports }}
    - port: {{ . | quote }}
      protocol: TCP
    {{- end }}
{{- end -}}
