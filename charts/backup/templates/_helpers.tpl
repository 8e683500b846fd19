{{/* Labels of an object: the platform's, the section's, then its own. Takes (list global section own). */}}
{{- define "backup.labels" -}}
{{- merge (dict) (index . 2) ((index . 1).labels | default dict) (index . 0).labels | toYaml -}}
{{- end -}}

{{/* One step of a backup. Takes (list global name said). */}}
{{- define "backup.step" -}}
{{- $said := index . 2 -}}
- name: {{ index . 1 | quote }}
  image: {{ $said.image | quote }}
  command: ["sh", "-c", {{ toJson $said.script }}]
  env:
    {{- range $name, $from := $said.env.secrets }}
    - name: {{ $name | quote }}
      valueFrom:
        secretKeyRef:
          name: {{ $from.secret | quote }}
          key: {{ $from.key | quote }}
    {{- end }}
    {{- range $name, $value := $said.env.plain }}
    - name: {{ $name | quote }}
      value: {{ $value | quote }}
    {{- end }}
  resources:
    {{- toYaml $said.resources | nindent 4 }}
  securityContext:
    {{- toYaml (index . 0).containerSecurity | nindent 4 }}
  volumeMounts:
    - name: copy
      mountPath: /copy
    - name: temporary
      mountPath: /tmp
{{- end -}}
